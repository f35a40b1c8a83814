"""Losses, penalties and norms are right over the whole range of their inputs, also in float32."""

from math import exp, fsum, inf, log1p, sqrt
from typing import Any

import numpy as np
import pytest

from engine import Timeline
from engine.evaluate.evaluation import evaluate
from engine.evaluate.predictions import predictions
from engine.health.diagnosis import rms
from engine.methods.activations import ACTIVATIONS
from engine.methods.losses import LOSSES
from engine.methods.regularization import clip, gradient_norm, weight_penalty
from tests.helpers.networks import experiment, plain, table, targets

TYPES = pytest.mark.parametrize("dtype", [np.float32, np.float64])
SIZES = [0, 1e-38, 1e-7, 1e-3, 0.5, 1, 3, 8, 13, 17, 25, 38, 60, 88, 95, 104, 150, 600, 1e4, 1e10, 1e19, 3e38]
RANGE = [sign * size for size in SIZES for sign in (1, -1)]


def softplus(z: float) -> float:
    return max(z, 0) + log1p(exp(-abs(z)))


def binary_cross_entropy(z: list[float], y: list[float]) -> float:
    return fsum(t * softplus(-x) + (1 - t) * softplus(x) for x, t in zip(z, y, strict=True))


def cross_entropy(z: list[float], y: list[float]) -> float:
    """A target of 0 adds exactly 0, whatever its z."""
    top = z.index(max(z))
    rest = log1p(fsum(exp(each - z[top]) for k, each in enumerate(z) if k != top))
    return fsum(t * (rest + (z[top] - x)) for x, t in zip(z, y, strict=True) if t)


def squared_error(a: list[float], y: list[float]) -> float:
    return fsum((x - t) ** 2 for x, t in zip(a, y, strict=True))


def absolute_error(a: list[float], y: list[float]) -> float:
    return fsum(abs(x - t) for x, t in zip(a, y, strict=True))


def huber(a: list[float], y: list[float]) -> float:
    off = [abs(x - t) for x, t in zip(a, y, strict=True)]
    return fsum(each**2 / 2 if each <= 1 else each - 0.5 for each in off)


def hinge(a: list[float], y: list[float]) -> float:
    return fsum(max(0.0, 1 - x if t == 1 else 1 + x) for x, t in zip(a, y, strict=True))


TRUE = {each.__name__: each for each in (
    absolute_error, binary_cross_entropy, cross_entropy, hinge, huber, squared_error,
)}  # fmt: skip
MEAN = {loss.averaged: TRUE[name] for name, loss in LOSSES.items() if loss.averaged}
TRUE |= {name: lambda a, y, of=of: of(a, y) / len(y) for name, of in MEAN.items()}


def right(loss: str, z: np.ndarray, y: np.ndarray) -> bool:
    """Whether the losses of the mini-batch and of each example agree with a careful sum in double precision."""
    true = [TRUE[loss](x, t) for x, t in zip(z.tolist(), y.tolist(), strict=True)]
    with np.errstate(all="ignore"):
        found = LOSSES[loss].value(z, y)
        each = LOSSES[loss].value(z, y, out=np.empty(len(z)))
    assert found == pytest.approx(fsum(true) / len(true), rel=1e-9, abs=0)
    assert each.tolist() == pytest.approx(true, rel=1e-9, abs=0)
    return not np.signbit(each).any()


@TYPES
@pytest.mark.parametrize("target", [0, 1])
@pytest.mark.parametrize("loss", ["absolute_error", "hinge", "huber"])
def test_losses_that_are_straight_far_out_are_right_however_far_the_output_is(loss, target, dtype):
    for z in RANGE:
        assert right(loss, np.full((1, 1), z, dtype), np.full((1, 1), target, dtype))


@TYPES
@pytest.mark.parametrize("target", [0, 1, 0.25, 0.999])
def test_a_binary_cross_entropy_is_right_however_sure_the_output_is(target, dtype):
    for z in RANGE:
        assert right("binary_cross_entropy", np.full((1, 1), z, dtype), np.full((1, 1), target, dtype))


