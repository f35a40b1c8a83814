"""A drawing brought into MNIST's form, step by step: fitted into a 20 x 20 box, and placed by its centre of mass in
28 x 28.
"""

from dataclasses import dataclass
from math import ceil

import numpy as np

SIDE, BOX = 28, 20
INKED = 0.1  # how much ink it takes to be part of the drawing
ROUNDING = 1e-9  # what symmetrical pictures may be off by


@dataclass(frozen=True)
class Drawing:
    """What becomes of a drawing.

    Attributes:
        raw: (28, 28), 0 to 1, all of the pad as it is, only smaller.
        box: the first row and column with ink and the ones after the last, in pixels of the pad.
        fitted: (height, width), 0 to 1, what is in the box, its longer side 20 and its proportions kept.
        centre: the row and the column of its centre of mass, in pixels of ``fitted`` from its upper left corner.
        corner: the row and the column of 28 x 28 at which its upper left corner is placed.
        placed: (28, 28), 0 to 1: the drawing as MNIST would have it.
    """

    raw: np.ndarray
    box: tuple[int, int, int, int]
    fitted: np.ndarray
    centre: tuple[float, float]
    corner: tuple[int, int]
    placed: np.ndarray


def drawn(ink: np.ndarray) -> Drawing | None:
    """The steps from a drawing of any size to what the network sees.

    Args:
        ink: (height, width), 0 where there is no ink to 1 where it is full.

    Returns:
        None for an empty drawing. Else edges are smooth, and the centre of mass lies where MNIST's do.
    """
    ink = np.asarray(ink, float)
    box = box_of(ink)
    if box is None:
        return None
    top, left, bottom, right = box
    inside = ink[top:bottom, left:right]
    scale = BOX / max(inside.shape)
    height, width = (max(1, round(size * scale)) for size in inside.shape)
    fitted = shrink(inside, height, width)
    centre = _centre_of_mass(fitted)
    corner = _corner(centre, fitted.shape)
    placed = np.zeros((SIDE, SIDE))
    placed[corner[0] : corner[0] + height, corner[1] : corner[1] + width] = fitted
    return Drawing(np.clip(shrink(ink, SIDE, SIDE), 0, 1), box, fitted, centre, corner, np.clip(placed, 0, 1))


def centred(ink: np.ndarray) -> np.ndarray | None:
    """A drawing of any size as MNIST would have it, (28, 28), 0 to 1; None for an empty one."""
    found = drawn(ink)
    return None if found is None else found.placed


def to_bytes(picture: np.ndarray) -> np.ndarray:
    """A picture of 0 to 1 as MNIST stores its own: a byte a pixel, row by row, (784,)."""
    return np.rint(255 * picture).astype(np.uint8).ravel()


def box_of(ink: np.ndarray) -> tuple[int, int, int, int] | None:
    """The first row and column with ink and the ones after the last; None where there is none."""
    rows, columns = (np.nonzero(ink.max(axis=axis) > INKED)[0] for axis in (1, 0))
    return (int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1) if len(rows) else None


def shrink(picture: np.ndarray, height: int, width: int) -> np.ndarray:
    """Resample by area: each new pixel is the mean of the part of the picture that it covers."""
    return _shrink_rows(_shrink_rows(picture, height).T, width).T


def _shrink_rows(picture: np.ndarray, height: int) -> np.ndarray:
    below = np.vstack([np.zeros(picture.shape[1]), np.cumsum(picture, axis=0)])
    edges = np.linspace(0, len(picture), height + 1)
    whole = np.minimum(edges.astype(int), len(picture) - 1)
    total = below[whole] + (edges - whole)[:, None] * picture[whole]
    return np.diff(total, axis=0) * (height / len(picture))


def _centre_of_mass(picture: np.ndarray) -> tuple[float, float]:
    mass = picture.sum()
    row, column = (picture.sum(axis=1 - axis) @ (np.arange(picture.shape[axis]) + 0.5) / mass for axis in (0, 1))
    return float(row), float(column)


def _corner(centre: tuple[float, float], shape: tuple[int, ...]) -> tuple[int, int]:
    """Where the picture goes for its centre of mass to lie as in MNIST, and nothing to be cut off.

    There it lies in the pixel right below the middle: between 14 and 15 from the edges, in every digit.
    """
    row, column = (
        min(max(ceil(SIDE / 2 - middle - ROUNDING), 0), SIDE - size) for middle, size in zip(centre, shape, strict=True)
    )
    return row, column
