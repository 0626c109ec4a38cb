/** Short notices and questions over the page: toast, alert, form and chooser. */

import { byId, el, replace } from "./dom.js";
import { t } from "./words.js";

const TOAST_MS = 4500;
let hideToast = 0;

export function toast(text, kind = "info") {
  const box = byId("toast");
  box.className = `toast show ${kind}`;
  replace(box, text);
  clearTimeout(hideToast);
  hideToast = setTimeout(() => box.classList.remove("show"), TOAST_MS);
}

/** Resolves with what `content(done)` passes to `done`, or null when the person leaves. */
function ask(label, testid, content) {
  return new Promise((resolve) => {
    const box = el("dialog", { class: "dialog", "aria-label": label, "data-testid": testid });
    const done = (value) => {
      resolve(value);
      box.close();
    };
    box.append(...content(done));
    box.addEventListener("close", () => {
      resolve(null);
      box.remove();
    });
    box.addEventListener("click", (event) => event.target === box && box.close());
    document.body.append(box);
    box.showModal();
  });
}

export function alertBox(text) {
  return ask(t("bot"), "alert", (done) => [
    el("p", { class: "dialog-text" }, text),
    el("div", { class: "dialog-row" },
      el("button", { type: "button", class: "button primary", "data-testid": "alert-ok", onclick: () => done(true) }, t("ok"))),
  ]);
}

const cancel = (done) => el("button", { type: "button", class: "button quiet", onclick: () => done(null) }, t("cancel"));

/** A name and, when `languages` are given, one of them; resolves with {name, language}. */
export function askName({ heading, label, languages = [] }) {
  return ask(heading, "name-dialog", (done) => {
    const name = el("input", { name: "name", required: true, maxlength: 64, autocomplete: "off", "data-testid": "dialog-name" });
    const choice = el("select", { name: "language" }, languages.map((one) => el("option", { value: one.code }, one.words)));
    const submit = (event) => {
      event.preventDefault();
      if (name.value.trim()) done({ name: name.value.trim(), language: choice.value });
    };
    return [el("form", { class: "dialog-form", onsubmit: submit },
      el("h2", {}, heading), el("label", {}, el("span", {}, label), name),
      languages.length > 0 && el("label", {}, el("span", {}, t("personLanguage")), choice),
      el("div", { class: "dialog-row" }, cancel(done),
        el("button", { type: "submit", class: "button primary", "data-testid": "dialog-create" }, t("create"))))];
  });
}

/** One of `options` ({value, title, note}); with `create` a last button makes a new one and resolves with "new". */
export function choose({ heading, note, options, create }) {
  return ask(heading, "chooser", (done) => [
    el("h2", {}, heading), el("p", { class: "hint" }, options.length ? note : t("noneToChoose")),
    el("div", { class: "choices" }, options.map((one) =>
      el("button", { type: "button", class: "choice", "data-testid": `choice-${one.value}`, onclick: () => done(one.value) },
        el("strong", {}, one.title), el("small", {}, one.note)))),
    el("div", { class: "dialog-row" }, cancel(done),
      create && el("button", { type: "button", class: "button", "data-testid": "choice-new", onclick: () => done("new") }, create)),
  ]);
}
