/** The sheet to type a text that is drawn. Loaded on first use. */

import { byId } from "../dom.js";
import { write } from "./arriving.js";
import { undrawable } from "./typing.js";

const SHEET = `
<dialog class="sheet" id="type-sheet" aria-labelledby="type-title">
  <div class="sheet-head">
    <h2 id="type-title">Type it, have it drawn</h2>
    <form method="dialog"><button class="btn btn-quiet tool" aria-label="Close"><svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false"><path d="m5 5 10 10M15 5 5 15"/></svg></button></form>
  </div>
  <form method="dialog" id="type-form">
    <label class="visually-hidden" for="type-text">Text of letters, digits and spaces</label>
    <div class="row-of">
      <input class="field" id="type-text" maxlength="80" required autocomplete="off" autocapitalize="none" autocorrect="off" spellcheck="false" placeholder="letters, digits, spaces" aria-describedby="type-left type-help">
      <button class="btn btn-primary">Draw it</button>
    </div>
    <p class="left-out" id="type-left" role="status"></p>
    <p class="quiet" id="type-help">It is drawn in our own hand in place of the present drawing and read like any other ink. Undo brings the drawing back.</p>
  </form>
</dialog>`;

/** Shows the sheet. @param {any} page */
export function askForText(page) {
  if (!byId("type-sheet")) make(page);
  byId("type-sheet").showModal();
  byId("type-text").select();
}

/** @param {any} page */
function make(page) {
  document.body.insertAdjacentHTML("beforeend", SHEET);
  const input = byId("type-text");
  input.addEventListener("input", () => {
    const bad = undrawable(input.value);
    byId("type-left").textContent = bad.length > 0 ? `Left out, because it cannot be drawn: ${bad.join(" ")}` : "";
  });
  byId("type-form").addEventListener("submit", () => write(page, input.value));
}
