"""Experiments that tests of several packages share. Together they use every equation."""

import base64
from typing import Any

import numpy as np

from backscope.recording import Recording
from engine import Experiment
from engine.experiment.presets import PRESETS
from engine.methods.optimizers import OPTIMIZERS
from tests.helpers.networks import ENDINGS, HIDDEN, experiment, plain, table

X, Y = [[0.5, -1.0], [2.0, 0.25], [-0.3, 0.8]], [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]]
FIELDS = {"dataset": table(X, Y), "dtype": "float64", "mini_batch_size": 3}
FULL = {"batch_norm": True, "dropout": 0.5, "residual": True}
SCHEDULES: dict[str, dict[str, Any]] = {  # each with settings under which every training step has a rate of its own
    "constant": {"warm_up": 10},
    "cosine": {"steps": 20, "warm_up": 3},
    "exponential": {"factor": 0.9},
    "step": {"factor": 0.9, "every": 1, "warm_up": 3},
}
DRAWING = {"pictures": [base64.b64encode(bytes(784)).decode()], "labels": [2], "share": 0.5}
EXPERIMENTS = [experiment((10, "softmax"), dataset="digits", mini_batch_size=3, drawings=DRAWING, augment={"shift": 2})]
EXPERIMENTS += [experiment((10, "softmax"), dataset="digits", mini_batch_size=3, next_mini_batch={"class": 2})]
EXPERIMENTS += [
    experiment(
        (10, "softmax"), dataset="digits", mini_batch_size=3, augment={"uneven": 0.5, "elastic": 1.5, "coarse": 2}
    )
]
EXPERIMENTS += [
    experiment((4, hidden), (5, "tanh"), (3, activation), loss=loss, **FIELDS)
    for hidden, (activation, loss) in zip(HIDDEN * 8, ENDINGS, strict=False)
]
EXPERIMENTS += [experiment((4, "tanh"), (3, "tanh"), **FIELDS, optimizer={"name": name}) for name in OPTIMIZERS]
EXPERIMENTS += [
    experiment((3, "tanh"), **FIELDS, schedule={"name": name, **chosen}) for name, chosen in SCHEDULES.items()
]
EXPERIMENTS += [
    experiment((2, "relu", FULL), (4, "tanh"), (4, "gelu", extras), (3, "softmax"), **FIELDS, **fields)
    for extras, fields in (
        (FULL, {"regularization": {"l1": 0.1, "l2": 0.2}, "clip_norm": 0.5, "augment": {"noise": 0.3}}),
        ({"residual": True}, {"clip_norm": 0.5, "coupled_weight_decay": 0.1, "optimizer": {"name": "adamw"}}),
        ({"dropout": 0.2}, {"regularization": {"l1": 0.1}, "optimizer": {"name": "nesterov"}}),
        ({"batch_norm": True}, {"regularization": {"l2": 0.1}, "clip_norm": 0.5}),
        ({"batch_norm": True}, {"coupled_weight_decay": 0.1, "optimizer": {"name": "dampened_momentum"}}),
    )
]
_W, _B = [[0.5, -0.2], [0.1, 0.4], [-0.3, 0.2]], [0.1, -0.1, 0.0]
_START = {"W1": np.array(_W), "b1": np.array(_B), "W2": np.eye(3) - 0.2, "b2": np.array(_B)}
_MASK = np.array([[2.0, 0, 2], [0, 2, 2], [2, 2, 0]])
_STEPS = [_START | {"x": np.array(X)[:k], "y": np.array(Y)[:k], "mask1": _MASK[:k]} for k in (2, 3, 1)]
RECORDED = Recording({"OPERATIONS": [[], ["activation", {"dropout": 0.5}], ["activation"]]}, [*_STEPS, _START], False)
EXPERIMENTS += [
    Experiment.from_dict(
        {
            "dataset": {"name": "recorded", "content": "three steps"},
            "layers": [{"units": 3, "activation": "tanh", "dropout": 0.5}, {"units": 3, "activation": "softmax"}],
            "dtype": "float64",
            "start": "three steps",
        },
        tables={"three steps": RECORDED},
    )
]
# Experiments for the page: an optimizer with states, a run that becomes NaN, and a network with every part.
ADAM = plain((4, "relu", {"batch_norm": True}), (1, "sigmoid"), clip_norm=1.0) | {"optimizer": {"name": "adam"}}
DIVERGES = {
    **PRESETS["xor"],
    "layers": [{"units": 4, "activation": "relu"}, {"units": 1, "activation": "identity"}],
    "loss": "squared_error",
    "optimizer": {"name": "gradient_descent", "learning_rate": 50.0},
}
MIXED = {
    "layers": [
        {"units": 5, "activation": "tanh", "batch_norm": True, "dropout": 0.3},
        {"units": 5, "activation": "gelu", "batch_norm": True, "residual": True, "dropout": 0.2},
        {"units": 5, "activation": "elu", "residual": True},
        {"units": 1, "activation": "sigmoid"},
    ],
    "dataset": {"name": "moons"},
    "mini_batch_size": 7,
    "regularization": {"l1": 0.01, "l2": 0.02},
    "augment": {"noise": 0.1},
    "clip_norm": 0.5,
    "optimizer": {"name": "adam", "learning_rate": 0.01},
}
