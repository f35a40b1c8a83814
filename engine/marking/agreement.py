"""Agreement: whether two results are the same but for the rounding of another order of summation."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.base.tensors import PARAMETERS, split
from engine.marking.given import Given
from engine.marking.names import backward, layer_of
from engine.marking.textbook import Result

Named = dict[str, np.ndarray]
FLOOR = 1e-15  # below it a gradient is what rounding leaves of 0


@dataclass(frozen=True)
class Precision:
    """How closely numbers have to agree.

    Attributes:
        tolerance: the largest difference, as a share of the largest update or gradient of a layer.
        rounding: what the sum of parameter and update may be off besides, as a share of the largest parameter.
    """

    tolerance: float
    rounding: float = 1e-14

    def __str__(self) -> str:
        return f"{self.tolerance:g}"


STRICT = Precision(1e-9)
LOOSE = Precision(1e-6)  # what a small number added against a division by 0, or a gradient by differences, may come to
SINGLE = Precision(1e-5, 2.5e-7)  # of numbers in float32


def before(given: Given) -> dict[str, np.ndarray]:
    """The parameters that a step starts from, by name."""
    pairs = enumerate(zip(given.W, given.b, strict=True), 1)
    found = {f"{kind}{l}": each for l, both in pairs for kind, each in zip("Wb", both, strict=True)}
    return found | {name: each for name, each in given.beside.items() if split(name)[0] in PARAMETERS}


def differing(found: Result, expected: Result, given: Given, precision: Precision) -> Iterator[str]:
    """The names of the tensors that differ, gradients first, each from the output layer to the inputs."""
    yield from (f"d{name}" for name in differing_gradients(found, expected, given, precision))
    yield from differing_parameters(found, expected, given, precision)


def differing_gradients(found: Result, expected: Result, given: Given, precision: Precision) -> Iterator[str]:
    """The names of the parameters whose returned gradients differ.

    A gradient may be that of the loss alone, or that of loss and penalty, clipped, as the optimizer is given it; those
    of all parameters are of the same kind.
    """
    choices = [expected.gradients, *([expected.clipped] if expected.clipped else [])]
    if not any(next(_wrong(found.gradients, each, given, precision), None) is None for each in choices):
        yield from _wrong(found.gradients, expected.gradients, given, precision)


def _wrong(found: Named, expected: Named, given: Given, precision: Precision) -> Iterator[str]:
    for name in sorted(found, key=backward):
        rounding = FLOOR + given.rounding.get(f"d{name}", 0)
        if not close(found[name], expected[name], _of_layer(expected, name), precision.tolerance, rounding):
            yield name


def differing_parameters(found: Result, expected: Result, given: Given, precision: Precision) -> Iterator[str]:
    """The names of the parameters that differ by more than they may, measured by the largest update of a layer."""
    start = before(given)
    updates = {name: w - start[name] if w.shape == start[name].shape else w for name, w in expected.parameters.items()}
    for name in sorted(updates, key=backward):
        rounding = precision.rounding * largest(start[name]) + given.rounding.get(name, 0)
        scale = _of_layer(updates, name)
        if not close(found.parameters[name], expected.parameters[name], scale, precision.tolerance, rounding):
            yield name
    for name, right in expected.running.items():
        rounding = precision.rounding + given.rounding.get(name, 0)
        if not close(found.running[name], right, largest(right), precision.tolerance, rounding):
            yield name


def _of_layer(arrays: Named, name: str) -> float:
    """The largest number of a layer's weights and biases: a sum that nearly cancels is rounded as its terms are."""
    l = layer_of(name)
    return max(largest(each) for other, each in arrays.items() if layer_of(other) == l)


def close(found: np.ndarray, expected: np.ndarray, scale: float, tolerance: float, rounding: Any = FLOOR) -> bool:
    """Whether two arrays have one shape, agree where they are finite, and are finite in the same places.

    Where the rounding has no limit, they agree.
    """
    if np.shape(found) != np.shape(expected):
        return False
    allowed = np.broadcast_to(tolerance * scale + rounding, expected.shape)
    finite, said = np.isfinite(expected), np.isfinite(allowed)
    if not np.array_equal(np.isfinite(found)[said], finite[said]):
        return False
    finite &= said
    return bool(np.all(np.abs(found[finite] - expected[finite]) <= allowed[finite]))


def largest(a: np.ndarray) -> float:
    """The largest distance from 0 of a finite element; 0 where there is none."""
    finite = np.abs(a[np.isfinite(a)])
    return float(finite.max()) if finite.size else 0.0
