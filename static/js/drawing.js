/** The drawing: its strokes and how it came to be, so that every step, clearing too, can be taken back. */

/** @typedef {import("./ink.js").Stroke} Stroke */

/** Emits `change` after each step. Lists of strokes are never altered, only replaced. */
export class Drawing extends EventTarget {
  /** @type {readonly Stroke[]} */ strokes = [];
  /** @type {(readonly Stroke[])[]} */ #past = [];

  get canUndo() {
    return this.#past.length > 0;
  }

  /** @param {Stroke} stroke */
  add(stroke) {
    this.#become([...this.strokes, stroke]);
  }

  /** Empties the drawing; nothing happens where it is empty. */
  clear() {
    if (this.strokes.length > 0) this.#become([]);
  }

  /** Takes back the last step, if there is one. */
  undo() {
    const before = this.#past.pop();
    if (!before) return;
    this.strokes = before;
    this.dispatchEvent(new Event("change"));
  }

  /** @param {readonly Stroke[]} strokes */
  #become(strokes) {
    this.#past.push(this.strokes);
    this.strokes = strokes;
    this.dispatchEvent(new Event("change"));
  }
}
