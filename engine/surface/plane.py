"""A plane through weight space: an origin and two axes of length 1 at right angles, in float64.

A point of weight space is a vector: all parameters of a network, one after the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from engine.base.refusal import Described, Refusal
from engine.base.tensors import shape_of
from engine.experiment.experiment import Experiment

PARAMETERS = 120_000  # of a network whose loss surface is computed
FEWEST = 3  # moments of a path
COLUMNS = 4096  # parameters that are multiplied at once where the directions of a path are found
FLAT = 1e-6  # times the lengths that it is computed from: what is shorter is rounding
Arrays = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Layout:
    """The parameters of a network and their places in a vector.

    Attributes:
        shapes: the shape of each parameter, by its name, in order.
    """

    shapes: tuple[tuple[str, tuple[int, ...]], ...]

    @property
    def size(self) -> int:
        """The number of parameters."""
        return sum(prod(shape) for _, shape in self.shapes)

    def vector(self, arrays: Arrays) -> np.ndarray:
        """The parameters of a state as a vector, (size,), in their own dtype."""
        return np.concatenate([arrays[name].ravel() for name, _ in self.shapes])

    def arrays(self, vector: np.ndarray, dtype: np.dtype) -> dict[str, np.ndarray]:
        """The parameters that a vector holds, by their names, in another dtype."""
        found, place = dict[str, np.ndarray](), 0
        for name, shape in self.shapes:
            found[name] = vector[place : place + prod(shape)].reshape(shape).astype(dtype)
            place += prod(shape)
        return found

    def place(self, tensor: str, index: tuple[int, ...]) -> int:
        """The place of an element in a vector."""
        place = 0
        for name, shape in self.shapes:
            if name == tensor:
                return place + int(np.ravel_multi_index(index, shape))
            place += prod(shape)
        raise KeyError(tensor)


def layout_of(experiment: Experiment) -> Layout:
    """The layout of an experiment's parameters.

    Raises:
        Refusal: there are more than ``PARAMETERS``.
    """
    layout = Layout(tuple((name, shape_of(name, experiment.sizes, 0)) for name in experiment.parameters))
    if layout.size > PARAMETERS:
        raise Refusal(
            "unfit", "plane", "network", layout.size, f"at most {PARAMETERS} parameters", "parameters", most=PARAMETERS
        )
    return layout


def same_parameters(one: Experiment, other: Experiment) -> bool:
    """Whether two structures have the same parameters, of the same shapes."""
    return one is other or (one.parameters, one.sizes) == (other.parameters, other.sizes)


@dataclass(frozen=True)
class Plane:
    """A plane through weight space.

    Attributes:
        layout: the parameters that its vectors hold.
        origin: the point with the coordinates (0, 0), (size,).
        axes: two vectors of length 1 at right angles, (2, size).
        reach: a length in weight space over which the loss may be expected to change; 0 where the points that the plane
            goes through tell it.
    """

    layout: Layout
    origin: np.ndarray
    axes: np.ndarray
    reach: float = 0.0

    def coordinates(self, vector: np.ndarray) -> np.ndarray:
        """The coordinates of the point of the plane that is nearest to a vector, (2,)."""
        found: np.ndarray = self.axes @ (vector - self.origin)
        return found

    def point(self, along: float, across: float) -> np.ndarray:
        """The point with these coordinates, (size,)."""
        found: np.ndarray = self.origin + along * self.axes[0] + across * self.axes[1]
        return found


def through_moments(layout: Layout, vectors: Sequence[np.ndarray]) -> Plane:
    """The plane through three points: its origin is the first, and its first axis leads to the second.

    Raises:
        Refusal: the three lie on one line, or are one point.
    """
    first, second, third = (np.asarray(vector, float) for vector in vectors)
    return Plane(layout, first, _axes(first, second - first, third - first, "plane.moments"))


def main_directions(layout: Layout, vectors: Sequence[np.ndarray]) -> Plane:
    """The plane of the two directions along which the points of paths differ most, through their mean.

    They are the first two principal components; along each of them the last point lies further on than the first.

    Raises:
        Refusal: there are fewer than three points, or all lie on one line.
    """
    if len(vectors) < FEWEST:
        raise Refusal(
            "unfit", "plane.paths", "path", len(vectors), f"at least {FEWEST} moments", "path_moments", low=FEWEST
        )
    points = np.stack(vectors)
    origin = points.mean(axis=0, dtype=float)
    products = np.zeros((len(points), len(points)))
    for start in range(0, layout.size, COLUMNS):
        part = points[:, start : start + COLUMNS] - origin[start : start + COLUMNS]
        products += part @ part.T
    # The products of all pairs have the singular vectors of the points, and their singular values squared.
    mixes, _, _ = np.linalg.svd(products, hermitian=True)
    shares = mixes[:, :2] - mixes[:, :2].mean(axis=0)
    shares *= np.where(shares[-1] < shares[0], -1, 1)
    along, across = (shares[:, place] @ points for place in (0, 1))
    return Plane(layout, origin, _axes(origin, along, across, "plane.paths"))


def of_two_weights(layout: Layout, vector: np.ndarray, places: tuple[int, int]) -> Plane:
    """The plane along two parameters: the coordinates are their values, and all others are those of the vector.

    Raises:
        Refusal: both are the same one.
    """
    if places[0] == places[1]:
        raise Refusal("unfit", "plane.elements", "weight", places[0], "two different ones", "two_different")
    origin, axes = np.array(vector, float), np.zeros((2, layout.size))
    reach = 1 + float(np.abs(origin[list(places)]).max())
    origin[list(places)] = 0
    axes[[0, 1], places] = 1
    return Plane(layout, origin, axes, reach)


def in_random_directions(layout: Layout, vector: np.ndarray, seed: int) -> Plane:
    """The plane through a point in two random directions that a seed draws.

    Each neuron's part of a direction is as long as the neuron's own weights, and parameters that are no weights stay as
    they are (Li et al., 2018, Visualizing the loss landscape of neural nets). The second direction then loses what it
    shares with the first. ``reach`` is the length of a direction before it becomes 1.

    Raises:
        Refusal: all weights are 0, so that no direction has a length.
    """
    rng = np.random.default_rng((seed, 0))
    origin = np.array(vector, float)
    weights = layout.arrays(origin, np.dtype(float))
    first, second = (np.concatenate([_scaled(array, rng) for array in weights.values()]) for _ in range(2))
    return Plane(layout, origin, _axes(origin, first, second, "plane.kind"), float(np.linalg.norm(first)))


def _scaled(array: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A random direction for one parameter, each row as long as that of the parameter; zeros for a vector."""
    if array.ndim < 2:
        return np.zeros(array.size)
    drawn = rng.standard_normal(array.shape)
    lengths = np.linalg.norm(array, axis=1, keepdims=True) / np.linalg.norm(drawn, axis=1, keepdims=True)
    return (drawn * lengths).ravel()


def _axes(origin: np.ndarray, first: np.ndarray, second: np.ndarray, field: str) -> np.ndarray:
    """Two directions as axes of length 1 at right angles, (2, size)."""
    rounding = FLAT * FLAT * float(np.linalg.norm(origin))
    length = float(np.linalg.norm(first))
    along = first / length if length > rounding else np.zeros_like(first)
    rest = second - (along @ second) * along
    rest -= (along @ rest) * along
    left = float(np.linalg.norm(rest))
    if not length > rounding or not left > max(FLAT * float(np.linalg.norm(second)), rounding):
        line = Described("all points on one line", "one_line")
        raise Refusal("unfit", field, "plane", line, "three points that are not", "on_a_line")
    return np.stack([along, rest / left])
