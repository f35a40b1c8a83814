"""The order of mini-batches: which training examples each training step takes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Protocol

import numpy as np

FOREVER = 2**53 - 1


class Batches(Protocol):
    """An order of mini-batches, a pure function of the number of the training step."""

    @property
    def per_epoch(self) -> int:
        """The number of training steps after which all examples have had their turn."""

    @property
    def largest(self) -> int:
        """The number of examples in the largest mini-batch."""

    @property
    def always_all(self) -> bool:
        """Whether every mini-batch is the whole data set, in order."""

    def turn(self, training_step: int) -> tuple[np.ndarray, int]:
        """The row numbers of the training examples in the order of this training step's epoch, and the place in it at
        which the mini-batch begins.
        """

    def count(self, training_step: int) -> int:
        """The number of examples in the mini-batch of this training step."""

    def same_count_until(self, training_step: int) -> int:
        """The next training step whose mini-batch may have another size."""


def rows_of(batches: Batches, training_step: int) -> np.ndarray:
    """The row numbers of the training examples in a mini-batch."""
    order, first = batches.turn(training_step)
    return order[first : first + batches.count(training_step)]


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


@dataclass(frozen=True)
class Shuffled:
    """Mini-batches of one size, in each epoch in another order; the last of an epoch may be smaller. Those of all
    examples are not shuffled.

    Attributes:
        seed: the seed of the experiment.
        size: the size of a full mini-batch.
        examples: the number of training examples.
    """

    seed: int
    size: int
    examples: int

    @property
    def per_epoch(self) -> int:
        """The number of training steps in an epoch."""
        return -(-self.examples // self.size)

    @property
    def largest(self) -> int:
        """The size of a full mini-batch."""
        return min(self.size, self.examples)

    @property
    def always_all(self) -> bool:
        """Whether every mini-batch is the whole data set."""
        return self.size >= self.examples

    def turn(self, training_step: int) -> tuple[np.ndarray, int]:
        """The order of this training step's epoch, and the place in it at which the mini-batch begins."""
        if self.always_all:
            return _in_order(self.examples), 0
        epoch, number = divmod(training_step, self.per_epoch)
        return _shuffle(self.seed, epoch, self.examples), number * self.size

    def count(self, training_step: int) -> int:
        """The number of examples in the mini-batch of this training step."""
        return min(self.size, self.examples - training_step % self.per_epoch * self.size)

    def same_count_until(self, training_step: int) -> int:
        """The next training step whose mini-batch has another size; ``FOREVER`` where all have the same."""
        if self.examples % self.size == 0:
            return FOREVER
        number, last = training_step % self.per_epoch, self.per_epoch - 1
        return training_step + (1 if number == last else last - number)


@dataclass(frozen=True, eq=False)
class Recorded:
    """The mini-batches of a recorded run; after the last one they come again from the first.

    Attributes:
        order: the row numbers of the training examples of all mini-batches, one after the other.
        ends: the place in the order at which each mini-batch ends.
        kept: which units dropout keeps, by layer, (examples of all mini-batches, units), in the same order.
    """

    order: np.ndarray
    ends: np.ndarray
    kept: Mapping[int, np.ndarray] = field(default_factory=dict)

    @property
    def per_epoch(self) -> int:
        """The number of recorded mini-batches."""
        return len(self.ends)

    @property
    def largest(self) -> int:
        """The number of examples in the largest mini-batch."""
        return int(self.counts.max())

    @property
    def always_all(self) -> bool:
        """Whether every mini-batch is the whole data set; it is never known to be."""
        return False

    @cached_property
    def counts(self) -> np.ndarray:
        """The number of examples in each mini-batch."""
        return np.diff(self.ends, prepend=0)

    def turn(self, training_step: int) -> tuple[np.ndarray, int]:
        """The order of all mini-batches, and the place in it at which this training step's begins."""
        return self.order, self._place(training_step).start

    def kept_in(self, training_step: int, layer: int) -> np.ndarray:
        """Which units of a layer dropout keeps in this training step, (examples, units)."""
        return self.kept[layer][self._place(training_step)]

    def _place(self, training_step: int) -> slice:
        """The place in the order of this training step's mini-batch."""
        number = training_step % self.per_epoch
        end = int(self.ends[number])
        return slice(end - int(self.counts[number]), end)

    def count(self, training_step: int) -> int:
        """The number of examples in the mini-batch of this training step."""
        return int(self.counts[training_step % self.per_epoch])

    def same_count_until(self, training_step: int) -> int:
        """The next training step whose mini-batch has another size, or at which they come again from the first."""
        number = training_step % self.per_epoch
        others = np.flatnonzero(self.counts[number:] != self.counts[number])
        return training_step + (int(others[0]) if len(others) else self.per_epoch - number)
