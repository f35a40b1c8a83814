"""Sharpness: the largest eigenvalue of the Hessian of loss plus penalty, by products of the Hessian with vectors.

Nothing else of the Hessian is computed: a product is the central difference of two gradients in double precision, and
Lanczos' method finds the largest eigenvalue from a few of them.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np

from engine.base.tensors import shape_of
from engine.evaluate.evaluation import chosen_rows
from engine.experiment.experiment import Experiment
from engine.run.micro_step import MicroStep
from engine.run.program import program

Arrays = Mapping[str, np.ndarray]
EXAMPLES = 128  # of the training examples, always the same ones, evenly spread
PRODUCTS = 40  # of the Hessian with a vector, at most
CLOSE = 0.03  # the residual, as a share of the eigenvalue, at which it is right to about a thousandth (its square)
STEP = 1e-5  # of the central difference, times the length of the parameters' vector


def sharpness(experiment: Experiment, state: Arrays) -> tuple[float, np.ndarray]:
    """The largest eigenvalue, and its eigenvector as one vector over all parameters, layer by layer."""
    gradient = Gradient(experiment)
    at = np.concatenate([state[name].ravel().astype(float) for name in experiment.parameters])
    width = STEP * max(1.0, float(np.linalg.norm(at)))

    def product(v: np.ndarray) -> np.ndarray:
        return (gradient(at + width * v) - gradient(at - width * v)) / (2 * width)

    with np.errstate(all="ignore"):
        return largest_eigenvalue(product, len(at)) if np.isfinite(at).all() else (float("nan"), np.zeros(len(at)))


class Gradient:
    """The gradient over the sample as a function of all parameters, by the equations of a training step."""

    def __init__(self, experiment: Experiment) -> None:
        self._experiment = experiment
        self._steps = _passes(experiment)
        x, y = experiment.data.split("training")
        rows = chosen_rows(len(x), EXAMPLES)
        dtype = np.dtype(float)
        self._given = {"a0": experiment.data.seen(x[rows], dtype), "y": np.asarray(y[rows], dtype)}
        self._shapes = {name: shape_of(name, experiment.sizes, 0) for name in experiment.parameters}

    def __call__(self, parameters: np.ndarray) -> np.ndarray:
        ends = np.cumsum([int(np.prod(shape)) for shape in self._shapes.values()])
        parts = np.split(parameters, ends[:-1])
        values = dict(self._given)
        for (name, shape), part in zip(self._shapes.items(), parts, strict=True):
            values[name] = part.reshape(shape)
        for step in self._steps:
            (name,) = step.writes
            values[name] = step.compute(*(values[read] for read in step.reads))
        gradients = self._experiment.gradients
        return np.concatenate([values[gradients[name]].ravel() for name in self._shapes])


@lru_cache(maxsize=8)
def _passes(experiment: Experiment) -> tuple[MicroStep, ...]:
    """The micro-steps that lead from the parameters to their gradients."""
    needed, found = {*experiment.gradients.values()}, list[MicroStep]()
    for step in reversed(program(experiment)):
        if step.phase != "update" and step.layer and needed & set(step.writes):
            needed |= set(step.reads)
            found.append(step)
    return tuple(reversed(found))


def largest_eigenvalue(product: Callable[[np.ndarray], np.ndarray], size: int) -> tuple[float, np.ndarray]:
    """The largest eigenvalue of a symmetric matrix and its eigenvector, by Lanczos' method.

    Args:
        product: the function that multiplies the matrix by a vector.
        size: the length of the vector.
    """
    v = np.random.default_rng(0).standard_normal(size)
    basis, diagonal, beside = [v / np.linalg.norm(v)], list[float](), list[float]()
    while True:
        w = product(basis[-1])
        if not np.isfinite(w).all():
            return float("nan"), np.zeros(size)
        diagonal.append(float(w @ basis[-1]))
        for _ in range(2):  # what rounding has left of the vectors before
            w = w - sum((w @ each) * each for each in basis)
        length = float(np.linalg.norm(w))
        matrix = np.diag(diagonal) + np.diag(beside, 1) + np.diag(beside, -1)
        values, vectors = np.linalg.eigh(matrix)
        value, weights = float(values[-1]), vectors[:, -1]
        done = len(basis) >= min(size, PRODUCTS) or length * abs(weights[-1]) <= CLOSE * abs(value)
        if done or length < 1e-12:
            return value, np.stack(basis, axis=1) @ weights
        beside.append(length)
        basis.append(w / length)
