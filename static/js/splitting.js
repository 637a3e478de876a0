/** Characters cut in two, and joined with the next. */

const FEWEST = 2; // points of a piece

/** One character with the next. @param {readonly Group[]} groups @param {number} index @returns {Group[]} */
export function joined(groups, index) {
  const parts = [...groups[index].parts, ...groups[index + 1].parts];
  return groups.toSpliced(index, 2, { parts: tidied(parts), char: null });
}

/**
 * One character cut in two at a vertical line: what lies left of `x`, and what lies right.
 * @param {readonly Group[]} groups @param {number} index @param {number} x paper pixels
 * @returns {Group[] | null} null where one side would be empty
 */
export function split(groups, index, x) {
  const sides = [[], []];
  for (const part of groups[index].parts) {
    const { at, flipped } = crossing(part, x);
    const { stroke, begin, end } = part;
    if (at > begin) sides[Number(flipped)].push({ stroke, begin, end: at });
    if (at < end) sides[Number(!flipped)].push({ stroke, begin: at, end });
  }
  if (sides.some((parts) => parts.length === 0)) return null;
  return groups.toSpliced(index, 1, ...sides.map((parts) => ({ parts, char: null })));
}

/**
 * Where a line most likely parts two characters: where it crosses little ink and leaves little on the wrong side.
 * @param {Group} group @param {Box} box of the character @returns {number} x, paper pixels
 */
export function likelyCut({ parts }, { x, width }) {
  let best = { x: x + width / 2, cost: Infinity };
  for (let share = 0.2; share <= 0.8; share += 0.02) {
    const line = x + share * width;
    const crossed = parts.map((part) => crossing(part, line));
    const cuts = crossed.filter(({ at }, i) => at > parts[i].begin && at < parts[i].end).length;
    const wrong = crossed.reduce((sum, { misplaced }) => sum + misplaced, 0) / parts.reduce((sum, { begin, end }) => sum + end - begin, 0);
    const cost = cuts + 5 * wrong + Math.abs(share - 0.5);
    if (cost < best.cost) best = { x: line, cost };
  }
  return best.x;
}

/**
 * The point at which a part passes a line for good, or its begin or end where it lies on one side.
 * @param {Part} part @param {number} line x
 * @returns {{at: number, flipped: boolean, misplaced: number}} flipped: it comes from the right
 */
function crossing({ stroke, begin, end }, line) {
  const right = stroke.x.slice(begin, end).map((x) => x >= line);
  const count = right.filter(Boolean).length;
  const length = end - begin;
  let best = { at: end, flipped: count > length / 2, misplaced: Math.min(count, length - count) };
  let before = 0; // points on the right so far
  for (let i = 1; i < length; i++) {
    before += Number(right[i - 1]);
    const misplaced = before + (length - i - (count - before)); // left first, then right
    if (i >= FEWEST && length - i >= FEWEST) {
      if (misplaced < best.misplaced) best = { at: begin + i, flipped: false, misplaced };
      if (length - misplaced < best.misplaced) best = { at: begin + i, flipped: true, misplaced: length - misplaced };
    }
  }
  return best;
}

/** Parts that follow each other in one stroke put together again. @param {Part[]} parts */
function tidied(parts) {
  const tidy = [];
  for (const part of parts.toSorted((one, other) => one.begin - other.begin)) {
    const before = tidy.findIndex(({ stroke, end }) => stroke === part.stroke && end === part.begin);
    if (before < 0) tidy.push(part);
    else tidy[before] = { ...tidy[before], end: part.end };
  }
  return tidy;
}
