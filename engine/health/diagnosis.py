"""Diagnosis, layer by layer: the sizes of gradients, updates and activations, the shares of dead and saturated units.

Gradients and updates are those of the current training step, or of the one that has just ended. Activations are those
of predictions for a fixed sample of training examples. A number is None where it has not been computed yet (gradients
and updates) or does not apply (dead and saturated units).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from engine.evaluate.evaluation import predict
from engine.experiment.experiment import Experiment
from engine.methods.activations import ACTIVATIONS, Activation
from engine.methods.equation import length
from engine.run.source import Source

Arrays = Mapping[str, np.ndarray]

SAMPLE = 256  # examples, enough for shares with an error of a few hundredths
BINS = 32
HUGE = 1e300  # larger values count as not finite, since bins between them cannot be computed
SATURATED = 1 / 20  # the share of the largest slope below which hardly any error gets through


@dataclass(frozen=True, eq=False)
class Histogram:
    """The number of values in each of ``BINS`` bins of equal width: ``counts`` (BINS,) and ``edges`` (BINS + 1,)."""

    counts: np.ndarray
    edges: np.ndarray

    def to_dict(self) -> dict[str, Any]:
        """The plain form: both as lists."""
        return {"counts": self.counts.tolist(), "edges": self.edges.tolist()}


@dataclass(frozen=True, eq=False)
class LayerDiagnosis:
    """The diagnosis of one layer.

    Attributes:
        layer: the number of the layer.
        gradient_rms: the root mean square of the elements of dW, which is comparable between layers of any size.
        update_ratio: the root mean square of the update of W, divided by that of W.
        dead: the share of units whose slope is 0 for every example of the sample.
        saturated: the share of (example, unit) pairs whose slope is below ``SATURATED`` of the largest slope.
        activation_rms: the root mean square of the activations.
        activation_histogram: the histogram of the activations.
        gradient_histogram: the histogram of the elements of dW.
    """

    layer: int
    gradient_rms: float | None
    update_ratio: float | None
    dead: float | None
    saturated: float | None
    activation_rms: float
    activation_histogram: Histogram | None
    gradient_histogram: Histogram | None

    def to_dict(self) -> dict[str, Any]:
        """The plain form: every field by its name."""
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value.to_dict() if isinstance(value, Histogram) else value for name, value in plain.items()}


def at(timeline: Source, t: int) -> tuple[Experiment, Arrays]:
    """The experiment in force at t, and the tensors of the state at t that belong to it.

    Where a change of structure has just taken effect, only the carried tensors belong to the new structure.
    """
    state, segment = timeline.seek(t), timeline.segment_at(t)
    if t and t == segment.t:
        return segment.experiment, {name: state[name] for name in segment.carried}
    return segment.experiment, state


def diagnose(experiment: Experiment, state: Arrays) -> list[LayerDiagnosis]:
    """The diagnosis of every layer, the first hidden one first.

    Args:
        experiment: the structure in force.
        state: the tensors of a moment, as ``at`` returns both.
    """
    answer = predict(experiment, state, sample(experiment))
    with np.errstate(all="ignore"):
        return [_layer(experiment, state, answer, l) for l in range(1, len(experiment.layers) + 1)]


def sample(experiment: Experiment) -> np.ndarray:
    """The inputs of at most ``SAMPLE`` training examples, always the same ones, evenly spread."""
    x = experiment.data.x_train
    chosen = np.arange(min(SAMPLE, len(x))) * len(x) // min(SAMPLE, len(x))
    return experiment.data.seen(x[chosen], experiment.numpy_dtype)


def _layer(experiment: Experiment, state: Arrays, answer: Arrays, l: int) -> LayerDiagnosis:
    activation, gradient = ACTIVATIONS[experiment.layers[l - 1].activation], state.get(f"dW{l}")
    slope = _slope(activation, answer, l)
    return LayerDiagnosis(
        layer=l,
        gradient_rms=None if gradient is None else rms(gradient),
        update_ratio=_update_ratio(state, l),
        dead=_dead(slope) if activation.can_die and slope is not None else None,
        saturated=_saturated(slope, activation.largest_slope) if activation.saturates and slope is not None else None,
        activation_rms=rms(answer[f"a{l}"]),
        activation_histogram=_histogram(answer[f"a{l}"]),
        gradient_histogram=None if gradient is None else _histogram(gradient, symmetric=True),
    )


def rms(array: np.ndarray) -> float:
    r"""The root mean square :math:`\sqrt{\frac{1}{n} \sum x^2}` of an array's elements, in double precision."""
    return float(length([array.astype(float)]) / np.sqrt(array.size))


def _update_ratio(state: Arrays, l: int) -> float | None:
    update = state.get(f"uW{l}")
    return None if update is None else float(np.divide(rms(update), rms(state[f"W{l}"])))


def _slope(activation: Activation, answer: Arrays, l: int) -> np.ndarray | None:
    """The slopes of a layer's activation over the sample, (examples, units); None where it has no slope."""
    if activation.slope is None:
        return None
    given, gave = answer.get(f"ztilde{l}", answer[f"z{l}"]), answer.get(f"f{l}", answer[f"a{l}"])
    return np.asarray(activation.slope.function(activation.slope_source(given, gave)))


def _dead(slope: np.ndarray) -> float:
    return float(np.mean((slope == 0).all(axis=0))) if np.isfinite(slope).all() else float("nan")


def _saturated(slope: np.ndarray, largest: float) -> float:
    return float(np.mean(slope < SATURATED * largest)) if np.isfinite(slope).all() else float("nan")


def _histogram(array: np.ndarray, symmetric: bool = False) -> Histogram | None:
    """The histogram of the finite values, from the least to the largest; None where no value is finite.

    A symmetric histogram ranges from minus the largest absolute value to plus that value. Values that are all the same
    lie in the middle of the range.
    """
    flat = array.ravel(order="K").astype(float)
    low, high = flat.min(), flat.max()
    if not (low > -HUGE and high < HUGE):
        flat = flat[np.abs(flat) < HUGE]
        if not flat.size:
            return None
        low, high = flat.min(), flat.max()
    if symmetric:
        low, high = -max(-low, high), max(-low, high)
    if low == high:
        low, high = low - max(0.5, abs(low) / 2), high + max(0.5, abs(high) / 2)
    bins = np.minimum((flat - low) / (high - low) * BINS, BINS - 1).astype(np.intp)
    return Histogram(np.bincount(bins, minlength=BINS), np.linspace(low, high, BINS + 1))
