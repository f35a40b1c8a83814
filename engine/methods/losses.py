"""Losses: the mean over the mini-batch of each example's loss, and how it changes with the output.

Where a probability could round to 0 or 1, the loss is computed from the pre-activation, so that it stays finite.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.methods.activations import ACTIVATIONS
from engine.methods.equation import Equation, equation, row_largest, row_sums, shares
from engine.methods.equations import output_error

Pair = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Need:
    """What a loss needs of its targets, (examples, outputs): a sentence, its form in a catalogue, and the judgement."""

    expected: str
    form: str
    met: Callable[[np.ndarray], bool]


@dataclass(frozen=True)
class Cancelled:
    """Where loss and output activation collapse, the factors that cancel: dC/da and the activation's slope, in LaTeX.

    ``values`` gives both, (outputs,) each, from the pre-activations and targets of one example in float64. Softmax has
    no slope of its own: there they are dC/da and the outputs.
    """

    loss_slope: str
    values: Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]
    slope: str = ""


@dataclass(frozen=True)
class Loss:
    """A loss's equation, how its gradient begins, and its facts.

    Attributes:
        activations: the output activations that it makes sense after.
        of_each: the loss of each example, (examples,), of what ``value`` reads.
        chance: the loss of the best answer that is the same for all examples, given their targets.
        gradient: dC/da of each example ...
        delta: ... or, where activation and loss collapse, dC/dz; ``cancelled`` is then what cancels.
        kink: what is 0 where it has no derivative, of the shape of a and y; None where it has one everywhere.
        needs: what it needs of its targets.
        classifies: whether it is for classes alone.
        levels: what the targets 0 and 1 of classes ask of an output.
    """

    value: Equation
    activations: tuple[str, ...]
    of_each: Pair
    chance: Callable[[np.ndarray], float]
    gradient: Equation | None = None
    delta: Equation | None = None
    cancelled: Cancelled | None = None
    kink: Pair | None = None
    needs: tuple[Need, ...] = ()
    classifies: bool = False
    levels: tuple[float, float] = (0.0, 1.0)

    @property
    def boundary(self) -> float:
        """The output at which the answer changes from one class to the other."""
        return sum(self.levels) / 2


FRACTIONS = Need("it needs targets from 0 to 1", "targets", lambda y: bool(((y >= 0) & (y <= 1)).all()))
SHARES = Need(
    "it needs targets that add up to 1", "targets_sum", lambda y: bool((np.abs(y.sum(axis=1) - 1) < 1e-6).all())
)
LABELS = Need("it needs targets that are 0 or 1", "targets_labels", lambda y: bool(((y == 0) | (y == 1)).all()))


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


@equation("a:ij, y:ij -> loss:")
def absolute_error(a, y):
    r"""\loss = \frac{1}{m} \sum_{i} \sum_{j} | \a_{ij} - \y_{ij} |

    What each output is off by, summed over the outputs, averaged over the m examples.
    """
    return np.abs(a - y).sum() / len(a)


@equation("a:ij, y:ij -> da:ij")
def absolute_error_gradient(a, y, out=None):
    r"""\da = \operatorname{sign}(\a - \y)

    Which way the output is off, however far; 0 where it is not off at all.
    """
    da = np.subtract(a, y, out)
    return np.sign(da, da)


@equation("a:ij, y:ij -> loss:")
def huber(a, y):
    r"""\loss = \frac{1}{m} \sum_{i} \sum_{j} h_{ij} \Bigl( | \a_{ij} - \y_{ij} | - \frac{h_{ij}}{2} \Bigr),
    \quad h_{ij} = \min \bigl( 1,\ | \a_{ij} - \y_{ij} | \bigr)

    Half a square where an output is off by up to 1, and beyond it a straight line (Huber, 1964).
    """
    off = np.abs(a - y)
    h = np.minimum(off, 1)
    return np.vdot(h, off - h / 2) / len(a)


@equation("a:ij, y:ij -> da:ij")
def huber_gradient(a, y, out=None):
    r"""\da = \max \bigl( -1,\ \min(1,\ \a - \y) \bigr)

    What the output is off by, and never more than 1: a far outlier pulls no harder than a near one.
    """
    da = np.subtract(a, y, out)
    return np.clip(da, -1, 1, da)


@equation("a:ij, y:ij -> loss:")
def hinge(a, y):
    r"""\loss = \frac{1}{m} \sum_{i} \sum_{j} \max \bigl( 0,\ 1 - (2 \y_{ij} - 1)\, \a_{ij} \bigr)

    The targets 0 and 1 are read as -1 and 1. An output on the right side of 0 by a margin of 1 costs nothing (Cortes,
    Vapnik, 1995).
    """
    margin = (2 * y - 1) * a
    return np.maximum(0, 1 - margin).sum() / len(a)


@equation("a:ij, y:ij -> da:ij")
def hinge_gradient(a, y, out=None):
    r"""\da = -(2 \y - 1) \odot \bigl[ (2 \y - 1) \odot \a < 1 \bigr]

    Towards the right side by the same amount, until the margin is 1; there, and beyond it, 0.
    """
    side = 2 * y - 1
    return np.subtract(0, side * (side * a < 1), out)


def _log_of_sum(z: np.ndarray) -> np.ndarray:
    largest = z.max(axis=1, keepdims=True)
    log: np.ndarray = np.log(np.exp(z - largest).sum(axis=1, keepdims=True)) + largest
    return log


def _entropy(shares: np.ndarray) -> float:
    return float(-sum(p * np.log(p) for p in shares if p > 0))


def _binary_entropy(y: np.ndarray) -> float:
    mean = y.mean(axis=0, dtype=float)
    return _entropy(np.concatenate([mean, 1 - mean]))


def _deviation(y: np.ndarray) -> float:
    """What the medians are off by."""
    return float(np.abs(y - np.median(y, axis=0)).mean(axis=0, dtype=float).sum())


def _best_huber(y: np.ndarray) -> float:
    """The Huber loss of the best constants."""
    return sum(_best_huber_of(*np.unique(column, return_counts=True)) for column in y.T)


def _best_huber_of(values: np.ndarray, counts: np.ndarray) -> float:
    """The least mean Huber loss to so many of each value: where the slopes cancel, found by halving the range."""
    low, high = float(values[0]), float(values[-1])
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if counts @ np.clip(middle - values, -1, 1) > 0 else (middle, high)
    return float(counts @ _huber_of_each(np.full((len(values), 1), low), values[:, None]) / counts.sum())


def _huber_of_each(a: np.ndarray, y: np.ndarray) -> np.ndarray:
    off = np.abs(a - y)
    h = np.minimum(off, 1)
    total: np.ndarray = (h * (off - h / 2)).sum(axis=1)
    return total


def _fewer(y: np.ndarray) -> float:
    """Twice the share of the class that there is less of: the hinge loss of 1 or -1 for all."""
    mean = y.mean(axis=0, dtype=float)
    return float(2 * np.minimum(mean, 1 - mean).sum())


def _sigmoid_factors(z: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    a, rest = 1 / (1 + np.exp(-z)), 1 / (1 + np.exp(z))
    return (a * (1 - y) - rest * y) / (a * rest), a * rest  # the first of a - y, where a may be nearly 1


def _softmax_factors(z: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    a = np.exp(z - z.max())
    a /= a.sum()
    return -y / a, a


ANY = tuple(ACTIVATIONS)
TO_BOTH_SIDES = tuple(name for name, each in ACTIVATIONS.items() if each.range[0] <= -1 and each.range[1] >= 1)

LOSSES = {
    "absolute_error": Loss(
        absolute_error, ANY, lambda a, y: np.abs(a - y).sum(axis=1), _deviation,
        gradient=absolute_error_gradient, kink=lambda a, y: a - y,
    ),
    "binary_cross_entropy": Loss(
        binary_cross_entropy, ("sigmoid",), lambda z, y: (np.logaddexp(0, z) - y * z).sum(axis=1), _binary_entropy,
        delta=output_error, cancelled=Cancelled(r"\frac{a - y}{a (1 - a)}", _sigmoid_factors, "a (1 - a)"),
        needs=(FRACTIONS,), classifies=True,
    ),
    "cross_entropy": Loss(
        cross_entropy, ("softmax",), lambda z, y: (y * (_log_of_sum(z) - z)).sum(axis=1),
        lambda y: _entropy(y.mean(axis=0, dtype=float)),
        delta=output_error, cancelled=Cancelled(r"-\frac{y_{c}}{a_{c}}", _softmax_factors),
        needs=(FRACTIONS, SHARES), classifies=True,
    ),
    "hinge": Loss(
        hinge, TO_BOTH_SIDES, lambda a, y: np.maximum(0, 1 - (2 * y - 1) * a).sum(axis=1), _fewer,
        gradient=hinge_gradient, kink=lambda a, y: (2 * y - 1) * a - 1,
        needs=(LABELS,), classifies=True, levels=(-1.0, 1.0),
    ),
    "huber": Loss(huber, ANY, _huber_of_each, _best_huber, gradient=huber_gradient),
    "squared_error": Loss(
        squared_error, ANY, lambda a, y: np.square(a - y).sum(axis=1),
        lambda y: float(y.var(axis=0, dtype=float).sum()), gradient=squared_error_gradient,
    ),
}  # fmt: skip
FOR_ALL = "squared_error"  # the loss that goes with any output and any targets, and is chosen where none belongs


def loss_of(activation: str) -> str:
    """The loss that belongs to an output activation: the one that it collapses with, if there is one."""
    collapsing = (name for name, loss in LOSSES.items() if loss.delta and activation in loss.activations)
    return next(collapsing, FOR_ALL)
