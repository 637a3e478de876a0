/** Drawings as links and files. */

import { make, openSheet } from "../dom.js";
import { contract } from "./formats/json.js";
import { toInkml } from "./formats/inkml.js";
import { toPng } from "./formats/png.js";
import { toSvg } from "./formats/svg.js";
import { PEN_WIDTHS } from "../ink.js";
import { toFragment } from "./share.js";

/** @typedef {import("../drawing.js").Drawing} Drawing */

/** The address of this page with the ink in it. @param {Drawing} drawing of ink @param {URL} base */
export function linkTo(drawing, base) {
  const { strokes, paper, alphabet } = drawing;
  return new URL(toFragment({ strokes: strokes.map((stroke) => stroke.toJSON()), ...paper, alphabet }), base).href;
}

/** What a drawing can be saved as: how, and whether a flat picture can be. */
export const FORMATS = {
  json: { type: "application/json", flat: true, make: (/** @type {Drawing} */ drawing) => JSON.stringify(contract(plain(drawing))) },
  inkml: { type: "application/inkml+xml", flat: false, make: (/** @type {Drawing} */ drawing) => toInkml(sheet(drawing)) },
  svg: {
    type: "image/svg+xml",
    flat: false,
    make: (/** @type {Drawing} */ drawing) => toSvg(sheet(drawing), JSON.stringify(drawing), PEN_WIDTHS.medium),
  },
  png: { type: "image/png", flat: true, make: (/** @type {Drawing} */ drawing) => painted(drawing) },
};

/** @param {Drawing} drawing @param {keyof typeof FORMATS} format @param {string} name of the file, without its end */
export async function save(drawing, format, name) {
  const { type, make: made } = FORMATS[format];
  const url = URL.createObjectURL(new Blob([await made(drawing)], { type }));
  const link = /** @type {HTMLAnchorElement} */ (make("a", { href: url, download: `${name}.${format}` }));
  (openSheet() ?? document.body).append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // some browsers ask first where to put it
}

/** @param {Drawing} drawing */
const plain = (drawing) => JSON.parse(JSON.stringify(drawing));

/** @param {Drawing} drawing @returns {import("./formats/sheet.js").Sheet} */
const sheet = (drawing) => ({ strokes: plain(drawing).strokes, ...drawing.paper });

/** @param {Drawing} drawing */
async function painted(drawing) {
  const { strokes, picture, paper } = drawing;
  const size = picture ?? paper ?? { width: 1, height: 1 };
  const image = new Image();
  if (picture) {
    image.src = picture.image;
    await image.decode();
  }
  return toPng(size, (context) => {
    if (picture) context.drawImage(image, 0, 0, size.width, size.height);
    strokes.forEach((stroke) => stroke.trace(context));
  }, JSON.stringify(drawing));
}
