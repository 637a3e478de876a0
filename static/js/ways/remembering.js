/** Nothing is lost: the drawing is kept at every step, readings have a history, and what cannot be read yet waits. */

import { byId } from "../dom.js";
import { Drawing } from "../drawing.js";
import { hush } from "../toast.js";
import { History } from "./history.js";
import { Queue } from "./queue.js";
import { forTab, keep, kept } from "./storage.js";

const NAME = "drawing";

/** Brings the drawing of the last visit back, this tab's own first; whether there was one. */
export function restore({ drawing, toast }) {
  const text = kept(NAME, forTab) ?? kept(NAME);
  if (text === null) return false;
  try {
    drawing.restore(Drawing.parse(JSON.parse(text)));
  } catch {
    toast("The drawing of your last visit is damaged and could not be brought back.");
  }
  return true;
}

/** isExample: whether what stands on the pad is not the user's own. */
export function startRemembering(page, isExample) {
  const { drawing, reading, reader, toast } = page;
  const history = new History(byId("history"), byId("history-clear"));
  const queue = new Queue(page, history, isExample);
  let saved = true;

  function autosave() {
    if (isExample()) return show();
    const text = JSON.stringify(drawing);
    const here = keep(NAME, text, forTab); // another tab has a drawing of its own
    saved = keep(NAME, text) || here;
    return show();
  }

  function show() {
    const waiting = history.waiting.length;
    const [state, words] = queue.away ? ["away", waiting > 1 ? `${waiting} waiting` : "Waiting"]
      : saved ? ["saved", drawing.empty || isExample() ? "Ready" : "Saved"] : ["unsaved", "Not saved"];
    if (byId("state").dataset.state === "away" && state !== "away") hush(); // what a note says of it is over
    byId("state").dataset.state = state;
    byId("state-words").textContent = words;
  }

  function explain() {
    if (queue.away) {
      const what = "The server cannot be reached. Your drawings are kept here and read as soon as it is back.";
      toast(what, { label: "Try now", act: () => queue.again() });
    } else if (saved) {
      toast("Each stroke is saved on this device as you draw, and only here.");
    } else {
      toast("This browser keeps nothing: it is full, or forbids it. Save the drawing as a file before you leave.");
    }
  }

  drawing.addEventListener("change", autosave);
  reading.addEventListener("read", ({ detail }) => {
    if (detail?.text && !isExample() && !drawing.empty) history.note(drawing, detail.text, detail.confidence);
  });
  history.addEventListener("change", show);
  queue.addEventListener("change", show);
  history.addEventListener("pick", ({ detail }) => {
    drawing.replace(Drawing.parse(JSON.parse(detail.drawing)), "earlier drawing");
    byId("pad").scrollIntoView({ block: "nearest" });
  });
  byId("history-clear").addEventListener("click", () => {
    const back = history.forget();
    byId("history-title").focus();
    toast("The history is empty.", { label: "Undo", act: back });
  });
  byId("state").addEventListener("click", explain);
  reader.addEventListener("answer", show);
  show();
}
