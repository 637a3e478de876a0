/** Asks the server to read a drawing; only the newest question ever gets an answer. */

/**
 * @typedef {{char: string | null, confidence: number}} Alternative
 * @typedef {import("./ink.js").Box} Box
 * @typedef {Alternative & {alternatives: Alternative[], box: Box, line: number, word: number, strokes: number[]}} Glyph
 * @typedef {{text: string, confidence: number, alternatives: {text: string, confidence: number}[], glyphs: Glyph[],
 *   model: {name: string, version: string}, timing_ms: {total?: number}}} Answer
 * @typedef {{title: string, advice: string}} Failure  in plain words
 */

const PATIENCE = 20_000; // ms until a silent server counts as gone

/** Emits `busy`, then one of `answer` (detail: Answer), `failure` (detail: Failure) or `idle` (cancelled). */
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

  /** @param {object} request a body of the contract */
  async read(request) {
    this.#running?.abort();
    const job = ++this.#job; // an answer that was already on its way when the next question left is dropped
    const running = (this.#running = new AbortController());
    const timer = setTimeout(() => running.abort(), PATIENCE);
    this.dispatchEvent(new Event("busy"));
    const [type, detail] = await ask(this.address, request, running.signal);
    clearTimeout(timer);
    if (job !== this.#job) return;
    this.#running = null;
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/**
 * @param {string} address @param {object} request @param {AbortSignal} signal
 * @returns {Promise<["answer", Answer] | ["failure", Failure]>}
 */
async function ask(address, request, signal) {
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
    return ["failure", signal.aborted ? TOO_SLOW : UNREACHABLE];
  }
  const answer = parse(body);
  if (!response.ok) return ["failure", explain(response.status, answer, response.headers.get("Retry-After"))];
  if (typeof answer?.text !== "string" || !Array.isArray(answer.glyphs)) return ["failure", NOT_AN_ANSWER];
  return ["answer", answer];
}

/** @param {string} body @returns {any} null where it is no JSON */
function parse(body) {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

const TOO_SLOW = { title: "The server is taking too long.", advice: "Your drawing is kept. Try again in a moment." };
const UNREACHABLE = {
  title: "The server cannot be reached.",
  advice: "Your drawing is kept. Check the connection, then try again.",
};
const NOT_AN_ANSWER = {
  title: "Something other than the reader answered.",
  advice: "Your drawing is kept. Check that you are signed in to this network, then try again.",
};

/**
 * Says an error in plain words.
 * @param {number} status
 * @param {{detail?: string} | null} problem RFC 9457, if it came
 * @param {string | null} retryAfter seconds, as the header gives them
 * @returns {Failure}
 */
function explain(status, problem, retryAfter) {
  const seconds = Number(retryAfter);
  const wait = seconds > 0 ? `in ${seconds} ${seconds === 1 ? "second" : "seconds"}` : "in a moment";
  const later = `Your drawing is kept. Try again ${wait}.`;
  if (status === 503) return { title: "The reader is still starting.", advice: later };
  if (status === 429) return { title: "Too many drawings at once.", advice: later };
  if (status === 413) {
    const advice = "Take back some strokes, or switch “Send points” the other way.";
    return { title: "This drawing is too large to send.", advice };
  }
  if (status < 500) {
    const why = problem?.detail ? ` The server says: ${problem.detail}` : "";
    return { title: "The server could not use this drawing.", advice: `It is kept.${why}` };
  }
  const advice = "Your drawing is kept. Try again; nothing needs to be drawn twice.";
  return { title: "Something went wrong on the server.", advice };
}
