/** What the page knows: a copy of the sandbox's state and messages, and whose eyes we look through. No DOM here. */

import { get } from "./api.js";
import { recall, remember } from "./dom.js";
import { setZone } from "./times.js";

export const store = {
  bot: { id: 0, username: "", first_name: "" }, people: [], chats: [], commands: [],
  personId: Number(recall("person")) || null, chatId: Number(recall("chat")) || null,
  clock: { at: Date.now() / 1000, measured: performance.now() },
  linked: true,
};

const histories = new Map(); // chat id -> {version, messages: Map(message id -> message), read: last message id seen, loading}
const listeners = new Map();

export function on(topic, listener) {
  listeners.set(topic, [...(listeners.get(topic) ?? []), listener]);
}

export function emit(topic, detail) {
  for (const listener of listeners.get(topic) ?? []) listener(detail);
}

/** Unix seconds by the sandbox's clock. */
export const now = () => store.clock.at + (performance.now() - store.clock.measured) / 1000;

export function setClock(unix) {
  store.clock = { at: unix, measured: performance.now() };
  emit("clock");
}

export const person = () => store.people.find(({ id }) => id === store.personId) ?? null;
export const chat = () => visibleChats().find(({ id }) => id === store.chatId) ?? null;
export const isPrivate = (one) => one?.type === "private";
export const title = (one) => (isPrivate(one) ? store.bot.first_name : one.title);

/** The person's own private chat first, then channels and groups, which the sandbox lets everybody watch. */
export function visibleChats() {
  const own = store.chats.filter((one) => isPrivate(one) && one.id === store.personId);
  return [...own, ...store.chats.filter((one) => !isPrivate(one))];
}

export function standing(one, userId) {
  return one.members?.find(({ user_id: id }) => id === userId)?.status ?? "outside";
}

export const manages = (one, userId) => ["creator", "administrator"].includes(standing(one, userId));

export function history(chatId) {
  if (!histories.has(chatId)) histories.set(chatId, { version: 0, messages: new Map(), read: null, loading: null });
  return histories.get(chatId);
}

export const messages = (chatId) => [...history(chatId).messages.values()].sort((a, b) => a.message_id - b.message_id);

export function unread(chatId) {
  const { read, messages: known } = history(chatId);
  const fresh = ({ message_id: id, from }) => id > read && from?.id !== store.personId;
  return read === null ? 0 : [...known.values()].filter(fresh).length;
}

export function markRead(chatId) {
  const known = history(chatId);
  known.read = Math.max(known.read ?? 0, 0, ...known.messages.keys());
}

/** The menu of commands belongs to a person in a chat; ids kept from an earlier sandbox must not be asked about. */
async function fetchState() {
  if (person() === null || chat() === null) return get("state");
  return get("state", { user_id: store.personId, chat_id: store.chatId }).catch((error) => {
    if (error.words === null) throw error;
    return get("state");
  });
}

export async function refreshState() {
  const before = { chat: store.chatId, person: store.personId, unknown: person() === null };
  const state = await fetchState();
  Object.assign(store, { bot: state.bot, people: state.people, chats: state.chats, commands: state.commands ?? [] });
  setZone(state.zone);
  setClock(state.now);
  if (person() === null) store.personId = store.people[0]?.id ?? null;
  if (chat() === null) store.chatId = visibleChats()[0]?.id ?? null;
  emit("state");
  if (store.chatId !== before.chat || store.personId !== before.person) emit("chat");
  if (before.unknown && person() !== null) await refreshState();
  await Promise.all(visibleChats().filter(({ id }) => history(id).version === 0).map(({ id }) => refreshMessages(id)));
}

/** One request at a time per chat; a change that arrives meanwhile asks for one more. */
export async function refreshMessages(chatId) {
  const known = history(chatId);
  if (known.loading !== null) {
    known.again = true;
    return known.loading;
  }
  known.loading = fetchMessages(chatId, known).finally(() => {
    known.loading = null;
  });
  await known.loading;
  if (!known.again) return undefined;
  known.again = false;
  return refreshMessages(chatId);
}

async function fetchMessages(chatId, known) {
  const answer = await get("messages", { chat_id: chatId, after_version: known.version });
  if (answer.version < known.version) {
    // the sandbox was started anew: what we hold is from its former life
    Object.assign(known, { version: 0, read: null });
    known.messages.clear();
    emit("chat");
    await fetchMessages(chatId, known);
    return;
  }
  const first = known.read === null;
  known.version = answer.version;
  for (const message of answer.messages) {
    if (message.deleted) known.messages.delete(message.message_id);
    else known.messages.set(message.message_id, message);
  }
  if (first) markRead(chatId);
  if (first || answer.messages.length) emit("messages", { chatId, changed: answer.messages, first });
}

export function lookAs(personId) {
  const stayed = !isPrivate(chat()) && chat() !== null;
  store.personId = personId;
  if (!stayed) store.chatId = personId;
  keepPlace();
}

export function openChat(chatId) {
  store.chatId = chatId;
  keepPlace();
}

function keepPlace() {
  remember("person", store.personId);
  remember("chat", store.chatId);
  if (store.chatId !== null) markRead(store.chatId);
  emit("state");
  emit("chat");
  refreshState().catch(() => {});
}
