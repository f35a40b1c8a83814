"""Rejection: drawings that are no digits, found by their ink or by the network's outputs.

A network alone answers every picture with one of its ten classes. Of MNIST's 10,000 held-out digits the rules about ink
reject 34. With the rules about outputs, each shipped network rejects at most 2 in 100 altogether; between a quarter and
a half of those it would have read wrong.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from engine.methods.activations import ACTIVATIONS
from engine.methods.losses import LOSSES

DOT = 0.15  # a dot is at most this share of the pad
BLOT, ROUND = 0.68, 10  # of a blot's box at least this share is ink; a blot is at least this many pixels wide and high
PIECES = 0.5  # of a drawing in pieces, the largest piece is at most this share of its length
LOOPS, HOLE = 3, 3  # the fewest loops that no digit has; the fewest pixels of a loop's inside
BASE, AROUND = 0.85, 0.5  # the least shares of the width of a straight base, and of a loop on it, that no digit has
SPECK = 2  # the fewest pixels of a piece of ink inside a loop that no digit has
FLAT = 1.75  # a drawing that is this many times as wide as high is no digit
# The least share of the way from the output for target 0 to the output for target 1 that the largest output must have
# come: SURE where the outputs add up to 1, SURE_ENOUGH where they are independent. By APART it must lead the next one.
SURE, SURE_ENOUGH, APART = 0.6, 0.3, 0.07
INKED = 0.3  # the least ink of a pixel that counts
SIDES = ((0, 1), (1, 0), (0, -1), (-1, 0))
CORNERS = ((1, 1), (1, -1), (-1, 1), (-1, -1))

Rejection = dict[str, Any]  # a ``reason`` and the numbers behind it


def rejection_by_ink(picture: np.ndarray, share: float = 1) -> Rejection | None:
    """Why a drawing is no digit, whatever the network answers.

    Args:
        picture: (height, width), 0 to 1, the content of the drawing's box, its longer side 20 pixels.
        share: the share of the pad that the longer side of the box took up.

    Returns:
        The ``reason`` and the numbers behind it, or None where the drawing may be a digit.
    """
    height, width = picture.shape
    if share <= DOT:
        return {"reason": "dot", "share": share}
    if min(height, width) >= ROUND and picture.mean() >= BLOT:
        return {"reason": "blot", "share": float(picture.mean())}
    inked = picture > INKED
    pieces = [*_pieces(inked, (*SIDES, *CORNERS))]
    if len(pieces) > 1 and max(np.ptp(piece, axis=0).max() + 1 for piece in pieces) <= PIECES * max(height, width):
        return {"reason": "pieces", "pieces": len(pieces)}
    if width >= FLAT * height:
        return {"reason": "flat", "times": width / height}
    around, *holes = _areas(inked)
    loops = [hole for hole in holes if len(hole) >= HOLE]
    if len(loops) >= LOOPS:
        return {"reason": "loops", "loops": len(loops)}
    base = float(inked[-2:].any(axis=0).mean())
    if base >= BASE and any(np.ptp(loop[:, 1]) + 1 >= AROUND * width for loop in loops):
        return {"reason": "base", "share": base}
    outside = {*map(tuple, around.tolist())}
    inside = sum(len(piece) >= SPECK and not outside & {*_beside(piece + 1)} for piece in pieces)
    return {"reason": "inside", "inside": inside} if inside else None


def rejection_by_outputs(output: np.ndarray, activation: str, loss: str) -> Rejection | None:
    """Why a network's outputs do not settle on a digit.

    Args:
        output: (10,), the output activations.
        activation: the name of the output layer's activation.
        loss: the name of the loss that the network is trained with.

    Returns:
        The ``reason`` and the numbers behind it, or None where the outputs settle on a digit.
    """
    if not np.isfinite(output).all():
        return {"reason": "not_finite"}
    other, best = (int(digit) for digit in np.argsort(output, kind="stable")[-2:])
    winner = {"digit": best, "value": float(output[best])}
    low, high = LOSSES[loss].levels
    if output[best] - low < (SURE if ACTIVATIONS[activation].shares else SURE_ENOUGH) * (high - low):
        return {"reason": "low", **winner}
    if output[best] - output[other] < APART * (high - low):
        return {"reason": "close", **winner, "other": other, "other_value": float(output[other])}
    return None


def _areas(inked: np.ndarray) -> list[np.ndarray]:
    """The areas without ink, (cells, 2), counted from a frame of one pixel: first the one around the drawing."""
    empty = np.pad(~inked, 1, constant_values=True)
    return sorted(_pieces(empty, SIDES), key=lambda area: area.sum(axis=1).min())


def _beside(piece: np.ndarray) -> Iterator[tuple[int, int]]:
    """The cells beside those of a piece."""
    for down, across in SIDES:
        yield from map(tuple, (piece + np.array([down, across])).tolist())


def _pieces(mask: np.ndarray, directions: tuple[tuple[int, int], ...]) -> Iterator[np.ndarray]:
    """The cells of each connected piece of a mask, (cells, 2); a cell's neighbours lie in these directions."""
    left = set(zip(*(places.tolist() for places in np.nonzero(mask)), strict=True))
    while left:
        piece = [left.pop()]
        for row, column in piece:
            near = {(row + down, column + across) for down, across in directions} & left
            left -= near
            piece += near
        yield np.array(piece)
