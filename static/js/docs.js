/** The page for developers: names this server in the examples, and sends what the form holds. */

import { make } from "./dom.js";
import { PATIENCE } from "./recognize.js";
import { copied } from "./ways/clipboard.js";

const PICTURED = "POST api/v1/recognize"; // the call that also takes a bare picture
const SHOWN = ["X-Request-ID", "Content-Type", "Retry-After", "Server-Timing"];

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);

const base = new URL(".", location.href).href.replace(/\/$/, "");
for (const place of document.querySelectorAll(".origin")) place.textContent = base;

for (const code of document.querySelectorAll("pre.copy")) {
  const button = /** @type {HTMLButtonElement} */ (make("button", { class: "btn btn-outline-secondary copying", type: "button" }, "Copy"));
  button.addEventListener("click", async () => {
    button.textContent = (await copied(code.textContent ?? "")) ? "Copied" : "Not copied: select it instead";
  });
  code.before(button);
}

at("call").addEventListener("change", () => {
  const article = document.querySelector(`[data-call="${at("call").value}"]`);
  at("body").value = article?.querySelector(".example")?.textContent ?? "";
  arrange();
});
at("picture").addEventListener("change", arrange);
at("unchoose").addEventListener("click", () => {
  at("picture").value = "";
  arrange();
  at("body").focus();
});
at("body").addEventListener("input", fit);
arrange(); // a page that is come back to still holds what was chosen

/** The picture to send in place of the body, if any. @returns {File | undefined} */
function picture() {
  return at("call").value === PICTURED ? at("picture").files[0] : undefined;
}

/** Shows of the form what goes with the call. */
function arrange() {
  for (const field of document.querySelectorAll("[data-picture]")) {
    /** @type {HTMLElement} */ (field).hidden = at("call").value !== PICTURED;
  }
  at("query").disabled = !picture();
  at("instead").hidden = !picture();
  at("body").disabled = at("call").value.startsWith("GET") || Boolean(picture());
  fit();
}

/** As high as what it holds. */
function fit() {
  const { style } = at("body");
  style.height = "auto";
  style.height = `${at("body").scrollHeight + 2}px`;
}

at("form").addEventListener("submit", async (/** @type {Event} */ event) => {
  event.preventDefault();
  const button = /** @type {HTMLButtonElement} */ (at("form").querySelector("button"));
  button.disabled = true;
  at("sent").textContent = "Sent…";
  const begin = performance.now();
  try {
    const response = await fetch(...request());
    const text = await response.text();
    at("sent").textContent = `${response.status} ${response.statusText} after ${Math.round(performance.now() - begin)} ms`;
    show(response.headers, text);
  } catch (error) {
    at("sent").textContent = `No answer: ${error instanceof Error ? error.message : error}`;
    at("answered").hidden = true;
  } finally {
    button.disabled = false;
  }
});

/** What to fetch. @returns {[string, RequestInit]} */
function request() {
  const [method, path] = at("call").value.split(" ");
  const signal = AbortSignal.timeout(PATIENCE);
  const file = picture();
  if (method === "GET") return [path, { signal }];
  if (file) {
    const query = at("query").value.trim();
    return [query ? `${path}?${query}` : path, { method, body: file, headers: { "Content-Type": file.type }, signal }];
  }
  return [path, { method, body: at("body").value, headers: { "Content-Type": "application/json" }, signal }];
}

/** @param {Headers} headers @param {string} text */
function show(headers, text) {
  const rows = SHOWN.flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [make("dt", {}, name), make("dd", {}, value)];
  });
  at("headers").replaceChildren(...rows);
  try {
    at("answer").textContent = JSON.stringify(JSON.parse(text, rounded), null, 2);
  } catch {
    at("answer").textContent = text;
  }
  at("answered").hidden = false;
}

/** A value as it is read best. @param {string} _ @param {unknown} value */
function rounded(_, value) {
  return typeof value === "number" ? Math.round(value * 1e6) / 1e6 : value;
}
