/** The sheet of options: a word list, live reading, and in which form ink is sent. */

import { byId } from "./dom.js";
import "./sheets.js";

const SEPARATORS = /[\n,;]+/;
const SHEET = `
<dialog class="sheet" id="options" aria-labelledby="options-title">
  <div class="sheet-head">
    <h2 id="options-title">Options</h2>
    <form method="dialog"><button class="btn btn-quiet tool" aria-label="Close"><svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false"><path d="m5 5 10 10M15 5 5 15"/></svg></button></form>
  </div>
  <label for="words"><strong>Word list</strong></label>
  <p class="quiet" id="words-help">One word a line, or separated by commas. Where there is a list, the answer is one of its words.</p>
  <textarea class="field" id="words" rows="4" autocomplete="off" spellcheck="false" aria-describedby="words-help words-count" placeholder="tokyo&#10;madrid"></textarea>
  <p class="quiet" id="words-count">no list: any text</p>
  <label class="switch"><input type="checkbox" role="switch" id="live" checked> Live: read while I draw</label>
  <fieldset>
    <legend>Send</legend>
    <label class="switch"><input type="radio" name="form" value="pictures" checked> a picture of each stroke</label>
    <label class="switch"><input type="radio" name="form" value="points"> the points of the pen with their times</label>
  </fieldset>
</dialog>`;

/**
 * Shows the sheet.
 * @param {Drawing} drawing whose word list it is @param {import("./settings.js").Settings} settings
 */
export function showOptions(drawing, settings) {
  if (!byId("options")) build(drawing, settings);
  if (drawing.words.join() !== typed().join()) byId("words").value = drawing.words.join("\n");
  byId("live").checked = settings.live;
  for (const input of forms()) input.checked = input.value === settings.form;
  count();
  byId("options").showModal();
}

/** @param {Drawing} drawing @param {import("./settings.js").Settings} settings */
function build(drawing, settings) {
  document.body.insertAdjacentHTML("beforeend", SHEET);
  const sheet = byId("options");
  sheet.addEventListener("click", ({ target }) => target === sheet && sheet.close());
  byId("words").addEventListener("input", count);
  byId("words").addEventListener("change", () => drawing.set({ words: typed() }));
  byId("live").addEventListener("change", ({ target }) => settings.keep("live", target.checked));
  for (const input of forms()) input.addEventListener("change", () => settings.keep("form", input.value));
}

const forms = () => document.querySelectorAll("input[name=form]");

/** The words as they stand in the field, each once. @returns {string[]} */
const typed = () => [...new Set(byId("words").value.split(SEPARATORS).map((word) => word.trim()).filter(Boolean))];

function count() {
  const { length } = typed();
  byId("words-count").textContent = length === 0 ? "no list: any text" : length === 1 ? "1 word" : `${length} words`;
}
