"""The mini-batches and the random numbers of training steps: pure functions of the seed and the training step."""

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
    """Training inputs and targets in the dtype of a run; inputs that are stored as bytes stay unscaled bytes."""
    x = dataset.x_train
    return x if x.dtype == np.uint8 else dataset.seen(x, dtype), dataset.y_train.astype(dtype)


def steps_per_epoch(examples: int, size: int) -> int:
    """The number of training steps in an epoch; its last mini-batch may be smaller."""
    return -(-examples // size)


def examples_in(training_step: int, size: int, examples: int, drawings: Drawings | None = None) -> int:
    """The number of examples in the mini-batch of this training step; the last of an epoch may be smaller."""
    if drawings and drawings.alone:
        return min(size, len(drawings.pictures))
    first = training_step % steps_per_epoch(examples, size) * size
    return min(size, examples - first)


def rows(seed: int, training_step: int, size: int, examples: int) -> np.ndarray:
    """The row numbers of the training examples in a mini-batch. A mini-batch of all examples is not shuffled."""
    if size >= examples:
        return _in_order(examples)
    epoch, number = divmod(training_step, -(-examples // size))
    return _shuffle(seed, epoch, examples)[number * size : (number + 1) * size]


@dataclass
class Draw:
    """The source of examples and random numbers for the micro-steps that draw them.

    Only ``training_step`` changes during a run.

    Attributes:
        dataset: the data set.
        seed: the seed of the experiment.
        size: the size of a full mini-batch.
        dtype: the dtype of the run.
        training_step: the number of the training step.
        drawings: the user's drawings among the examples; None where there are none.
        x: training inputs, in the dtype of the run or as bytes.
        y: training targets, in the dtype of the run.
    """

    dataset: Dataset
    seed: int
    size: int
    dtype: np.dtype
    training_step: int = 0
    drawings: Drawings | None = None
    x: np.ndarray = field(init=False)
    y: np.ndarray = field(init=False)
    _all: np.ndarray | None = field(init=False, default=None)  # all rows, where a mini-batch has every example

    def __post_init__(self) -> None:
        self.x, self.y = _converted(self.dataset, self.dtype)
        if self.size >= len(self.x):
            self._all = rows(self.seed, 0, self.size, len(self.x))

    @property
    def always_all(self) -> bool:
        """Whether every mini-batch is the whole data set, in order, and nothing else."""
        return self._all is not None and self.drawings is None

    def inputs(self, rows: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        """The network's inputs for these rows of the data set, (len(rows), inputs)."""
        if self.x.dtype != np.uint8:
            return self.x.take(rows, 0, out, "clip")
        return self.dataset.seen(self.x.take(rows, 0), self.dtype, out)

    def rows(self) -> np.ndarray:
        """The row numbers of the training examples in this training step's mini-batch."""
        if self._all is not None:
            return self._all
        return rows(self.seed, self.training_step, self.size, len(self.x))

    @property
    def examples(self) -> int:
        """The number of examples in this training step's mini-batch."""
        return examples_in(self.training_step, self.size, len(self.x), self.drawings)

    def drawn_rows(self) -> np.ndarray:
        """The indices of the drawings in this training step's mini-batch."""
        assert self.drawings
        examples = self.examples
        return self.drawings.rows(
            self.training_step, examples if self.drawings.alone else self.drawings.among(examples)
        )

    def random(self, purpose: str, layer: int = 0) -> np.random.Generator:
        """A generator that only this purpose, layer and training step share."""
        return np.random.default_rng([self.seed, *purpose.encode(), layer, self.training_step])
