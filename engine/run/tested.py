"""The tests of a seek: what its conditions have measured, and where in the training steps gone through they are true.

At full speed a training step takes samples alone. They are read, and the conditions are tested, for many training steps
in one go.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import groupby
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from engine.experiment.experiment import Experiment
from engine.run.history import State
from engine.run.micro_step import MicroStep
from engine.run.until import Combination, Condition, Measure, Until
from engine.run.workspace import Runs, Workspace

NEVER = -1
MOST_BYTES = 1 << 22  # of samples that wait to be read
FEWEST_STEPS, MOST_STEPS = 16, 1024  # training steps that they are of: twice as many each time


class Trail:
    """The last measurements of a condition, each with its training step, the newest last.

    Attributes:
        most: how many are kept.
        steps: their training steps.
        found: the measurements, along the first axis.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.clear()

    def clear(self) -> None:
        self.steps, self.found = np.empty(0, int), np.empty(0)

    def add(self, step: int, measured: Any) -> None:
        """Add what was measured in a training step; a training step that is gone through again counts once."""
        if len(self.steps) and self.steps[-1] == step:
            self.steps, self.found = self.steps[:-1], self.found[:-1]
        self.extend(np.array([step]), np.array([measured]))

    def extend(self, steps: np.ndarray, measured: np.ndarray) -> None:
        """Add what was measured in later training steps."""
        if len(self.steps):
            steps, measured = np.concatenate([self.steps, steps]), np.concatenate([self.found, measured])
        self.steps, self.found = steps[-self.most :], measured[-self.most :]


@dataclass
class Sampled:
    """The samples of a condition in one training step after another.

    Attributes:
        number: the number of the leaf.
        place: the number of micro-steps of a training step after which it is tested.
        measure: how the buffers are measured.
        rough: whether it tells only between which numbers all measurements lie.
        samples: what has been taken.
    """

    number: int
    place: int
    measure: Measure
    rough: bool
    samples: Any = field(init=False)

    def __post_init__(self) -> None:
        self.samples = bytearray() if self.measure.copied else []

    @property
    def read(self) -> np.ndarray:
        """The measurements of all samples."""
        return self.measure.read(bytes(self.samples) if self.measure.copied else self.samples)

    def runs(self, every: int, workspace: Workspace) -> Runs:
        """The calls that take a sample within a training step."""
        if self.measure.copied:
            return [*self.measure.first, *(partial(self.samples.extend, array) for array in self.measure.copied)]
        add, sample, draw = self.samples.append, self.measure.sample, workspace.draw

        def take() -> None:
            add(sample())

        def take_seldom() -> None:
            if (draw.training_step + 1) % every == 0:
                add(sample())

        return [take if every == 1 else take_seldom]


class Sampling(NamedTuple):
    """A training step in which samples are taken.

    Attributes:
        sampled: the samples of each condition that is tested in it, in the order of their tests.
        calls: the calls of the training step, and those that take a sample among them.
    """

    sampled: list[Sampled]
    calls: Runs


class Reading(NamedTuple):
    """What the samples of a condition tell of consecutive training steps.

    Attributes:
        steps: the numbers of those in which it was tested, counted from the first one.
        measured: the measurements in them.
        answers: whether it was true at its last test, after each training step.
    """

    steps: np.ndarray
    measured: np.ndarray
    answers: np.ndarray


