/** The sheet to share and save, and copying where that is hard. Loaded on first use. */

import { copyable } from "../confidence.js";
import { byId } from "../dom.js";
import { copied } from "./clipboard.js";
import { FORMATS, linkTo, save } from "./takeaway.js";

const LONG = 4000; // characters; some programs cut links beyond

const SHEET = `
<dialog class="sheet" id="take-sheet" aria-labelledby="take-title">
  <div class="sheet-head">
    <h2 id="take-title">Share or save</h2>
    <form method="dialog"><button class="btn btn-quiet tool" aria-label="Close"><svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false"><path d="m5 5 10 10M15 5 5 15"/></svg></button></form>
  </div>
  <div id="take-how">
    <label class="visually-hidden" for="take-link">Link to this drawing</label>
    <div class="row-of">
      <input class="field" id="take-link" readonly>
      <button class="btn btn-primary" id="take-copy" type="button">Copy link</button>
      <button class="btn btn-quiet" id="take-native" type="button" hidden>Send …</button>
    </div>
  </div>
  <p class="quiet" id="take-note" role="status"></p>
  <h3 id="take-save">Save as a file</h3>
  <div class="formats" role="group" aria-labelledby="take-save">
    <button class="btn" id="save-png" type="button"><strong>PNG</strong> <span class="quiet">a picture, the ink inside</span></button>
    <button class="btn" id="save-svg" type="button"><strong>SVG</strong> <span class="quiet">lines, the ink inside</span></button>
    <button class="btn" id="save-json" type="button"><strong>JSON</strong> <span class="quiet">as the API takes it</span></button>
    <button class="btn" id="save-inkml" type="button"><strong>InkML</strong> <span class="quiet">for other ink programs</span></button>
  </div>
  <p class="quiet">“Picture” opens any of these again.</p>
</dialog>`;

const formats = /** @type {(keyof typeof FORMATS)[]} */ (Object.keys(FORMATS));

/** Shows the sheet for what is drawn. @param {any} page */
export function share(page) {
  const { drawing, base } = page;
  if (!byId("take-sheet")) make(page);
  const flat = drawing.strokes.length === 0;
  const link = flat ? "" : linkTo(drawing, base);
  byId("take-link").value = link;
  byId("take-note").textContent = flat ? "A picture is too large for a link. Save it as a file."
    : "The drawing is in the link itself; nothing is uploaded."
      + (link.length > LONG ? ` It has ${link.length} characters: some programs cut that; then save a file.` : "");
  byId("take-how").hidden = flat;
  byId("take-native").hidden = flat || !navigator.share;
  for (const format of formats) byId(`save-${format}`).hidden = flat && !FORMATS[format].flat;
  byId("take-sheet").showModal();
}

/** Copies what was read where a page may not simply write to the clipboard. @param {any} page */
export async function copyText({ reading: { current }, toast }) {
  const text = copyable(current.text);
  toast((await copied(text)) ? `Copied: ${text}` : "The text could not be copied. Select it and copy it by hand.");
}

/** @param {any} page */
function make({ drawing, reading, toast }) {
  document.body.insertAdjacentHTML("beforeend", SHEET);
  const [sheet, link, note] = ["take-sheet", "take-link", "take-note"].map(byId);
  link.addEventListener("focus", () => link.select());
  byId("take-copy").addEventListener("click", async () => {
    if (await copied(link.value)) {
      sheet.close();
      toast("The link is copied. Whoever opens it sees this drawing.");
    } else {
      link.focus();
      note.textContent = "This browser lets no page copy. The link is selected: copy it by hand.";
    }
  });
  byId("take-native").addEventListener("click", () => {
    navigator.share({ title: "A drawing", url: link.value }).then(() => sheet.close(), () => {}); // given up: no error
  });
  for (const format of formats) {
    byId(`save-${format}`).addEventListener("click", () => {
      const name = (reading.current?.text ?? "").replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "").slice(0, 40);
      save(drawing, format, name || "drawing").then(
        () => sheet.close(),
        () => (note.textContent = "This browser could not make that file. Another format may work."),
      );
    });
  }
}
