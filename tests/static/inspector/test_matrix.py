"""What the matrix view says of a tensor, its scale, and the cell that is pointed at."""

from typing import Any

import pytest

from tests.helpers.node import WORDS, answers

LISTING = {"sizes": [2, 3, 1], "tensors": {"W1": [1, 0], "a1": ["example", 1], "b1": [1], "loss": []}}
MATRIX = """
import { aboutText, cellTexts, scaleText } from "./inspector/matrix/words.js";
const answer = ([name, ...given]) => ({ aboutText, cellTexts, scaleText })[name](...given);
"""
STATE = {"words": WORDS, "listing": LISTING, "moment": {"examples": 4}}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("W1", "3 × 2: a row for each of the neurons of layer 1, a column for each of the inputs."),
        ("a1", "4 × 3: a row for each of the examples, a column for each of the neurons of layer 1."),
        ("b1", "3 numbers, one for each of the neurons of layer 1."),
        ("loss", "One number."),
    ],
)
def test_a_tensor_is_told_with_its_shape_also_before_it_is_there(name, text):
    assert answers(MATRIX, [["aboutText", STATE, name, None]]) == [text]


def test_the_shape_that_is_there_goes_before_the_one_that_is_expected():
    (text,) = answers(MATRIX, [["aboutText", STATE, "a1", {"shape": [1200, 3]}]])
    assert text.startswith("1,200 × 3: ")


def test_a_cell_is_read_in_full_where_its_index_points():
    tensor = {"shape": [3, 2], "data": [0, 1, 2, 3, 4, 0.1]}
    found = answers(MATRIX, [["cellTexts", WORDS, LISTING, "W1", tensor, index] for index in ([2, 1], [0, 1], None)])
    assert found == [
        ["W1[2, 1] = 0.1", "neuron 2 of layer 1, input 1"],
        ["W1[0, 1] = 1", "neuron 0 of layer 1, input 1"],
        ["", WORDS["matrix.point"]],
    ]


def test_examples_are_counted_from_one_and_a_scalar_has_no_place():
    cases: list[list[Any]] = [
        ["cellTexts", WORDS, LISTING, "a1", {"shape": [1, 3], "data": [5, 6, 7]}, [0, 2]],
        ["cellTexts", WORDS, LISTING, "loss", {"shape": [], "data": [0.5]}, []],
    ]
    assert answers(MATRIX, cases) == [["a1[0, 2] = 7", "example 1, neuron 2 of layer 1"], ["loss = 0.5", ""]]


def test_the_scale_names_what_shares_it_and_what_a_dot_stands_for():
    cases: list[list[Any]] = [
        ["scaleText", WORDS, 2, ["W1"], [1, 1]],
        ["scaleText", WORDS, 0.5, ["W1", "W2"], [4, 3]],
    ]
    alone, shared = answers(MATRIX, cases)
    assert alone.strip() == "Full colour at |x| ≥ 2."
    assert shared == (
        "Full colour at |x| ≥ 0.5: one scale for W1, W2. A dot is the number farthest from 0 among 3 × 4 cells."
    )
