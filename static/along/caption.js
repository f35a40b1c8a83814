// What stands below a picture that is taken along: which experiment it is, which moment, and where to see it.

import { position } from "../transport/panel.js";
import { nameOf } from "../scene/named.js";
import { say } from "../base/words.js";

const [SIZE, LINE, MARGIN, MOST] = [12, 17, 12, 4]; // pixels of type, of a line and around it, and lines of an address

/** The name of the experiment in words: that of a preset or a scenario, or of its data set. */
function calledOf({ words, listing }, offers) {
  const { preset, scenario } = nameOf(listing.experiment, offers);
  if (preset) return say(words, `preset.${preset}`);
  if (scenario) return say(words, `scenario.${scenario}`);
  return say(words, `dataset.${listing.experiment.dataset.name}`);
}

/** The caption of what is shown: {title, place, address}; `t` is the moment. */
export function captionOf(state, t, { offers, link }) {
  const { words, listing } = state;
  const { place, now } = position(words, listing, t);
  const network = say(words, "along.network.of", { sizes: listing.sizes.join("–") });
  return {
    title: `${calledOf(state, offers)} · ${network}`,
    place: `${place} · ${now}`,
    address: link?.().href ?? "",
  };
}

/** A text in lines of so many pixels, broken at a space where one comes late enough, and no more than `most` of them. */
export function brokenInto(text, wide, most, measure) {
  const lines = [];
  let rest = text;
  while (rest && lines.length < most) {
    let fits = rest.length;
    while (fits > 1 && measure(rest.slice(0, fits)) > wide) fits -= 1;
    const space = rest.lastIndexOf(" ", fits);
    if (fits < rest.length && space > fits / 2) fits = space;
    lines.push(rest.slice(0, fits));
    rest = rest.slice(fits).trimStart();
  }
  if (rest && lines.length) lines[lines.length - 1] = `${lines.at(-1).slice(0, -1)}…`;
  return lines;
}

/** The lines of a caption below a picture of this width, with their fonts; `context` measures them. */
function linesOf(context, { title, place, address }, width, font) {
  const fonts = [`600 ${SIZE + 1}px ${font}`, `${SIZE}px ${font}`, `${SIZE - 2}px ${font}`];
  return [title, place, address].flatMap((text, i) => {
    context.font = fonts[i];
    const most = i < 2 ? 2 : MOST;
    const measure = (part) => context.measureText(part).width;
    return brokenInto(text, width - 2 * MARGIN, most, measure).map((line) => ({
      line,
      font: fonts[i],
      first: i === 0,
    }));
  });
}

/** How high a caption is, in pixels. */
export const heightOf = (context, caption, width, font) =>
  2 * MARGIN + LINE * linesOf(context, caption, width, font).length;

/** Write a caption below a picture, from `top` on. */
export function paintCaption(context, caption, { width, top, font, colours }) {
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.globalAlpha = 1;
  linesOf(context, caption, width, font).forEach(({ line, font: own, first }, i) => {
    context.font = own;
    context.fillStyle = first ? colours.text : colours.muted;
    context.fillText(line, MARGIN, top + MARGIN + (i + 0.5) * LINE);
  });
}
