"""Conditions of the sizes of gradients, activations and updates."""

from collections.abc import Sequence
from functools import partial
from math import inf
from typing import Any

import numpy as np

from engine.experiment.experiment import Experiment
from engine.methods.equation import length
from engine.run.until import Kind, Unfit
from engine.until.common import (
    Arrays,
    Measure,
    below,
    largest_gradient,
    largest_in_layer,
    largest_update,
    leaves_range,
    range_of,
    reads_gradients,
    reads_layer,
    value_of,
)
from engine.until.fields import LayerField, Number

RANGE = (Number("low", 0.0, suggested=0.001), Number("high", suggested=10.0, above="low"))


def _size(arrays: list[np.ndarray]) -> float:
    """The Euclidean length of flat arrays; the quick sum of squares serves where it is in its dtype's range."""
    squares = 0.0
    for each in arrays:
        squares += float(each.dot(each))
    return squares**0.5 if 1e-25 < squares < 1e30 else float(length(arrays))


def _flat(tensors: Arrays, names: Sequence[str]) -> list[np.ndarray]:
    return [tensors[name].ravel("K") for name in names]


def _gradient_norm(experiment: Experiment, tensors: Arrays, **settings: Any) -> Measure:
    arrays = _flat(tensors, reads_gradients(experiment))
    return lambda: _size(arrays)


def _rms(experiment: Experiment, tensors: Arrays, *, kind: str, layer: int, **settings: Any) -> Measure:
    arrays = _flat(tensors, [f"{kind}{layer}"])
    root = arrays[0].size ** 0.5
    return lambda: _size(arrays) / root


def _update_ratio(experiment: Experiment, tensors: Arrays, *, layer: int, **settings: Any) -> Measure:
    updates, weights = _flat(tensors, [f"uW{layer}"]), _flat(tensors, [f"W{layer}"])

    def ratio() -> float:
        size = _size(weights)
        return _size(updates) / size if size else inf

    return ratio


def has_layer(experiment: Experiment, layer: int = 1, **settings: Any) -> Unfit | None:
    return None if layer <= len(experiment.layers) else Unfit("it has not so many layers", "no_layer")


KINDS = (
    Kind(
        "gradient_norm", RANGE, _gradient_norm, leaves_range, reads_gradients, largest_gradient, bounds=range_of,
        troubles=("exploding", "vanishing"),
    ),
    Kind(
        "activation_rms", (LayerField(), Number("value", suggested=0.01)), partial(_rms, kind="a"), below,
        reads_layer("a"), largest_in_layer, suits=has_layer, bounds=value_of, troubles=("stuck",),
    ),
    Kind(
        "gradient_rms", (LayerField(), Number("value", suggested=1e-5)), partial(_rms, kind="dW"), below,
        reads_layer("dW"), largest_in_layer, suits=has_layer, bounds=value_of,
        troubles=("vanishing",),
    ),
    Kind(
        "update_ratio",
        (LayerField(), Number("low", 0.0, suggested=1e-5), Number("high", suggested=0.1, above="low")),
        _update_ratio, leaves_range, reads_layer("uW", "W"), largest_update, suits=has_layer, bounds=range_of,
        troubles=("exploding", "plateau"),
    ),
)  # fmt: skip
