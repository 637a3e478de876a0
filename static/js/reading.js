/** A document read: asks the server about it, cut as the user wants, and lays the user's own corrections over the answer. */

import { pictureRatio } from "./ink.js";
import { gathered, partsOf, sameParts, uncovered, whole } from "./cuts.js";

const SHOWN = 5; // alternatives of each character and of the text

/**
 * Reads a document. Ink drawn since the user last cut goes where the reader itself would put it.
 * @param {Drawing} drawing @param {{form: "pictures" | "points"}} options @param {Ask} ask @returns {Promise<Reading>}
 */
export async function readDrawing(drawing, options, ask) {
  const { strokes, groups, words } = drawing;
  const common = { ...settings(drawing), ...(words.length > 0 && { lexicon: words }) };
  if (drawing.picture) return finish(drawing, await ask({ ...pictureOf(drawing.picture), ...common }), []);
  const auto = () => ask({ ...inkOf(whole(strokes), options, drawing), ...common });
  if (!groups) return finish(drawing, await auto(), whole(strokes));
  const free = uncovered(strokes, groups);
  const cut = free.size > 0 ? gathered(groups, charactersOf(await auto(), whole(strokes)), free) : groups;
  // The contract wants strokes in the order they were drawn, also where one was cut for two characters.
  const pieces = cut.flatMap(({ parts }) => parts).sort((one, other) =>
    strokes.indexOf(one.stroke) - strokes.indexOf(other.stroke) || one.begin - other.begin);
  const order = cut.map(({ parts }) => parts.map((part) => pieces.indexOf(part)));
  const answer = await ask({ ...inkOf(pieces, options, drawing), ...common, groups: order });
  return finish(drawing, answer, pieces, cut);
}

/**
 * Reads the ink as one given text. @param {Drawing} drawing @param {string} text @param {{form: "pictures" | "points"}} options @param {Ask} ask
 * @returns {Promise<Character[]>}
 */
export async function readAs(drawing, text, options, ask) {
  const pieces = whole(drawing.strokes);
  const common = { ...settings(drawing), alphabet: "alphanumeric", lexicon: [text.replaceAll("\n", " ")] };
  return charactersOf(await ask({ ...inkOf(pieces, options, drawing), ...common }), pieces);
}

/**
 * The same reading under the document's present corrections; null where the document has to be read again.
 * @param {Reading} reading @param {Drawing} drawing @returns {Reading | null}
 */
export function revised(reading, { strokes, picture, groups }) {
  if (reading.strokes !== strokes || reading.picture !== picture) return null;
  if (!groups) return reading.auto ? corrected(reading, null) : null;
  const same = groups.length === reading.read.length && reading.read.every(({ parts }, i) => sameParts(parts, groups[i].parts));
  return same ? corrected(reading, groups) : null;
}

/** Whether all that was read is still on the paper; more may have come. @param {Reading} reading @param {Drawing} drawing */
export const holds = ({ strokes, picture }, drawing) =>
  picture === drawing.picture && strokes.every((stroke) => drawing.strokes.includes(stroke));

/** What a reading's characters are made of, with the user's corrections: the start of any repair. @param {Reading} reading @returns {Group[]} */
export const groupsOf = ({ glyphs }) => glyphs.map(({ parts, typed, char }) => ({ parts, char: typed ? char ?? "" : null }));

/** The characters of a text, without its spaces. @param {string} text */
export const lettersOf = (text) => [...text].filter((letter) => letter !== " " && letter !== "\n");

/** @param {Drawing} drawing @param {Answer} answer @param {Part[]} pieces @param {readonly Group[] | null} [groups] @returns {Reading} */
function finish({ strokes, groups: typed, picture }, answer, pieces, groups = picture ? typed : null) {
  const read = charactersOf(answer, pieces);
  const { text, confidence, alternatives } = answer;
  const reading = { strokes, picture, auto: !typed || !!picture, answer, read, glyphs: read, text, confidence, alternatives };
  return corrected(reading, groups);
}

/** Lays corrections over what was read. @param {Reading} reading @param {readonly Group[] | null} groups @returns {Reading} */
function corrected(reading, groups) {
  const { answer, read } = reading;
  const chars = read.map((_, index) => groups?.[index]?.char ?? null);
  if (chars.every((char) => char === null)) {
    return { ...reading, glyphs: read, text: answer.text, confidence: answer.confidence, alternatives: answer.alternatives };
  }
  const glyphs = read.map((glyph, index) =>
    chars[index] === null ? glyph : { ...glyph, char: chars[index] || null, confidence: 1, typed: true });
  // What the user has said is certain; the rest is as likely as its characters are.
  const confidence = glyphs.reduce((product, glyph) => product * glyph.confidence, 1);
  const text = overlaid(answer.text, chars);
  const rivals = answer.alternatives
    .filter((rival) => lettersOf(rival.text).length === read.length)
    .map((rival) => ({ ...rival, text: overlaid(rival.text, chars) }))
    .filter((rival, index, all) => rival.text !== text && all.findIndex((other) => other.text === rival.text) === index);
  return { ...reading, glyphs, text, confidence, alternatives: rivals };
}

/** A text with some of its characters replaced; "" leaves one out. @param {string} text @param {(string | null)[]} chars */
function overlaid(text, chars) {
  let place = 0;
  return [...text].map((letter) => (letter === " " || letter === "\n" ? letter : chars[place++] ?? letter)).join("");
}

/** @param {Answer} answer @param {Part[]} pieces that were asked about @returns {Character[]} */
function charactersOf(answer, pieces) {
  return answer.glyphs.map((glyph) => ({ ...glyph, parts: partsOf(glyph, answer.glyphs, pieces), typed: false }));
}

/** @param {Drawing} drawing */
function settings({ alphabet }) {
  return { alphabet, alternatives: SHOWN, include: ["pictures"] };
}

/** @param {FlatPicture} picture */
function pictureOf({ image, width, height, pixels }) {
  return { image, pixel_ratio: pixels ? pixels / width : 1, width, height };
}

/** @param {Part[]} pieces @param {{form: "pictures" | "points"}} options @param {Drawing} drawing */
function inkOf(pieces, { form }, { paper }) {
  const strokes = pieces.map(({ stroke, begin, end }) => stroke.piece(begin, end));
  if (form === "points") {
    const columns = strokes.map(({ x, y, t, p, pointer }) => (pointer === "pen" ? { x, y, t, p } : { x, y, t }));
    return { strokes: columns, ...paper };
  }
  const ratio = pictureRatio(strokes);
  return { strokes: strokes.map((stroke) => stroke.picture(ratio)), pixel_ratio: ratio, ...paper };
}
