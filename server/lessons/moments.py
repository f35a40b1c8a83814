"""The moments that expressions are about: those of a run, and the shapes alone of an experiment that is not run."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np

from engine import Experiment, Refusal
from engine.base.tensors import parameter_of, shape_of
from engine.explain.parameter_update import parameter_updates
from engine.run.history import State
from engine.run.segments import segments
from engine.run.source import Source
from server.limits import ASK_SECONDS
from server.questions.answer import moment


def _counts(experiment: Experiment, training_step: int) -> dict[str, Callable[[], int]]:
    """What the counting functions of expressions give, while so many training steps are done."""
    sizes = experiment.sizes
    return {
        "parameters": lambda: sum(np.prod(shape_of(name, sizes, 0), dtype=int) for name in experiment.parameters),
        "layers": lambda: len(experiment.layers),
        "examples": lambda: experiment.examples_in(training_step),
        "training_step": lambda: training_step,
        "epoch": lambda: training_step // experiment.steps_per_epoch,
    }


@dataclass
class OfRun:
    """A moment of a run. What lies too far to get to until ``due`` has no tensors."""

    timeline: Source
    t: int
    due: float = field(default_factory=lambda: perf_counter() + ASK_SECONDS)
    _state: State | None = None
    _updates: dict[str, np.ndarray] | None = None

    def tensor(self, name: str) -> np.ndarray | None:
        """The tensor; of ``uW1`` and the like, what the update of this training step adds to the parameter."""
        if name.startswith("u") and parameter_of(name) in self.timeline.segment_at(self.t).experiment.parameters:
            if self._updates is None:
                self._updates = parameter_updates(self.timeline, self.t)
            return self._updates.get(name)
        if self._state is None:
            self._state = moment(self.timeline, self.t)
        found = self._state.get(name)
        if found is None and name not in self.timeline.tensors:
            raise KeyError(name)
        return found

    def count(self, name: str) -> int:
        """One of the counts at this moment."""
        experiment = self.timeline.segment_at(self.t).experiment
        return _counts(experiment, self.timeline.locate(self.t).training_step)[name]()

    def at(self, t: int) -> "OfRun | None":
        """Another moment of the run."""
        if perf_counter() > self.due:
            return None
        try:
            moment(self.timeline, t)
        except Refusal:
            return None
        return OfRun(self.timeline, t, self.due)


@dataclass
class OfShapes:
    """A moment whose tensors have their shapes, and zeros for numbers: what an expression can be checked with."""

    experiment: Experiment
    t: int = 0

    def __post_init__(self) -> None:
        steps = [step for part in segments(self.experiment) for step in part.program]
        names = {name for step in steps for name in (*step.reads, *step.writes)}
        self._names = names | {f"u{name}" for name in self.experiment.parameters}

    def tensor(self, name: str) -> np.ndarray:
        """Zeros of the tensor's shape."""
        if name not in self._names:
            raise KeyError(name)
        shape = shape_of(name, self.experiment.sizes, self.experiment.examples_in(0))
        return np.broadcast_to(np.float64(0), shape)

    def count(self, name: str) -> int:
        """One of the counts at the beginning."""
        return _counts(self.experiment, 0)[name]()

    def at(self, t: int) -> "OfShapes":
        """The same: shapes do not change."""
        return self
