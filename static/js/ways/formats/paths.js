/** SVG paths → points. The browser itself knows where a path runs; nothing here parses curves. */

import { makeSvg } from "../../dom.js";

const HAIR = 1e-3; // of the way: where a part begins, a path still tells where the one before it ended

/** The text of each part of a path, one part for each move of the pen. @param {string} d @returns {string[]} */
export const pieces = (d) => d.split(/(?=m)/i).filter((piece) => /^m\s*[-+.\d]/i.test(piece));

/**
 * @typedef {{path: SVGPathElement, length: number}} Way  one part of a path, and how long it is in the path's own units
 * @param {string[]} parts of one path, as `pieces` gives them @returns {Way[]}
 */
export function ways(parts) {
  let from = { x: 0, y: 0 }; // where the pen is: a move may be a step from there
  return parts.map((piece) => {
    const d = piece.startsWith("m") ? `M${from.x} ${from.y}${piece}` : piece;
    const path = /** @type {SVGPathElement} */ (makeSvg("path", { d }));
    const length = path.getTotalLength();
    if (length === 0) path.setAttribute("d", `${d}h1`); // a path of no length does not tell where it is
    from = path.getPointAtLength(length || HAIR);
    return { path, length };
  });
}

/**
 * Points along one part, evenly.
 * @param {Way} way @param {number} step the distance from point to point @returns {DOMPoint[]} of a part of no length: one
 */
export function along({ path, length }, step) {
  const steps = length > 0 ? Math.max(Math.round(length / step), 1) : 0;
  const begin = length > 0 ? Math.min(HAIR, length / 4) : HAIR;
  return Array.from({ length: steps + 1 }, (_, i) => path.getPointAtLength(i === 0 ? begin : (length * i) / steps));
}
