/** Boxes on the drawing: which ink was read as which character. */

import { doubtful } from "./confidence.js";
import { light, makeSvg, tone } from "./dom.js";

const MARGIN = 8; // paper pixels between the ink and its box

export class Boxes {
  /** @type {Character[]} */ #glyphs = [];

  /** @param {SVGSVGElement} svg lies over the pad and lets every pointer through */
  constructor(svg) {
    this.svg = svg;
  }

  /** @param {Box} view the visible part of the paper */
  set view({ x, y, width, height }) {
    this.svg.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
  }

  /** The drawing has changed since: the boxes fade until the next answer. @param {boolean} stale */
  set stale(stale) {
    this.svg.classList.toggle("stale", stale);
  }

  /** @param {Character[]} glyphs */
  show(glyphs) {
    this.#glyphs = glyphs;
    this.stale = false;
    this.svg.replaceChildren(...glyphs.map((glyph, index) => {
      const { x, y, width, height } = grown(glyph.box);
      const label = { x: x + 1, y: y > 18 ? y - 5 : y + height + 15 }; // above the box, below it at the top
      return makeSvg("g", { class: `${tone(index)}${doubtful(glyph) ? " doubtful" : ""}` },
        makeSvg("rect", { x, y, width, height, rx: 6 }),
        makeSvg("text", label, glyph.char ?? "▢"));
    }));
  }

  /** @param {number | null} index the character looked at */
  light(index) {
    light(this.svg.children, (place) => place === index);
  }

  /**
   * The glyph at a place, the smallest where boxes overlap.
   * @param {{x: number, y: number}} place @returns {number | null}
   */
  at({ x, y }) {
    const hits = this.#glyphs
      .map(({ box }, index) => ({ index, ...grown(box) }))
      .filter((box) => x >= box.x && y >= box.y && x <= box.x + box.width && y <= box.y + box.height)
      .sort((one, other) => one.width * one.height - other.width * other.height);
    return hits[0]?.index ?? null;
  }
}

/** @param {Box} box */
function grown({ x, y, width, height }) {
  return { x: x - MARGIN, y: y - MARGIN, width: width + 2 * MARGIN, height: height + 2 * MARGIN };
}
