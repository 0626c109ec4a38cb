/** The left column: who I am, and my chats. */

import { newPerson } from "./actions.js";
import { avatar, byId, el, icon, keepFocus, replace } from "./dom.js";
import { lastLine } from "./history.js";
import { isPrivate, lookAs, now, on, openChat, standing, store, title, unread, visibleChats } from "./store.js";
import { dayOf, shortDay, shortTime } from "./times.js";
import { t } from "./words.js";

let onChosen = () => {};

function drawPeople() {
  const buttons = store.people.map((one) => {
    const chosen = one.id === store.personId;
    const props = {
      type: "button", class: `person ${chosen ? "chosen" : ""}`, "data-testid": `person-${one.id}`,
      "aria-pressed": String(chosen), title: t("switchTo", one.first_name), onclick: () => lookAs(one.id),
    };
    return el("button", props, avatar(one.id, one.first_name), el("span", {}, one.first_name));
  });
  const add = el("button", { type: "button", class: "person", "data-testid": "add-person", onclick: newPerson },
    el("span", { class: "avatar plus" }, icon("plus")), el("span", {}, t("addPerson")));
  keepFocus(byId("people"), () => replace(byId("people"), buttons, add));
}

function drawChats() {
  keepFocus(byId("chats"), () => replace(byId("chats"), visibleChats().map(chatButton)));
}

function chatButton(one) {
  const { text, date } = lastLine(one);
  const count = one.id === store.chatId ? 0 : unread(one.id);
  const chosen = one.id === store.chatId;
  const choose = () => {
    openChat(one.id);
    onChosen();
  };
  const today = date !== null && dayOf(date, now()) === dayOf(now(), now());
  const props = {
    type: "button", class: `chat ${chosen ? "chosen" : ""}`, "data-testid": `chat-${one.id}`,
    "aria-current": chosen ? "true" : null, onclick: choose,
  };
  const badge = count > 0 && el("span", { class: "badge", "aria-label": t("unread", count) }, count);
  const when = date !== null && el("time", {}, today ? shortTime(date) : shortDay(date));
  return el("button", props,
    avatar(isPrivate(one) ? store.bot.id : one.id, title(one)),
    el("span", { class: "chat-words" },
      el("span", { class: "chat-top" }, el("strong", {}, title(one)), when),
      el("span", { class: "chat-last" }, el("span", {}, text), badge),
      el("span", { class: "chat-kind" }, kind(one))));
}

function kind(one) {
  if (isPrivate(one)) return t("private");
  const here = standing(one, store.personId);
  return `${t(one.type === "channel" ? "channel" : "group")} · ${t(here) ?? here}`;
}

export function setUp({ chosen }) {
  onChosen = chosen;
  const draw = () => {
    drawPeople();
    drawChats();
  };
  for (const topic of ["state", "chat", "language"]) on(topic, draw);
  on("messages", drawChats);
}
