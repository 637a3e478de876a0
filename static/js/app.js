/** The controller: it alone knows every part of the page and wires them by their events. */

import { Boxes } from "./boxes.js";
import { Charts, loadCharts } from "./charts.js";
import { BLANK, judged, nameOf, percent, plain } from "./confidence.js";
import { byId } from "./dom.js";
import { Drawing } from "./drawing.js";
import { listen } from "./keys.js";
import { Pad } from "./pad.js";
import { readDrawing, revised } from "./reading.js";
import { Reader } from "./recognize.js";
import { Result, spoken } from "./result.js";
import { Settings } from "./settings.js";
import { Strip } from "./strip.js";
import { hush, outdate, settle, toast } from "./toast.js";
import { startWays } from "./ways.js";

const LIFT_TO_READ = 300; // ms: long enough for the second stroke of a 4, short enough to feel live
const EMPTY = "What you draw is read here, about a third of a second after you lift the pen.";

const drawing = new Drawing();
const settings = new Settings();
const pad = new Pad(byId("canvas"));
const boxes = new Boxes(byId("boxes"));
const result = new Result();
const charts = new Charts(byId("charts"));
const strip = new Strip(byId("strip"), byId("strip-note"));
const reader = new Reader(byId("main").dataset.api);
const base = new URL(byId("main").dataset.base, document.baseURI);

/** What is shown of the drawing. Emits `read` (detail: `current`) whenever that has changed. */
const reading = Object.assign(new EventTarget(), {
  current: null,
});
/** @type {import("./replay.js").Replay | null} */ let replay = null;
let timer = 0;
let picked = null;

// --- Saying and showing ----------------------------------------------------------------------------------------

/** @param {string} words for screen readers */
const say = (words) => (byId("spoken").textContent = words);

/** Lights up one character everywhere. @param {number | null} index */
const light = (index) => [boxes, result, charts, strip].forEach((part) => part.light(index ?? picked));

/** @param {Reading | null} read */
function show(read) {
  reading.current = read && { ...read, verdict: judged(read) };
  const glyphs = read?.glyphs ?? [];
  picked = null;
  boxes.show(glyphs);
  strip.mark(glyphs, drawing.strokes);
  charts.show(glyphs);
  byId("as-table").hidden = glyphs.length === 0;
  if (read) result.showReading(read);
  settle();
  reading.dispatchEvent(new CustomEvent("read", { detail: reading.current }));
}

/** @param {string} words */
function showNothing(words) {
  result.showNothing(words);
  show(null);
}

// --- Reading ---------------------------------------------------------------------------------------------------

function read() {
  clearTimeout(timer);
  if (drawing.empty) {
    showNothing("There is nothing to read yet: draw a number or a word above.");
    say("There is nothing to read yet.");
    return;
  }
  reader.read((ask) => readDrawing(drawing, settings, ask));
}

/** Reads once the pen has rested; until then, what was read is out of date. */
function readSoon() {
  clearTimeout(timer);
  reader.cancel();
  boxes.stale = true;
  if (drawing.empty) showNothing(EMPTY);
  else if (settings.live) timer = setTimeout(read, LIFT_TO_READ);
  else if (!reading.current) result.showNothing("Press Read to have this drawing read.");
}

reader.addEventListener("busy", () => (result.busy = true));
reader.addEventListener("idle", () => (result.busy = false));
reader.addEventListener("answer", (event) => {
  const { detail } = event;
  const { model, timing_ms: timing } = detail.answer;
  result.busy = false;
  byId("model").textContent = `Read by ${model.name} ${model.version}${timing.total ? ` in ${timing.total.toFixed(0)} ms` : ""}.`;
  if (detail.glyphs.length === 0) {
    showNothing("No character was found in this drawing. Draw a little larger, or go on drawing.");
    say("No character was found in this drawing.");
    return;
  }
  if (drawing.words.length > 0 && plain(detail.text).includes(BLANK)) {
    showNothing("No word of your list fits this drawing. The list stands under Options.");
    say("No word of your list fits this drawing.");
    return;
  }
  show(detail);
  say(spoken(detail));
});
reader.addEventListener("failure", (event) => {
  const failure = event.detail;
  result.busy = false;
  result.showFailure(failure);
  show(null);
  say(`${failure.title} ${failure.advice}`);
});

