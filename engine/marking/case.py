"""A case: what a program was given, what it returned, and what the textbook's steps return."""

from dataclasses import dataclass, replace

import numpy as np

from engine.marking.agreement import SINGLE, STRICT, Precision, before
from engine.marking.assignment import Assignment
from engine.marking.given import Given
from engine.marking.learner import Learner
from engine.marking.rounding import with_rounding
from engine.marking.textbook import Result


@dataclass(frozen=True)
class Case:
    """One program's steps.

    Attributes:
        assignment: what it says that it trains.
        given: what each step started from.
        found: what it returned.
        expected: what is right.
        precision: how closely the two have to agree.
        deadline: when to give up the search for a cause, by ``time.perf_counter``.
    """

    assignment: Assignment
    given: list[Given]
    found: list[Result]
    expected: list[Result]
    precision: Precision = STRICT
    deadline: float = float("inf")

    @classmethod
    def of(
        cls, assignment: Assignment, given: list[Given], found: list[Result], precision: Precision = STRICT
    ) -> "Case":
        """The case of a program that has returned ``found``."""
        learner = Learner(assignment)
        expected = [learner.step(each) for each in given]
        if precision is SINGLE:
            given = with_rounding(assignment, given, expected)
        return cls(assignment, given, found, expected, precision)

    def computed(self) -> "Case":
        """The case with updates from gradients that are computed, where some are given."""
        return replace(self, given=[replace(each, gradients={}) for each in self.given])

    @property
    def numbers(self) -> list[int]:
        """The number of each step's update; of the first of all it is 1."""
        found = list[int]()
        for each in self.given:
            before = (found[-1] if found else 0) if each.updates is None else each.updates
            found.append(before + 1)
        return found

    @property
    def hidden(self) -> list[int]:
        """The numbers of the hidden layers."""
        return [*self.assignment.layers][:-1]

    def updates(self, step: int) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
        """The updates that were found and expected in a step, by parameter; of those of the right shape."""
        start, found, right = before(self.given[step]), self.found[step].parameters, self.expected[step].parameters
        names = [name for name in right if np.shape(found[name]) == start[name].shape]
        return {name: found[name] - start[name] for name in names}, {name: right[name] - start[name] for name in names}

    def ratio(self, step: int, names: list[str] | None = None) -> float | None:
        """The number by which the expected updates of a step are best multiplied to get those found; None if none is.

        Args:
            step: the number of the step.
            names: the parameters to look at, by default all.
        """
        found, right = self.updates(step)
        return quotient([found[name] for name in names or found], [right[name] for name in names or right])


def quotient(found: list[np.ndarray], right: list[np.ndarray]) -> float | None:
    """The c with the least squares of found - c right, over finite arrays; None where there is none."""
    if not found:
        return None
    a, b = (np.concatenate([np.ravel(each) for each in arrays]) for arrays in (found, right))
    length = float(b @ b)
    if not np.isfinite(a).all() or not np.isfinite(length) or length == 0:
        return None
    return float(a @ b) / length
