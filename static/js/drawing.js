/**
 * The document: the ink, how the user wants it cut and read, and how it came to be, so that every step can be taken
 * back and done again. The only place that holds any of it; all other parts show what stands here.
 */

import { Stroke as Ink } from "./ink.js";

// Links number them (docs/share-links.md): a new one goes to the end.
export const ALPHABETS = ["auto", "digits", "letters", "uppercase", "lowercase", "alphanumeric"];
const VERSION = 1;
const LONGEST_PAST = 500; // steps
const UNKNOWN_PAUSE = 1000; // ms between ink of an earlier visit, or of a file, and the first stroke after it

/** @type {State} */
const EMPTY = { strokes: [], groups: null, paper: null, picture: null, alphabet: "auto", words: [] };

/**
 * Emits `change` after each step, with detail {kind, label}: kind is "ink" (strokes or picture), "groups" (cut or
 * corrections alone) or "settings" (alphabet or word list); label names the step for people.
 * Nothing in a state is ever altered, only replaced.
 */
export class Drawing extends EventTarget {
  /** @type {State} */ #now = EMPTY;
  /** @type {{before: Partial<State>, after: Partial<State>, label: string}[]} */ #past = [];
  /** @type {{before: Partial<State>, after: Partial<State>, label: string}[]} */ #future = [];

  #clock = 0; // ms by which the pen's clock is behind that of the ink: it starts anew with each visit

  get strokes() {
    return this.#now.strokes;
  }

  /** Characters that the user cut or corrected; null: the reader decides all. Strokes drawn since are in none. */
  get groups() {
    return this.#now.groups;
  }

  /** The largest paper that the ink was drawn on; null where there is none. */
  get paper() {
    return this.#now.paper;
  }

  get picture() {
    return this.#now.picture;
  }

  get alphabet() {
    return this.#now.alphabet;
  }

  get words() {
    return this.#now.words;
  }

  /** Whether there is neither ink nor a picture. */
  get empty() {
    return this.strokes.length === 0 && !this.picture;
  }

  /** What `undo` would take back, in words; null where there is nothing. */
  get undoable() {
    return this.#past.at(-1)?.label ?? null;
  }

  /** What `redo` would do again. */
  get redoable() {
    return this.#future.at(-1)?.label ?? null;
  }

