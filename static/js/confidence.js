/** Confidence in words and per cent, said alike everywhere on the page. */

export const NOT_A_CHARACTER = "not a character";
export const BLANK = "▢"; // shown for ink that is no character
export const REJECTED = "\uFFFD"; // what stands for it in a text of the contract

/**
 * A probability as per cent. Rounding never claims certainty, nor impossibility, that is not there.
 * @param {number} probability 0 to 1
 */
export function percent(probability) {
  const value = probability * 100;
  if (value > 0 && value < 0.1) return "<0.1%";
  if (value < 1) return `${Number(value.toFixed(1))}%`;
  return `${value > 99 ? Math.floor(value * 10) / 10 : Math.round(value)}%`;
}

/** A text fit for speaking and showing: rejected ink is a blank, line breaks are spaces. @param {string} text */
export const plain = (text) => text.replaceAll(REJECTED, BLANK).replaceAll("\n", " ");

/**
 * How sure an answer is, in words: "Sure", "Fairly sure", "Unsure: 3 or 8", "A guess: 3 or 8".
 * @param {number} confidence of the answer, 0 to 1
 * @param {string[]} texts the answer and its rivals, best first
 */
export function verdict(confidence, texts) {
  if (confidence >= 0.95) return "Sure";
  if (confidence >= 0.8) return "Fairly sure";
  const word = confidence >= 0.5 ? "Unsure" : "A guess";
  const [best, rival] = [...new Set(texts.map(plain))];
  // Two long readings side by side are a wall of letters; they stand in the list of other readings.
  return rival === undefined || best.length + rival.length > 16 ? word : `${word}: ${best} or ${rival}`;
}

/** A text to take elsewhere: what is no character is left out. @param {string} text */
export const copyable = (text) => text.replaceAll(REJECTED, "").trim();

/** A character's name for people: what it was read as, or that it is none. @param {{char: string | null}} glyph */
export const nameOf = ({ char }) => char ?? NOT_A_CHARACTER;

/** Whether a character deserves a second look. @param {{char: string | null, confidence: number}} glyph */
export const doubtful = (glyph) => glyph.char === null || glyph.confidence < 0.8;

/**
 * How sure a whole reading is, and what was the user's own doing, in one phrase.
 * @param {Reading} reading
 */
export function judged({ glyphs, confidence, text, alternatives }) {
  const typed = glyphs.filter((glyph) => glyph.typed).length;
  if (typed > 0 && typed === glyphs.length) return "As you corrected it";
  if (glyphs.every(({ char }) => char === null)) return `No character in it · ${percent(confidence)}`;
  const words = verdict(confidence, [text, ...alternatives.map((rival) => rival.text)]);
  return `${words}${typed > 0 ? ", corrected" : ""} · ${percent(confidence)}`;
}
