"""The condition of how steep the valley is: the learning rate times the sharpness."""

from math import prod
from typing import Any

import numpy as np

from engine.base.tensors import shape_of
from engine.experiment.experiment import Experiment
from engine.run.until import Kind, Measure, Place, Unfit
from engine.until.common import Arrays, above, reads_parameters, value_of
from engine.until.fields import EVERY, Number
from engine.until.sharpness import sharpness

LARGEST = 20_000  # the most parameters of a network whose sharpness is measured


def _rate_times_sharpness(experiment: Experiment, tensors: Arrays, **settings: Any) -> Measure:
    return Measure(lambda: float(tensors["learning_rate"]) * sharpness(experiment, tensors)[0])


def _needs_a_hessian(experiment: Experiment, **settings: Any) -> Unfit | None:
    count = sum(prod(shape_of(name, experiment.sizes, 0)) for name in experiment.parameters)
    if count > LARGEST:
        why = f"networks of at most {LARGEST:,} parameters; this one has {count:,}"
        return Unfit(why, "too_many_parameters", {"most": LARGEST, "count": count})
    if any(layer.dropout for layer in experiment.layers):
        return Unfit("dropout draws another network for each training step", "dropout_draws")
    return None


def _sharpest(experiment: Experiment, tensors: Arrays, measured: Any, **settings: Any) -> Place | None:
    """The element along which the steepest direction goes most."""
    vector, start = np.abs(sharpness(experiment, tensors)[1]), 0
    best = int(vector.argmax())
    for name in experiment.parameters:
        size = tensors[name].size
        if best < start + size:
            return name, tuple(int(i) for i in np.unravel_index(best - start, tensors[name].shape))
        start += size
    return None


KINDS = (
    Kind(
        "sharpness", (Number("value", 2.0, low=0.0, suggested=2.0), EVERY(10_000)), _rate_times_sharpness, above,
        reads_parameters, _sharpest, suits=_needs_a_hessian, bounds=value_of, troubles=("exploding",),
    ),
)  # fmt: skip
