/** The open chat's messages: kept in order, grouped by sender and day, scrolled as a reader expects. */

import { byId, el, keepFocus, replace } from "./dom.js";
import { measureQuotes } from "./entities.js";
import { authorOf, draw, excerpt, isOwn, serviceWords } from "./message.js";
import { chat, history, isPrivate, markRead, messages, now, on, person, store, title } from "./store.js";
import { dayOf, relative } from "./times.js";
import { t } from "./words.js";

const NEAR_BOTTOM_PX = 120;
const SAME_GROUP_S = 300;

let drawn = new Map(); // message id -> element of the open chat
let writing = null;
let stuck = true; // at the bottom, and to stay there whatever grows

const list = () => byId("messages");
const atBottom = () => list().scrollHeight - list().scrollTop - list().clientHeight < NEAR_BOTTOM_PX;

export function toBottom() {
  list().scrollTop = list().scrollHeight;
  stuck = true;
  seen();
}

/** A picture that has loaded or a keyboard that has opened must not push the last message out of sight. */
function stay() {
  if (stuck) toBottom();
}

function seen() {
  if (store.chatId === null) return;
  markRead(store.chatId);
  byId("to-latest").hidden = true;
}

const replyable = (one) => (one.type === "channel" ? null : writing);

/** Draws the whole chat anew: another chat, another person, another language. */
export function redraw() {
  const open = chat();
  drawn = new Map();
  if (open !== null) for (const message of messages(open.id)) drawn.set(message.message_id, draw(message, open, replyable(open)));
  arrange();
  toBottom();
}

/** Draws only what changed. */
function update({ chatId, changed, first }) {
  const open = chat();
  if (open === null || chatId !== open.id) return;
  const stick = first || stuck || changed.some(isOwn);
  const fresh = changed.filter((message) => !message.deleted && !drawn.has(message.message_id));
  const focused = document.activeElement?.closest("[data-message-id]");
  keepFocus(focused ?? list(), () => {
    for (const message of changed) {
      if (message.deleted) drawn.delete(message.message_id);
      else drawn.set(message.message_id, draw(message, open, replyable(open)));
    }
    arrange();
  }, () => drawn.get(Number(focused?.dataset.messageId)) ?? list());
  if (!first) for (const message of fresh) drawn.get(message.message_id).classList.add("arriving");
  announce(first ? [] : fresh.filter((message) => !isOwn(message)), open);
  if (stick) toBottom();
  else if (fresh.length) countUnread(open.id);
}

function countUnread(chatId) {
  const { read, messages: known } = history(chatId);
  const count = [...known.keys()].filter((id) => id > read).length;
  byId("to-latest").hidden = count === 0;
  byId("to-latest-count").textContent = count ? t("unread", count) : "";
}

/** Screen readers hear new messages, never redrawn ones. */
function announce(fresh, open) {
  for (const message of fresh) {
    byId("announcer").append(el("p", {}, t("newMessage", authorOf(message, open), message.service ? serviceWords(message) : message.text ?? "")));
  }
  while (byId("announcer").childElementCount > 5) byId("announcer").firstElementChild.remove();
}

function arrange() {
  const nodes = [];
  let previous = null;
  const open = chat();
  for (const message of open === null ? [] : messages(open.id)) {
    const node = drawn.get(message.message_id);
    const newDay = previous === null || day(previous) !== day(message);
    if (newDay) nodes.push(el("div", { class: "day" }, el("span", {}, day(message))));
    const joined = !newDay && sameGroup(previous, message);
    node.classList.toggle("joined", joined);
    nodes.push(node);
    previous = message;
  }
  list().classList.toggle("private", isPrivate(open));
  reconcile(nodes.length ? nodes : [emptyState(open)]);
  measureQuotes(list());
}

/** Moves as little as possible: a moved element loses its focus and the place one was reading. */
function reconcile(nodes) {
  const kept = new Set(nodes);
  for (const child of [...list().children]) if (!kept.has(child)) child.remove();
  nodes.forEach((node, index) => {
    if (list().children[index] !== node) list().insertBefore(node, list().children[index] ?? null);
  });
}

const day = (message) => {
  const name = dayOf(message.date, now());
  return name === dayOf(now(), now()) ? t("today") : name;
};

const sameGroup = (a, b) => !a.service && !b.service && a.from?.id === b.from?.id && b.date - a.date < SAME_GROUP_S;

function emptyState(open) {
  if (open === null) return el("div", { class: "empty" }, el("p", {}, store.people.length ? t("emptyState") : t("noPeople")));
  if (!isPrivate(open)) return el("div", { class: "empty" }, el("p", {}, t(open.type === "channel" ? "emptyChannel" : "emptyGroup")));
  const words = store.bot.description ?? t("startText");
  return el("div", { class: "empty" }, el("h2", {}, t("startTitle", store.bot.first_name)), el("p", {}, words));
}

/** The last line of a chat for the list of chats. */
export function lastLine(one) {
  const last = messages(one.id).at(-1);
  if (!last) return { text: t("noMessages"), date: null };
  const own = isOwn(last) ? t("youSaid") : !isPrivate(one) && last.from ? `${last.from.name}: ` : "";
  return { text: last.service ? serviceWords(last) : own + (excerpt(last.text) || t(last.photo ? "photo" : "document")), date: last.date };
}

function refreshRelative() {
  for (const node of list().querySelectorAll("[data-relative]")) node.textContent = relative(Number(node.dataset.relative), now());
}

export function setUp({ reply, edit }) {
  writing = { reply, edit };
  on("chat", redraw);
  on("language", redraw);
  on("messages", update);
  on("clock", refreshRelative);
  setInterval(refreshRelative, 20000);
  list().addEventListener("scroll", () => {
    stuck = atBottom();
    if (stuck) seen();
  }, { passive: true });
  new ResizeObserver(stay).observe(list());
  list().addEventListener("load", stay, { capture: true });
  byId("to-latest").addEventListener("click", () => {
    toBottom();
    list().focus();
  });
  addEventListener("resize", () => measureQuotes(list()));
  on("state", drawHeader);
  on("chat", drawHeader);
  on("language", drawHeader);
  on("link", drawHeader);
}

function drawHeader() {
  const open = chat();
  byId("chat-title").textContent = open === null ? t("title") : title(open);
  byId("chat-status").textContent = !store.linked ? t("connecting") : open === null ? "" : status(open);
  replace(byId("chat-person"), person() ? t("you_are", person().first_name) : "");
}

function status(open) {
  if (isPrivate(open)) return t("bot");
  return t(open.type === "channel" ? "channel" : "group");
}
