/** Builds the page's nodes. Whatever comes from a chat becomes a text node or an attribute, never markup. */

const SVG = "http://www.w3.org/2000/svg";

export const byId = (id) => document.getElementById(id);

/** `props` whose names begin with "on" are listeners; null, undefined and false are left out. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  append(node, children);
  return node;
}

export function append(node, children) {
  for (const child of children.flat(3)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

export function replace(node, ...children) {
  node.replaceChildren();
  append(node, children);
}

/** An icon from the sprite in index.html; decoration only, so hidden from screen readers. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** Rebuilds what is in a box and gives the keyboard's focus back to the element that took its place. */
export function keepFocus(box, rebuild, rebuilt = () => box) {
  const stops = (root) => [...root.querySelectorAll("button, a")];
  const focused = document.activeElement;
  const index = stops(box).indexOf(focused);
  rebuild();
  if (index < 0 || focused.isConnected) return;
  const candidates = stops(rebuilt());
  const named = candidates.filter((one) => one.dataset.testid && one.dataset.testid === focused.dataset.testid);
  (named.length === 1 ? named[0] : candidates[index])?.focus({ preventScroll: true });
}

export function iconButton(name, label, props = {}) {
  return el("button", { type: "button", class: "icon-button", "aria-label": label, title: label, ...props }, icon(name));
}

/** Two letters for an avatar; the hue depends on the id only, so it survives a rename. */
export function avatar(id, title) {
  const letters = (title.match(/[\p{L}\p{N}]+/gu) ?? []).slice(0, 2).map((word) => [...word][0] ?? "").join("");
  return el("span", { class: `avatar hue-${Math.abs(Number(id)) % 6}`, "aria-hidden": "true" }, letters.toUpperCase());
}

export function remember(key, value) {
  try {
    localStorage.setItem(`sandbox.${key}`, value);
  } catch {
    // private windows may refuse storage; the choice then lives as long as the page
  }
}

export function recall(key) {
  try {
    return localStorage.getItem(`sandbox.${key}`);
  } catch {
    return null;
  }
}
