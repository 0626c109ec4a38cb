/** Text with Bot API entities as DOM nodes. Offsets are UTF-16 units, which is how JavaScript counts too. */

import { el } from "./dom.js";
import { botLink, safeUrl } from "./links.js";
import { dateTime, fullMoment } from "./times.js";
import { t } from "./words.js";

const BLOCKS = new Set(["blockquote", "expandable_blockquote", "pre"]);
// of entities with the same ends, the earlier in this list is the outer
const OUTER = ["expandable_blockquote", "blockquote", "pre", "spoiler", "text_link"];
const TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code" };

/**
 * `context`: {key, now, botUsername, opened: Set, onCommand(text), onLink(botLink)}. `opened` remembers which quotes
 * and spoilers the reader has opened, so that an edit of the message does not close them.
 */
export function render(text, entities, context) {
  const root = document.createDocumentFragment();
  const stack = [];
  const top = () => (stack.length ? stack.at(-1).inside : root);
  let afterBlock = false;
  for (const { piece, active } of pieces(text, entities)) {
    let shared = 0;
    while (shared < stack.length && stack[shared].entity === active[shared]) shared += 1;
    for (const closed of stack.splice(shared)) afterBlock ||= BLOCKS.has(closed.entity.type);
    for (const entity of active.slice(shared)) {
      const { outside, inside } = wrapper(entity, text, context);
      top().append(outside);
      stack.push({ entity, inside });
      afterBlock = false;
    }
    // a block ends its line by itself: the newline after it would show as an empty line
    const shown = afterBlock && piece.startsWith("\n") ? piece.slice(1) : piece;
    afterBlock = false;
    top().append(document.createTextNode(shown));
  }
  return root;
}

/** Cuts the text at every edge; each piece knows its entities, outermost first, whether they nest or overlap. */
function pieces(text, entities) {
  const valid = entities
    .map((entity) => ({ entity, start: Math.max(0, entity.offset), end: Math.min(text.length, entity.offset + entity.length) }))
    .filter(({ start, end }) => start < end)
    .sort((a, b) => a.start - b.start || b.end - a.end || rank(a.entity) - rank(b.entity));
  const edges = [...new Set([0, text.length, ...valid.flatMap(({ start, end }) => [start, end])])].sort((a, b) => a - b);
  return edges.slice(0, -1).map((start, index) => {
    const end = edges[index + 1];
    const active = valid.filter((one) => one.start <= start && one.end >= end).map((one) => one.entity);
    return { piece: text.slice(start, end), active };
  });
}

function rank(entity) {
  // a date replaces the text under it, so nothing may be nested in it
  if (entity.type === "date_time") return OUTER.length + 1;
  const place = OUTER.indexOf(entity.type);
  return place < 0 ? OUTER.length : place;
}

function wrapper(entity, text, context) {
  const own = text.slice(entity.offset, entity.offset + entity.length);
  const key = `${context.key}:${entity.type}:${entity.offset}`;
  if (entity.type in TAGS) return same(el(TAGS[entity.type]));
  switch (entity.type) {
    case "text_link": return same(link(entity.url, context));
    case "url": return same(link(own, context));
    case "bot_command":
      return same(el("button", { type: "button", class: "in-text", onclick: () => context.onCommand(own) }));
    case "pre": return pre(entity);
    case "blockquote": return same(el("blockquote"));
    case "expandable_blockquote": return expandable(key, context);
    case "spoiler": return spoiler(key, context);
    case "date_time": return moment(entity, context);
    default: return same(el("span", { class: `entity ${/^[a-z_]+$/u.test(entity.type) ? entity.type : ""}` }));
  }
}

const same = (node) => ({ outside: node, inside: node });

export function link(raw, context) {
  const url = safeUrl(raw);
  if (url === null) return el("span", { class: "dead-link", title: t("unsafeLink") });
  const inner = botLink(url, context.botUsername);
  const onclick = inner && ((event) => {
    event.preventDefault();
    context.onLink(inner);
  });
  return el("a", { href: url.href, target: "_blank", rel: "noopener noreferrer", title: url.href, onclick });
}

function pre(entity) {
  const inside = el("code");
  return { outside: el("pre", { "data-language": entity.language, tabindex: 0 }, inside), inside };
}

function expandable(key, context) {
  const inside = el("div", { class: "quote-text" });
  const toggle = el("button", { type: "button", class: "quote-toggle" });
  const outside = el("blockquote", { class: "expandable" }, inside, toggle);
  const show = (open) => {
    outside.classList.toggle("open", open);
    toggle.setAttribute("aria-expanded", String(open));
    toggle.textContent = open ? t("collapse") : t("expand");
  };
  toggle.addEventListener("click", () => {
    const open = !context.opened.has(key);
    if (open) context.opened.add(key);
    else context.opened.delete(key);
    show(open);
  });
  show(context.opened.has(key));
  return { outside, inside };
}

function spoiler(key, context) {
  const inside = el("span", { class: "spoiler-text" });
  const outside = el("span", { class: "spoiler" }, inside);
  if (context.opened.has(key)) return { outside, inside };
  const open = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    context.opened.add(key);
    inside.inert = false;
    for (const name of ["role", "tabindex", "aria-label", "title"]) outside.removeAttribute(name);
  };
  inside.inert = true;
  // a <button> cannot wrap across lines like text, hence the role
  for (const [name, value] of [["role", "button"], ["tabindex", "0"], ["aria-label", t("showSpoiler")], ["title", t("showSpoiler")]]) {
    outside.setAttribute(name, value);
  }
  outside.addEventListener("click", open, { once: true });
  outside.addEventListener("keydown", open);
  return { outside, inside };
}

/** The reader's own clock in place of the sender's words, which stay in the tooltip; they may hold nested markup. */
function moment(entity, context) {
  const unix = entity.unix_time;
  const own = dateTime(unix, entity.date_time_format, context.now());
  const outside = el("time", { datetime: new Date(unix * 1000).toISOString(), title: fullMoment(unix) });
  if (own === null) return same(outside);
  const shown = el("span", { "data-relative": entity.date_time_format === "r" ? unix : null }, own);
  const inside = el("span", { hidden: true });
  outside.append(shown, inside);
  return { outside, inside };
}

/** A quote that fits into three lines needs no toggle; only a laid-out page knows which. */
export function measureQuotes(root) {
  for (const quote of root.querySelectorAll(".expandable:not(.open)")) {
    const text = quote.querySelector(".quote-text");
    quote.classList.toggle("long", text.scrollHeight > text.clientHeight + 1);
  }
}
