"""Contours, the scale, the ground and the projection of the loss surface, as the page computes them."""

import numpy as np
import pytest

from engine.surface.surface import SIDE, grid
from tests.helpers.node import answers, call

MIDDLE = np.linspace(-1, 1, 21)
BOWL = MIDDLE[:, None] ** 2 * 2 + MIDDLE**2
SADDLE = MIDDLE[:, None] * MIDDLE


def between(heights, column, row):
    """The height at a point of a side of a cell, between its two corners."""
    i, j = min(int(column), len(heights) - 2), min(int(row), len(heights) - 2)
    u, v = column - i, row - j
    below, above = (heights[k, i] * (1 - u) + heights[k, i + 1] * u for k in (j, j + 1))
    return below * (1 - v) + above * v


@pytest.mark.parametrize(("heights", "level"), [(BOWL, 0.31), (BOWL, 1.7), (SADDLE, 0.013), (SADDLE, -0.403)])
def test_a_contour_runs_at_its_level_and_parts_what_is_above_from_what_is_below(heights, level):
    (found,) = call("surface/contours.js", "contours", [[heights.ravel().tolist(), len(heights), level]])
    points = [tuple(point) for line in found for point in line["points"]]
    assert points
    assert all(between(heights, *point) == pytest.approx(level, abs=1e-9) for point in points)
    # Every side of a cell whose ends lie on both sides of the level is crossed once.
    above = heights > level
    crossed = int((above[:, 1:] != above[:, :-1]).sum() + (above[1:] != above[:-1]).sum())
    assert len({(round(x, 9), round(y, 9)) for x, y in points}) == crossed


def test_the_contours_of_a_bowl_are_closed_but_where_the_map_ends():
    low, high = (
        call("surface/contours.js", "contours", [[BOWL.ravel().tolist(), 21, level]])[0] for level in (0.31, 1.7)
    )
    assert [line["closed"] for line in low] == [True]
    assert len(high) == 2
    assert not any(line["closed"] for line in high)


def test_cells_with_a_corner_that_is_no_number_have_no_contour():
    source = """
    import { contours } from "./surface/contours.js";
    const answer = ([heights, side, level]) => contours(heights.map((each) => each ?? NaN), side, level);
    """
    heights = [None if i == 220 else float(each) for i, each in enumerate(BOWL.ravel())]
    (broken,) = answers(source, [[heights, 21, 0.005]])
    assert broken == []


@pytest.mark.parametrize(
    ("losses", "logarithmic"),
    [([0.1, 0.5, 2.0], False), ([0.001, 0.5, 2.0], True), ([0.0, 5.0], False), ([3.0], False)],
)
def test_the_scale_is_logarithmic_where_losses_differ_by_much_and_its_levels_lie_within(losses, logarithmic):
    source = """
    import { scaleOf } from "./surface/scale.js";
    const answer = (losses) => {
      const scale = scaleOf([NaN, ...losses, Infinity]);
      const { share, loss, text, ...plain } = scale;
      const parts = [0, 0.25, 1];
      const back = parts.map((part) => share(loss(part)));
      return { ...plain, shares: losses.map(share), back, texts: plain.levels.map(text) };
    };
    """
    (found,) = answers(source, [losses])
    assert found["logarithmic"] == logarithmic
    assert found["shares"] == pytest.approx(sorted(found["shares"]))
    assert found["shares"][0] == 0
    assert found["back"] == pytest.approx([0, 0.25, 1])
    assert 3 <= len(found["levels"]) <= 13
    assert all(found["low"] < level < found["high"] for level in found["levels"])
    assert [float(text) for text in found["texts"]] == pytest.approx(found["levels"], rel=0.02)


def test_the_ground_is_the_finest_grid_that_is_whole_in_the_engines_order():
    source = """
    import { finest } from "./surface/ground.js";
    const answer = ([losses, done]) => finest(losses, done);
    """
    places = grid()
    whole = np.random.default_rng(1).normal(size=(SIDE, SIDE))
    cases, sides = [], []
    for done, side in ((100, 0), (121, 11), (440, 11), (441, 21), (1680, 21), (1681, 41)):
        known = np.zeros((SIDE, SIDE))
        for i, j in places[:done]:
            known[j, i] = whole[j, i]
        cases.append([known.ravel().tolist(), done])
        sides.append(side)
    for found, side in zip(answers(source, cases), sides, strict=True):
        if not side:
            assert found is None
            continue
        step = (SIDE - 1) // (side - 1)
        assert found["side"] == side
        assert found["losses"] == pytest.approx(whole[::step, ::step].ravel().tolist())


def test_the_extent_holds_all_points_of_the_paths_and_the_reach():
    points = [[0.0, 1.0], [4.0, 1.2], [2.0, 0.9]]
    alone, far, near = call(
        "surface/ground.js", "extentOf",
        [[points, 0, None], [points, 10, None], [points, 0, {"along": 4, "across": 1.2, "times": 4}]],
    )  # fmt: skip
    for x, y in points:
        assert alone["low"][0] < x < alone["high"][0]
        assert alone["low"][1] < y < alone["high"][1]
    assert far["high"][0] - far["low"][0] == pytest.approx(20)
    assert near["high"][0] - near["low"][0] == pytest.approx((alone["high"][0] - alone["low"][0]) / 4)
    assert sum(near[end][0] for end in ("low", "high")) / 2 == pytest.approx(4)


def test_the_loss_between_points_of_the_grid_lies_between_theirs():
    ground = {"side": 21, "losses": BOWL.ravel().tolist()}
    places = [(0, 0), (1, 1), (0.5, 0.25), (0.3, 0.77)]
    found = call("surface/ground.js", "lossAt", [[ground, u, v] for u, v in places])
    assert found == pytest.approx([between(BOWL, 20 * u, 20 * v) for u, v in places])


def test_a_relief_has_what_is_higher_further_up_and_what_is_nearer_further_down():
    room = {"left": 10, "top": 20, "width": 300, "height": 200}
    source = """
    import { projection } from "./surface/project.js";
    const answer = ([look, room, points]) => points.map((point) => projection(look, room)(...point));
    """
    cases = [[look, room, [[0, 0, 0], [1, 1, 1], [0.5, 0.5, 0], [0.5, 0.5, 1]]] for look in ("map", "relief")]
    plan, relief = answers(source, cases)
    assert plan == [[10, 220], [310, 20], [160, 120], [160, 120]]
    assert relief[2][1] > relief[3][1]
    assert relief[0][1] > relief[2][1]
    assert all(10 <= x <= 310 and 20 <= y <= 220 for x, y in relief)
