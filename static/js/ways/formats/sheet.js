/**
 * A sheet of ink, as every file and link carries it, and the checks that all of them share.
 *
 * @typedef {{x: number[], y: number[], t?: number[], p?: number[], pointer?: string, width?: number}} Columns  CSS pixels,
 *   ms, pressure 0 to 1, and the pen's width
 * @typedef {{strokes: Columns[], width?: number, height?: number, alphabet?: string, words?: string[]}} Sheet  its size in
 *   CSS pixels
 */

const FAR = 1e6; // the bounds of the contract
const STROKES = 512;
const STROKE_POINTS = 10_000;
const POINTS = 50_000;
const STEP = 8; // ms from point to point where the times are unknown
const PAUSE = 120; // ms between such strokes

/** Ink that cannot be taken in; its message is a sentence for people. */
export class Unreadable extends Error {}

/**
 * The sheet with times in every stroke; strokes without points are left out.
 * @param {Sheet} sheet @returns {Sheet & {strokes: (Columns & {t: number[]})[]}}
 * @throws {Unreadable} where the columns make no ink, or more than is read
 */
export function checked({ strokes, width, height, alphabet }) {
  checkCount(strokes.length);
  strokes.forEach(checkStroke);
  const inked = strokes.filter(({ x }) => x.length > 0);
  const points = inked.reduce((sum, { x }) => sum + x.length, 0);
  if (points === 0) throw new Unreadable("There is no ink in it.");
  if (points > POINTS) throw new Unreadable(`It holds ${points} points; at most ${POINTS} are read.`);
  const size = [width, height].every((side) => Number.isFinite(side) && Number(side) > 0 && Number(side) <= FAR)
    ? { width, height } : {};
  return { strokes: timed(inked), ...size, ...(alphabet ? { alphabet } : {}) };
}

/** Also for who can count strokes before it makes them. @param {number} strokes @throws {Unreadable} */
export function checkCount(strokes) {
  if (strokes > STROKES) throw new Unreadable(`It holds ${strokes} strokes; at most ${STROKES} are read.`);
}

/** @param {Columns} stroke @param {number} index */
function checkStroke({ x, y, t, p }, index) {
  const name = `Stroke ${index + 1}`;
  for (const [axis, column] of Object.entries({ x, y, t, p })) {
    if (column === undefined && (axis === "t" || axis === "p")) continue;
    if (!Array.isArray(column)) throw new Unreadable(`${name} has no list of ${axis}.`);
    if (column.length !== x.length) throw new Unreadable(`${name} has ${x.length} x but ${column.length} ${axis}.`);
    const most = axis === "t" ? 1e15 : FAR;
    if (!column.every((value) => typeof value === "number" && Math.abs(value) <= most)) {
      throw new Unreadable(`${name} has a value of ${axis} that is no usable number.`);
    }
  }
  if (x.length > STROKE_POINTS) throw new Unreadable(`${name} has ${x.length} points; at most ${STROKE_POINTS} are read.`);
  if (t?.some((time, i) => time < t[i - 1])) throw new Unreadable(`The times of stroke ${index + 1} run backward.`);
}

/**
 * Gives times to strokes without; strokes whose clocks begin anew follow the one before.
 * @param {Columns[]} strokes
 */
function timed(strokes) {
  let now = -Infinity;
  return strokes.map((stroke) => {
    const first = now === -Infinity ? 0 : now + PAUSE;
    let t = stroke.t ?? stroke.x.map((_, i) => first + i * STEP);
    if (t[0] < now) t = t.map((time) => time - /** @type {number[]} */ (stroke.t)[0] + first);
    now = t[t.length - 1];
    return { ...stroke, t };
  });
}
