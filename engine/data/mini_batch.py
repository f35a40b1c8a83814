"""Which examples a training step sees, and all else that is random in it: pure functions of seed and training step."""

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from engine.data.dataset import Dataset
from engine.data.drawings import Drawings


@lru_cache(maxsize=8)
def _shuffle(seed: int, epoch: int, examples: int) -> np.ndarray:
    order = np.random.default_rng([seed, 0xE, epoch]).permutation(examples)
    order.flags.writeable = False
    return order


@lru_cache(maxsize=8)
def _in_order(examples: int) -> np.ndarray:
    order = np.arange(examples)
    order.flags.writeable = False
    return order


@lru_cache(maxsize=16)
def _converted(dataset: Dataset, dtype: np.dtype) -> tuple[np.ndarray, np.ndarray]:
    """Training inputs and targets as a run needs them; inputs that are stored as bytes stay bytes, still to scale."""
    x = dataset.x_train
    return x if x.dtype == np.uint8 else dataset.seen(x, dtype), dataset.y_train.astype(dtype)


def steps_per_epoch(examples: int, size: int) -> int:
    """Training steps in which every example is seen once; the last mini-batch may be smaller."""
    return -(-examples // size)


def examples_in(training_step: int, size: int, examples: int, drawings: Drawings | None = None) -> int:
    """How many examples this training step sees: the last mini-batch of an epoch may be smaller."""
    if drawings and drawings.alone:
        return min(size, len(drawings.pictures))
    first = training_step % steps_per_epoch(examples, size) * size
    return min(size, examples - first)


def rows(seed: int, training_step: int, size: int, examples: int) -> np.ndarray:
    """The rows of the training examples that make up this mini-batch. The full set is not shuffled."""
    if size >= examples:
        return _in_order(examples)
    epoch, number = divmod(training_step, -(-examples // size))
    return _shuffle(seed, epoch, examples)[number * size : (number + 1) * size]


@dataclass
class Draw:
    """All that a random micro-step may look at; the training step is the only part that moves on."""

    dataset: Dataset
    seed: int
    size: int
    dtype: np.dtype
    training_step: int = 0
    drawings: Drawings | None = None
    x: np.ndarray = field(init=False)
    y: np.ndarray = field(init=False)
    _all: np.ndarray | None = field(init=False, default=None)  # the rows where every training step sees them all

    def __post_init__(self) -> None:
        self.x, self.y = _converted(self.dataset, self.dtype)
        if self.size >= len(self.x):
            self._all = rows(self.seed, 0, self.size, len(self.x))

    @property
    def always_all(self) -> bool:
        """Whether every training step sees all examples of the data set and no others, in order."""
        return self._all is not None and self.drawings is None

    def inputs(self, rows: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        """The inputs of these rows of the data set, as a network sees them."""
        if self.x.dtype != np.uint8:
            return self.x.take(rows, 0, out, "clip")
        return self.dataset.seen(self.x.take(rows, 0), self.dtype, out)

    def rows(self) -> np.ndarray:
        """The rows of the training examples that this training step sees."""
        if self._all is not None:
            return self._all
        return rows(self.seed, self.training_step, self.size, len(self.x))

    @property
    def examples(self) -> int:
        """How many examples this training step sees."""
        return examples_in(self.training_step, self.size, len(self.x), self.drawings)

    def drawn_rows(self) -> np.ndarray:
        """Which of one's own drawings this training step sees."""
        assert self.drawings
        examples = self.examples
        return self.drawings.rows(
            self.training_step, examples if self.drawings.alone else self.drawings.among(examples)
        )

    def random(self, purpose: str, layer: int = 0) -> np.random.Generator:
        """A generator of its own for each purpose, layer and training step."""
        return np.random.default_rng([self.seed, *purpose.encode(), layer, self.training_step])
