/** Ink ↔ the fragment of a link. docs/share-links.md has the format; model/reading/sharelink.py reads it too. */

import { crc32, fromBase64Url, putSigned, putVarint, Taker, toBase64Url, word } from "./bytes.js";
import { checked, Unreadable } from "./formats/sheet.js";
import { ALPHABETS } from "../drawing.js";
import { PEN_WIDTHS } from "../ink.js";
import { MARK } from "./mark.js";

/** @typedef {import("./formats/sheet.js").Sheet} Sheet */

const VERSION = "1";
const [TIMES, FORCES, WIDTH] = [1, 2, 4]; // flags of a stroke
const CHECK = 4; // bytes of the checksum

const DAMAGED = "This link is damaged: perhaps it was cut off on its way. Ask for it again.";

/** @param {Sheet} sheet @returns {string} the fragment, from "#" on; tenths of pixels, whole ms, hundredths of force */
export function toFragment({ strokes, width, height, alphabet = "auto" }) {
  /** @type {number[]} */ const out = [];
  putVarint(out, Math.round(width ?? 0));
  putVarint(out, Math.round(height ?? 0));
  putVarint(out, Math.max(0, ALPHABETS.indexOf(alphabet)));
  putVarint(out, strokes.length);
  const last = { x: 0, y: 0, t: Math.round(strokes[0]?.t?.[0] ?? 0) };
  for (const { x, y, t, p, width: own } of strokes) {
    const pen = own === PEN_WIDTHS.medium ? 0 : own;
    putVarint(out, (t ? TIMES : 0) | (p ? FORCES : 0) | (pen ? WIDTH : 0));
    putVarint(out, x.length);
    if (pen) putVarint(out, Math.round(pen * 10));
    last.x = putSteps(out, x, 10, last.x);
    last.y = putSteps(out, y, 10, last.y);
    if (t) last.t = putSteps(out, t, 1, last.t);
    if (p) putSteps(out, p, 100, 0);
  }
  return `${MARK}${VERSION}${toBase64Url([...out, ...word(crc32(out))])}`;
}

/** Each value as its distance from the one before. @param {number[]} out @param {number[]} column @param {number} scale @param {number} last */
function putSteps(out, column, scale, last) {
  for (const value of column) {
    const whole = Math.round(value * scale);
    putSigned(out, whole - last);
    last = whole;
  }
  return last;
}

/** @param {string} fragment from "#" on @returns {Sheet} @throws {Unreadable} with a sentence for people */
export function fromFragment(fragment) {
  if (!fragment.startsWith(MARK)) throw new Unreadable("There is no ink in this link.");
  const [version, code] = [fragment[MARK.length], fragment.slice(MARK.length + 1)];
  if (version !== VERSION && version !== undefined) {
    throw new Unreadable("This link was made by a newer Glyphline. Load this page anew, then open the link again.");
  }
  let bytes;
  try {
    bytes = fromBase64Url(code);
  } catch {
    throw new Unreadable(DAMAGED);
  }
  const body = bytes.subarray(0, -CHECK);
  if (bytes.length <= CHECK || String(word(crc32(body))) !== String([...bytes.subarray(-CHECK)])) throw new Unreadable(DAMAGED);
  return checked(taken(new Taker(body)));
}

/** @param {Taker} from @returns {Sheet} */
function taken(from) {
  const [width, height, alphabet, count] = [from.varint(), from.varint(), ALPHABETS[from.varint()], from.varint()];
  if (!alphabet) throw new Unreadable(DAMAGED);
  const strokes = [];
  const last = { x: 0, y: 0, t: 0 };
  for (let index = 0; index < count; index++) {
    const [flags, points] = [from.varint(), from.varint()];
    if (!(points > 0 && points * 2 <= from.left)) throw new Unreadable(DAMAGED); // a point takes two bytes at least
    const pen = flags & WIDTH ? from.varint() / 10 : undefined;
    const [x, y] = [takeSteps(from, points, 10, last.x), takeSteps(from, points, 10, last.y)];
    const t = flags & TIMES ? takeSteps(from, points, 1, last.t) : undefined;
    const p = flags & FORCES ? takeSteps(from, points, 100, 0) : undefined;
    last.x = Math.round((x.at(-1) ?? 0) * 10);
    last.y = Math.round((y.at(-1) ?? 0) * 10);
    last.t = t?.at(-1) ?? last.t;
    strokes.push({ x, y, ...(t && { t }), ...(p && { p, pointer: "pen" }), ...(pen && { width: pen }) });
  }
  if (from.left !== 0) throw new Unreadable(DAMAGED);
  return { strokes, width, height, alphabet };
}

/** @param {Taker} from @param {number} points @param {number} scale @param {number} last */
function takeSteps(from, points, scale, last) {
  return Array.from({ length: points }, () => (last += from.signed()) / scale);
}
