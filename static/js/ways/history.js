/** The last readings on this device, newest first; what the server could not read yet waits among them. */

import { percent, plain } from "../confidence.js";
import { make, makeSvg } from "../dom.js";
import { Drawing } from "../drawing.js";
import { keep, kept } from "./storage.js";

/** @typedef {{drawing: string, text: string | null, confidence: number, when: number}} Entry  text: null until it is read */

const MOST = 20;
const NAME = "history";

/** Emits `change`, and `pick` (detail: Entry). */
export class History extends EventTarget {
  #entries = load();
  #known = new WeakMap(); // by the first stroke, or the picture: what makes it the same drawing

  constructor(list, clear) {
    super();
    this.list = list;
    this.clear = clear;
    this.#show();
  }

  /** Drawings that wait for the server, the oldest first. */
  get waiting() {
    return this.#entries.filter(({ text }) => text === null).reverse();
  }

  /** Notes how a drawing was read, in place of the same drawing when it was smaller. Without a text it waits. */
  note(drawing, text, confidence = 0) {
    const key = drawing.picture ?? drawing.strokes[0];
    const json = JSON.stringify(drawing);
    const before = this.#known.get(key) ?? this.#entries.find((entry) => entry.drawing === json);
    const entry = { drawing: json, text, confidence, when: Date.now() };
    this.#known.set(key, entry);
    this.#become([entry, ...this.#entries.filter((one) => one !== before)]);
  }

  /** A drawing that waited has been read. */
  fill(entry, text, confidence) {
    Object.assign(entry, { text, confidence });
    this.#become(this.#entries);
  }

  /** Forgets all; what it gives brings them back. */
  forget() {
    const before = this.#entries;
    this.#become([]);
    return () => this.#become([...this.#entries, ...before]);
  }

  #become(entries) {
    this.#entries = entries.slice(0, MOST);
    // Pictures may be more than a browser keeps: then the oldest are not there on the next visit.
    const texts = this.#entries.map((entry) => JSON.stringify(entry));
    while (!keep(NAME, `[${texts}]`) && texts.length > 0) texts.pop();
    this.#show();
    this.dispatchEvent(new Event("change"));
  }

  #show() {
    this.clear.hidden = this.#entries.length === 0;
    this.list.replaceChildren(...this.#entries.map((entry) => {
      const { text, confidence, when } = entry;
      const time = new Date(when).toLocaleTimeString([], { timeStyle: "short" });
      const [said, sure] = text === null ? ["not read yet", "waiting"] : [plain(text) || "▢", percent(confidence)];
      const button = make("button", { type: "button", class: "past", "aria-label": `${said}, ${time}: put it back on the pad` },
        thumbnail(entry.drawing), make("strong", {}, said), make("span", { class: "quiet" }, `${sure} · ${time}`));
      button.addEventListener("click", () => this.dispatchEvent(new CustomEvent("pick", { detail: entry })));
      return make("li", {}, button);
    }));
  }
}

function load() {
  try {
    const entries = JSON.parse(kept(NAME) ?? "[]");
    return entries.filter(({ drawing }) => Drawing.parse(JSON.parse(drawing)));
  } catch {
    return []; // of another version, or damaged: it is only a convenience
  }
}

/** A drawing in small. */
function thumbnail(json) {
  const { picture, strokes } = Drawing.parse(JSON.parse(json));
  if (picture) return make("img", { src: picture.image, alt: "" });
  const boxes = strokes.map(({ box }) => box);
  const [left, top] = [Math.min(...boxes.map(({ x }) => x)), Math.min(...boxes.map(({ y }) => y))];
  const width = Math.max(...boxes.map((box) => box.x + box.width)) - left;
  const height = Math.max(...boxes.map((box) => box.y + box.height)) - top;
  return makeSvg("svg", { viewBox: `${left} ${top} ${width} ${height}`, "aria-hidden": "true" },
    ...strokes.map(({ x, y }) => makeSvg("path", { d: `M${x.map((value, i) => `${value} ${y[i]}`).join("L")}v.01` })));
}
