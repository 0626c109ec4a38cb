/** What the person does: each action asks the server, and says so kindly when the server refuses. */

import { get, post, Refusal, remove } from "./api.js";
import { askName, choose, toast } from "./dialogs.js";
import { chat, isPrivate, lookAs, manages, openChat, person, refreshMessages, refreshState, setClock, store } from "./store.js";
import { language, t } from "./words.js";

export const LANGUAGES = [{ code: "ru", words: "Русский" }, { code: "en", words: "English" }];

/** Runs an action; a refusal becomes a toast and undefined. */
export async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    toast(error.words === null ? t("serverAway") : t("requestFailed", error.words), "bad");
    return undefined;
  }
}

export const say = (text, { chatId = store.chatId, replyTo = null } = {}) => attempt(async () => {
  const body = { user_id: store.personId, chat_id: chatId, text };
  if (replyTo !== null) body.reply_to_message_id = replyTo;
  const message = await post("say", body);
  await refreshMessages(chatId);
  return message ?? true;
});

export const edit = (messageId, text) => attempt(async () => {
  const chatId = store.chatId;
  await post("edit", { user_id: store.personId, chat_id: chatId, message_id: messageId, text });
  await refreshMessages(chatId);
  return true;
});

export const tap = (messageId, data) => attempt(async () => {
  const answer = await post("tap", { user_id: store.personId, chat_id: store.chatId, message_id: messageId, data });
  return answer.callback_query_id;
});

export async function startBot(payload = "") {
  if (store.chatId !== store.personId) openChat(store.personId);
  return say(payload ? `/start ${payload}` : "/start", { chatId: store.personId });
}

/** Follows a link to our own bot: start it, or add it to a channel or group. */
export async function followBotLink(link) {
  if (link.add) return addBotSomewhere(link);
  if (link.start !== undefined) return startBot(link.start);
  return openChat(store.personId);
}

const asRights = (names) => Object.fromEntries(names.map((name) => [`can_${name}`, true]));

async function addBotSomewhere({ add, rights }) {
  const channel = add === "channel";
  const chatId = await chooseChat(channel, t("addToThis"));
  if (chatId === null) return;
  await addBot(chatId, rights.length ? asRights(rights) : channel ? { can_post_messages: true } : {});
}

export const addBot = (chatId, rights = { can_post_messages: true }) => attempt(async () => {
  await post("add_bot", { chat_id: chatId, by_user_id: store.personId, rights });
  await refreshState();
});

export const removeBot = (chatId) => attempt(async () => {
  await post("remove_bot", { chat_id: chatId, by_user_id: store.personId });
  await refreshState();
});

/** Answers a request_chat button with a chat that this person manages, an old one or a new one. */
export async function shareChat(messageId, request) {
  const chatId = await chooseChat(request.chat_is_channel, request.bot_administrator_rights ? t("addToThis") : "");
  if (chatId === null) return;
  await attempt(async () => {
    await post("share_chat", { user_id: store.personId, message_id: messageId, request_id: request.request_id, chat_id: chatId });
    await refreshState();
    await refreshMessages(store.personId);
  });
}

/** Where a person may say to be; real clients ask the device. */
const PLACES = [["moscow", 55.7558, 37.6173], ["kazan", 55.7963, 49.1088], ["novosibirsk", 55.0302, 82.9204],
  ["vladivostok", 43.1198, 131.8869], ["berlin", 52.52, 13.405], ["newYork", 40.7128, -74.006]];

/** Answers a request_location button. */
export async function shareLocation(messageId) {
  const options = PLACES.map(([key, latitude, longitude]) => ({ value: key, title: t(key), note: `${latitude}, ${longitude}` }));
  const key = await choose({ heading: t("choosePlace"), note: t("placeHint"), options });
  if (key === null) return false;
  const [, latitude, longitude] = PLACES.find(([one]) => one === key);
  return attempt(async () => {
    await post("share_location", { user_id: store.personId, message_id: messageId, latitude, longitude });
    await refreshMessages(store.personId);
    return true;
  });
}

async function chooseChat(channel, note) {
  const fits = (one) => !isPrivate(one) && (one.type === "channel") === Boolean(channel) && manages(one, store.personId);
  const standingHere = (one) => t("botIs", t(one.bot_status ?? "left") ?? one.bot_status);
  const options = store.chats.filter(fits).map((one) => ({ value: one.id, title: one.title, note: standingHere(one) }));
  const heading = channel ? t("chooseChannel") : t("chooseGroup");
  const choice = await choose({ heading, note, options, create: channel ? t("newChannel") : t("newGroup") });
  if (choice !== "new") return choice;
  return (await newChat(channel ? "channel" : "supergroup"))?.id ?? null;
}

export async function newChat(type) {
  const heading = type === "channel" ? t("newChannel") : t("newGroup");
  const answer = await askName({ heading, label: t("newTitle") });
  if (answer === null) return null;
  return attempt(async () => {
    const made = await post("chats", { type, title: answer.name, creator_id: store.personId });
    await refreshState();
    return made;
  });
}

export async function newPerson() {
  const answer = await askName({ heading: t("addPerson"), label: t("name"), languages: LANGUAGES });
  if (answer === null) return;
  await attempt(async () => {
    const made = await post("people", { first_name: answer.name, language_code: answer.language });
    await refreshState();
    lookAs(made.id);
  });
}

export const setBlocked = (blocked) => attempt(async () => {
  await post(blocked ? "block" : "unblock", { user_id: store.personId });
  await refreshState();
});

export const turnClock = (seconds) => attempt(async () => setClock((await post("clock", { advance: seconds })).now));

export const arm = (fault) => attempt(async () => {
  await post("faults", { method: "sendMessage", times: 1, ...fault });
  toast(t("faultArmed"));
});

export const disarm = () => attempt(async () => {
  await remove("faults");
  toast(t("faultsCleared"));
});

export const panelControls = () => get("panel").then(({ controls }) => controls);

export const runControl = (id) => attempt(async () => {
  const { ok, message } = await post(`panel/${encodeURIComponent(id)}?lang=${language()}`);
  if (message) toast(message, ok === false ? "bad" : "good");
});

export const isBlocked = () => isPrivate(chat()) && Boolean(person()?.blocked);
