"""The errors of one example on their way back: with which loss they begin, and how large they are layer by layer."""

from dataclasses import dataclass

import numpy as np

from engine.explain.passes import Passes
from engine.methods import equations as eq
from engine.methods.activations import ACTIVATIONS
from engine.methods.losses import FOR_ALL, LOSSES, loss_of


@dataclass(frozen=True)
class ErrorByLoss:
    """The error of an output with the loss that cancels the slope of its activation, and with the default loss.

    Attributes:
        cancelling: the name of the loss that cancels the slope.
        keeping: the name of the default loss, which keeps the slope as a factor.
        cancelled: the error with the first loss.
        kept: the error with the second loss.
        slope: the slope of the activation; None for softmax, whose slopes form a matrix.
    """

    cancelling: str
    keeping: str
    cancelled: float
    kept: float
    slope: float | None


def error_by_loss(passes: Passes, unit: int, example: int) -> ErrorByLoss | None:
    """The errors of an output unit with both losses, for one example, by the equations of the losses.

    Returns:
        The errors, or None where the outputs have not been computed yet, the output activation has no loss that cancels
        its slope, the run is trained on a third loss, or the targets do not suit the losses.
    """
    experiment = passes.experiment
    depth, chosen = len(experiment.layers), experiment.layers[-1].activation
    activation, cancelling, keeping = ACTIVATIONS[chosen], LOSSES[loss_of(chosen)], LOSSES[FOR_ALL]
    a, y, z = (passes.value(name) for name in (f"a{depth}", "y", f"z{depth}"))
    if a is None or y is None or z is None or cancelling.delta is None or keeping.gradient is None:
        return None
    if experiment.loss not in (loss_of(chosen), FOR_ALL) or not all(need.met(y) for need in cancelling.needs):
        return None
    a, y, z = (array[example : example + 1] for array in (a, y, z))
    with np.errstate(all="ignore"):
        cancelled, da = cancelling.delta(a, y), keeping.gradient(a, y)
        if activation.slope is None:
            assert activation.backward is not None
            slope, kept = None, activation.backward(a, da)
        else:
            slopes = activation.slope(activation.slope_source(z, a))
            slope, kept = float(slopes[0, unit]), eq.chain(da, slopes)
    return ErrorByLoss(loss_of(chosen), FOR_ALL, float(cancelled[0, unit]), float(kept[0, unit]), slope)


def error_sizes(passes: Passes, layer: int, example: int) -> list[float] | None:
    """The root mean square of one example's errors delta in each layer, from the output layer back to ``layer``.

    Returns:
        The sizes, or None where the errors of that layer have not been computed yet.
    """
    deltas = [passes.value(f"delta{each}") for each in range(len(passes.experiment.layers), layer - 1, -1)]
    rows = [delta[example].astype(float) for delta in deltas if delta is not None]
    with np.errstate(all="ignore"):
        return [float(np.sqrt(np.mean(row * row))) for row in rows] if len(rows) == len(deltas) else None
