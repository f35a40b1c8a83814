"""The data sets by name, and how they are loaded."""

from functools import lru_cache

import numpy as np

from engine.data.dataset import Dataset
from engine.data.digits import DIGITS, digits
from engine.data.drawings import Drawings
from engine.data.mini_batch import Draw, batches_of, examples_in
from engine.data.next_mini_batch import NextMiniBatch
from engine.data.plane import PLANE
from engine.data.record import DatasetRecord
from engine.data.sine import SINE

__all__ = [
    "DATASETS", "Dataset", "DatasetRecord", "Draw", "Drawings", "NextMiniBatch", "batches_of", "digits", "examples_in",
    "load", "load_table",
]  # fmt: skip

DATASETS: dict[str, DatasetRecord] = dict(sorted({**PLANE, "digits": DIGITS, "sine": SINE}.items()))


@lru_cache(maxsize=32)
def load(name: str, seed: int, examples: int | None, noise: float | None, outputs: int) -> Dataset:
    """The named data set, a pure function of the arguments. It is made once and shared; its arrays are read-only.

    Args:
        name: a key of ``DATASETS``.
        seed: the seed of the experiment.
        examples: the number of examples; None where the data set has a fixed number.
        noise: the standard deviation of the noise; None where the data set has none.
        outputs: the number of outputs of the network, and so of target columns.
    """
    return DATASETS[name].make(seed, examples or 0, noise or 0.0, outputs)


def load_table(kind: str, x: tuple[tuple[float, ...], ...], y: tuple[tuple[float, ...], ...]) -> Dataset:
    """A data set of this kind from rows of inputs and targets. All of its examples are training examples."""
    inputs, targets = np.array(x, float), np.array(y, float)
    return Dataset(kind, inputs, targets, inputs[:0].copy(), targets[:0].copy())
