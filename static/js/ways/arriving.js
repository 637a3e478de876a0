/** Ink that comes without the pen: files and text that are chosen, pasted, dropped or typed, and links. Loaded on first use. */

import { Stroke } from "../ink.js";
import { MARK } from "./mark.js";
import { opened, placed } from "./opening.js";
import { fromFragment } from "./share.js";
import { written } from "./typing.js";

const LONGEST = 80; // characters that are drawn at once

/** @param {any} page @param {Blob & {name?: string}} file @param {string} [what] it is */
export async function open({ drawing, toast, room }, file, what = file.name ? `“${file.name}”` : "The picture") {
  try {
    drawing.replace(await opened(file, room()), "opened drawing");
  } catch (error) {
    refuse(toast, what, error);
  }
}

/** @param {any} page @param {string} fragment from "#ink=" on */
export function openLink({ drawing, toast, room }, fragment) {
  try {
    drawing.replace(placed(fromFragment(fragment), room()), "shared drawing");
  } catch (error) {
    refuse(toast, "The link", error);
  }
}

/** Draws a text. @param {any} page @param {string} text */
export function write({ drawing, toast, room }, text) {
  const strokes = written(text.slice(0, LONGEST), room());
  if (strokes.length === 0) return toast("None of that can be drawn: only A to Z, a to z and 0 to 9.");
  if (text.length > LONGEST) toast(`Only the first ${LONGEST} characters are drawn.`);
  return drawing.replace({ strokes: strokes.map(Stroke.parse), paper: room() }, "typed text");
}

/** Takes what was pasted or dropped. @param {any} page @param {File[]} files @param {string} text */
export function take(page, files, text) {
  if (files.length > 1) page.toast("One at a time: the first of the files was opened.");
  if (files.length > 0) return open(page, files[0]);
  if (text.includes(MARK) || /^https?:\/\/\S+$/.test(text)) return openLink(page, text.slice(Math.max(0, text.indexOf(MARK))));
  return /^[{<[]/.test(text) ? open(page, new Blob([text]), "The text") : write(page, text);
}

/** @param {(words: string) => void} toast @param {string} what @param {unknown} error */
function refuse(toast, what, error) {
  const why = error instanceof Error && error.message.endsWith(".") ? error.message : "It is not understood.";
  toast(`${what} was not opened. ${why} Your drawing is as it was.`);
}
