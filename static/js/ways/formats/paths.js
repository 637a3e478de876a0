/** SVG paths → points. The browser itself knows where a path runs; nothing here parses curves. */

/**
 * Points along each part of a path, one part for each move of the pen.
 * @param {string} d @param {number} step the distance from point to point, in the path's own units
 * @returns {DOMPoint[][]} a part of no length is one point
 */
export function sampled(d, step) {
  const path = /** @type {SVGPathElement} */ (document.createElementNS("http://www.w3.org/2000/svg", "path"));
  const parts = [];
  let done = 0;
  for (const end of ends(d)) {
    path.setAttribute("d", d.slice(0, end));
    const whole = path.getTotalLength();
    const length = whole - done;
    const steps = Math.max(Math.round(length / step), length > 0 ? 1 : 0);
    // A hair beyond the beginning: the place where two parts meet belongs to the earlier one.
    const begin = done + Math.min(1e-3, length / 4);
    parts.push(Array.from({ length: steps + 1 }, (_, i) =>
      path.getPointAtLength(i === 0 ? begin : done + (length * i) / steps)));
    done = whole;
  }
  return parts;
}

/** Where each part of the path ends in its text. @param {string} d */
function ends(d) {
  const moves = [...d.matchAll(/m/gi)].map(({ index }) => /** @type {number} */ (index));
  return moves.map((_, i) => moves[i + 1] ?? d.length);
}
