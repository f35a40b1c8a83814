// An animated GIF: frames of one size, each with colours of its own, shown for the same time.

import { reduced } from "./reduced.js";

const LITTLE = (/** @type {number} */ value) => [value & 255, value >> 8];
const ASCII = (/** @type {string} */ text) => Array.from(text, (sign) => sign.charCodeAt(0));
const [CLEAR, END, LAST] = [256, 257, 4095]; // codes of LZW with bytes as its signs
const FOREVER = [0x21, 0xff, 11, ...ASCII("NETSCAPE2.0"), 3, 1, 0, 0, 0];

/** Bytes that grow by codes of some bits, the lowest first. */
function createBits() {
  /** @type {number[]} */
  const bytes = [];
  let [held, bits] = [0, 0];
  return {
    /** @param {number} code @param {number} wide */
    put(code, wide) {
      held |= code << bits;
      bits += wide;
      while (bits >= 8) {
        bytes.push(held & 255);
        held >>>= 8;
        bits -= 8;
      }
    },
    done() {
      if (bits) bytes.push(held & 255);
      return bytes;
    },
  };
}

/** Bytes, compressed as GIF has it. @param {Uint8Array} signs */
function compressed(signs) {
  const bits = createBits();
  /** @type {Map<number, number>} */
  let known = new Map();
  let [next, wide] = [END + 1, 9];
  bits.put(CLEAR, wide);
  let before = signs[0];
  for (let i = 1; i < signs.length; i++) {
    const pair = (before << 8) | signs[i];
    const code = known.get(pair);
    if (code !== undefined) {
      before = code;
      continue;
    }
    bits.put(before, wide);
    if (next > LAST) {
      bits.put(CLEAR, wide);
      known = new Map();
      [next, wide] = [END + 1, 9];
    } else {
      if (next === 1 << wide) wide += 1;
      known.set(pair, next++);
    }
    before = signs[i];
  }
  bits.put(before, wide);
  if (next === 1 << wide && wide < 12) wide += 1;
  bits.put(END, wide);
  return bits.done();
}

/** Bytes in blocks of at most 255, each after its length. @param {number[]} bytes */
function* blocks(bytes) {
  for (let i = 0; i < bytes.length; i += 255) yield [Math.min(255, bytes.length - i), ...bytes.slice(i, i + 255)];
  yield [0];
}

/**
 * A GIF that grows by frames of this size, each shown for `seconds`. `add(canvas)` takes one; `done()` is the
 * whole file.
 *
 * @param {number} width
 * @param {number} height
 * @param {number} seconds
 */
export function createGif(width, height, seconds) {
  const size = [...LITTLE(width), ...LITTLE(height)];
  const parts = [Uint8Array.from([...ASCII("GIF89a"), ...size, 0x70, 0, 0, ...FOREVER])];
  const time = LITTLE(Math.max(2, Math.round(100 * seconds)));
  return {
    /** @param {HTMLCanvasElement} canvas */
    add(canvas) {
      const { colours, places } = reduced(canvas.getContext("2d").getImageData(0, 0, width, height).data);
      const head = [0x21, 0xf9, 4, 4, ...time, 0, 0, 0x2c, 0, 0, 0, 0, ...size, 0x87];
      parts.push(Uint8Array.from(head), colours, Uint8Array.of(8));
      for (const block of blocks(compressed(places))) parts.push(Uint8Array.from(block));
    },
    done: () => new Blob([...parts, Uint8Array.of(0x3b)], { type: "image/gif" }),
  };
}
