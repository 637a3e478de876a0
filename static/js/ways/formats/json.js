/** JSON of our own contract: a body that may be posted as it is. */

import { checked, Unreadable } from "./sheet.js";

/**
 * A drawing → the body of a call that reads it, its strokes as points.
 * @param {any} drawing a snapshot
 */
export function contract({ strokes, picture, paper, alphabet, words }) {
  const how = { alphabet, ...(words.length > 0 && { lexicon: words }) };
  if (picture) return { image: picture.image, ...how };
  return { strokes: strokes.map((/** @type {any} */ { x, y, t, p }) => ({ x, y, t, p })), ...paper, ...how };
}

/**
 * @param {string} text a request of the contract
 * @returns {import("./sheet.js").Sheet | {image: string}} its strokes, or the one flat picture that it holds
 * @throws {Unreadable}
 */
export function fromJson(text) {
  let body;
  try {
    body = JSON.parse(text);
  } catch {
    throw new Unreadable("It is not complete JSON: perhaps it was cut off.");
  }
  if (typeof body?.image === "string" && body.image.startsWith("data:image/")) return { image: body.image };
  const { strokes, width, height, alphabet, lexicon } = body ?? {};
  if (!Array.isArray(strokes)) throw new Unreadable("There is no list of strokes in it.");
  if (strokes.some((stroke) => typeof stroke?.image === "string")) {
    throw new Unreadable("It holds pictures of strokes; only points can be drawn here.");
  }
  if (!strokes.every((stroke) => Array.isArray(stroke?.x))) throw new Unreadable("A stroke in it has no list of x.");
  const columns = strokes.map(({ x, y, t, p }) => ({ x, y, ...(t && { t }), ...(p && { p }) }));
  return { ...checked({ strokes: columns, width, height, alphabet }), ...(Array.isArray(lexicon) && { words: lexicon }) };
}
