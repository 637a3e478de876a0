/** PNG: dark ink on white. A text chunk holds the drawing itself, so that everything comes back as it was. */

import { LARGEST_PICTURE } from "../../ink.js";
import { crc32, word } from "../bytes.js";

const KEYWORD = "glyphline";
const SIGNATURE = 8; // bytes before the first chunk
const RATIO = 2; // pixels for each CSS pixel

const bytesOf = (/** @type {string} */ text) => Uint8Array.from(text, (char) => char.charCodeAt(0) & 255);

/**
 * @param {{width: number, height: number}} size CSS pixels
 * @param {(context: CanvasRenderingContext2D) => void} paint draws the ink in CSS pixels
 * @param {string} kept the drawing as JSON
 * @returns {Promise<Blob>}
 */
export async function toPng({ width, height }, paint, kept) {
  const ratio = Math.min(RATIO, LARGEST_PICTURE / Math.max(width, height));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.ceil(width * ratio), Math.ceil(height * ratio)];
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.scale(ratio, ratio);
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.strokeStyle = "#000";
  paint(context);
  const plain = await new Promise((/** @type {BlobCallback} */ resolve) => canvas.toBlob(resolve, "image/png"));
  if (!plain) throw new Error("this browser cannot make a PNG of that size");
  // JSON with all beyond ASCII escaped: what such a chunk may hold.
  const ascii = kept.replace(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const chunk = bytesOf(`tEXt${KEYWORD}\0${ascii}`);
  const head = SIGNATURE + 25; // IHDR comes first and is always as long
  return new Blob([
    plain.slice(0, head), Uint8Array.from(word(chunk.length - 4)), chunk, Uint8Array.from(word(crc32(chunk))), plain.slice(head),
  ], { type: "image/png" });
}

/** The drawing that a PNG of ours holds. @param {ArrayBuffer} file @returns {string | null} JSON */
export function keptIn(file) {
  const bytes = new Uint8Array(file);
  const view = new DataView(file);
  if (String.fromCharCode(...bytes.subarray(1, 4)) !== "PNG") return null;
  for (let at = SIGNATURE; at + 12 <= bytes.length; at += view.getUint32(at) + 12) {
    const chunk = bytes.subarray(at + 4, at + 8 + view.getUint32(at));
    const text = new TextDecoder("latin1").decode(chunk.subarray(0, KEYWORD.length + 5));
    if (text === `tEXt${KEYWORD}\0`) return new TextDecoder("latin1").decode(chunk.subarray(text.length));
  }
  return null;
}
