"""The step that homework is held against has the numbers of the engine's run, and those that perturbing shows."""

import re
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from engine import Experiment, Refusal, Timeline
from engine.marking.assignment import Assignment
from engine.marking.given import SIZES, Given, mini_batches, parameters
from engine.marking.learner import Learner, following
from engine.methods.losses import LOSSES
from tests.helpers.autodiff import ACTIVATIONS as AUTODIFF
from tests.helpers.autodiff import LOSSES as COSTS

OPTIMIZERS: list[dict[str, Any]] = [
    {"name": "gradient_descent"},
    {"name": "momentum", "momentum": 0.8},
    {"name": "dampened_momentum", "momentum": 0.8, "dampening": 0.3},
    {"name": "adamw", "weight_decay": 0.1},
    {"name": "rmsprop"},
]
MORE: dict[str, Any] = {
    "REGULARIZATION": {"l1": 0.01, "l2": 0.1}, "CLIP_NORM": 0.05, "COUPLED_WEIGHT_DECAY": 0.2
}  # fmt: skip
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
@pytest.mark.parametrize("more", [{}, MORE], ids=["", "more"])
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


NORM = {"batch_norm": {"epsilon": 1e-5, "weight": 0.1, "unbiased": False}}


def test_a_step_with_batch_norm_dropout_and_a_residual_has_the_numbers_of_the_engines_run():
    operations = [[], [NORM, "activation", {"dropout": 0.4}], ["activation", {"residual": [1, 3]}], ["activation"]]
    sizes = {"LAYERS": [2, 4, 4, 1], "OPERATIONS": operations}
    assignment = assigned({"name": "momentum"}, **sizes)
    x, y = mini_batches(assignment, RNG(1))[0]
    layers = [{"units": n, "activation": name} for n, name in zip((4, 4, 1), assignment.activations, strict=True)]
    layers[0] |= {"batch_norm": True, "dropout": 0.4}
    layers[1] |= {"residual": True}
    form = {
        "dataset": {"name": "table", "x": x.tolist(), "y": y.tolist()},
        "layers": layers,
        "loss": assignment.loss,
        "optimizer": {"name": "momentum", "learning_rate": 0.1},
        "mini_batch_size": len(x),
        "dtype": "float64",
    }
    timeline, learner = Timeline(Experiment.from_dict(form)), Learner(assignment)
    for steps in range(3):
        before, after = (
            {k: np.array(v) for k, v in timeline.seek(timeline.t_of(n)).items()} for n in (steps, steps + 1)
        )
        W, b = ([before[f"{kind}{l}"] for l in assignment.layers] for kind in "Wb")
        beside = {name: before[name] for name in ("gamma1", "beta1", *assignment.running)} | {"mask1": after["mask1"]}
        result = learner.step(Given(W, b, after["a0"], after["y"], beside=beside))
        found = result.parameters | result.running | {f"d{name}": g for name, g in result.gradients.items()}
        for name, each in found.items():
            np.testing.assert_allclose(each, after[name], rtol=1e-9, atol=1e-12, err_msg=name)


def test_the_gradients_through_operations_in_any_order_are_those_that_perturbing_the_loss_shows():
    inner = ["activation", NORM, {"residual": [1, 0]}, {"dropout": 0.5}, {"residual": [0, 1]}]
    operations = [[NORM, {"dropout": 0.2}], inner, [{"residual": [1, 2]}, {"residual": [1, 5]}, NORM, "activation"]]
    constants = {"LAYERS": [3, 3, 3], "ACTIVATIONS": ["tanh", "sigmoid"], "LOSS": "squared_error", "LEARNING_RATE": 0.1}
    assignment = Assignment.from_constants(constants | {"OPERATIONS": operations, "SUMMED": True})
    (W, b), (x, y), rng = parameters(assignment, RNG(2)), mini_batches(assignment, RNG(3))[0], RNG(4)
    beside: dict[str, np.ndarray] = {}
    for l in range(3):
        beside |= {f"gamma{l}": rng.normal(1, 0.3, 3), f"beta{l}": rng.normal(0, 0.3, 3)}
    beside |= {name: np.ones(shape) for name, shape in assignment.running.items()}
    beside |= {name: rng.integers(2, size=(len(x), units)) * 1.0 for name, units in assignment.masks.items()}
    learner = Learner(assignment)
    found = learner.step(Given(W, b, x, y, beside=beside)).gradients
    assert {*found} == {*assignment.parameters}

    def normed(v, l):
        zhat = (v - v.mean(axis=0)) / np.sqrt(v.var(axis=0) + 1e-5)
        return beside[f"gamma{l}"] * zhat + beside[f"beta{l}"]

    def cost():
        n0 = normed(x, 0)
        z1 = (n0 * beside["mask0"] / 0.8) @ W[0].T + b[0]
        f1 = np.tanh(z1)
        n1 = normed(f1, 1)
        a1 = (n1 + z1) * beside["mask1"] / 0.5 + n0
        z2 = a1 @ W[1].T + b[1] + n1 + a1
        return np.sum((1 / (1 + np.exp(-normed(z2, 2))) - y) ** 2)

    arrays = {f"W{l}": W[l - 1] for l in (1, 2)} | {f"b{l}": b[l - 1] for l in (1, 2)} | beside
    for name, g in found.items():
        array = arrays[name]
        for place in np.ndindex(array.shape):
            kept = array[place]
            array[place] = kept + 1e-6
            up = cost()
            array[place] = kept - 1e-6
            down = cost()
            array[place] = kept
            np.testing.assert_allclose(g[place], (up - down) / 2e-6, rtol=1e-5, atol=1e-6, err_msg=name)


@pytest.mark.parametrize(
    ("operations", "says"),
    [
        ([["activation"], ["activation"]], r"OPERATIONS\[0\]"),
        ([[], ["activation", NORM]], r"OPERATIONS\[1\]"),
        ([[], [NORM, NORM, "activation"]], r"OPERATIONS\[1\]"),
        ([[], [{"residual": [1, 1]}, "activation"]], r"OPERATIONS\[1\]\[0\]"),
        ([[], [{"dropout": 2}, "activation"]], r"OPERATIONS\[1\]\[0\].dropout"),
        ([[], [{"pool": 2}, "activation"]], r"OPERATIONS\[1\]\[0\]"),
        ([[]], "OPERATIONS"),
    ],
)
def test_operations_that_cannot_be_are_refused_by_their_place(operations, says):
    constants = {"LAYERS": [3, 3], "ACTIVATIONS": ["tanh"], "LOSS": "squared_error", "LEARNING_RATE": 0.1}
    with pytest.raises(Refusal) as refused:
        Assignment.from_constants(constants | {"OPERATIONS": operations})
    assert re.fullmatch(says, refused.value.field)
