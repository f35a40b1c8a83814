"""Distortions of many pictures of 28 x 28 pixels at once: shift, rotation, scale, random displacements of all pixels,
the width of the pen, and the resolution.
"""

from functools import cache

import numpy as np

SIDE = 28
PADDED = SIDE + 3  # the side with one empty pixel before the picture and two after it
MIDDLE = (SIDE - 1) / 2
_ROWS, _COLUMNS = np.divmod(np.arange(SIDE * SIDE), SIDE) - np.full((2, 1), MIDDLE)
_GRID = np.stack([_ROWS, _COLUMNS, np.ones(SIDE * SIDE)])  # each pixel's place from the middle, and 1
FEW = 8  # the pictures that are distorted at a time
PLACES = 8  # along each side, the places from which a random field spreads
SMOOTHNESS = 4  # the standard deviation in pixels of the Gaussian by which it does
_OFF = np.arange(SIDE)[:, None] - ((np.arange(PLACES) + 0.5) * (SIDE / PLACES) - 0.5)
_SPREAD = np.exp(-((_OFF / SMOOTHNESS) ** 2) / 2)
_SPREAD /= np.sqrt((_SPREAD**2).sum(axis=1, keepdims=True))  # rows of length 1 keep the variance


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

    Args:
        pictures: (n, 784), 0 to 1.
        maps: (n, 2, 3), as ``affine_maps`` returns them.
        out: the array to write into; a new one where it is None.

    Returns:
        (n, 784), of the pictures' dtype.
    """
    return _taken(pictures, maps.astype(pictures.dtype) @ _GRID.astype(pictures.dtype), out)


def displaced(pictures: np.ndarray, by: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Take each pixel of pictures from a place of its own.

    Args:
        pictures: (n, 784), 0 to 1.
        by: (n, 2, 784), of the pictures' dtype: how far down and to the right of each pixel its grey value comes from.
        out: the array to write into; a new one where it is None.

    Returns:
        (n, 784), of the pictures' dtype.
    """
    return _taken(pictures, by + _GRID[:2].astype(pictures.dtype), out)


def _taken(pictures: np.ndarray, places: np.ndarray, out: np.ndarray | None) -> np.ndarray:
    """The grey values at places, (n, 2, 784), that are measured from the middle of the picture and may be overwritten.

    Each is interpolated between the four pixels around its place. Beyond the edge, grey values are 0. A few pictures at
    a time take about half the time, since their arrays stay in the processor's cache.
    """
    made = np.empty_like(pictures) if out is None else out
    for first in range(0, len(pictures), FEW):
        few = slice(first, first + FEW)
        _take(pictures[few], places[few], made[few])
    return made


def _take(pictures: np.ndarray, places: np.ndarray, out: np.ndarray) -> None:
    n, dtype = len(pictures), pictures.dtype
    padded = np.zeros((n, PADDED, PADDED), dtype)
    padded[:, 1 : SIDE + 1, 1 : SIDE + 1] = pictures.reshape(n, SIDE, SIDE)
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
    np.add(upper, (lower - upper) * row_share, out=out)


def _between(one: np.ndarray, other: np.ndarray, share: np.ndarray) -> np.ndarray:
    return one + (other - one) * share


def smooth_fields(noise: np.ndarray) -> np.ndarray:
    """Fields of random numbers in which neighbouring pixels have nearly the same number.

    Args:
        noise: (..., 8, 8), independent standard normal numbers at places that are evenly spread over a picture.

    Returns:
        (..., 784): at each pixel the sum of the numbers around it, weighted by a Gaussian of ``SMOOTHNESS`` pixels, and
        scaled so that it is standard normal too.
    """
    spread = _SPREAD.astype(noise.dtype)
    return (spread @ noise @ spread.T).reshape(*noise.shape[:-2], SIDE * SIDE)


def coarsened(pictures: np.ndarray, pixel: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Pictures as a coarser scanner sees them, brought back to their own grid.

    Each picture is averaged down to as many pixels of the given width as fill it, and enlarged again.

    Args:
        pictures: (n, 784), 0 to 1.
        pixel: (n,), the width of the scanner's pixels, from 1 for a picture that stays as it is.
        out: the array to write into; a new one where it is None.

    Returns:
        (n, 784), of the pictures' dtype.
    """
    cells = np.rint(SIDE / pixel).astype(np.intp)
    there_and_back = _through_grids(pictures.dtype).take(cells, 0)
    lines, made = there_and_back @ pictures.reshape(-1, SIDE, SIDE), np.empty_like(pictures) if out is None else out
    np.matmul(lines, there_and_back.swapaxes(1, 2), out=made.reshape(-1, SIDE, SIDE))
    return made


@cache
def _through_grids(dtype: np.dtype) -> np.ndarray:
    """For each number of pixels from 0 to 28, the matrix that takes a line down to so many and back, (29, 28, 28)."""
    found = np.array([enlarging(cells, SIDE) @ averaging(cells) for cells in range(SIDE + 1)], dtype)
    found.flags.writeable = False
    return found


def averaging(cells: int) -> np.ndarray:
    """The matrix that averages a line of 28 pixels down to ``cells`` wider ones, by area, (cells, 28)."""
    edges, pixels = np.linspace(0, SIDE, cells + 1)[:, None], np.arange(SIDE)
    overlap = np.minimum(edges[1:], pixels + 1) - np.maximum(edges[:-1], pixels)
    return np.maximum(overlap, 0) * (cells / SIDE)


def enlarging(cells: int, side: int) -> np.ndarray:
    """The matrix that enlarges a line of ``cells`` pixels to ``side`` pixels, (side, cells).

    Between the middles of the wider pixels it interpolates; beyond the first and the last one it repeats them.
    """
    middles = np.clip((np.arange(side) + 0.5) * (cells / side) - 0.5, 0, cells - 1)
    return np.maximum(1 - np.abs(middles[:, None] - np.arange(cells)), 0)


def redrawn(pictures: np.ndarray, pen: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Redraw pictures with a thinner or a thicker pen.

    Each grey value moves by the share |pen| towards the largest (pen > 0) or the smallest (pen < 0) of itself and its
    four neighbours: 1 makes every stroke a pixel thicker on each side, -1 a pixel thinner.

    Args:
        pictures: (n, 784), 0 to 1.
        pen: -1 to 1, for each picture, (n,), or for each of its pixels, (n, 784).
        out: the array to write into; a new one where it is None.

    Returns:
        (n, 784), of the pictures' dtype.
    """
    n, made = len(pictures), np.empty_like(pictures) if out is None else out
    squares = pictures.reshape(n, SIDE, SIDE)
    pen = np.asarray(pen, pictures.dtype).reshape(n, *((1, 1) if pen.ndim == 1 else (SIDE, SIDE)))
    ink, paper = (_extreme(squares, best) for best in (np.maximum, np.minimum))
    thicker, thinner = np.maximum(pen, 0) * (ink - squares), np.maximum(-pen, 0) * (paper - squares)
    np.add(squares + thicker, thinner, out=made.reshape(n, SIDE, SIDE))
    return made


def _extreme(squares: np.ndarray, best: np.ufunc) -> np.ndarray:
    """The largest or smallest of each pixel and its four neighbours inside the picture."""
    found = squares.copy()
    for axis in (1, 2):
        for near, far in ((slice(1, None), slice(None, -1)), (slice(None, -1), slice(1, None))):
            here, there = ((slice(None),) * axis + (each,) for each in (near, far))
            found[here] = best(found[here], squares[there])
    return found
