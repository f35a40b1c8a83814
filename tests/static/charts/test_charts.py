"""Charts tell no more than has been measured: points are shown as points, and nothing but 0 is said to be so."""

import pytest

from tests.helpers.browsing import words
from tests.helpers.node import answers, call

MODES = """
import { traces } from "./charts/charts.js";
const listing = { sizes: [2, 1], segments: [{ t: 0, training_step: 0, program: Array(10) }] };
const colours = { accuracy: "#112233", first: "#445566" };
const answer = ([value, ...ts]) => {
  const curves = { "update_ratio.1": ts.map((t) => ({ t, value })) };
  return traces({ listing, curves, words: { layer: "" } }, "update_ratio", colours)[0].mode;
};
"""


def test_points_between_which_nothing_was_measured_are_shown_as_points():
    cases = [[0.5, 10], [0.5, 10, 20, 30], [0.5, 10, 20, 900]]
    assert answers(MODES, cases) == ["markers", "lines", "lines+markers"]


def test_where_a_run_explodes_no_point_is_placed_far_off_the_axis():
    assert answers(MODES, [[-1e30, 10, 900], [1e13, 10]]) == ["lines", "lines"]


def test_nothing_but_zero_is_told_from_nothing_and_from_anything_else():
    drawn = [[], [{"y": [0, 0]}], [{"y": [0]}, {"y": [0, 1e-9]}], [{"y": [None]}]]
    assert call("charts/charts.js", "isZero", [[each] for each in drawn]) == [False, True, False, False]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("split", ["held_out", "training"])
def test_how_many_were_evaluated_stands_apart_from_the_share_that_is_right(language, split):
    told = words(language)[f"learned.classes.{split}.sample"]
    share, _, evaluated = told.replace("（", "(").partition("(")
    assert "{" not in share
    assert "{done}" in evaluated
    assert "{of}" in evaluated


def test_curves_lack_the_past_where_no_point_lies_between_the_beginning_and_the_moment():
    points = [[0, 90], [0, 50, 90], [90], [120], []]
    cases = [[{"training.loss": [{"t": t, "value": 1} for t in each]}, 90] for each in points]
    found = call("charts/evaluation.js", "isPastless", [*cases, [{}, 90], [{}, 0]])
    assert found == [True, False, True, True, True, True, False]
