"""Losses: the mean over the mini-batch of each example's loss, and how it changes with the output.

Where a probability could round to 0 or 1, the loss is computed from the pre-activation, so that it stays finite.
"""

from dataclasses import dataclass

import numpy as np

from engine.activations import ACTIVATIONS
from engine.equation import Equation, equation
from engine.equations import output_error


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
    return np.divide(np.square(a - y).sum(), len(a), out=out)


@equation("a:ij, y:ij -> da:ij")
def squared_error_gradient(a, y, out=None):
    r"""\da = 2\,(\a - \y)

    The derivative of a square: twice what the output is off by.
    """
    da = np.subtract(a, y, out=out)
    return np.multiply(da, 2, out=da)


@equation("z:ij, y:ij -> loss:")
def binary_cross_entropy(z, y, out=None):
    r"""\loss = \frac{1}{m} \sum_{i} \sum_{j} \bigl( \ln(1 + e^{\z_{ij}}) - \y_{ij} \z_{ij} \bigr)

    This is -y ln a - (1 - y) ln(1 - a) with a = sigmoid(z) put in, which is the same number and never overflows.
    """
    return np.divide((np.logaddexp(0, z) - y * z).sum(), len(z), out=out)


@equation("z:ij, y:ij -> loss:")
def cross_entropy(z, y, out=None):
    r"""\loss = \frac{1}{m} \sum_{i} \sum_{j} \y_{ij} \bigl( \ln \sum_{k} e^{\z_{ik}} - \z_{ij} \bigr)

    This is -ln a of the right class with a = softmax(z) put in, which is the same number and never overflows.
    """
    largest = z.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(z - largest).sum(axis=1, keepdims=True)) + largest
    return np.divide((y * (log_sum - z)).sum(), len(z), out=out)


LOSSES = {
    "binary_cross_entropy": Loss(binary_cross_entropy, ("sigmoid",), delta=output_error),
    "cross_entropy": Loss(cross_entropy, ("softmax",), delta=output_error),
    "squared_error": Loss(
        squared_error,
        tuple(ACTIVATIONS),
        gradient=squared_error_gradient,
    ),
}
