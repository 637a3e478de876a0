/** SVG: one path a stroke. Its metadata holds the drawing itself, so that everything comes back as it was. */

import { along, pieces, ways } from "./paths.js";
import { checkCount, checked, Unreadable } from "./sheet.js";
import { parsed } from "./xml.js";

const STEPS = 300; // from one end of a foreign drawing to the other: its unit may be anything
const MOST = 9000; // points of all its paths together, about; fewer than are refused of one stroke
const ROUGH = 16; // steps along a part that tell how large the drawing is

/**
 * @param {import("./sheet.js").Sheet} sheet
 * @param {string} kept the drawing as JSON
 * @param {number} pen the usual width of the pen, CSS pixels
 */
export function toSvg({ strokes, width, height }, kept, pen) {
  const escaped = kept.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const paths = strokes.map(({ x, y, width: own = pen }) => `<path d="${curve(x, y)}" stroke-width="${own}"/>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<metadata>${escaped}</metadata>
<g fill="none" stroke="#000" stroke-linecap="round" stroke-linejoin="round">
${paths.join("\n")}
</g>
</svg>
`;
}

/** The curve that the pad draws: through the midpoints. @param {number[]} x @param {number[]} y */
function curve(x, y) {
  const middle = (/** @type {number} */ one, /** @type {number} */ other) => Math.round((one + other) * 50) / 100;
  const last = x.length - 1;
  let d = `M${x[0]} ${y[0]}`;
  for (let i = 2; i <= last; i++) {
    d += `Q${x[i - 1]} ${y[i - 1]} ${middle(x[i - 1], x[i])} ${middle(y[i - 1], y[i])}`;
  }
  return `${d}L${x[last]} ${y[last]}`;
}

/** @param {string} text @returns {import("./sheet.js").Sheet | {kept: string}} @throws {Unreadable} */
export function fromSvg(text) {
  const svg = parsed(text, "svg", "SVG");
  const kept = svg.querySelector("metadata")?.textContent ?? "";
  if (kept.startsWith('{"glyphline"')) return { kept };
  const shapes = [...svg.querySelectorAll("path, polyline, polygon, line")].filter((shape) => !shape.closest("defs, clipPath"));
  const cut = shapes.map((shape) => ({ shape, parts: pieces(outline(shape)) }));
  checkCount(cut.reduce((sum, { parts }) => sum + parts.length, 0)); // before any of them is followed, which takes long
  const lines = cut.flatMap(({ shape, parts }) => {
    const matrix = matrixOf(shape);
    const scale = Math.max(Math.hypot(matrix.a, matrix.b), Math.hypot(matrix.c, matrix.d));
    return ways(parts).map((way) => ({ way, matrix, scale }));
  });
  if (lines.length === 0) throw new Unreadable("There are no lines in it.");
  const rough = lines.map(({ way, matrix }) => moved(along(way, way.length / ROUGH), matrix));
  const total = lines.reduce((sum, { way, scale }) => sum + way.length * scale, 0);
  const step = Math.max(sizeOf(rough) / STEPS, total / MOST);
  return checked({ strokes: lines.map(({ way, matrix, scale }) => moved(along(way, step / scale), matrix)) });
}

/** The longer side of the box around all. @param {{x: number[], y: number[]}[]} strokes */
function sizeOf(strokes) {
  const reach = (/** @type {number[]} */ values) => Math.max(...values) - Math.min(...values);
  return Math.max(reach(strokes.flatMap(({ x }) => x)), reach(strokes.flatMap(({ y }) => y)));
}

/** @param {Element} shape @returns {string} as the d of a path */
function outline(shape) {
  const at = (/** @type {string} */ name) => shape.getAttribute(name) ?? "";
  if (shape.tagName === "path") return at("d");
  if (shape.tagName === "line") return `M${at("x1") || 0} ${at("y1") || 0}L${at("x2") || 0} ${at("y2") || 0}`;
  return at("points").trim() && `M${at("points")}${shape.tagName === "polygon" ? "Z" : ""}`;
}

/** The transforms of a shape and of the groups around it. @param {Element} shape */
function matrixOf(shape) {
  let matrix = new DOMMatrix();
  for (let one = /** @type {any} */ (shape); one; one = one.parentElement) {
    const own = one.transform?.baseVal?.consolidate()?.matrix;
    if (own) matrix = new DOMMatrix([own.a, own.b, own.c, own.d, own.e, own.f]).multiply(matrix);
  }
  return matrix;
}

/** @param {DOMPoint[]} points @param {DOMMatrix} matrix */
function moved(points, matrix) {
  const places = points.map((point) => matrix.transformPoint(point));
  return { x: places.map(({ x }) => x), y: places.map(({ y }) => y) };
}
