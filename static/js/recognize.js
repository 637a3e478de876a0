/** Asks the server to read a drawing; only the newest question ever gets an answer. */

export const PATIENCE = 20_000; // ms until a silent server counts as gone

/** A call that brought no answer: what kind, and in plain words what happened (`title`) and what to do (`advice`). */
export class Failure extends Error {
  /** @param {string} kind @param {string} title @param {string} advice @param {number | null} [retryAfter] seconds */
  constructor(kind, title, advice, retryAfter = null) {
    super(title);
    Object.assign(this, { kind, title, advice, retryAfter });
  }
}

/** Emits `busy`, then one of `answer` (detail: what the task gave), `failure` (detail: Failure) or `idle` (cancelled). */
export class Reader extends EventTarget {
  #job = 0;
  /** @type {AbortController | null} */ #running = null;

  /** @param {string} address of the recognize call, relative to the page */
  constructor(address) {
    super();
    this.address = address;
  }

  /** Forgets the question under way, if there is one. */
  cancel() {
    this.#job++;
    if (!this.#running) return;
    this.#running.abort();
    this.#running = null;
    this.dispatchEvent(new Event("idle"));
  }

  /** @param {(ask: Ask) => Promise<unknown>} task asks as often as it needs */
  async read(task) {
    this.#running?.abort();
    const job = ++this.#job; // an answer that was already on its way when the next question left is dropped
    const running = (this.#running = new AbortController());
    const timer = setTimeout(() => running.abort(), PATIENCE);
    this.dispatchEvent(new Event("busy"));
    const outcome = await task((request) => call(this.address, request, running.signal)).then(
      (detail) => new CustomEvent("answer", { detail }),
      (detail) => new CustomEvent("failure", { detail: detail instanceof Failure ? detail : unexpected(detail) }),
    );
    clearTimeout(timer);
    if (job !== this.#job) return;
    this.#running = null;
    this.dispatchEvent(outcome);
  }
}

/** One call. @param {string} address @param {object} request @param {AbortSignal} [signal] @returns {Promise<Answer>} @throws {Failure} */
export async function call(address, request, signal) {
  let response;
  let body;
  try {
    response = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json, application/problem+json" },
      body: JSON.stringify(request),
      signal,
    });
    body = await response.text();
  } catch {
    if (signal?.aborted) throw new Failure("slow", "The server is taking too long.", `${KEPT} Try again in a moment.`);
    throw unreachable();
  }
  const answer = parse(body);
  if (!response.ok) throw explain(response.status, answer, response.headers.get("Retry-After"));
  if (typeof answer?.text !== "string" || !Array.isArray(answer.glyphs)) {
    throw new Failure("odd", "Something other than the reader answered.", `${KEPT} Check that you are signed in to this network, then try again.`);
  }
  return answer;
}

/** @param {string} body @returns {any} null where it is no JSON */
function parse(body) {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

const KEPT = "Your drawing is kept.";

const unreachable = () => new Failure("unreachable", "The server cannot be reached.",
  `${KEPT} Check the connection; it is read as soon as the server is back.`);

/** A fault of the page itself: said, and left for the console. @param {unknown} error */
function unexpected(error) {
  reportError(error);
  return new Failure("error", "Something went wrong on this page.", `${KEPT} Reload the page if this goes on.`);
}

/**
 * Says an error in plain words.
 * @param {number} status
 * @param {{detail?: string, errors?: {pointer: string, detail: string}[]} | null} problem RFC 9457, if it came
 * @param {string | null} retryAfter seconds, as the header gives them
 * @returns {Failure}
 */
function explain(status, problem, retryAfter) {
  const seconds = Number(retryAfter) || null;
  const wait = seconds ? `in ${seconds} ${seconds === 1 ? "second" : "seconds"}` : "in a moment";
  const later = `${KEPT} Try again ${wait}.`;
  if (status === 502 || status === 504) return unreachable(); // a proxy that has lost its server
  if (status === 503 && problem?.errors) { // it was given up; to send it again would take as long
    return new Failure("large", "This drawing takes too long to read.", `${KEPT} Take back some strokes.`);
  }
  if (status === 503) return new Failure("starting", "The reader is still starting.", later, seconds);
  if (status === 429) return new Failure("busy", "Too many drawings at once.", later, seconds);
  if (status === 413) {
    const advice = "Take back some strokes, or send the drawing the other way: Options, “Send”.";
    return new Failure("large", "This drawing is too large to send.", advice);
  }
  if (status < 500) {
    const faults = (problem?.errors ?? []).map(({ pointer, detail }) => `${pointer} ${detail}`).join("; ");
    const why = faults || problem?.detail;
    return new Failure("invalid", "The server could not use this drawing.", `It is kept.${why ? ` The server says: ${why}` : ""}`);
  }
  return new Failure("error", "Something went wrong on the server.", `${KEPT} Try again; nothing needs to be drawn twice.`);
}
