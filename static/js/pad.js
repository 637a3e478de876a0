/** The pad: turns one pointer at a time into strokes, and shows them sharply at every size. */

import { Stroke } from "./ink.js";

/**
 * Emits `start` when the pen touches down, `stroke` (detail: Stroke) when it lifts, `hover` (detail: {x, y} or null)
 * while a mouse or pen passes over, and `view` (detail: {width, height}) when the visible part of the paper changes.
 * Positions are paper pixels: CSS pixels, except where a smaller window shows the paper scaled down.
 */
export class Pad extends EventTarget {
  /** @type {readonly Stroke[]} */ #strokes = [];
  /** @type {Stroke | null} */ #stroke = null;
  /** @type {number | null} */ #pointer = null;
  #room = { width: 0, height: 0 }; // the largest paper these strokes were drawn on
  #scale = 1;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    super();
    this.canvas = canvas;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
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
    new ResizeObserver(() => this.#resize()).observe(canvas);
    addEventListener("resize", () => this.#resize()); // also a zoom or another screen: the same size, other pixels
    addEventListener("themechange", () => this.#redraw());
    this.#resize();
  }

  /** The visible part of the paper, in paper pixels. */
  get view() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    return { width: Math.round(width / this.#scale), height: Math.round(height / this.#scale) };
  }

  /** @param {readonly Stroke[]} strokes */
  show(strokes) {
    this.#strokes = strokes;
    this.#resize(); // an empty paper is back at full size, and a turn of the phone under the pen is caught up with
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (this.#pointer !== null || event.button !== 0) return;
    this.#pointer = event.pointerId;
    try {
      this.canvas.setPointerCapture(event.pointerId); // strokes go on beyond the edge and come back
    } catch {
      // A pointer already gone: its stroke ends with the next event.
    }
    this.#stroke = new Stroke(event.pointerType);
    this.#emit("start");
    this.#sample([event]);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (event.pointerId === this.#pointer) {
      const samples = event.getCoalescedEvents?.() ?? []; // missing on plain-http addresses
      this.#sample(samples.length > 0 ? samples : [event]);
    } else if (this.#pointer === null && event.pointerType !== "touch") {
      this.#emit("hover", this.#place(event));
    }
  }

  /** @param {PointerEvent} event */
  #up(event) {
    if (event.pointerId !== this.#pointer || !this.#stroke) return;
    if (event.type === "pointerup") this.#sample([event]); // the true time of the lift; other ends have no position
    const stroke = this.#stroke;
    this.#stroke = this.#pointer = null;
    this.#emit("stroke", stroke);
  }

  /** @param {PointerEvent[]} events */
  #sample(events) {
    const stroke = /** @type {Stroke} */ (this.#stroke);
    const from = stroke.x.length;
    for (const event of events) {
      const { x, y } = this.#place(event);
      stroke.add(x, y, event.timeStamp, event.pressure);
    }
    if (stroke.x.length > from) stroke.trace(this.context, from);
  }

  /** @param {PointerEvent} event */
  #place(event) {
    const { left, top } = this.canvas.getBoundingClientRect();
    return { x: (event.clientX - left) / this.#scale, y: (event.clientY - top) / this.#scale };
  }

  #resize() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const size = [Math.round(width * devicePixelRatio), Math.round(height * devicePixelRatio)];
    if (this.#strokes.length === 0 && !this.#stroke) this.#room = { width, height };
    this.#room = { width: Math.max(this.#room.width, width), height: Math.max(this.#room.height, height) };
    if (this.#stroke) return this.#redraw(); // never under the pen: show() catches up
    const reach = { width, height };
    for (const { box } of this.#strokes) {
      reach.width = Math.max(reach.width, Math.min(box.x + box.width, this.#room.width));
      reach.height = Math.max(reach.height, Math.min(box.y + box.height, this.#room.height));
    }
    this.#scale = Math.min(1, width / reach.width, height / reach.height) || 1;
    if (this.canvas.width !== size[0] || this.canvas.height !== size[1]) [this.canvas.width, this.canvas.height] = size;
    this.#redraw();
    this.#emit("view", this.view);
  }

  #redraw() {
    const { canvas, context } = this;
    const pixels = (canvas.width / canvas.clientWidth || 1) * this.#scale;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.setTransform(pixels, 0, 0, pixels, 0, 0);
    context.strokeStyle = getComputedStyle(canvas).color; // the theme's ink
    for (const stroke of this.#strokes) stroke.trace(context);
    this.#stroke?.trace(context);
  }

  /** @param {string} type @param {unknown} [detail] */
  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
