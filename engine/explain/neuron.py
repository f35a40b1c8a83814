"""A neuron: its weighted sum term by term, and the place of this sum on the curve of its activation."""

from dataclasses import dataclass

import numpy as np

from engine.explain.passes import Passes
from engine.methods.activations import ACTIVATIONS

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


def inputs(passes: Passes, layer: int, unit: int, example: int) -> Inputs | None:
    """The terms of a neuron's weighted sum for one example; None where its inputs have not been computed yet."""
    a = passes.value(f"a{layer - 1}")
    w, b = (passes.read(f"{kind}{layer}", f"z{layer}") for kind in "Wb")
    if a is None or w is None or b is None:
        return None
    return Inputs(a[example], w[unit], float(b[unit]))


def curve(passes: Passes, layer: int, unit: int, example: int) -> Curve | None:
    """The curve of a neuron's activation for one example; None where its z has not been computed or is not finite."""
    chosen = passes.experiment.layers[layer - 1]
    z = passes.value(f"{'ztilde' if chosen.batch_norm else 'z'}{layer}")
    if z is None or not np.isfinite(z[example]).all():
        return None
    at, activation = float(z[example, unit]), ACTIVATIONS[chosen.activation]
    grid = np.linspace(min(-REACH, at - 1), max(REACH, at + 1), POINTS)
    rows = np.tile(z[example].astype(np.float64), (POINTS + 1, 1))
    rows[:POINTS, unit] = grid
    with np.errstate(all="ignore"):
        a = activation.value(rows)
        if activation.slope is None:
            slope = a[-1, unit] * (1 - a[-1, unit])
        else:
            source = {"a": a, "z": rows}[activation.slope.reads[0][0]]
            slope = activation.slope(source[-1:])[0, unit]
    return Curve(grid, a[:POINTS, unit], at, float(a[-1, unit]), float(slope))
