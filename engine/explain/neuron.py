"""A neuron: what comes in, its weighted sum on the curve of its activation, and what goes out."""

from dataclasses import dataclass

import numpy as np

from engine.explain.passes import Passes
from engine.methods.activations import ACTIVATIONS

REACH = 4.0  # how far the curve goes at least, to both sides of 0
POINTS = 81


@dataclass(frozen=True)
class Inputs:
    """The terms of a weighted sum, z = sum_k a_k w_k + b: (inputs,) each, and the bias."""

    a: np.ndarray
    w: np.ndarray
    b: float


@dataclass(frozen=True)
class Curve:
    """An activation over z, (points,) each, and where the neuron stands on it: the slope is that of the tangent.

    Of softmax, whose outputs depend on each other, it is the curve along this neuron's own z.
    """

    z: np.ndarray
    a: np.ndarray
    at: float
    value: float
    slope: float


def inputs(passes: Passes, layer: int, unit: int, example: int) -> Inputs | None:
    """What a neuron adds up for one example, by the weights that it used; None where nothing has come in yet."""
    a = passes.value(f"a{layer - 1}")
    w, b = (passes.read(f"{kind}{layer}", f"z{layer}") for kind in "Wb")
    if a is None or w is None or b is None:
        return None
    return Inputs(a[example], w[unit], float(b[unit]))


def curve(passes: Passes, layer: int, unit: int, example: int) -> Curve | None:
    """The activation's own curve around the neuron's z; None where that has not been computed yet."""
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
