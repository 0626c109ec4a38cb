/** A short list of what the bot has asked of Telegram lately. Long polls are left out: they only wait. */

import { get } from "./api.js";
import { byId, el, replace } from "./dom.js";
import { on } from "./store.js";
import { longTime } from "./times.js";
import { t } from "./words.js";

const SHOWN = 40;
const PAUSE_MS = 700;
const ROUND_MS = 4000; // a refused request changes no chat, so no event tells of it
const QUIET = new Set(["getupdates"]);

let pending = 0;

async function draw() {
  pending = 0;
  if (!byId("log").open || document.hidden) return;
  let answer;
  try {
    answer = await get("log");
  } catch {
    return; // the header already says that the server is away
  }
  const entries = answer.filter((one) => !QUIET.has(one.method.toLowerCase()));
  const lines = entries.slice(-SHOWN).reverse().map(line);
  replace(byId("log-lines"), lines.length ? lines : el("p", { class: "hint" }, t("logEmpty")));
}

function line(one) {
  const underWay = one.answer === null && one.ms === 0;
  const failed = !underWay && one.answer?.ok !== true;
  const result = underWay ? "…" : failed ? `${one.answer?.error_code ?? ""} ${t("logFailed")}`.trim() : "ok";
  return el("div", { class: `log-line ${failed ? "failed" : ""}`, title: failed ? one.answer?.description : null },
    el("time", {}, longTime(one.time)), el("code", {}, one.method),
    el("span", { class: "log-ms" }, underWay ? "" : `${one.ms < 10 ? one.ms.toFixed(1) : Math.round(one.ms)} ${t("ms")}`),
    el("span", { class: "log-result" }, result));
}

/** Many changes in a row cost one request. */
function soon() {
  pending ||= setTimeout(draw, PAUSE_MS);
}

export function setUp() {
  for (const topic of ["messages", "state", "answer", "language"]) on(topic, soon);
  byId("log").addEventListener("toggle", soon);
  setInterval(soon, ROUND_MS);
}
