"""The cells of the confusion matrix: what they count, how dark they are, and what they say."""

from typing import Any

import numpy as np
import pytest

from tests.helpers.node import WORDS, answers, call

COUNTS = np.array([[8, 2, 0], [1, 6, 3], [0, 0, 0]])
PREDICTIONS = {
    "classes": 3,
    "confusion": COUNTS.ravel().tolist(),
    "perClass": [{"label": label, "right": int(row[label]), "of": int(row.sum())} for label, row in enumerate(COUNTS)],
    "done": 22,
    "answered": 20,
}
PICTURES = {"kind": "classes", "looks": "picture", "classes": [*"0123456789"], "sizes": [784, 30, 10]}
POINTS = {"kind": "classes", "looks": "plane", "classes": [], "sizes": [2, 4, 1]}
COLOURS = {"surface": "#eeeeee", "text": "#111111", "muted": "#777777", "paper": "#ffffff", "ink": "#000000"}
GREY = "#{0:02x}{0:02x}{0:02x}"


@pytest.fixture(scope="module")
def cells() -> list[dict[str, Any]]:
    (found,) = call("learned/cells.js", "cellsOf", [[PREDICTIONS]])
    return found


def test_a_row_is_a_label_and_its_shares_are_of_that_label(cells):
    assert [(cell["label"], cell["answer"]) for cell in cells] == list(np.ndindex(3, 3))
    assert [cell["value"] for cell in cells] == COUNTS.ravel().tolist()
    assert [cell["share"] for cell in cells] == pytest.approx([0.8, 0.2, 0, 0.1, 0.6, 0.3, 0, 0, 0])


def test_the_scale_is_that_of_the_worst_mistake_and_not_of_the_diagonal(cells):
    assert call("learned/cells.js", "scaleOf", [[cells]]) == [0.3]


def test_a_mistake_is_the_darker_the_more_of_its_row_it_is(cells):
    looks = call("learned/cells.js", "lookOf", [[cell, 0.3, COLOURS] for cell in cells])
    expected = [0, 2 / 3, 0, 1 / 3, 0, 1, 0, 0, 0]
    for cell, look, share in zip(cells, looks, expected, strict=True):
        if cell["label"] == cell["answer"]:
            assert look == {"background": COLOURS["surface"], "colour": COLOURS["text"]}
        else:
            assert look["background"] == GREY.format(round(255 * (1 - share)))
    assert looks[5]["colour"] == COLOURS["paper"]  # on black
    assert looks[2]["colour"] == COLOURS["muted"]  # of none


def test_a_mark_has_the_count_and_the_colour_of_its_cell(cells):
    (marks,) = call("learned/cells.js", "cellMarks", [[cells, COLOURS]])
    assert [COUNTS[tuple(mark["index"])] for mark in marks] == [mark["value"] for mark in marks]
    assert marks[5]["colour"] == "#000000"


def test_a_cell_says_its_count_and_its_share(cells):
    cases = [[WORDS, listing, cells[5]] for listing in (PICTURES, POINTS)]
    assert call("learned/cells.js", "sentenceOf", cases) == [
        "1 read as 2: 3 of 10 (30.0%)",
        "class 1 taken for class 2: 3 of 10 (30.0%)",
    ]


def test_the_legend_tells_of_examples_without_an_answer_where_there_are_some(cells):
    some, none, nothing = call(
        "learned/cells.js",
        "legendOf",
        [[WORDS, PREDICTIONS, cells], [WORDS, PREDICTIONS | {"answered": 22}, cells], [WORDS, None, []]],
    )
    assert "full colour is 30% of a row" in some
    assert some == f"{none} 2 have no answer: the outputs are NaN or infinite."
    assert "full colour is — of a row" in nothing


def test_the_arrow_keys_stay_inside_the_matrix():
    ways = [[-1, 0], [1, 0], [0, -1], [0, 1]]
    steps = call("learned/cells.js", "beside", [[place, way, 3] for place in (0, 4, 8) for way in ways])
    assert steps == [None, 3, None, 1, 1, 7, 3, 5, 5, None, 7, None]


WRONG = """
import { inBrackets, listed, meansOf, pointOf, wrongMarks, wrongPoints } from "./learned/wrong.js";
const x = (points) => ({ data: Float32Array.from(points.flat()) });
const data = { splits: [
  { split: "training", x: x([[9, 9], [9, 9], [9, 9]]) },
  { split: "held_out", x: x([[0, 1], [2, 3], [4, 5]]) },
] };
const predictions = { classes: 2, split: "held_out", rows: {
  row: [2, 0, 1], label: [1, 0, 1], answer: [0, 0, 0], output: [0.25, 0.1, 0.125], loss: [1, 2, 3],
} };
const answer = (f) => ({
  points: () => wrongPoints(data, { predictions, cell: null }, 2),
  cell: () => wrongPoints(data, { predictions, cell: { label: 0, answer: 0 } }, null),
  early: () => [[null, predictions], [data, null]].map(([d, p]) => wrongPoints(d, { predictions: p, cell: null }, 2)),
  marks: () => wrongMarks({ predictions, cell: null }, "#000000"),
  means: () => meansOf({ shape: [2, 2], data: [1, 2, 3, 4] }),
  text: () => inBrackets([1.005, -2]),
})[f]();
"""


def test_the_points_that_are_wrong_lie_where_their_rows_say_the_most_costly_first():
    points, cell, early = answers(WRONG, ["points", "cell", "early"])
    assert points == [{"row": 1, "x": 2, "y": 3, "chosen": False}, {"row": 2, "x": 4, "y": 5, "chosen": True}]
    assert cell == [{"row": 0, "x": 0, "y": 1, "chosen": False}]
    assert early == [[], []]


def test_their_marks_are_outputs_and_the_averages_are_read_class_by_class():
    marks, means, text = answers(WRONG, ["marks", "means", "text"])
    assert [(mark["index"], mark["value"]) for mark in marks] == [([1], 0.125), ([2], 0.25)]
    assert means == [{"x": 1, "y": 2}, {"x": 3, "y": 4}]
    assert text == "(1.00, −2.00)"


LISTED = """
import { listed } from "./learned/wrong.js";
const rows = { row: [], label: [], answer: [], output: [], loss: [] };
for (let i = 0; i < 20; i++) Object.entries({ row: i, label: 0, answer: 1, output: 1, loss: -i })
  .forEach(([name, value]) => rows[name].push(value));
const answer = (chosen) => listed({ predictions: { classes: 2, rows }, cell: null }, chosen).map(({ row }) => row);
"""


def test_the_first_eight_are_listed_and_the_one_that_is_pointed_out():
    assert answers(LISTED, [None, 3, 15]) == [[*range(8)], [*range(8)], [*range(8), 15]]
