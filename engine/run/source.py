"""A source of moments: the interface of a run to those who look at it. A recorded run can implement it too."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from engine.experiment.experiment import Experiment
from engine.run.course import Place
from engine.run.history import State
from engine.run.micro_step import MicroStep
from engine.run.segments import Segment
from engine.run.until import Condition, Until


class Source(Protocol):
    """A run whose moments can be visited in any order, always with the same bits, as ``Timeline`` does it."""

    ended_by: Condition | None  # the condition that ended the last seek

    @property
    def t(self) -> int:
        """The moment that was sought last."""

    @property
    def experiment(self) -> Experiment:
        """The experiment, with all its changes."""

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The segments of the run, in order."""

    @property
    def program(self) -> tuple[MicroStep, ...]:
        """The micro-steps of one training step, at the moment that was sought last."""

    @property
    def tensors(self) -> tuple[str, ...]:
        """The names of all tensors that occur in the run."""

    def seek(
        self,
        t: int,
        seconds: float = ...,
        until: Until | Sequence[Until] | None = None,
        since: int | None = None,
    ) -> State:
        """The state at t, or at a moment before it where time or a condition ends the seek: see ``Timeline.seek``."""

    def measured(self, t: int, condition: Condition) -> list[Any]:
        """What a condition has measured up to t at its last tests, the newest last."""

    def segment_at(self, t: int) -> Segment:
        """The segment whose structure is in force at t."""

    def locate(self, t: int) -> Place:
        """The segment, training step and micro-step of the moment t."""

    def landmarks(self, t: int) -> list[int]:
        """The moments up to t whose carried tensors are kept, ascending."""

    def carried_at(self, landmark: int) -> Mapping[str, np.ndarray]:
        """The carried tensors of a landmark."""

    def resumption(self, t: int) -> tuple[int, Mapping[str, np.ndarray]]:
        """A moment from which another source of the same experiment comes to t in no time, and its carried tensors."""

    def adopt(self, t: int, carried: Mapping[str, np.ndarray]) -> None:
        """Take these carried tensors of t, where a training step begins, as a landmark."""

    def sound_before(self, t: int) -> int:
        """The latest moment up to t before which no loss or checkpoint is known to hold a value that is not finite."""

    @property
    def history_bytes(self) -> int:
        """The bytes that the moments kept take."""

    def limit_history(self, history_bytes: int) -> None:
        """Keep at most so many bytes of moments."""

    def t_of(self, training_step: int) -> int:
        """The moment at which a training step begins."""

    def changed(self, t: int, **write: Any) -> Experiment:
        """The experiment with one more change; a source that cannot be changed refuses it."""

    def become(self, experiment: Experiment, t: int) -> None:
        """Continue with another experiment that is the same up to t."""

    def fork(self, t: int) -> "Source":
        """Another source that is the same up to t and has no changes after it."""
