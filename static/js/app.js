/** The controller: it alone knows every part of the page and wires them by their events. */

import { Boxes } from "./boxes.js";
import { Charts, loadCharts } from "./charts.js";
import { Drawing } from "./drawing.js";
import { toRequest } from "./ink.js";
import { Pad } from "./pad.js";
import { Reader } from "./recognize.js";
import { Result, spoken } from "./result.js";
import { Strip } from "./strip.js";

const LIFT_TO_READ = 300; // ms: long enough for the second stroke of a 4, short enough to feel live
const EMPTY = "What you draw is read here, about a third of a second after you lift the pen.";

/** @template {Element} [T=HTMLElement] @param {string} id @returns {T} */
const byId = (id) => /** @type {any} */ (document.getElementById(id));

const drawing = new Drawing();
const pad = new Pad(byId("canvas"));
const boxes = new Boxes(byId("boxes"));
const result = new Result();
const charts = new Charts(byId("charts"));
const strip = new Strip(byId("strip"), byId("strip-note"));
const reader = new Reader(/** @type {string} */ (byId("main").dataset.api));

const alphabet = /** @type {HTMLSelectElement} */ (byId("alphabet"));
const points = /** @type {HTMLInputElement} */ (byId("points"));
const asTable = byId("as-table");
let timer = 0;
/** @type {number | null} */ let picked = null;

// --- Saying and showing ----------------------------------------------------------------------------------------

/** @param {string} words for screen readers */
const say = (words) => (byId("spoken").textContent = words);

/** Lights up one character everywhere. @param {number | null} index */
const light = (index) => [boxes, result, charts, strip].forEach((part) => part.light(index ?? picked));

/** @param {import("./recognize.js").Glyph[]} glyphs */
function showGlyphs(glyphs) {
  picked = null;
  boxes.show(glyphs);
  strip.mark(glyphs);
  charts.show(glyphs);
  asTable.hidden = glyphs.length === 0;
}

/** @param {string} words */
function showNothing(words) {
  result.showNothing(words);
  showGlyphs([]);
}

// --- Reading ---------------------------------------------------------------------------------------------------

function read() {
  clearTimeout(timer);
  if (drawing.strokes.length === 0) {
    showNothing("There is nothing to read yet: draw a number or a word above.");
    say("There is nothing to read yet.");
    return;
  }
  const form = points.checked ? "points" : "pictures";
  reader.read(toRequest(drawing.strokes, { form, alphabet: alphabet.value, ...pad.view }));
}

/** Reads once the pen has rested; until then, what was read is out of date. */
function readSoon() {
  clearTimeout(timer);
  reader.cancel();
  boxes.stale = true;
  if (drawing.strokes.length > 0) timer = setTimeout(read, LIFT_TO_READ);
  else showNothing(EMPTY);
}

reader.addEventListener("busy", () => (result.busy = true));
reader.addEventListener("idle", () => (result.busy = false));
reader.addEventListener("answer", (event) => {
  const answer = /** @type {CustomEvent<import("./recognize.js").Answer>} */ (event).detail;
  result.busy = false;
  const time = answer.timing_ms.total ? ` in ${answer.timing_ms.total.toFixed(0)} ms` : "";
  byId("model").textContent = `Read by ${answer.model.name} ${answer.model.version}${time}.`;
  if (answer.glyphs.length === 0) {
    showNothing("No character was found in this drawing. Draw a little larger, or go on drawing.");
    say("No character was found in this drawing.");
    return;
  }
  result.showAnswer(answer);
  showGlyphs(answer.glyphs);
  say(spoken(answer));
});
reader.addEventListener("failure", (event) => {
  const failure = /** @type {CustomEvent<import("./recognize.js").Failure>} */ (event).detail;
  result.busy = false;
  showGlyphs([]);
  result.showFailure(failure);
  say(`${failure.title} ${failure.advice}`);
});

// --- Drawing ---------------------------------------------------------------------------------------------------

pad.addEventListener("view", () => (boxes.view = pad.view));
pad.addEventListener("start", () => {
  clearTimeout(timer);
  reader.cancel();
  boxes.stale = true;
  byId("invitation").hidden = true;
  loadCharts(); // so that the charts stand ready when the answer comes
});
pad.addEventListener("stroke", (event) => drawing.add(/** @type {CustomEvent} */ (event).detail));
pad.addEventListener("hover", (event) => {
  const place = /** @type {CustomEvent<{x: number, y: number} | null>} */ (event).detail;
  light(place && boxes.at(place));
});
drawing.addEventListener("change", () => {
  pad.show(drawing.strokes);
  strip.show(drawing.strokes);
  byId("invitation").hidden = drawing.strokes.length > 0;
  byId("undo").setAttribute("aria-disabled", String(!drawing.canUndo));
  byId("clear").setAttribute("aria-disabled", String(drawing.strokes.length === 0));
  readSoon();
});

function undo() {
  const had = drawing.strokes.length;
  if (!drawing.canUndo) return say("There is nothing to take back.");
  drawing.undo();
  const what = drawing.strokes.length < had ? "Last stroke taken back" : "Drawing restored";
  return say(`${what}. Strokes: ${drawing.strokes.length}.`);
}

function clear() {
  drawing.clear();
  say("The drawing is empty. Undo brings it back.");
}

// --- Controls --------------------------------------------------------------------------------------------------

byId("undo").addEventListener("click", undo);
byId("clear").addEventListener("click", clear);
byId("read").addEventListener("click", read);
result.addEventListener("again", () => {
  byId("read").focus(); // the button pressed is about to go
  read();
});
for (const control of [alphabet, points]) {
  control.addEventListener("change", () => drawing.strokes.length > 0 && read());
}

asTable.addEventListener("click", () => {
  const pressed = asTable.getAttribute("aria-pressed") !== "true";
  asTable.setAttribute("aria-pressed", String(pressed));
  charts.tables = pressed;
});
for (const part of [result, charts]) {
  part.addEventListener("hover", (event) => light(/** @type {CustomEvent} */ (event).detail));
}
result.addEventListener("pick", (event) => {
  const { detail } = /** @type {CustomEvent<number>} */ (event);
  picked = picked === detail ? null : detail; // a second press lets go
  light(picked);
  charts.reveal(detail);
});

addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z") {
    event.preventDefault();
    undo();
  } else if (event.target === pad.canvas) {
    const action = { Enter: read, Backspace: undo, Delete: clear }[event.key];
    if (action) event.preventDefault();
    action?.();
  }
});
