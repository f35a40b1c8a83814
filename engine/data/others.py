"""Pictures in MNIST's form that show no digit: random strokes, dots, grids, letters, digits in pieces, pairs of digits;
after 20,000 of those what people like to draw instead: letters, faces and houses; after 26,000 more letters and signs.

A network that is trained on digits alone takes every picture for a digit. These pictures belong to no class, and their
targets say so.
"""

from collections.abc import Callable, Sequence

import numpy as np

SIDE, BOX, PIECE = 28, 20, 10
SEED = 0x0DD
FIGURES_FROM = 20_000  # the number of the picture from which on they are figures
SIGNS_FROM = 26_000  # the same of letters and signs
MARGIN = (SIDE - BOX) // 2
MIDDLES = np.arange(SIDE) + 0.5  # the middles of pixels
Strokes = list[np.ndarray]  # each (points, 2): across and down
Rng = np.random.Generator

# Letters that do not look like digits, as strokes on the unit square.
LETTERS: list[list[list[tuple[float, float]]]] = [
    [[(0, 1), (0.5, 0), (1, 1)], [(0.2, 0.6), (0.8, 0.6)]],  # A
    [[(1, 0), (0, 0), (0, 1), (1, 1)], [(0, 0.5), (0.8, 0.5)]],  # E
    [[(1, 0), (0, 0), (0, 1)], [(0, 0.5), (0.8, 0.5)]],  # F
    [[(0, 0), (0, 1)], [(1, 0), (1, 1)], [(0, 0.5), (1, 0.5)]],  # H
    [[(0, 0), (0, 1)], [(1, 0), (0, 0.5), (1, 1)]],  # K
    [[(0, 1), (0, 0), (0.5, 0.6), (1, 0), (1, 1)]],  # M
    [[(0, 1), (0, 0), (1, 1), (1, 0)]],  # N
    [[(0, 1), (0, 0), (0.8, 0.05), (0.9, 0.25), (0.7, 0.5), (0, 0.5)], [(0.4, 0.5), (1, 1)]],  # R
    [[(0, 0), (1, 0)], [(0.5, 0), (0.5, 1)]],  # T
    [[(0, 0), (0.5, 1), (1, 0)]],  # V
    [[(0, 0), (0.25, 1), (0.5, 0.3), (0.75, 1), (1, 0)]],  # W
]

# Letters that look a little like digits, as strokes on the unit square.
MORE_LETTERS: list[list[list[tuple[float, float]]]] = [
    [[(0, 0), (0, 0.6), (0.15, 0.9), (0.5, 1), (0.85, 0.9), (1, 0.6), (1, 0)]],  # U
    [[(0, 0), (0.5, 0.5), (1, 0)], [(0.5, 0.5), (0.5, 1)]],  # Y
    [[(0, 1), (0, 0), (0.75, 0.03), (0.95, 0.25), (0.75, 0.5), (0, 0.53)]],  # P
]


def others(count: int, digits: np.ndarray) -> np.ndarray:
    """The first ``count`` pictures of a fixed sequence of pictures that show no digit.

    Args:
        digits: (examples, 784) bytes, the digits that some of the pictures are made from.

    Returns:
        (count, 784) bytes.
    """
    pictures = np.empty((count, SIDE * SIDE), np.uint8)
    rng = np.random.default_rng(SEED)
    for k, picture in enumerate(pictures[:FIGURES_FROM]):
        picture[:] = _bytes(KINDS[k % len(KINDS)](rng, digits))
    pictures[FIGURES_FROM:SIGNS_FROM] = figures(min(SIGNS_FROM, max(FIGURES_FROM, count)) - FIGURES_FROM)
    pictures[SIGNS_FROM:] = signs(max(0, count - SIGNS_FROM))
    return pictures


def figures(count: int) -> np.ndarray:
    """The first ``count`` pictures of a fixed sequence of letters, faces and houses, (count, 784) bytes."""
    return _sequence(1, FIGURES, count)


def signs(count: int) -> np.ndarray:
    """The first ``count`` pictures of a fixed sequence of letters, hearts, arrows and ticks, (count, 784) bytes."""
    return _sequence(2, SIGNS, count)


