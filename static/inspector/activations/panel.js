// The panel of activations over one axis: which are shown, their lines, and their values at one z.

import { samplesIn } from "../../ask/curves.js";
import { palette } from "../../base/colours.js";
import { make, refill } from "../../base/dom.js";
import { brief, count } from "../../base/numbers.js";
import { segmentAt } from "../../base/time.js";
import { say } from "../../base/words.js";
import { curveMarks, rugOf } from "../../draw/curve.js";
import { axisOf, plotsOf, sampleOf, STYLES } from "./plot.js";
import { givenIn, layerOf, MOST, unitOf } from "./view.js";

/** What a layer is called, with its activation. */
function layerName({ words, listing, moment }, layer) {
  const { layers } = segmentAt(listing, moment.t).experiment;
  const name = layer === layers.length ? say(words, "layer.output") : say(words, "layer.hidden", { layer });
  return `${name} · ${say(words, `activation.${layers[layer - 1].activation}`)}`;
}

/** The place among the samples of what is nearest to z. */
const placeAt = (z, { low, high }, points) =>
  Math.max(0, Math.min(points - 1, Math.round(((z - low) / (high - low)) * (points - 1))));

/** A row of values, the head of a table or an activation's own. */
const row = (tag, cells) => make("tr", {}, ...cells.map((each) => make(tag, {}, each)));

/** The table of all values at one place of the samples. */
function tableOf(words, curves, place, z) {
  const head = row("th", [`z = ${brief(z)}`, "f(z)", "f′(z)"]);
  const rows = curves.map(({ name, samples, style }) =>
    row("td", [
      make("span", { className: "named" }, sampleOf(style), say(words, `activation.${name}`)),
      brief(samples.a[place]),
      brief(samples.slope[place]),
    ]),
  );
  return [make("thead", {}, head), make("tbody", {}, ...rows)];
}

/** What there is to say of softmax, and of the values of z. */
function notesOf(state, names, { beyond, total, ofRows }) {
  const { words, moment, example } = state;
  const blanks = { unit: unitOf(state), example: moment.shownExample(example) + 1 };
  const out = beyond[0] + beyond[1];
  const missing = (state.overlaid ?? []).slice(0, MOST).filter((name) => !names.includes(name));
  return [
    total ? say(words, "activations.rug", { count: count(total) }) : say(words, "activations.due"),
    ...(out ? [say(words, "curve.beyond", { count: count(out) })] : []),
    ...missing.map((name) => say(words, "curve.row", { activation: say(words, `activation.${name}`) })),
    ...(ofRows ? [say(words, "activations.row", blanks)] : []),
  ].join(" ");
}

/** The parts of the panel: what they are, without their contents. */
function createParts() {
  const layer = make("select");
  const layerText = make("span");
  const figure = make("figure");
  const slider = make("input", { type: "range", min: "0", step: "1" });
  const table = make("table", { className: "overlay-values" });
  const note = make("p", { className: "quiet" });
  const offered = make("fieldset", { className: "offered" });
  const chooseLayer = make("label", { className: "field" }, layerText, layer);
  return {
    layer,
    layerText,
    figure,
    slider,
    table,
    note,
    offered,
    all: [chooseLayer, figure, slider, table, note, offered],
  };
}

/** Offer all activations, of which the `chosen` ones are shown; `choose(names)` hears of others. */
function offer(root, names, { words, chosen }, choose) {
  const boxes = names.map((name) => {
    const place = chosen.indexOf(name);
    const box = make("input", { type: "checkbox", checked: place >= 0 && place < MOST });
    box.disabled = !box.checked && chosen.length >= MOST;
    box.dataset.key = name;
    box.addEventListener("change", () =>
      choose(box.checked ? [...chosen, name] : chosen.filter((/** @type {string} */ each) => each !== name)),
    );
    const style = place >= 0 && place < MOST ? [sampleOf(STYLES[place])] : [];
    return make("label", { className: "toggle" }, box, say(words, `activation.${name}`), ...style);
  });
  refill(root, make("legend", { textContent: say(words, "activations.choose", { most: MOST }) }), ...boxes);
}

