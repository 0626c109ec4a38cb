/** One message as an element: bubble, quote, preview card, marks, inline keyboard. */

import { followBotLink, say } from "./actions.js";
import { el, icon, iconButton } from "./dom.js";
import { link, render } from "./entities.js";
import { inlineKeyboard } from "./keyboards.js";
import { safeUrl } from "./links.js";
import { history, isPrivate, now, standing, store, title } from "./store.js";
import { fullMoment, shortTime } from "./times.js";
import { t } from "./words.js";

const opened = new Set();

export const isOwn = (message) => message.from !== null && message.from?.id === store.personId;

export function authorOf(message, chat) {
  return message.from?.name ?? (chat ? title(chat) : "");
}

const context = (message) => ({
  key: `${store.chatId}:${message.message_id}`, now, opened, botUsername: store.bot.username,
  onCommand: (command) => say(command), onLink: followBotLink,
});

/** `writing`: {reply(message), edit(message)} begin an answer or a correction; null where the person cannot write. */
export function draw(message, chat, writing) {
  const attributes = { "data-testid": "message", "data-message-id": message.message_id };
  if (message.service) return el("div", { class: "service", ...attributes }, el("span", {}, serviceWords(message)));
  const own = isOwn(message);
  const label = `${authorOf(message, chat)}, ${shortTime(message.date)}`;
  const bubble = el("div", { class: "bubble" }, author(message, chat, own), quote(message, chat), body(message), marks(message));
  const verb = own && message.text ? "edit" : "reply";
  const answer = writing && iconButton(verb, t(verb), { class: "icon-button reply-button", onclick: () => writing[verb](message) });
  const column = el("div", { class: "column" }, bubble, inlineKeyboard(message));
  return el("article", { class: `message ${own ? "own" : "theirs"}`, "aria-label": label, ...attributes }, column, answer);
}

/** The sandbox names a service message by its Bot API field. */
export const serviceWords = (message) => t(`service_${message.service}`) ?? message.service;

function author(message, chat, own) {
  if (own || isPrivate(chat)) return null;
  const badge = message.from && standing(chat, message.from.id);
  const role = message.from?.is_bot ? t("bot") : ["creator", "administrator"].includes(badge) ? t(badge) : "";
  return el("div", { class: `author ink-${Math.abs(message.from?.id ?? chat.id) % 6}` }, authorOf(message, chat), role && el("small", {}, role));
}

function quote(message, chat) {
  if (!message.reply_to_message_id) return null;
  const target = history(chat.id).messages.get(message.reply_to_message_id);
  const jump = () => document.querySelector(`[data-message-id="${Number(message.reply_to_message_id)}"]`)?.scrollIntoView({ block: "center" });
  return el("button", { type: "button", class: "quote", onclick: jump },
    el("strong", {}, target ? authorOf(target, chat) : t("deletedQuote")),
    target && el("span", {}, excerpt(target.text)));
}

export const excerpt = (text) => (text ?? "").replaceAll(/\s+/gu, " ").slice(0, 120);

function body(message) {
  const text = el("div", { class: "text", dir: "auto" }, render(message.text ?? "", message.entities ?? [], context(message)));
  const card = preview(message);
  const words = message.text ? text : null;
  return [attachment(message), ...(message.link_preview?.above ? [card, words] : [words, card])];
}

function attachment(message) {
  if (message.photo) return el("img", { class: "photo", src: message.photo, alt: t("photo"), loading: "lazy" });
  if (message.location) return el("span", { class: "document" }, t("location", message.location.latitude, message.location.longitude));
  if (!message.document) return null;
  const name = message.document.name ?? t("document");
  return el("a", { class: "document", href: message.document.url, download: name }, icon("file"), el("span", {}, name));
}

function preview(message) {
  const url = safeUrl(message.link_preview?.url);
  if (url === null || !message.link_preview) return null;
  const card = link(url.href, context(message));
  card.className = `preview ${message.link_preview.small ? "small" : "large"}`;
  card.setAttribute("aria-label", `${t("preview")}: ${url.host}`);
  card.append(el("span", { class: "preview-words" }, el("strong", {}, url.host.replace(/^www\./u, "")), el("span", {}, decoded(url))),
    el("span", { class: "preview-picture" }, icon("link")));
  return card;
}

function decoded(url) {
  const path = url.pathname + url.search;
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

function marks(message) {
  const edited = message.edit_date && el("span", { title: fullMoment(message.edit_date) }, t("edited"));
  const silent = message.silent && el("span", { class: "silent", role: "img", "aria-label": t("silent"), title: t("silent") }, icon("bell-off"));
  const sent = isOwn(message) && icon("sent");
  return el("div", { class: "marks" }, edited, silent,
    el("time", { datetime: new Date(message.date * 1000).toISOString(), title: fullMoment(message.date) }, shortTime(message.date)), sent);
}
