"""The data sets by name, what each needs of a network, and how one is made."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine.data.dataset import Dataset
from engine.data.digits import digits
from engine.data.drawings import Drawings
from engine.data.mini_batch import Draw, examples_in, rows, steps_per_epoch
from engine.data.plane import points
from engine.data.sine import sine

__all__ = [
    "SOURCES", "Dataset", "Draw", "Drawings", "Source", "examples_in", "load", "load_digits",
    "load_table", "rows", "steps_per_epoch",
]  # fmt: skip


@dataclass(frozen=True)
class Source:
    """What a data set offers: inputs, the numbers of outputs it can be learned with, and its settings' defaults."""

    kind: str
    inputs: int
    outputs: tuple[int, ...]
    examples: int | None = None  # None: fixed
    noise: float | None = None


SOURCES = {
    "circles": Source("classes", 2, (1, 2), 400, 0.08),
    "digits": Source("classes", 784, (10,)),
    "gaussians": Source("classes", 2, (1, 2), 400, 0.25),
    "moons": Source("classes", 2, (1, 2), 400, 0.08),
    "sine": Source("values", 1, (1,), 200, 0.1),
    "spirals": Source("classes", 2, (1, 2), 400, 0.03),
    "xor": Source("classes", 2, (1, 2), 400, 0.0),
}


@lru_cache(maxsize=2)  # of what takes 50 MB
def load_digits(others: int = 0) -> Dataset:
    """MNIST, with so many pictures that are no digit among those to learn from; made once and shared."""
    return digits(others)


@lru_cache(maxsize=32)
def load(name: str, seed: int, examples: int | None, noise: float | None, outputs: int) -> Dataset:
    """The named data set: a pure function of its arguments, made once and shared, for it is read-only."""
    if name == "digits":
        return load_digits()
    assert examples is not None and noise is not None
    return sine(seed, examples, noise) if name == "sine" else points(name, seed, examples, noise, outputs)


def load_table(x: tuple[tuple[float, ...], ...], y: tuple[tuple[float, ...], ...]) -> Dataset:
    """A data set given row by row; nothing of it is held out."""
    inputs, targets = np.array(x, float), np.array(y, float)
    return Dataset("values", inputs, targets, inputs[:0].copy(), targets[:0].copy())
