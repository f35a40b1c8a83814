// The pad as the network sees it: the question about it, the input picture, and the digit that is read.

import { base64 } from "./strokes.js";

const SEEN = 28;

/** Whether a run's network reads digits. */
export const reads = ({ listing }) => listing?.sizes[0] === SEEN * SEEN && listing.sizes.at(-1) === 10;

/**
 * What is asked about the pad: an `untouched` picture as it is, or else the ink, `side` x `side` bytes that `ink()` gives;
 * and how many neurons are to be told of where the network shows the drawing.
 */
export function askedOf({ networkShows, room, centred }, untouched, side, ink) {
  return {
    ...(untouched ? { picture: base64(untouched.picture) } : { side, ink: base64(ink()), centred }),
    ...(networkShows === "drawing" && room && { shown: JSON.parse(room) }),
  };
}

const sameBytes = (one, other) => one.every((byte, k) => byte === other[k]);

/** The picture that a reading is of, {picture, from, label}, as bytes; the one `before` as long as it is the same. */
export function drawingOf(reading, untouched, before) {
  if (!reading) return null;
  const picture = Uint8Array.from(reading.tensors.get("a0").data, (value) => Math.round(255 * value));
  const [from, label] = untouched ? ["image", untouched.label ?? null] : ["strokes", null];
  const same = before?.from === from && before.label === label && sameBytes(before.picture, picture);
  return same ? before : { picture, from, label };
}

/** The digit that is read, "?" where it is rejected, "—" where nothing is read. */
export const digitOf = (reading) => (!reading ? "—" : reading.facts.rejection ? "?" : String(reading.best));

/** A mark for each pixel of the input. */
export const seenMarks = (reading, colour) =>
  Array.from(reading?.tensors.get("a0").data ?? [], (value, k) => ({
    kind: "drawing",
    tensor: "drawing.a0",
    index: [0, k],
    value,
    colour,
    size: 1,
  }));
