"""The step that homework is held against has the numbers of the engine's run, and those that perturbing shows."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from engine import Experiment, Timeline
from engine.marking.assignment import Assignment
from engine.marking.given import SIZES, Given, mini_batches, parameters
from engine.marking.learner import Learner, following
from engine.methods.losses import LOSSES
from tests.helpers.autodiff import ACTIVATIONS as AUTODIFF
from tests.helpers.autodiff import LOSSES as COSTS

OPTIMIZERS: list[dict[str, Any]] = [
    {"name": "gradient_descent"},
    {"name": "momentum", "momentum": 0.8},
    {"name": "adamw", "weight_decay": 0.1},
    {"name": "rmsprop"},
]
RNG = np.random.default_rng
OUTPUTS = [  # softmax has its own error only where it collapses with the loss
    (loss, name) for loss, record in LOSSES.items() for name in record.activations if name != "softmax" or record.delta
]


def assigned(optimizer, **more):
    constants = {
        "LAYERS": [2, 4, 3, 1],
        "ACTIVATIONS": ["tanh", "relu", "sigmoid"],
        "LOSS": "binary_cross_entropy",
        "LEARNING_RATE": 0.1,
        "OPTIMIZER": optimizer,
    }
    return Assignment.from_constants(constants | more)


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=[each["name"] for each in OPTIMIZERS])
@pytest.mark.parametrize("more", [{}, {"REGULARIZATION": {"l1": 0.01, "l2": 0.1}, "CLIP_NORM": 0.05}], ids=["", "more"])
def test_a_step_has_the_numbers_of_the_engines_run(optimizer, more):
    assignment = assigned(optimizer, **more)
    x, y = mini_batches(assignment, RNG(1))[0]
    form = {
        "dataset": {"name": "table", "x": x.tolist(), "y": y.tolist()},
        "layers": [
            {"units": n, "activation": name}
            for n, name in zip(assignment.sizes[1:], assignment.activations, strict=True)
        ],
        "loss": assignment.loss,
        "optimizer": {**optimizer, "learning_rate": 0.1},
        "mini_batch_size": len(x),
        "dtype": "float64",
        **{name.lower(): value for name, value in more.items()},
    }
    timeline = Timeline(Experiment.from_dict(form))
    start = timeline.seek(0)
    learner = Learner(assignment)
    W, b = ([np.array(start[f"{kind}{l}"]) for l in assignment.layers] for kind in "Wb")
    for steps in (1, 2, 3):
        result = learner.step(Given(W, b, x, y)).parameters
        run = timeline.seek(timeline.t_of(steps))
        for name, found in result.items():
            np.testing.assert_allclose(found, run[name], rtol=1e-10, atol=1e-13, err_msg=name)
        W, b = ([result[f"{kind}{l}"] for l in assignment.layers] for kind in "Wb")


@pytest.mark.parametrize(("loss", "output"), OUTPUTS)
def test_the_gradients_are_those_that_perturbing_the_loss_shows(loss, output):
    constants = {"LAYERS": [3, 4, 2], "ACTIVATIONS": ["tanh", output], "LOSS": loss, "LEARNING_RATE": 0.1}
    assignment = Assignment.from_constants(constants)
    (W, b), (x, y) = parameters(assignment, RNG(2)), mini_batches(assignment, RNG(3))[0]
    found = Learner(assignment).step(Given(W, b, x, y)).gradients

    def cost(W):
        z = np.tanh(x @ W[0].T + b[0]) @ W[1].T + b[1]
        return np.sum(COSTS[loss](z, AUTODIFF[output](z), y)) / len(x)

    for l, place in ((0, (1, 2)), (0, (3, 0)), (1, (0, 3)), (1, (1, 1))):
        up, down = ([each.copy() for each in W] for _ in range(2))
        up[l][place] += 1e-6
        down[l][place] -= 1e-6
        np.testing.assert_allclose(found[f"W{l + 1}"][place], (cost(up) - cost(down)) / 2e-6, rtol=1e-5, atol=1e-8)


def test_mini_batches_have_several_sizes_and_targets_that_differ():
    for loss, output in (("binary_cross_entropy", "sigmoid"), ("cross_entropy", "softmax"), ("squared_error", "tanh")):
        constants = {"LAYERS": [3, 2], "ACTIVATIONS": [output], "LOSS": loss, "LEARNING_RATE": 0.1}
        batches = mini_batches(Assignment.from_constants(constants), RNG(4))
        assert tuple(len(x) for x, _ in batches) == SIZES
        assert all(len(np.unique(y, axis=0)) > 1 for _, y in batches)
        assert all(need.met(y) for _, y in batches for need in LOSSES[loss].needs)


def test_each_step_starts_from_what_the_right_step_before_has_reached():
    assignment = assigned({"name": "momentum"})
    given = following(assignment, *parameters(assignment, RNG(5)), mini_batches(assignment, RNG(6)))
    learner = Learner(assignment)
    for each, after in pairwise(given):
        result = learner.step(each).parameters
        assert all(np.array_equal(result[f"W{l}"], after.W[l - 1]) for l in assignment.layers)
