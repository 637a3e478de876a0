/** The keyboard: shortcuts everywhere, and on the pad. */

import { openSheet } from "./dom.js";

/**
 * @param {HTMLElement} pad
 * @param {Record<"undo" | "redo" | "enter" | "clear" | "eraser" | "left" | "right" | "stop" | "help", () => void>} acts
 */
export function listen(pad, acts) {
  const onPad = {
    Enter: acts.enter, Backspace: acts.undo, Delete: acts.clear, e: acts.eraser, ArrowLeft: acts.left, ArrowRight: acts.right,
  };

  addEventListener("keydown", (event) => {
    const { target, key, ctrlKey, metaKey, altKey, shiftKey } = event;
    if (isTyping(target) || openSheet()) return;
    let act;
    if (ctrlKey || metaKey) act = history(key.toLowerCase(), shiftKey, acts);
    else if (altKey) return;
    else if (key === "?") act = acts.help;
    else if (key === "Escape") return acts.stop();
    else if (target === pad) act = onPad[key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

/** @param {string} key @param {boolean} shift @param {{undo: () => void, redo: () => void}} acts */
function history(key, shift, { undo, redo }) {
  if (key === "z") return shift ? redo : undo;
  return key === "y" ? redo : undefined;
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "range", "button"].includes(target.type);
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLElement && target.isContentEditable);
}
