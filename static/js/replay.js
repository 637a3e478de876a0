/** Plays the ink again at the speed it was drawn; where motion is unwelcome, stroke by whole stroke. */

/** Emits `stroke` (detail: which is being drawn), and `end`. */
export class Replay extends EventTarget {
  #frame = 0;
  #calm = matchMedia("(prefers-reduced-motion: reduce)");

  /** @param {import("./paper.js").Paper} paper */
  constructor(paper) {
    super();
    this.paper = paper;
  }

  get running() {
    return this.#frame !== 0;
  }

  /** @param {readonly Stroke[]} strokes at least one */
  start(strokes) {
    const [begin, end] = [strokes[0].times[0], strokes[strokes.length - 1].times[1]];
    let began = 0;
    let shown = -1;
    const step = (now) => {
      began ||= now;
      const moment = begin + now - began;
      const at = strokes.findLastIndex(({ times }) => times[this.#calm.matches ? 1 : 0] <= moment);
      if (!this.#calm.matches || at !== shown) this.paper.draw(this.#calm.matches ? strokes[at]?.times[1] ?? begin - 1 : moment);
      if (at !== shown) this.dispatchEvent(new CustomEvent("stroke", { detail: (shown = at) }));
      if (moment >= end) this.stop();
      else this.#frame = requestAnimationFrame(step);
    };
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(step);
  }

  /** Shows all of the ink again. */
  stop() {
    if (!this.running) return;
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.paper.draw();
    this.dispatchEvent(new Event("end"));
  }
}
