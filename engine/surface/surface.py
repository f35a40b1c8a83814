"""The loss over a plane through weight space, point by point, by the equations of a prediction."""

from collections.abc import Iterator, Sequence
from time import perf_counter

import numpy as np

from engine.experiment.experiment import Experiment
from engine.methods.equations import affine
from engine.run.program import prediction
from engine.surface.plane import Arrays, Plane

SIDE = 41  # points of the whole grid on a side
COARSE = 4  # distance of the points of the first grid, in points of the whole grid; half of it in the second
FOREVER = float("inf")


class Surface:
    """The mean loss over some examples at the points of a plane.

    It is the loss alone, without a penalty; nothing is dropped, and batch normalization uses the mean and the variance
    of these very examples. The first layer is linear in the two coordinates: its three products with the inputs are
    computed once, and all points share them.

    Args:
        experiment: the structure in force.
        plane: the plane.
        x: the network's inputs, (examples, inputs).
        y: their targets, (examples, outputs).
    """

    def __init__(self, experiment: Experiment, plane: Plane, x: np.ndarray, y: np.ndarray) -> None:
        self.plane, self.examples = plane, len(x)
        self._dtype = experiment.numpy_dtype
        self._given = {"a0": np.asarray(x, self._dtype), "y": np.asarray(y, self._dtype)}
        self._first, *self._rest = prediction(experiment, of_examples=True)
        vectors = (plane.origin, *plane.axes)
        self._parts = [plane.layout.arrays(vector, self._dtype) for vector in vectors]
        for part in self._parts:
            part["z1"] = affine(self._given["a0"], part.pop("W1"), part.pop("b1"))
        self._row: tuple[float, dict[str, np.ndarray]] | None = (
            None  # the last coordinate across, and what goes with it
        )

    def true_loss(self, parameters: Arrays) -> float:
        """The loss at a point of weight space, whether or not it lies in the plane."""
        with np.errstate(all="ignore"):
            return self._loss({**parameters, "z1": self._first.compute(*self._read(parameters, self._first.reads))})

    def losses(self, points: Sequence[tuple[float, float]], seconds: float = FOREVER) -> np.ndarray:
        """The losses at points of the plane, in order; where time is over, of the first ones, of one at least."""
        deadline, found = perf_counter() + seconds, list[float]()
        with np.errstate(all="ignore"):
            for along, across in points:
                found.append(self._at(along, across))
                if perf_counter() > deadline:
                    break
        return np.array(found)

    def _at(self, along: float, across: float) -> float:
        origin, first, second = self._parts
        row, share = self._row, self._dtype.type(across)
        if row is None or row[0] != across:
            row = self._row = across, {name: array + share * second[name] for name, array in origin.items()}
        share = self._dtype.type(along)
        return self._loss({name: row[1][name] + share * array for name, array in first.items()})

    def _loss(self, arrays: dict[str, np.ndarray]) -> float:
        for step in self._rest:
            (name,) = step.writes
            arrays[name] = step.compute(*self._read(arrays, step.reads))
        return float(arrays["loss"])

    def _read(self, arrays: Arrays, names: tuple[str, ...]) -> Iterator[np.ndarray]:
        return (self._given[name] if name in self._given else arrays[name] for name in names)


def grid(side: int = SIDE) -> np.ndarray:
    """The places of a square grid from coarse to fine, (side², 2): column and row.

    Every fourth line comes first, then what is new on every second one, then all that is left; each time row by row.
    """
    found, step = list[tuple[int, int]](), COARSE
    while step:
        lines = range(0, side, step)
        old = 2 * step if step < COARSE else 0
        found += [(i, j) for j in lines for i in lines if not old or i % old or j % old]
        step //= 2
    return np.array(found)
