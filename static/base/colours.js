// The colours of the theme, for canvases: one symbol, one colour, everywhere.

const NAMES = [
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
  "accuracy",
];

/** The theme's colours by name, as the style sheet has them. */
export function palette(element = document.documentElement) {
  const style = getComputedStyle(element);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

/** A colour of the form #rrggbb as [red, green, blue], 0 to 255. */
export function channels(colour) {
  return [1, 3, 5].map((start) => parseInt(colour.slice(start, start + 2), 16));
}

/** A colour between two, share 0 to 1, as #rrggbb. */
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

/** The colour of a nudge: where the parameter should go, against its gradient. */
export function nudgeColour(colours, gradient) {
  if (gradient > 0) return colours.down;
  return gradient < 0 ? colours.up : colours.muted;
}
