/**
 * The shapes of what the page's modules hand to each other, named in their comments. For people and editors alone: no browser
 * fetches this file. Positions and lengths are CSS pixels on the paper, origin top left, y down; times are milliseconds;
 * probabilities run from 0 to 1; ends are exclusive.
 */

type Stroke = import("./ink.js").Stroke;
type Drawing = import("./drawing.js").Drawing;

interface Place { x: number; y: number }
interface Size { width: number; height: number }
interface Box extends Place, Size {}

/** A stroke alone, as a picture: its corner, its start and end. */
interface StrokePicture extends Place { image: string; t: [number, number] }

/** A flat picture in place of ink: its data URL, its size on the paper, how many pixels wide the file is. */
interface FlatPicture extends Size { image: string; pixels?: number }

/** Points of one stroke. */
interface Part { stroke: Stroke; begin: number; end: number }

/** One character as the user wants it cut. char: as the user typed it, "" for no character, null: the reader shall say. */
interface Group { parts: readonly Part[]; char: string | null }

/** The document at one moment. paper: the largest that the ink was drawn on. */
interface State {
  strokes: readonly Stroke[];
  groups: readonly Group[] | null;
  paper: Size | null;
  picture: FlatPicture | null;
  alphabet: string;
  words: readonly string[];
}

/** A character, null for none, and how likely it is. */
interface Alternative { char: string | null; confidence: number }

/** One glyph of an answer of the contract. */
interface Glyph extends Alternative {
  alternatives: Alternative[];
  box: Box;
  line: number;
  word: number;
  strokes: number[];
  parts?: { stroke: number; begin: number; end: number }[];
  picture?: string;
}

interface Text { text: string; confidence: number }

/** An answer of the contract. */
interface Answer extends Text {
  alternatives: Text[];
  glyphs: Glyph[];
  model: { name: string; version: string };
  timing_ms: { total?: number };
}

/** A glyph with its ink; typed: it is what the user said. */
interface Character extends Glyph { parts: Part[]; typed: boolean }

/** A document read. read: before the user's corrections; glyphs, text, confidence and alternatives: after. */
interface Reading extends Text {
  strokes: readonly Stroke[];
  picture: FlatPicture | null;
  auto: boolean;
  answer: Answer;
  read: Character[];
  glyphs: Character[];
  alternatives: Text[];
}

/** One recognize call; throws Failure. */
type Ask = (request: object) => Promise<Answer>;
