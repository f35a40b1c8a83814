"""The passes of a training step: its tensors with the values that its micro-steps have read.

At the end of a training step the parameters are updated, but the gradients belong to the parameters before the update.
"""

from dataclasses import dataclass, field

import numpy as np

from engine.experiment.experiment import Experiment
from engine.run.micro_step import MicroStep
from engine.run.source import Source


@dataclass(frozen=True)
class Passes:
    """The training step that leads to the moment ``t``, as far as it is done.

    Attributes:
        timeline: the run.
        t: the moment.
        begin: the moment at which the training step begins.
        done: the number of its micro-steps that are done at ``t``.
        training_step: its number.
        experiment: its structure.
        program: its micro-steps.
    """

    timeline: Source
    t: int
    begin: int
    done: int
    training_step: int
    experiment: Experiment
    program: tuple[MicroStep, ...]
    _found: dict[tuple[int, str], np.ndarray | None] = field(default_factory=dict, compare=False, repr=False)

    def value(self, name: str) -> np.ndarray | None:
        """The tensor, a parameter before its update; None where it has not been computed yet."""
        writer = self._writer(name)
        if writer is not None and name in self.experiment.parameters:
            return self._at(self.begin + min(writer, self.done), name)
        if writer is not None and writer >= self.done:
            return None
        return self._at(self.t, name)

    def read(self, name: str, by: str) -> np.ndarray | None:
        """The tensor as the micro-step that writes ``by`` has read it, or would read it now."""
        writer = self._writer(by)
        if writer is None or writer >= self.done:
            return self.value(name)
        return self._at(self.begin + writer, name)

    def step(self, name: str) -> MicroStep | None:
        """The micro-step that writes the tensor, or None."""
        writer = self._writer(name)
        return None if writer is None else self.program[writer]

    def due(self, name: str) -> int | None:
        """The moment at which the tensor will have been computed; None where it has been."""
        writer = self._writer(name)
        return None if writer is None or writer < self.done else self.begin + writer + 1

    def parameters(self) -> dict[str, np.ndarray]:
        """All parameters with the values that the passes use."""
        found = {name: self.value(name) for name in self.experiment.parameters}
        return {name: array for name, array in found.items() if array is not None}

    def _at(self, moment: int, name: str) -> np.ndarray | None:
        """The tensor at a moment of the training step, sought once: a large network's run keeps few moments."""
        key = moment, name
        if key not in self._found:
            self._found[key] = self.timeline.seek(moment).get(name)
        return self._found[key]

    def _writer(self, name: str) -> int | None:
        return next((k for k, step in enumerate(self.program) if name in step.writes), None)


def passes(timeline: Source, t: int) -> Passes:
    """The passes of the training step that leads to t; at t = 0 the first training step, before its first equation."""
    place = timeline.locate(max(t - 1, 0))
    segment = timeline.segments[place.segment]
    begin = timeline.t_of(place.training_step)
    return Passes(timeline, t, begin, t - begin, place.training_step, segment.experiment, segment.program)
