"""Digits as people write them with a mouse, and drawings that are no digits, as strokes and as ink."""

from collections.abc import Iterator
from math import cos, radians, sin, tan

import numpy as np

Points = list[tuple[float, float]]
Strokes = list[Points]
SIDE = 140  # pixels of the pad, as the page sends it


def arc(x: float, y: float, across: float, down: float, first: float, last: float) -> Points:
    """Part of an ellipse around (x, y), from one angle to another in degrees: 0 is right, 90 is up."""
    turns = np.linspace(radians(first), radians(last), 24)
    return [(x + across * cos(turn), y - down * sin(turn)) for turn in turns]


# Every digit in several styles, in strokes of points from 0 to 1, y downwards.
DIGITS: dict[int, list[Strokes]] = {
    0: [
        [arc(0.5, 0.5, 0.24, 0.36, 90, 450)],
        [arc(0.5, 0.5, 0.15, 0.36, 90, 450)],
        [arc(0.5, 0.5, 0.33, 0.35, 60, 420)],
        [arc(0.5, 0.5, 0.24, 0.36, 70, 400)],  # does not quite close
        [[(0.5, 0.15), (0.3, 0.3), (0.27, 0.55), (0.37, 0.8), (0.55, 0.85), (0.7, 0.68), (0.72, 0.4), (0.5, 0.15)]],
    ],
    1: [
        [[(0.5, 0.12), (0.5, 0.88)]],
        [[(0.36, 0.28), (0.52, 0.12), (0.52, 0.88)]],  # with a flag
        [[(0.36, 0.28), (0.52, 0.12), (0.52, 0.86)], [(0.34, 0.86), (0.7, 0.86)]],  # and a foot
        [[(0.58, 0.12), (0.44, 0.88)]],
    ],
    2: [
        [[(0.28, 0.3), (0.38, 0.17), (0.58, 0.15), (0.68, 0.3), (0.6, 0.48), (0.4, 0.66), (0.26, 0.84), (0.74, 0.84)]],
        [[*arc(0.48, 0.34, 0.22, 0.2, 170, -40), (0.28, 0.85), (0.76, 0.85)]],
        [
            [
                *arc(0.48, 0.34, 0.22, 0.2, 170, -40), (0.36, 0.78), *arc(0.35, 0.8, 0.09, 0.07, 200, 20),
                (0.52, 0.84), (0.64, 0.87), (0.78, 0.8),
            ]
        ],  # with a loop
        [[*arc(0.48, 0.32, 0.24, 0.17, 150, -60), (0.26, 0.86), (0.5, 0.82), (0.74, 0.88)]],
    ],
    3: [
        [[(0.3, 0.2), (0.5, 0.14), (0.66, 0.26), (0.45, 0.48), (0.62, 0.54), (0.68, 0.7), (0.55, 0.85), (0.3, 0.82)]],
        [arc(0.46, 0.32, 0.2, 0.18, 150, -90) + arc(0.46, 0.68, 0.23, 0.19, 90, -150)],
        [[(0.28, 0.16), (0.7, 0.16), (0.48, 0.44), *arc(0.46, 0.65, 0.24, 0.21, 80, -150)]],  # with a flat top
        [arc(0.42, 0.32, 0.25, 0.17, 130, -80) + arc(0.42, 0.68, 0.28, 0.19, 80, -140)],
    ],
    4: [
        [[(0.36, 0.14), (0.28, 0.52), (0.7, 0.52)], [(0.62, 0.2), (0.6, 0.88)]],
        [[(0.3, 0.16), (0.3, 0.54), (0.74, 0.54)], [(0.6, 0.16), (0.6, 0.88)]],
        [[(0.58, 0.88), (0.58, 0.14), (0.24, 0.64), (0.78, 0.64)]],  # closed
        [[(0.56, 0.14), (0.26, 0.6), (0.78, 0.6)], [(0.58, 0.38), (0.56, 0.88)]],
        [[(0.3, 0.18), (0.34, 0.5), (0.5, 0.56), (0.66, 0.48)], [(0.68, 0.16), (0.62, 0.88)]],  # a cup and a stem
    ],
    5: [
        [[(0.7, 0.16), (0.36, 0.16), (0.33, 0.46), *arc(0.46, 0.64, 0.24, 0.21, 120, -150)]],
        [[(0.36, 0.16), (0.33, 0.46), *arc(0.46, 0.64, 0.24, 0.21, 120, -150)], [(0.36, 0.16), (0.72, 0.15)]],
        [[(0.7, 0.15), (0.38, 0.18), (0.34, 0.44), (0.56, 0.44), (0.68, 0.6), (0.6, 0.8), (0.4, 0.87), (0.26, 0.8)]],
        [[(0.66, 0.14), (0.4, 0.14), (0.34, 0.48), (0.6, 0.5), (0.64, 0.72), (0.5, 0.86), (0.3, 0.84)]],
    ],
    6: [
        [[(0.62, 0.14), (0.44, 0.32), (0.33, 0.56), *arc(0.49, 0.67, 0.17, 0.18, 180, 530)]],
        [[(0.5, 0.12), (0.36, 0.4), (0.32, 0.66), *arc(0.5, 0.68, 0.18, 0.18, 180, 540)]],
        [arc(0.62, 0.52, 0.32, 0.38, 95, 180) + arc(0.5, 0.67, 0.2, 0.18, 200, 500)],
        [[(0.4, 0.12), (0.34, 0.5), *arc(0.5, 0.66, 0.17, 0.21, 160, 480)]],
    ],
    7: [
        [[(0.26, 0.18), (0.72, 0.18), (0.56, 0.5), (0.44, 0.86)]],
        [[(0.26, 0.18), (0.72, 0.18), (0.44, 0.86)], [(0.38, 0.52), (0.7, 0.52)]],  # with a bar
        [[(0.28, 0.28), (0.28, 0.17), (0.72, 0.17), (0.5, 0.52), (0.46, 0.88)]],  # with a serif
        [[(0.24, 0.2), (0.5, 0.17), (0.74, 0.2), (0.62, 0.42), (0.54, 0.88)]],
    ],
    8: [
        [arc(0.5, 0.32, 0.17, 0.18, 90, 450), arc(0.5, 0.68, 0.2, 0.18, 90, 450)],  # two circles
        [
            arc(0.5, 0.32, 0.19, 0.18, 40, 270)
            + arc(0.5, 0.68, 0.21, 0.18, 90, -270)
            + arc(0.5, 0.32, 0.19, 0.18, -90, 40)
        ],
        [[
            (0.66, 0.22), (0.5, 0.13), (0.34, 0.24), (0.4, 0.4), (0.6, 0.56), (0.68, 0.74), (0.5, 0.87), (0.32, 0.74),
            (0.42, 0.55), (0.62, 0.4), (0.66, 0.22),
        ]],
        [arc(0.5, 0.33, 0.13, 0.18, 90, 450), arc(0.5, 0.68, 0.16, 0.18, 90, 450)],
    ],
    9: [
        [[*arc(0.48, 0.34, 0.18, 0.2, 0, 360), (0.66, 0.34), (0.64, 0.6), (0.58, 0.88)]],  # with a straight tail
        [[*arc(0.48, 0.34, 0.19, 0.19, 20, 380), (0.66, 0.6), *arc(0.46, 0.66, 0.2, 0.2, 0, -120)]],  # a curved one
        [arc(0.48, 0.33, 0.18, 0.18, 45, 350), [(0.66, 0.16), (0.66, 0.88)]],  # in two strokes
        [[*arc(0.5, 0.32, 0.21, 0.17, 30, 370), (0.56, 0.88)]],
    ],
}  # fmt: skip

