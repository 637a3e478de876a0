/** Which ink an eraser touches. */

/**
 * The strokes that an eraser moving from one place to another touches.
 * @param {readonly Stroke[]} strokes @param {Place} from @param {Place} to @param {number} reach
 */
export function touched(strokes, from, to, reach) {
  const [left, right] = [Math.min(from.x, to.x) - reach, Math.max(from.x, to.x) + reach];
  const [top, bottom] = [Math.min(from.y, to.y) - reach, Math.max(from.y, to.y) + reach];
  return strokes.filter((stroke) => {
    const { box, x, y } = stroke;
    if (box.x > right || box.y > bottom || box.x + box.width < left || box.y + box.height < top) return false;
    const limit = reach + stroke.width / 2;
    return x.some((_, i) => {
      const [a, b] = [{ x: x[Math.max(i - 1, 0)], y: y[Math.max(i - 1, 0)] }, { x: x[i], y: y[i] }];
      return cross(from, to, a, b) || toSegment(b, from, to) <= limit || toSegment(to, a, b) <= limit;
    });
  });
}

/** Whether the ways a–b and c–d cross. @param {Place} a @param {Place} b @param {Place} c @param {Place} d */
export function cross(a, b, c, d) {
  const side = (p, q, r) =>
    Math.sign((q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x));
  return side(a, b, c) !== side(a, b, d) && side(c, d, a) !== side(c, d, b);
}

/** How far a place is from the way a–b. @param {Place} place @param {Place} a @param {Place} b */
function toSegment({ x, y }, a, b) {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const share = Math.max(0, Math.min(1, ((x - a.x) * dx + (y - a.y) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - a.x - share * dx, y - a.y - share * dy);
}
