"""Networks that can never learn are refused: softmax over one unit, and batch normalization of one example."""

import base64
from typing import Any

import pytest

from engine import Experiment, Refusal, Timeline
from engine.health.remedies import fitting
from tests.helpers.networks import plain

NORMALIZED = [(4, "tanh", {"batch_norm": True}), (1, "sigmoid")]
PICTURES = [base64.b64encode(bytes([shade]) * 784).decode() for shade in (100, 200)]


def refusal(form: dict[str, Any]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        Experiment.from_dict(form)
    return caught.value


@pytest.mark.parametrize("loss", ["cross_entropy", "squared_error", None])
def test_softmax_over_one_unit_is_refused_because_it_is_always_1(loss):
    found = refusal(plain((4, "tanh"), (1, "softmax"), **({} if loss is None else {"loss": loss})))
    assert found.field == "layers.1.activation"
    assert str(found) == "unfit activation: 'softmax' (over one unit it is always 1, so nothing can learn; at least 2)"


def test_batch_norm_with_a_mini_batch_of_one_is_refused_by_its_size():
    found = refusal(plain(*NORMALIZED, mini_batch_size=1))
    assert found.field == "mini_batch_size"
    assert str(found) == (
        "unfit mini-batch size: 1 (batch norm needs at least 2 examples: one alone is its own mean, whatever it is)"
    )
    assert Experiment.from_dict(plain(*NORMALIZED, mini_batch_size=2)).mini_batch_size == 2
    assert Experiment.from_dict(plain((4, "tanh"), (1, "sigmoid"), mini_batch_size=1)).mini_batch_size == 1


def test_batch_norm_with_one_example_or_one_drawing_to_learn_from_is_refused():
    one = {"name": "table", "x": [[0.5, 1]], "y": [[1]]}
    assert refusal(plain(*NORMALIZED, dataset=one)).field == "mini_batch_size"
    layers = [(4, "tanh", {"batch_norm": True}), (10, "softmax")]
    drawings = {"pictures": PICTURES[:1], "labels": [3], "share": 1}
    found = refusal(plain(*layers, dataset="digits", drawings=drawings))
    assert (found.field, found.details["value"]) == ("drawings", "1")
    for fine in ({**drawings, "share": 0.5}, {"pictures": PICTURES, "labels": [3, 4], "share": 1}):
        assert Experiment.from_dict(plain(*layers, dataset="digits", drawings=fine)).drawings


def test_batch_norm_is_neither_accepted_nor_offered_as_a_remedy_where_mini_batches_have_one_example():
    form = plain((4, "tanh"), (1, "sigmoid"), mini_batch_size=1)
    timeline = Timeline(Experiment.from_dict(form))
    layers = plain(*NORMALIZED)["layers"]
    with pytest.raises(Refusal) as caught:
        timeline.change(0, layers=layers)
    assert caught.value.field == "mini_batch_size"
    assert not fitting("batch_norm", timeline.experiment.to_dict())
    assert fitting("batch_norm", Experiment.from_dict({**form, "mini_batch_size": 2}).to_dict())
