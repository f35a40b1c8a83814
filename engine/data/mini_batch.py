"""The mini-batches and the random numbers of training steps: pure functions of the seed and the training step."""

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from engine.data.dataset import Dataset
from engine.data.drawings import Drawings
from engine.data.next_mini_batch import NextMiniBatch


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


def examples_in(
    training_step: int,
    size: int,
    dataset: Dataset,
    drawings: Drawings | None = None,
    chosen: NextMiniBatch | None = None,
) -> int:
    """The number of examples in the mini-batch of this training step; the last of an epoch may be smaller."""
    if drawings and drawings.alone and not chosen:
        return min(size, len(drawings.pictures))
    examples = len(dataset.x_train)
    due = min(size, examples - training_step % steps_per_epoch(examples, size) * size)
    return chosen.examples(dataset, due) if chosen else due


def turn(seed: int, training_step: int, size: int, examples: int) -> tuple[np.ndarray, int]:
    """The row numbers of all training examples in the order of this training step's epoch, and the place from which on
    it is their turn. Mini-batches of all examples are not shuffled.
    """
    if size >= examples:
        return _in_order(examples), 0
    epoch, number = divmod(training_step, -(-examples // size))
    return _shuffle(seed, epoch, examples), number * size


def rows(seed: int, training_step: int, size: int, examples: int) -> np.ndarray:
    """The row numbers of the training examples in a mini-batch."""
    order, first = turn(seed, training_step, size, examples)
    return order[first : first + size]


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
        chosen: what a person has chosen in place of the examples whose turn it is; None where nothing is.
        x: training inputs, in the dtype of the run or as bytes.
        y: training targets, in the dtype of the run.
    """

    dataset: Dataset
    seed: int
    size: int
    dtype: np.dtype
    training_step: int = 0
    drawings: Drawings | None = None
    chosen: NextMiniBatch | None = None
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
        return self._all is not None and self.drawings is None and self.chosen is None

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

    def chosen_rows(self) -> np.ndarray:
        """The row numbers of the training examples that a person has chosen for this training step's mini-batch."""
        assert self.chosen
        order, first = turn(self.seed, self.training_step, self.size, len(self.x))
        return self.chosen.rows(self.dataset, order, first, self.examples)

    @property
    def examples(self) -> int:
        """The number of examples in this training step's mini-batch."""
        return examples_in(self.training_step, self.size, self.dataset, self.drawings, self.chosen)

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
