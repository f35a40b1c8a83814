"""What the name of an array says: its part in a layer, which layer, and whether it is an optimizer's."""

import re
from collections.abc import Container
from dataclasses import dataclass

from engine.methods.optimizers import OPTIMIZERS

WORD = re.compile(r"\d+|[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
# The parts of a layer, each with the words for it in PyTorch, Keras, JAX, scikit-learn and hand-written networks.
PARTS = {
    "weights": "w weight weights kernel kernels coef coefs theta",
    "bias": "b bias biases intercept intercepts offset",
    "gamma": "gamma scale",
    "beta": "beta shift",
    "running_mean": "mean",
    "running_var": "var variance",
}
PART_OF = {word: part for part, words in PARTS.items() for word in words.split()}
KEPT = {"running", "moving"}  # before a mean or a variance
# Words that say whether matrices have a column a neuron, as in Keras and scikit-learn, or a row, as in PyTorch.
BY_COLUMNS = {"kernel": True, "kernels": True, "coef": True, "coefs": True, "weight": False}
KINDS = {word for name in OPTIMIZERS for word in name.split("_")}
OF_AN_OPTIMIZER = {"optimizer", "optim", "opt", "exp", "velocity", "grad", "ema", *KINDS}
BEFORE = re.compile(
    r"(?:[mvsdg]|vd|sd)[._]?(?=[A-Za-z0-9])"
)  # of the name whose running mean, square or gradient it is
FIRST = {"in", "input", "inputs", "first", "encoder", "stem"}
LAST = {"out", "output", "outputs", "last", "final", "head", "decoder", "classifier"}


@dataclass(frozen=True)
class Name:
    """An array's name, taken apart.

    Attributes:
        part: the part of a layer that it says; None where it says none.
        words: its other words, in lower case.
        numbers: the numbers in it.
        by_columns: whether it says that matrices have a column a neuron, or a row; None where it says neither.
    """

    part: str | None
    words: tuple[str, ...]
    numbers: tuple[int, ...]
    by_columns: bool | None

    @property
    def of(self) -> tuple[tuple[str, ...], tuple[int, ...]]:
        """What names of one layer have in common."""
        return self.words, self.numbers

    @property
    def rank(self) -> tuple[int, tuple[str, ...], tuple[int, ...]]:
        """Its place among layers: words for the first and the last ones, then the alphabet, then numbers."""
        words = {*self.words}
        return (2 if words & LAST else 0 if words & FIRST else 1), self.words, self.numbers


def read(name: str) -> Name:
    """Take a name apart."""
    found = [each.lower() for each in WORD.findall(name)]
    words = [each for each in found if not each.isdecimal() and each not in KEPT]
    parts = [each for each in words if each in PART_OF]
    said = parts[-1] if parts else None
    if said:
        del words[len(words) - 1 - words[::-1].index(said)]
    numbers = tuple(int(each[:18]) for each in found if each.isdecimal())
    return Name(PART_OF.get(said or ""), tuple(words), numbers, BY_COLUMNS.get(said or ""))


def is_of_an_optimizer(name: str, names: Container[str]) -> bool:
    """Whether the name is that of an optimizer's state, or of a gradient, beside a parameter among ``names``."""
    if not OF_AN_OPTIMIZER.isdisjoint(each.lower() for each in WORD.findall(name)):
        return True
    before = BEFORE.match(name)
    return bool(before) and name[before.end() :] in names  # type: ignore[union-attr]