// --- Drawing ---------------------------------------------------------------------------------------------------

pad.addEventListener("view", () => (boxes.view = pad.view));
pad.addEventListener("start", () => {
  clearTimeout(timer);
  reader.cancel();
  replay?.stop();
  hush();
  boxes.stale = true;
  byId("invitation").hidden = true;
  loadCharts(); // so that the charts stand ready when the answer comes
});
pad.addEventListener("stroke", ({ detail: stroke }) => {
  const before = drawing.strokes;
  drawing.add(stroke, pad.view);
  if (before.length > 0 && stroke.winds) scratchOut(drawing.strokes.at(-1), before);
});

/** Takes ink away where a stroke scratches it out. */
async function scratchOut(stroke, before) {
  const { struckOut } = await import("./scratching.js");
  const struck = struckOut(stroke, before).filter((other) => drawing.strokes.includes(other));
  if (struck.length === 0 || !drawing.strokes.includes(stroke)) return;
  // A step of its own: one undo brings the ink back with the scribble on it, in case it was meant as ink.
  drawing.erase([...struck, stroke], "scratched out ink");
  offerUndo(`Scratched out ${struck.length === 1 ? "1 stroke" : `${struck.length} strokes`}.`);
}

pad.addEventListener("rubbed", (event) => drawing.erase(event.detail));
pad.addEventListener("drop", () => {
  byId("invitation").hidden = !drawing.empty;
  readSoon();
});
pad.addEventListener("taps", (event) => (event.detail === 2 ? undo() : redo()));
pad.addEventListener("hover", (event) => {
  const place = event.detail;
  light(place && boxes.at(place));
});
drawing.addEventListener("change", (event) => {
  const { kind } = event.detail;
  outdate();
  showWishes();
  byId("undo").setAttribute("aria-disabled", String(!drawing.undoable));
  byId("redo").setAttribute("aria-disabled", String(!drawing.redoable));
  byId("clear").setAttribute("aria-disabled", String(drawing.empty));
  if (kind === "ink") {
    replay?.stop();
    pad.show(drawing);
    strip.show(drawing.strokes);
    byId("invitation").hidden = !drawing.empty;
    byId("replay").hidden = drawing.strokes.length === 0;
    readSoon();
  } else if (!drawing.empty) {
    const known = kind === "groups" && reading.current && revised(reading.current, drawing);
    if (known) show(known);
    else read();
  }
});

/** @param {string} words */
const offerUndo = (words) => toast(words, { label: "Undo", act: undo });

function undo() {
  const label = drawing.undo();
  say(label ? `Taken back: ${label}. Strokes: ${drawing.strokes.length}.` : "There is nothing to take back.");
}

function redo() {
  const label = drawing.redo();
  say(label ? `Done again: ${label}. Strokes: ${drawing.strokes.length}.` : "There is nothing to do again.");
}

function clear() {
  if (drawing.empty) return;
  drawing.clear();
  offerUndo("The drawing is empty.");
}

function toggleEraser() {
  const erases = pad.tool !== "eraser";
  pad.tool = erases ? "eraser" : "pen";
  byId("eraser").setAttribute("aria-pressed", String(erases));
  pad.canvas.classList.toggle("erasing", erases);
  say(erases ? "Eraser: draw over ink to rub it out." : "Pen.");
}

// --- Controls --------------------------------------------------------------------------------------------------

