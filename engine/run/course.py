"""The course of a run: which training step, segment and micro-step a moment belongs to, and where something changes."""

from bisect import bisect_right
from typing import NamedTuple

from engine.experiment.changes import Change
from engine.experiment.experiment import Experiment
from engine.run.rates import recorded_rates
from engine.run.segments import Segment, segments


class Place(NamedTuple):
    """The place of a moment: its segment, its training step, and how many micro-steps of that are done."""

    segment: int
    training_step: int
    micro_step: int


class Course:
    """The segments of a run and the moments at which numbers are written.

    Args:
        experiment: the experiment, with all its changes.
        before: the course that this one comes instead of, whose segments serve where they are the same.

    Raises:
        Refusal: a change writes a parameter that the network does not have at that moment.
    """

    def __init__(self, experiment: Experiment, before: "Course | None" = None) -> None:
        self.experiment = experiment
        found = segments(experiment)
        self.segments: tuple[Segment, ...] = before.segments if before and before.segments == found else found
        self._starts = [segment.t for segment in self.segments]
        self._writes: dict[int, list[Change]] = {}
        for change in (*recorded_rates(experiment, self.segments), *experiment.changes):
            if not change.structure:
                self._writes.setdefault(change.t, []).append(change)
        self._write_steps = {self.leading(t) for t in self._writes if t}
        self._events = sorted(self._write_steps | {segment.training_step for segment in self.segments})

    def locate(self, t: int) -> Place:
        """The segment, training step and micro-step of the moment t."""
        index = bisect_right(self._starts, t) - 1
        segment = self.segments[index]
        steps, micro_step = divmod(t - segment.t, len(segment.program))
        return Place(index, segment.training_step + steps, micro_step)

    def segment_at(self, t: int) -> Segment:
        """The segment whose structure is in force at the moment t."""
        return self.segments[self.locate(t).segment]

    def t_of(self, training_step: int) -> int:
        """The moment at which a training step begins."""
        index = bisect_right([segment.training_step for segment in self.segments], training_step) - 1
        return self.segments[index].t_of(training_step)

    def leading(self, t: int) -> int:
        """The training step whose micro-steps lead to t."""
        return self.locate(max(t - 1, 0)).training_step

    def left_of_epoch(self, step: int) -> int:
        """The number of training steps after this one that belong to its epoch."""
        per_epoch = self.experiment.steps_per_epoch
        return per_epoch - 1 - step % per_epoch

    def writes_at(self, t: int) -> list[Change]:
        """The changes of numbers at t."""
        return self._writes.get(t, [])

    def writes_within(self, step: int) -> bool:
        """Whether numbers are written at a moment that micro-steps of this training step lead to."""
        return step in self._write_steps

    def next_event(self, step: int) -> int | None:
        """The next training step after this one that begins a segment or in which numbers are written."""
        place = bisect_right(self._events, step)
        return self._events[place] if place < len(self._events) else None