# Drawings that are no digits.
OTHERS: dict[str, Strokes] = {
    "dot": [[(0.5, 0.5)]],
    "scattered dots": [[(x, y)] for x, y in ((0.2, 0.3), (0.7, 0.2), (0.4, 0.6), (0.8, 0.75), (0.25, 0.85))],
    "two dots": [[(0.3, 0.5)], [(0.7, 0.5)]],
    "filled blob": [[(0.3 + 0.4 * (k % 2), 0.3 + 0.02 * k) for k in range(21)]],
    "scribble": [[(0.5 + 0.38 * sin(7.1 * k), 0.5 + 0.38 * sin(11.3 * k + 1)) for k in np.linspace(0, 3, 120)]],
    "zigzag": [[(0.1 + 0.1 * k, 0.3 + 0.4 * (k % 2)) for k in range(9)]],
    "cross": [[(0.2, 0.2), (0.8, 0.8)], [(0.8, 0.2), (0.2, 0.8)]],
    "plus": [[(0.5, 0.15), (0.5, 0.85)], [(0.15, 0.5), (0.85, 0.5)]],
    "grid": [
        *([(0.2 * k, 0.15), (0.2 * k, 0.85)] for k in range(1, 5)),
        *([(0.15, 0.2 * k), (0.85, 0.2 * k)] for k in range(1, 5)),
    ],
    "long line": [[(0.08, 0.5), (0.92, 0.52)]],
    "square": [[(0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8), (0.2, 0.2)]],
    "triangle": [[(0.5, 0.15), (0.85, 0.8), (0.15, 0.8), (0.5, 0.15)]],
    "A": [[(0.2, 0.88), (0.5, 0.12), (0.8, 0.88)], [(0.32, 0.6), (0.68, 0.6)]],
    "E": [[(0.72, 0.14), (0.3, 0.14), (0.3, 0.86), (0.72, 0.86)], [(0.3, 0.5), (0.64, 0.5)]],
    "H": [[(0.28, 0.12), (0.28, 0.88)], [(0.72, 0.12), (0.72, 0.88)], [(0.28, 0.5), (0.72, 0.5)]],
    "K": [[(0.3, 0.12), (0.3, 0.88)], [(0.7, 0.12), (0.3, 0.52), (0.72, 0.88)]],
    "M": [[(0.2, 0.88), (0.22, 0.14), (0.5, 0.6), (0.78, 0.14), (0.8, 0.88)]],
    "T": [[(0.2, 0.14), (0.8, 0.14)], [(0.5, 0.14), (0.5, 0.88)]],
    "R": [
        [(0.3, 0.88), (0.3, 0.12), (0.6, 0.14), (0.72, 0.3), (0.6, 0.48), (0.3, 0.5)], [(0.45, 0.5), (0.74, 0.88)],
    ],
    "W": [[(0.15, 0.14), (0.32, 0.86), (0.5, 0.3), (0.68, 0.86), (0.85, 0.14)]],
    "U": [[(0.25, 0.12), (0.25, 0.6), (0.35, 0.82), (0.5, 0.88), (0.65, 0.82), (0.75, 0.6), (0.75, 0.12)]],
    "Y": [[(0.2, 0.12), (0.5, 0.5), (0.8, 0.12)], [(0.5, 0.5), (0.5, 0.88)]],
    "P": [[(0.3, 0.88), (0.3, 0.12), (0.6, 0.14), (0.72, 0.3), (0.6, 0.48), (0.3, 0.5)]],
    "smiley": [
        arc(0.5, 0.5, 0.4, 0.4, 0, 360),
        arc(0.5, 0.55, 0.22, 0.18, 200, 340),
        [(0.36, 0.38), (0.36, 0.42)],
        [(0.64, 0.38), (0.64, 0.42)],
    ],
    "heart": [
        [*arc(0.32, 0.32, 0.18, 0.18, 200, 0), *arc(0.68, 0.32, 0.18, 0.18, 180, -20), (0.5, 0.86), (0.15, 0.38)],
    ],
    "arrow": [[(0.1, 0.5), (0.9, 0.5)], [(0.65, 0.25), (0.9, 0.5), (0.65, 0.75)]],
    "house": [[(0.2, 0.88), (0.2, 0.45), (0.5, 0.12), (0.8, 0.45), (0.8, 0.88), (0.2, 0.88)]],
    "house with a door": [
        [(0.22, 0.88), (0.22, 0.45), (0.78, 0.45), (0.78, 0.88), (0.22, 0.88)],
        [(0.14, 0.47), (0.5, 0.12), (0.86, 0.47)],
        [(0.42, 0.88), (0.42, 0.62), (0.58, 0.62), (0.58, 0.88)],
    ],
    "envelope": [[(0.12, 0.25), (0.88, 0.25), (0.88, 0.75), (0.12, 0.75), (0.12, 0.25), (0.5, 0.55), (0.88, 0.25)]],
    "check mark": [[(0.15, 0.55), (0.4, 0.8), (0.85, 0.2)]],
    "spiral": [[(0.5 + 0.012 * k * cos(0.45 * k), 0.5 + 0.012 * k * sin(0.45 * k)) for k in range(34)]],
    "X in a circle": [arc(0.5, 0.5, 0.38, 0.38, 0, 360), [(0.3, 0.3), (0.7, 0.7)], [(0.7, 0.3), (0.3, 0.7)]],
}  # fmt: skip


