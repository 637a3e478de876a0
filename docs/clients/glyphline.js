// A client of Glyphline for browsers and Node 18 or later: copy it into your project.
//
//   import { Glyphline } from "./glyphline.js";
//   const { text } = await new Glyphline("http://127.0.0.1:8000").read({ strokes, alphabet: "digits" });

/**
 * The server refused: `problem` is RFC 9457, with a pointer to each fault in `problem.errors`; `requestId` finds the
 * call in the server's log.
 */
export class GlyphlineError extends Error {
  constructor(problem, requestId) {
    super(`${problem.status} ${problem.title}: ${problem.detail}`);
    this.problem = problem;
    this.requestId = requestId;
  }

  /** Whether the same may be sent again: not where errors say what must change first. */
  get again() {
    return [408, 429, 502, 503].includes(this.problem.status) && !this.problem.errors?.length;
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

  /** Reading stores nothing, so it is simply asked again where the server has no time or cannot be reached. */
  async #post(call, body, type) {
    for (let attempt = 1; ; attempt++) {
      let wait = 2 ** attempt * 250;
      try {
        const signal = AbortSignal.timeout(this.timeout);
        const response = await fetch(this.api + call, { method: "POST", headers: { "Content-Type": type }, body, signal });
        if (response.ok) return await response.json();
        wait = 1000 * (Number(response.headers.get("Retry-After")) || 1);
        throw new GlyphlineError(await problemOf(response), response.headers.get("X-Request-ID"));
      } catch (error) {
        if (attempt >= this.attempts || (error instanceof GlyphlineError && !error.again)) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

/** What a refusal says; a proxy in between may answer with a page of its own. */
async function problemOf(response) {
  const { status, statusText: title } = response;
  const text = await response.text();
  try {
    return { title, detail: "", ...JSON.parse(text), status };
  } catch {
    return { title, status, detail: "this is no answer of Glyphline" };
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
