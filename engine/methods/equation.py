"""An equation: a pure function of arrays whose declaration says, by index letters, which cells it reads and writes."""

import inspect
import re
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

Operand = tuple[str, str]  # (argument, index letters); the letter "*" stands for all axes of a parameter


@dataclass(frozen=True)
class Equation:
    """One equation of the training step.

    The function's docstring opens with the formula in LaTeX, where ``\\argument`` stands for the tensor bound to that
    argument; its body is the NumPy code that runs and that the page shows. The result is written into ``out`` where it
    is given. An output cell depends on exactly the input cells that agree with it in every index letter that both have.

    An argument declared as ``*name`` takes any number of tensors; in the formula, the text in ``[[ ]]`` is repeated for
    each of them, with + between. Keyword-only arguments are settings: plain numbers such as a momentum. An argument
    whose default is a number, such as ``one=1``, is a constant. A workspace passes it as an array, without axes or of
    the result's shape, which is quicker in NumPy.

    Attributes:
        function: the function.
        reads: the operands that it reads, in the order of its arguments.
        writes: the operands that it writes, in the order of its results.
        draws: whether its first argument is a ``Draw``: the data set, the seed and the training step.
        textbook: the NumPy lines that a book would print, with the same names for its arguments; ``m`` is the number of
            examples. They give the same bits as the function, unless ``rounds`` says why not.
        partly: whether an output cell depends on only some of the input cells that the index letters name.
        scratch: the argument whose array may take the last result, perhaps with the opposite sign, where neither of the
            two is kept.
        rounds: why the last digits of ``textbook`` may differ: the function computes in another "order", in double
            "precision", or by another "kernel" of matrix products; empty where the bits are the same.
    """

    function: Callable[..., Any]
    reads: tuple[Operand, ...]
    writes: tuple[Operand, ...]
    textbook: str
    draws: bool = False
    partly: bool = False
    scratch: str = ""
    rounds: str = ""

    @property
    def name(self) -> str:
        return self.function.__name__

    def __str__(self) -> str:
        return self.name

    def __call__(self, *arrays: Any, out: Any = None, **settings: Any) -> Any:
        return self.function(*arrays, out=out, **settings)

    @cached_property
    def _parameters(self) -> tuple[inspect.Parameter, ...]:
        return tuple(inspect.signature(self.function).parameters.values())

    @cached_property
    def settings(self) -> tuple[str, ...]:
        """The names of its settings, in order."""
        return tuple(each.name for each in self._parameters if each.kind is each.KEYWORD_ONLY and each.name != "out")

    @cached_property
    def constants(self) -> tuple[float, ...]:
        """The values of its constants, in order; in the signature they follow the arguments that it reads."""
        named = (each for each in self._parameters if each.kind is each.POSITIONAL_OR_KEYWORD)
        return tuple(each.default for each in named if isinstance(each.default, int | float))

    @cached_property
    def takes_any_number(self) -> bool:
        """Whether it takes any number of tensors; all other arguments are then passed by name."""
        return any(each.kind is each.VAR_POSITIONAL for each in self._parameters)

    @property
    def multiplies(self) -> bool:
        """Whether it multiplies matrices."""
        return "@" in self.textbook

    @cached_property
    def formula(self) -> str:
        """The formula in LaTeX, with ``\\argument`` for each tensor: the docstring's first paragraph."""
        return " ".join((inspect.getdoc(self.function) or "").split("\n\n")[0].split())

    @cached_property
    def explanation(self) -> str:
        """The rest of the docstring: what the equation means, and its source."""
        return " ".join(" ".join((inspect.getdoc(self.function) or "").split("\n\n")[1:]).split())

    @cached_property
    def source(self) -> str:
        """The body of the function: the NumPy lines that run."""
        text = textwrap.dedent(inspect.getsource(self.function))
        return textwrap.dedent(text.split('"""')[2]).strip("\n")


def _operands(text: str) -> tuple[Operand, ...]:
    pairs = (item.split(":") for item in re.split(r",\s*", text.strip()) if item)
    return tuple((name.strip(), letters.strip()) for name, letters in pairs)


