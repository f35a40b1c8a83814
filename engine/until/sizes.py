"""Conditions of the sizes of gradients, activations and updates."""

from collections.abc import Callable, Sequence
from functools import partial
from math import inf
from typing import Any

import numpy as np

from engine.experiment.experiment import Experiment
from engine.methods.equation import length
from engine.run.until import Kind, Measure, Unfit
from engine.run.workspace import blocks
from engine.until.common import (
    Arrays,
    below,
    largest_gradient,
    largest_in_layer,
    largest_update,
    leaves_range,
    of_copies,
    range_of,
    reads_gradients,
    reads_layer,
    value_of,
)
from engine.until.fields import LayerField, Number

SMALL = 4096  # bytes of arrays that are copied
RANGE = (Number("low", 0.0, suggested=0.001), Number("high", suggested=10.0, above="low"))


def _of_lengths(told: Callable[..., np.ndarray], *groups: Sequence[np.ndarray]) -> Measure:
    """A measure of the Euclidean lengths of groups of arrays, each (training steps,).

    Of small arrays copies are the quickest sample, of others the length.
    """
    if sum(array.nbytes for group in groups for array in group) > SMALL:
        flat = [[array.ravel("K") for array in group] for group in groups]
        return Measure(
            lambda: [_length(arrays) for arrays in flat],
            lambda samples: told(*np.array(samples, float).T),
            8 * len(groups),
        )
    members = [blocks(group) for group in groups]
    ends = np.cumsum([len(group) for group in members])

    def of_copied(*copies: np.ndarray) -> np.ndarray:
        parts = (copies[end - len(group) : end] for end, group in zip(ends, members, strict=True))
        return told(*(_lengths(np.concatenate(part, axis=1).astype(float)) for part in parts))

    return of_copies(of_copied, *(array for group in members for array in group))


def _length(arrays: Sequence[np.ndarray]) -> float:
    """The length of flat arrays; the quick sum of squares serves where it is in its dtype's range."""
    squares = 0.0
    for each in arrays:
        squares += float(each.dot(each))
    return squares**0.5 if 1e-25 < squares < 1e30 else float(length(arrays))


def _lengths(rows: np.ndarray) -> np.ndarray:
    """The length of each row."""
    largest = np.abs(rows).max(axis=1)
    scale = np.where((largest > 0) & np.isfinite(largest), largest, 1.0)
    return scale * np.sqrt(np.square(rows / scale[:, None]).sum(axis=1))


def _gradient_norm(experiment: Experiment, tensors: Arrays, **settings: Any) -> Measure:
    return _of_lengths(lambda norm: norm, [tensors[name] for name in reads_gradients(experiment)])


def _rms(experiment: Experiment, tensors: Arrays, *, kind: str, layer: int, **settings: Any) -> Measure:
    array = tensors[f"{kind}{layer}"]
    return _of_lengths(lambda size: size / array.size**0.5, [array])


def _update_ratio(experiment: Experiment, tensors: Arrays, *, layer: int, **settings: Any) -> Measure:
    def ratio(update: np.ndarray, weight: np.ndarray) -> np.ndarray:
        return np.where(weight == 0, inf, update / weight)

    return _of_lengths(ratio, [tensors[f"uW{layer}"]], [tensors[f"W{layer}"]])


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