def _sequence(seed: int, kinds: Sequence[Callable[[Rng], Strokes]], count: int) -> np.ndarray:
    """The first ``count`` pictures of a fixed sequence of these kinds in turn, (count, 784) bytes."""
    rng = np.random.default_rng([SEED, seed])
    pictures = [_bytes(drawn(kinds[k % len(kinds)](rng), rng.uniform(1, 4.5))) for k in range(count)]
    return np.array(pictures, np.uint8).reshape(count, SIDE * SIDE)


def _bytes(picture: np.ndarray) -> np.ndarray:
    return np.rint(255 * picture).ravel()


def drawn(strokes: Strokes, width: float) -> np.ndarray:
    """A picture of pen strokes, (28, 28), 0 to 1, fitted into the box and placed as MNIST places digits.

    A single dot fills the box, as it does when a drawing is fitted.

    Args:
        strokes: the points of each stroke, in any unit.
        width: the width of the pen in pixels.
    """
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    size = (high - low).max()
    scale, width = ((BOX - width) / size, width) if size else (0.0, float(BOX))
    placed = [(stroke - (low + high) / 2) * scale + SIDE / 2 for stroke in strokes]
    picture = np.clip(width / 2 - _distance(placed) + 0.5, 0, 1)
    return np.roll(picture, _off_the_middle(picture), (0, 1))


def _distance(strokes: Strokes) -> np.ndarray:
    """The distance of each pixel's middle from the nearest stroke, (28, 28), in pixels."""
    begin = np.concatenate([stroke[:-1] for stroke in strokes])
    along = np.concatenate([stroke[1:] for stroke in strokes]) - begin
    x, y = (MIDDLES[:, None] - begin[:, axis] for axis in (0, 1))
    across, down = along.T
    length = np.maximum(across**2 + down**2, 1e-9)
    share = np.clip(((x * across)[None] + (y * down)[:, None]) / length, 0, 1)
    squares = (x[None] - share * across) ** 2 + (y[:, None] - share * down) ** 2
    return np.sqrt(squares.min(axis=2))


def _off_the_middle(picture: np.ndarray) -> tuple[int, int]:
    """The shift in pixels, down and right, that brings the picture's centre of mass to where MNIST has it."""
    centres = (picture.sum(axis=1 - axis) @ MIDDLES / picture.sum() for axis in (0, 1))
    down, right = (int(np.clip(np.ceil(SIDE / 2 - centre - 1e-9), -MARGIN, MARGIN)) for centre in centres)
    return down, right


def _lines(rng: Rng) -> Strokes:
    return [*rng.uniform(0, 1, (rng.integers(3, 9), 2, 2))]


def _scribble(rng: Rng) -> Strokes:
    frequency = rng.uniform(5, 14) * np.array([1, rng.choice([0.4, 0.55, 1.6, 2.3])])
    return [np.sin(np.linspace(0, rng.uniform(2, 4), 80)[:, None] * frequency + rng.uniform(0, 7, 2))]


def _walk(rng: Rng) -> Strokes:
    return [np.cumsum(rng.normal(0, 1, (rng.integers(12, 40), 2)), axis=0)]


def _dots(rng: Rng) -> Strokes:
    return [*np.repeat(rng.uniform(0, 1, (rng.integers(1, 8), 1, 2)), 2, axis=1)]


def _grid(rng: Rng) -> Strokes:
    turn, ends = rng.uniform(0, np.pi / 2), np.array([-0.1, 1.1])
    across = rng.integers(1, 5)
    down = 1 if across == 1 else rng.integers(2, 5)  # one line with two bars looks like a 1
    rows, columns = (np.linspace(0, 1, count + 2)[1:-1] for count in (down, across))
    lines = [np.stack(np.broadcast_arrays(x, ends), axis=1) for x in columns]
    lines += [np.stack(np.broadcast_arrays(ends, y), axis=1) for y in rows]
    cos, sin = np.cos(turn), np.sin(turn)
    return [line @ np.array([[cos, sin], [-sin, cos]]) for line in lines]