@TYPES
def test_a_cross_entropy_is_right_however_sure_the_output_is(dtype):
    shares = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0.5, 0.25, 0.25]]
    for z in RANGE:
        for y in shares:
            for row in ([z, 0, 0], [z, -z, 0], [z, z, -1.5]):
                assert right("cross_entropy", np.array([row], dtype), np.array([y], dtype))


@TYPES
def test_a_squared_error_is_right_however_far_or_near_the_output_is(dtype):
    for a in RANGE:
        for y in (0, 1, -a / 3):
            assert right("squared_error", np.array([[a, 0.5]], dtype), np.array([[y, 0.5]], dtype))


@TYPES
@pytest.mark.parametrize("loss", LOSSES)
def test_a_mean_over_very_many_examples_is_right(loss, dtype):
    rng = np.random.default_rng(0)
    z = rng.normal(0, 30, (7, 10)).astype(dtype)
    y = targets(loss, z.shape, rng).astype(dtype)
    assert right(loss, z, y)
    many = LOSSES[loss].value(*(np.repeat(each, 8000, axis=0) for each in (z, y)))
    assert many == pytest.approx(LOSSES[loss].value(z, y), rel=1e-9)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_an_activation_and_its_slope_are_numbers_up_to_the_end_of_float32(activation):
    z = np.array([[3e38, -3e38, 1e25, -1e25, 1e14, -1e14, 100, -100]], np.float32)
    with np.errstate(all="ignore"):
        a = ACTIVATIONS[activation].value(z)
        slope = ACTIVATIONS[activation].slope
        slopes = slope({"a": a, "z": z}[slope.reads[0][0]]) if slope else a
    for found in (a, slopes):
        assert found.dtype == np.float32
        assert np.isfinite(found).all()
    if activation == "gelu":
        assert slopes.tolist() == [[1, 0] * 4]


def sure(loss: str, activation: str, z: float, **fields: Any) -> Timeline:
    """A run on four examples with confident outputs, of which three are right, or all four for a positive z."""
    signs = [1, 1, -1, -1]
    y = [[1.0], [1.0], [0.0], [0.0]] if activation == "sigmoid" else [[1, 0], [1, 0], [0, 1], [0, 1]]
    w = [[z]] if activation == "sigmoid" else [[z / 2], [-z / 2]]
    chosen = experiment((len(w), activation), dataset=table([[s] for s in signs], y), loss=loss, mini_batch_size=4,
                        rate=0, changes=[{"t": 0, "tensor": "W1", "value": w}], **fields)  # fmt: skip
    return Timeline(chosen)


@pytest.mark.parametrize("z", [-1e5, -60.0, -20.0, 5.0, 18.0, 40.0, 95.0, 300.0])
@pytest.mark.parametrize(("loss", "activation"), [("binary_cross_entropy", "sigmoid"), ("cross_entropy", "softmax")])
def test_mini_batch_evaluation_and_examples_give_the_same_true_loss(loss, activation, z):
    timeline = sure(loss, activation, z)
    state, true = timeline.seek(len(timeline.program)), softplus(-z)
    assert float(state["loss"]) == pytest.approx(true, rel=1e-9, abs=0)
    assert evaluate(timeline.experiment, state, "training")["loss"] == pytest.approx(true, rel=1e-9, abs=0)
    assert predictions(timeline.experiment, state, "training")["loss"] == pytest.approx([true] * 4, rel=1e-9, abs=0)


@TYPES
@pytest.mark.parametrize(("l1", "l2"), [(0.5, 0), (0, 0.25), (1e-3, 1e3), (1e-6, 1e-6)])
@pytest.mark.parametrize("size", [1e-38, 1e-30, 1e-21, 1e-12, 1e-3, 1, 1e6, 1e19, 1e30, 3e38])
def test_a_penalty_is_right_for_weights_of_any_size(size, l1, l2, dtype):
    W = (size * np.random.default_rng(1).uniform(-1, 1, (30, 20))).astype(dtype, order="F")
    w = W.ravel().tolist()
    true = l1 * fsum(map(abs, w)) + l2 / 2 * fsum(x * x for x in w)
    with np.errstate(all="ignore"):
        assert weight_penalty(W, l1=l1, l2=l2) == pytest.approx(true, rel=1e-9, abs=0)


