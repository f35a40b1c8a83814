"""What a program is given: weights, and mini-batches of several sizes.

Each step starts from the weights that a right program has after the step before. So a mistake of one step is not mixed
up with what follows from it, and the steps stay independent of each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from engine.marking.assignment import Assignment

SIZES = (5, 3, 4, 5, 2, 4, 3, 5)  # examples of each mini-batch: few, so that all orders of their labels can be tried
WIDELY = 2.5  # how much larger the weights of the output layer are, so that some outputs are nearly right
Arrays = list[np.ndarray]


@dataclass(frozen=True)
class Given:
    """What one step starts from.

    Attributes:
        W: the weights of each layer, (units, units before).
        b: the biases of each layer, (units,).
        x: the inputs, (examples, inputs).
        y: the targets, (examples, outputs).
        gradients: the gradients that the optimizer is given, by parameter; those that are left out are computed.
        learning_rate: the learning rate of this step; None for that of the assignment.
        updates: the number of updates before this step; None where it follows the step before.
        states: the optimizer's states of each parameter, by name and letter, where it does not.
        rounding: how far each tensor may be off besides, where numbers are in float32, by names such as dW1.
        beside: scale, shift and running statistics of batch norm, and the masks of dropout, by name.
    """

    W: Arrays
    b: Arrays
    x: np.ndarray
    y: np.ndarray
    gradients: dict[str, np.ndarray] = field(default_factory=dict)
    learning_rate: float | None = None
    updates: int | None = None
    states: dict[str, dict[str, np.ndarray]] = field(default_factory=dict)
    beside: dict[str, np.ndarray] = field(default_factory=dict)
    rounding: dict[str, np.ndarray] = field(default_factory=dict)


def parameters(assignment: Assignment, rng: np.random.Generator) -> tuple[Arrays, Arrays]:
    """Random weights and biases for an assignment, none of them 0; outputs are near their targets and far from them."""
    pairs = [*pairwise(assignment.sizes)]
    W = [rng.normal(0, 1, (units, below)) / np.sqrt(below) for below, units in pairs]
    W[-1] *= WIDELY
    return W, [rng.normal(0, 0.3, units) for _, units in pairs]


def mini_batches(assignment: Assignment, rng: np.random.Generator) -> list[tuple[np.ndarray, np.ndarray]]:
    """Random inputs and targets that suit the loss; the targets of a mini-batch are not all the same."""
    return [(rng.normal(0, 1, (m, assignment.sizes[0])), _targets(assignment, m, rng)) for m in SIZES]


def _targets(assignment: Assignment, m: int, rng: np.random.Generator) -> np.ndarray:
    outputs, needs = assignment.sizes[-1], assignment.cost.needs
    if assignment.activation(assignment.depth).shares:
        return np.eye(outputs)[(rng.permutation(m) + rng.integers(outputs)) % outputs]
    if needs:
        return np.stack([rng.permutation(np.arange(m) % 2) for _ in range(outputs)], axis=1).astype(float)
    return rng.normal(0, 1, (m, outputs))


def copied(arrays: Sequence[np.ndarray]) -> Arrays:
    """Copies of arrays."""
    return [each.copy() for each in arrays]
