// All parameters in one long column: the place of each, what a search finds, and which numbers are the biggest.

import { parameterOf } from "../../tensor/tensors.js";

const FINITE = 0x7f800000; // the bits of infinity: those of numbers are not above, those of NaN are

/**
 * The tensors of the parameters, in the order of the program: [{name, layer, shape, start, end}] with the places of
 * their elements, row by row. `layers` are those of the structure in force, `sizes` the units a layer, the input first.
 */
export function partsOf(sizes, layers) {
  let end = 0;
  return layers.flatMap(({ batch_norm }, i) =>
    ["W", "b", ...(batch_norm ? ["gamma", "beta"] : [])].map((kind) => {
      const [start, shape] = [end, kind === "W" ? [sizes[i + 1], sizes[i]] : [sizes[i + 1]]];
      end += shape.reduce((product, size) => product * size, 1);
      return { name: `${kind}${i + 1}`, layer: i + 1, shape, start, end };
    }),
  );
}

/** The tensor that a place of the column lies in. */
export const partAt = (parts, place) => parts.find(({ end }) => place < end);

/** The index in its tensor of the element at a place. */
export function indexAt({ start, shape }, place) {
  const at = place - start;
  return shape.length > 1 ? [Math.floor(at / shape[1]), at % shape[1]] : [at];
}

/** The place of an element, or null where it is not in the column. */
export function placeAt(parts, name, index) {
  const part = parts.find((each) => each.name === name);
  const inside = part && index.length === part.shape.length && index.every((at, axis) => at < part.shape[axis]);
  return inside ? part.start + index.reduce((at, each, axis) => at * part.shape[axis] + each, 0) : null;
}

/** The place of a mark of the network in the column, or null. */
export function placeOf(parts, mark) {
  const parameter = mark?.index && parameterOf(mark.tensor);
  return parameter ? placeAt(parts, parameter, mark.index) : null;
}

/** The largest finite magnitude in the tensors. */
export function largestOf(tensors) {
  let most = 0;
  for (const { data } of tensors) {
    for (const value of data) if (Math.abs(value) > most && Math.abs(value) !== Infinity) most = Math.abs(value);
  }
  return most;
}

const ALIKE = 0.02; // as a share

/** The size that all numbers of these tensors have, but those that are 0; null where they differ, or are fewer than two. */
export function commonSize(tensors) {
  let [least, most, count] = [Infinity, 0, 0];
  for (const { data } of tensors) {
    for (const value of data) {
      if (value === 0) continue;
      count += 1;
      least = Math.min(least, Math.abs(value));
      most = Math.max(most, Math.abs(value));
      if (!(most - least < ALIKE * least)) return null;
    }
  }
  return count > 1 ? most : null;
}

const plain = (text) => text.toLowerCase().replaceAll("γ", "gamma").replaceAll("β", "beta").replace(/\s/g, "");
const range = (parts) => ({ start: parts[0].start, end: parts.at(-1).end });

/**
 * What a search finds: a range of the column, {start, end}, for a tensor, a row of it ("W1[3]") or a layer; the element
 * {place}; or null. `layerName` says a layer as the page does.
 */
export function find(parts, text, layerName) {
  const sought = plain(text);
  const ofLayer = parts.filter(({ layer }) => plain(layerName(layer)) === sought);
  if (ofLayer.length) return range(ofLayer);
  const [, name, inside = ""] = sought.match(/^[du]?([a-z]+\d+)(?:\[([\d,]*)\]?)?$/) ?? [];
  const part = parts.find((each) => plain(each.name) === name);
  if (!part) return null;
  const index = inside.split(",").filter(Boolean).map(Number);
  if (!index.length) return range([part]);
  const first = placeAt([part], part.name, index.length < part.shape.length ? [...index, 0] : index);
  if (first === null) return null;
  return index.length < part.shape.length ? { start: first, end: first + part.shape[1] } : { place: first };
}

/** What an element is sorted by: more for a larger magnitude; less than any for NaN, and least where there is nothing. */
function keysOf(parts, dataOf, start, end) {
  const keys = new Uint32Array(end - start);
  for (const part of parts) {
    const data = dataOf(part);
    const [from, to] = [Math.max(part.start, start), Math.min(part.end, end)];
    if (!data || from >= to) continue;
    const bits = new Uint32Array(Float32Array.from(data.subarray(from - part.start, to - part.start)).buffer);
    for (let i = 0; i < bits.length; i++) {
      const size = bits[i] & 0x7fffffff;
      keys[from - start + i] = size > FINITE ? 1 : size + 2;
    }
  }
  return keys;
}

/**
 * The places from start to end, those of the biggest magnitudes first and of equal ones in order: sorted by half of the
 * bits and then by the other. `dataOf(part)` are the numbers of a tensor, or undefined.
 */
export function biggestFirst(parts, dataOf, start, end) {
  const keys = keysOf(parts, dataOf, start, end);
  let order = Uint32Array.from(keys, (_, i) => i);
  for (const shift of [0, 16]) {
    const counts = new Uint32Array(65537);
    const digit = (i) => 65535 - ((keys[i] >>> shift) & 65535);
    for (const i of order) counts[digit(i) + 1] += 1;
    for (let i = 1; i < counts.length; i++) counts[i] += counts[i - 1];
    const next = new Uint32Array(order.length);
    for (const i of order) next[counts[digit(i)]++] = i;
    order = next;
  }
  return order.map((i) => start + i);
}
