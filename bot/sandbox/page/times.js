/** Moments as people read them: by the sandbox's wall clock and in the page's language. Unix seconds everywhere. */

import { language } from "./words.js";

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;

let zone; // an IANA name; the browser's own zone until the sandbox has told its

export function setZone(name) {
  zone = name || undefined;
}

function formatter(options) {
  return new Intl.DateTimeFormat(language() === "ru" ? "ru-RU" : "en-GB", { ...options, timeZone: zone });
}

const format = (unix, options) => formatter(options).format(new Date(unix * 1000));

/** Whose clock is shown: "Europe/Moscow, GMT+3". */
export function zoneName(unix) {
  const made = formatter({ timeZoneName: "short" });
  const offset = made.formatToParts(new Date(unix * 1000)).find(({ type }) => type === "timeZoneName").value;
  return `${made.resolvedOptions().timeZone}, ${offset}`;
}

const yearOf = (unix) => format(unix, { year: "numeric" });

// As the bot writes them: 8:00, not 08:00.
const clock = (unix, options) => format(unix, { hour: "2-digit", minute: "2-digit", ...options }).replace(/^0(?=\d)/u, "");

export const shortTime = (unix) => clock(unix, {});
export const longTime = (unix) => clock(unix, { second: "2-digit" });
export const fullMoment = (unix) => format(unix, { dateStyle: "full", timeStyle: "medium" });
export const weekdayAndDate = (unix) => format(unix, { weekday: "short", day: "numeric", month: "long" });

export const shortDay = (unix) => format(unix, { day: "numeric", month: "short" });

export function dayOf(unix, now) {
  return format(unix, { day: "numeric", month: "long", year: yearUnlessSame(unix, now) });
}

/** "in 2 hours", "3 days ago": the largest unit that is not nought. */
export function relative(unix, now) {
  const words = new Intl.RelativeTimeFormat(language(), { numeric: "auto" });
  const seconds = Math.round(unix - now);
  const size = Math.abs(seconds);
  if (size < MINUTE) return words.format(seconds, "second");
  if (size < HOUR) return words.format(Math.trunc(seconds / MINUTE), "minute");
  if (size < DAY) return words.format(Math.trunc(seconds / HOUR), "hour");
  return words.format(Math.trunc(seconds / DAY), "day");
}

/** The size of a difference between two clocks, "1 d 2 h"; empty under a minute. */
export function drift(seconds, units) {
  const size = Math.abs(Math.round(seconds));
  if (size < MINUTE) return "";
  const parts = [[Math.floor(size / DAY), units.day], [Math.floor((size % DAY) / HOUR), units.hour],
    [Math.floor((size % HOUR) / MINUTE), units.minute]];
  return parts.filter(([count]) => count > 0).map(([count, unit]) => `${count}\u00a0${unit}`).join(" ");
}

/** The format of a date_time entity: "r" or w?[dD]?[tT]?; null leaves the sender's text (Bot API, date-time entities). */
export function dateTime(unix, pattern, now) {
  if (pattern === "r") return relative(unix, now);
  if (!/^w?[dD]?[tT]?$/u.test(pattern ?? "") || !pattern) return null;
  const parts = [];
  if (pattern.includes("w")) parts.push(format(unix, { weekday: "long" }));
  if (pattern.includes("d")) parts.push(format(unix, { day: "numeric", month: "short", year: yearUnlessSame(unix, now) }));
  if (pattern.includes("D")) parts.push(format(unix, { day: "numeric", month: "long", year: "numeric" }));
  if (pattern.includes("t")) parts.push(shortTime(unix));
  if (pattern.includes("T")) parts.push(longTime(unix));
  return parts.join(", ");
}

function yearUnlessSame(unix, now) {
  return yearOf(unix) === yearOf(now) ? undefined : "numeric";
}
