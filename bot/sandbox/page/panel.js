/** The right column: the clock, what the demo can make happen, failures of the network, this chat. */

import { addBot, arm, attempt, disarm, newChat, panelControls, removeBot, runControl, setBlocked, turnClock } from "./actions.js";
import { byId, el, keepFocus, replace } from "./dom.js";
import { chat, isPrivate, manages, now, on, person, store } from "./store.js";
import { drift, longTime, weekdayAndDate, zoneName } from "./times.js";
import { language, t } from "./words.js";

const HOUR = 3600;

const FAULTS = [
  { id: "fault-502", words: "fault502", fault: { kind: "status", code: 502 } },
  { id: "fault-429", words: "fault429", fault: { kind: "retry_after", retry_after: 8 } },
  { id: "fault-drop", words: "faultDrop", fault: { kind: "drop_after" } },
];

let controls = [];

/** `hint` is drawn under the label; a control is busy, and says so, until its action has ended. */
function control(id, label, action, { hint = "", style = "" } = {}) {
  const press = async (event) => {
    const node = event.currentTarget;
    // not `disabled`: that would take the keyboard's focus away
    if (node.getAttribute("aria-busy") === "true") return;
    node.setAttribute("aria-busy", "true");
    await action();
    node.removeAttribute("aria-busy");
  };
  const props = { type: "button", class: `button ${style}`, "data-testid": `control-${id}`, onclick: press };
  return el("button", props, el("span", {}, label), hint && el("small", {}, hint));
}

function drawClock() {
  const seconds = now();
  byId("clock-time").textContent = longTime(seconds);
  byId("clock-date").textContent = weekdayAndDate(seconds);
  byId("clock-zone").textContent = zoneName(seconds);
  const units = { day: t("day_"), hour: t("hour_"), minute: t("minute_") };
  const apart = seconds - Date.now() / 1000;
  const text = drift(apart, units);
  byId("clock-drift").textContent = text ? t(apart > 0 ? "ahead" : "behind", text) : t("realTime");
  byId("clock-drift").classList.toggle("turned", text !== "");
}

function drawTurns() {
  replace(byId("clock-turns"),
    control("minutes", t("tenMinutes"), () => turnClock(HOUR / 6)),
    control("hour", t("hour"), () => turnClock(HOUR)),
    control("day", t("day"), () => turnClock(24 * HOUR)));
}

function drawScene() {
  byId("scene").hidden = controls.length === 0;
  const words = (pair) => pair?.[language()] ?? pair?.en ?? pair?.ru ?? "";
  replace(byId("scene-controls"), controls.map((one) =>
    control(one.id, words(one.label) || one.id, () => runControl(one.id), { hint: words(one.hint), style: "wide" })));
}

function drawFaults() {
  replace(byId("fault-controls"), FAULTS.map(({ id, words, fault }) => control(id, t(words), () => arm(fault))),
    control("faults-clear", t("faultsClear"), disarm, { style: "quiet" }));
}

function drawChat() {
  const open = chat();
  byId("this-chat").hidden = open === null;
  if (open === null) return;
  const controlsHere = [isPrivate(open) ? privateControls() : publicControls(open),
    control("new-channel", t("newChannel"), () => newChat("channel"), { style: "quiet" }),
    control("new-group", t("newGroup"), () => newChat("supergroup"), { style: "quiet" })];
  keepFocus(byId("chat-controls"), () => replace(byId("chat-controls"), controlsHere));
}

function privateControls() {
  const blocked = Boolean(person()?.blocked);
  return [control("block", blocked ? t("unblock") : t("block"), () => setBlocked(!blocked), { style: blocked ? "wide" : "wide danger" })];
}

function publicControls(open) {
  const status = open.bot_status ?? "left";
  const here = ["creator", "administrator", "member"].includes(status);
  const note = el("p", { class: "hint" }, t("botIs", t(status) ?? status));
  if (!manages(open, store.personId)) return [note];
  return [note, here ? control("remove-bot", t("removeBot"), () => removeBot(open.id), { style: "wide danger" })
    : control("add-bot", t("addBot"), () => addBot(open.id), { style: "wide" })];
}

async function loadControls() {
  controls = (await attempt(panelControls)) ?? controls;
  drawScene();
}

export function setUp() {
  const drawAll = () => {
    drawClock();
    drawTurns();
    drawScene();
    drawFaults();
    drawChat();
  };
  on("language", drawAll);
  for (const topic of ["state", "chat"]) on(topic, drawChat);
  on("clock", drawClock);
  on("link", () => store.linked && loadControls());
  setInterval(drawClock, 1000);
  drawAll();
}
