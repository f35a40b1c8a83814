// The path of a canvas's context as the data of an SVG path.

const FULL = 2 * Math.PI;
const DIGITS = 100; // a hundredth of a pixel is kept

/** A number with no more digits than can be seen. */
export const short = (/** @type {number} */ value) => String(Math.round(value * DIGITS) / DIGITS);

const pair = (/** @type {number} */ x, /** @type {number} */ y) => `${short(x)} ${short(y)}`;

/** A path that is traced as that of a canvas's context is. */
export function createPath() {
  /** @type {string[]} */
  let data = [];

  /** @param {number} x @param {number} y */
  const lineTo = (x, y) => data.push(`${data.length ? "L" : "M"}${pair(x, y)}`);

  return {
    data: () => data.join(""),
    begin() {
      data = [];
    },
    /** @param {number} x @param {number} y */
    moveTo: (x, y) => data.push(`M${pair(x, y)}`),
    lineTo,
    close: () => data.length && data.push("Z"),
    /** @param {number[]} points two for the curve's direction, each as x and y, and its end */
    bezier: (...points) => data.push(`C${points.map(short).join(" ")}`),
    /** @param {number} x @param {number} y @param {number} radius @param {number} from @param {number} to @param {boolean} [back] */
    arc(x, y, radius, from, to, back = false) {
      const at = (/** @type {number} */ angle) => pair(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
      const turn = back ? from - to : to - from;
      const sweep = back ? 0 : 1;
      lineTo(x + radius * Math.cos(from), y + radius * Math.sin(from));
      const angle = Math.abs(turn) >= FULL ? FULL : ((turn % FULL) + FULL) % FULL;
      const signed = back ? -angle : angle;
      const round = `A${short(radius)} ${short(radius)} 0`;
      data.push(`${round} 0 ${sweep} ${at(from + signed / 2)}`, `${round} 0 ${sweep} ${at(from + signed)}`);
    },
    /** @param {number} x @param {number} y @param {number} width @param {number} height */
    rect(x, y, width, height) {
      data.push(`M${pair(x, y)}h${short(width)}v${short(height)}h${short(-width)}Z`);
    },
    /** @param {number} x @param {number} y @param {number} width @param {number} height @param {number} radius */
    roundRect(x, y, width, height, radius) {
      const r = Math.min(radius, width / 2, height / 2);
      const corner = (/** @type {number} */ dx, /** @type {number} */ dy) =>
        `a${short(r)} ${short(r)} 0 0 1 ${pair(dx, dy)}`;
      data.push(
        `M${pair(x + r, y)}h${short(width - 2 * r)}${corner(r, r)}v${short(height - 2 * r)}${corner(-r, r)}`,
        `h${short(2 * r - width)}${corner(-r, -r)}v${short(2 * r - height)}${corner(r, -r)}Z`,
      );
    },
  };
}
