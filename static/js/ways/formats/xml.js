/** XML of strangers → a document to look into; nothing in it runs or is shown. */

import { Unreadable } from "./sheet.js";

/** @param {string} text @param {"ink" | "svg"} root @param {string} kind @returns {Document} @throws {Unreadable} */
export function parsed(text, root, kind) {
  const damaged = new Unreadable(`It is not complete ${kind}: perhaps it was cut off.`);
  if (!new RegExp(`</([\\w-]+:)?${root}\\s*>|<([\\w-]+:)?${root}\\b[^>]*/>`).test(text)) throw damaged;
  // Styles say nothing about the way of the pen, and the page's own policy would complain about them.
  const xml = new DOMParser().parseFromString(text.replace(/\sstyle\s*=\s*("[^"]*"|'[^']*')/g, ""), "application/xml");
  if (xml.getElementsByTagName("parsererror").length > 0) throw damaged;
  return xml;
}
