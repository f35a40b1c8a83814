"""How a moment is reached: the buffers of a run are brought from the latest kept moment before it to the moment.

They go through whole training steps without keeping states, and then every state of the last training step is kept. So
stepping back from the moment, and explaining it, is a look-up. Where time is over earlier, the boundary that has been
reached is kept, and the beginning of the training step before it; the moments in between are run when they are sought.
A training step without a kept state may leave wrong values in tensors other than the carried ones and the loss.
Training steps that are not quick have the right values in all tensors, since time may be over after any of them.
"""

from collections.abc import Mapping
from math import isfinite
from time import perf_counter
from types import MappingProxyType

import numpy as np

from engine.run.course import Course
from engine.run.history import History, State
from engine.run.run import Run
from engine.run.tested import Tests
from engine.run.until import LOSS
from engine.run.workspace import Runs, Workspace

FOREVER = float("inf")
NOWHERE = -1
QUICK = 0.002  # a training step of at most so many seconds may still be run when the time of a seek is over


class Motion:
    """The buffers of a run, and the moment that they hold.

    Args:
        course: the course of the run.
        history: what is kept of it.

    Attributes:
        t: the moment that was reached last.
        step_seconds: the duration of a training step.
        suspect: the first training step whose loss was not finite.
    """

    def __init__(self, course: Course, history: History) -> None:
        self.course, self.history = course, history
        self.t = 0
        self.step_seconds = FOREVER
        self.suspect = FOREVER
        self._cursor = NOWHERE  # the moment of the buffers
        self._state: State | None = None  # its state; None where the buffers hold only carried tensors
        self._run = Run(course.segments[0])  # the buffers themselves
        self._finished: Mapping[str, np.ndarray] = {}  # the tensors at the boundary just reached

    def become(self, course: Course, t: int) -> None:
        """Go on in another course, which is the same up to t. What is kept from t on is forgotten."""
        place, same = self.course.locate(t), course.segments == self.course.segments
        self.course = course
        if self.suspect >= place.training_step:
            self.suspect = FOREVER
        self.history.drop_from(t, place.training_step + (place.micro_step > 0))
        self.t = min(t, self.t)
        if self._cursor >= t or not same:
            self._cursor, self._state = NOWHERE, None

    def fork(self, course: Course, t: int) -> "Motion":
        """Another motion in a course that is the same up to t. Nothing is run, and what is kept is shared."""
        step = self.course.locate(t).training_step
        other = Motion(course, self.history.up_to(t, step))
        other.step_seconds = self.step_seconds
        other.suspect = self.suspect if self.suspect < step else FOREVER
        return other

    def visit(self, t: int, deadline: float) -> State:
        """The state at t, or where time is over earlier, at a moment before it."""
        kept = self.history.recent.get(t)
        if kept is not None:
            self.t = t
            return kept
        self._go_back(t, self.course.leading(t))
        return self._run_to(t, deadline)

    def stay(self, t: int, state: State) -> State:
        """Be at t, whose state this is, without going there."""
        self.t = t
        return state

    def go_through(self, since: int, t: int, deadline: float, tests: Tests) -> State:
        """Go from ``since`` to t through all training steps between them, or until the condition is true."""
        if self._cursor != since and self._is_landmark(since):
            self._load(self._carried_at(since), since)
            self._state = None
        if self._cursor != since:
            state = self.visit(since, deadline)
            if self.t != since:
                return state
            if self._cursor != since:
                self._load(state, since)
                self._state = state
        return self._run_to(t, deadline, tests)

    def knows(self, tests: Tests, since: int, deadline: float) -> bool:
        """Have the tests know what they need of the moments up to ``since``. Returns whether there was time for it."""
        step = self.course.leading(since)
        begin = tests.begin_at(step, self.course.experiment.steps_per_epoch)
        if begin is None or tests.reached == since:
            return True
        if tests.waits_at is None or tests.waits_at[0] != since:
            tests.waits_at = since, self.visit(since, FOREVER)  # most often it is kept, since it has been answered
        first = self.course.t_of(begin)
        if not tests.begun <= first <= tests.reached < since:
            state = self.visit(first, deadline)
            if self.t != first:
                return False
            tests.begin(first, self.course.segment_at(first).experiment, state)
        if (start := tests.reached) < since:
            tests.silent = True
            self.go_through(start, since, deadline, tests)
            tests.silent, tests.reached = False, self.t if self.t >= start else NOWHERE
        return tests.reached == since

    def _is_landmark(self, t: int) -> bool:
        _, step, done = self.course.locate(t)
        return not done and self.history.checkpoints.nearest(step) == step

    def _run_to(self, t: int, deadline: float, tests: Tests | None = None) -> State:
        """Run on from the moment of the buffers to t."""
        last_step = self.course.leading(t)
        start, began, quick = self._cursor, perf_counter(), self.step_seconds <= QUICK
        met = self._run_steps(last_step - quick, deadline, quick, tests)
        _, step, done = self.course.locate(self._cursor)
        if not met and quick and step < last_step:
            if not done:
                self.history.begun.keep(self._cursor, _frozen({}, self._run.carried))
            step += 1
            met = self._run_steps(step, FOREVER, False, tests)
        if not met and self._cursor > start:
            self.step_seconds = (perf_counter() - began) * len(self._run.segment.program) / (self._cursor - start)
            self.t = self._cursor
            self._state = self.history.recent.keep(self._cursor, _frozen({}, self._finished))
            if step < last_step:
                return self._state
        if not met:
            met = self._keep_to(min(t, self.course.t_of(step + 1)), max(deadline, perf_counter() + 0.01), tests)
        self.t = self._cursor
        assert self._state is not None
        return self._state

    def _go_back(self, t: int, last_step: int) -> None:
        """Bring the buffers to the latest kept moment from which t can be reached, unless they are close before t."""
        if self._cursor != NOWHERE and self._cursor <= t <= self._cursor + len(self._run.segment.program):
            return
        recent, begun = self.history.recent.nearest(t), self.history.begun.nearest(t - 1)
        step = self.history.checkpoints.nearest(max(last_step - 1, 0))
        moments = (recent, begun, None if step is None else self.course.t_of(step))
        best = max(NOWHERE if moment is None else moment for moment in moments)
        if best <= self._cursor <= t and self._cursor != NOWHERE:
            return
        if best == NOWHERE or t == 0:  # no micro-step ends at t = 0
            self.restart()
        elif best == recent:
            self._load(self.history.recent.get(best) or {}, best)
            self._state = self.history.recent.get(best)
        else:
            self._load(self.history.begun.get(best) or self._carried_at(best), best)
            self._state = None

    def restart(self) -> None:
        """Begin the run, whose parameters are those of the experiment, at t = 0."""
        self._run, self._cursor = Run(self.course.segments[0]), 0
        for change in self.course.writes_at(0):
            self._run.write(change)
        self.history.checkpoints.offer(0, self._run.carried)
        self._state = self.history.recent.keep(0, _frozen({}, self._run.carried))

    def _load(self, arrays: Mapping[str, np.ndarray], t: int) -> None:
        """Copy a state into the buffers. At a boundary only the carried tensors are copied; the others are not read."""
        place = self.course.locate(t)
        self._cursor = t
        if self._run.segment is not self.course.segments[place.segment]:
            self._run = Run(self.course.segments[place.segment])
        buffers = self._run.workspace(place.training_step).buffers if place.micro_step else self._run.carried
        for name in arrays.keys() & buffers.keys():
            np.copyto(buffers[name], arrays[name])

    def _run_steps(self, last_step: int, deadline: float, unseen: bool, tests: Tests | None) -> bool:
        """Run training steps up to the beginning of ``last_step``, and keep only checkpoints that are due.

        Args:
            last_step: the training step to stop before.
            deadline: the time to stop at.
            unseen: whether only the carried tensors and the loss need to be right at the end.
            tests: the tests of the conditions that end the run.

        Returns:
            Whether a condition ended the run; then the buffers are at the moment at which it is true.
        """
        of_epochs = tests is not None and tests.of_epochs
        while perf_counter() < deadline:
            _, step, done = self.course.locate(self._cursor)
            if step >= last_step:
                return False
            workspace, by_itself = self._run.workspace(step), done or self.course.writes_within(step)
            if by_itself and tests:
                if self._keep_to(self.course.t_of(step + 1), FOREVER, tests):
                    return True
                continue
            self._state = None
            if by_itself:
                for run in workspace.runs[done:]:
                    run()
                    self._cursor += 1
                    self._finished, _ = self._arrive(step, workspace)
                continue
            stop, left = min(last_step, self._next_turn(step)), 1
            if of_epochs:
                left = self.course.left_of_epoch(step)
                stop = min(stop, step + left) if left else step + 1
            if self._strides(step, stop, workspace, unseen and left > 0, deadline, tests):
                self.history.begun.keep(self._cursor, _frozen({}, self._run.carried))
                if self._keep_to(self.course.t_of(self.course.locate(self._cursor).training_step + 1), FOREVER, tests):
                    return True
                continue
            if tests and not left and self._is_true(tests, self._finished, within=False):
                self._state = self.history.recent.keep(self._cursor, _frozen({}, self._finished))
                return True
        return False

    def _keep_to(self, end: int, deadline: float, tests: Tests | None) -> bool:
        """Run micro-steps up to ``end`` and keep their states. Returns whether a condition ended the run."""
        while self._cursor < end:
            self._keep_micro_step()
            if tests and self._is_true(tests, self._state or {}):
                return True
            if perf_counter() > deadline:
                break
        return False

    def _is_true(self, tests: Tests, tensors: Mapping[str, np.ndarray], within: bool = True) -> bool:
        """Test what is due at the moment of the buffers, whose tensors these are; without ``within`` only what is
        tested at the ends of epochs. Returns whether the condition is true.
        """
        index, step, done = self.course.locate(self._cursor - 1)
        before, (after, following, begun) = self.course.segments[index], self.course.locate(self._cursor)
        at_epoch = not begun and following % self.course.experiment.steps_per_epoch == 0
        measured = {}
        for number in tests.due(step, done + 1 if within else 0, at_epoch, before.experiment, before.program):
            leaf = tests.leaves[number]
            part = self.course.segments[after] if leaf.of_epochs else before
            if leaf.fits(part.experiment):
                measured[number] = leaf.measured(part.experiment, tensors)
        return bool(measured) and tests.answer(step, measured)

    def _next_turn(self, step: int) -> int:
        """The next training step that begins with a write, a segment or another size of mini-batch."""
        event, same = self.course.next_event(step), self._run.segment.experiment.same_size_until(step)
        return same if event is None else min(same, event)

    def _strides(
        self, step: int, stop: int, workspace: Workspace, unseen: bool, deadline: float, tests: Tests | None
    ) -> bool:
        """Run the training steps from ``step`` to ``stop``, or until the deadline, and keep checkpoints that are due.

        Where a condition is true in one of them, the buffers are brought back to the beginning of that training step.

        Returns:
            Whether a condition was true.
        """
        runs = workspace.stride if unseen else workspace.runs
        if tests:
            segment = self._run.segment
            runs, most = tests.sampling(workspace, unseen, segment.experiment, segment.program)
            stop = min(stop, step + most)
        first = step
        while True:
            spacing = self.history.checkpoints.spacing
            step = self._stride(step, min(stop, (step // spacing + 1) * spacing), workspace, runs, deadline)
            if not tests or step >= stop or perf_counter() > deadline:
                break
        true = tests.first_true(first, step) if tests else None
        if true is None:
            return False
        self._go_back(self.course.t_of(true), true)
        self._run_steps(true, FOREVER, unseen, None)
        return True

    def _stride(self, step: int, stop: int, workspace: Workspace, runs: Runs, deadline: float) -> int:
        """Run the training steps from ``step`` to ``stop``, or until the deadline, by these calls of each.

        Returns:
            The training step that begins where time is over.
        """
        draw, loss = workspace.draw, workspace.buffers[LOSS]
        for run in workspace.before_stride:
            run()
        for current in range(step, stop):
            draw.training_step = current
            for run in runs:
                run()
            if not isfinite(loss):
                self.suspect = min(self.suspect, current)
            if perf_counter() > deadline:
                break
        self._cursor = self.course.t_of(current + 1)
        self._finished, _ = self._arrive(current, workspace)
        return current + 1

    def _keep_micro_step(self) -> None:
        """Run one micro-step and keep its state, which shares the unchanged arrays with the state before it."""
        _, step, done = self.course.locate(self._cursor)
        workspace, program = self._run.workspace(step), self._run.segment.program
        before: Mapping[str, np.ndarray] = self._state if self._state is not None else _frozen({}, self._run.carried)
        if not done:
            before = {name: before[name] for name in self._run.carried}
        workspace.runs[done]()
        self._cursor += 1
        buffers, changed = self._arrive(step, workspace)
        self._finished = buffers
        changed |= {*program[done].writes} & buffers.keys()
        kept = {name: array for name, array in before.items() if name in buffers}
        state = _frozen(kept, {name: buffers[name] for name in changed})
        self._state = self.history.recent.keep(self._cursor, state)

    def _arrive(self, step: int, workspace: Workspace) -> tuple[Mapping[str, np.ndarray], set[str]]:
        """Do what a moment needs beside its micro-step.

        At a boundary, a loss that is not finite is noted, the next segment begins if this is its moment, and a
        checkpoint is saved if one is due. At any moment, changes of numbers are written.

        Returns:
            The buffers that hold the moment, and the names of those that were written here.
        """
        buffers: Mapping[str, np.ndarray] = workspace.buffers
        changed: set[str] = set()
        index, next_step, done = self.course.locate(self._cursor)
        if not done:
            if not isfinite(workspace.buffers["loss"]):
                self.suspect = min(self.suspect, step)
            if self.course.segments[index] is not self._run.segment:
                before, self._run = self._run, Run(self.course.segments[index], self._run)
                finished = {name: array for name, array in buffers.items() if name not in before.carried}
                buffers, changed = {**finished, **self._run.carried}, {*self._run.carried}
        changed |= {self._run.write(change) for change in self.course.writes_at(self._cursor)}
        if not done:
            self.history.checkpoints.offer(next_step, self._run.carried)
        return buffers, changed

    def _carried_at(self, landmark: int) -> Mapping[str, np.ndarray]:
        return self.history.checkpoints.get(self.course.locate(landmark).training_step)


def _frozen(before: Mapping[str, np.ndarray], changed: Mapping[str, np.ndarray]) -> State:
    """A read-only state: the arrays of ``before``, and copies of changed arrays, in the same memory order."""
    copies = {name: array.copy(order="K") for name, array in changed.items()}
    for array in copies.values():
        array.flags.writeable = False
    return MappingProxyType({**before, **copies})
