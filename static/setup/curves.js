// Beside each layer's activation its curve and derivative, with the values of this moment that it is given; a press leads to
// all activations over one axis.

import { createCurveSource } from "../ask/curves.js";
import { palette } from "../base/colours.js";
import { make } from "../base/dom.js";
import { say } from "../base/words.js";
import { curveDrawing, curveLabel, curveMarks, curveUnder, givenTo } from "../draw/curve.js";

const SIZE = { width: 104, height: 30, margin: 3 };

/** The curves in the rows of `body`; `again()` has them shown once they are known. */
export function createCurves(body, ask, again) {
  let shown = []; // {name, tensor, curve}
  const source = createCurveSource(ask, again);

  /** A layer's curve, or why it has none; nothing while that is not known. */
  function contents({ words, moment }, activation, layer, samples) {
    const name = say(words, `activation.${activation}`);
    if (samples === undefined) return [];
    if (!samples) return [make("small", { textContent: say(words, "curve.row", { activation: name }) })];
    const tensor = moment ? givenTo(moment, layer) : "";
    const curve = curveUnder(samples, moment?.tensor(tensor)?.data ?? []);
    shown.push({ name: activation, tensor, curve });
    return [curveDrawing(curve, { ...SIZE, label: curveLabel(words, name, curve) })];
  }

  return {
    /** Draw the curve of every layer's activation in `draft`. */
    show(state, { layers }) {
      const { moment, words } = state;
      const names = layers.map(({ activation }) => activation);
      const known = moment ? source.of(names) : {};
      shown = [];
      for (const [i, name] of names.entries()) {
        const button = body.querySelector(`.layer[data-place="${i}"] .curve button`);
        button.title = say(words, "curve.hint");
        button.replaceChildren(...contents(state, name, i + 1, known[name]));
      }
    },
    marks: () => shown.flatMap(({ name, tensor, curve }) => curveMarks(name, tensor, curve, palette(body))),
  };
}
