"""The column: all parameters of a moment in one list, in the order of the program or the biggest gradient first."""

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from engine.experiment.presets import PRESETS
from tests.helpers.moments import READ, Sent, sent
from tests.helpers.node import answers

LIST = (
    READ
    + """
import { createList } from "./inspector/column/list.js";
import { ARROWS } from "./network/arrows.js";
import { segmentAt } from "./base/time.js";
function listOf({ sent, arrows = "nudge", biggest = false, t = null }) {
  const moment = momentOf(sent);
  const list = createList();
  list.begin(sent.listing.sizes, segmentAt(sent.listing, moment.t).experiment.layers);
  const taken = list.take(moment.frame.tensors, ARROWS[arrows]);
  list.turn(biggest);
  return { list, taken, tensors: moment.frame.tensors };
}
const rowsOf = (list) => Array.from({ length: list.length() }, (_, position) => list.rowAt(position));
"""
)
SPIRALS = PRESETS["spirals"]


@pytest.fixture(scope="module")
def moment() -> Sent:
    """A moment in mid-update: the gradients are there, and of the updates only some."""
    program = sent(SPIRALS, [0])[0].given["listing"]["segments"][0]["program"]
    updates = [place for place, step in enumerate(program, 1) if step["phase"] == "update"]
    return sent(SPIRALS, [updates[2]])[0]


def rows(moment: Sent, **fields: Any) -> list[dict[str, Any]]:
    (found,) = answers(
        LIST + "const answer = (given) => rowsOf(listOf(given).list);", [{"sent": moment.given, **fields}]
    )
    assert isinstance(found, list)
    return found


def indexed(row: dict[str, Any]) -> tuple[str, tuple[int, ...]]:
    name, _, inside = row["name"].partition("[")
    return name, tuple(int(each) for each in inside.rstrip("]").split(", "))


def test_every_parameter_stands_once_with_the_engines_gradient(moment):
    found = rows(moment)
    sizes = moment.given["listing"]["sizes"]
    assert len(found) == sum(below * above + above for below, above in pairwise(sizes))
    assert [row["place"] for row in found] == list(range(len(found)))
    assert len({row["name"] for row in found}) == len(found)
    for row in found:
        name, index = indexed(row)
        assert np.float32(row["value"]) == moment.tensors[f"d{name}"][index]
        assert row["tensor"] == f"d{name}"


def test_the_biggest_gradients_come_first_and_of_equal_ones_the_first_place(moment):
    found = rows(moment, biggest=True)
    keys = [(-abs(row["value"]), row["place"]) for row in found]
    assert keys == sorted(keys)
    assert sorted(row["place"] for row in found) == list(range(len(found)))


def test_updates_that_are_not_there_yet_are_due_and_stand_last(moment):
    script = """const answer = (given) => {
      const { list } = listOf(given);
      return { rows: rowsOf(list), due: list.contents().due };
    };"""
    ((found),) = answers(LIST + script, [{"sent": moment.given, "arrows": "update", "biggest": True}])
    there = [row for row in found["rows"] if row["value"] is not None]
    assert 0 < len(there) < len(found["rows"])
    assert found["rows"][: len(there)] == there
    assert set(found["due"]) == {row["tensor"] for row in found["rows"][len(there) :]}
    assert not set(found["due"]) & set(moment.tensors)


def test_a_search_finds_a_layer_a_tensor_a_row_or_an_element(moment):
    script = """const answer = ({ text, ...given }) => {
      const { list } = listOf(given);
      const found = list.find(text, (layer) => `layer ${layer}`);
      if (found?.end) list.narrow(found);
      return found && (found.end ? rowsOf(list).map(({ name }) => name) : list.markAt(found.place));
    };"""
    texts = ["layer 2", "b1", " W2[1]", "dw1[2, 1]", "W1[2,9]", "nothing"]
    layer, biases, row, element, outside, nothing = answers(
        LIST + script, [{"sent": moment.given, "text": text} for text in texts]
    )
    assert {name[:2] for name in layer} == {"W2", "b2"}
    units = moment.given["listing"]["sizes"][1]
    assert biases == [f"b1[{unit}]" for unit in range(units)]
    assert row == [f"W2[1, {unit}]" for unit in range(units)]
    assert element == {"tensor": "dW1", "index": [2, 1]}
    assert outside is nothing is None


