"""A drawing brought into MNIST's form: fitted into a 20 x 20 box, and placed by its centre of mass in 28 x 28."""

from math import ceil

import numpy as np

SIDE, BOX = 28, 20
ROUNDING = 1e-9  # what symmetrical pictures may be off by


def centred(ink: np.ndarray) -> np.ndarray | None:
    """A drawing of any size as MNIST would have it.

    Args:
        ink: (height, width), 0 where there is no ink to 1 where it is full.

    Returns:
        (28, 28), 0 to 1, or None for an empty drawing. Its longer side is 20 and its proportions are kept; each grey
        value is the mean of the ink that falls on it, so edges are smooth; its centre of mass lies where MNIST's do.
    """
    ink = np.asarray(ink, float)
    rows, columns = np.nonzero(ink.max(axis=1) > 0.1)[0], np.nonzero(ink.max(axis=0) > 0.1)[0]
    if not len(rows):
        return None
    box = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = BOX / max(box.shape)
    small = _shrink(_shrink(box, max(1, round(box.shape[0] * scale))).T, max(1, round(box.shape[1] * scale))).T
    return _place(small)


def _shrink(picture: np.ndarray, height: int) -> np.ndarray:
    """Resample the rows to ``height`` by area: each new row is the mean of the stretch of old rows that it covers."""
    below = np.vstack([np.zeros(picture.shape[1]), np.cumsum(picture, axis=0)])
    edges = np.linspace(0, len(picture), height + 1)
    whole = np.minimum(edges.astype(int), len(picture) - 1)
    total = below[whole] + (edges - whole)[:, None] * picture[whole]
    return np.diff(total, axis=0) * (height / len(picture))


def _place(small: np.ndarray) -> np.ndarray:
    """Put the picture where its centre of mass lies as in MNIST, and nothing is cut off.

    There it lies in the pixel right below the middle: between 14 and 15 from the edges, in every digit.
    """
    mass = small.sum()
    placed = np.zeros((SIDE, SIDE))
    corner = []
    for axis, size in enumerate(small.shape):
        centre = (small.sum(axis=1 - axis) @ (np.arange(size) + 0.5)) / mass
        corner.append(min(max(ceil(SIDE / 2 - centre - ROUNDING), 0), SIDE - size))
    placed[corner[0] : corner[0] + small.shape[0], corner[1] : corner[1] + small.shape[1]] = small
    return np.clip(placed, 0, 1)