byId("undo").addEventListener("click", undo);
byId("redo").addEventListener("click", redo);
byId("clear").addEventListener("click", clear);
byId("eraser").addEventListener("click", toggleEraser);
byId("read").addEventListener("click", read);
result.addEventListener("again", () => {
  byId("read").focus(); // the button pressed is about to go
  read();
});
settings.addEventListener("change", ({ detail }) => {
  pad.width = settings.penWidth;
  if (detail === "pen") {
    if (pad.tool === "eraser") toggleEraser();
    say(`Pen: ${settings.pen}.`);
  } else if (!drawing.empty && settings.live) read();
});
byId("alphabet").addEventListener("change", ({ target }) => drawing.set({ alphabet: target.value }));

/** Shows what the document says of how it is to be read. */
function showWishes() {
  const { length } = drawing.words;
  byId("alphabet").value = drawing.alphabet;
  byId("open-options").classList.toggle("on", length > 0);
  byId("open-options").title = length > 0 ? `Options; reads ${length === 1 ? "1 word" : `${length} words`} of your list` : "Options";
}

byId("as-table").addEventListener("click", () => {
  const pressed = byId("as-table").getAttribute("aria-pressed") !== "true";
  byId("as-table").setAttribute("aria-pressed", String(pressed));
  charts.tables = pressed;
});

byId("replay").addEventListener("click", () => withPart(() => import("./replay.js"), ({ Replay }) => {
  replay ??= follow(new Replay(pad.paper));
  if (replay.running) return replay.stop();
  boxes.stale = true;
  byId("pad").scrollIntoView({ block: "nearest" });
  byId("replay").classList.add("running");
  byId("replay-label").textContent = "Stop";
  return replay.start(drawing.strokes);
}));

/** Shows on the page how far a replay is. @param {import("./replay.js").Replay} played */
function follow(played) {
  played.addEventListener("stroke", ({ detail }) => strip.play(detail));
  played.addEventListener("end", () => {
    boxes.stale = false;
    byId("replay").classList.remove("running");
    byId("replay-label").textContent = "Replay";
    strip.play(null);
  });
  return played;
}

for (const part of [result, charts]) {
  part.addEventListener("hover", (event) => light(event.detail));
}

// --- Repair and keyboard ---------------------------------------------------------------------------------------

/** @param {number | null} index the character that is looked at until further notice */
function look(index) {
  picked = index;
  light(index);
}

/** Does something with a part of the page that is fetched when it is first wanted. */
const withPart = (part, act) => part().then(act, () =>
  toast("This part of the page could not be fetched. Check the connection, then try again."));

const charAt = (index) => result.charAt(index);
let repair = null;
const mend = (act, what) => withPart(() => import("./repair.js"), ({ startRepair }) => {
  repair ??= startRepair({ drawing, reader, read, reading, charAt, settings, look, say, offerUndo });
  repair[act](what);
});
const help = () => withPart(() => import("./keysheet.js"), ({ showKeys }) => showKeys());
byId("open-keys").addEventListener("click", help);
byId("open-options").addEventListener("click", () =>
  withPart(() => import("./options.js"), ({ showOptions }) => showOptions(drawing, settings)));

for (const part of [result, charts]) {
  part.addEventListener("pick", (event) => mend("open", event.detail));
}
result.addEventListener("choose", (event) => mend("choose", event.detail));

/** Looks at the next character, or at the one before. @param {number} by */
function pick(by) {
  const glyphs = reading.current?.glyphs ?? [];
  if (glyphs.length === 0) return;
  const from = picked ?? (by > 0 ? -1 : glyphs.length);
  const index = Math.max(0, Math.min(from + by, glyphs.length - 1));
  look(index);
  say(`Character ${index + 1}: ${nameOf(glyphs[index])}, ${percent(glyphs[index].confidence)}. Enter changes it.`);
}

listen(pad.canvas, {
  undo, redo, clear, eraser: toggleEraser, left: () => pick(-1), right: () => pick(1), stop: () => replay?.stop(), help,
  enter: () => (picked === null ? read() : mend("open", picked)),
});

pad.width = settings.penWidth;
pad.show(drawing);
startWays({ drawing, pad, reader, reading, read, toast, withPart, base });
