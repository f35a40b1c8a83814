"""Whether a recorded run agrees with Backscope's own equations."""

from dataclasses import dataclass, replace
from functools import cached_property
from time import perf_counter
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from engine.data.recorded import Recording
from engine.marking.agreement import SINGLE
from engine.marking.case import Case
from engine.marking.learner import Learner
from engine.marking.recognition import Verdict, recognise
from engine.marking.rounding import with_rounding
from engine.recorded.case import assigned, case_of


@dataclass(frozen=True)
class Proven:
    """A recording that has been run again.

    Attributes:
        case: what each step started from, what it left, and what is right.
        numbers: the numbers of these training steps in the recorded run.
        verdict: whether all agrees, or the first tensor that does not, with the likely cause.
    """

    case: Case
    numbers: list[int]
    verdict: Verdict

    @property
    def agrees(self) -> bool:
        """Whether every tensor agrees."""
        return self.verdict.verdict == "right"

    @property
    def tensors(self) -> int:
        """How many tensors were compared."""
        return sum(len(each.parameters) + len(each.gradients) for each in self.case.found)

    @property
    def number(self) -> int | None:
        """The number of the training step in which the first tensor disagrees; None where all agree."""
        return None if self.verdict.step is None else self.numbers[self.verdict.step]

    @cached_property
    def rounding(self) -> list[dict[str, np.ndarray]]:
        """How far each tensor of each step may be off in a run that computes its gradients, where the optimizer makes
        more of what they are rounded to.
        """
        assignment, given = self.case.assignment, self.case.computed().given
        if self.case.precision is not SINGLE:
            return [each.rounding for each in given]
        learner = Learner(assignment)
        return [each.rounding for each in with_rounding(assignment, given, [learner.step(each) for each in given])]

    @cached_property
    def used(self) -> bool:
        """Whether the recorded gradients are those that the optimizer is given, with the penalty's and clipped."""
        off = {"gradients": 0.0, "clipped": 0.0}
        for found, right in zip(self.case.found, self.case.expected, strict=True):
            for name, g in found.gradients.items():
                for kind in off:
                    off[kind] += float(np.nan_to_num(np.abs(getattr(right, kind)[name] - g)).sum())
        return off["clipped"] < off["gradients"]


_KNOWN: WeakKeyDictionary[Any, Proven] = WeakKeyDictionary()


def proven(recording: Recording, seconds: float = float("inf")) -> Proven:
    """Run a recording again and say whether it agrees. That is done once for each recording.

    Args:
        recording: the recording.
        seconds: how long to search for the cause of what disagrees.

    Raises:
        Refusal: something in it is malformed or missing, or is not understood.
    """
    if recording not in _KNOWN:
        case, numbers = case_of(assigned(recording), recording)
        limited = replace(case, deadline=perf_counter() + seconds)
        _KNOWN[recording] = Proven(case, numbers, recognise(limited))
    return _KNOWN[recording]
