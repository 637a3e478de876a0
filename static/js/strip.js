/** The film strip: every stroke as the picture that is sent, in the order it was drawn, lit up as they are replayed. */

import { light, make, tone } from "./dom.js";
import { pictureRatio } from "./ink.js";

export class Strip {
  /** @type {(number | undefined)[]} the glyph of each stroke */ #glyphs = [];

  /** @param {HTMLElement} list @param {HTMLElement} note */
  constructor(list, note) {
    this.list = list;
    this.note = note;
    this.show([]);
  }

  /** @param {readonly Stroke[]} strokes */
  show(strokes) {
    const ratio = pictureRatio(strokes);
    this.#glyphs = [];
    this.list.replaceChildren(...strokes.map((stroke, index) => {
      const [start, end] = stroke.times;
      const { image, x, y } = stroke.picture(ratio);
      const seconds = `${((end - start) / 1000).toFixed(2)} s`;
      return make("li", { title: `at ${x}, ${y}; ${stroke.x.length} points` },
        make("img", { src: image, alt: `Stroke ${index + 1}`, height: 56 }),
        make("span", {}, `${index + 1} · ${seconds}`));
    }));
    const points = strokes.reduce((sum, { x }) => sum + x.length, 0);
    const count = `${strokes.length} ${strokes.length === 1 ? "stroke" : "strokes"}`;
    this.note.textContent = strokes.length === 0 ? "" : `${count}, ${points} points`;
    this.list.scrollLeft = this.list.scrollWidth; // the newest in sight, without moving the page
  }

  /**
   * Colours each stroke as the character it belongs to.
   * @param {Character[]} glyphs @param {readonly Stroke[]} strokes
   */
  mark(glyphs, strokes) {
    this.#glyphs = strokes.map((stroke) => {
      const glyph = glyphs.findIndex(({ parts }) => parts.some((part) => part.stroke === stroke));
      return glyph < 0 ? undefined : glyph;
    });
    [...this.list.children].forEach((item, stroke) => {
      const glyph = this.#glyphs[stroke];
      item.className = glyph === undefined ? "" : tone(glyph);
    });
  }

  /** The stroke that is being replayed, in sight; null: none. @param {number | null} index */
  play(index) {
    [...this.list.children].forEach((item, place) => item.classList.toggle("playing", place === index));
    const item = index === null ? undefined : this.list.children[index];
    if (item) this.list.scrollLeft = item.offsetLeft - this.list.clientWidth / 2 + item.offsetWidth / 2;
  }

  /** @param {number | null} index the character looked at */
  light(index) {
    light(this.list.children, (stroke) => index !== null && this.#glyphs[stroke] === index);
  }
}
