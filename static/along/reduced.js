// A picture in at most 256 colours: those of like colours, split where most pixels differ most, become one.

const [BITS, MOST] = [5, 256]; // of a channel that tell colours apart, and the colours that there may be
const DROPPED = 8 - BITS;

/** The number of the group of like colours that a pixel is in. */
const groupOf = (/** @type {number} */ red, /** @type {number} */ green, /** @type {number} */ blue) =>
  ((red >> DROPPED) << (2 * BITS)) | ((green >> DROPPED) << BITS) | (blue >> DROPPED);

/** The groups of like colours of a picture: of each its number, how many pixels it has, and the sums of their channels. */
function groupsOf(/** @type {Uint8ClampedArray} */ pixels) {
  const places = new Int32Array(1 << (3 * BITS)).fill(-1);
  /** @type {{group: number, count: number, sums: number[]}[]} */
  const groups = [];
  for (let i = 0; i < pixels.length; i += 4) {
    const group = groupOf(pixels[i], pixels[i + 1], pixels[i + 2]);
    if (places[group] < 0) places[group] = groups.push({ group, count: 0, sums: [0, 0, 0] }) - 1;
    const each = groups[places[group]];
    each.count += 1;
    for (let c = 0; c < 3; c++) each.sums[c] += pixels[i + c];
  }
  return groups.map(({ group, count, sums }) => ({ group, count, mean: sums.map((sum) => sum / count) }));
}

/** @typedef {ReturnType<typeof groupsOf>} Groups */

/** Some groups as a box: its widest channel, and how much it gains by being split there. */
function boxOf(/** @type {Groups} */ groups) {
  const ranges = [0, 1, 2].map((c) => {
    const values = groups.map(({ mean }) => mean[c]);
    return Math.max(...values) - Math.min(...values);
  });
  const channel = ranges.indexOf(Math.max(...ranges));
  const count = groups.reduce((sum, each) => sum + each.count, 0);
  return { groups, channel, count, gain: groups.length > 1 ? ranges[channel] * Math.sqrt(count) : 0 };
}

/** A box in two, each with about half of what its groups weigh. */
function split({ groups, channel }) {
  const sorted = groups.toSorted((one, other) => one.mean[channel] - other.mean[channel]);
  const weight = sorted.map(({ count }) => Math.sqrt(count));
  const half = weight.reduce((sum, each) => sum + each, 0) / 2;
  let [at, sum] = [1, weight[0]];
  while (at < sorted.length - 1 && sum < half) sum += weight[at++];
  return [boxOf(sorted.slice(0, at)), boxOf(sorted.slice(at))];
}

/**
 * The colours of a picture, as bytes of red, green and blue, and for each pixel the place of its colour among them.
 *
 * @param {Uint8ClampedArray} pixels four bytes each
 */
export function reduced(pixels) {
  let boxes = [boxOf(groupsOf(pixels))];
  while (boxes.length < MOST) {
    const widest = boxes.reduce((best, each) => (each.gain > best.gain ? each : best));
    if (!widest.gain) break;
    boxes = [...boxes.filter((each) => each !== widest), ...split(widest)];
  }
  const colours = new Uint8Array(3 * MOST);
  const placeOf = new Uint8Array(1 << (3 * BITS));
  boxes.forEach(({ groups, count }, place) => {
    for (let c = 0; c < 3; c++)
      colours[3 * place + c] = Math.round(groups.reduce((sum, each) => sum + each.mean[c] * each.count, 0) / count);
    for (const { group } of groups) placeOf[group] = place;
  });
  const places = new Uint8Array(pixels.length / 4);
  for (let i = 0; i < places.length; i++)
    places[i] = placeOf[groupOf(pixels[4 * i], pixels[4 * i + 1], pixels[4 * i + 2])];
  return { colours, places };
}
