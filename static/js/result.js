/** The answer in big letters, how sure it is, and what went wrong where something did. */

import { doubtful, NOT_A_CHARACTER, percent, plain, verdict } from "./confidence.js";
import { light, make, tone } from "./dom.js";

/**
 * @typedef {import("./recognize.js").Answer} Answer
 * @typedef {import("./recognize.js").Glyph} Glyph
 */

const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** Emits `hover` (detail: glyph index or null), `pick` (detail: glyph index) and `again`. */
export class Result extends EventTarget {
  /** @type {HTMLElement[]} */ #chars = [];
  #panel = byId("result");
  #reading = byId("reading");

  constructor() {
    super();
    byId("again").addEventListener("click", () => this.dispatchEvent(new Event("again")));
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

  /** @param {Answer} answer with at least one glyph */
  showAnswer(answer) {
    this.#chars = answer.glyphs.map((glyph, index) => this.#char(glyph, index));
    this.#reading.replaceChildren(...spaced(answer.glyphs, this.#chars));
    this.#reading.classList.toggle("long", answer.glyphs.length > 12);
    const texts = [answer.text, ...answer.alternatives.map(({ text }) => text)];
    byId("sure").textContent = `${verdict(answer.confidence, texts)} · ${percent(answer.confidence)}`;
    byId("meter").style.width = `${answer.confidence * 100}%`;
    const rivals = answer.alternatives.filter(({ text, confidence }) => text !== answer.text && confidence >= 0.005);
    const said = rivals.slice(0, 3).map(({ text, confidence }) => `${plain(text)} ${percent(confidence)}`);
    byId("perhaps").textContent = said.length > 0 ? `Other readings: ${said.join(", ")}` : "";
    this.#only("answer");
  }

  /** @param {number | null} index the character looked at */
  light(index) {
    light(this.#chars, (place) => place === index);
  }

  /** @param {Glyph} glyph @param {number} index */
  #char(glyph, index) {
    const name = glyph.char ?? NOT_A_CHARACTER;
    const char = make("button", {
      type: "button",
      class: `char ${tone(index)}${doubtful(glyph) ? " doubtful" : ""}${glyph.char === null ? " rejected" : ""}`,
      title: `${name}, ${percent(glyph.confidence)}`,
      "aria-label": `${name}, ${percent(glyph.confidence)}: show its chart`,
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

  /** @param {"nothing" | "answer" | "failure"} part */
  #only(part) {
    for (const id of ["nothing", "answer", "failure"]) byId(id).hidden = id !== part;
    if (part !== "answer") {
      this.#chars = [];
      this.#reading.replaceChildren();
    }
  }
}

/**
 * What a screen reader hears: the text, how sure, and which characters are doubtful.
 * @param {Answer} answer
 */
export function spoken(answer) {
  const texts = [answer.text, ...answer.alternatives.map(({ text }) => text)];
  const doubts = answer.glyphs.flatMap((glyph, index) =>
    glyph.char === null ? [`mark ${index + 1} is ${NOT_A_CHARACTER}`]
      : doubtful(glyph) ? [`character ${index + 1}, ${glyph.char}, is only ${percent(glyph.confidence)} sure`] : []);
  const sure = `${verdict(answer.confidence, texts)}, ${percent(answer.confidence)}`;
  return [`Read ${plain(answer.text)}. ${sure}`, ...doubts].join(". ").replaceAll("▢", " blank ");
}

/**
 * Puts the spaces and line breaks of the drawing between its characters.
 * @param {Glyph[]} glyphs @param {HTMLElement[]} chars
 */
function spaced(glyphs, chars) {
  return chars.flatMap((char, index) => {
    const [before, glyph] = [glyphs[index - 1], glyphs[index]];
    if (before && glyph.line !== before.line) return [make("br"), char];
    return before && glyph.word !== before.word ? [make("span", { class: "space" }, " "), char] : [char];
  });
}
