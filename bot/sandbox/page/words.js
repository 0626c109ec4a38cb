/** The page's own words in Russian and English; what the bot says is never translated. */

import { recall, remember } from "./dom.js";

const RU = {
  title: "Песочница Автодайджеста", sandbox: "песочница", chats: "Чаты", you: "Вы", people: "Люди", controls: "Управление",
  skip: "К полю ввода", openChats: "Показать чаты", openControls: "Показать управление", close: "Закрыть",
  theme: "Светлая или тёмная тема", languageToggle: "Switch to English", otherLanguage: "EN", addPerson: "Новый человек",
  you_are: (name) => `Вы — ${name}`, switchTo: (name) => `Стать: ${name}`, bot: "бот", channel: "канал", group: "группа",
  private: "личный чат с ботом", connecting: "соединение…", member: "подписчик", outside: "не участник",
  creator: "владелец", administrator: "администратор", left: "не участник",
  restricted: "ограничен", kicked: "исключён", noMessages: "Пока ни одного сообщения", youSaid: "Вы: ",
  message: "Сообщение", messageTo: (title) => `Сообщение в чат «${title}»`, send: "Отправить", commands: "Команды бота", menu: "Меню",
  start: "Запустить", startTitle: (name) => `Познакомьтесь: ${name}`,
  startText: "Это маленький Telegram внутри вашего компьютера: бот настоящий, сеть — нет. Нажмите «Запустить», как сделал бы новый подписчик.",
  emptyChannel: "Здесь появятся посты, когда бот станет администратором канала.", emptyGroup: "В этой группе пока тихо.",
  edited: "изменено", silent: "без звука", reply: "Ответить", edit: "Изменить", replyTo: (name) => `Ответ: ${name}`, cancelReply: "Не отвечать",
  deletedQuote: "Удалённое сообщение", showSpoiler: "Показать скрытый текст", expand: "Показать целиком", collapse: "Свернуть",
  unsafeLink: "Эта ссылка могла бы навредить, поэтому не открывается", preview: "Предпросмотр ссылки", today: "Сегодня",
  toLatest: "К последним сообщениям", unread: (n) => ({ one: `${n} новое`, few: `${n} новых`, many: `${n} новых` }),
  keyboard: "Кнопки ответа", notHere: "В песочнице такая кнопка не работает", copied: "Скопировано", ok: "Понятно",
  channelFooter: "Писать сюда могут администраторы канала", unblock: "Разблокировать бота", block: "Заблокировать бота",
  blockedNote: "Вы заблокировали бота: он не может вам писать", noPeople: "Здесь пока никого нет", create: "Создать", cancel: "Отмена",
  name: "Имя", personLanguage: "Язык в Telegram", chooseChannel: "Выберите канал", chooseGroup: "Выберите группу",
  noneToChoose: "Здесь нет ничего, чем управляет этот человек.", newChannel: "Новый канал", newGroup: "Новая группа",
  newTitle: "Название", addToThis: "Бот получит право публиковать сообщения.", clock: "Время в песочнице", realTime: "настоящее время",
  ahead: (text) => `на ${text} вперёд`, behind: (text) => `на ${text} назад`, tenMinutes: "+10\u00a0мин", hour: "+1\u00a0ч", day: "+1\u00a0день",
  scene: "Что случится", faults: "Сбои Telegram", faultsHint: "Сработает один раз, при следующей отправке сообщения",
  fault502: "Ошибка 502", fault429: "429 на 8\u00a0с", faultDrop: "Потерять ответ", faultsClear: "Отменить сбои",
  faultArmed: "Следующая отправка не удастся. Посмотрите, как бот с этим справится.", faultsCleared: "Сбоев больше не будет",
  thisChat: "Этот чат", addBot: "Добавить бота", removeBot: "Убрать бота", botIs: (status) => `Бот здесь: ${status}`,
  log: "Запросы к Bot API", logEmpty: "Бот ещё ничего не запрашивал", logFailed: "ошибка",
  requestFailed: (why) => `Не получилось: ${why}`, serverAway: "Песочница не отвечает. Она ещё запущена?",
  day_: "д", hour_: "ч", minute_: "мин", ms: "мс", emptyState: "Выберите чат слева", newMessage: (name, text) => `${name}: ${text}`,
  openLink: (url) => `Бот просит открыть ссылку: ${url}`,
  choosePlace: "Где вы?", placeHint: "Бот получит координаты этого места.", location: (north, east) => `Место: ${north}, ${east}`,
  moscow: "Москва", kazan: "Казань", novosibirsk: "Новосибирск", vladivostok: "Владивосток", berlin: "Берлин", newYork: "Нью-Йорк",
  photo: "Фотография", document: "Файл", service_chat_shared: "Вы поделились чатом с ботом", service_new_chat_members: "В чате новый участник",
  service_left_chat_member: "Участник вышел из чата", service_new_chat_title: "У чата новое название", service_pinned_message: "Сообщение закреплено",
  service_migrate_to_chat_id: "Группа стала супергруппой", service_migrate_from_chat_id: "Супергруппа создана из группы",
  service_group_chat_created: "Группа создана", service_supergroup_chat_created: "Группа создана", service_channel_chat_created: "Канал создан",
};

