/** Ink: strokes as points with true times, each also as a picture. */

export const PEN_WIDTHS = { thin: 3, medium: 6, thick: 10 }; // CSS pixels
const POINTERS = ["mouse", "touch", "pen"];
const SOFT = 2; // CSS pixels of room for soft edges
const WINDING = 1.7; // times its diagonal that the path of a scribble is long, at least; that of most strokes is shorter
export const LARGEST_PICTURE = 4000; // pixels a side; the contract refuses pictures beyond 4,096

const round = (value) => Math.round(value * 100) / 100;

/** One pen movement from touch-down to lift; columns of equal length. */
export class Stroke {
  x = [];
  y = [];
  t = [];
  p = [];
  /** @type {Map<number, StrokePicture>} by pixel ratio */ #pictures = new Map();
  /** @type {Map<string, Stroke>} by begin and end */ #pieces = new Map();

  /**
   * @param {string} pointer "mouse", "touch" or "pen": only a pen feels real pressure
   * @param {number} [width] of the pen, CSS pixels
   */
  constructor(pointer, width = PEN_WIDTHS.medium) {
    this.pointer = pointer;
    this.width = width;
  }

  /**
   * A stroke from its columns: x and y in CSS pixels, t in milliseconds, p from 0 to 1.
   * @param {any} json @returns {Stroke}
   * @throws {TypeError} in plain words, where the columns are none
   */
  static parse({ x, y, t, p, pointer, width }) {
    const columns = [x, y, t, p ?? x];
    const sound = columns.every((column) => Array.isArray(column) && column.length === x.length && column.every(Number.isFinite));
    if (!sound || x.length === 0) throw new TypeError("A stroke of this drawing is damaged: its columns are not numbers of one length.");
    const stroke = new Stroke(POINTERS.includes(pointer) ? pointer : "mouse", width > 0 && width <= 100 ? width : undefined);
    for (let i = 0; i < x.length; i++) stroke.add(x[i], y[i], t[i], p?.[i] ?? 0.5);
    return stroke;
  }

  /** The columns again; pressure only where it was felt. */
  toJSON() {
    const { x, y, t, p, pointer, width } = this;
    return { x, y, t, ...(pointer === "pen" && { p }), pointer, width };
  }

  /** The points from `begin` to `end`, exclusive, as a stroke of its own; the stroke itself where that is all. @returns {Stroke} */
  piece(begin = 0, end = this.x.length) {
    if (begin === 0 && end === this.x.length) return this;
    const key = `${begin}-${end}`;
    const known = this.#pieces.get(key);
    if (known) return known;
    const piece = new Stroke(this.pointer, this.width);
    for (const column of ["x", "y", "t", "p"]) piece[column] = this[column].slice(begin, end);
    this.#pieces.set(key, piece);
    return piece;
  }

  /**
   * Adds a sample: CSS pixels, milliseconds, pressure 0 to 1.
   * @param {number} x @param {number} y @param {number} t @param {number} p
   */
  add(x, y, t, p) {
    const last = this.t.length - 1;
    const time = Math.max(round(t), this.t[last] ?? -Infinity);
    if (last >= 0 && this.x[last] === round(x) && this.y[last] === round(y) && this.t[last] === time) return;
    this.x.push(round(x));
    this.y.push(round(y));
    this.t.push(time);
    this.p.push(Math.round(p * 1000) / 1000);
  }

  /** The same movement, `by` milliseconds later. @param {number} by @returns {Stroke} */
  later(by) {
    const stroke = new Stroke(this.pointer, this.width);
    Object.assign(stroke, { x: this.x, y: this.y, t: this.t.map((time) => round(time + by)), p: this.p });
    return stroke;
  }

  /** Whether the pen went to and fro so much that it may be scratching ink out. */
  get winds() {
    const { width, height } = this.box;
    const path = this.x.reduce((sum, x, i) => sum + (i ? Math.hypot(x - this.x[i - 1], this.y[i] - this.y[i - 1]) : 0), 0);
    return path > WINDING * Math.hypot(width, height);
  }

  /** The smallest box around the ink, the pen's width included; whole CSS pixels. @returns {Box} */
  get box() {
    const margin = this.width / 2 + SOFT; // what a round pen reaches beyond its points
    const [left, top] = [Math.floor(Math.min(...this.x) - margin), Math.floor(Math.min(...this.y) - margin)];
    const [right, bottom] = [Math.ceil(Math.max(...this.x) + margin), Math.ceil(Math.max(...this.y) + margin)];
    return { x: left, y: top, width: right - left, height: bottom - top };
  }

  /**
   * Draws the ink from sample `from` to before `to` with the context's own colour.
   * @param {CanvasRenderingContext2D} context
   */
  trace(context, from = 0, to = this.x.length) {
    const { x, y } = this;
    const last = to - 1;
    context.lineWidth = this.width;
    context.lineCap = context.lineJoin = "round";
    context.beginPath();
    // Curves through the midpoints, so that a drawing grown sample by sample looks like one drawn at once.
    /** @param {number} i @returns {[number, number]} */
    const middle = (i) => [(x[i - 1] + x[i]) / 2, (y[i - 1] + y[i]) / 2];
    if (from < 2) context.moveTo(x[0], y[0]);
    else context.moveTo(...middle(from - 1));
    for (let i = Math.max(from, 2); i <= last; i++) context.quadraticCurveTo(x[i - 1], y[i - 1], ...middle(i));
    context.lineTo(x[last] + 0.01, y[last]); // never of no length: a lone sample is a round dot in every browser
    context.stroke();
  }

  /** This stroke alone, black on transparent, cropped to its ink. @param {number} ratio @returns {StrokePicture} */
  picture(ratio) {
    const known = this.#pictures.get(ratio);
    if (known) return known;
    const { x, y, width, height } = this.box;
    const canvas = document.createElement("canvas");
    canvas.width = Math.ceil(width * ratio);
    canvas.height = Math.ceil(height * ratio);
    const context = canvas.getContext("2d");
    context.scale(ratio, ratio);
    context.translate(-x, -y);
    this.trace(context);
    const picture = { image: canvas.toDataURL("image/png"), x, y, t: this.times };
    this.#pictures.set(ratio, picture);
    return picture;
  }

  /** When the pen touched down and when it lifted. @returns {[number, number]} */
  get times() {
    return [this.t[0], this.t[this.t.length - 1]];
  }
}

/**
 * Picture pixels for each CSS pixel: the screen's, but never coarser than CSS pixels (a page zoomed out), never
 * needlessly fine (zoomed in), and never so fine that the widest stroke makes a picture that is refused.
 * @param {readonly Stroke[]} strokes
 */
export function pictureRatio(strokes) {
  const longest = Math.max(1, ...strokes.flatMap(({ box }) => [box.width, box.height]));
  return Math.min(Math.min(Math.max(devicePixelRatio, 1), 4), LARGEST_PICTURE / longest);
}
