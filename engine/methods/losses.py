"""Losses: the mean over the mini-batch of each example's loss, and how it changes with the output.

Where a probability could round to 0 or 1, the loss is computed from the pre-activation, so that it stays finite.
"""

from dataclasses import dataclass

import numpy as np

from engine.methods.activations import ACTIVATIONS
from engine.methods.equation import Equation, equation, row_largest, row_sums, shares
from engine.methods.equations import output_error


@dataclass(frozen=True)
class Loss:
    """A loss's equation, the output activations it makes sense after, and how its gradient begins.

    ``gradient`` gives dC/da of each example; ``delta`` is set where activation and loss collapse, and gives dC/dz.
    """

    value: Equation
    activations: tuple[str, ...]
    gradient: Equation | None = None
    delta: Equation | None = None


@equation("a:ij, y:ij -> loss:")
def squared_error(a, y):
    r"""\loss = \frac{1}{m} \sum_{i} \sum_{j} (\a_{ij} - \y_{ij})^{2}

    The squares of what each output is off by, summed over the outputs, averaged over the m examples.
    """
    off = a - y
    return np.vdot(off, off) / len(a)


@equation("a:ij, y:ij -> da:ij")
def squared_error_gradient(a, y, two=2, out=None):
    r"""\da = 2\,(\a - \y)

    The derivative of a square: twice what the output is off by.
    """
    da = np.subtract(a, y, out)
    return np.multiply(da, two, da)


@equation("z:ij, y:ij -> loss:")
def binary_cross_entropy(z, y, zero=0):
    r"""\loss = \frac{1}{m} \sum_{i} \sum_{j} \bigl( \ln(1 + e^{\z_{ij}}) - \y_{ij} \z_{ij} \bigr)

    This is -y ln a - (1 - y) ln(1 - a) with a = sigmoid(z) put in, which is the same number and never overflows.
    """
    return np.vdot(shares(z.shape, z.dtype), np.logaddexp(zero, z) - y * z)


@equation("z:ij, y:ij -> loss:")
def cross_entropy(z, y):
    r"""\loss = \frac{1}{m} \sum_{i} \sum_{j} \y_{ij} \bigl( \ln \sum_{k} e^{\z_{ik}} - \z_{ij} \bigr)

    This is -ln a of the right class with a = softmax(z) put in, which is the same number and never overflows.
    """
    below = z - row_largest(z)
    return np.vdot(y, np.log(row_sums(np.exp(below))) - below) / len(z)


LOSSES = {
    "binary_cross_entropy": Loss(binary_cross_entropy, ("sigmoid",), delta=output_error),
    "cross_entropy": Loss(cross_entropy, ("softmax",), delta=output_error),
    "squared_error": Loss(
        squared_error,
        tuple(ACTIVATIONS),
        gradient=squared_error_gradient,
    ),
}
