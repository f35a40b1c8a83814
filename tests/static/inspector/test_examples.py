"""The nudges of a parameter by the examples, read from an answer, and their mean."""

import numpy as np
import pytest

from tests.helpers.node import WORDS, answers, call

ASKED = """
import { aboutText, labelOf, meanOf, read } from "./inspector/examples/asked.js";
const tensors = new Map(Object.entries({
  gradient: { shape: [3], data: [1, -2, 4] },
  example: { shape: [3], data: [5, 0, 2] },
  x: { shape: [3, 2], data: Float32Array.from([1, 2, 3, 4, 5, 6]) },
  y: { shape: [3, 3], data: Float32Array.from([0, 1, 0, 1, 0, 0, 0, 0, 1]) },
  rest_counts: { shape: [2], data: [3, 4] },
  rest_edges: { shape: [3], data: [-1, 0, 1] },
  rest_sum: { shape: [1], data: [14] },
}));
const found = read({ tensors });
const answer = ([name, ...given]) => ({
  read: () => found,
  labels: () => found.examples.map(({ y }) => labelOf(y)),
  values: () => [[0.5], [1, 0], [0.25, 0.5, 0.25]].map((y) => labelOf(Float32Array.from(y))),
  mean: (without, gradient) => meanOf(found, new Set(without), gradient),
})[name](...given);
"""


def test_an_answer_is_read_example_by_example():
    (found,) = answers(ASKED, [["read"]])
    assert [(each["place"], each["nudge"], each["x"]) for each in found["examples"]] == [
        (5, -1, [1, 2]), (0, 2, [3, 4]), (2, -4, [5, 6]),
    ]  # fmt: skip
    assert found["rest"]["count"] == 7
    assert found["rest"]["sum"] == -14
    assert [found["rest"][name] for name in ("counts", "edges")] == [[4, 3], [-1, 0, 1]]


def test_a_label_is_the_class_or_else_the_targets():
    assert answers(ASKED, [["labels"], ["values"]]) == [["1", "0", "2"], ["0.50", "1, 0", "0.25, 0.50, 0.25"]]


def test_the_mean_is_of_what_is_ticked_and_of_all_it_is_against_the_gradient_itself():
    every, known, some, few = answers(
        ASKED, [["mean", []], ["mean", [], 0.125], ["mean", [0]], ["mean", [5, 0, 2], 0.125]]
    )
    assert every == {"value": -np.mean([1, -2, 4, *[2] * 7]), "of": 10, "all": 10}  # the rest sum to 14
    assert known == {"value": -0.125, "of": 10, "all": 10}
    assert some["value"] == pytest.approx(-(1 + 4 + 14) / 9)
    assert few == {"value": -2, "of": 7, "all": 10}


def test_the_mean_says_of_what_it_is():
    cases = [[WORDS, "gamma2", {"of": of, "all": 1200}] for of in (1200, 7)]
    assert call("inspector/examples/asked.js", "meanText", cases) == [
        "The mean of all 1,200: −dC/dγ, against the gradient.",
        "The mean of 7 of 1,200: the way that these alone would send it.",
    ]


def test_batch_norm_from_the_parameters_layer_on_ties_examples_together():
    plain, normed = {"batch_norm": False}, {"batch_norm": True}
    layers = [[plain, plain], [normed, plain], [plain, normed]]
    found = call("inspector/examples/asked.js", "aboutText", [[WORDS, "W2", [0, 1], each] for each in layers])
    assert [WORDS["examples.interact"] in each for each in found] == [False, False, True]
    assert all("W2[0, 1]" in each for each in found)


def test_only_a_parameter_is_asked_about():
    selected = [{"tensor": "dW1", "index": [0, 1]}, {"tensor": "a1", "index": [0, 1]}, None]
    found = call("inspector/examples/view.js", "question", [[{"selected": each}] for each in selected])
    assert found == [{"question": "per_example_gradients", "tensor": "W1", "index": [0, 1]}, None, None]
