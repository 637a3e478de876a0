// A client of Glyphline for browsers and Node 18 or later: copy it into your project.
//
//   import { Glyphline } from "./glyphline.js";
//   const { text } = await new Glyphline("http://127.0.0.1:8000").read({ strokes, alphabet: "digits" });

/** The server refused: `problem` is RFC 9457, with a pointer to each fault in `problem.errors`. */
export class GlyphlineError extends Error {
  constructor(problem) {
    super(`${problem.status} ${problem.title}: ${problem.detail}`);
    this.problem = problem;
  }
}

export class Glyphline {
  /** @param {string} address  @param {{timeout?: number, attempts?: number}} [options]  timeout in ms */
  constructor(address, { timeout = 20_000, attempts = 4 } = {}) {
    this.api = `${address.replace(/\/$/, "")}/api/v1/`;
    this.timeout = timeout;
    this.attempts = attempts;
  }

  /** Reads one drawing: a body of the recognize call. */
  read(request) {
    return this.#post("recognize", JSON.stringify(request), "application/json");
  }

  /** Reads a picture: a Blob or File of PNG, JPEG or WebP, for example from canvas.toBlob. */
  readPicture(blob, options = {}) {
    return this.#post(`recognize?${new URLSearchParams(options)}`, blob, blob.type);
  }

  /** Reads up to 64 drawings in one call: for each an answer, or a problem, which has a `status`. */
  async readMany(requests) {
    return (await this.#post("recognize/batch", JSON.stringify({ items: requests }), "application/json")).results;
  }

  /** A call stores nothing, so it is simply made again where the server has no time or cannot be reached. */
  async #post(call, body, type) {
    for (let attempt = 1; ; attempt++) {
      let wait = 2 ** attempt * 250;
      try {
        const signal = AbortSignal.timeout(this.timeout);
        const response = await fetch(this.api + call, { method: "POST", headers: { "Content-Type": type }, body, signal });
        if (response.ok) return await response.json();
        if (![429, 503].includes(response.status) || attempt >= this.attempts) {
          throw new GlyphlineError(await response.json());
        }
        wait = 1000 * Number(response.headers.get("Retry-After") ?? 1);
      } catch (error) {
        if (error instanceof GlyphlineError || attempt >= this.attempts) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

/** Pointer events of one stroke → a stroke of the request; use `event.getCoalescedEvents()` for all samples. */
export function strokeOf(events) {
  return {
    x: events.map((event) => event.offsetX),
    y: events.map((event) => event.offsetY),
    t: events.map((event) => event.timeStamp),
  };
}
