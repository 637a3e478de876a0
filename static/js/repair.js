/** Repair: what the user wants of a character or of the whole text, as steps of the document. */

import { plain, REJECTED } from "./confidence.js";
import { joined, split } from "./splitting.js";
import { Editor } from "./editor.js";
import { toast } from "./toast.js";
import { groupsOf, holds, lettersOf, readAs, readDrawing } from "./reading.js";

/**
 * @typedef {{drawing: Drawing, reader: import("./recognize.js").Reader, read: () => void,
 *   reading: {current: Reading | null}, charAt: (index: number) => HTMLElement | undefined,
 *   settings: import("./settings.js").Settings, look: (index: number | null) => void, say: (words: string) => void,
 *   offerUndo: (words: string) => void}} Page  what repair needs of it
 */

/**
 * Wires the sheet that repairs a character.
 * @param {Page} page
 * @returns {{open: (index: number) => void, choose: (text: string) => void}} open: the sheet, for one character; choose: reads
 *   the whole drawing as one of its other readings
 */
export function startRepair({ drawing, reader, read, reading, charAt, settings, look, say, offerUndo }) {
  const editor = new Editor();
  const groups = () => groupsOf(reading.current);

  /**
   * Only what is still there can be repaired: an old reading would bring back ink that has been erased or taken back since.
   * @template T @param {(what: T) => void} act @returns {(what: T) => void}
   */
  const onPresent = (act) => (what) => {
    if (!reading.current) return;
    if (holds(reading.current, drawing)) return act(what);
    toast("The drawing has changed since: it is read anew.");
    read();
  };

  reading.addEventListener("read", () => editor.follow(reading.current?.glyphs ?? [])); // ink may have been on its way
  editor.addEventListener("look", (event) => look(event.detail));
  editor.addEventListener("say", onPresent((event) => {
    const { index, char } = event.detail;
    drawing.regroup(groups().with(index, { ...groups()[index], char }), "correction");
    if (char === null) say(`Character ${index + 1} is left to the reader.`);
    else say(`Character ${index + 1} is ${char || "no character"} now. It reads ${plain(reading.current?.text ?? "")}.`);
  }));
  editor.addEventListener("split", onPresent((event) => {
    const { index, x } = event.detail;
    const cut = split(groups(), index, x);
    if (cut) drawing.regroup(cut, "split");
    else toast("All of the ink lies on one side of the line: nothing was cut.");
  }));
  editor.addEventListener("join", onPresent((event) => {
    drawing.regroup(joined(groups(), event.detail), "join");
  }));
  editor.addEventListener("erase", onPresent((event) => {
    const { parts } = groups()[event.detail];
    drawing.erase(parts.map(({ stroke }) => stroke));
    offerUndo("Erased.");
  }));

  /** @param {string} text */
  function choose(text) {
    const letters = lettersOf(text).map((letter) => (letter === REJECTED ? "" : letter));
    const now = groups();
    if (letters.length === now.length) {
      drawing.regroup(now.map((group, index) => ({ ...group, char: letters[index] })), "correction");
      say(`It reads ${plain(text)} now.`);
      return;
    }
    if (drawing.picture) return toast("A picture cannot be cut in another way. Press its characters to change them one by one.");
    const { strokes } = drawing;
    reader.read(async (ask) => {
      const glyphs = await readAs(drawing, text, settings, ask);
      const fits = glyphs.length === letters.length && drawing.strokes === strokes; // or it cannot be cut so, or is other ink by now
      if (!fits) return readDrawing(drawing, settings, ask);
      drawing.regroup(glyphs.map(({ parts }, index) => ({ parts, char: letters[index] })), "correction"); // which reads anew, so that this answer is dropped
      return say(`It reads ${plain(text)} now.`);
    });
  }

  return {
    open: onPresent((/** @type {number} */ index) => editor.open(reading.current.glyphs, index, charAt)),
    choose: onPresent(choose),
  };
}
