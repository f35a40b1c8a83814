"""Conditions of the sizes of gradients, activations and updates."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from math import inf, isfinite, nan
from typing import Any

import numpy as np

from engine.experiment.experiment import Experiment
from engine.methods.equation import length
from engine.run.until import Kind, Measure, Unfit
from engine.run.workspace import families, one_view
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
SELDOM = 8  # training steps from one rough measurement of weights to the next
ROUNDING = 1e-3  # the share by which lengths in float32 may be off
RANGE = (Number("low", 0.0, suggested=0.001), Number("high", suggested=10.0, above="low"))


def _of_lengths(told: Callable[..., np.ndarray], tensors: Arrays, *groups: Sequence[str]) -> Measure:
    """A measure of the Euclidean lengths of groups of tensors, each (training steps,).

    Of small arrays copies are the quickest sample, of others the length.
    """
    flat = [[array for names in families(group) for array in _flat(tensors, names)] for group in groups]
    if sum(tensors[name].nbytes for group in groups for name in group) > SMALL:
        return _of_products(told, flat)
    ends = np.cumsum([len(each) for each in flat])

    def of_copied(*copies: np.ndarray) -> np.ndarray:
        parts = (copies[end - len(each) : end] for end, each in zip(ends, flat, strict=True))
        return told(*(_lengths(np.concatenate(part, axis=1).astype(float)) for part in parts))

    return of_copies(of_copied, *(array for each in flat for array in each))


def _flat(tensors: Arrays, names: Sequence[str]) -> list[np.ndarray]:
    """The tensors of a family with one axis: in one array where they are neighbours in memory, or cannot change."""
    arrays = [tensors[name].ravel("K") for name in names]
    together = one_view(arrays)
    if together is None and not any(array.flags.writeable for array in arrays):
        together = np.concatenate(arrays)
    return arrays if together is None else [together]


def _of_products(told: Callable[..., np.ndarray], flat: Sequence[Sequence[np.ndarray]]) -> Measure:
    """The same of large arrays: the dot product of each with itself is the quickest sample."""
    arrays = [array for each in flat for array in each]
    squares = np.empty(len(arrays), arrays[0].dtype)
    begins = np.cumsum([0, *(len(each) for each in flat[:-1])])

    def of_squares(found: np.ndarray) -> np.ndarray:
        return told(*np.sqrt(np.add.reduceat(found, begins, axis=1, dtype=float)).T)

    return of_copies(of_squares, squares)._replace(
        first=tuple(partial(array.dot, array, squares[k, ...]) for k, array in enumerate(arrays)),
        exact=lambda: told(*(np.array([length(each)], float) for each in flat))[0],
    )


def _lengths(rows: np.ndarray) -> np.ndarray:
    """The length of each row."""
    squares = np.einsum("ij,ij->i", rows, rows)
    if ((squares > 1e-280) & (squares < inf)).all():
        return np.sqrt(squares)
    largest = np.abs(rows).max(axis=1)
    scale = np.where((largest > 0) & np.isfinite(largest), largest, 1.0)
    return scale * np.sqrt(np.square(rows / scale[:, None]).sum(axis=1))


def _gradient_norm(experiment: Experiment, tensors: Arrays, **settings: Any) -> Measure:
    return _of_lengths(lambda norm: norm, tensors, reads_gradients(experiment))


def _rms(experiment: Experiment, tensors: Arrays, *, kind: str, layer: int, **settings: Any) -> Measure:
    name = f"{kind}{layer}"
    root = tensors[name].size ** 0.5
    return _of_lengths(lambda size: size / root, tensors, [name])


def _update_ratio(experiment: Experiment, tensors: Arrays, *, layer: int, **settings: Any) -> Measure:
    update, weights = tensors[f"uW{layer}"].ravel("K"), tensors[f"W{layer}"].ravel("K")
    measure = _of_lengths(_ratio, tensors, [f"uW{layer}"], [f"W{layer}"])
    return measure._replace(rough=_ratio_between(update, weights)) if measure.exact else measure


def _ratio_between(update: np.ndarray, weights: np.ndarray) -> Measure:
    """A rough measure of the ratio: the length of the weights is seldom measured.

    Until it is measured again it changes by no more than the lengths of the updates together.
    """
    squares = np.empty(2, update.dtype)

    def measure_weights() -> Iterator[None]:
        while True:
            weights.dot(weights, squares[1, ...])
            yield
            squares[1] = nan
            yield from [None] * (SELDOM - 1)

    def between(found: np.ndarray) -> np.ndarray:
        now = float(weights.dot(weights)) ** 0.5
        if not isfinite(now):  # nor is an update, then or before
            return np.array([nan, nan])
        updates, others = np.sqrt(found.T)
        shortest, longest = float(updates.min()), float(updates.max())
        low, high = np.fmin.reduce(others, initial=now), np.fmax.reduce(others, initial=now)
        room = SELDOM * longest + ROUNDING * float(high)
        return np.array([shortest / (high + room) if high else inf, longest / (low - room) if low > room else inf])

    return of_copies(between, squares)._replace(
        first=(partial(update.dot, update, squares[0, ...]), measure_weights().__next__)
    )


def _ratio(update: np.ndarray, weight: np.ndarray) -> np.ndarray:
    return np.where(weight == 0, inf, update / weight)


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
