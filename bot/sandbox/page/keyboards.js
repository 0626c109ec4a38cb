/** Inline keyboards under a message and reply keyboards under the composer. */

import { followBotLink, say, shareChat, shareLocation, tap } from "./actions.js";
import { toast } from "./dialogs.js";
import { append, byId, el, icon, keepFocus, replace } from "./dom.js";
import { botLink, safeUrl } from "./links.js";
import { messages, store } from "./store.js";
import { t } from "./words.js";

const STYLES = new Set(["primary", "success", "danger"]);
const ANSWER_MS = 15000;

const waiting = new Map(); // callback query id -> its button
const early = new Set(); // answers that overtook the reply to our own tap

export function inlineKeyboard(message) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows?.length) return null;
  return el("div", { class: "inline-keyboard" }, rows.map((row) =>
    el("div", { class: "key-row" }, row.map((button) => inlineButton(button, message.message_id)))));
}

function inlineButton(button, messageId) {
  if (button.url !== undefined) return urlButton(button);
  const copied = button.copy_text?.text;
  const press = button.callback_data !== undefined ? (event) => callback(event.currentTarget, messageId, button.callback_data)
    : copied !== undefined ? () => copy(copied) : () => toast(t("notHere"));
  const props = { type: "button", class: keyClass(button), "data-testid": "inline-button", disabled: Boolean(button.disabled) };
  const node = el("button", { ...props, onclick: press });
  append(node, [button.text, copied !== undefined && icon("copy")]);
  return node;
}

function urlButton(button) {
  const url = safeUrl(button.url);
  if (url === null) {
    const refuse = () => toast(t("unsafeLink"), "bad");
    const props = { type: "button", class: keyClass(button), "data-testid": "inline-button", onclick: refuse };
    return el("button", props, button.text);
  }
  const inner = botLink(url, store.bot.username);
  const onclick = inner && ((event) => {
    event.preventDefault();
    followBotLink(inner);
  });
  const props = { class: keyClass(button), href: url.href, target: "_blank", rel: "noopener noreferrer", title: url.href };
  return el("a", { ...props, "data-testid": "inline-button", onclick }, button.text, icon("out"));
}

const keyClass = (button) => `key ${STYLES.has(button.style) ? button.style : ""}`;

async function callback(node, messageId, data) {
  if (node.getAttribute("aria-busy") === "true") return;
  node.setAttribute("aria-busy", "true");
  const id = await tap(messageId, data);
  if (id === undefined || early.delete(String(id))) {
    settle(node);
    return;
  }
  waiting.set(String(id), node);
  setTimeout(() => answered(id), ANSWER_MS);
}

const settle = (node) => node.removeAttribute("aria-busy");

/** The bot has answered this query: its button stops spinning. */
export function answered(queryId) {
  const id = String(queryId);
  const node = waiting.get(id);
  if (node) settle(node);
  else early.add(id);
  waiting.delete(id);
}

async function copy(text) {
  await navigator.clipboard.writeText(text);
  toast(t("copied"));
}

/** What the bot asks of the person now: {keyboard, messageId, markup}, {reply: message, markup} until answered, or null. */
export function currentAsk(chatId) {
  let answered = false;
  for (const message of messages(chatId).reverse()) {
    const markup = message.reply_markup;
    if (message.from?.id === store.personId) answered = true;
    if (markup?.remove_keyboard) return null;
    if (markup?.force_reply) return answered ? null : { reply: message, markup };
    if (markup?.keyboard) return { keyboard: markup.keyboard, messageId: message.message_id, markup };
  }
  return null;
}

const used = new Set(); // one-time keyboards already answered

export function drawReplyKeyboard() {
  const box = byId("reply-keyboard");
  const ask = store.chatId === null ? null : currentAsk(store.chatId);
  const shown = ask?.keyboard && !used.has(`${store.chatId}:${ask.messageId}`);
  box.hidden = !shown;
  const rows = shown ? ask.keyboard.map((row) => el("div", { class: "key-row" }, row.map((button) => replyButton(button, ask)))) : [];
  keepFocus(box, () => replace(box, rows));
}

function replyButton(raw, ask) {
  const button = typeof raw === "string" ? { text: raw } : raw;
  const press = async () => {
    if (button.request_chat) await shareChat(ask.messageId, button.request_chat);
    else if (button.request_location) {
      if (!(await shareLocation(ask.messageId))) return;
    } else if (["request_contact", "request_users", "request_poll", "web_app"].some((kind) => button[kind])) {
      toast(t("notHere"));
      return;
    } else await say(button.text);
    if (ask.markup.one_time_keyboard) used.add(`${store.chatId}:${ask.messageId}`);
    drawReplyKeyboard();
  };
  return el("button", { type: "button", class: keyClass(button), "data-testid": "reply-button", onclick: press }, button.text);
}
