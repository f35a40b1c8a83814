"""Segments: the parts of a run between changes of structure, each with its own program."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from engine.base.refusal import one_of
from engine.base.tensors import parameter_of
from engine.experiment.changes import REDRAWING
from engine.experiment.experiment import Experiment
from engine.run.micro_step import MicroStep
from engine.run.program import carried, program
from engine.run.workspace import initial

Arrays = Mapping[str, np.ndarray]
RATES = {"learning_rate", "base_rate"}


@dataclass(frozen=True)
class Segment:
    """A part of a run, with its structure and its program.

    Attributes:
        t: the moment at which the segment begins.
        training_step: the training step that begins at that moment.
        experiment: the structure in force.
        program: its micro-steps.
        changed: the fields of the experiment that the changes at its beginning have set.
    """

    t: int
    training_step: int
    experiment: Experiment
    program: tuple[MicroStep, ...]
    changed: frozenset[str] = frozenset()

    @property
    def carried(self) -> tuple[str, ...]:
        return carried(self.program)

    def enter(self, before: Arrays | None = None, optimizer: str = "") -> dict[str, np.ndarray]:
        """The carried tensors at the beginning of the segment, in new buffers.

        A tensor of the segment before keeps its values, unless the change resets it. All others begin as in a new run.

        Args:
            before: the carried tensors of the segment before; None at the beginning of a run.
            optimizer: the name of the optimizer of the segment before.
        """
        arrays = initial(self.experiment, self.carried)
        if before is None:
            return arrays
        rate = "base_rate" if "base_rate" in before else "learning_rate"
        for name, array in arrays.items():
            source = rate if name in RATES else name
            if source in before and not self.is_reset(name, optimizer):
                array[...] = before[source]
        return arrays

    def is_reset(self, name: str, optimizer: str) -> bool:
        """Whether the change at its beginning gives a carried tensor the value that it has at the beginning of a run.

        Args:
            name: the name of the tensor.
            optimizer: the name of the optimizer of the segment before.
        """
        parameter = parameter_of(name)
        if name in RATES:
            return "optimizer" in self.changed
        if name == "rate_step":
            return "schedule" in self.changed
        state = name == "updates" or (parameter is not None and parameter != name)
        return not REDRAWING.isdisjoint(self.changed) or (state and optimizer != self.experiment.training.optimizer)

    def t_of(self, training_step: int) -> int:
        """The moment at which a training step of this segment begins."""
        return self.t + (training_step - self.training_step) * len(self.program)


def segments(experiment: Experiment) -> tuple[Segment, ...]:
    """The segments of a run, in order. A change of structure begins one at the next beginning of a training step; one
    with a chosen mini-batch is a single training step.

    Raises:
        Refusal: a change writes a parameter that the network does not have at that moment.
    """
    base = replace(experiment, changes=())
    found = [Segment(0, 0, base, program(base))]
    for change in sorted((each for each in experiment.changes if each.structure), key=lambda each: each.t):
        last = found[-1]
        steps = -(-max(0, change.t - last.t) // len(last.program))
        changed = frozenset(change.structure)
        if steps == 0:
            found.pop()
            changed |= last.changed
        restructured = last.experiment.restructured(change, at_once=steps == 0)
        t, training_step = last.t + steps * len(last.program), last.training_step + steps
        found.append(Segment(t, training_step, restructured, program(restructured), changed if t else frozenset()))
    found = _with_ends(found)
    for i, change in enumerate(experiment.changes):
        if not change.structure and change.tensor != "learning_rate":
            part = next(each for each in reversed(found) if each.t <= change.t)
            one_of(f"changes.{i}.tensor", "tensor", change.tensor, part.experiment.parameters)
    return tuple(found)


def _with_ends(found: list[Segment]) -> list[Segment]:
    """The segments, with another one after each training step whose mini-batch has been chosen, if none is there."""
    ended: list[Segment] = []
    for segment, following in zip(found, [*found[1:], None], strict=True):
        ended.append(segment)
        t, training_step = segment.t + len(segment.program), segment.training_step + 1
        if segment.experiment.next_mini_batch and (following is None or following.t > t):
            after = replace(segment.experiment, next_mini_batch=None)
            ended.append(Segment(t, training_step, after, program(after)))
    return ended
