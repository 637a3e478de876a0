/** The pad: turns one pointer at a time into strokes or rubs them out, and knows a tap of several fingers. */

import { PEN_WIDTHS, Stroke } from "./ink.js";
import { touched } from "./rubbing.js";
import { Paper } from "./paper.js";

const PEN_REIGNS = 5000; // ms after a pen was there in which touch is the palm's
const TAP = { between: 250, whole: 500, slip: 12 }; // ms between fingers, ms in all, CSS pixels that a finger may move
const RUBBER = { mouse: 8, pen: 8, touch: 16 }; // CSS pixels around the pointer that rub ink out
const RUBBER_BUTTON = 5; // of a pen turned around

/**
 * Emits `start` when the pen touches down, then `stroke` (detail: Stroke), `rubbed` (detail: Stroke[]) or `drop` (nothing
 * came of it) when it lifts; `taps` (detail: how many fingers) after a short tap of two fingers or more; `hover` (detail:
 * {x, y} or null) while a mouse or pen passes over; and `view` when the visible part of the paper changes.
 * Positions are paper pixels: CSS pixels, except where a smaller window shows the paper scaled down.
 */
export class Pad extends EventTarget {
  tool = "pen"; // or "eraser"
  width = PEN_WIDTHS.medium;
  /** @type {{id: number, type: string, stroke: Stroke | null, last: {x: number, y: number}} | null} */ #active = null;
  /** @type {Map<number, {x: number, y: number}>} where each finger came down */ #fingers = new Map();
  /** @type {{count: number, since: number} | null} a tap that may still come of it */ #tap = null;
  #firstFinger = 0;
  #lastPen = -Infinity;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    super();
    this.canvas = canvas;
    this.paper = new Paper(canvas, () => this.#emit("view"));
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    canvas.addEventListener("pointerup", (event) => this.#up(event));
    // A pointer that the system takes away has still drawn what it drew.
    canvas.addEventListener("pointercancel", (event) => this.#up(event));
    canvas.addEventListener("lostpointercapture", (event) => this.#up(event));
    canvas.addEventListener("pointerleave", () => this.#emit("hover", null));
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());
    // iPadOS Scribble takes strokes away unless touches are refused, and not passively.
    canvas.addEventListener("touchmove", (event) => event.preventDefault(), { passive: false });
  }

  /** The visible part of the paper, in paper pixels. */
  get view() {
    return this.paper.view;
  }

  /** Whether something is being drawn. */
  get busy() {
    return this.#active !== null;
  }

  /** @param {Drawing} drawing */
  show({ strokes, paper, picture }) {
    this.paper.show(strokes, paper, picture);
  }

  /** @param {PointerEvent} event */
  #down(event) {
    const { pointerId: id, pointerType: type, timeStamp } = event;
    if (type === "pen") this.#lastPen = timeStamp;
    if (type === "touch" && !this.#welcomes(event)) return;
    const rubs = this.tool === "eraser" || event.button === RUBBER_BUTTON;
    if (event.button !== 0 && !rubs) return;
    if (this.#active && type === "pen" && this.#active.type === "touch") this.#drop();
    if (this.#active) return;
    try {
      this.canvas.setPointerCapture(id); // strokes go on beyond the edge and come back
    } catch {
      // A pointer already gone: its stroke ends with the next event.
    }
    const place = this.paper.place(event);
    this.#active = { id, type, stroke: rubs ? null : new Stroke(type, this.width), last: place };
    this.#emit("start");
    this.#sample([event]);
  }

  /** Whether a finger may draw, or begins a tap together with others. @param {PointerEvent} event */
  #welcomes(event) {
    const { timeStamp } = event;
    if (timeStamp - this.#lastPen < PEN_REIGNS || this.#active?.type === "pen") return false;
    if (this.#fingers.size === 0) this.#firstFinger = timeStamp;
    this.#fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const count = this.#fingers.size;
    if (count > 1) {
      const still = count === 2 ? this.#still : this.#tap !== null;
      this.#tap = still && timeStamp - this.#firstFinger < TAP.between ? { count, since: this.#firstFinger } : null;
    }
    return true;
  }

  /** Whether the stroke under way is no more than a finger put down. */
  get #still() {
    const { width = 0, height = 0 } = this.#active?.stroke?.box ?? {};
    return Math.max(width, height) * this.paper.scale < TAP.slip + this.width + 4;
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (event.pointerType === "pen") this.#lastPen = event.timeStamp;
    const from = this.#fingers.get(event.pointerId);
    if (from && Math.hypot(event.clientX - from.x, event.clientY - from.y) > TAP.slip) this.#tap = null;
    if (event.pointerId === this.#active?.id) {
      const samples = event.getCoalescedEvents?.() ?? []; // missing on plain-http addresses
      this.#sample(samples.length > 0 ? samples : [event]);
    } else if (!this.#active && event.pointerType !== "touch") {
      this.#emit("hover", this.paper.place(event));
    }
  }

  /** @param {PointerEvent} event */
  #up(event) {
    const fingers = this.#fingers.delete(event.pointerId) ? this.#fingers.size : -1;
    const tapped = this.#tap && event.timeStamp - this.#tap.since < TAP.whole ? this.#tap.count : 0;
    if (tapped && event.type === "pointerup") {
      this.#drop(); // what the first finger drew was no ink
      if (fingers === 0) this.#emit("taps", tapped);
    } else if (event.pointerId === this.#active?.id) {
      if (event.type === "pointerup") this.#sample([event]); // the true time of the lift; other ends have no position
      this.#finish();
    }
    if (fingers === 0) this.#tap = null;
  }

  #finish() {
    const { stroke } = this.#active;
    const rubbed = [...this.paper.faded];
    this.#active = null;
    this.paper.begin(null);
    if (stroke) this.#emit("stroke", stroke);
    else this.#emit(rubbed.length > 0 ? "rubbed" : "drop", rubbed);
  }

  /** Nothing comes of what is being drawn. */
  #drop() {
    if (!this.#active) return;
    this.#active = null;
    this.paper.begin(null);
    this.#emit("drop");
  }

  /** @param {PointerEvent[]} events */
  #sample(events) {
    const active = this.#active;
    const { stroke, type } = active;
    const from = stroke?.x.length ?? 0;
    for (const event of events) {
      const place = this.paper.place(event);
      if (stroke) stroke.add(place.x, place.y, event.timeStamp, event.pressure);
      else this.#rub(active.last, place, type);
      active.last = place;
    }
    if (stroke && from === 0) this.paper.begin(stroke);
    else if (stroke && stroke.x.length > from) this.paper.extend(from);
  }

  /** @param {{x: number, y: number}} from @param {{x: number, y: number}} to @param {string} type of the pointer */
  #rub(from, to, type) {
    const reach = (RUBBER[type] ?? RUBBER.touch) / this.paper.scale;
    this.paper.fade(touched(this.paper.strokes, from, to, reach));
  }

  /** @param {string} type @param {unknown} [detail] */
  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
