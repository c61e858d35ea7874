// Pieces of screens: elements, dialogs, short notices. Text is always set as text.
import { t } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked" || name === "srcObject") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  add(element, children);
  return element;
}

function add(element, children) {
  for (const child of children.flat(3)) {
    if (child === null || child === undefined || child === false || child === "") continue;
    element.append(child instanceof Node ? child : String(child));
  }
}

const SHAPES = {
  back: "M15 5l-7 7l7 7",
  scan: "M4 8V5a1 1 0 0 1 1-1h3M16 4h3a1 1 0 0 1 1 1v3M20 16v3a1 1 0 0 1-1 1h-3M8 20H5a1 1 0 0 1-1-1v-3M4 12h16",
  plus: "M12 5v14M5 12h14",
  check: "M5 12l5 5l10-10",
  send: "M12 19V5M6 11l6-6l6 6",
  photo: "M4 8a2 2 0 0 1 2-2h2l2-2h4l2 2h2a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2zM12 10a3 3 0 1 0 0 6a3 3 0 0 0 0-6",
  menu: "M4 6h16M4 12h16M4 18h16",
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" })) {
    svg.setAttribute(key, value);
  }
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

const screen = document.getElementById("screen");
let leaving = [];

// What must end when the screen changes: a camera, an observer.
export const onLeave = (act) => leaving.push(act);

export function leave() {
  const acts = leaving;
  leaving = [];
  acts.forEach((act) => act());
}

export function show(...parts) {
  screen.replaceChildren();
  add(screen, parts);
  window.scrollTo(0, 0);
}

export function head(title, { back = "", extra = null, lead = "" } = {}) {
  document.title = title;
  return h("header", { class: "top" },
    back ? h("a", { class: "round", href: back, "aria-label": t("返回") }, icon("back")) : null,
    h("div", { class: "top-text" }, h("h1", {}, title), lead ? h("p", {}, lead) : null),
    extra);
}

export const note = (tone, ...parts) => h("div", { class: `note ${tone}`, role: tone === "bad" ? "alert" : "note" }, ...parts);

export function button(label, act, { tone = "plain", image = "", wide = false, type = "button", disabled = false } = {}) {
  const made = h("button", { class: `button ${tone}${wide ? " wide" : ""}`, type, disabled },
    image ? icon(image) : null, h("span", {}, label));
  if (act) made.addEventListener("click", () => busy(made, act));
  return made;
}

// One press is one act: the button rests until the act is over.
export async function busy(made, act) {
  if (made.disabled) return;
  made.disabled = true;
  try {
    await act();
  } catch (error) {
    toast(error && error.words ? error.words : t("没有完成：%(reason)s", { reason: error && error.message }), "bad");
    if (!error || !error.words) console.warn(error);
  } finally {
    made.disabled = false;
  }
}

const place = document.getElementById("toast");
let clearing = 0;
export function toast(text, tone = "good") {
  clearTimeout(clearing);
  place.replaceChildren(h("p", { class: tone }, text));
  clearing = setTimeout(() => place.replaceChildren(), tone === "bad" ? 6000 : 3000);
}

export function field(label, input, help = "") {
  return h("label", { class: "field" }, h("span", {}, label), input, help ? h("small", {}, help) : null);
}

// A file input in the shape of a button.
export function filePicker(label, input) {
  input.classList.add("hidden-input");
  return h("label", { class: "button wide" }, h("span", {}, label), input);
}

export function select(options, value = "", attributes = {}) {
  return h("select", attributes,
    options.map(([key, text]) => h("option", { value: key, selected: key === value }, text)));
}

// A question over the screen; resolves to true when it is answered with yes.
export function ask(title, text, yes, { tone = "main" } = {}) {
  return new Promise((resolve) => {
    const dialog = h("dialog", { "aria-label": title },
      h("h2", {}, title), text ? h("p", {}, text) : null,
      h("div", { class: "row" },
        button(t("取消"), () => dialog.close("no")),
        button(yes, () => dialog.close("yes"), { tone })));
    dialog.addEventListener("close", () => { dialog.remove(); resolve(dialog.returnValue === "yes"); });
    document.body.append(dialog);
    dialog.showModal();
  });
}

export class Trouble extends Error {
  // A sentence for the person who holds the phone.
  constructor(words) {
    super(words);
    this.words = words;
  }
}