/** Offer the layers whose z may be shown, anew where they are others. */
function offerLayers(parts, state) {
  const { words, listing } = state;
  const texts = listing.sizes.slice(1).map((_, i) => layerName(state, i + 1));
  if ([...parts.layer.options].map(({ textContent }) => textContent).join() !== texts.join()) {
    const options = texts.map((textContent, i) => make("option", { value: String(i + 1), textContent }));
    parts.layer.replaceChildren(...options);
  }
  parts.layer.value = String(layerOf(state));
  parts.layerText.textContent = parts.layer.ariaLabel = say(words, "activations.layer");
  parts.slider.ariaLabel = say(words, "activations.at");
}

/** Set up the view in `root`. */
export function mount(root, { store, choices }) {
  const parts = createParts();
  root.append(...parts.all);
  let z = 0; // at which the values are read
  let shown = null; // {curves, range, points, given, rug, beyond}

  /** Draw the curves that are known, with the values at the z that is chosen. */
  function paint(state) {
    const { words } = state;
    const { curves, range, points } = shown;
    const place = placeAt(z, range, points);
    const at = range.low + (place * (range.high - range.low)) / (points - 1);
    const names = curves.map(({ name }) => say(words, `activation.${name}`)).join(say(words, "list.comma"));
    const label = say(words, "activations.picture", { activations: names });
    parts.figure.replaceChildren(plotsOf(curves, shown, { label, at, range }));
    parts.slider.max = String(points - 1);
    parts.slider.value = String(place);
    parts.table.replaceChildren(...tableOf(words, curves, place, at));
    const told = curves.map(({ name, samples: { a, slope } }) =>
      say(words, "activations.value", {
        activation: say(words, `activation.${name}`),
        a: brief(a[place]),
        slope: brief(slope[place]),
      }),
    );
    parts.slider.setAttribute("aria-valuetext", [`z = ${brief(at)}`, ...told].join("; "));
  }

  function read(to) {
    z = to;
    if (shown) paint(store.get());
  }

  parts.layer.addEventListener("change", () => store.set({ curvesOf: Number(parts.layer.value) }));
  parts.slider.addEventListener("input", () => {
    const { range, points } = shown;
    read(range.low + (Number(parts.slider.value) * (range.high - range.low)) / (points - 1));
  });
  parts.figure.addEventListener("pointermove", (event) => {
    if (!shown) return;
    const { left, width } = parts.figure.getBoundingClientRect();
    read(axisOf(shown.range).z((event.clientX - left) / width));
  });

  return {
    show(state, answer) {
      if (!state.moment || !state.listing) return;
      offerLayers(parts, state);
      if (!answer) return;
      const chosen = state.overlaid ?? answer.found.facts.names;
      const names = Object.keys(choices.activations);
      offer(parts.offered, names, { words: state.words, chosen }, (overlaid) => store.set({ overlaid }));
      const { tensors } = answer.found;
      const all = tensors.get("z").data;
      const curves = samplesIn(answer.found).map(([name, samples]) => ({
        name,
        samples,
        style: STYLES[chosen.indexOf(name)] ?? STYLES[0],
      }));
      const range = { low: all[0], high: all.at(-1) };
      const given = givenIn(state);
      shown = { curves, range, points: all.length, given, ...rugOf(given.data, range.low, range.high) };
      paint(state);
      const [total, ofRows] = [shown.given.data.length, answer.found.facts.rows.length > 0];
      const known = curves.map(({ name }) => name);
      parts.note.textContent = notesOf(state, known, { beyond: shown.beyond, total, ofRows });
    },
    marks: () =>
      shown
        ? shown.curves.flatMap(({ name, samples }, i) =>
            curveMarks(
              name,
              shown.given.tensor,
              {
                z: [],
                a: samples.a,
                slopes: samples.slope,
                rug: i ? [] : shown.rug,
                beyond: i ? [0, 0] : shown.beyond,
              },
              palette(root),
            ).map((mark) => ({ ...mark, kind: `overlaid.${mark.kind}` })),
          )
        : [],
  };
}
