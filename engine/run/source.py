"""A source of moments: what is needed of a run to look at it, whether it is trained here or was recorded elsewhere."""

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np

from engine.experiment.experiment import Experiment
from engine.run.history import State
from engine.run.micro_step import MicroStep
from engine.run.segments import Segment
from engine.run.timeline import Place
from engine.run.until import Condition


class Source(Protocol):
    """A run whose moments can be visited in any order, always with the same bits. ``Timeline`` is one."""

    t: int  # the moment that was sought last
    ended_by: Condition | None  # the condition that ended the last seek

    @property
    def experiment(self) -> Experiment:
        """What is run, with all its changes."""

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The stretches of the run, each with its program, in order."""

    @property
    def program(self) -> tuple[MicroStep, ...]:
        """The micro-steps of one training step, at the moment that was sought last."""

    @property
    def tensors(self) -> tuple[str, ...]:
        """The names of all tensors that the run can have."""

    def seek(self, t: int, seconds: float = ..., until: Condition | None = None, since: int | None = None) -> State:
        """The state at t, or at a moment on the way: see ``Timeline.seek``."""

    def segment_at(self, t: int) -> Segment:
        """The segment whose structure is in force at t."""

    def locate(self, t: int) -> Place:
        """The segment, training step and micro-step of the moment t."""

    def landmarks(self, t: int) -> list[int]:
        """The moments up to t whose carried tensors are there at once, in order."""

    def carried_at(self, landmark: int) -> Mapping[str, np.ndarray]:
        """The carried tensors of a landmark."""

    def resumption(self, t: int) -> tuple[int, Mapping[str, np.ndarray]]:
        """A moment from which another source of the same experiment comes to t in no time, and its carried tensors."""

    def adopt(self, t: int, carried: Mapping[str, np.ndarray]) -> None:
        """Take these carried tensors of t, where a training step begins, as a landmark."""

    def sound_before(self, t: int) -> int:
        """The latest moment, not after t, before which nothing is known to be off."""

    def t_of(self, training_step: int) -> int:
        """The moment at which a training step begins."""

    def changed(self, t: int, **write: Any) -> Experiment:
        """The experiment as a change would make it; a source that cannot be changed refuses it."""

    def become(self, experiment: Experiment, t: int) -> None:
        """Go on as another experiment that is the same up to t."""

    def fork(self, t: int) -> "Source":
        """Another source that is the same up to t and has no changes after it."""
