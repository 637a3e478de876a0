/** Bytes: variable-length whole numbers, checksums, and text that a URL may hold. */

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

/** CRC-32 as PNG and zip have it. @param {ArrayLike<number>} bytes */
export function crc32(bytes) {
  let crc = ~0;
  for (let i = 0; i < bytes.length; i++) crc = TABLE[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** The four bytes of a number, the highest first. @param {number} value @returns {number[]} */
export const word = (value) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);

/** base64url without padding. @param {ArrayLike<number>} bytes */
export function toBase64Url(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += String.fromCharCode(bytes[i]);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @param {string} text @returns {Uint8Array} @throws {DOMException} where it is no base64url */
export function fromBase64Url(text) {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
}

/** Appends a whole number of 0 or more, seven bits a byte, the lowest first. @param {number[]} out @param {number} value */
export function putVarint(out, value) {
  for (; value > 127; value = Math.floor(value / 128)) out.push((value % 128) + 128); // beyond 32 bits too
  out.push(value);
}

/** Appends any whole number: 0, -1, 1, -2 … as 0, 1, 2, 3 … @param {number[]} out @param {number} value */
export const putSigned = (out, value) => putVarint(out, value < 0 ? -2 * value - 1 : 2 * value);

/** Takes numbers off the front of bytes; past the end they are NaN. */
export class Taker {
  #at = 0;

  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes;
  }

  get left() {
    return this.bytes.length - this.#at;
  }

  varint() {
    for (let value = 0, scale = 1; ; scale *= 128) {
      const byte = this.bytes[this.#at++];
      if (byte === undefined || scale > 2 ** 49) return NaN;
      value += (byte % 128) * scale;
      if (byte < 128) return value;
    }
  }

  signed() {
    const value = this.varint();
    return value % 2 ? -(value + 1) / 2 : value / 2;
  }
}