def test_the_penalty_of_many_equal_weights_is_right():
    W = np.full((784, 1000), 0.1, np.float32)
    true = 784000 * (0.01 * float(W[0, 0]) + 0.5 * float(W[0, 0]) ** 2)
    assert weight_penalty(W, l1=0.01, l2=1.0) == pytest.approx(true, rel=1e-9)


def length(arrays: list[np.ndarray]) -> float:
    """The length of all numbers, each divided by the largest."""
    numbers = [abs(x) for array in arrays for x in array.ravel().tolist()]
    largest = max(numbers)
    return largest * sqrt(fsum((x / largest) ** 2 for x in numbers))


SCALES = [1e-44, 1e-38, 1e-25, 1e-19, 1e-10, 1, 1e15, 2e20, 1e30, 1e38]


@TYPES
@pytest.mark.parametrize("size", SCALES)
def test_a_norm_is_right_for_gradients_of_any_size_and_clipping_to_1_gives_length_1(size, dtype):
    rng = np.random.default_rng(2)
    gradients = [(size * rng.uniform(-1, 1, shape)).astype(dtype) for shape in ((3, 4), (3,), (1, 3), (1,))]
    with np.errstate(all="ignore"):
        norm = gradient_norm(*gradients)
        assert norm == pytest.approx(length(gradients), rel=1e-6, abs=0)
        clipped = [clip(each, norm, limit=1.0) for each in gradients]
    assert all(each.dtype == dtype for each in clipped)
    assert length(clipped) == pytest.approx(min(1.0, norm), rel=1e-5)


def test_norms_of_zeros_and_of_infinite_gradients_are_returned_as_they_are():
    with np.errstate(all="ignore"):
        assert gradient_norm(np.zeros((2, 3), np.float32), np.zeros(2, np.float32)) == 0
        assert gradient_norm(np.array([1, inf], np.float32), np.zeros(2, np.float32)) == inf
        assert np.isnan(gradient_norm(np.array([1, np.nan], np.float32), np.array([inf, 3e38], np.float32)))


def test_a_norm_in_float64_does_not_overflow_or_vanish():
    for size in (1e-300, 1e-200, 1e160, 1e300):
        with np.errstate(over="ignore"):
            assert gradient_norm(np.full(4, size)) == pytest.approx(2 * size, rel=1e-9, abs=0)
            assert rms(np.full((2, 2), size)) == pytest.approx(size, rel=1e-9, abs=0)


@TYPES
@pytest.mark.parametrize("size", SCALES)
def test_a_root_mean_square_is_right_for_numbers_of_any_size(size, dtype):
    array = (size * np.random.default_rng(3).uniform(-1, 1, (7, 9))).astype(dtype)
    assert rms(array) == pytest.approx(length([array]) / sqrt(63), rel=1e-9)


def test_three_identity_units_with_huge_weights_are_clipped_to_the_limit():
    layers = [(1, "identity")] * 3
    changes = [{"t": 0, "tensor": f"W{l}", "value": [[1e4]]} for l in (1, 2, 3)]
    form = plain(*layers, dataset=table([[1e4]], [[0.0]]), mini_batch_size=1, clip_norm=1.0, changes=changes)
    timeline = Timeline(experiment(*layers, **{name: form[name] for name in form if name != "layers"}))
    state = timeline.seek(len(timeline.program))
    names = [f"{kind}{l}" for l in (1, 2, 3) for kind in "Wb"]
    assert float(state["dW1"][0, 0]) > 1e27
    assert float(state["norm"]) == pytest.approx(length([state[f"d{name}"] for name in names]), rel=1e-6)
    assert length([state[f"c{name}"] for name in names]) == pytest.approx(1, rel=1e-6)
