"""How the network is laid out in the stage: inside the room, apart from each other, arrows on their weights."""

import itertools
import math
from typing import Any

import pytest

from tests.helpers.node import WORDS, answers, call

PLAIN, SKIPPING = {"residual": False}, {"residual": True}
SIZES = [[2, 3, 1], [1, 40, 40, 3], [784, 16, 10], [784, 200, 10], [2, *[8] * 10, 1]]
STAGES = [(900, 560), (420, 500), (1600, 900)]


@pytest.fixture(scope="module")
def rooms() -> list[dict[str, Any]]:
    cases = [
        [sizes, [PLAIN] * (len(sizes) - 1), {"width": width, "height": height}, 60]
        for sizes, (width, height) in itertools.product(SIZES, STAGES)
    ]
    return call("network/room.js", "roomFor", cases)


def circles(layout: dict[str, Any]) -> list[tuple[float, float]]:
    return [(column["x"], y) for column in layout["columns"] if column for y in column["ys"].values()]


def test_every_neuron_is_on_the_stage_below_the_legend(rooms):
    for room in rooms:
        layout = room["layout"]
        for x, y in circles(layout):
            assert layout["radius"] <= x <= layout["width"] - layout["radius"]
            assert y - layout["radius"] / 2 >= 60
            assert y + layout["radius"] <= layout["height"]


def test_no_two_neurons_overlap(rooms):
    for room in rooms:
        for one, other in itertools.combinations(circles(room["layout"]), 2):
            assert math.dist(one, other) >= 2 * room["layout"]["radius"] - 1e-9


def test_of_a_layer_that_is_too_tall_the_drawn_units_are_told_and_the_others_counted(rooms):
    tall = 0
    for room in rooms:
        for column, units in zip(room["layout"]["columns"], room["units"], strict=True):
            if column is None:
                continue
            assert column["hidden"] == column["units"] - len(column["shown"])
            assert units == (column["shown"] if column["hidden"] else None)
            assert list(column["ys"].values()) == sorted(column["ys"].values())
            if column["hidden"]:
                tall += 1
                assert column["shown"][0] == 0
                assert column["shown"][-1] == column["units"] - 1
                half = len(column["shown"]) // 2
                ys = [column["ys"][str(unit)] for unit in column["shown"]]
                assert ys[half - 1] < column["gap"] < ys[half]
    assert tall >= len(STAGES)


def test_a_residual_connection_gets_room_above_the_topmost_neurons():
    stage = {"width": 900, "height": 560}
    plain, skipping = call(
        "network/room.js", "roomFor", [[[2, 3, 3, 1], [PLAIN, last, PLAIN], stage, 60] for last in (PLAIN, SKIPPING)]
    )
    assert skipping["layout"]["top"] == plain["layout"]["top"] + 16


def test_every_arrow_stands_on_the_curve_of_its_weight_between_the_two_circles():
    script = """
    import { roomFor } from "./network/room.js";
    import { along, curve } from "./draw/layout.js";
    const away = (path, { x, y }) => Math.min(...Array.from({ length: 1001 }, (_, i) => along(path, i / 1000))
      .map((point) => Math.hypot(point.x - x, point.y - y)));
    function answer(sizes) {
      const { layout, places } = roomFor(sizes, [{}], { width: 900, height: 560 }, 60);
      return places.flatMap((of, layer) => [...(of ?? [])].map(([cell, place]) =>
        away(curve(layout, layer, ...cell.split(",").map(Number)), place)));
    }
    """
    (distances,) = answers(script, [[2, 4, 3]])
    assert len(distances) == 2 * 4 + 4 * 3
    assert max(distances) < 1


def test_the_look_is_pale_where_many_lines_are_drawn():
    script = """
    import { lookOf } from "./network/look.js";
    const layout = { width: 900, columns: [null, { pitch: 40 }, { pitch: 25 }] };
    const scene = (lines) => ({ arrows: { caption: "dW¹" }, left: [], lines: Array(lines).fill({}) });
    const listing = (classes) => ({ classes });
    const layers = [{ units: 3, activation: "tanh" }, { units: 1, activation: "sigmoid" }];
    const answer = ([words, lines, classes]) =>
      lookOf({ words, listing: listing(classes) }, layers, layout, scene(lines), new Set(["W1"]), { font: "sans" });
    """
    few, many = answers(script, [[WORDS, 60, []], [WORDS, 61, ["0", "1"]]])
    assert [(look["crowded"], look["classes"]) for look in (few, many)] == [(False, []), (True, ["0", "1"])]
    assert few["pitch"] == 25
    assert few["lit"] == ["W1"]
    assert few["captions"][1][0] == "hidden 1 · tanh"
