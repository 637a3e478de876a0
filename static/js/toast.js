/** A short note at the foot of the window, with at most one thing to do about it. */

import { byId } from "./dom.js";

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
  note.onpointerenter = note.onfocusin = () => clearTimeout(timer);
  note.onpointerleave = note.onfocusout = wait;
  wait();
}

/** Takes the note away. */
export function hush() {
  clearTimeout(timer);
  byId("toast").hidden = true;
}

function wait() {
  clearTimeout(timer);
  timer = setTimeout(hush, STAYS.least + STAYS.letter * (byId("toast-words").textContent?.length ?? 0));
}
