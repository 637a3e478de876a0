/** Small helpers for building elements. */

/**
 * An element that the page is known to have.
 * @template {Element} [T=HTMLElement] @param {string} id @returns {T}
 */
export const byId = (id) => document.getElementById(id);

/** The sheet that stands before the page now: what is behind it is out of reach. @returns {HTMLDialogElement | null} */
export const openSheet = () => document.querySelector("dialog[open]");

/**
 * Makes an element.
 * @param {string} tag
 * @param {Record<string, string | number | boolean>} [attributes] false leaves an attribute out, true sets it empty
 * @param {...(Node | string)} children
 * @returns {HTMLElement}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  element.append(...children);
  return element;
}

/**
 * The same for SVG.
 * @param {string} tag
 * @param {Record<string, string | number | boolean>} [attributes]
 * @param {...(Node | string)} children
 * @returns {SVGElement}
 */
export function makeSvg(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  setAttributes(element, attributes);
  element.append(...children);
  return element;
}

/**
 * The class that gives a character its colour, the same on its ink, its box, its chart and its strokes.
 * @param {number} index place of the glyph in reading order
 */
export const tone = (index) => `tone-${index % 6}`;

/**
 * Marks one of several parts as the one looked at.
 * @param {Iterable<Element>} parts
 * @param {(place: number) => boolean} chosen
 */
export function light(parts, chosen) {
  [...parts].forEach((part, place) => part.classList.toggle("lit", chosen(place)));
}

/** @param {Element} element @param {Record<string, string | number | boolean>} attributes */
function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
}
