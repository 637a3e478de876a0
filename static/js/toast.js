/** A short note at the foot of the window, with at most one thing to do about it. */

import { byId } from "./dom.js";

const STEP = 4; // CSS pixels from place to place where the note may stand
const STAYS = { least: 4000, letter: 60 }; // ms, more for each letter to read, and longer while someone is at it
let timer = 0;

/**
 * Shows a note in place of any other, and says it to screen readers.
 * @param {string} words @param {{label: string, act: () => void}} [offer]
 */
export function toast(words, offer) {
  const [note, button] = [byId("toast"), byId("toast-act")];
  byId("toast-words").textContent = words;
  byId("spoken").textContent = offer ? `${words} ${offer.label} is offered.` : words;
  button.hidden = !offer;
  button.textContent = offer?.label ?? "";
  button.onclick = () => {
    hush();
    offer?.act();
  };
  note.hidden = false;
  place(note);
  note.onpointerenter = note.onfocusin = () => clearTimeout(timer);
  note.onpointerleave = note.onfocusout = wait;
  wait();
}

/** Takes the note away. */
export function hush() {
  clearTimeout(timer);
  byId("toast").hidden = true;
}

/** The drawing is another one: what a note offers to take back is no longer the last thing done. */
export function outdate() {
  if (!byId("toast-act").hidden) hush();
}

/** Moves a note from above what can be pressed there now. */
export const settle = () => byId("toast").hidden || place(byId("toast"));

/** At the foot of the window, or above what can be pressed there. @param {HTMLElement} note */
function place(note) {
  note.style.removeProperty("bottom");
  const { left, right, top, bottom } = note.getBoundingClientRect();
  const controls = [...document.querySelectorAll("button, select, a")].filter((one) => !note.contains(one))
    .map((one) => one.getBoundingClientRect());
  const covers = (up) => controls.some((one) =>
    one.left < right && one.right > left && one.top < bottom - up && one.bottom > top - up);
  for (let up = 0; up < innerHeight / 2; up += STEP) {
    if (!covers(up)) return void (note.style.bottom = `${innerHeight - bottom + up}px`);
  }
}

function wait() {
  clearTimeout(timer);
  timer = setTimeout(hush, STAYS.least + STAYS.letter * (byId("toast-words").textContent?.length ?? 0));
}
