/** Ways in and out beside the pen, and what keeps drawings safe. What is rare is loaded on first use. */

import { copyable } from "./confidence.js";
import { byId, openSheet } from "./dom.js";
import { MARK } from "./ways/mark.js";
import { restore, startRemembering } from "./ways/remembering.js";
import { keep, kept } from "./ways/storage.js";

const arriving = () => import("./ways/arriving.js");

/** @param {any} wired see the end of app.js */
export function startWays(wired) {
  const { pad: { canvas }, withPart, base } = wired;
  const page = { ...wired, room: () => ({ width: canvas.clientWidth, height: canvas.clientHeight }) };
  startArriving(page);
  startLeaving(page);

  const known = restore(page); // before anything is kept: another tab may have kept something newer
  const first = !known && kept("visited") === null && !location.hash;
  let isExample = () => false;
  startRemembering(page, () => isExample());
  if (first) withPart(() => import("./ways/example.js"), (part) => (isExample = part.showExample(page)));
  keep("visited", "1");

  const openShared = () => {
    const { hash, pathname, search } = location;
    if (!hash.startsWith(MARK)) return;
    history.replaceState(null, "", pathname + search); // so that a reload keeps what is drawn next
    withPart(arriving, (part) => part.openLink(page, hash));
  };
  addEventListener("hashchange", openShared);
  openShared();
  // Missing on plain-http addresses; where it fails, the page works online all the same.
  addEventListener("load", () => navigator.serviceWorker?.register(new URL("sw.js", base)).catch(() => {}));
}

function startArriving(page) {
  const { withPart } = page;
  const input = byId("file");
  const choose = () => input.click();
  byId("open").addEventListener("click", choose);
  onShortcut("o", choose);
  input.addEventListener("change", () => {
    const [file] = input.files;
    if (file) withPart(arriving, (part) => part.open(page, file));
    input.value = ""; // so that the same file can be chosen again
  });
  byId("type").addEventListener("click", () => withPart(() => import("./ways/typesheet.js"), (part) => part.askForText(page)));

  // What was pasted or dropped can be looked at now alone.
  const take = (event, data) => {
    const files = [...(data?.files ?? [])];
    const text = data?.getData("text/plain").trim() ?? "";
    if (files.length === 0 && !text) return;
    event.preventDefault();
    withPart(arriving, (part) => part.take(page, files, text));
  };
  let own = false; // something of this page, on its way to elsewhere
  const hover = (event) => {
    const ours = !own && !isField(event.target);
    const taken = ours && !openSheet();
    if (ours) event.preventDefault(); // or the browser would leave the page for the file
    if (ours && !taken) event.dataTransfer.dropEffect = "none";
    byId("pad").classList.toggle("dropping", taken && event.type === "dragover");
    return taken;
  };
  addEventListener("paste", (event) => reaches(event) && take(event, event.clipboardData));
  addEventListener("dragstart", () => (own = true));
  addEventListener("dragend", () => (own = false));
  addEventListener("dragover", hover);
  addEventListener("dragleave", hover);
  addEventListener("drop", (event) => hover(event) && take(event, event.dataTransfer));
}

function startLeaving(page) {
  const { drawing, reading, toast, withPart } = page;
  const leaving = () => import("./ways/leaving.js");
  const share = () => (drawing.empty ? toast("There is nothing to save yet. Draw, type or open something first.")
    : withPart(leaving, (part) => part.share(page)));
  const copy = async () => {
    const text = copyable(reading.current?.text ?? "");
    if (!text) return toast("There is no text to copy yet.");
    try {
      await navigator.clipboard.writeText(text); // at once: later it would no longer be the user's own doing
      return toast(`Copied: ${text}`);
    } catch {
      return withPart(leaving, (part) => part.copyText(page)); // missing or forbidden
    }
  };
  byId("copy").addEventListener("click", copy);
  for (const id of ["share", "save"]) byId(id).addEventListener("click", share);
  onShortcut("s", share);
  onShortcut("c", () => String(getSelection()) === "" && copy());
}

/** Ctrl or Command with a key; an act that gives false was not for us. */
function onShortcut(key, act) {
  addEventListener("keydown", (event) => {
    const ours = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === key;
    if (ours && reaches(event) && act() !== false) event.preventDefault();
  });
}

/** Whether keyboard and clipboard are the page's: not a field's own, and no sheet stands before it. */
const reaches = (event) => !isField(event.target) && !openSheet();

const isField = (target) => target.closest?.("input, textarea");
