/** The repair of one character: another reading, cut in two, joined with the next, or rubbed out. */

import { likelyCut } from "./splitting.js";
import { nameOf, NOT_A_CHARACTER, percent } from "./confidence.js";
import { byId, make, makeSvg, tone } from "./dom.js";
import "./sheets.js";

const GAP = 8; // CSS pixels between a character and its sheet
const MARGIN = 8; // paper pixels around the ink that is to be cut

const SHEET = `
<dialog class="sheet" id="editor" aria-labelledby="editor-title">
  <div class="sheet-head">
    <button class="btn btn-quiet tool" id="before" type="button" aria-label="Character before"><svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false"><path d="m12 4.5-5.5 5.5 5.5 5.5"/></svg></button>
    <h2 id="editor-title">Character</h2>
    <button class="btn btn-quiet tool" id="after" type="button" aria-label="Character after"><svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false"><path d="m8 4.5 5.5 5.5-5.5 5.5"/></svg></button>
    <form method="dialog"><button class="btn btn-quiet tool" aria-label="Close"><svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false"><path d="m5 5 10 10M15 5 5 15"/></svg></button></form>
  </div>
  <div id="repairs">
    <div class="options" id="options-of-character" role="group" aria-label="It is"></div>
    <form class="other" id="typed-form">
      <label for="typed">Another</label>
      <input class="field" id="typed" maxlength="8" autocomplete="off" autocapitalize="off" autocorrect="off" spellcheck="false" placeholder="type it">
      <button class="btn btn-primary">Set</button>
    </form>
    <div class="acts">
      <button class="btn btn-quiet" id="split" type="button"><svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false"><path d="M10 2.5v15M6.5 7 3.5 10l3 3M13.5 7l3 3-3 3"/></svg>Split</button>
      <button class="btn btn-quiet" id="join" type="button"><svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false"><path d="M2.5 10h5M17.5 10h-5M5 7l3 3-3 3M15 7l-3 3 3 3"/></svg>Join with next</button>
      <button class="btn btn-quiet" id="rub" type="button"><svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false"><path d="M3.5 5.5h13M8 5.5v-2h4v2M5.5 5.5l.7 11h7.6l.7-11"/></svg>Erase</button>
      <button class="btn btn-quiet" id="automatic" type="button">As the reader has it</button>
    </div>
  </div>
  <div id="cutting" hidden>
    <svg class="cut-picture" id="cut-picture" aria-hidden="true" focusable="false"></svg>
    <label class="quiet" for="cut-line">Move the line to where the second character begins</label>
    <input type="range" id="cut-line">
    <div class="acts"><button class="btn btn-quiet" id="uncut" type="button">Back</button><button class="btn btn-primary" id="cut" type="button">Split here</button></div>
  </div>
</dialog>`;

/**
 * Emits `look` (detail: place or null) for the character at hand, and what the user wants done with it: `say` (detail:
 * {index, char}; "" for no character, null to leave it to the reader), `split` (detail: {index, x}), `join` (detail: index)
 * and `erase` (detail: index).
 */
export class Editor extends EventTarget {
  #sheet;
  #typed;
  #line;
  /** @type {Character[]} */ #glyphs = [];
  #index = 0;
  #anchor = (_index) => undefined;

