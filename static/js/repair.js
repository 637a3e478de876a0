/** Repair: what the user wants of a character or of the whole text, as steps of the document. */

import { plain } from "./confidence.js";
import { joined, split } from "./splitting.js";
import { Editor } from "./editor.js";
import { toast } from "./toast.js";
import { groupsOf, lettersOf, readAs, readDrawing } from "./reading.js";

const REJECTED = "\uFFFD";

/**
 * @typedef {{drawing: Drawing, reader: import("./recognize.js").Reader,
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
export function startRepair({ drawing, reader, reading, charAt, settings, look, say, offerUndo }) {
  const editor = new Editor();
  const groups = () => groupsOf(reading.current);
  reading.addEventListener("read", () => editor.follow(reading.current?.glyphs ?? [])); // ink may have been on its way
  editor.addEventListener("look", (event) => look(event.detail));
  editor.addEventListener("say", (event) => {
    const { index, char } = event.detail;
    drawing.regroup(groups().with(index, { ...groups()[index], char }), "correction");
    if (char === null) say(`Character ${index + 1} is left to the reader.`);
    else say(`Character ${index + 1} is ${char || "no character"} now. It reads ${plain(reading.current?.text ?? "")}.`);
  });
  editor.addEventListener("split", (event) => {
    const { index, x } = event.detail;
    const cut = split(groups(), index, x);
    if (cut) drawing.regroup(cut, "split");
    else toast("All of the ink lies on one side of the line: nothing was cut.");
  });
  editor.addEventListener("join", (event) => {
    drawing.regroup(joined(groups(), event.detail), "join");
  });
  editor.addEventListener("erase", (event) => {
    const { parts } = groups()[event.detail];
    drawing.erase(parts.map(({ stroke }) => stroke));
    offerUndo("Erased.");
  });

  /** @param {string} text */
  function choose(text) {
    const letters = lettersOf(text).map((letter) => (letter === REJECTED ? "" : letter));
    const now = groups();
    if (letters.length === now.length) {
      drawing.regroup(now.map((group, index) => ({ ...group, char: letters[index] })), "correction");
      say(`It reads ${plain(text)} now.`);
      return;
    }
    reader.read(async (ask) => {
      const glyphs = await readAs(drawing, text, settings, ask);
      if (glyphs.length !== letters.length) return readDrawing(drawing, settings, ask); // the ink cannot be cut so
      drawing.regroup(glyphs.map(({ parts }, index) => ({ parts, char: letters[index] })), "correction"); // which reads anew, so that this answer is dropped
      return say(`It reads ${plain(text)} now.`);
    });
  }

  return { open: (index) => reading.current && editor.open(reading.current.glyphs, index, charAt), choose };
}
