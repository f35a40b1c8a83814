// A WebM whose frames the browser compresses, each shown for the same time, which is written with it.

import { ebml, fraction, letters, whole } from "./ebml.js";

const BITS = 8_000_000; // a second, with which letters stay sharp
const WHOLE = 30; // every so many frames one stands alone, so that a player can go there
const NANOSECONDS = 1_000_000; // in a millisecond, the unit of times
const CODEC = "vp8";
const UNTOLD = 2;
/** @type {Record<string, number>} */
const SPACES = { rgb: 0, bt709: 1, bt470bg: 5, smpte170m: 6, "iec61966-2-1": 13 };
const HEAD = ebml(
  0x1a45dfa3,
  ebml(0x4286, whole(1)), // version of EBML, and that which a reader needs
  ebml(0x42f7, whole(1)),
  ebml(0x42f2, whole(4)), // bytes of an id, and of a length
  ebml(0x42f3, whole(8)),
  ebml(0x4282, letters("webm")),
  ebml(0x4287, whole(2)), // version of WebM, and that which a reader needs
  ebml(0x4285, whole(2)),
);

/** Whether this browser makes such films here. It may not on a page that came over a plain line from afar. */
export const makesWebm = () => "VideoEncoder" in globalThis;

const even = (/** @type {number} */ pixels) => 2 * Math.ceil(pixels / 2);

/** How the numbers of a frame mean colours, where the browser tells. @param {VideoColorSpaceInit} [space] */
const coloursOf = (space) =>
  ebml(
    0x55b0,
    ebml(0x55b1, whole(SPACES[space?.matrix] ?? UNTOLD)),
    ebml(0x55b9, whole(space?.fullRange ? 2 : 1)),
    ebml(0x55ba, whole(SPACES[space?.transfer] ?? UNTOLD)),
    ebml(0x55bb, whole(SPACES[space?.primaries] ?? UNTOLD)),
  );

/** What is said of the film: how long it is, and its track. */
function tracks({ width, height }, space, milliseconds, count) {
  const film = ebml(0xe0, ebml(0xb0, whole(width)), ebml(0xba, whole(height)), coloursOf(space));
  const time = ebml(0x23e383, whole(Math.round(milliseconds * NANOSECONDS)));
  const track = [ebml(0xd7, whole(1)), ebml(0x73c5, whole(1)), ebml(0x83, whole(1)), time];
  const named = ["Backscope", "Backscope"].map((name, i) => ebml([0x4d80, 0x5741][i], letters(name)));
  return [
    ebml(0x1549a966, ebml(0x2ad7b1, whole(NANOSECONDS)), ebml(0x4489, fraction(count * milliseconds)), ...named),
    ebml(0x1654ae6b, ebml(0xae, ...track, ebml(0x86, letters(`V_${CODEC.toUpperCase()}`)), film)),
  ];
}

/** Some frames, of which the first stands alone. @param {{data: Uint8Array<ArrayBuffer>, time: number, key: boolean}[]} frames */
function cluster(frames) {
  const [{ time: begin }] = frames;
  const blocks = frames.map(({ data, time, key }) =>
    ebml(0xa3, Uint8Array.of(0x81), whole(time - begin, 2), Uint8Array.of(key ? 0x80 : 0), data),
  );
  return ebml(0x1f43b675, ebml(0xe7, whole(begin)), ...blocks);
}

/**
 * A WebM that grows by frames of this size, each shown for `seconds`. `add(canvas)` takes one; `done()` resolves to the
 * whole file, and rejects where the browser could not compress them.
 *
 * @param {number} width
 * @param {number} height
 * @param {number} seconds
 */
export function createWebm(width, height, seconds) {
  const size = { width: even(width), height: even(height) };
  /** @type {{data: Uint8Array<ArrayBuffer>, time: number, key: boolean}[]} */
  const frames = [];
  let [count, broken, space] = [0, null, null];
  const encoder = new VideoEncoder({
    output(chunk, about) {
      space ??= about?.decoderConfig?.colorSpace;
      const data = new Uint8Array(chunk.byteLength);
      chunk.copyTo(data);
      frames.push({ data, time: Math.round(chunk.timestamp / 1000), key: chunk.type === "key" });
    },
    error(reason) {
      broken = reason;
    },
  });
  encoder.configure({ codec: CODEC, ...size, bitrate: BITS, framerate: 1 / seconds });
  return {
    /** @param {HTMLCanvasElement} canvas */
    async add(canvas) {
      const page = new OffscreenCanvas(size.width, size.height);
      page.getContext("2d").drawImage(canvas, 0, 0, size.width, size.height);
      const frame = new VideoFrame(page, { timestamp: 1e6 * seconds * count, duration: 1e6 * seconds });
      encoder.encode(frame, { keyFrame: count % WHOLE === 0 });
      frame.close();
      count += 1;
      if (count % WHOLE === 0) await encoder.flush(); // so that frames do not pile up
    },
    async done() {
      await encoder.flush();
      encoder.close();
      if (broken) throw broken;
      const begins = frames.flatMap(({ key }, i) => (key ? [i] : []));
      const clusters = begins.map((begin, i) => cluster(frames.slice(begin, begins[i + 1])));
      const parts = [...tracks(size, space, 1000 * seconds, count), ...clusters];
      return new Blob([HEAD, ebml(0x18538067, ...parts)], { type: "video/webm" });
    },
  };
}