SEEN_NEVER = (
    "U", "Y", "P", "smiley", "heart", "arrow", "house", "house with a door", "envelope", "check mark", "spiral",
    "X in a circle",
)  # kinds that the networks that come along have not seen  # fmt: skip


def ink(strokes: Strokes, width: float, side: int = SIDE) -> np.ndarray:
    """Strokes of a round pen, ``width`` of the pad wide, as the page paints them: (side, side), 0 to 1."""
    places = (np.arange(side) + 0.5) / side
    x, y = places[None, :, None], places[:, None, None]
    near = np.full((side, side), np.inf)
    for points in strokes:
        begin = np.array(points[:-1] or points)
        along = np.array(points[1:] or points) - begin
        length = np.maximum((along**2).sum(axis=1), 1e-12)
        share = np.clip(((x - begin[:, 0]) * along[:, 0] + (y - begin[:, 1]) * along[:, 1]) / length, 0, 1)
        off = np.hypot(x - begin[:, 0] - share * along[:, 0], y - begin[:, 1] - share * along[:, 1])
        near = np.minimum(near, off.min(axis=2))
    return np.clip((width / 2 - near) * side + 0.5, 0, 1)


def written(strokes: Strokes, rng: np.random.Generator, size: float, slant: float, jitter: float) -> Strokes:
    """The strokes as a hand would write them: as large as ``size`` of the pad, anywhere on it, slanted by so many
    degrees, their points a little off.
    """
    across = size * rng.uniform(0.75, 1.1)
    points = np.concatenate([np.array(stroke) for stroke in strokes]) - 0.5
    points = points + rng.normal(0, jitter, points.shape)
    points[:, 0] -= points[:, 1] * tan(radians(slant))
    points *= (across, size)
    low, high = 0.06 - points.min(axis=0), 0.94 - points.max(axis=0)
    points += rng.uniform(np.minimum(low, high), np.maximum(low, high))
    parts = np.split(points, np.cumsum([len(stroke) for stroke in strokes])[:-1])
    return [[(float(x), float(y)) for x, y in part] for part in parts]


def drawings(seed: int, count: int) -> Iterator[tuple[int, np.ndarray]]:
    """``count`` drawings with their labels, digit by digit in turn, with random style, place, size, slant and pen."""
    rng = np.random.default_rng(seed)
    for k in range(count):
        digit = k % 10
        styles = DIGITS[digit]
        size, slant = rng.uniform(0.5, 1.1), rng.uniform(-20, 20)
        strokes = written(styles[k // 10 % len(styles)], rng, size, slant, rng.uniform(0, 0.015))
        yield digit, ink(strokes, rng.uniform(0.04, 0.14) * min(1, size + 0.1))
