"""Points on the plane in two classes: xor, circles, gaussians, spirals, moons."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.data.dataset import Dataset, hold_out, one_hot

Points = tuple[np.ndarray, np.ndarray]  # inputs (examples, 2), labels (examples,)
CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def _corner_points(labels: np.ndarray, rng: np.random.Generator) -> Points:
    corner = rng.integers(0, 4, len(labels))
    return CORNERS[corner], (corner % 3 > 0).astype(int)


def _circles(labels: np.ndarray, rng: np.random.Generator) -> Points:
    angle = rng.uniform(0, 2 * np.pi, len(labels))
    radius = np.where(labels == 1, 0.4, 0.9)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1), labels


def _gaussians(labels: np.ndarray, rng: np.random.Generator) -> Points:
    centre = np.where(labels == 1, 0.45, -0.45)
    return np.stack([centre, centre], axis=1), labels


def _spirals(labels: np.ndarray, rng: np.random.Generator) -> Points:
    along = np.sqrt(rng.uniform(0.02, 1, len(labels)))
    angle = along * 1.75 * 2 * np.pi / 1.2 + labels * np.pi
    return np.stack([along * np.sin(angle), along * np.cos(angle)], axis=1), labels


def _moons(labels: np.ndarray, rng: np.random.Generator) -> Points:
    angle = rng.uniform(0, np.pi, len(labels))
    upper = np.stack([np.cos(angle) - 0.5, np.sin(angle) - 0.25], axis=1)
    return np.where(labels[:, None] == 1, -upper, upper) * 0.7, labels


@dataclass(frozen=True)
class Shape:
    """Points without noise for so many labels, and a number of its own, which is part of the seed and never changes."""

    number: int
    points: Callable[[np.ndarray, np.random.Generator], Points]


SHAPES = {
    "circles": Shape(0, _circles),
    "gaussians": Shape(1, _gaussians),
    "moons": Shape(2, _moons),
    "spirals": Shape(3, _spirals),
    "xor": Shape(4, _corner_points),
}


def points(name: str, seed: int, examples: int, noise: float, outputs: int) -> Dataset:
    """A cloud of points around the named shape, blurred by normal noise of standard deviation ``noise``.

    xor without noise is the four exact points, all of them training examples.
    """
    if name == "xor" and noise == 0:
        return hold_out("classes", CORNERS.copy(), one_hot(np.array([0, 1, 1, 0]), outputs), share=0)
    shape = SHAPES[name]
    rng = np.random.default_rng([seed, 0x2D, shape.number])
    x, labels = shape.points(rng.permutation(np.arange(examples) % 2), rng)
    return hold_out("classes", x + rng.normal(0, noise, x.shape), one_hot(labels, outputs))
