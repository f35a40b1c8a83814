"""The examples of a data set of one's own: rows of a table, split by a seed, and standardized."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from engine.data.dataset import Dataset, one_hot

if TYPE_CHECKING:
    from engine.data.own import OwnData

SPLIT = 0x0D  # part of the seed by which examples are held out
TINY = 1e-12  # of its mean: a smaller deviation is the rounding of values that are alike


@dataclass(frozen=True, eq=False)
class Made:
    """The examples, and what they were standardized with.

    Attributes:
        data: the data set, in which training examples come first as the seed shuffles the rows.
        order: the places in the table of all examples, the training examples first.
        mean: of each input over the training examples, (inputs,); with the target's as the last one for values.
        deviation: their standard deviations; 1 where all values are alike.
    """

    data: Dataset
    order: np.ndarray
    mean: np.ndarray
    deviation: np.ndarray


@lru_cache(maxsize=4)  # one may take 100 MB
def made(own: "OwnData", seed: int, outputs: int) -> Made:
    """The examples for a seed and a number of outputs; means and deviations are those of the training examples."""
    columns, is_values = own.table.columns, own.kind == "values"
    order = np.random.default_rng([seed, SPLIT]).permutation(own.rows)
    first = max(1, len(order) - int(len(order) * own.held_out))
    names = (*own.inputs, own.target) if is_values else own.inputs
    x = np.stack([columns[name].numbers[order] for name in names], axis=1)
    mean, deviation = x[:first].mean(axis=0), x[:first].std(axis=0)
    deviation[deviation <= TINY * np.abs(mean)] = 1
    if own.standardize:
        x -= mean
        x /= deviation
    y = x[:, -1:].copy() if is_values else one_hot(columns[own.target].labels[1][order], outputs)
    x = x[:, : len(own.inputs)]
    data = Dataset(own.kind, x[:first], y[:first], x[first:], y[first:])
    return Made(data, order, mean, deviation)
