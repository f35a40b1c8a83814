"""Mistakes in the targets: those of other examples."""

from collections.abc import Iterator
from itertools import permutations

import numpy as np

from engine.marking.case import Case
from engine.marking.variation import TEXTBOOK, Variation

FEW = 6  # targets of which every order is tried


def shuffled_labels(case: Case) -> Iterator[Variation]:
    """The targets are given to other examples of the mini-batch, each time in any order."""
    says = "the targets are in another order than the inputs: shuffle both alike, or neither"
    yield Variation("shuffled_labels", says, TEXTBOOK, shuffled)


def shuffled(y: np.ndarray) -> Iterator[np.ndarray]:
    """The targets in every order that makes a difference, as they are first; of many, those that turn them round."""
    m, seen = len(y), set[bytes]()
    turns = (tuple(np.roll(range(m), i)[::way]) for i in range(m) for way in (1, -1))
    for order in permutations(range(m)) if m <= FEW else turns:
        turned = y[list(order)]
        if turned.tobytes() not in seen:
            seen.add(turned.tobytes())
            yield turned
