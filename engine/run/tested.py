"""The tests of a seek: what its conditions have measured, and the calls of a training step with tests among them."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from engine.experiment.experiment import Experiment
from engine.run.history import State
from engine.run.micro_step import MicroStep
from engine.run.until import Combination, Condition, Until
from engine.run.workspace import Runs, Workspace

NEVER = -1


class ConditionMet(Exception):
    """A condition of a seek is true."""


@dataclass
class Trail:
    """The last measurements of a condition, each with its training step, the newest last."""

    most: int
    steps: deque[int] = field(init=False)
    found: deque[Any] = field(init=False)

    def __post_init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.steps, self.found = deque(maxlen=self.most), deque(maxlen=self.most)

    def add(self, step: int, measured: Any) -> None:
        """Add what was measured in a training step; a training step that is gone through again counts once."""
        if self.steps and self.steps[-1] == step:
            self.found[-1] = measured
            return
        self.steps.append(step)
        self.found.append(measured)


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
        self._before = list(self.answers)
        self._calls: tuple[Workspace, bool, Runs] | None = None
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
                trail.add(NEVER, leaf.measures(experiment, tensors)())

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

    def answer(self, number: int, step: int, measured: Any) -> bool:
        """Take a measurement of a leaf. Returns whether the whole condition is true because of it."""
        leaf = self.leaves[number]
        if leaf.remembers:
            trail = self.trails[number]
            trail.add(step, measured)
            found = leaf.holds(trail.found)
        else:
            found = leaf.holds(measured)
        self.answers[number] = found
        if not found or self.silent or not self.until.holds_by(number, self.answers):
            return False
        self.met = leaf
        return True

    def among(
        self,
        workspace: Workspace,
        unseen: bool,
        experiment: Experiment,
        program: Sequence[MicroStep],
    ) -> Runs:
        """The calls of a training step, with further calls that test the conditions of losses and other tensors.

        Where the whole condition is true, they raise ``ConditionMet``, in the midst of a training step.

        Args:
            workspace: the buffers of the training step.
            unseen: whether only the carried tensors and the loss need to be right at the end.
            experiment: the structure in force.
            program: its micro-steps.
        """
        if self._calls is None or self._calls[0] is not workspace or self._calls[1] != unseen:
            self._calls = workspace, unseen, self._bound(workspace, unseen, experiment, program)
        return self._calls[2]

    def _bound(
        self,
        workspace: Workspace,
        unseen: bool,
        experiment: Experiment,
        program: Sequence[MicroStep],
    ) -> Runs:
        """The calls, bound to the buffers."""
        chosen = [
            number
            for number, leaf in enumerate(self.leaves)
            if not leaf.of_epochs and self._place(number, experiment, program) is not None
        ]
        names = {number: {*self.leaves[number].reads(experiment)} for number in chosen}
        updated = {name for step in program if step.phase == "update" for name in step.writes}
        late = (each for each in names.values() if each & updated)
        calls = workspace.calls(unseen, frozenset().union(*late))
        looks: dict[int, list[Callable[[], None]]] = {}
        for number in chosen:
            place = max(k for k, call in enumerate(calls) if names[number].intersection(call.writes))
            looks.setdefault(place, []).append(self._look(number, experiment, workspace))
        runs = [run for place, call in enumerate(calls) for run in (call.run, *looks.get(place, ()))]
        return [self._remember, *runs] if self._joined else runs

    def _remember(self) -> None:
        """Keep the answers at the beginning of a training step."""
        self._before[:] = self.answers

    def _end(self) -> None:
        """End a way, with the answers that there were at the beginning of the training step."""
        if self._joined:
            self.answers[:] = self._before
        raise ConditionMet

    def _look(self, number: int, experiment: Experiment, workspace: Workspace) -> Callable[[], None]:
        """The function that tests one condition, the leaf of this number, within a training step."""
        leaf, draw = self.leaves[number], workspace.draw
        measure, every, holds = leaf.measures(experiment, workspace.buffers), leaf.every, leaf.holds

        def look() -> None:
            if self.answer(number, draw.training_step, measure()):
                self._end()

        def seldom() -> None:
            if (draw.training_step + 1) % every == 0:
                look()

        def at_once() -> None:
            if holds(measure()):
                look()

        if every > 1:
            return seldom
        return look if leaf.remembers or self._joined else at_once


def _joins(until: Until) -> bool:
    return isinstance(until, Combination) and (
        (until.all and len(until.parts) > 1) or any(_joins(part) for part in until.parts)
    )
