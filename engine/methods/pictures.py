"""Pictures of 28 x 28 pixels moved, turned, resized, and drawn with a thinner or a thicker pen: many at a time."""

import numpy as np

SIDE = 28
ROOM = SIDE + 3  # with an empty pixel before the picture, and two behind it
MIDDLE = (SIDE - 1) / 2
_ROWS, _COLUMNS = np.divmod(np.arange(SIDE * SIDE), SIDE) - np.full((2, 1), MIDDLE)
_GRID = np.stack([_ROWS, _COLUMNS, np.ones(SIDE * SIDE)])  # each pixel's place from the middle, and 1


def affine_maps(down: np.ndarray, right: np.ndarray, degrees: np.ndarray, factor: np.ndarray) -> np.ndarray:
    """Where each pixel of a moved picture comes from, as maps of places (row, column, 1) from the picture's middle.

    Args:
        down, right: how far the picture moves, in pixels, (n,).
        degrees: how far it turns, counterclockwise, (n,).
        factor: how many times larger it becomes, (n,).

    Returns:
        (n, 2, 3): the inverse of "resize and turn about the middle, then move".
    """
    angle = np.deg2rad(degrees)
    cos, sin = np.cos(angle) / factor, np.sin(angle) / factor
    turn = np.stack([np.stack([cos, sin], axis=-1), np.stack([-sin, cos], axis=-1)], axis=-2)
    back = -(turn @ np.stack([down, right], axis=-1)[..., None])
    return np.concatenate([turn, back], axis=-1)


def moved(pictures: np.ndarray, maps: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Pictures seen through affine maps: each grey value is interpolated between the four around the place that it
    comes from; beyond the edge there is nothing.

    Args:
        pictures: (n, 784), 0 to 1. maps: (n, 2, 3), of ``affine_maps``.

    Returns:
        (n, 784), of the pictures' dtype.
    """
    n, dtype = len(pictures), pictures.dtype
    roomy = np.zeros((n, ROOM, ROOM), dtype)
    roomy[:, 1 : SIDE + 1, 1 : SIDE + 1] = pictures.reshape(n, SIDE, SIDE)
    places = maps.astype(dtype) @ _GRID.astype(dtype)
    places += MIDDLE + 1
    np.clip(places, 0, SIDE + 1, out=places)
    corners = places.astype(np.intp)
    places -= corners
    row_share, column_share = places[:, 0], places[:, 1]
    corner = corners[:, 0] * ROOM + corners[:, 1] + np.arange(0, n * ROOM * ROOM, ROOM * ROOM)[:, None]
    values = roomy.ravel()
    upper = _between(values.take(corner), values.take(corner + 1), column_share)
    lower = _between(values.take(corner + ROOM), values.take(corner + ROOM + 1), column_share)
    return np.add(upper, (lower - upper) * row_share, out=out)


def _between(one: np.ndarray, other: np.ndarray, share: np.ndarray) -> np.ndarray:
    return one + (other - one) * share


def redrawn(pictures: np.ndarray, pen: np.ndarray) -> np.ndarray:
    """Pictures as a thinner or thicker pen would have drawn them.

    Each grey value goes by a share |pen| towards the darkest (pen > 0) or the lightest (pen < 0) of itself and its four
    neighbours: 1 makes every stroke a pixel thicker on each side, -1 a pixel thinner.

    Args:
        pictures: (n, 784), 0 to 1. pen: (n,), -1 to 1.

    Returns:
        (n, 784), of the pictures' dtype.
    """
    n = len(pictures)
    squares, pen = pictures.reshape(n, SIDE, SIDE), np.asarray(pen, pictures.dtype)[:, None, None]
    ink, paper = (_extreme(squares, best) for best in (np.maximum, np.minimum))
    thicker, thinner = np.maximum(pen, 0) * (ink - squares), np.maximum(-pen, 0) * (paper - squares)
    return (squares + thicker + thinner).reshape(n, -1)


def _extreme(squares: np.ndarray, best: np.ufunc) -> np.ndarray:
    """The largest or smallest of each pixel and its four neighbours; beyond the edge there is nothing."""
    found = squares.copy()
    for axis in (1, 2):
        for near, far in ((slice(1, None), slice(None, -1)), (slice(None, -1), slice(1, None))):
            here, there = ((slice(None),) * axis + (each,) for each in (near, far))
            found[here] = best(found[here], squares[there])
    return found
