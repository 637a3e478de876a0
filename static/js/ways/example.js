/** The first visit: an example that reads itself, and makes room as soon as the pen touches the pad. Loaded only then. */

import { byId } from "../dom.js";
import { Stroke } from "../ink.js";
import { written } from "./typing.js";

const TEXT = "2048";

/** Puts the example on the pad, unless someone draws already. @param {any} page @returns {() => boolean} whether it stands there */
export function showExample({ drawing, pad, room }) {
  const strokes = written(TEXT, room()).map(Stroke.parse);
  const here = () => drawing.strokes[0] === strokes[0];
  drawing.addEventListener("change", () => (byId("example-note").hidden = !here()));
  pad.addEventListener("start", () => here() && drawing.restore({}));
  if (drawing.empty && !pad.busy) queueMicrotask(() => drawing.restore({ strokes, paper: room() })); // when here() is known
  return here;
}
