"""The constants of a homework are read as an assignment, or refused by the constant's name."""

from typing import Any

import pytest

from engine import Refusal
from engine.marking.assignment import Assignment

XOR: dict[str, Any] = {
    "LAYERS": [2, 4, 1],
    "ACTIVATIONS": ["tanh", "sigmoid"],
    "LOSS": "binary_cross_entropy",
    "LEARNING_RATE": 0.5,
}
REFUSED = [
    ({"LAYERS": None}, "LAYERS", "missing constant"),
    ({"LAYERS": 3}, "LAYERS", "a list"),
    ({"LAYERS": [2]}, "LAYERS", "2 to 13 numbers"),
    ({"LAYERS": [2, 0, 1]}, "LAYERS[1]", "invalid units: 0"),
    ({"LAYERS": [2, 4.0, 1]}, "LAYERS[1]", "invalid units: 4.0"),
    ({"LAYERS": [1000, 1000, 1]}, "LAYERS", "at most 200,000"),
    ({"ACTIVATIONS": ["tanh"]}, "ACTIVATIONS", "2 names"),
    ({"ACTIVATIONS": ["tan", "sigmoid"]}, "ACTIVATIONS[0]", "unknown activation: 'tan'"),
    ({"ACTIVATIONS": ["softmax", "sigmoid"]}, "ACTIVATIONS[0]", "output layer only"),
    ({"ACTIVATIONS": ["tanh", "softmax"], "LOSS": "cross_entropy"}, "ACTIVATIONS[1]", "at least 2"),
    ({"LOSS": "mse"}, "LOSS", "one of: absolute_error"),
    ({"LOSS": "cross_entropy"}, "LOSS", "needs softmax"),
    ({"LEARNING_RATE": "fast"}, "LEARNING_RATE", "invalid learning rate: 'fast'"),
    ({"OPTIMIZER": "adam"}, "OPTIMIZER", "invalid optimizer"),
    ({"OPTIMIZER": {"name": "sgd"}}, "OPTIMIZER.name", "unknown optimizer: 'sgd'"),
    ({"OPTIMIZER": {"name": "momentum", "beta": 0.9}}, "OPTIMIZER.beta", "unknown field: 'beta'"),
    ({"REGULARIZATION": {"l2": -1}}, "REGULARIZATION.l2", "invalid L2 penalty: -1"),
    ({"COUPLED_WEIGHT_DECAY": -1}, "COUPLED_WEIGHT_DECAY", "invalid coupled weight decay: -1"),
    ({"CLIP_NORM": 0}, "CLIP_NORM", "limit of the norm"),
]


def test_what_is_left_out_has_its_default():
    found = Assignment.from_constants(XOR)
    assert (found.sizes, found.activations, found.training.optimizer) == (
        (2, 4, 1),
        ("tanh", "sigmoid"),
        "gradient_descent",
    )
    assert (found.training.clip_norm, found.training.l2, found.training.learning_rate) == (None, 0, 0.5)


def test_the_limit_of_the_norm_may_stand_with_the_optimizer():
    found = Assignment.from_constants(XOR | {"OPTIMIZER": {"name": "momentum", "clip_norm": 2}})
    assert (found.training.clip_norm, dict(found.training.optimizer_settings)) == (2, {"momentum": 0.9})


@pytest.mark.parametrize(("change", "field", "says"), REFUSED, ids=[f"{change}" for change, _, _ in REFUSED])
def test_a_constant_that_is_malformed_or_does_not_fit_is_refused_by_name(change, field, says):
    with pytest.raises(Refusal) as refused:
        Assignment.from_constants(XOR | change)
    assert refused.value.field == field
    assert says in str(refused.value)
