/** What this device keeps. Nothing of it ever leaves; where a browser keeps nothing, the page works all the same. */

import { byId } from "../dom.js";

// Two Glyphlines of one host, below different paths, must not share a drawer.
const PREFIX = `glyphline:${new URL(byId("main").dataset.base, location.href).pathname}:`;

/** Whether a text is kept now. The drawer is asked for here, as even that may be forbidden. */
export function keep(name, text, drawer = forAll) {
  try {
    drawer().setItem(PREFIX + name, text);
    return true;
  } catch {
    return false; // full, or forbidden
  }
}

export function kept(name, drawer = forAll) {
  try {
    return drawer().getItem(PREFIX + name);
  } catch {
    return null;
  }
}

/** For all visits. */
const forAll = () => localStorage;

/** For this tab alone. */
export const forTab = () => sessionStorage;
