/** The sheet that lists keys and gestures. */

import { byId } from "./dom.js";
import "./sheets.js";

const SHEET = `
<dialog class="sheet" id="keys" aria-labelledby="keys-title">
  <div class="sheet-head">
    <h2 id="keys-title">Keyboard and gestures</h2>
    <form method="dialog"><button class="btn btn-quiet tool" aria-label="Close"><svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false"><path d="m5 5 10 10M15 5 5 15"/></svg></button></form>
  </div>
  <h3>Everywhere</h3>
  <dl class="keys">
    <dt><kbd>Ctrl</kbd> <kbd>Z</kbd></dt><dd>Undo</dd>
    <dt><kbd>Ctrl</kbd> <kbd>Shift</kbd> <kbd>Z</kbd></dt><dd>Redo, also <kbd>Ctrl</kbd> <kbd>Y</kbd></dd>
    <dt><kbd>Esc</kbd></dt><dd>Close a sheet, stop the replay</dd>
    <dt><kbd>?</kbd></dt><dd>This sheet</dd>
    <dt><kbd>Ctrl</kbd> <kbd>O</kbd></dt><dd>Open a picture or saved ink</dd>
    <dt><kbd>Ctrl</kbd> <kbd>V</kbd></dt><dd>Paste a picture, ink, a link or text</dd>
    <dt><kbd>Ctrl</kbd> <kbd>C</kbd></dt><dd>Copy what was read</dd>
    <dt><kbd>Ctrl</kbd> <kbd>S</kbd></dt><dd>Share or save</dd>
  </dl>
  <h3>On the drawing area</h3>
  <dl class="keys">
    <dt><kbd>Enter</kbd></dt><dd>Read, or change the character picked</dd>
    <dt><kbd>←</kbd> <kbd>→</kbd></dt><dd>Pick a character</dd>
    <dt><kbd>Backspace</kbd></dt><dd>Undo</dd>
    <dt><kbd>Delete</kbd></dt><dd>Clear</dd>
    <dt><kbd>E</kbd></dt><dd>Eraser on and off</dd>
  </dl>
  <h3>While changing a character</h3>
  <dl class="keys">
    <dt>any letter or digit</dt><dd>It is that</dd>
    <dt><kbd>←</kbd> <kbd>→</kbd></dt><dd>The character before, the next</dd>
  </dl>
  <h3>With fingers and pens</h3>
  <dl class="keys">
    <dt>tap with two fingers</dt><dd>Undo; with three, redo</dd>
    <dt>scribble over ink</dt><dd>Scratch it out</dd>
    <dt>pen turned around</dt><dd>Erase</dd>
    <dt>tap a letter of the answer</dt><dd>Change, split, join or erase it</dd>
  </dl>
</dialog>`;

/** Shows the sheet. */
export function showKeys() {
  if (!byId("keys")) {
    document.body.insertAdjacentHTML("beforeend", SHEET);
    byId("keys").addEventListener("click", ({ target }) => target === byId("keys") && byId("keys").close());
  }
  byId("keys").showModal();
}
