"""Doubt: what is no digit, by its ink or by the outputs. A network alone answers anything with one of its ten classes.

Of MNIST's 10,000 held-out digits the rules about ink refuse 26. Those about outputs are such that each of the networks
that come trained refuses at most 2 in 100 altogether; between a quarter and a half of these it would have read wrong.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from engine.methods.activations import ACTIVATIONS
from engine.methods.losses import LOSSES

DOT = 0.15  # no larger than this share of the pad
BLOT, ROUND = 0.68, 10  # so much of its box is full, and it is so many pixels wide and high
PIECES = 0.5  # the largest piece is no longer than this share of the drawing
LOOPS, HOLE = 3, 3  # so many enclosed areas, of at least so many pixels each
FLAT = 1.75  # so many times as wide as high
# How far the largest output must at least be on the way from what the target 0 asks of an output to what 1 asks: where
# the outputs are shares of 1, and where each is on its own; and how much farther than the next.
SURE, SURE_ENOUGH, APART = 0.6, 0.3, 0.07
INKED = 0.3  # of a pixel that counts
SIDES = ((0, 1), (1, 0), (0, -1), (-1, 0))
CORNERS = ((1, 1), (1, -1), (-1, 1), (-1, -1))

Doubt = dict[str, Any]


def doubt_of_ink(picture: np.ndarray, share: float = 1) -> Doubt | None:
    """Why a drawing can be no digit, whatever the network: its ``reason`` and the numbers that tell; None if it can.

    Args:
        picture: (height, width), 0 to 1, what is in the drawing's box, its longer side 20.
        share: how much of the pad its longer side took up.
    """
    height, width = picture.shape
    if share <= DOT:
        return {"reason": "dot", "share": share}
    if min(height, width) >= ROUND and picture.mean() >= BLOT:
        return {"reason": "blot", "share": float(picture.mean())}
    inked = picture > INKED
    pieces = [np.ptp(piece, axis=0).max() + 1 for piece in _pieces(inked, (*SIDES, *CORNERS))]
    if len(pieces) > 1 and max(pieces) <= PIECES * max(height, width):
        return {"reason": "pieces", "pieces": len(pieces)}
    if width >= FLAT * height:
        return {"reason": "flat", "times": width / height}
    around = np.pad(~inked, 1, constant_values=True)
    loops = sum(len(area) >= HOLE for area in _pieces(around, SIDES)) - 1
    return {"reason": "loops", "loops": loops} if loops >= LOOPS else None


def doubt_of_outputs(output: np.ndarray, activation: str, loss: str) -> Doubt | None:
    """Why the outputs do not settle on a digit: its ``reason`` and the numbers that tell; None if they do.

    Args:
        output: (10,), the output activations.
        activation: the name of their activation.
        loss: and of the loss by which they are trained.
    """
    if not np.isfinite(output).all():
        return {"reason": "not_finite"}
    other, best = (int(digit) for digit in np.argsort(output, kind="stable")[-2:])
    told = {"digit": best, "value": float(output[best])}
    low, high = LOSSES[loss].levels
    if output[best] - low < (SURE if ACTIVATIONS[activation].shares else SURE_ENOUGH) * (high - low):
        return {"reason": "low", **told}
    if output[best] - output[other] < APART * (high - low):
        return {"reason": "close", **told, "other": other, "other_value": float(output[other])}
    return None


def _pieces(mask: np.ndarray, ways: tuple[tuple[int, int], ...]) -> Iterator[np.ndarray]:
    """The cells of each connected piece of a mask, (cells, 2); neighbours lie in these ways."""
    left = set(zip(*(places.tolist() for places in np.nonzero(mask)), strict=True))
    while left:
        piece = [left.pop()]
        for row, column in piece:
            near = {(row + down, column + across) for down, across in ways} & left
            left -= near
            piece += near
        yield np.array(piece)
