"""Regression on a line: y = sin(pi x) for x from -1 to 1, with noise."""

import numpy as np

from engine.data.dataset import Dataset, hold_out, training
from engine.data.record import DatasetRecord, Recipe

LINES = """\
rng = np.random.default_rng([{seed}, 0x51])
x = rng.uniform(-1, 1, ({examples}, 1))
y = np.sin(np.pi * x) + rng.normal(0, {noise}, x.shape)
X, Y = x[:{training}], y[:{training}]  # the others are held out"""


def sine(seed: int, examples: int, noise: float, outputs: int) -> Dataset:
    """Inputs and targets of shape (examples, 1); ``noise`` is the standard deviation of the targets' normal noise."""
    rng = np.random.default_rng([seed, 0x51])
    x = rng.uniform(-1, 1, (examples, 1))
    return hold_out("values", x, np.sin(np.pi * x) + rng.normal(0, noise, x.shape))


def recipe(seed: int, examples: int, noise: float, outputs: int) -> Recipe:
    """The same as NumPy lines."""
    return Recipe(LINES.format(seed=seed, examples=examples, noise=noise, training=training(examples)))


SINE = DatasetRecord("values", "line", 1, (1,), "identity", sine, recipe, 200, 0.1)
