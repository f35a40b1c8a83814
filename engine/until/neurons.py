"""Conditions of neurons through which no error gets: dead and saturated ones."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from engine.experiment.experiment import Experiment
from engine.health.diagnosis import SATURATED
from engine.methods.activations import ACTIVATIONS
from engine.run.until import Kind, Measure, Place, Unfit
from engine.until.common import Arrays, in_a_row, of_copies, reads_layer
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


def _silent(experiment: Experiment, tensors: Arrays, layer: int, **settings: Any) -> Measure:
    """The neurons whose slope is 0 for all examples of the mini-batch, (training steps, units)."""
    return of_copies(lambda slope: ~np.logical_or.reduce(slope, axis=1), tensors[f"slope{layer}"])


def _saturated(experiment: Experiment, tensors: Arrays, layer: int, **settings: Any) -> Measure:
    """The neurons whose slope is small for all examples of the mini-batch, (training steps, units)."""
    most = SATURATED * ACTIVATIONS[experiment.layers[layer - 1].activation].largest_slope
    return of_copies(lambda slope: np.maximum.reduce(slope, axis=1) < most, tensors[f"slope{layer}"])


def _for_long(found: np.ndarray, times: int, **settings: Any) -> np.ndarray:
    """Whether there is a neuron of which it has been true in this and the mini-batches before."""
    return np.logical_or.reduce(in_a_row(found, times), axis=1)


def _neuron(
    experiment: Experiment, tensors: Arrays, measured: Sequence[np.ndarray], layer: int, **settings: Any
) -> Place | None:
    """The bias of the first neuron of which it is true."""
    return f"b{layer}", (int(np.logical_and.reduce(measured).argmax()),)


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