def _polygon(rng: Rng) -> Strokes:
    corners = rng.integers(3, 6)
    step = 2 if corners == 5 else 1  # five corners make a star
    turns = rng.uniform(0, 2 * np.pi) + 2 * np.pi * step * np.arange(corners + 1) / corners
    return [np.stack([np.cos(turns), np.sin(turns)], axis=1) * rng.uniform(0.6, 1, 2)]


def _zigzag(rng: Rng) -> Strokes:
    points = rng.integers(4, 12)
    line = np.stack([np.linspace(0, 1, points), rng.uniform(0.15, 0.6) * (np.arange(points) % 2)], axis=1)
    return [(line + rng.normal(0, 0.03, line.shape))[:, :: rng.choice([1, -1])]]


def _bars(rng: Rng) -> Strokes:
    line = np.array([[0, 0], [1, rng.uniform(-0.12, 0.12)]])
    return [line + np.array([0, 0.25 * bar]) for bar in range(rng.choice([1, 1, 2, 3]))]


def _letter(rng: Rng) -> Strokes:
    return _written(rng, LETTERS)


def _any_letter(rng: Rng) -> Strokes:
    return _written(rng, LETTERS + MORE_LETTERS)


def _other_letter(rng: Rng) -> Strokes:
    return _written(rng, MORE_LETTERS)


def _written(rng: Rng, letters: list[list[list[tuple[float, float]]]]) -> Strokes:
    """One of the letters, as a hand writes it."""
    slanted = np.array([[rng.uniform(0.6, 1.1), 0], [rng.uniform(-0.3, 0.3), 1]])
    letter = letters[rng.integers(len(letters))]
    return [(np.array(stroke) + rng.normal(0, 0.05, (len(stroke), 2))) @ slanted for stroke in letter]


def _heart(rng: Rng) -> Strokes:
    turns = np.linspace(0, 2 * np.pi, 40) + rng.uniform(-0.3, 0.3)
    down = -13 * np.cos(turns) + 5 * np.cos(2 * turns) + 2 * np.cos(3 * turns) + np.cos(4 * turns)
    heart = np.stack([16 * np.sin(turns) ** 3 * rng.uniform(0.8, 1.2), down], axis=1)
    return [heart + rng.normal(0, 0.4, heart.shape)]


def _arrow(rng: Rng) -> Strokes:
    """To the right, down or to the left: one that points up looks like a 1."""
    turn, head = rng.choice([0, 0.5, 1]) * np.pi + rng.uniform(-0.2, 0.2), rng.uniform(0.2, 0.35)
    turned = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    strokes = [np.array([(0, 0), (1, 0)]), np.array([(1 - head, -head), (1, 0), (1 - head, head)])]
    return [(stroke + rng.normal(0, 0.02, stroke.shape)) @ turned for stroke in strokes]


def _tick(rng: Rng) -> Strokes:
    points = np.array([(0, rng.uniform(0.4, 0.65)), (rng.uniform(0.25, 0.4), 1), (1, 0)])
    return [points + rng.normal(0, 0.03, points.shape)]


def _round(rng: Rng, first: float = 0, last: float = 2 * np.pi) -> np.ndarray:
    """A circle of about radius 1, or part of it, as a hand draws it, from one angle to another: 0 is right, 90 down."""
    turns = np.linspace(first, last, 30) + rng.uniform(-0.2, 0.2)
    radius = 1 + rng.uniform(0, 0.06) * np.sin(rng.integers(2, 4) * turns + rng.uniform(0, 7))
    return np.stack([np.cos(turns), np.sin(turns)], axis=1) * radius[:, None] * rng.uniform(0.85, 1.1, 2)


