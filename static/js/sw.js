/**
 * The service worker: keeps the page itself, so that it opens without a network. Reading always takes the server.
 * It is served from the root of the application, with one line before it: `const SHELL = {version, files};`,
 * the addresses relative to that root. What is on the network is newest, so that comes first.
 */

const SCOPE = self.registration.scope;
const OURS = `glyphline ${SCOPE} `; // other applications on this host have caches too
const CACHE = OURS + SHELL.version;
const PATIENCE = 3000; // ms until a slow network counts as none
const ADDRESSES = new Set(SHELL.files.map((file) => new URL(file, SCOPE).href));

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([...ADDRESSES])));
});

self.addEventListener("activate", (event) => {
  const old = caches.keys().then((names) => names.filter((name) => name.startsWith(OURS) && name !== CACHE));
  event.waitUntil(old.then((names) => Promise.all(names.map((name) => caches.delete(name)))));
});

self.addEventListener("fetch", (event) => {
  const address = event.request.url.split(/[?#]/)[0];
  if (event.request.method === "GET" && ADDRESSES.has(address)) event.respondWith(newest(event.request, address));
});

/** From the network; what is kept where that is away, broken or slow. */
async function newest(request, address) {
  const cache = await caches.open(CACHE);
  const fetched = fetch(request).then(async (response) => {
    if (response.ok) await cache.put(address, response.clone());
    return response;
  });
  const kept = await cache.match(address);
  if (!kept) return fetched;
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, kept));
  return Promise.race([fetched, late]).then((response) => (response.status < 500 ? response : kept), () => kept);
}