  /**
   * Adds a stroke; a picture that was there is put aside.
   * @param {Stroke} stroke @param {Size} paper that it was drawn on
   */
  add(stroke, paper) {
    const { picture, groups, paper: known } = this.#now;
    const size = larger(paper, known && !picture ? known : paper);
    const strokes = [...this.strokes, this.#timely(stroke)];
    this.#step("stroke", { strokes, paper: size, picture: null, groups: picture ? null : groups });
  }

  /** Takes strokes away; characters that lose ink lose their correction. @param {Iterable<Stroke>} strokes */
  erase(strokes, label = "erased ink") {
    const gone = new Set(strokes);
    const left = this.strokes.filter((stroke) => !gone.has(stroke));
    if (left.length === this.strokes.length) return;
    this.#step(label, { strokes: left, groups: without(this.groups, gone), paper: left.length > 0 ? this.paper : null });
  }

  /** Empties the drawing; nothing happens where it is empty. */
  clear() {
    if (!this.empty) this.#step("cleared drawing", { strokes: [], groups: null, paper: null, picture: null });
  }

  /**
   * Cuts or corrects: sets what the characters are made of. Ink that is in no group is cut by the reader.
   * @param {readonly Group[] | null} groups @param {string} label
   */
  regroup(groups, label) {
    this.#step(label, { groups });
  }

  /** How to read: no step of its own, undo leaves it alone. @param {{alphabet?: string, words?: readonly string[]}} settings */
  set({ alphabet = this.alphabet, words = this.words }) {
    this.#become({ alphabet, words }, "settings");
  }

  /**
   * Puts another document in place of this one: an import, an example, typed text. One step.
   * Alphabet and word list stay where the document does not name them.
   * @param {Partial<State>} document as `parse` gives it @param {string} label
   */
  replace(document, label) {
    const { alphabet, words } = this.#now;
    this.#step(label, { ...EMPTY, alphabet, words, ...document });
  }

  /** The same without a step, at the start of a visit. @param {Partial<State>} document */
  restore(document) {
    this.#past = [];
    this.#future = [];
    this.#become({ ...EMPTY, ...document }, "restored drawing");
  }

  /** Takes back the last step. @returns {string | null} its label */
  undo() {
    const step = this.#past.pop();
    if (!step) return null;
    this.#future.push(step);
    this.#become(step.before, step.label);
    return step.label;
  }

  /** Does the step taken back last again. @returns {string | null} its label */
  redo() {
    const step = this.#future.pop();
    if (!step) return null;
    this.#past.push(step);
    this.#become(step.after, step.label);
    return step.label;
  }

  /** A plain snapshot, for `parse`; without the history. */
  toJSON() {
    const { strokes, groups, ...rest } = this.#now;
    const place = new Map(strokes.map((stroke, index) => [stroke, index]));
    return {
      glyphline: VERSION,
      ...rest,
      strokes: strokes.map((stroke) => stroke.toJSON()),
      groups: groups && groups.map(({ parts, char }) => ({
        parts: parts.map(({ stroke, begin, end }) => ({ stroke: place.get(stroke), begin, end })),
        char,
      })),
    };
  }

  /**
   * A snapshot → what `replace` and `restore` take.
   * @param {any} json @returns {State}
   * @throws {TypeError} in plain words, where it is no drawing
   */
  static parse(json) {
    if (json?.glyphline !== VERSION || !Array.isArray(json.strokes)) throw new TypeError("This is not a Glyphline drawing.");
    const strokes = json.strokes.map(Ink.parse);
    const groups = json.groups ? json.groups.map((group) => parseGroup(group, strokes)) : null;
    const words = Array.isArray(json.words) ? json.words.filter((word) => typeof word === "string" && word) : [];
    const alphabet = ALPHABETS.includes(json.alphabet) ? json.alphabet : EMPTY.alphabet;
    return { strokes, groups, paper: parseSize(json.paper), picture: parsePicture(json.picture), alphabet, words };
  }

  /** Times of a drawing never run backward. @param {Stroke} stroke */
  #timely(stroke) {
    const last = this.strokes.at(-1)?.times[1];
    if (last === undefined) this.#clock = 0;
    else if (stroke.t[0] + this.#clock < last) this.#clock = last + UNKNOWN_PAUSE - stroke.t[0];
    return this.#clock === 0 ? stroke : stroke.later(this.#clock);
  }

  /** @param {string} label @param {Partial<State>} after */
  #step(label, after) {
    const before = Object.fromEntries(Object.keys(after).map((key) => [key, this.#now[key]]));
    this.#past = [...this.#past, { before, after, label }].slice(-LONGEST_PAST);
    this.#future = [];
    this.#become(after, label);
  }

  /** @param {Partial<State>} changes @param {string} label */
  #become(changes, label) {
    const before = this.#now;
    this.#now = { ...before, ...changes };
    const { strokes, picture, groups } = this.#now;
    const kind = strokes !== before.strokes || picture !== before.picture ? "ink" : groups !== before.groups ? "groups" : "settings";
    this.dispatchEvent(new CustomEvent("change", { detail: { kind, label } }));
  }
}

/** @param {readonly Group[] | null} groups @param {Set<Stroke>} gone @returns {Group[] | null} null where none is left */
function without(groups, gone) {
  const left = (groups ?? []).flatMap((group) => {
    const parts = group.parts.filter(({ stroke }) => !gone.has(stroke));
    if (parts.length === group.parts.length) return [group];
    return parts.length > 0 ? [{ parts, char: null }] : [];
  });
  return left.length > 0 ? left : null;
}

/** @param {Size} one @param {Size} other @returns {Size} that holds both */
function larger(one, other) {
  return { width: Math.max(one.width, other.width), height: Math.max(one.height, other.height) };
}

/** @param {any} group @param {Stroke[]} strokes @returns {Group} */
function parseGroup(group, strokes) {
  const parts = group.parts.map(({ stroke, begin, end }) => {
    const length = strokes[stroke]?.x.length ?? 0;
    if (!(Number.isInteger(begin) && begin >= 0 && begin < end && end <= length)) throw new TypeError("A character of this drawing names ink that is not there.");
    return { stroke: strokes[stroke], begin, end };
  });
  return { parts, char: typeof group.char === "string" ? group.char : null };
}

/** @param {any} size @returns {Size | null} */
function parseSize(size) {
  return size?.width > 0 && size.height > 0 ? { width: Number(size.width), height: Number(size.height) } : null;
}

/** @param {any} picture @returns {FlatPicture | null} */
function parsePicture(picture) {
  const size = parseSize(picture);
  if (!size || !/^data:image\/(png|jpeg|webp);base64,/.test(picture.image)) return null;
  return { ...size, image: picture.image, pixels: picture.pixels > 0 ? Number(picture.pixels) : size.width };
}
