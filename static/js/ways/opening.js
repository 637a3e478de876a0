/** A file, or text that was pasted or dropped → what `drawing.replace` takes. */

import { ALPHABETS, Drawing } from "../drawing.js";
import { Stroke } from "../ink.js";
import { fromInkml } from "./formats/inkml.js";
import { fromJson } from "./formats/json.js";
import { keptIn } from "./formats/png.js";
import { Unreadable } from "./formats/sheet.js";
import { fromSvg } from "./formats/svg.js";
import { pictureFrom } from "./pictures.js";

/** @typedef {{width: number, height: number}} Size */

const LARGEST = 40e6; // bytes: photos of good cameras, and far more than any ink
const SMALLEST = 40; // CSS pixels; ink that is less high and less wide was written in other units
const ROOM = 0.8; // of the pad, for ink in other units

/** @param {Blob} file @param {Size} view @throws {Unreadable} with a sentence for people */
export async function opened(file, view) {
  if (file.size === 0) throw new Unreadable("It is empty.");
  if (file.size > LARGEST) throw new Unreadable(`It has ${Math.round(file.size / 1e6)} MB; at most ${LARGEST / 1e6} are opened.`);
  const start = (await file.slice(0, 4000).text()).replace(/^\uFEFF/, "").trimStart();
  if (/^[{[]/.test(start)) return inkOrPicture(fromText(await file.text()), view);
  if (start.startsWith("<")) {
    const [, kind] = start.match(/<(?:[\w-]+:)?(svg|ink)[\s>]/) ?? [];
    if (!kind) throw new Unreadable("It is neither InkML nor SVG.");
    const text = (await file.text()).replace(/^\uFEFF/, "").trimStart();
    return inkOrPicture(kind === "svg" ? fromSvg(text) : fromInkml(text), view);
  }
  const kept = keptIn(await file.arrayBuffer());
  return kept ? inkOrPicture({ kept }, view) : { picture: await pictureFrom(file, view) };
}

/** @param {string} text of a request, or of a drawing as this page keeps it */
const fromText = (text) => (text.startsWith('{"glyphline"') ? { kept: text } : fromJson(text));

/** @param {any} read @param {Size} view */
async function inkOrPicture(read, view) {
  if (read.kept !== undefined) return restored(read.kept);
  return read.image ? { picture: await pictureFrom(await unpacked(read.image), view) } : placed(read, view);
}

/** @param {string} json */
function restored(json) {
  try {
    return Drawing.parse(JSON.parse(json));
  } catch (error) {
    throw new Unreadable(error instanceof TypeError ? error.message : "The drawing in it is damaged.");
  }
}

/** @param {string} url a data URL */
async function unpacked(url) {
  try {
    const [head, data] = url.split(",");
    return new Blob([Uint8Array.from(atob(data), (char) => char.charCodeAt(0))], { type: head.slice(5).split(";")[0] });
  } catch {
    throw new Unreadable("The picture in it is damaged.");
  }
}

/**
 * A sheet as a drawing. Ink keeps its places where they are CSS pixels of some paper; ink in other units is fitted in.
 * @param {import("./formats/sheet.js").Sheet} sheet @param {Size} view
 */
export function placed({ strokes, width, height, alphabet, words }, view) {
  const xs = strokes.flatMap(({ x }) => x);
  const ys = strokes.flatMap(({ y }) => y);
  const [left, right] = ends(xs);
  const [top, bottom] = ends(ys);
  const paper = width && height ? { width, height } : view;
  const inside = left < paper.width && right > 0 && top < paper.height && bottom > 0;
  const size = Math.max(right - left, bottom - top);
  const list = words?.filter((word) => typeof word === "string" && word);
  const settings = { ...(ALPHABETS.includes(String(alphabet)) && { alphabet }), ...(list && { words: list }) };
  if (inside && (width || (right <= paper.width && bottom <= paper.height && left >= 0 && top >= 0 && size >= SMALLEST))) {
    return { strokes: strokes.map(Stroke.parse), paper, ...settings };
  }
  const scale = Math.min((view.width * ROOM) / (right - left || 1), (view.height * ROOM) / (bottom - top || 1));
  const moved = strokes.map((stroke) => Stroke.parse({
    ...stroke,
    x: stroke.x.map((value) => (value - (left + right) / 2) * scale + view.width / 2),
    y: stroke.y.map((value) => (value - (top + bottom) / 2) * scale + view.height / 2),
  }));
  return { strokes: moved, paper: view, ...settings };
}

/** The least and the greatest. @param {number[]} values @returns {[number, number]} */
function ends(values) {
  return values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
}
