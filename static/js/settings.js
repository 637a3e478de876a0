/** How the page draws, reads and sends: kept on this device. The alphabet and the word list belong to the document. */

import { byId } from "./dom.js";
import { PEN_WIDTHS } from "./ink.js";

const KEY = "glyphline-settings";

/** Emits `change` (detail: "form", "live" or "pen"). */
export class Settings extends EventTarget {
  /** @type {"pictures" | "points"} */ form = "pictures";
  live = true;
  /** @type {keyof typeof PEN_WIDTHS} */ pen = "medium";

  constructor() {
    super();
    try {
      const { form, live, pen } = JSON.parse(localStorage.getItem(KEY) ?? "{}");
      if (form === "points") this.form = form;
      if (live === false) this.live = live;
      if (pen in PEN_WIDTHS) this.pen = pen;
    } catch {
      // Nothing kept that makes sense.
    }
    byId("pen").addEventListener("click", () => this.#nextPen());
    this.#showPen();
  }

  get penWidth() {
    return PEN_WIDTHS[this.pen];
  }

  /** Changes one setting. @param {"form" | "live" | "pen"} name @param {string | boolean} value */
  keep(name, value) {
    this[name] = value;
    try {
      localStorage.setItem(KEY, JSON.stringify({ form: this.form, live: this.live, pen: this.pen }));
    } catch {
      // Storage is closed to this page: the settings hold until it is left.
    }
    this.dispatchEvent(new CustomEvent("change", { detail: name }));
  }

  #nextPen() {
    const names = Object.keys(PEN_WIDTHS);
    this.keep("pen", names[(names.indexOf(this.pen) + 1) % names.length]);
    this.#showPen();
  }

  #showPen() {
    const pen = byId("pen");
    pen.dataset.pen = this.pen;
    pen.title = `Pen: ${this.pen}`;
    pen.setAttribute("aria-label", pen.title);
  }
}
