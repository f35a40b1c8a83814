"""Points on the plane in two classes: xor, circles, gaussians, spirals, moons, a checkerboard, rings."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.base.sources import public
from engine.data.dataset import Dataset, hold_out, one_hot, training
from engine.data.record import DatasetRecord, Recipe

LINES = """\
rng = np.random.default_rng([{seed}, 0x2D, {number}])
x, labels = {points}(rng.permutation(np.arange({examples}) % 2), rng)
x = x + rng.normal(0, {noise}, x.shape)
y = {targets}
X, Y = x[:{training}], y[:{training}]  # the others are held out"""

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


def _checkerboard(labels: np.ndarray, rng: np.random.Generator) -> Points:
    """Four by four squares from -1 to 1; neighbouring squares belong to different classes."""
    across, half = rng.integers(0, 4, len(labels)), rng.integers(0, 2, len(labels))
    square = np.stack([across, 2 * half + (across + labels) % 2], axis=1)
    return (square + rng.uniform(0, 1, square.shape)) / 2 - 1, labels


def _rings(labels: np.ndarray, rng: np.random.Generator) -> Points:
    """Three rings around one centre; the middle one is class 1.

    A quarter of the points of class 0 lie on the inner ring: its radius is a third of the outer one's, so that the
    points of both rings are equally dense.
    """
    angle = rng.uniform(0, 2 * np.pi, len(labels))
    radius = np.where(labels == 1, 0.6, np.where(rng.random(len(labels)) < 0.25, 0.3, 0.9))
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1), labels


@dataclass(frozen=True)
class Shape:
    """A shape on the plane: how its points are drawn, and its facts.

    Attributes:
        number: the shape's own number, which is part of its seed and never changes.
        points: draws a point without noise for each label.
        noise: the default standard deviation of the noise.
        exact: the points and labels of the data set without noise, where they are fixed.
        cloud: a noise that the page offers besides, where the points without noise are fixed.
    """

    number: int
    points: Callable[[np.ndarray, np.random.Generator], Points]
    noise: float = 0.0
    exact: Points | None = None
    cloud: float | None = None

    def dataset(self, seed: int, examples: int, noise: float, outputs: int) -> Dataset:
        """A data set of points on the shape, with normal noise of standard deviation ``noise``.

        Without noise, a shape with exact points gives just these, all of them as training examples.
        """
        if self.exact and noise == 0:
            x, labels = self.exact
            return hold_out("classes", x.copy(), one_hot(labels, outputs), share=0)
        rng = np.random.default_rng([seed, 0x2D, self.number])
        x, labels = self.points(rng.permutation(np.arange(examples) % 2), rng)
        return hold_out("classes", x + rng.normal(0, noise, x.shape), one_hot(labels, outputs))

    def recipe(self, seed: int, examples: int, noise: float, outputs: int) -> Recipe:
        """The same as NumPy lines, where the points are drawn."""
        targets = "labels[:, None].astype(float)" if outputs == 1 else f"np.eye({outputs})[labels]"
        lines = LINES.format(
            seed=seed, number=self.number, points=public(self.points.__name__), examples=examples, noise=noise,
            targets=targets, training=training(examples),
        )  # fmt: skip
        return Recipe(lines, (self.points,))


SHAPES = {
    "checkerboard": Shape(5, _checkerboard, 0.02),
    "circles": Shape(0, _circles, 0.08),
    "gaussians": Shape(1, _gaussians, 0.25),
    "moons": Shape(2, _moons, 0.08),
    "rings": Shape(6, _rings, 0.05),
    "spirals": Shape(3, _spirals, 0.03),
    "xor": Shape(4, _corner_points, 0.0, exact=(CORNERS, np.array([0, 1, 1, 0])), cloud=0.12),
}


def _record(shape: Shape) -> DatasetRecord:
    return DatasetRecord(
        "classes", "plane", inputs=2, outputs=(1, 2), output_activation="sigmoid", make=shape.dataset,
        recipe=shape.recipe, examples=400, noise=shape.noise,
        exact=len(shape.exact[0]) if shape.exact else None, cloud=shape.cloud,
    )  # fmt: skip


PLANE = {name: _record(shape) for name, shape in SHAPES.items()}
