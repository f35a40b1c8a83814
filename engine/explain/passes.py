"""The passes of a training step as they were: each tensor as the micro-step that read it has seen it.

At the end of a training step the parameters have moved on, but its gradients belong to those from before the update.
"""

from dataclasses import dataclass

import numpy as np

from engine.experiment.experiment import Experiment
from engine.run.micro_step import MicroStep
from engine.run.source import Source


@dataclass(frozen=True)
class Passes:
    """The training step that leads to the moment ``t``, as far as it is done.

    ``begin`` is the moment at which it began, ``done`` how many of its micro-steps are done at ``t``.
    """

    timeline: Source
    t: int
    begin: int
    done: int
    training_step: int
    experiment: Experiment
    program: tuple[MicroStep, ...]

    def value(self, name: str) -> np.ndarray | None:
        """The tensor; a parameter as it was before the update. None where it has not been computed yet."""
        writer = self._writer(name)
        if writer is not None and name in self.experiment.parameters:
            return self.timeline.seek(self.begin + min(writer, self.done)).get(name)
        if writer is not None and writer >= self.done:
            return None
        return self.timeline.seek(self.t).get(name)

    def read(self, name: str, by: str) -> np.ndarray | None:
        """The tensor as the micro-step that writes ``by`` has read it, or would now."""
        writer = self._writer(by)
        if writer is None or writer >= self.done:
            return self.value(name)
        return self.timeline.seek(self.begin + writer).get(name)

    def step(self, name: str) -> MicroStep | None:
        """The micro-step that writes the tensor, or None where none does."""
        writer = self._writer(name)
        return None if writer is None else self.program[writer]

    def due(self, name: str) -> int | None:
        """The moment at which the tensor will have been computed, where it has not been yet."""
        writer = self._writer(name)
        return None if writer is None or writer < self.done else self.begin + writer + 1

    def parameters(self) -> dict[str, np.ndarray]:
        """All parameters, as the passes used them."""
        found = {name: self.value(name) for name in self.experiment.parameters}
        return {name: array for name, array in found.items() if array is not None}

    def _writer(self, name: str) -> int | None:
        return next((k for k, step in enumerate(self.program) if name in step.writes), None)


def passes(timeline: Source, t: int) -> Passes:
    """The training step that leads to t; at t = 0 the first one, of which nothing is done."""
    place = timeline.locate(max(t - 1, 0))
    segment = timeline.segments[place.segment]
    begin = timeline.t_of(place.training_step)
    return Passes(timeline, t, begin, t - begin, place.training_step, segment.experiment, segment.program)
