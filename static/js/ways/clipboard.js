/** Text to the clipboard, also where a page may not simply write there. */

import { make, openSheet } from "../dom.js";

/** @param {string} text @returns {Promise<boolean>} whether it is there now */
export async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Missing on plain-http addresses, or forbidden: the older way needs a selection.
  }
  const area = /** @type {HTMLTextAreaElement} */ (make("textarea", { class: "visually-hidden", readonly: true }));
  area.value = text;
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  (openSheet() ?? document.body).append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  before?.focus();
  return done;
}