def _face(rng: Rng) -> Strokes:
    """A circle with two eyes, which are dots, lines or circles, and a mouth that smiles or does not."""
    apart, high, size = rng.uniform(0.25, 0.5), rng.uniform(0.15, 0.45), rng.uniform(0, 0.15)
    eye = [np.zeros((2, 2)), np.array([[0, -size], [0, size]]), size * _round(rng)][rng.integers(3)]
    middle, bend = rng.uniform(0.15, 0.4), rng.uniform(-0.2, 0.3)
    across = np.linspace(-1, 1, 9) * rng.uniform(0.3, 0.55)
    mouth = np.stack([across, middle + bend * (1 - (across / across[-1]) ** 2)], axis=1)
    left, right = np.array([[-apart, -high], [apart, -high]])
    return [_round(rng), eye + left, eye + right, mouth + rng.normal(0, 0.03, 2)]


def _house(rng: Rng) -> Strokes:
    """Walls and a roof, in one stroke or in several, perhaps with a door or a window."""
    wide, eaves, over = rng.uniform(0.6, 1.2), rng.uniform(0.25, 0.6), rng.choice([0, 0, 0.12])
    roof = [(-over, eaves), (wide * rng.uniform(0.4, 0.6), 0), (wide + over, eaves)]
    walls = [(0, eaves), (0, 1), (wide, 1), (wide, eaves)]
    strokes = [[*roof], walls] if rng.random() < 0.5 else [[*roof], [*walls, walls[0]]]
    left, right = wide * rng.uniform(0.25, 0.4), wide * rng.uniform(0.6, 0.75)
    top = eaves + (1 - eaves) * rng.uniform(0.3, 0.6)
    inside = rng.integers(3)  # nothing, a door, a window
    if inside:
        bottom = 1 if inside == 1 else 1 - (1 - top) / 2
        strokes.append([(left, bottom), (left, top), (right, top), (right, bottom), (left, bottom)])
    slanted = np.array([[1, 0], [rng.uniform(-0.15, 0.15), 1]])
    return [(np.array(stroke) + rng.normal(0, 0.02, (len(stroke), 2))) @ slanted for stroke in strokes]


def _one_of(rng: Rng, digits: np.ndarray) -> np.ndarray:
    return digits[rng.integers(len(digits))].reshape(SIDE, SIDE) / 255


def _pieces(rng: Rng, digits: np.ndarray) -> np.ndarray:
    """The quarters of a digit in another order."""
    box = _one_of(rng, digits)[MARGIN:-MARGIN, MARGIN:-MARGIN]
    quarters = box.reshape(2, PIECE, 2, PIECE).swapaxes(1, 2).reshape(4, PIECE, PIECE)
    mixed = np.roll(quarters, rng.integers(1, 4), axis=0)
    return np.pad(mixed.reshape(2, 2, PIECE, PIECE).swapaxes(1, 2).reshape(BOX, BOX), MARGIN)


def _pair(rng: Rng, digits: np.ndarray) -> np.ndarray:
    """Two digits side by side, partly over each other."""
    off = int(rng.integers(3, 7)) * rng.choice([-1, 1])
    return np.maximum(np.roll(_one_of(rng, digits), off, 1), np.roll(_one_of(rng, digits), -off, 1))


def _speckles(rng: Rng, digits: np.ndarray) -> np.ndarray:
    return np.pad((rng.random((BOX, BOX)) < rng.uniform(0.05, 0.7)).astype(float), MARGIN)


def _block(rng: Rng, digits: np.ndarray) -> np.ndarray:
    """A filled rectangle that is too wide to look like a 1."""
    height, share = int(rng.integers(6, BOX + 1)), rng.uniform(0.7, 1.4)
    width = min(BOX, int(height * share))
    picture, top, left = np.zeros((SIDE, SIDE)), (SIDE - height) // 2, (SIDE - width) // 2
    picture[top : top + height, left : left + width] = 1
    return picture


def _penned(kind: Callable[[Rng], Strokes]) -> Callable[[Rng, np.ndarray], np.ndarray]:
    return lambda rng, digits: drawn(kind(rng), rng.uniform(1, 4.5))


KINDS = (
    *map(_penned, (_lines, _scribble, _walk, _dots, _grid, _polygon, _zigzag, _bars, _letter)),
    _pieces, _pair, _speckles, _block,
)  # fmt: skip
FIGURES = (_letter, _face, _house)
SIGNS = (_any_letter, _other_letter, _heart, _arrow, _tick)
