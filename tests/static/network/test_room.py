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
    const layout = { width: 900, scale: 1, least: 10, columns: [null, { pitch: 40 }, { pitch: 25 }] };
    const scene = (lines) => ({ arrows: { caption: "dW¹" }, left: [], lines: Array(lines).fill({}) });
    const listing = (classes) => ({ classes, kind: "classes", sizes: [2, 3, 2] });
    const layers = [{ units: 3, activation: "tanh" }, { units: 1, activation: "sigmoid" }];
    const answer = ([words, lines, classes]) =>
      lookOf({ words, listing: listing(classes) }, layers, layout, scene(lines), new Set(["W1"]), { font: "sans" });
    """
    few, many = answers(script, [[WORDS, 60, []], [WORDS, 61, ["0", "1"]]])
    assert [(look["crowded"], look["classes"]) for look in (few, many)] == [(False, []), (True, ["0", "1"])]
    assert few["pitches"] == [0, 40, 25]
    assert few["lit"] == ["W1"]
    assert few["captions"][1][0] == "hidden 1 · tanh"


def test_circles_arrows_lines_and_type_grow_with_the_stage_and_are_never_smaller_than_usual():
    stages = [(320, 300), (828, 480), (1248, 640), (1888, 984), (3168, 1690)]
    cases = [
        [[2, 4, 1], [PLAIN] * 2, {"width": width, "height": height}, 70, least]
        for least in (10, 20)
        for width, height in stages
    ]
    layouts = [room["layout"] for room in call("network/room.js", "roomFor", cases)]
    usual, far = layouts[: len(stages)], layouts[len(stages) :]
    assert [layout["scale"] for layout in usual] == sorted(layout["scale"] for layout in usual)
    assert usual[0]["scale"] == usual[1]["scale"] == 1
    assert usual[3]["scale"] == pytest.approx(984 / 480)
    assert [layout["scale"] for layout in far] == [max(2, layout["scale"]) for layout in usual]
    for small, large in itertools.pairwise(usual[1:]):
        assert small["radius"] < large["radius"]
        assert small["arrow"]["span"] < large["arrow"]["span"]
        assert small["line"]["span"] < large["line"]["span"]


LABELS = """
import { roomFor } from "./network/room.js";
import { along, centre, curve } from "./draw/layout.js";
const away = (path, { x, y }) => Math.min(...Array.from({ length: 1001 }, (_, i) => along(path, i / 1000))
  .map((point) => Math.hypot(point.x - x, point.y - y)));
function answer([sizes, width, height]) {
  const { layout, places } = roomFor(sizes, [{}], { width, height }, 70);
  const found = places.flatMap((of, layer) => [...(of ?? [])].map(([cell, { x, y, label }]) => ({
    layer, arrow: [x, y], label: label && [label.x, label.y],
    away: label && away(curve(layout, layer, ...cell.split(",").map(Number)), label),
  })));
  return { layout, found };
}
"""


def test_the_numbers_of_a_small_networks_weights_stand_on_their_lines_clear_of_arrows_circles_and_each_other():
    cases = [[[2, 2, 2], 828, 478], [[1, 1, 1, 1], 900, 480], [[2, 4, 1], 1888, 984], [[2, 8, 8, 1], 828, 478]]
    drawn = answers(LABELS, cases)
    assert [sum(each["label"] is not None for each in of["found"]) for of in drawn[:2]] == [8, 3]
    assert [each["label"] for each in drawn[3]["found"] if each["layer"] == 2] == [None] * 64
    for of in drawn:
        scale, radius = of["layout"]["scale"], of["layout"]["radius"]
        labels = [each["label"] for each in of["found"] if each["label"]]
        assert len(labels) >= 3 or of is drawn[3]
        assert max((each["away"] for each in of["found"] if each["label"]), default=0) < 1
        for (x, y), (right, low) in itertools.combinations(labels, 2):
            assert abs(x - right) >= 50 * scale - 1e-9 or abs(y - low) >= 16 * scale - 1e-9
        for (x, y), each in itertools.product(labels, of["found"]):
            assert abs(x - each["arrow"][0]) > 25 * scale or abs(y - each["arrow"][1]) > 8 * scale
        for (x, y), at in itertools.product(labels, circles(of["layout"])):
            assert math.dist((max(abs(x - at[0]) - 25 * scale, 0), max(abs(y - at[1]) - 8 * scale, 0)), (0, 0)) > radius
