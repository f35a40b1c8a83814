// Elements of EBML, of which a WebM is made: an id, the length of what it holds, and that.

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

/** @param {Bytes[]} parts @returns {Bytes} */
function joined(parts) {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** A whole number in as many bytes, or in as few as it needs, the highest first. @param {number} value */
export function whole(value, bytes = Math.max(1, Math.ceil(Math.log2(value + 1) / 8))) {
  const found = new Uint8Array(bytes);
  for (let i = bytes - 1, rest = value; i >= 0; i -= 1, rest = Math.floor(rest / 256)) found[i] = rest % 256;
  return found;
}

/** A number with a fraction. @param {number} value */
export function fraction(value) {
  const found = new DataView(new ArrayBuffer(8));
  found.setFloat64(0, value);
  return new Uint8Array(found.buffer);
}

/** Letters of ASCII. @param {string} text */
export const letters = (text) => Uint8Array.from(text, (sign) => sign.charCodeAt(0));

/** The length of what an element holds, in eight bytes. @param {number} value */
function lengthOf(value) {
  const found = whole(value, 8);
  found[0] = 1;
  return found;
}

/** An element with what it holds. @param {number} id @param {Bytes[]} parts */
export function ebml(id, ...parts) {
  const held = joined(parts);
  return joined([whole(id), lengthOf(held.length), held]);
}