const EN = {
  title: "Autodigest sandbox", sandbox: "sandbox", chats: "Chats", you: "You", people: "People", controls: "Controls",
  skip: "Skip to the message box", openChats: "Show chats", openControls: "Show controls", close: "Close",
  theme: "Light or dark theme", languageToggle: "Переключить на русский", otherLanguage: "RU", addPerson: "New person",
  you_are: (name) => `You are ${name}`, switchTo: (name) => `Become ${name}`, bot: "bot", channel: "channel", group: "group",
  private: "private chat with the bot", connecting: "connecting…", member: "member", outside: "not a member",
  creator: "owner", administrator: "administrator", left: "not a member",
  restricted: "restricted", kicked: "removed", noMessages: "No messages yet", youSaid: "You: ",
  message: "Message", messageTo: (title) => `Message to “${title}”`, send: "Send", commands: "Bot commands", menu: "Menu",
  start: "Start", startTitle: (name) => `Meet ${name}`,
  startText: "This is a small Telegram inside your computer: the bot is real, the network is not. Press Start, as a new subscriber would.",
  emptyChannel: "Posts will appear here once the bot is an administrator of the channel.", emptyGroup: "It is quiet here so far.",
  edited: "edited", silent: "silent", reply: "Reply", edit: "Edit", replyTo: (name) => `Reply to ${name}`, cancelReply: "Cancel reply",
  deletedQuote: "Deleted message", showSpoiler: "Show hidden text", expand: "Show all", collapse: "Show less",
  unsafeLink: "This link could do harm, so it does not open", preview: "Link preview", today: "Today",
  toLatest: "To the latest messages", unread: (n) => ({ one: `${n} new`, other: `${n} new` }),
  keyboard: "Reply buttons", notHere: "This kind of button does not work in the sandbox", copied: "Copied", ok: "OK",
  channelFooter: "Only the channel’s admins can post here", unblock: "Unblock the bot", block: "Block the bot",
  blockedNote: "You blocked the bot: it cannot write to you", noPeople: "Nobody is here yet", create: "Create", cancel: "Cancel",
  name: "Name", personLanguage: "Language in Telegram", chooseChannel: "Choose a channel", chooseGroup: "Choose a group",
  noneToChoose: "This person manages nothing here.", newChannel: "New channel", newGroup: "New group",
  newTitle: "Title", addToThis: "The bot will get the right to post messages.", clock: "Sandbox time", realTime: "real time",
  ahead: (text) => `${text} ahead`, behind: (text) => `${text} behind`, tenMinutes: "+10\u00a0min", hour: "+1\u00a0h", day: "+1\u00a0day",
  scene: "Make something happen", faults: "Telegram failures", faultsHint: "Works once, on the next message the bot sends",
  fault502: "Error 502", fault429: "429 for 8\u00a0s", faultDrop: "Lose the answer", faultsClear: "Cancel failures",
  faultArmed: "The next send will fail. Watch how the bot copes.", faultsCleared: "No more failures",
  thisChat: "This chat", addBot: "Add the bot", removeBot: "Remove the bot", botIs: (status) => `The bot here: ${status}`,
  log: "Bot API requests", logEmpty: "The bot has asked for nothing yet", logFailed: "error",
  requestFailed: (why) => `That did not work: ${why}`, serverAway: "The sandbox does not answer. Is it still running?",
  day_: "d", hour_: "h", minute_: "min", ms: "ms", emptyState: "Choose a chat on the left", newMessage: (name, text) => `${name}: ${text}`,
  openLink: (url) => `The bot asks to open a link: ${url}`,
  choosePlace: "Where are you?", placeHint: "The bot gets the coordinates of this place.", location: (north, east) => `Place: ${north}, ${east}`,
  moscow: "Moscow", kazan: "Kazan", novosibirsk: "Novosibirsk", vladivostok: "Vladivostok", berlin: "Berlin", newYork: "New York",
  photo: "Photo", document: "File", service_chat_shared: "You shared a chat with the bot", service_new_chat_members: "A new member is here",
  service_left_chat_member: "A member left", service_new_chat_title: "The chat has a new title", service_pinned_message: "A message was pinned",
  service_migrate_to_chat_id: "The group became a supergroup", service_migrate_from_chat_id: "Supergroup made from a group",
  service_group_chat_created: "Group created", service_supergroup_chat_created: "Group created", service_channel_chat_created: "Channel created",
};

const BOOKS = { ru: RU, en: EN };
let current = BOOKS[recall("language")] ? recall("language") : preferred();

function preferred() {
  return /^(ru|be|kk|uk)\b/iu.test(navigator.language) ? "ru" : "en";
}

export const language = () => current;

export function setLanguage(next) {
  current = next;
  remember("language", next);
}

/** The words under a key; a count picks the plural form of its own language. */
export function t(key, ...facts) {
  const words = BOOKS[current][key];
  if (typeof words !== "function") return words;
  const made = words(...facts);
  if (typeof made === "string") return made;
  return made[new Intl.PluralRules(current).select(facts[0])] ?? made.many ?? made.other;
}

/** Puts words into the page's standing elements: data-t is text, data-t-label an accessible name. */
export function translate(root) {
  document.documentElement.lang = current;
  document.title = t("title");
  for (const node of root.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of root.querySelectorAll("[data-t-label]")) {
    node.setAttribute("aria-label", t(node.dataset.tLabel));
    node.title = t(node.dataset.tLabel);
  }
}
