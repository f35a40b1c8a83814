// The colours of the theme, for canvases: one symbol, one colour, everywhere.

const NAMES = /** @type {const} */ ([
  "paper",
  "surface",
  "rule",
  "text",
  "muted",
  "line",
  "ink",
  "up",
  "down",
  "now",
  "first",
  "second",
  "third",
  "fourth",
  "accuracy",
]);

/** The colours of classes. @type {(keyof Colours)[]} */
const CLASSES = ["first", "second", "third", "fourth"];

/** The name of the colour of a class; further classes begin again. @param {number} label */
export const classColour = (label) => CLASSES[label % CLASSES.length];

/** The number of the shape of a class's points, so that no two classes of sixteen have the same colour and shape. @param {number} label */
export const classShape = (label) => (label + Math.floor(label / CLASSES.length)) % CLASSES.length;

/** @typedef {Record<typeof NAMES[number], string>} Colours A theme's colours, each of the form #rrggbb, by their names. */
/** @typedef {[red: number, green: number, blue: number]} Channels Each from 0 to 255. */

/**
 * The theme's colours by name, as the style sheet has them where an element of the page stands.
 *
 * @param {Element} element
 * @returns {Colours}
 */
export function palette(element) {
  const style = getComputedStyle(element);
  const found = NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]);
  return /** @type {Colours} */ (Object.fromEntries(found));
}

/**
 * A colour of the form #rrggbb as numbers.
 *
 * @param {string} colour
 * @returns {Channels}
 */
export function channels(colour) {
  const from = (/** @type {number} */ start) => parseInt(colour.slice(start, start + 2), 16);
  return [from(1), from(3), from(5)];
}

/**
 * A colour between two, share 0 to 1, as #rrggbb.
 *
 * @param {string} from
 * @param {string} to
 * @param {number} share
 */
export function mix(from, to, share) {
  const [a, b] = [channels(from), channels(to)];
  return `#${a
    .map((value, i) =>
      Math.round(value + (b[i] - value) * share)
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
}

const DARK = 0.179; // of white's luminance: on what is darker, white stands out more than black does

/**
 * The colour of a text on a background, black or white: the one that stands out more, at least 4.5 to 1.
 *
 * @param {number[]} background each channel from 0 to 255
 */
export function textOn(background) {
  const [red, green, blue] = background.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > DARK ? "#000000" : "#ffffff";
}

/**
 * The colour of a nudge: where the parameter should go, against its gradient.
 *
 * @param {Colours} colours
 * @param {number} gradient
 */
export function nudgeColour(colours, gradient) {
  if (gradient > 0) return colours.down;
  return gradient < 0 ? colours.up : colours.muted;
}
