/** The page for developers: names this server in the examples, and sends what the form holds. */

const PATIENCE = 20_000; // ms until a silent server counts as gone
const SHOWN = ["X-Request-ID", "Content-Type", "Retry-After", "Server-Timing"];

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);

const base = new URL(".", location.href).href.replace(/\/$/, "");
for (const place of document.querySelectorAll(".origin")) place.textContent = base;

at("call").addEventListener("change", () => {
  const article = document.querySelector(`[data-call="${at("call").value}"]`);
  at("body").value = article?.querySelector(".example")?.textContent ?? "";
  at("body").disabled = at("call").value.startsWith("GET");
});

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
  const [picture] = at("picture").files;
  if (method === "GET") return [path, { signal }];
  if (picture) {
    const query = at("query").value.trim();
    return [query ? `${path}?${query}` : path, { method, body: picture, headers: { "Content-Type": picture.type }, signal }];
  }
  return [path, { method, body: at("body").value, headers: { "Content-Type": "application/json" }, signal }];
}

/** @param {Headers} headers @param {string} text */
function show(headers, text) {
  const rows = SHOWN.flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [term("dt", name), term("dd", value)];
  });
  at("headers").replaceChildren(...rows);
  try {
    at("answer").textContent = JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    at("answer").textContent = text;
  }
  at("answered").hidden = false;
}

/** @param {string} tag @param {string} text */
function term(tag, text) {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}
