"""Stop when: the sentence of what was measured."""

from typing import Any

from tests.helpers.node import WORDS, answers

TOLD = """
import { sentenceOf } from "./until/told.js";
const answer = ([words, condition, found]) => sentenceOf(words, condition, found);
"""


def told(condition: dict[str, Any], **found: Any) -> str:
    given = {"measured": [], "bounds": [], "tensor": None, "index": None} | found
    (said,) = answers(TOLD, [[WORDS, condition, given]])
    return str(said)


def test_the_numbers_stand_in_the_sentence():
    assert told({"name": "loss_rises", "times": 2}, measured=[0.5, 0.625, 0.75]) == (
        "The loss has risen 2 times running: 0.500 → 0.625 → 0.750."
    )
    assert told({"name": "gradient_norm", "low": 0.5, "high": 4}, measured=[8], bounds=[0.5, 4]) == (
        "The norm of the gradient is 8.00, outside of 0.500 to 4.00."
    )
    assert told({"name": "loss_below", "of": "training"}, measured=[0.25], bounds=[0.5]) == (
        "The loss over the training examples is 0.250, below 0.500."
    )
    assert told({"name": "dead", "layer": 2, "times": 1}, tensor="b2", index=[3]) == (
        "The slope of neuron 3 of layer 2 has been 0 for every example of the last 1 mini-batch."
    )
    assert told({"name": "sign_changes"}, measured=[-0.5, 0.25], tensor="W1", index=[0, 1]) == (
        "W1[0, 1] was −0.500 and is 0.250."
    )
    assert told({"name": "held_out_rises", "epochs": 1}, measured=[0.5, 0.75, 0.25, 1]) == (
        "For 1 epoch the held-out loss has risen, to 1.00, while the training loss has fallen, to 0.250."
    )
    assert told({"name": "class_changes", "example": 4}, measured=[1, 0]).startswith("The class predicted for 4 was 1")