def test_a_mark_of_the_network_leads_to_its_row_and_back(moment):
    script = """const answer = (given) => {
      const { list } = listOf(given);
      return rowsOf(list).map(({ place }) => [place, list.placeOf(list.markAt(place)), list.positionOf(place)]);
    };"""
    (found,) = answers(LIST + script, [{"sent": moment.given, "biggest": True}])
    assert [place for place, _, _ in found] == [back for _, back, _ in found]
    assert [position for _, _, position in found] == list(range(len(found)))


def test_only_other_tensors_or_another_meaning_are_taken_anew(moment):
    script = """const answer = (given) => {
      const { list, taken, tensors } = listOf(given);
      const again = list.take(tensors, ARROWS.nudge);
      return [taken, again, list.take(tensors, ARROWS.gradient), list.take(null, ARROWS.gradient)];
    };"""
    assert answers(LIST + script, [{"sent": moment.given}]) == [[True, False, True, True]]


@pytest.mark.parametrize(
    ("numbers", "size"),
    [([[0.01, -0.01], [0.01005, 0.0]], 0.01005), ([[0.01, 0.02]], None), ([[0.01]], None), ([[0.0, 0.0]], None)],
)
def test_numbers_that_all_have_one_size_are_known_by_it(numbers, size):
    program = 'import { commonSize } from "./inspector/column/parameters.js"; const answer = commonSize;'
    assert answers(program, [[{"data": each} for each in numbers]]) == [size]


SORTED = """
import { biggestFirst } from "./inspector/column/parameters.js";
const answer = (values) => {
  const data = Float32Array.from(values, (value) => ({ nan: NaN, inf: Infinity, "-inf": -Infinity })[value] ?? value);
  const parts = [{ start: 0, end: 50 }, { start: 50, end: 60 }, { start: 60, end: data.length }];
  const dataOf = (part) => (part.start === 50 ? undefined : data.subarray(part.start, part.end));
  return [...biggestFirst(parts, dataOf, 10, data.length)];
};
"""


def test_infinities_come_first_nan_near_the_end_what_is_missing_last_and_equals_in_order():
    rng = np.random.default_rng(3)
    values = rng.choice([0.0, -0.0, 1.5, -1.5, 3e38, 1e-42, 65536.0, math.nan, math.inf, -math.inf, 0.25], 400)
    values = values.astype(np.float32)
    plain = [str(value) if not math.isfinite(value) else float(value) for value in values]
    keys = -np.abs(values.astype(np.float64))
    keys[np.isnan(keys)] = 1
    keys[50:60] = 2
    (found,) = answers(SORTED, [plain])
    assert found == [int(place) + 10 for place in np.argsort(keys[10:], kind="stable")]


def test_sorting_79510_numbers_takes_less_time_than_javascripts_own_sort_by_comparison():
    source = """
    import { biggestFirst } from "./inspector/column/parameters.js";
    const answer = () => {
      const data = Float32Array.from({ length: 79510 }, (_, i) => Math.sin(i * 7919) / (1 + (i % 97)));
      const sorts = [
        () => biggestFirst([{ start: 0, end: data.length }], () => data, 0, data.length),
        () => Array.from(data.keys()).sort((one, other) => Math.abs(data[other]) - Math.abs(data[one])),
      ];
      const taken = [[], []];
      for (let i = 0; i < 7; i++)
        sorts.forEach((sort, way) => {
          const began = performance.now();
          const order = sort();
          taken[way].push(performance.now() - began);
          if (order.some((place, k) => k && Math.abs(data[order[k - 1]]) < Math.abs(data[place]))) throw new Error();
        });
      const [ours, theirs] = taken.map((times) => Math.min(...times));
      return ours / theirs;
    };
    """
    (ratio,) = answers(source, [None])
    assert ratio < 1
