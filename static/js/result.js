/** The answer in big letters, how sure it is, what else it may be, and what went wrong where something did. */

import { doubtful, judged, nameOf, NOT_A_CHARACTER, percent, plain } from "./confidence.js";
import { byId, light, make, tone } from "./dom.js";

const RIVALS = 3;
const WORTH_SAYING = 0.005; // a rival less likely than that is none

/** Emits `hover` (detail: place or null), `pick` (detail: place), `choose` (detail: text) and `again`. */
export class Result extends EventTarget {
  /** @type {HTMLElement[]} */ #chars = [];
  #panel = byId("result");
  #reading = byId("reading");

  constructor() {
    super();
    byId("again").addEventListener("click", () => this.dispatchEvent(new Event("again")));
    addEventListener("resize", () => this.#fit());
  }

  /** @param {boolean} busy */
  set busy(busy) {
    this.#panel.setAttribute("aria-busy", String(busy));
  }

  /** Nothing drawn, or nothing found in it. @param {string} words */
  showNothing(words) {
    byId("nothing").textContent = words;
    this.#only("nothing");
  }

  /** @param {import("./recognize.js").Failure} failure */
  showFailure({ title, advice }) {
    byId("failure-title").textContent = title;
    byId("failure-advice").textContent = advice;
    this.#only("failure");
  }

  /** @param {Reading} reading with at least one character */
  showReading(reading) {
    const { glyphs, confidence, text, alternatives } = reading;
    const focused = this.#chars.findIndex((char) => char === document.activeElement);
    this.#chars = glyphs.map((glyph, index) => this.#char(glyph, index));
    this.#reading.replaceChildren(...spaced(glyphs, this.#chars));
    if (focused >= 0) this.#chars[Math.min(focused, glyphs.length - 1)]?.focus({ preventScroll: true });
    byId("sure").textContent = judged(reading);
    byId("meter").style.width = `${confidence * 100}%`;
    const rivals = alternatives.filter((rival) => rival.text !== text && rival.confidence >= WORTH_SAYING);
    byId("rivals").replaceChildren(...rivals.slice(0, RIVALS).map((rival) => this.#rival(rival)));
    byId("rivals-title").textContent = rivals.length > 0 ? "Or" : "No other reading comes close.";
    this.#only("answer");
    this.#fit();
  }

  /** Smaller letters where a line of large ones would not fit. */
  #fit() {
    const { classList } = this.#reading;
    classList.remove("long");
    const lines = new Set(this.#chars.map((char) => char.offsetTop)).size;
    classList.toggle("long", lines > this.#reading.querySelectorAll("br").length + 1);
  }

  /** @param {number | null} index the character looked at */
  light(index) {
    light(this.#chars, (place) => place === index);
  }

  /** The letter on the page. @param {number} index @returns {HTMLElement | undefined} */
  charAt(index) {
    return this.#chars[index];
  }

  /** @param {Character} glyph @param {number} index */
  #char(glyph, index) {
    const name = nameOf(glyph);
    const sure = glyph.typed ? "corrected by you" : percent(glyph.confidence);
    const marks = [doubtful(glyph) && "doubtful", glyph.char === null && "rejected", glyph.typed && "typed"];
    const char = make("button", {
      type: "button",
      class: ["char", tone(index), ...marks.filter(Boolean)].join(" "),
      title: `${name}, ${sure}. Press to change it`,
      "aria-label": `${name}, ${sure}: change it`,
      "aria-haspopup": "dialog",
    }, glyph.char ?? "");
    /** @param {number | null} detail */
    const hover = (detail) => () => this.dispatchEvent(new CustomEvent("hover", { detail }));
    char.addEventListener("pointerenter", hover(index));
    char.addEventListener("pointerleave", hover(null));
    char.addEventListener("focus", hover(index));
    char.addEventListener("blur", hover(null));
    char.addEventListener("click", () => this.dispatchEvent(new CustomEvent("pick", { detail: index })));
    return char;
  }

  /** @param {{text: string, confidence: number}} rival */
  #rival({ text, confidence }) {
    const said = plain(text);
    const button = make("button", { type: "button", class: "btn rival", "aria-label": `Read it as ${said}, ${percent(confidence)}` },
      make("span", { class: "text" }, said), make("span", { class: "quiet" }, percent(confidence)));
    button.addEventListener("click", () => this.dispatchEvent(new CustomEvent("choose", { detail: text })));
    return make("li", {}, button);
  }

  /** @param {"nothing" | "answer" | "failure"} part */
  #only(part) {
    for (const id of ["nothing", "answer", "failure"]) byId(id).hidden = id !== part;
    if (part !== "answer") {
      this.#chars = [];
      this.#reading.replaceChildren();
      byId("rivals").replaceChildren();
    }
  }
}

/** What a screen reader hears: the text, how sure, and which characters are doubtful. @param {Reading} reading */
export function spoken(reading) {
  const doubts = reading.glyphs.flatMap((glyph, index) =>
    glyph.char === null ? [`mark ${index + 1} is ${NOT_A_CHARACTER}`]
      : doubtful(glyph) ? [`character ${index + 1}, ${glyph.char}, is only ${percent(glyph.confidence)} sure`] : []);
  return [`Read ${plain(reading.text)}. ${judged(reading)}`, ...doubts].join(". ").replaceAll("▢", " blank ").replaceAll(" · ", ", ");
}

/**
 * Gathers characters to words, with the spaces and line breaks of the drawing between them.
 * @param {Character[]} glyphs @param {HTMLElement[]} chars
 */
function spaced(glyphs, chars) {
  const parts = [];
  chars.forEach((char, index) => {
    const [before, glyph] = [glyphs[index - 1], glyphs[index]];
    if (before && glyph.line !== before.line) parts.push(make("br"));
    else if (before && glyph.word !== before.word) parts.push(make("span", { class: "space" }, " "));
    else if (before) return parts.at(-1).append(char);
    return parts.push(make("span", { class: "word" }, char));
  });
  return parts;
}
