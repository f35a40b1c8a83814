"""Axes, runs and choices of a map, as the page computes them."""

import pytest

from engine import Experiment
from engine.experiment.presets import PRESETS
from engine.maps.axes import axes
from engine.maps.map import SIDES
from engine.maps.map import Map as EngineMap
from engine.maps.outcome import OUTCOMES
from server.words import catalogue
from tests.helpers.maps import map_of
from tests.helpers.node import answers, call

RATE = {"low": 0.001, "high": 100, "logarithmic": True}
MOMENTUM = {"low": 0, "high": 0.9, "logarithmic": False}


def test_a_value_lies_on_its_axis_where_the_engine_has_it():
    chosen = Experiment.from_dict({**PRESETS["xor"], "optimizer": {"name": "adam"}})
    for axis in axes(chosen).values():
        plain = {"low": axis.low, "high": axis.high, "logarithmic": axis.logarithmic}
        shares = call("map/axes.js", "shareOf", [[plain, value] for value in axis.values(axis.low, axis.high, 9)])
        assert shares == pytest.approx([i / 8 for i in range(9)], abs=1e-9), axis.field


@pytest.mark.parametrize(
    ("axis", "expected"),
    [
        (RATE, ["0.001", "0.01", "0.1", "1", "10", "100"]),
        (MOMENTUM, ["0.0", "0.2", "0.4", "0.6", "0.8"]),
        ({"low": 0.3, "high": 2.5, "logarithmic": True}, ["0.5", "1", "2"]),
        ({"low": 1e-9, "high": 1e6, "logarithmic": True}, ["1e−9", "1e−6", "0.001", "1", "1000", "1e6"]),
    ],
)
def test_ticks_are_round_numbers_of_the_axis(axis, expected):
    (found,) = call("map/axes.js", "ticksOf", [[axis]])
    texts = [text for _, text in found]
    assert [float(text.replace("−", "-")) for text in texts] == [float(each.replace("−", "-")) for each in expected]
    assert [value for value, _ in found] == pytest.approx([float(text.replace("−", "-")) for text in texts])


def test_every_axis_has_a_name_in_the_catalogues():
    source = """
    import { nameOf } from "./map/axes.js";
    const answer = ([words, field]) => nameOf(words, field);
    """
    methods = {
        "adamw": "cosine",
        "nesterov": "step",
        "rmsprop": "exponential",
        "lion": "constant",
        "dampened_momentum": "step",
    }
    forms = [
        {**PRESETS["xor"], "optimizer": {"name": name}, "schedule": {"name": schedule, "warm_up": 5}}
        for name, schedule in methods.items()
    ]
    fields = sorted({field for form in forms for field in axes(Experiment.from_dict(form))})
    for language in ("en", "zh"):
        told = answers(source, [[catalogue(language), field] for field in fields])
        assert all(name and "_" not in name and "." not in name for name in told), told
        assert len({*told}) > len(told) / 2


def test_a_run_is_opened_with_the_experiment_that_the_engine_has_of_it():
    chosen = {**PRESETS["xor"], "optimizer": {"name": "momentum"}}
    fields = ("optimizer.momentum", "regularization.l2")
    found: EngineMap = map_of(chosen, 8, fields=fields)
    plain = found.experiment.to_dict()
    for field, values in zip(fields, found.values, strict=True):
        (plain,) = call("map/axes.js", "withValue", [[plain, field, values[5]]])
    assert Experiment.from_dict(plain).to_dict() == found.opened(5, 5).to_dict()


TAKEN = """
import { countsOf, inOrder, none, runAt, withAnswer } from "./map/runs.js";
const answer = ([side, cells, at]) => {
  const part = (data) => ({ data: Float32Array.from(data), shape: [data.length] });
  const curves = { data: Float32Array.from(cells.flatMap(([, , outcome]) => [1, outcome])), shape: [cells.length, 2] };
  const columns = [0, 1, 2].map((place) => part(cells.map((cell) => cell[place])));
  const tensors = new Map([["column", columns[0]], ["row", columns[1]], ["outcome", columns[2]], ["curves", curves]]);
  const runs = withAnswer(none(side), { tensors });
  return {
    done: runs.done,
    counts: countsOf(runs, 4),
    blocks: inOrder(runs).map(({ block }) => block),
    at: at.map(([column, row]) => {
      const run = runAt(runs, column, row);
      return run && [run.column, run.row, run.outcome, [...run.curve]];
    }),
  };
};
"""


def test_a_coarse_run_stands_for_the_cells_around_it_until_finer_ones_are_there():
    cells = [[0, 0, 3], [8, 0, 1], [4, 4, 2], [1, 0, 0]]
    at = [[0, 0], [1, 0], [7, 7], [5, 5], [8, 7], [16, 16], [2, 0]]
    (found,) = answers(TAKEN, [[64, cells, at]])
    assert found["done"] == 4
    assert found["counts"] == [1, 1, 1, 1]
    assert found["blocks"] == [8, 8, 4, 1]
    assert [run and run[:3] for run in found["at"]] == [
        [0, 0, 3], [1, 0, 0], [4, 4, 2], [4, 4, 2], [8, 0, 1], None, [0, 0, 3],
    ]  # fmt: skip
    assert found["at"][1][3] == [1, 0]


@pytest.mark.parametrize("side", SIDES)
def test_blocks_of_the_engines_levels_cover_the_map_at_each_level(side):
    found = map_of(PRESETS["xor"], side)
    covered, step = 0, side // 8
    for cells in found.parts:
        blocks = call("map/runs.js", "blockOf", [[side, *map(int, cell)] for cell in cells[:50]])
        assert len({*blocks}) == 1
        covered += len(cells)
        if covered == (side // blocks[0]) ** 2:
            step = blocks[0]
    assert step == 1


def test_a_setting_that_is_on_the_other_axis_changes_places_and_another_brings_its_own_range():
    source = """
    import { changedAxes } from "./map/controls.js";
    const answer = ([axes, known, axis, change]) => changedAxes({ axes, settings: { axes: known } }, axis, change);
    """
    known = [{"field": name, "low": low, "high": high} for name, low, high in (("a", 1, 2), ("b", 3, 4), ("c", 5, 6))]
    shown = {"x": {"field": "a", "low": 1.5, "high": 2}, "y": known[1]}
    ends, swapped, other = answers(
        source,
        [[shown, known, "y", {"low": 3.5}], [shown, known, "y", {"field": "a"}], [shown, known, "x", {"field": "c"}]],
    )
    assert ends == {"x": shown["x"], "y": {"field": "b", "low": 3.5, "high": 4}}
    assert swapped == {"x": known[1], "y": shown["x"]}
    assert other == {"x": known[2], "y": known[1]}


def test_what_is_said_of_an_outcome_has_its_threshold_in_both_languages():
    source = """
    import { definitionOf } from "./map/told.js";
    const answer = ([words, name, level]) => definitionOf(words, name, { low: 0.1, fallen: 0.01, risen: 2 }, level);
    """
    for language in ("en", "zh"):
        for name, told in (("solved", "0.05"), ("slow", "0.005"), ("diverged", "1")):
            (said,) = answers(source, [[catalogue(language), name, 0.5]])
            assert told in said
        assert all(answers(source, [[catalogue(language), name, 0] for name in OUTCOMES]))
