/** Where the person writes: text, commands, answers; or START, "unblock", and the channel's footer in its place. */

import { edit, isBlocked, newPerson, say, setBlocked, startBot } from "./actions.js";
import { byId, el, iconButton, keepFocus, replace } from "./dom.js";
import { toBottom } from "./history.js";
import { currentAsk, drawReplyKeyboard } from "./keyboards.js";
import { authorOf, excerpt } from "./message.js";
import { chat, history, isPrivate, messages, on, person, store, title } from "./store.js";
import { t } from "./words.js";

const drafts = new Map();
let shownChat = null;
let replyTo = null;
let editing = null;
let dismissed = null; // a ForceReply the person has declined
let highlighted = -1;
let menuOpen = false; // all commands, by the button; otherwise those that fit what is typed

const input = () => byId("composer-input");

export function answerTo(message) {
  replyTo = message.message_id;
  editing = null;
  drawReply();
  input().focus();
}

/** Puts one's own message back into the box; sending then changes it. */
export function correct(message) {
  editing = message.message_id;
  replyTo = null;
  input().value = message.text;
  fit();
  drawReply();
  input().focus();
}

function drawReply() {
  const open = chat();
  const id = editing ?? replyTo;
  const target = id === null || open === null ? null : history(open.id).messages.get(id);
  byId("reply-bar").hidden = !target;
  if (!target) {
    replyTo = null;
    editing = null;
    return;
  }
  const heading = editing === null ? t("replyTo", authorOf(target, open)) : t("edit");
  const cancel = iconButton("close", t("cancelReply"), { onclick: cancelReply });
  const words = el("div", { class: "reply-words" }, el("strong", {}, heading), el("span", {}, excerpt(target.text)));
  replace(byId("reply-bar"), words, cancel);
}

function cancelReply() {
  dismissed = replyTo;
  if (editing !== null) input().value = "";
  replyTo = null;
  editing = null;
  drawReply();
  fit();
  input().focus();
}

/** One of: the text box, a single large button, a note. */
function drawMode() {
  const open = chat();
  const mode = modeOf(open);
  byId("composer").hidden = mode !== "write";
  byId("composer-instead").hidden = mode === "write";
  keepFocus(byId("composer-instead"), () => replace(byId("composer-instead"), instead(mode)));
  if (mode !== "write") return;
  const ask = currentAsk(open.id);
  input().placeholder = ask?.markup?.input_field_placeholder ?? t("message");
  input().setAttribute("aria-label", t("messageTo", title(open)));
  byId("commands-button").hidden = store.commands.length === 0;
}

function modeOf(open) {
  if (person() === null) return "nobody";
  if (open === null) return "nothing";
  if (open.type === "channel") return "channel";
  if (isBlocked()) return "blocked";
  return isPrivate(open) && messages(open.id).length === 0 ? "start" : "write";
}

function instead(mode) {
  const big = (testid, words, onclick) =>
    el("button", { type: "button", class: "button primary big", "data-testid": testid, onclick }, words);
  if (mode === "start") return [big("start", t("start"), () => startBot().then(focusBox))];
  if (mode === "blocked") return [el("p", { class: "hint" }, t("blockedNote")), big("unblock", t("unblock"), () => setBlocked(false))];
  if (mode === "nobody") return [big("create-person", t("addPerson"), newPerson)];
  return mode === "channel" ? [el("p", { class: "footer-note" }, t("channelFooter"))] : [];
}

/** Not on a touch screen: its keyboard would cover the bot's first answer. */
function focusBox() {
  if (!byId("composer").hidden && matchMedia("(hover: hover)").matches) input().focus();
}

async function send() {
  const text = input().value.trim();
  if (!text) return;
  const sent = editing === null ? { replyTo } : { editing };
  input().value = "";
  replyTo = null;
  editing = null;
  drawReply();
  drawCommands();
  fit();
  // the words come back when the server did not take them
  const taken = sent.editing ? await edit(sent.editing, text) : await say(text, sent);
  if (taken === undefined && !input().value) input().value = text;
  fit();
  toBottom();
}

function fit() {
  input().style.height = "auto";
  input().style.height = `${input().scrollHeight}px`;
  byId("send").disabled = input().value.trim() === "";
}

function matching() {
  const typed = /^\/(\w*)$/u.exec(input().value);
  return typed === null ? [] : store.commands.filter(({ command }) => command.startsWith(typed[1].toLowerCase()));
}

function drawCommands() {
  const found = menuOpen ? store.commands : matching();
  highlighted = found.length && !menuOpen ? Math.min(Math.max(highlighted, 0), found.length - 1) : -1;
  const box = byId("commands");
  box.hidden = found.length === 0;
  byId("commands-button").setAttribute("aria-expanded", String(!box.hidden));
  keepFocus(box, () => replace(box, found.map(commandButton)));
}

function commandButton({ command, description }, index) {
  const props = {
    type: "button", class: `command ${index === highlighted ? "highlighted" : ""}`,
    "data-testid": `command-${command}`, onclick: () => sendCommand(command),
  };
  return el("button", props, el("strong", {}, `/${command}`), el("span", {}, description));
}

function openMenu(open) {
  menuOpen = open;
  drawCommands();
}

function sendCommand(command) {
  input().value = "";
  menuOpen = false;
  drawCommands();
  fit();
  input().focus();
  say(`/${command}`).then(toBottom);
}

function onKey(event) {
  const open = !byId("commands").hidden;
  const found = matching();
  if (open && found.length && ["ArrowDown", "ArrowUp"].includes(event.key)) {
    event.preventDefault();
    highlighted = (highlighted + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length;
    drawCommands();
  } else if (open && found.length && event.key === "Tab" && !event.shiftKey) {
    event.preventDefault();
    input().value = `/${found[highlighted].command} `;
    drawCommands();
  } else if (event.key === "Escape" && (open || replyTo !== null || editing !== null)) {
    if (!open) cancelReply();
    else if (menuOpen) openMenu(false);
    else byId("commands").hidden = true;
  } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    if (open && found.length) sendCommand(found[highlighted].command);
    else send();
  }
}

/** Each chat keeps its own unsent words. */
function changeChat() {
  const key = `${store.personId}:${store.chatId}`;
  if (key === shownChat) return;
  if (shownChat !== null) drafts.set(shownChat, input().value);
  input().value = drafts.get(key) ?? "";
  shownChat = key;
  replyTo = null;
  editing = null;
  menuOpen = false;
  highlighted = -1;
}

function draw() {
  const ask = store.chatId === null ? null : currentAsk(store.chatId);
  if (ask?.reply && ask.reply.message_id !== dismissed && messages(store.chatId).at(-1) === ask.reply) replyTo = ask.reply.message_id;
  drawMode();
  drawReply();
  drawReplyKeyboard();
  drawCommands();
  fit();
}

export function setUp() {
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  input().addEventListener("input", () => {
    highlighted = 0;
    menuOpen = false;
    drawCommands();
    fit();
  });
  input().addEventListener("keydown", onKey);
  byId("commands-button").addEventListener("click", () => {
    openMenu(byId("commands").hidden);
    byId("commands").querySelector("button")?.focus();
  });
  byId("commands").addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    openMenu(false);
    byId("commands-button").focus();
  });
  addEventListener("pointerdown", (event) => menuOpen && !event.target.closest(".writing") && openMenu(false));
  on("chat", () => {
    changeChat();
    draw();
  });
  for (const topic of ["state", "messages", "language"]) on(topic, draw);
}
