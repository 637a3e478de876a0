/** A picture or photo from outside → one that the server reads, and its size on the paper. */

import { Unreadable } from "./formats/sheet.js";

const LARGEST = 1600; // pixels a side: as much as reading needs
const HEAVIEST = 4e6; // bytes; in base64 well below the 8 MiB that the server takes
const ROOM = 0.9; // of the pad's width and height
const MAGNIFIED = 8; // at most: the contract reads no fewer than a tenth of a pixel for each CSS pixel

/**
 * @param {Blob} file anything that this browser can show
 * @param {{width: number, height: number}} view CSS pixels
 * @returns {Promise<import("../drawing.js").Picture>}
 * @throws {Unreadable}
 */
export async function pictureFrom(file, view) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file); // turned upright, as its EXIF says
  } catch {
    throw new Unreadable("It is no picture that this browser can open. PNG, JPEG and WebP work everywhere.");
  }
  const scale = Math.min(1, LARGEST / Math.max(bitmap.width, bitmap.height));
  const [width, height] = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(side * scale)));
  const shown = Math.min((view.width * ROOM) / width, (view.height * ROOM) / height, MAGNIFIED);
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  makeOpaque(context);
  const exact = file.type === "image/jpeg" ? "" : canvas.toDataURL("image/png");
  const image = exact && exact.length < HEAVIEST ? exact : canvas.toDataURL("image/jpeg", 0.9);
  return { image, width: width * shown, height: height * shown, pixels: width };
}

/** Puts paper under a picture that has none: dark under light ink, so that what is seen is what is read. @param {CanvasRenderingContext2D} context */
function makeOpaque(context) {
  const { data } = context.getImageData(0, 0, context.canvas.width, context.canvas.height);
  let [solid, light] = [0, 0];
  for (let i = 0; i < data.length; i += 4) {
    solid += data[i + 3];
    light += ((data[i] + data[i + 1] + data[i + 2]) / 3) * data[i + 3];
  }
  context.globalCompositeOperation = "destination-over";
  context.fillStyle = solid < (data.length / 4) * 254 && light > 128 * solid ? "#000" : "#fff";
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
}
