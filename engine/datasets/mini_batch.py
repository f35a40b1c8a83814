"""Which examples a training step sees: a pure function of the seed and the training step."""

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


def draw_mini_batch(
    dataset: Dataset,
    seed: int,
    training_step: int,
    size: int,
    dtype: np.dtype,
    out: tuple[np.ndarray, np.ndarray] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Inputs (m, inputs) and targets (m, outputs) of one training step, in the given dtype; m may differ at the end."""
    chosen = rows(seed, training_step, size, len(dataset.x_train))
    x, y = dataset.x_train[chosen], dataset.y_train[chosen]
    if out is None:
        out = np.empty(x.shape, dtype), np.empty(y.shape, dtype)
    np.multiply(x, dtype.type(dataset.scale), out=out[0], casting="same_kind")
    np.copyto(out[1], y, casting="same_kind")
    return out
