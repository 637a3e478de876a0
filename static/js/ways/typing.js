/** Typed text → ink: the same strokes that a pen would leave, at a person's pace. */

import { along, pieces, ways } from "./formats/paths.js";
import { LETTERS } from "./letters.js";

const HIGH = 100; // units from the top of a capital to the line
const GAP = 22; // units between characters
const SPACE = 130; // units of a space
const LEADING = 175; // units from line to line; tails reach 45 below
const TAIL = 45;
const LARGEST = 130; // CSS pixels of a capital
const SMALLEST = 44; // below it the text goes on to another line
const FILL = 0.9; // of the pad's width and height
const STEP = 3; // units from point to point of a shape
const PACE = 2; // ms for each unit of the way, 8 ms from sample to sample
const SAMPLE = 8;
const [LIFT, NEXT, WORD] = [110, 170, 330]; // ms between strokes, characters and words

/** What of a text cannot be drawn: each character once. @param {string} text */
export const undrawable = (text) => [...new Set(text.replace(/\s/g, ""))].filter((char) => !(char in LETTERS));

/**
 * @param {string} text characters without a shape are left out
 * @param {{x?: number, y?: number, width: number, height: number}} room CSS pixels
 * @returns {import("./formats/sheet.js").Columns[]} strokes in the order of writing, in the middle of the room
 */
export function written(text, { x: left = 0, y: top = 0, width, height }) {
  const words = text.trim().split(/\s+/).map((word) => [...word].filter((char) => char in LETTERS)).filter(({ length }) => length > 0);
  if (words.length === 0) return [];
  const { lines, scale } = fitted(words, width * FILL, height * FILL);
  const clock = { now: 0 };
  const tall = ((lines.length - 1) * LEADING + HIGH + TAIL) * scale;
  return lines.flatMap((line, row) => {
    let x = left + (width - lengthOf(line) * scale) / 2;
    const y = top + (height - tall) / 2 + row * LEADING * scale + (TAIL / 3) * scale;
    return line.flatMap((word) => {
      const strokes = word.flatMap((char) => {
        const drawn = letter(char, { x, y, scale }, clock);
        x += (breadth(char) + GAP) * scale;
        clock.now += NEXT - LIFT;
        return drawn;
      });
      x += (SPACE - GAP) * scale;
      clock.now += WORD - NEXT;
      return strokes;
    });
  });
}

/** @param {string} char @param {{x: number, y: number, scale: number}} place @param {{now: number}} clock ms, goes on */
function letter(char, { x, y, scale }, clock) {
  const round = (/** @type {number} */ value) => Math.round(value * 100) / 100;
  return shape(char).map((points) => {
    const lasts = Math.max(SAMPLE * 2, points.length * STEP * PACE);
    const steps = Math.round(lasts / SAMPLE);
    /** @type {{x: number[], y: number[], t: number[]}} */ const stroke = { x: [], y: [], t: [] };
    for (let i = 0; i <= steps; i++) {
      const point = between(points, smooth(i / steps));
      stroke.x.push(round(x + point.x * scale));
      stroke.y.push(round(y + point.y * scale));
      stroke.t.push(round(clock.now + i * SAMPLE));
    }
    clock.now += steps * SAMPLE + LIFT;
    return stroke;
  });
}

/** The points of each stroke, in units. @param {string} char */
const shape = (char) => ways(pieces(LETTERS[char])).map((way) => along(way, STEP));

/** How far a hand has come after a share of its time: it sets off and stops gently (minimum jerk). @param {number} share */
const smooth = (share) => share ** 3 * (10 - 15 * share + 6 * share ** 2);

/** @param {DOMPoint[]} points evenly along a way @param {number} share of it */
function between(points, share) {
  const at = share * (points.length - 1);
  const [one, other] = [points[Math.floor(at)], points[Math.ceil(at)]];
  const part = at % 1;
  return { x: one.x + (other.x - one.x) * part, y: one.y + (other.y - one.y) * part };
}

/** Units from the left edge of a character to its right. @type {Map<string, number>} */
const breadths = new Map();

/** @param {string} char */
function breadth(char) {
  const known = breadths.get(char) ?? Math.max(...shape(char).flat().map(({ x }) => x));
  breadths.set(char, known);
  return known;
}

/** Units from the beginning of a line to its end. @param {string[][]} words */
function lengthOf(words) {
  const within = words.flat().reduce((sum, char) => sum + breadth(char) + GAP, 0);
  return within + (words.length - 1) * (SPACE - GAP) - GAP;
}

/**
 * The fewest lines that leave the letters large enough; where none do, the ones that leave them largest.
 * @param {string[][]} words @param {number} width @param {number} height CSS pixels
 */
function fitted(words, width, height) {
  let best = { lines: [words], scale: 0 };
  for (let rows = 1; rows <= words.length; rows++) {
    const lines = broken(words, rows);
    const tall = (lines.length - 1) * LEADING + HIGH + TAIL;
    const scale = Math.min(LARGEST / HIGH, width / Math.max(...lines.map(lengthOf)), height / tall);
    if (scale > best.scale) best = { lines, scale };
    if (best.scale * HIGH >= SMALLEST) break;
  }
  return best;
}

/** Words on at most so many lines of about one length. @param {string[][]} words @param {number} rows */
function broken(words, rows) {
  const goal = lengthOf(words) / rows;
  /** @type {string[][][]} */ const lines = [[]];
  for (const word of words) {
    const line = lines[lines.length - 1];
    const over = line.length > 0 && lengthOf([...line, word]) - goal > goal - lengthOf(line);
    if (over && lines.length < rows) lines.push([word]);
    else line.push(word);
  }
  return lines;
}
