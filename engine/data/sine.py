"""Regression on a line: y = sin(pi x) for x from -1 to 1, with noise."""

import numpy as np

from engine.data.dataset import Dataset, hold_out
from engine.data.record import DatasetRecord


def sine(seed: int, examples: int, noise: float, outputs: int) -> Dataset:
    """Inputs and targets of shape (examples, 1); ``noise`` is the standard deviation of the targets' normal noise."""
    rng = np.random.default_rng([seed, 0x51])
    x = rng.uniform(-1, 1, (examples, 1))
    return hold_out("values", x, np.sin(np.pi * x) + rng.normal(0, noise, x.shape))


SINE = DatasetRecord("values", "line", 1, (1,), "identity", sine, 200, 0.1)
