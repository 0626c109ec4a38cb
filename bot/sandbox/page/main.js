/** Puts the page together: columns, theme, language, live events, the deep link in the page's own address. */

import { follow } from "./api.js";
import { attempt, followBotLink, startBot } from "./actions.js";
import * as composer from "./composer.js";
import { alertBox, toast } from "./dialogs.js";
import { byId, recall, remember } from "./dom.js";
import * as history from "./history.js";
import { answered } from "./keyboards.js";
import { botLink, safeUrl } from "./links.js";
import * as log from "./log.js";
import * as panel from "./panel.js";
import * as sidebar from "./sidebar.js";
import { emit, lookAs, refreshMessages, refreshState, setClock, store, visibleChats } from "./store.js";
import { language, setLanguage, t, translate } from "./words.js";

const STATE_MS = 150;

function setUpTheme() {
  const root = document.documentElement;
  const chosen = recall("theme");
  if (chosen) root.dataset.theme = chosen;
  byId("theme").addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    remember("theme", root.dataset.theme);
  });
}

function setUpLanguage() {
  translate(document);
  byId("language").addEventListener("click", () => {
    setLanguage(language() === "ru" ? "en" : "ru");
    translate(document);
    emit("language");
  });
}

/** On narrow screens a column is a drawer: the rest is inert while it is open, and focus comes back. */
function setUpDrawers() {
  const sides = { left: matchMedia("(max-width: 760px)"), right: matchMedia("(max-width: 1080px)") };
  let open = null;
  const draw = () => {
    if (open !== null && !sides[open].matches) open = null;
    for (const [id, narrow] of Object.entries(sides)) {
      byId(id).classList.toggle("open", open === id);
      byId(id).inert = narrow.matches && open !== id;
      byId(`open-${id}`).setAttribute("aria-expanded", String(open === id));
    }
    document.querySelector(".room").inert = open !== null;
    byId("scrim").hidden = open === null;
  };
  const show = (id) => {
    const before = open;
    open = id;
    draw();
    if (id) byId(id).querySelector("[data-close]").focus();
    else if (before) byId(`open-${before}`).focus();
  };
  for (const [id, narrow] of Object.entries(sides)) {
    byId(`open-${id}`).addEventListener("click", () => show(id));
    narrow.addEventListener("change", draw);
  }
  for (const button of document.querySelectorAll("[data-close]")) button.addEventListener("click", () => show(null));
  byId("scrim").addEventListener("click", () => show(null));
  addEventListener("keydown", (event) => event.key === "Escape" && open && !document.querySelector("dialog[open]") && show(null));
  draw();
  return { close: () => open && show(null) };
}

let stateTimer = 0;

function soonState() {
  clearTimeout(stateTimer);
  stateTimer = setTimeout(() => refreshState().catch(() => {}), STATE_MS);
}

function take(kind, data) {
  if (kind === "clock") setClock(data.now);
  else if (kind === "answer") takeAnswer(data);
  else {
    const known = visibleChats().some(({ id }) => id === data.chat_id);
    if (known) refreshMessages(data.chat_id).catch(() => {});
    soonState();
  }
}

async function takeAnswer(data) {
  answered(data.callback_query_id);
  emit("answer");
  if (data.user_id !== store.personId) return;
  if (data.text && data.show_alert) await alertBox(data.text);
  else if (data.text) toast(data.text);
  const url = data.url ? safeUrl(data.url) : null;
  const inner = url && botLink(url, store.bot.username);
  if (inner) followBotLink(inner);
  else if (url) toast(t("openLink", url.href));
}

function catchUp() {
  refreshState().then(() => Promise.all(visibleChats().map(({ id }) => refreshMessages(id)))).catch(() => {});
}

/** ?person=ID looks through that person's eyes; ?start=payload presses Start with it, once. */
async function followOwnAddress() {
  const query = new URLSearchParams(location.search);
  const wanted = Number(query.get("person"));
  if (store.people.some(({ id }) => id === wanted)) lookAs(wanted);
  if (!query.has("start") || store.personId === null) return;
  // a reload must not press Start again
  window.history.replaceState(null, "", location.pathname);
  await startBot(query.get("start"));
}

async function begin() {
  setUpTheme();
  setUpLanguage();
  const drawers = setUpDrawers();
  history.setUp({ reply: composer.answerTo, edit: composer.correct });
  composer.setUp();
  sidebar.setUp({ chosen: drawers.close });
  panel.setUp();
  log.setUp();
  await attempt(refreshState);
  emit("chat");
  follow({
    onEvent: take,
    onPoll: catchUp,
    onLink: (up) => {
      store.linked = up;
      emit("link");
    },
  });
  await followOwnAddress();
}

begin();