def equation(
    letters: str, *, textbook: str, draws: bool = False, partly: bool = False, scratch: str = "", rounds: str = ""
) -> Callable[[Callable[..., Any]], Equation]:
    """Declare a function as an equation: ``@equation("a:ik, W:jk, b:j -> z:ij", textbook="z = a @ W.T + b")``."""
    reads, writes = (_operands(side) for side in letters.split("->"))
    return lambda function: Equation(function, reads, writes, textbook, draws, partly, scratch, rounds)


# Sums and means for equations. A matrix product takes half the time of a reduction, and an array is a quicker factor
# than a number.


SHORT = 64  # the cells of a row up to which its sum is written into all of its places


@lru_cache(maxsize=64)
def share(m: int, dtype: np.dtype) -> np.ndarray:
    """The weight 1/m of each of m examples in their mean, ()."""
    return _constant((), 1 / m, dtype)


@lru_cache(maxsize=64)
def shares(m: int, dtype: np.dtype) -> np.ndarray:
    """The weights 1/m of m examples in their mean, (m,)."""
    return _constant((m,), 1 / m, dtype)


def mean_of_examples(terms: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """The mean over m examples of the sum over n outputs, in double precision.

    Args:
        terms: (m, n).
        out: the array for the mean, (); an array of shape (m,) takes the sum of each example instead.
    """
    if out is not None and out.ndim:
        return np.add.reduce(terms, axis=1, out=out)
    mean = terms.ravel().dot(_weights_of_mean(terms.shape), out)
    return mean if out is None else out


@lru_cache(maxsize=64)
def _weights_of_mean(shape: tuple[int, int]) -> np.ndarray:
    """1/m for each of m x n terms, (m n,), in double precision."""
    m, n = shape
    return _constant((m * n,), 1 / m, np.dtype(float))


def length(arrays: Sequence[np.ndarray]) -> np.floating:
    r"""The Euclidean length \sqrt{\sum x^2} over all elements of arrays of the same dtype, in double precision.

    Where the sum of squares leaves the range of that dtype, the elements are first divided by the largest of them, as
    nrm2 of BLAS does.
    """
    squares = np.add.reduce([np.square(each).sum() for each in arrays])
    if _least_sum(squares.dtype) < squares < np.inf:
        return np.float64(np.sqrt(squares))
    largest = np.float64(np.max([np.abs(each).max() for each in arrays]))
    if largest == 0 or not np.isfinite(largest):
        return largest
    return largest * np.sqrt(np.add.reduce([np.square(each / largest).sum() for each in arrays]))


@lru_cache(maxsize=8)
def _least_sum(dtype: np.dtype) -> float:
    """The least sum of squares of this dtype that squares too small for it cannot change."""
    return float(np.finfo(dtype).tiny / np.finfo(dtype).eps)


def row_sums(a: np.ndarray) -> np.ndarray:
    """The sum of each row: (m, n), repeated in all places of a short row, which is quicker to use; else (m, 1)."""
    n = a.shape[1]
    return a.dot(_ones((n, n if n < SHORT else 1), a.dtype))


def row_largest(a: np.ndarray) -> np.ndarray:
    """The largest number of each row, (m, 1); NumPy finds its place quicker than its value."""
    return a.take(row_peaks(a))


def row_peaks(a: np.ndarray) -> np.ndarray:
    """The place of the largest number of each row, (m, 1), counted through all cells of the array."""
    return (a.argmax(1) + _row_starts(a.shape))[:, None]


@lru_cache(maxsize=64)
def _row_starts(shape: tuple[int, int]) -> np.ndarray:
    starts = np.arange(0, shape[0] * shape[1], shape[1])
    starts.flags.writeable = False
    return starts


@lru_cache(maxsize=64)
def _ones(shape: tuple[int, int], dtype: np.dtype) -> np.ndarray:
    return _constant(shape, 1, dtype)


def _constant(shape: tuple[int, ...], value: float, dtype: np.dtype) -> np.ndarray:
    array = np.full(shape, value, dtype)
    array.flags.writeable = False
    return array
