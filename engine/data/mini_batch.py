"""The mini-batches and the random numbers of training steps: pure functions of the seed and the training step."""

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from engine.data.batches import Batches, Recorded, Shuffled, rows_of
from engine.data.dataset import Dataset
from engine.data.drawings import Drawings
from engine.data.next_mini_batch import NextMiniBatch


@lru_cache(maxsize=16)
def _converted(dataset: Dataset, dtype: np.dtype) -> tuple[np.ndarray, np.ndarray]:
    """Training inputs and targets in the dtype of a run; inputs that are stored as bytes stay unscaled bytes."""
    x = dataset.x_train
    return x if x.dtype == np.uint8 else dataset.seen(x, dtype), dataset.y_train.astype(dtype)


def batches_of(dataset: Dataset, seed: int, size: int) -> Batches:
    """The order of mini-batches: that of the data set where it has one, or else one that the seed shuffles."""
    return dataset.batches or Shuffled(seed, size, len(dataset.x_train))


def examples_in(
    training_step: int,
    batches: Batches,
    dataset: Dataset,
    size: int,
    drawings: Drawings | None = None,
    chosen: NextMiniBatch | None = None,
) -> int:
    """The number of examples in the mini-batch of this training step."""
    if drawings and drawings.alone and not chosen:
        return min(size, len(drawings.pictures))
    due = batches.count(training_step)
    return chosen.examples(dataset, due) if chosen else due


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
    _batches: Batches = field(init=False)
    _all: np.ndarray | None = field(init=False, default=None)  # all rows, where a mini-batch has every example

    def __post_init__(self) -> None:
        self.x, self.y = _converted(self.dataset, self.dtype)
        self._batches = batches_of(self.dataset, self.seed, self.size)
        if self._batches.always_all:
            self._all = rows_of(self._batches, 0)

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
        return rows_of(self._batches, self.training_step)

    def chosen_rows(self) -> np.ndarray:
        """The row numbers of the training examples that a person has chosen for this training step's mini-batch."""
        assert self.chosen
        order, first = self._batches.turn(self.training_step)
        return self.chosen.rows(self.dataset, order, first, self.examples)

    @property
    def examples(self) -> int:
        """The number of examples in this training step's mini-batch."""
        return examples_in(self.training_step, self._batches, self.dataset, self.size, self.drawings, self.chosen)

    def drawn_rows(self) -> np.ndarray:
        """The indices of the drawings in this training step's mini-batch."""
        assert self.drawings
        examples = self.examples
        return self.drawings.rows(
            self.training_step, examples if self.drawings.alone else self.drawings.among(examples)
        )

    def kept(self, layer: int) -> np.ndarray:
        """Which units of a layer recorded dropout keeps in this training step, (examples, units)."""
        assert isinstance(self._batches, Recorded)
        return self._batches.kept_in(self.training_step, layer)

    def random(self, purpose: str, layer: int = 0) -> np.random.Generator:
        """A generator that only this purpose, layer and training step share."""
        return np.random.default_rng([self.seed, *purpose.encode(), layer, self.training_step])
