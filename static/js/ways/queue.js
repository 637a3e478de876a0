/** When the server is away: what could not be read waits, and is asked for again until it is. */

import { Drawing } from "../drawing.js";
import { readDrawing } from "../reading.js";
import { call, PATIENCE } from "../recognize.js";

const AWAY = ["unreachable", "slow", "starting", "busy"]; // failures that pass by themselves
const DELAYS = [2, 4, 8, 15, 30]; // seconds to the next try

/** Emits `change` when `away` has changed. */
export class Queue extends EventTarget {
  away = false;
  #tries = 0;
  #timer = 0;
  #draining = false;

  constructor(page, history, isExample) {
    super();
    this.page = page;
    this.history = history;
    const { drawing, reader } = page;
    reader.addEventListener("busy", () => clearTimeout(this.#timer));
    reader.addEventListener("idle", () => this.away && this.#later());
    reader.addEventListener("answer", () => this.#back());
    reader.addEventListener("failure", ({ detail }) => {
      if (!AWAY.includes(detail.kind)) return this.#back();
      if (!drawing.empty && !isExample()) history.note(drawing, null);
      return this.#gone(detail.retryAfter);
    });
    addEventListener("online", () => this.away && this.again());
    document.addEventListener("visibilitychange", () => this.away && !document.hidden && this.again());
    if (history.waiting.length > 0) this.#gone(); // left from an earlier visit
  }

  /** Tries at once. */
  again() {
    const { drawing, pad, read } = this.page;
    clearTimeout(this.#timer);
    if (pad.busy) this.#later(); // not under the pen
    else if (drawing.empty) this.#drain();
    else read();
  }

  #gone(seconds) {
    this.#become(true);
    this.#later(seconds);
  }

  /** seconds: how many the server asked for, if it did. */
  #later(seconds) {
    clearTimeout(this.#timer);
    const wait = Math.max(seconds ?? 0, DELAYS[Math.min(this.#tries++, DELAYS.length - 1)]);
    this.#timer = setTimeout(() => this.again(), wait * 1000);
  }

  #back() {
    clearTimeout(this.#timer);
    this.#tries = 0;
    this.#become(false);
    this.#drain();
  }

  #become(away) {
    const changed = away !== this.away;
    this.away = away;
    if (changed) this.dispatchEvent(new Event("change"));
  }

  /** Reads what waits, one by one, until it is done or the server is away again. */
  async #drain() {
    if (this.#draining) return;
    this.#draining = true;
    let away = false;
    for (const entry of this.history.waiting) {
      try {
        const drawing = Drawing.parse(JSON.parse(entry.drawing));
        const ask = (request) => call(this.page.reader.address, request, AbortSignal.timeout(PATIENCE));
        const { text, confidence } = await readDrawing(drawing, { form: "points" }, ask);
        this.history.fill(entry, text, confidence);
      } catch ({ kind }) {
        away = AWAY.includes(kind);
        if (away) break;
        this.history.fill(entry, "", 0); // one that no server will read must not wait for ever
      }
    }
    this.#draining = false;
    if (away) this.#gone();
    else if (this.away) this.#back();
  }
}
