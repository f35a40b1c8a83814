"""Distortions of many pictures of 28 x 28 pixels at once: shift, rotation, scale, and the width of the pen."""

import numpy as np

SIDE = 28
PADDED = SIDE + 3  # the side with one empty pixel before the picture and two after it
MIDDLE = (SIDE - 1) / 2
_ROWS, _COLUMNS = np.divmod(np.arange(SIDE * SIDE), SIDE) - np.full((2, 1), MIDDLE)
_GRID = np.stack([_ROWS, _COLUMNS, np.ones(SIDE * SIDE)])  # each pixel's place from the middle, and 1


def affine_maps(down: np.ndarray, right: np.ndarray, degrees: np.ndarray, factor: np.ndarray) -> np.ndarray:
    """Affine maps from each pixel of a distorted picture to the place (row, column) that it comes from.

    Args:
        down, right: how far the picture moves, in pixels, (n,).
        degrees: how far it turns, counterclockwise, (n,).
        factor: how many times larger it becomes, (n,).

    Returns:
        (n, 2, 3): the inverse of "resize and turn about the middle, then move", for places (row, column, 1) that are
        measured from the middle of the picture.
    """
    angle = np.deg2rad(degrees)
    cos, sin = np.cos(angle) / factor, np.sin(angle) / factor
    turn = np.stack([np.stack([cos, sin], axis=-1), np.stack([-sin, cos], axis=-1)], axis=-2)
    back = -(turn @ np.stack([down, right], axis=-1)[..., None])
    return np.concatenate([turn, back], axis=-1)


def moved(pictures: np.ndarray, maps: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Distort pictures by affine maps.

    Each grey value is interpolated between the four pixels around the place that it comes from. Beyond the edge, grey
    values are 0.

    Args:
        pictures: (n, 784), 0 to 1.
        maps: (n, 2, 3), as ``affine_maps`` returns them.
        out: the array to write into; a new one where it is None.

    Returns:
        (n, 784), of the pictures' dtype.
    """
    n, dtype = len(pictures), pictures.dtype
    padded = np.zeros((n, PADDED, PADDED), dtype)
    padded[:, 1 : SIDE + 1, 1 : SIDE + 1] = pictures.reshape(n, SIDE, SIDE)
    places = maps.astype(dtype) @ _GRID.astype(dtype)
    places += MIDDLE + 1
    np.clip(places, 0, SIDE + 1, out=places)
    corners = places.astype(np.intp)
    places -= corners
    row_share, column_share = places[:, 0], places[:, 1]
    first = np.arange(0, n * PADDED * PADDED, PADDED * PADDED)[:, None]
    corner = corners[:, 0] * PADDED + corners[:, 1] + first
    values = padded.ravel()
    upper = _between(values.take(corner), values.take(corner + 1), column_share)
    lower = _between(values.take(corner + PADDED), values.take(corner + PADDED + 1), column_share)
    return np.add(upper, (lower - upper) * row_share, out=out)


def _between(one: np.ndarray, other: np.ndarray, share: np.ndarray) -> np.ndarray:
    return one + (other - one) * share


def redrawn(pictures: np.ndarray, pen: np.ndarray) -> np.ndarray:
    """Redraw pictures with a thinner or a thicker pen.

    Each grey value moves by the share |pen| towards the largest (pen > 0) or the smallest (pen < 0) of itself and its
    four neighbours: 1 makes every stroke a pixel thicker on each side, -1 a pixel thinner.

    Args:
        pictures: (n, 784), 0 to 1.
        pen: (n,), -1 to 1.

    Returns:
        (n, 784), of the pictures' dtype.
    """
    n = len(pictures)
    squares, pen = pictures.reshape(n, SIDE, SIDE), np.asarray(pen, pictures.dtype)[:, None, None]
    ink, paper = (_extreme(squares, best) for best in (np.maximum, np.minimum))
    thicker, thinner = np.maximum(pen, 0) * (ink - squares), np.maximum(-pen, 0) * (paper - squares)
    return (squares + thicker + thinner).reshape(n, -1)


def _extreme(squares: np.ndarray, best: np.ufunc) -> np.ndarray:
    """The largest or smallest of each pixel and its four neighbours inside the picture."""
    found = squares.copy()
    for axis in (1, 2):
        for near, far in ((slice(1, None), slice(None, -1)), (slice(None, -1), slice(1, None))):
            here, there = ((slice(None),) * axis + (each,) for each in (near, far))
            found[here] = best(found[here], squares[there])
    return found
