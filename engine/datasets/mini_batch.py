"""Which examples a training step sees: a pure function of the seed and the training step."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine.datasets.dataset import Dataset


@lru_cache(maxsize=8)
def _shuffle(seed: int, epoch: int, examples: int) -> np.ndarray:
    order = np.random.default_rng([seed, 0xE, epoch]).permutation(examples)
    order.flags.writeable = False
    return order


def steps_per_epoch(examples: int, size: int) -> int:
    """Training steps in which every example is seen once; the last mini-batch may be smaller."""
    return -(-examples // size)


def rows(seed: int, training_step: int, size: int, examples: int) -> np.ndarray | slice:
    """The rows of the training examples that make up this mini-batch. The full set is not shuffled."""
    if size >= examples:
        return slice(None)
    epoch, number = divmod(training_step, steps_per_epoch(examples, size))
    return _shuffle(seed, epoch, examples)[number * size : (number + 1) * size]


@dataclass
class Draw:
    """All that a random micro-step may look at; the training step is the only part that moves on."""

    dataset: Dataset
    seed: int
    size: int
    dtype: np.dtype
    training_step: int = 0

    def rows(self) -> np.ndarray | slice:
        """The rows of the training examples that this training step sees."""
        return rows(self.seed, self.training_step, self.size, len(self.dataset.x_train))