class Tests:
    """What a seek tests on its way. It goes on from one seek to the next, where the next one begins at its end.

    Attributes:
        until: the condition.
        leaves: the conditions that are tested.
        answers: whether each of them was true when it was last tested.
        met: the one that has ended the way, None while none has.
        begun: the moment from which on all measurements are known, ``NEVER`` where none are.
        reached: the moment up to which they are.
        silent: whether tests measure only, and end nothing.
        waits_at: the moment, and its state, that a seek stays at while what comes before it is measured.
    """

    def __init__(self, until: Until) -> None:
        self.until, self.leaves = until, until.leaves
        self.trails = [Trail(leaf.memory + 1) for leaf in self.leaves]
        self.answers = [False] * len(self.leaves)
        self.met: Condition | None = None
        self.begun = self.reached = NEVER
        self.silent = False
        self.waits_at: tuple[int, State] | None = None
        self._samplings: WeakKeyDictionary[Workspace, dict[tuple[bool, bool], Sampling]] = WeakKeyDictionary()
        self._rough = True  # until a rough measurement has left open whether a condition is true
        self._sampled: list[Sampled] = []
        self._most = FEWEST_STEPS  # so that little is run in vain where a condition is true soon
        self._places: dict[tuple[int, int], int | None] = {}

    @cached_property
    def of_epochs(self) -> bool:
        """Whether one of them is tested at the ends of epochs."""
        return any(leaf.of_epochs for leaf in self.leaves)

    @cached_property
    def _joined(self) -> bool:
        """Whether conditions wait for each other, so that their last answers count."""
        return isinstance(self.until, Combination) and _joins(self.until)

    def begin_at(self, step: int, steps_per_epoch: int) -> int | None:
        """The training step to begin at, so that enough has been measured in ``step``; None where nothing need be."""
        begins = []
        for leaf in self.leaves:
            before, unit = leaf.memory + self._joined, steps_per_epoch if leaf.of_epochs else leaf.every
            if before:
                begins.append(max(0, ((step + 1) // unit - before - 1) * unit))
        return min(begins, default=None)

    def begin(self, t: int, experiment: Experiment, tensors: Mapping[str, np.ndarray]) -> None:
        """Forget all measurements, and measure from t on; at t = 0, what can be measured of the parameters."""
        self.begun = self.reached = t
        self.answers = [False] * len(self.leaves)
        for leaf, trail in zip(self.leaves, self.trails, strict=True):
            trail.clear()
            if t == 0 and leaf.kind.of_beginning and leaf.fits(experiment):
                trail.add(NEVER, leaf.measured(experiment, tensors))

    def due(
        self, step: int, done: int, at_epoch: bool, experiment: Experiment, program: Sequence[MicroStep]
    ) -> Iterator[int]:
        """The numbers of the leaves that are tested after so many micro-steps of a training step."""
        for number, leaf in enumerate(self.leaves):
            if leaf.of_epochs:
                if at_epoch:
                    yield number
            elif (step + 1) % leaf.every == 0 and self._place(number, experiment, program) == done:
                yield number

    def _place(self, number: int, experiment: Experiment, program: Sequence[MicroStep]) -> int | None:
        key = number, id(program)
        if key not in self._places:
            self._places[key] = self.leaves[number].place(experiment, program)
        return self._places[key]

    def answer(self, step: int, measured: Mapping[int, Any]) -> bool:
        """Take the measurements of one moment by the numbers of their leaves. Returns whether the whole condition is
        true because of one of them.
        """
        for number, found in measured.items():
            self.trails[number].add(step, found)
            self.answers[number] = bool(self.leaves[number].holds(self.trails[number].found)[-1])
        true = [number for number in measured if self.answers[number]]
        by = [number for number in true if self.until.holds_by(number, self.answers)]
        if not by or self.silent:
            return False
        self.met = self.leaves[by[0]]
        return True

    def sampling(
        self, workspace: Workspace, unseen: bool, experiment: Experiment, program: Sequence[MicroStep]
    ) -> tuple[Runs, int]:
        """The calls of a training step, with further calls that sample what is measured, and how often they may run
        before ``first_true`` is called.

        Args:
            workspace: the buffers of the training step.
            unseen: whether only the carried tensors and the loss need to be right at the end.
            experiment: the structure in force.
            program: its micro-steps.
        """
        bound, rough = self._samplings.setdefault(workspace, {}), self._rough and not self.silent
        if (unseen, rough) not in bound:
            bound[unseen, rough] = self._sampling(workspace, unseen, rough, experiment, program)
        self._sampled, calls = bound[unseen, rough]
        for each in self._sampled:
            each.samples.clear()
        size = sum(each.measure.size for each in self._sampled)
        return calls, min(self._most, max(1, MOST_BYTES // max(1, size)))

    def _sampling(
        self, workspace: Workspace, unseen: bool, rough: bool, experiment: Experiment, program: Sequence[MicroStep]
    ) -> Sampling:
        """Bind the calls to the buffers."""
        tensors = workspace.magnitudes if unseen else workspace.buffers
        sampled = []
        for number, leaf in enumerate(self.leaves):
            place = None if leaf.of_epochs else self._place(number, experiment, program)
            if place is not None:
                measure = leaf.measures(experiment, tensors)
                quicker = measure.rough if rough else None
                sampled.append(Sampled(number, place, quicker or measure, quicker is not None))
        sampled.sort(key=lambda each: each.place)
        calls, after = workspace.calls(unseen), dict[int, Runs]()
        for each in sampled:
            leaf = self.leaves[each.number]
            read = {*leaf.reads(experiment)}
            last = max(k for k, call in enumerate(calls) if read & call.writes)
            after.setdefault(last, []).extend(each.runs(leaf.every, workspace))
        return Sampling(sampled, [run for k, call in enumerate(calls) for run in (call.run, *after.get(k, ()))])

    def first_true(self, first: int, end: int) -> int | None:
        """Read the samples of the training steps from ``first`` up to ``end``.

        Returns:
            The first of these training steps in which the whole condition becomes true, or may do so; what is known
            then is what was measured before it. None where there is no such one.
        """
        if self._is_open():
            return first
        sampled = [each for each in self._sampled if not each.rough]
        readings = [self._read(each, first, end) for each in sampled]
        true = None if self.silent else self._first_of(sampled, readings)
        self._most = min(2 * self._most, MOST_STEPS) if true is None else FEWEST_STEPS
        known = end - first if true is None else true
        for each, (steps, measured, answers) in zip(sampled, readings, strict=True):
            before = int(np.searchsorted(steps, known))
            self.trails[each.number].extend(steps[:before] + first, measured[:before])
            if known:
                self.answers[each.number] = bool(answers[known - 1])
        return None if true is None else first + true

    def _is_open(self) -> bool:
        """Whether a rough measurement leaves open whether its condition is true; from then on none is rough."""
        for each in self._sampled:
            if each.rough:
                self.answers[each.number] = False
                if self.leaves[each.number].holds(each.read).any():
                    self._rough, self._most = False, FEWEST_STEPS
                    return True
        return False

    def _read(self, sampled: Sampled, first: int, end: int) -> Reading:
        """Read the samples of a leaf, and test it."""
        number, leaf = sampled.number, self.leaves[sampled.number]
        steps = np.arange(-(first + 1) % leaf.every, end - first, leaf.every)
        if not len(steps):
            return Reading(steps, steps, np.full(end - first, self.answers[number]))
        measured, earlier = sampled.read, self.trails[number].found
        every = np.concatenate([earlier, measured]) if leaf.memory and len(earlier) else measured
        answers = leaf.holds(every)[-len(measured) :]
        if leaf.every > 1:
            last = np.searchsorted(steps, np.arange(end - first), side="right")
            answers = np.concatenate([[self.answers[number]], answers])[last]
        return Reading(steps, measured, answers)

    def _first_of(self, sampled: Sequence[Sampled], readings: Sequence[Reading]) -> int | None:
        """The number of the first training step in which the whole condition becomes true."""
        if not any(reading.answers.any() for reading in readings):
            return None
        last, found = list[Any](self.answers), list[int]()
        for each, reading in zip(sampled, readings, strict=True):
            last[each.number] = np.concatenate([[self.answers[each.number]], reading.answers[:-1]])
        for _, group in groupby(zip(sampled, readings, strict=True), key=lambda pair: pair[0].place):
            pairs = list(group)  # they are tested at the same moment, and what is tested later finds their answers
            for each, reading in pairs:
                last[each.number] = reading.answers
            for each, reading in pairs:
                true = (reading.answers & self.until.holds_by(each.number, last))[reading.steps]
                if true.any():
                    found.append(int(reading.steps[true.argmax()]))
        return min(found, default=None)


def _joins(until: Until) -> bool:
    return isinstance(until, Combination) and (
        (until.all and len(until.parts) > 1) or any(_joins(part) for part in until.parts)
    )