  constructor() {
    super();
    document.body.insertAdjacentHTML("beforeend", SHEET);
    [this.#sheet, this.#typed, this.#line] = ["editor", "typed", "cut-line"].map((id) => byId(id));
    this.#sheet.addEventListener("close", () => {
      this.#emit("look", null);
      this.#anchor(this.#index)?.focus({ preventScroll: true });
    });
    this.#sheet.addEventListener("click", (event) => event.target === this.#sheet && this.#sheet.close()); // beside it
    this.#sheet.addEventListener("keydown", (event) => this.#key(event));
    byId("typed-form").addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#typed.value) this.#decide("say", { char: firstOf(this.#typed.value) });
    });
    byId("before").addEventListener("click", () => this.#turn(-1));
    byId("after").addEventListener("click", () => this.#turn(1));
    byId("automatic").addEventListener("click", () => this.#decide("say", { char: null }));
    byId("split").addEventListener("click", () => this.#showCut());
    byId("join").addEventListener("click", () => this.#decide("join"));
    byId("rub").addEventListener("click", () => this.#decide("erase"));
    byId("cut").addEventListener("click", () => this.#decide("split", { x: Number(this.#line.value) }));
    byId("uncut").addEventListener("click", () => this.#show());
    this.#line.addEventListener("input", () => this.#moveLine());
    for (const type of ["pointerdown", "pointermove"]) {
      byId("cut-picture").addEventListener(type, (event) => this.#drag(event));
    }
  }

  /**
   * @param {Character[]} glyphs @param {number} index which of them
   * @param {(index: number) => HTMLElement | undefined} anchor the letters on the page
   */
  open(glyphs, index, anchor) {
    if (this.#sheet.open) return;
    [this.#glyphs, this.#index, this.#anchor] = [glyphs, index, anchor];
    this.#sheet.showModal();
    this.#show();
    byId("options-of-character").querySelector("button")?.focus();
  }

  /** The drawing was read anew: an open sheet shows the character that is there now. @param {Character[]} glyphs */
  follow(glyphs) {
    if (!this.#sheet.open) return;
    if (this.#index >= glyphs.length) return this.#sheet.close();
    const typing = document.activeElement === this.#typed && this.#typed.value;
    this.#glyphs = glyphs;
    this.#show();
    if (typing) this.#typed.value = typing;
    else byId("options-of-character").querySelector("button")?.focus();
  }

  get #glyph() {
    return this.#glyphs[this.#index];
  }

  /** Whether the character has a stroke together with another one. */
  get #shares() {
    const own = new Set(this.#glyph.parts.map(({ stroke }) => stroke));
    return this.#glyphs.some((other) => other !== this.#glyph && other.parts.some(({ stroke }) => own.has(stroke)));
  }

  #show() {
    const [glyph, index, count] = [this.#glyph, this.#index, this.#glyphs.length];
    const inked = glyph.parts.length > 0;
    byId("editor-title").textContent = `Character ${index + 1} of ${count}`;
    byId("options-of-character").replaceChildren(...this.#options());
    this.#typed.value = "";
    byId("before").toggleAttribute("disabled", index === 0);
    byId("after").toggleAttribute("disabled", index === count - 1);
    byId("automatic").hidden = !glyph.typed;
    byId("split").hidden = !inked || glyph.parts.reduce((sum, { begin, end }) => sum + end - begin, 0) < 4;
    byId("join").hidden = !inked || index === count - 1;
    byId("rub").hidden = !inked || this.#shares; // half a stroke cannot be rubbed out
    byId("repairs").hidden = false;
    byId("cutting").hidden = true;
    this.#emit("look", index);
    this.#place();
  }

  /** What the character may be: a button each, the present one pressed. */
  #options() {
    const { alternatives, char, typed } = this.#glyph;
    const known = alternatives.some((other) => other.char === char);
    const all = known ? alternatives : [{ char, confidence: 1 }, ...alternatives];
    return all.map((other) => {
      const value = other.char === char && typed ? "by you" : percent(other.confidence);
      const button = make("button", {
        type: "button", class: "btn option", "aria-pressed": String(other.char === char), "aria-label": `${nameOf(other)}, ${value}`,
        title: nameOf(other),
      }, make("span", { class: "char-of-option" }, other.char ?? "∅"), make("span", { class: "quiet" }, value));
      button.addEventListener("click", () => this.#decide("say", { char: other.char ?? "" }));
      return button;
    });
  }

  /** Shows the ink with the line that is to part it. */
  #showCut() {
    const { box, parts } = this.#glyph;
    const [left, right] = [Math.round(box.x), Math.round(box.x + box.width)];
    Object.assign(this.#line, { min: left, max: right });
    this.#line.value = String(Math.round(likelyCut({ parts, char: null }, box)));
    const way = ({ stroke, begin, end }) => stroke.x.slice(begin, end).map((x, i) => `${x},${stroke.y[begin + i]}`).join(" ");
    const picture = byId("cut-picture");
    picture.setAttribute("class", `cut-picture ${tone(this.#index)}`);
    picture.setAttribute("viewBox", `${box.x - MARGIN} ${box.y - MARGIN} ${box.width + 2 * MARGIN} ${box.height + 2 * MARGIN}`);
    picture.replaceChildren(
      ...parts.map((part) => makeSvg("polyline", { points: way(part), "stroke-width": part.stroke.width })),
      makeSvg("line", { y1: box.y - MARGIN, y2: box.y + box.height + MARGIN }));
    byId("repairs").hidden = true;
    byId("cutting").hidden = false;
    this.#moveLine();
    this.#place();
    this.#line.focus();
  }

  #moveLine() {
    const line = byId("cut-picture").querySelector("line");
    for (const end of ["x1", "x2"]) line?.setAttribute(end, this.#line.value);
    const { x, width } = this.#glyph.box;
    this.#line.setAttribute("aria-valuetext", percent((Number(this.#line.value) - x) / (width || 1)) + " from the left");
  }

  /** The line follows a finger on the picture. @param {PointerEvent} event */
  #drag({ type, buttons, clientX, pointerId }) {
    const picture = byId("cut-picture");
    if (type === "pointerdown") picture.setPointerCapture(pointerId);
    const matrix = picture.getScreenCTM();
    if (buttons === 0 || !matrix) return;
    this.#line.value = String(Math.round((clientX - matrix.e) / matrix.a));
    this.#moveLine();
  }

  /** Below the letter where there is room, else beside the ink or below it; narrow windows keep the sheet at their foot. */
  #place() {
    const sheet = this.#sheet;
    sheet.style.removeProperty("inset");
    const [letter, box] = [this.#anchor(this.#index), byId("boxes").children[this.#index]?.firstElementChild];
    if (!letter || !box) return;
    const { offsetWidth: width, offsetHeight: height } = sheet;
    const wide = matchMedia("(min-width: 576px)").matches;
    // The page may have been scrolled so far that the ink is out of the window, or where the sheet will be.
    const { top: above, bottom: foot } = box.getBoundingClientRect();
    const hidden = above < GAP ? above - GAP : wide ? 0 : Math.max(0, foot + GAP - innerHeight + height);
    scrollBy({ top: hidden, behavior: "instant" });
    if (!wide) return;
    const [at, ink] = [letter.getBoundingClientRect(), box.getBoundingClientRect()];
    const [right, bottom] = [innerWidth - width - GAP, innerHeight - height - GAP];
    const within = (value, most) => Math.max(GAP, Math.min(value, most));
    const below = at.bottom + GAP <= bottom;
    const beside = ink.right + GAP <= right ? ink.right + GAP : ink.left - GAP - width;
    const fits = !below && beside >= GAP;
    const left = fits ? beside : at.left + at.width / 2 - width / 2;
    const top = below ? at.bottom + GAP : fits ? ink.top : ink.bottom + GAP;
    sheet.style.inset = `${within(top, bottom)}px auto auto ${within(left, right)}px`;
  }

  /** @param {number} by */
  #turn(by) {
    this.#index = Math.max(0, Math.min(this.#index + by, this.#glyphs.length - 1));
    this.#show();
    // What had the focus may be gone or disabled now, and keys would no longer reach the sheet.
    if (document.activeElement?.matches("#editor :enabled")) return;
    byId("options-of-character").querySelector("button")?.focus();
  }

  /** A letter or digit typed while the sheet is open is the character. @param {KeyboardEvent} event */
  #key(event) {
    const { key, ctrlKey, metaKey, altKey, target } = event;
    if (ctrlKey || metaKey || altKey || target instanceof HTMLInputElement) return;
    if (key === "ArrowLeft" || key === "ArrowRight") this.#turn(key === "ArrowLeft" ? -1 : 1);
    else if ([...key].length === 1 && key !== " ") this.#decide("say", { char: key });
    else return;
    event.preventDefault();
  }

  /** @param {string} type @param {object} [rest] */
  #decide(type, rest) {
    this.#sheet.close();
    this.#emit(type, rest ? { index: this.#index, ...rest } : this.#index);
  }

  /** @param {string} type @param {unknown} detail */
  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** The first character as people count them. @param {string} text */
function firstOf(text) {
  const trimmed = text.trim();
  if (!("Segmenter" in Intl)) return [...trimmed][0] ?? "";
  return [...new Intl.Segmenter().segment(trimmed)][0]?.segment ?? "";
}
