"""Every method of every kind works in every question, and its checkpoint goes on from where it was."""

import base64
from typing import Any

import numpy as np
import pytest

from engine import Experiment, Timeline
from engine.data import DATASETS
from engine.methods.losses import LOSSES
from engine.methods.optimizers import OPTIMIZERS
from server.checkpoints.codec import decode, encode
from server.questions.answer import Tensors
from server.questions.answers import answer
from tests.helpers.networks import ENDINGS, HIDDEN, plain

FEW = {"name": "rings", "examples": 24}
FORMS: dict[str, dict[str, Any]] = {
    **{
        f"data {name}": plain((3, "tanh"), (source.outputs[0], source.output_activation), dataset=name)
        for name, source in DATASETS.items()
    },
    **{f"hidden {name}": plain((3, name), (1, "sigmoid"), dataset=FEW) for name in HIDDEN},
    **{
        f"loss {loss} after {output}": plain((3, "tanh"), (2, output), dataset=FEW, loss=loss, rate=0.05)
        for output, loss in ENDINGS
    },
    **{
        f"loss {loss} of values": plain((3, "tanh"), (1, "identity"), dataset="sine", loss=loss)
        for loss, facts in LOSSES.items()
        if not facts.classifies
    },
    **{
        f"optimizer {name}": plain((3, "mish"), (1, "tanh"), dataset=FEW, loss="hinge", optimizer={"name": name})
        for name in OPTIMIZERS
    },
}
PICTURE = base64.b64encode(bytes(300) + b"\xff" * 150 + bytes(334)).decode()
each_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)


def fields(chosen: Experiment) -> dict[str, dict[str, Any]]:
    """What each question asks of such a network; those that do not go with its inputs are left out."""
    picture = chosen.dataset.looks == "picture"
    weight: dict[str, Any] = {"tensor": "W1", "index": [0, 0]}
    grid = {"low": -1, "high": 1, "points": 5}
    found: dict[str, dict[str, Any]] = {
        "diagnose": {},
        "evaluate": {"most": 50},
        "first_not_finite": {},
        "gradient_check": {"most": 40},
        "column": {"updates": True},
        "tensors": {"names": ["W1", "uW1"]},
        "averages": {},
        "inputs": {"split": "training", "rows": [0]},
        "predictions": {"split": "training", "count": 20},
        "weights_history": {"units": [0], "most": 3},
        "evaluation_history": {"before": 1000, "most": 3, "examples": 20},
        "curve": weight | grid,
        "objective": weight | {"value": 0.5},
        "proof": {"elements": [["W2", [0, 1]]], "draw": 3, "seed": 0},
        "chain_rule": weight | {"errors": [["delta1", [0, 0]]]},
        "neuron": {"layer": 2, "unit": 0},
        "per_example_gradients": weight,
        "wishes": {"layer": 2, "example": 0},
    }
    if picture:
        return found | {"read": {"picture": PICTURE, "target": 3, "shown": [784, 3, 10]}}
    return found | {
        "examples": {},
        "response": {"layer": 2, "unit": 0, **grid},
        "response_history": {"unit": 0, **grid, "most": 3},
    }


@each_form
def test_every_question_has_an_answer_whatever_the_method(form):
    timeline = Timeline(Experiment.from_dict(form))
    for t in (timeline.t_of(2), timeline.t_of(3) - 1, timeline.t_of(3) + 2):
        timeline.seek(t)
        for question, given in fields(timeline.experiment).items():
            found = answer(timeline, question, t, given)
            assert isinstance(found, Tensors | dict), question


@each_form
def test_the_gradients_are_right_and_the_proof_agrees_whatever_the_method(form):
    timeline = Timeline(Experiment.from_dict(form))
    t = timeline.t_of(3)
    timeline.seek(t)
    found = answer(timeline, "gradient_check", t, {"most": 60})
    assert isinstance(found, dict)
    assert found["verdict"] == "right"
    proof = answer(timeline, "proof", t, {"draw": 12, "seed": 0})
    assert isinstance(proof, dict)
    assert {row["verdict"] for row in proof["drawn"]} <= {"right", None}


@each_form
def test_a_checkpoint_goes_on_at_the_same_bits_whatever_the_method(form):
    timeline = Timeline(Experiment.from_dict(form))
    timeline.seek(timeline.t_of(4))
    opened = decode(encode(timeline))
    again = Timeline(Experiment.from_dict(opened.experiment, {opened.start.name: opened.start}))
    for name in timeline.segments[0].carried:
        assert np.array_equal(again.seek(0)[name], timeline.seek(timeline.t)[name]), name
