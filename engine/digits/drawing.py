"""The steps that bring a drawing into MNIST's form: it is fitted into a box of 20 x 20 pixels, and placed by its centre
of mass in a picture of 28 x 28.
"""

from dataclasses import dataclass
from math import ceil

import numpy as np

SIDE, BOX = 28, 20
INKED = 0.1  # the least ink of a pixel that belongs to the drawing
ROUNDING = 1e-9  # the rounding error of a symmetrical picture's centre of mass


@dataclass(frozen=True)
class Drawing:
    """A drawing at each step on its way into MNIST's form.

    Attributes:
        raw: (28, 28), 0 to 1, the whole pad, scaled down.
        box: the bounding box of the ink in pixels of the pad: first row, first column, and the row and the column
            after the last.
        fitted: (height, width), 0 to 1, the content of the box, scaled so that its longer side is 20 pixels.
        centre: the row and the column of the centre of mass of ``fitted``, in pixels from its upper left corner.
        corner: the row and the column of the picture at which the upper left corner of ``fitted`` is placed.
        placed: (28, 28), 0 to 1, the drawing in MNIST's form.
    """

    raw: np.ndarray
    box: tuple[int, int, int, int]
    fitted: np.ndarray
    centre: tuple[float, float]
    corner: tuple[int, int]
    placed: np.ndarray


def drawn(ink: np.ndarray) -> Drawing | None:
    """Bring a drawing of any size into MNIST's form.

    Args:
        ink: (height, width), from 0 for no ink to 1 for full ink.

    Returns:
        The steps, or None for an empty drawing.
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
    """A drawing of any size in MNIST's form, (28, 28), 0 to 1; None for an empty one."""
    found = drawn(ink)
    return None if found is None else found.placed


def to_bytes(picture: np.ndarray) -> np.ndarray:
    """The grey values of a picture, 0 to 1, as MNIST stores them: one byte for each pixel, row by row, (784,)."""
    return np.rint(255 * picture).astype(np.uint8).ravel()


def box_of(ink: np.ndarray) -> tuple[int, int, int, int] | None:
    """The bounding box of the ink: first row, first column, the row and the column after the last; None without ink."""
    rows, columns = (np.nonzero(ink.max(axis=axis) > INKED)[0] for axis in (1, 0))
    return (int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1) if len(rows) else None


def shrink(picture: np.ndarray, height: int, width: int) -> np.ndarray:
    """Resample a picture by area to (height, width): each new pixel is the mean of the area that it covers."""
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
    """The row and the column for the upper left corner that bring the centre of mass to where MNIST has it.

    In every digit of MNIST the centre of mass lies in the pixel to the right of and below the middle: between 14 and 15
    pixels from the edges. The picture is never cut off.
    """
    row, column = (
        min(max(ceil(SIDE / 2 - middle - ROUNDING), 0), SIDE - size) for middle, size in zip(centre, shape, strict=True)
    )
    return row, column
