"""A neuron: its weighted sum term by term, and the place of this sum on the curve of its activation; and activations
and their derivatives over any z.
"""

from dataclasses import dataclass

import numpy as np

from engine.explain.passes import Passes
from engine.methods.activations import ACTIVATIONS, Activation

REACH = 4.0  # the curve covers at least -REACH to REACH
POINTS = 81


@dataclass(frozen=True)
class Inputs:
    """The terms of a weighted sum z = sum_k a_k w_k + b: ``a`` and ``w``, (inputs,) each, and the bias ``b``."""

    a: np.ndarray
    w: np.ndarray
    b: float


@dataclass(frozen=True)
class Curve:
    """An activation as a curve over z, and the place of a neuron on it.

    For softmax, whose outputs depend on each other, only the neuron's own z varies along the curve.

    Attributes:
        z: the pre-activations of the curve, (points,).
        a: its activations, (points,).
        at: the neuron's pre-activation.
        value: the neuron's activation.
        slope: the slope of the tangent there.
    """

    z: np.ndarray
    a: np.ndarray
    at: float
    value: float
    slope: float


@dataclass(frozen=True)
class Row:
    """The pre-activations of a layer for one example, (units,), and the one of them that varies along a curve."""

    z: np.ndarray
    unit: int


def over(activation: Activation, z: np.ndarray, row: Row | None = None) -> tuple[np.ndarray, np.ndarray] | None:
    """An activation and its derivative over z.

    An output of softmax depends on all z of its row. Its curve is that of one unit whose own z varies, while the others
    stay what they are for one example; its derivative is that by its own z.

    Args:
        activation: the activation.
        z: the pre-activations, (points,).
        row: those of a layer, for softmax.

    Returns:
        The activations and the derivatives, (points,) each; None for softmax without a row of at least two finite z.
    """
    with np.errstate(all="ignore"):
        if activation.slope is not None:
            a = activation.value(z[:, None])
            return a[:, 0], activation.slope(activation.slope_source(z[:, None], a))[:, 0]
        if row is None or len(row.z) < 2 or not np.isfinite(row.z).all():
            return None
        assert activation.backward
        rows, own = np.tile(row.z.astype(np.float64), (len(z), 1)), np.zeros((len(z), len(row.z)))
        rows[:, row.unit], own[:, row.unit] = z, 1
        a = activation.value(rows)
        return a[:, row.unit], activation.backward(a, own)[:, row.unit]


def row_of(passes: Passes, layer: int, unit: int, example: int) -> Row | None:
    """The row of a layer's pre-activations for one example; None where they have not been computed yet."""
    z = passes.value(f"{'ztilde' if passes.experiment.layers[layer - 1].batch_norm else 'z'}{layer}")
    return None if z is None else Row(z[example], unit)


def inputs(passes: Passes, layer: int, unit: int, example: int) -> Inputs | None:
    """The terms of a neuron's weighted sum for one example; None where its inputs have not been computed yet."""
    a = passes.value(f"a{layer - 1}")
    w, b = (passes.read(f"{kind}{layer}", f"z{layer}") for kind in "Wb")
    if a is None or w is None or b is None:
        return None
    return Inputs(a[example], w[unit], float(b[unit]))


def curve(passes: Passes, layer: int, unit: int, example: int) -> Curve | None:
    """The curve of a neuron's activation for one example; None where its z has not been computed or is not finite."""
    row = row_of(passes, layer, unit, example)
    if row is None or not np.isfinite(row.z).all():
        return None
    at, activation = float(row.z[unit]), ACTIVATIONS[passes.experiment.layers[layer - 1].activation]
    grid = np.linspace(min(-REACH, at - 1), max(REACH, at + 1), POINTS)
    found = over(activation, np.append(grid, at), row)
    assert found
    a, slope = found
    return Curve(grid, a[:POINTS], at, float(a[-1]), float(slope[-1]))
