"""Agreement: whether two results are the same but for the rounding of another order of summation."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from engine.marking.given import Given
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
    return {f"{kind}{l}": each for l, both in pairs for kind, each in zip("Wb", both, strict=True)}


def backward(names: Iterable[str]) -> list[str]:
    """Names of parameters in the order in which the backward pass reaches them: W2, b2, W1, b1."""
    return sorted(names, key=lambda name: (-int(name[1:]), name[0]))


def differing(found: Result, expected: Result, given: Given, precision: Precision) -> Iterator[str]:
    """The names of the tensors that differ, gradients first, each from the output layer to the inputs."""
    yield from (f"d{name}" for name in differing_gradients(found, expected, precision))
    yield from differing_parameters(found, expected, given, precision)


def differing_gradients(found: Result, expected: Result, precision: Precision) -> Iterator[str]:
    """The names of the parameters whose returned gradients differ.

    A gradient may be that of the loss alone, or that of loss and penalty, clipped, as the optimizer is given it; those
    of all parameters are of the same kind.
    """
    choices = [expected.gradients, *([expected.clipped] if expected.clipped else [])]
    if not any(next(_wrong(found.gradients, each, precision), None) is None for each in choices):
        yield from _wrong(found.gradients, expected.gradients, precision)


def _wrong(found: Named, expected: Named, precision: Precision) -> Iterator[str]:
    for name in backward(found):
        if not close(found[name], expected[name], _of_layer(expected, name), precision.tolerance):
            yield name


def differing_parameters(found: Result, expected: Result, given: Given, precision: Precision) -> Iterator[str]:
    """The names of the parameters that differ by more than they may, measured by the largest update of a layer."""
    start = before(given)
    updates = {name: w - start[name] if w.shape == start[name].shape else w for name, w in expected.parameters.items()}
    for name in backward(updates):
        rounding = precision.rounding * largest(start[name])
        scale = _of_layer(updates, name)
        if not close(found.parameters[name], expected.parameters[name], scale, precision.tolerance, rounding):
            yield name


def _of_layer(arrays: Named, name: str) -> float:
    """The largest number of a layer's weights and biases: a sum that nearly cancels is rounded as its terms are."""
    return max(largest(arrays[each]) for each in (f"W{name[1:]}", f"b{name[1:]}") if each in arrays)


def close(found: np.ndarray, expected: np.ndarray, scale: float, tolerance: float, rounding: float = FLOOR) -> bool:
    """Whether two arrays have one shape, agree where they are finite, and are finite in the same places."""
    if np.shape(found) != np.shape(expected):
        return False
    finite = np.isfinite(expected)
    if not np.array_equal(np.isfinite(found), finite):
        return False
    return bool(np.all(np.abs(found[finite] - expected[finite]) <= tolerance * scale + rounding))


def largest(a: np.ndarray) -> float:
    """The largest distance from 0 of a finite element; 0 where there is none."""
    finite = np.abs(a[np.isfinite(a)])
    return float(finite.max()) if finite.size else 0.0
