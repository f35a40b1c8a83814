"""Losses: the mean over the mini-batch of each example's loss, and how it changes with the output.

A loss is computed in double precision, whatever the dtype of the run, since it may be far smaller than the numbers
that it is computed from. A loss of probabilities is computed from the pre-activations, so that it stays finite where a
probability rounds to 0 or 1. An ``out`` of shape (m,) takes the loss of each of the m examples.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from engine.methods.activations import ACTIVATIONS
from engine.methods.equation import Equation, equation, mean_of_examples, row_peaks, row_sums
from engine.methods.equations import output_error

Pair = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Need:
    """A condition that a loss puts on its targets.

    Attributes:
        expected: the condition in English.
        form: its key in a catalogue.
        met: whether targets, (examples, outputs), meet it.
    """

    expected: str
    form: str
    met: Callable[[np.ndarray], bool]


@dataclass(frozen=True)
class Cancelled:
    """The two factors of the chain rule that cancel where loss and output activation collapse.

    Attributes:
        loss_slope: dC/da in LaTeX.
        values: both factors, (outputs,) each, from the pre-activations and the targets of one example in float64. For
            softmax, which has no slope of its own, they are dC/da and the outputs.
        slope: the slope of the activation in LaTeX.
    """

    loss_slope: str
    values: Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]
    slope: str = ""


@dataclass(frozen=True)
class Loss:
    """A loss: its equation, the equation of its derivative, and its facts.

    Attributes:
        value: the equation of the loss.
        activations: the names of the output activations that it goes with.
        chance: the loss of the best answer that is the same for all examples, from their targets.
        gradient: the equation of dC/da for each example; None where there is ``delta``.
        delta: the equation of dC/dz for each example, where loss and output activation collapse; else None.
        cancelled: the factors that cancel in ``delta``.
        kink: a function of a and y, of their shape, that is 0 where the loss has no derivative; None where it has one
            everywhere.
        needs: the conditions on its targets.
        classifies: whether it is for classes only.
        levels: the outputs that the targets 0 and 1 of classes ask for.
        averaged: the name of the same loss averaged over the outputs too; empty where there is none.
        pytorch: the sum of all examples' losses in PyTorch, with ``{a}`` or ``{z}`` for the output and ``{y}`` for the
            targets.
    """

    value: Equation
    activations: tuple[str, ...]
    chance: Callable[[np.ndarray], float]
    gradient: Equation | None = None
    delta: Equation | None = None
    cancelled: Cancelled | None = None
    kink: Pair | None = None
    needs: tuple[Need, ...] = ()
    classifies: bool = False
    levels: tuple[float, float] = (0.0, 1.0)
    averaged: str = ""
    pytorch: str = field(kw_only=True)

    def of_each(self, outputs: np.ndarray, y: np.ndarray) -> np.ndarray:
        """The loss of each example, (examples,), from targets and the outputs a or z that the equation reads."""
        found: np.ndarray = self.value(outputs, y, out=np.empty(len(y)))
        return found

    @property
    def boundary(self) -> float:
        """The output at which the answer changes from one class to the other."""
        return sum(self.levels) / 2


FRACTIONS = Need("it needs targets from 0 to 1", "targets", lambda y: bool(((y >= 0) & (y <= 1)).all()))
SHARES = Need(
    "it needs targets that add up to 1", "targets_sum", lambda y: bool((np.abs(y.sum(axis=1) - 1) < 1e-6).all())
)
LABELS = Need("it needs targets that are 0 or 1", "targets_labels", lambda y: bool(((y == 0) | (y == 1)).all()))


@equation("a:ij, y:ij -> loss:", textbook="loss = np.sum((a - y) ** 2) / m", rounds="precision")
def squared_error(a, y, out=None):
    r"""\loss = \frac{1}{m} \sum_{i} \sum_{j} (\a_{ij} - \y_{ij})^{2}

    The squares of what each output is off by, summed over the outputs, averaged over the m examples.
    """
    off = a.astype(float) - y.astype(float)
    return mean_of_examples(off * off, out)


@equation("a:ij, y:ij -> da:ij", textbook="da = 2 * (a - y)")
def squared_error_gradient(a, y, two=2, out=None):
    r"""\da = 2\,(\a - \y)

    The derivative of a square: twice what the output is off by.
    """
    da = np.subtract(a, y, out)
    return np.multiply(da, two, da)


@equation("z:ij, y:ij -> loss:", textbook="loss = np.sum(np.logaddexp(-y * z, (1 - y) * z)) / m", rounds="precision")
def binary_cross_entropy(z, y, out=None):
    r"""\loss = \frac{1}{m} \sum_{i} \sum_{j} \ln \bigl( e^{-\y_{ij} \z_{ij}} + e^{(1 - \y_{ij}) \z_{ij}} \bigr)

    This is -y ln a - (1 - y) ln(1 - a) with a = sigmoid(z) put in: the same number, but it never overflows, and where
    the output is all but right its small loss is not rounded away.
    """
    z, y = z.astype(float), y.astype(float)
    yz = y * z
    return mean_of_examples(np.logaddexp(-yz, z - yz), out)


@equation(
    "z:ij, y:ij -> loss:",
    textbook=(
        "s = z - z.max(axis=1, keepdims=True)\n"
        "loss = np.sum(y * (np.log(np.exp(s).sum(axis=1, keepdims=True)) - s)) / m"
    ),
    rounds="precision",
)
def cross_entropy(z, y, out=None):
    r"""\loss = \frac{1}{m} \sum_{i} \sum_{j} \y_{ij} \bigl( \ln \sum_{k} e^{\z_{ik}} - \z_{ij} \bigr)

    This is -ln a of the right class with a = softmax(z) put in: the same number, but it never overflows. The largest
    of a row's exponentials is made 1 and left to log1p, so that the little that the others add is not rounded away.
    """
    z, y = z.astype(float), y.astype(float)
    largest = row_peaks(z)
    z -= z.take(largest)
    others = np.exp(z)
    others.put(largest, 0)
    y *= np.log1p(row_sums(others)) - z
    return mean_of_examples(y, out)


@equation("a:ij, y:ij -> loss:", textbook="loss = np.sum(np.abs(a - y)) / m", rounds="precision")
def absolute_error(a, y, out=None):
    r"""\loss = \frac{1}{m} \sum_{i} \sum_{j} | \a_{ij} - \y_{ij} |

    What each output is off by, summed over the outputs, averaged over the m examples.
    """
    return mean_of_examples(np.abs(a.astype(float) - y.astype(float)), out)


@equation("a:ij, y:ij -> da:ij", textbook="da = np.sign(a - y)")
def absolute_error_gradient(a, y, out=None):
    r"""\da = \operatorname{sign}(\a - \y)

    Which way the output is off, however far; 0 where it is not off at all.
    """
    da = np.subtract(a, y, out)
    return np.sign(da, da)


@equation(
    "a:ij, y:ij -> loss:",
    textbook="h = np.minimum(1, np.abs(a - y))\nloss = np.sum(h * (np.abs(a - y) - h / 2)) / m",
    rounds="precision",
)
def huber(a, y, out=None):
    r"""\loss = \frac{1}{m} \sum_{i} \sum_{j} h_{ij} \Bigl( | \a_{ij} - \y_{ij} | - \frac{h_{ij}}{2} \Bigr),
    \quad h_{ij} = \min \bigl( 1,\ | \a_{ij} - \y_{ij} | \bigr)

    Half a square where an output is off by up to 1, and beyond it a straight line (Huber, 1964).
    """
    off = np.abs(a.astype(float) - y.astype(float))
    h = np.minimum(off, 1)
    return mean_of_examples(h * (off - h / 2), out)


@equation("a:ij, y:ij -> da:ij", textbook="da = np.clip(a - y, -1, 1)")
def huber_gradient(a, y, out=None):
    r"""\da = \max \bigl( -1,\ \min(1,\ \a - \y) \bigr)

    What the output is off by, and never more than 1: a far outlier pulls no harder than a near one.
    """
    da = np.subtract(a, y, out)
    return np.clip(da, -1, 1, da)


# The same averaged over the outputs too, as PyTorch's losses are: np.size(y) is m times the number of outputs.


def _mean_of_outputs(terms: np.ndarray, out: np.ndarray | None) -> np.ndarray:
    """The mean over examples and outputs, or with ``out`` of shape (m,) that of each example."""
    found: np.ndarray = np.divide(mean_of_examples(terms, out), terms.shape[1], out)
    return found


@equation("a:ij, y:ij -> loss:", textbook="loss = np.sum((a - y) ** 2) / np.size(y)", rounds="precision")
def mean_squared_error(a, y, out=None):
    r"""\loss = \frac{1}{m n} \sum_{i} \sum_{j} (\a_{ij} - \y_{ij})^{2}

    The squares of what each output is off by, averaged over the n outputs and the m examples.
    """
    off = a.astype(float) - y.astype(float)
    return _mean_of_outputs(off * off, out)


@equation("a:ij, y:ij -> da:ij", textbook="da = (2 * m / np.size(y)) * (a - y)")
def mean_squared_error_gradient(a, y, out=None):
    r"""\da = \frac{2}{n}\,(\a - \y)

    The derivative of a square, shared among the n outputs.
    """
    da = np.subtract(a, y, out)
    return np.multiply(da, 2 / y.shape[1], da)


@equation(
    "z:ij, y:ij -> loss:",
    textbook="loss = np.sum(np.logaddexp(-y * z, (1 - y) * z)) / np.size(y)",
    rounds="precision",
)
def mean_binary_cross_entropy(z, y, out=None):
    r"""\loss = \frac{1}{m n} \sum_{i} \sum_{j}
    \ln \bigl( e^{-\y_{ij} \z_{ij}} + e^{(1 - \y_{ij}) \z_{ij}} \bigr)

    This is -y ln a - (1 - y) ln(1 - a) with a = sigmoid(z) put in, averaged over the n outputs and the m examples.
    """
    z, y = z.astype(float), y.astype(float)
    yz = y * z
    return _mean_of_outputs(np.logaddexp(-yz, z - yz), out)


@equation("a:ij, y:ij -> delta:ij", textbook="delta = (m / np.size(y)) * (a - y)")
def mean_output_error(a, y, out=None):
    r"""\delta = \frac{1}{n}\,(\a - \y)

    The activation's slope and the loss's derivative cancel; what is left is how far off the output is, shared among
    the n outputs.
    """
    delta = np.subtract(a, y, out)
    return np.multiply(delta, 1 / y.shape[1], delta)


@equation("a:ij, y:ij -> loss:", textbook="loss = np.sum(np.abs(a - y)) / np.size(y)", rounds="precision")
def mean_absolute_error(a, y, out=None):
    r"""\loss = \frac{1}{m n} \sum_{i} \sum_{j} | \a_{ij} - \y_{ij} |

    What each output is off by, averaged over the n outputs and the m examples.
    """
    return _mean_of_outputs(np.abs(a.astype(float) - y.astype(float)), out)


@equation("a:ij, y:ij -> da:ij", textbook="da = (m / np.size(y)) * np.sign(a - y)")
def mean_absolute_error_gradient(a, y, out=None):
    r"""\da = \frac{1}{n} \operatorname{sign}(\a - \y)

    Which way the output is off, however far, shared among the n outputs.
    """
    da = np.subtract(a, y, out)
    np.sign(da, da)
    return np.multiply(da, 1 / y.shape[1], da)


@equation(
    "a:ij, y:ij -> loss:",
    textbook="h = np.minimum(1, np.abs(a - y))\nloss = np.sum(h * (np.abs(a - y) - h / 2)) / np.size(y)",
    rounds="precision",
)
def mean_huber(a, y, out=None):
    r"""\loss = \frac{1}{m n} \sum_{i} \sum_{j} h_{ij} \Bigl( | \a_{ij} - \y_{ij} | - \frac{h_{ij}}{2} \Bigr),
    \quad h_{ij} = \min \bigl( 1,\ | \a_{ij} - \y_{ij} | \bigr)

    Half a square where an output is off by up to 1, and beyond it a straight line, averaged over the n outputs and the
    m examples.
    """
    off = np.abs(a.astype(float) - y.astype(float))
    h = np.minimum(off, 1)
    return _mean_of_outputs(h * (off - h / 2), out)


@equation("a:ij, y:ij -> da:ij", textbook="da = (m / np.size(y)) * np.clip(a - y, -1, 1)")
def mean_huber_gradient(a, y, out=None):
    r"""\da = \frac{1}{n} \max \bigl( -1,\ \min(1,\ \a - \y) \bigr)

    What the output is off by, and never more than 1, shared among the n outputs.
    """
    da = np.subtract(a, y, out)
    np.clip(da, -1, 1, da)
    return np.multiply(da, 1 / y.shape[1], da)


@equation("a:ij, y:ij -> loss:", textbook="loss = np.sum(np.maximum(0, 1 - (2 * y - 1) * a)) / m", rounds="precision")
def hinge(a, y, out=None):
    r"""\loss = \frac{1}{m} \sum_{i} \sum_{j} \max \bigl( 0,\ 1 - (2 \y_{ij} - 1)\, \a_{ij} \bigr)

    The targets 0 and 1 are read as -1 and 1. An output on the right side of 0 by a margin of 1 costs nothing (Cortes,
    Vapnik, 1995).
    """
    margin = (2 * y.astype(float) - 1) * a
    return mean_of_examples(np.maximum(0, 1 - margin), out)


@equation(
    "a:ij, y:ij -> da:ij",
    textbook="side = 2 * y - 1\nda = np.where(side * a < 1, -side, 0)",
)
def hinge_gradient(a, y, out=None):
    r"""\da = -(2 \y - 1) \odot \bigl[ (2 \y - 1) \odot \a < 1 \bigr]

    Towards the right side by the same amount, until the margin is 1; there, and beyond it, 0.
    """
    side = 2 * y - 1
    return np.subtract(0, side * (side * a < 1), out)


def _entropy(shares: np.ndarray) -> float:
    return float(-sum(p * np.log(p) for p in shares if p > 0))


def _binary_entropy(y: np.ndarray) -> float:
    mean = y.mean(axis=0, dtype=float)
    return _entropy(np.concatenate([mean, 1 - mean]))


def _deviation(y: np.ndarray) -> float:
    """The absolute error of the medians."""
    return float(np.abs(y - np.median(y, axis=0)).mean(axis=0, dtype=float).sum())


def _best_huber(y: np.ndarray) -> float:
    """The Huber loss of the best constant outputs."""
    return sum(_best_huber_of(*np.unique(column, return_counts=True)) for column in y.T)


def _best_huber_of(values: np.ndarray, counts: np.ndarray) -> float:
    """The least mean Huber loss of a constant, by bisection of its derivative; ``counts`` are those of the values."""
    low, high = float(values[0]), float(values[-1])
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if counts @ np.clip(middle - values, -1, 1) > 0 else (middle, high)
    costs = huber(np.full((len(values), 1), low), values[:, None], out=np.empty(len(values)))
    return float(counts @ costs / counts.sum())


def _fewer(y: np.ndarray) -> float:
    """Twice the share of the smaller class: the hinge loss of the output 1 or -1 for all examples."""
    mean = y.mean(axis=0, dtype=float)
    return float(2 * np.minimum(mean, 1 - mean).sum())


def _sigmoid_factors(z: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    a, rest = 1 / (1 + np.exp(-z)), 1 / (1 + np.exp(z))
    return (a * (1 - y) - rest * y) / (a * rest), a * rest  # a - y without cancellation, where a is nearly 1


def _shared_factors(z: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    loss_slopes, slopes = _sigmoid_factors(z, y)
    return loss_slopes / len(y), slopes


def _shared(chance: Callable[[np.ndarray], float]) -> Callable[[np.ndarray], float]:
    """The loss of the best constant answer, averaged over the outputs too."""
    return lambda y: chance(y) / y.shape[1]


def _variance(y: np.ndarray) -> float:
    return float(y.var(axis=0, dtype=float).sum())


def _softmax_factors(z: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    a = np.exp(z - z.max())
    a /= a.sum()
    return -y / a, a


ANY = tuple(ACTIVATIONS)
TO_BOTH_SIDES = tuple(name for name, each in ACTIVATIONS.items() if each.range[0] <= -1 and each.range[1] >= 1)

LOSSES = {
    "absolute_error": Loss(
        absolute_error,
        ANY,
        _deviation,
        gradient=absolute_error_gradient,
        kink=lambda a, y: a - y,
        averaged="mean_absolute_error",
        pytorch="({a} - {y}).abs().sum()",
    ),
    "binary_cross_entropy": Loss(
        binary_cross_entropy,
        ("sigmoid",),
        _binary_entropy,
        delta=output_error,
        cancelled=Cancelled(r"\frac{a - y}{a (1 - a)}", _sigmoid_factors, "a (1 - a)"),
        needs=(FRACTIONS,),
        classifies=True,
        averaged="mean_binary_cross_entropy",
        pytorch='functional.binary_cross_entropy_with_logits({z}, {y}, reduction="sum")',
    ),
    "cross_entropy": Loss(
        cross_entropy,
        ("softmax",),
        lambda y: _entropy(y.mean(axis=0, dtype=float)),
        delta=output_error,
        cancelled=Cancelled(r"-\frac{y_{c}}{a_{c}}", _softmax_factors),
        needs=(FRACTIONS, SHARES),
        classifies=True,
        pytorch='functional.cross_entropy({z}, {y}, reduction="sum")',
    ),
    "hinge": Loss(
        hinge,
        TO_BOTH_SIDES,
        _fewer,
        gradient=hinge_gradient,
        kink=lambda a, y: (2 * y - 1) * a - 1,
        needs=(LABELS,),
        classifies=True,
        levels=(-1.0, 1.0),
        pytorch="torch.relu(1 - (2 * {y} - 1) * {a}).sum()",
    ),
    "huber": Loss(
        huber,
        ANY,
        _best_huber,
        gradient=huber_gradient,
        averaged="mean_huber",
        pytorch='functional.huber_loss({a}, {y}, reduction="sum")',
    ),
    "mean_absolute_error": Loss(
        mean_absolute_error,
        ANY,
        _shared(_deviation),
        gradient=mean_absolute_error_gradient,
        kink=lambda a, y: a - y,
        pytorch="({a} - {y}).abs().mean(dim=1).sum()",
    ),
    "mean_binary_cross_entropy": Loss(
        mean_binary_cross_entropy,
        ("sigmoid",),
        _shared(_binary_entropy),
        delta=mean_output_error,
        cancelled=Cancelled(r"\frac{a - y}{n a (1 - a)}", _shared_factors, "a (1 - a)"),
        needs=(FRACTIONS,),
        classifies=True,
        pytorch='functional.binary_cross_entropy_with_logits({z}, {y}, reduction="none").mean(dim=1).sum()',
    ),
    "mean_huber": Loss(
        mean_huber,
        ANY,
        _shared(_best_huber),
        gradient=mean_huber_gradient,
        pytorch='functional.huber_loss({a}, {y}, reduction="none").mean(dim=1).sum()',
    ),
    "mean_squared_error": Loss(
        mean_squared_error,
        ANY,
        _shared(_variance),
        gradient=mean_squared_error_gradient,
        pytorch="(({a} - {y}) ** 2).mean(dim=1).sum()",
    ),
    "squared_error": Loss(
        squared_error,
        ANY,
        _variance,
        gradient=squared_error_gradient,
        averaged="mean_squared_error",
        pytorch="(({a} - {y}) ** 2).sum()",
    ),
}
FOR_ALL = "squared_error"  # the default loss: it goes with every output activation and all targets


def loss_of(activation: str) -> str:
    """The name of the loss that an output activation collapses with, or else of the default loss."""
    collapsing = (name for name, loss in LOSSES.items() if loss.delta and activation in loss.activations)
    return next(collapsing, FOR_ALL)
