"""Digits of other people: a collection of pictures with labels, read from lines of numbers."""

from math import isqrt
from typing import NamedTuple

import numpy as np

from engine.methods.pictures import SIDE, enlarging

FINE = 140  # the side in pixels to which coarser pictures than MNIST's are enlarged before their ink is measured


class Collection(NamedTuple):
    """Pictures, (n, side, side), from 0 for paper to 1 for ink, with a side of 28 or more; and their labels, (n,)."""

    pictures: np.ndarray
    labels: np.ndarray


def read_collection(text: str) -> Collection:
    """Read the digits of a text in the form of a CSV file, such as those of scikit-learn's ``load_digits``.

    Args:
        text: a line for each digit, with numbers between commas: the grey values of a square picture, row by row, where
            0 is paper and the largest of the text is ink, and then its label. Where the side is less than 28 pixels,
            the pictures are enlarged by interpolation.

    Raises:
        ValueError: the text is something else; the message says what is wrong.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    try:
        rows = np.array([line.split(",") for line in lines], float)
    except ValueError:
        raise ValueError("it has other things than numbers between commas, as many in each line") from None
    if not lines or isqrt(rows.shape[1] - 1) ** 2 != rows.shape[1] - 1 or rows.shape[1] < 5:
        raise ValueError("a line is not the grey values of a square picture and a label")
    labels, grey = rows[:, -1], rows[:, :-1]
    if not set(labels.tolist()) <= set(range(10)):
        raise ValueError("a label, the last number of a line, is no digit from 0 to 9")
    if not (grey >= 0).all() or not 0 < grey.max() < np.inf:
        raise ValueError("its grey values are not from 0 for paper up")
    side = isqrt(grey.shape[1])
    pictures = grey.reshape(-1, side, side) / grey.max()
    if side < SIDE:
        framed = np.pad(pictures, ((0, 0), (1, 1), (1, 1)))
        larger = enlarging(side + 2, FINE)
        pictures = larger @ framed @ larger.T
    return Collection(pictures, labels.astype(int))
