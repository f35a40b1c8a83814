"""The curves of the charts: what a chart declares is kept, by its training step or by its layer."""

import pytest

from tests.helpers.node import answers

KEPT = """
import { createStore } from "./state/store.js";
import { CHARTS } from "./charts/charts.js";
import { keepCurves } from "./charts/curves.js";
const key = (initial) => ({ initial, forget: "never" });
const listing = { segments: [{ t: 0, training_step: 0, program: Array(10).fill({}) }] };
const momentOf = ([t, tensors]) => ({ t, has: (name) => name in tensors, value: (name) => tensors[name] });
const answer = ({ declared, moments = [], diagnoses = [] }) => {
  const charts = Object.entries(CHARTS);
  if (declared === "tensors")
    return charts.flatMap(([, { series = [] }]) => series.map(({ name, tensor }) => [name, tensor ?? null]));
  if (declared === "quantities") return charts.map(([name, { quantity }]) => [name, quantity ?? null]);
  const keys = { listing: key(listing), moment: key(null), diagnosis: key(null), curves: key({}) };
  const store = createStore(keys);
  keepCurves(store);
  for (const each of moments) store.set({ moment: momentOf(each) });
  for (const each of diagnoses) store.set({ diagnosis: each });
  return store.get().curves;
};
"""


def declared(what: str) -> dict[str, str]:
    """The curves that charts declare, each with the tensor or the quantity that it is of."""
    return {name: source for name, source in answers(KEPT, [{"declared": what}])[0] if source is not None}


def test_the_tensors_that_a_series_names_are_kept_at_the_beginnings_of_training_steps():
    curves = declared("tensors")
    assert curves["mini_batch.loss"] == "loss"
    values = {tensor: place + 0.5 for place, tensor in enumerate(curves.values())}
    (found,) = answers(KEPT, [{"moments": [[13, values], [25, {"loss": 9}], [27, {"loss": 8}]]}])
    expected = {name: [{"t": 10, "value": values[tensor]}] for name, tensor in curves.items()}
    expected["mini_batch.loss"].append({"t": 20, "value": 8})
    assert found == expected


@pytest.mark.parametrize("lacking", [None, "NaN", "Infinity"])
def test_the_quantities_of_the_layers_are_kept_where_they_are_numbers(lacking):
    curves = declared("quantities")
    assert curves["dead"] == "dead"
    first, second = ({name: place + part for place, name in enumerate(curves.values())} for part in (0.25, 0.5))
    layers = [first | {"layer": 1, "dead": lacking}, second | {"layer": 2}]
    (found,) = answers(KEPT, [{"diagnoses": [None, {"t": 25, "layers": layers}]}])
    expected = {
        f"{name}.{layer['layer']}": [{"t": 25, "value": layer[quantity]}]
        for layer in layers
        for name, quantity in curves.items()
    }
    del expected["dead.1"]
    assert found == expected
