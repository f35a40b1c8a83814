"""Losses: the mean over the mini-batch of each example's loss, and how it changes with the output.

A loss is computed in double precision, whatever the dtype of the run, for it may be far smaller than what it is
computed from. Where a probability could round to 0 or 1, it is computed from the pre-activation, so that it stays
finite. With an ``out`` of shape (m,) it gives the loss of each of the m examples.
"""

from dataclasses import dataclass

import numpy as np

from engine.methods.activations import ACTIVATIONS
from engine.methods.equation import Equation, equation, mean_of_examples, row_peaks, row_totals
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
def squared_error(a, y, out=None):
    r"""\loss = \frac{1}{m} \sum_{i} \sum_{j} (\a_{ij} - \y_{ij})^{2}

    The squares of what each output is off by, summed over the outputs, averaged over the m examples.
    """
    off = a.astype(float) - y.astype(float)
    return mean_of_examples(off * off, out)


@equation("a:ij, y:ij -> da:ij")
def squared_error_gradient(a, y, two=2, out=None):
    r"""\da = 2\,(\a - \y)

    The derivative of a square: twice what the output is off by.
    """
    da = np.subtract(a, y, out)
    return np.multiply(da, two, da)


@equation("z:ij, y:ij -> loss:")
def binary_cross_entropy(z, y, out=None):
    r"""\loss = \frac{1}{m} \sum_{i} \sum_{j} \ln \bigl( e^{-\y_{ij} \z_{ij}} + e^{(1 - \y_{ij}) \z_{ij}} \bigr)

    This is -y ln a - (1 - y) ln(1 - a) with a = sigmoid(z) put in: the same number, but it never overflows, and where
    the output is all but right its small loss is not rounded away.
    """
    z, y = z.astype(float), y.astype(float)
    yz = y * z
    return mean_of_examples(np.logaddexp(-yz, z - yz), out)


@equation("z:ij, y:ij -> loss:")
def cross_entropy(z, y, out=None):
    r"""\loss = \frac{1}{m} \sum_{i} \sum_{j} \y_{ij} \bigl( \ln \sum_{k} e^{\z_{ik}} - \z_{ij} \bigr)

    This is -ln a of the right class with a = softmax(z) put in: the same number, but it never overflows. The largest
    of a row's exponentials is made 1 and left to log1p, so that the little that the others add is not rounded away.
    """
    z, y = z.astype(float), y.astype(float)
    largest = row_peaks(z)
    below = z - z.take(largest)
    others = np.exp(below)
    others.put(largest, 0)
    return mean_of_examples(y * (np.log1p(row_totals(others)) - below), out)


LOSSES = {
    "binary_cross_entropy": Loss(binary_cross_entropy, ("sigmoid",), delta=output_error),
    "cross_entropy": Loss(cross_entropy, ("softmax",), delta=output_error),
    "squared_error": Loss(
        squared_error,
        tuple(ACTIVATIONS),
        gradient=squared_error_gradient,
    ),
}
