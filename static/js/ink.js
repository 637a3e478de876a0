/**
 * Ink: strokes as points with true times, each also as a picture, and the request that carries either form.
 *
 * @typedef {{x: number, y: number, width: number, height: number}} Box  CSS pixels, origin top left, y down
 * @typedef {{image: string, x: number, y: number, t: [number, number]}} Picture
 */

export const PEN_WIDTH = 6; // CSS pixels
const MARGIN = PEN_WIDTH / 2 + 2; // what a round pen reaches beyond its points, and room for soft edges
const LARGEST_PICTURE = 4000; // pixels a side; the contract refuses pictures beyond 4,096

const round = (/** @type {number} */ value) => Math.round(value * 100) / 100;

/** One pen movement from touch-down to lift; columns of equal length. */
export class Stroke {
  /** @type {number[]} */ x = [];
  /** @type {number[]} */ y = [];
  /** @type {number[]} */ t = [];
  /** @type {number[]} */ p = [];
  /** @type {Map<number, Picture>} by pixel ratio */ #pictures = new Map();

  /** @param {string} pointer "mouse", "touch" or "pen": only a pen feels real pressure */
  constructor(pointer) {
    this.pointer = pointer;
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

  /** The smallest box around the ink, the pen's width included; whole CSS pixels. @returns {Box} */
  get box() {
    const [left, top] = [Math.floor(Math.min(...this.x) - MARGIN), Math.floor(Math.min(...this.y) - MARGIN)];
    const [right, bottom] = [Math.ceil(Math.max(...this.x) + MARGIN), Math.ceil(Math.max(...this.y) + MARGIN)];
    return { x: left, y: top, width: right - left, height: bottom - top };
  }

  /** Draws the ink from sample `from` on with the context's own colour. @param {CanvasRenderingContext2D} context */
  trace(context, from = 0) {
    const { x, y } = this;
    const last = x.length - 1;
    context.lineWidth = PEN_WIDTH;
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

  /** This stroke alone, black on transparent, cropped to its ink. @param {number} ratio @returns {Picture} */
  picture(ratio) {
    const known = this.#pictures.get(ratio);
    if (known) return known;
    const { x, y, width, height } = this.box;
    const canvas = document.createElement("canvas");
    canvas.width = Math.ceil(width * ratio);
    canvas.height = Math.ceil(height * ratio);
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
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

/**
 * The body of `POST api/v1/recognize`.
 * @param {readonly Stroke[]} strokes
 * @param {{form: "pictures" | "points", alphabet: string, width: number, height: number}} options
 */
export function toRequest(strokes, { form, ...rest }) {
  const common = { ...rest, alternatives: 5 };
  if (form === "points") {
    const columns = strokes.map(({ x, y, t, p, pointer }) => (pointer === "pen" ? { x, y, t, p } : { x, y, t }));
    return { strokes: columns, ...common };
  }
  const ratio = pictureRatio(strokes);
  return { strokes: strokes.map((stroke) => stroke.picture(ratio)), pixel_ratio: ratio, ...common };
}
