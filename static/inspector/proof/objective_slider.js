// A slider along the objective: the true curve along the chosen parameter, which can be dragged; it goes back, or is kept on demand.

import { createAsker } from "../../ask/query.js";
import { Lost, Refused } from "../../ask/connection.js";
import { make } from "../../base/dom.js";
import { brief, count, precise, scale, signed } from "../../base/numbers.js";
import { cellName } from "../../tensor/tensors.js";
import { refusal, say } from "../../base/words.js";
import { makeDraggable } from "./drag.js";
import { createTrueCurve } from "./true_curve.js";
import { NARROWEST, WIDEST } from "./view.js";

const DIGITS = 7; // of a value that is dragged to: as many as float32 has

/** Numbers may come as the text that stands for those that JSON has not. */
const pointOf = ({ value, objective }) => ({ value, objective: Number(objective) });
const numbered = (curve) => ({
  ...curve,
  objectives: curve.objectives.map(Number),
  moved: curve.moved && pointOf(curve.moved),
});

const nameOf = (curve) => curve && cellName(curve.tensor, curve.index);

/** What the lines and points of the plot are. */
function keyOf(words, { analytic, moved }, { C, w }) {
  const entry = (name, text) => make("span", {}, make("i", { className: name }), text);
  return [
    entry("stroke", C),
    entry(`dash ${analytic > 0 ? "down" : analytic < 0 ? "up" : ""}`, say(words, "proof.tangent")),
    ...(moved ? [entry("dot hollow", say(words, "proof.moved", { w, value: precise(moved.value, 5) }))] : []),
  ];
}

/** The buttons and the box under the slider; `rescale(factor)` is called for another range. */
function createControls(rescale) {
  const [narrower, wider] = [
    ["−", 1 / 2],
    ["+", 2],
  ].map(([textContent, factor]) => {
    const button = make("button", { type: "button", className: "icon", textContent });
    button.addEventListener("click", () => rescale(factor));
    return button;
  });
  const reached = make("output");
  const box = make("input", { type: "checkbox" });
  const keep = make("label", { className: "toggle" }, box, make("span"));
  const element = make(
    "div",
    { className: "row" },
    keep,
    make("div", { className: "range" }, narrower, reached, wider),
  );

  function show(words, reach) {
    narrower.ariaLabel = narrower.title = say(words, "proof.narrower");
    wider.ariaLabel = wider.title = say(words, "proof.wider");
    [narrower.disabled, wider.disabled] = [reach <= NARROWEST, reach >= WIDEST];
    reached.textContent = `± ${scale(reach)}`;
    keep.lastChild.textContent = say(words, "proof.keep");
    keep.title = say(words, "proof.keep.hint");
  }

  return { element, show, kept: () => box.checked };
}

/** The value of the parameter at a share of the curve's reach. */
function valueAt({ value, values }, share) {
  return share === 0 ? value : Number((value + (share * (values.at(-1) - values[0])) / 2).toPrecision(DIGITS));
}

/** What the curve shows, {value, objective}: where it is dragged to, `there` once that is computed, else where the parameter is. */
const readingOf = (curve, dragged, there) => (dragged === null ? curve : there) ?? { value: dragged };

/** Change the parameter to the value, and say so, or why it was refused; "" where the line was lost. */
async function keptText({ words, moment }, { tensor, index }, value, change) {
  const { t } = moment;
  try {
    await change({ tensor, index, value });
    return say(words, "proof.kept", { name: cellName(tensor, index), value: brief(value), t: count(t) });
  } catch (error) {
    if (error instanceof Refused) return refusal(words, error);
    if (!(error instanceof Lost)) throw error;
    return "";
  }
}

/** `show(proof, letters)` with {t, found}, whose curve is drawn, or null while there is none. */
export function createObjectiveSlider(store, { ask, change, named }) {
  const plot = createTrueCurve(store.life, named("true-curve"), draw);
  const key = make("p", { className: "quiet key-line" });
  const readout = make("p", { className: "readout" });
  const slider = make("input", { type: "range" });
  const controls = createControls((factor) => {
    const { proof } = store.get();
    store.set({ proof: { ...proof, reach: Math.max(NARROWEST, Math.min(WIDEST, proof.reach * factor)) } });
  });
  const said = make("p", { className: "quiet", ariaLive: "polite" });
  const element = make(
    "figure",
    { className: "objective-slider" },
    plot.svg,
    key,
    readout,
    slider,
    controls.element,
    said,
  );
  let shown = null; // {t, curve, letters}
  let share = null; // of the reach, that it is dragged to
  let point = null; // the last computed point while it is dragged, and its t
  const asker = createAsker(store, ask, ({ t, found }) => {
    point = share !== null && found ? { t, ...pointOf(found) } : null;
    draw();
  });

  function seekPoint() {
    const { tensor, index } = shown.curve;
    asker.want(shown.t, { question: "objective", tensor, index, value: valueAt(shown.curve, share) });
  }

  function draw() {
    const { words } = store.get();
    for (const part of [plot.svg, key, readout]) part.style.visibility = shown ? "" : "hidden";
    if (!shown) return;
    const { t, curve, letters } = shown;
    const dragged = share === null ? null : valueAt(shown.curve, share);
    const there = point?.t === t ? point : null;
    const { value, objective } = readingOf(curve, dragged, there);
    plot.show(curve, {
      letters,
      label: say(words, "proof.curve", { ...letters, slope: signed(curve.analytic) }),
      dragged,
      point: there,
    });
    key.replaceChildren(...keyOf(words, curve, letters));
    readout.textContent = `${letters.w} = ${precise(value, 5)}   ${letters.C} = ${precise(objective, 6)}`;
    slider.setAttribute("aria-valuetext", readout.textContent);
  }

  function letGo() {
    share = point = null;
    asker.want(null, null);
    said.textContent = "";
    draw();
  }

  const dragging = makeDraggable({
    slider,
    drawing: plot.svg,
    shareAt: plot.shareAt,
    givenUp: letGo,
    moved(to, byKeys) {
      if (!shown) {
        dragging.stop(); // there is no range yet that it could move in
        return;
      }
      share = to;
      said.textContent = byKeys ? say(store.get().words, "proof.by_keys") : "";
      seekPoint();
      draw();
    },
    released(to) {
      const [curve, value] = shown ? [shown.curve, valueAt(shown.curve, to)] : [];
      letGo();
      if (curve && controls.kept() && value !== curve.value)
        keptText(store.get(), curve, value, change).then((text) => (said.textContent = text || said.textContent));
    },
  });

  function show(proof, letters) {
    const { words, proof: settings } = store.get();
    const curve = proof && numbered(proof.found.curve);
    if (curve && nameOf(curve) !== element.dataset.name) {
      dragging.stop();
      said.textContent = "";
      element.dataset.name = nameOf(curve);
    }
    shown = curve && { t: proof.t, curve, letters };
    slider.ariaLabel = say(words, "proof.slider", letters);
    slider.title = say(words, "proof.slider.hint");
    controls.show(words, settings.reach);
    if (shown && share !== null) seekPoint();
    draw();
  }

  return { element, show };
}
