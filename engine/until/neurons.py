"""Conditions of neurons through which no error gets: dead and saturated ones."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from engine.experiment.experiment import Experiment
from engine.health.diagnosis import SATURATED
from engine.methods.activations import ACTIVATIONS
from engine.run.until import Kind, Place, Unfit
from engine.until.common import Arrays, Measure, reads_layer
from engine.until.fields import Count, LayerField


def _layers_that(fits: Callable[[Any], bool]) -> Callable[[Experiment], list[int]]:
    """The hidden layers whose activation fits."""
    return lambda experiment: [
        l for l, layer in enumerate(experiment.layers[:-1], 1) if fits(ACTIVATIONS[layer.activation])
    ]


CAN_DIE = _layers_that(lambda activation: activation.can_die)
SATURATES = _layers_that(lambda activation: activation.saturates)


def _needs_layer(suited: Callable[[Experiment], list[int]]) -> Callable[..., Unfit | None]:
    def suits(experiment: Experiment, layer: int | None = None, **settings: Any) -> Unfit | None:
        found = suited(experiment)
        return None if (found if layer is None else layer in found) else Unfit("no layer has such a slope", "no_slope")

    return suits


def _set(neurons: np.ndarray) -> int:
    """A set of neurons as one number, of which each has a byte: such sets are compared in no time."""
    return int.from_bytes(neurons.tobytes(), "little")


def _silent(experiment: Experiment, tensors: Arrays, layer: int, **settings: Any) -> Measure:
    slope = tensors[f"slope{layer}"]
    return lambda: _set(~np.logical_or.reduce(slope, axis=0))


def _saturated(experiment: Experiment, tensors: Arrays, layer: int, **settings: Any) -> Measure:
    slope = tensors[f"slope{layer}"]
    most = SATURATED * ACTIVATIONS[experiment.layers[layer - 1].activation].largest_slope
    return lambda: _set(np.maximum.reduce(slope, axis=0) < most)


def _common(found: Iterable[int]) -> int:
    """The neurons that are in all of these sets."""
    common = -1
    for each in found:
        common &= each
        if not common:
            break
    return common


def _for_long(found: Sequence[int], times: int, **settings: Any) -> bool:
    """Whether there is a neuron of which it has been true in this and the mini-batches before."""
    return len(found) >= times and _common(reversed(found)) != 0


def _neuron(
    experiment: Experiment, tensors: Arrays, measured: Sequence[int], layer: int, **settings: Any
) -> Place | None:
    """The bias of the first neuron of which it is true."""
    common = _common(measured)
    return f"b{layer}", (((common & -common).bit_length() - 1) // 8,)


KINDS = (
    Kind(
        "dead", (LayerField(suited=CAN_DIE), Count("times", 20, "number of mini-batches", 1, 1000)), _silent,
        _for_long, reads_layer("slope"), _neuron, memory=lambda times, **settings: times - 1,
        tells=lambda measured: [], suits=_needs_layer(CAN_DIE), troubles=("dying",),
    ),
    Kind(
        "saturated", (LayerField(suited=SATURATES), Count("times", 20, "number of mini-batches", 1, 1000)),
        _saturated, _for_long, reads_layer("slope"), _neuron, memory=lambda times, **settings: times - 1,
        tells=lambda measured: [], suits=_needs_layer(SATURATES), troubles=("vanishing",),
    ),
)  # fmt: skip
