"""The timeline of a run: ``seek(t)`` gives the state after t micro-steps, for t in any order, with the same bits."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isfinite
from time import perf_counter
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from engine.base.refusal import whole
from engine.experiment.changes import LARGEST_T, Change
from engine.experiment.experiment import Experiment
from engine.run.history import Checkpoints, Recent, State
from engine.run.micro_step import MicroStep
from engine.run.run import Run
from engine.run.segments import Segment, segments
from engine.run.tested import ConditionMet, Tests
from engine.run.until import LOSS, Condition, Until, alternatives
from engine.run.workspace import Workspace

FOREVER = float("inf")
NOWHERE = -1
QUICK = 0.002  # a training step of at most so many seconds may still be run when the time of a seek is over
AGAIN = 0.25  # the seconds of training from a landmark to the moment that it is kept for


class Place(NamedTuple):
    """The place of a moment: its segment, its training step, and how many micro-steps of that are done."""

    segment: int
    training_step: int
    micro_step: int


class Timeline:
    """A run of an experiment, all of whose moments can be visited.

    A state holds the tensors that have been computed and no others: the carried tensors and those of the current
    training step. At the boundary between two training steps it holds the tensors of the first one; the first
    micro-step of the second one removes them.

    Args:
        experiment: the experiment.
        history_bytes: the most bytes of the history: one half for recent states, the other for checkpoints.
    """

    def __init__(self, experiment: Experiment, history_bytes: int = 64 << 20) -> None:
        self.experiment = experiment
        self.segments = segments(experiment)
        self.t = 0
        self.ended_by: Condition | None = None
        recent, begun, checkpoints = _parts(history_bytes)
        self._recent, self._checkpoints = Recent(recent), Checkpoints(checkpoints)
        self._begun = Recent(begun)  # carried tensors at the beginnings of recent training steps
        self._index_changes()
        self._step_seconds = FOREVER  # the duration of a training step
        self._tests: Tests | None = None  # what the conditions of the last seek with any have measured
        self._suspect = FOREVER  # the first training step whose loss was not finite
        self._cursor = NOWHERE  # the moment of the buffers
        self._state: State | None = None  # its state; None where the buffers hold only carried tensors
        self._run = Run(self.segments[0])  # the buffers themselves
        self._finished: Mapping[str, np.ndarray] = {}  # the tensors at the boundary just reached
        self._restart()

    @property
    def program(self) -> tuple[MicroStep, ...]:
        """The micro-steps of one training step, at the moment that was sought last."""
        return self.segment_at(self.t).program

    @property
    def tensors(self) -> tuple[str, ...]:
        """The names of all tensors that occur in the run."""
        steps = [step for part in self.segments for step in part.program]
        return tuple(dict.fromkeys(name for step in steps for name in (*step.reads, *step.writes)))

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

    def seek(
        self,
        t: int,
        seconds: float = FOREVER,
        until: Until | Sequence[Until] | None = None,
        since: int | None = None,
    ) -> State:
        """The state after t micro-steps: a mapping of names to read-only arrays.

        ``timeline.t`` is the moment of that state. It is before t where time or a condition has ended the seek; another
        seek continues from there.

        Args:
            t: the moment.
            seconds: the time after which the seek ends soon, at the moment that it has reached.
            until: the condition that ends the seek at the first moment after ``since`` at which it becomes true by one
                of its tests, or several of which the first does: right after the micro-step that writes the last of
                the tensors that are tested, or where an epoch ends. ``timeline.ended_by`` is then the condition that
                was tested, and else None. What a condition has to know of the moments before ``since`` is run again
                where it is not known.
            since: the moment after which the condition is tested; the last sought one where it is None. A seek to a
                moment that is not after it ignores the condition.

        Raises:
            Refusal: t is not a whole number from 0 to 2^53 - 1.
        """
        whole("t", "t", t, 0, LARGEST_T)
        since, self.ended_by = self.t if since is None else since, None
        condition, deadline = alternatives(until), perf_counter() + seconds
        with np.errstate(all="ignore"):
            if condition is None or t <= since:
                return self._visit(t, deadline)
            if self._tests is None or self._tests.until != condition:
                self._tests = Tests(condition)
            if not self._knows(self._tests, since, deadline) and self._tests.waits_at:
                self.t, state = self._tests.waits_at
                return state
            self._tests.met, self._tests.waits_at = None, None
            state = self._go_through(since, t, deadline, self._tests)
            self.ended_by, self._tests.reached = self._tests.met, self.t if self.t >= since else NOWHERE
            return state

    def measured(self, t: int, condition: Condition) -> list[Any]:
        """What a condition has measured up to t at its last tests, as many of them as it looks at, the newest last."""
        tests = Tests(condition)
        with np.errstate(all="ignore"):
            self._knows(tests, t, FOREVER)
            state, place = self._visit(t, FOREVER), self.locate(max(t - 1, 0))
            if condition.remembers and tests.trails[0].found:
                return list(tests.trails[0].found)
            return [condition.measures(self.segments[place.segment].experiment, state)()]

    def changed(self, t: int, **write: Any) -> Experiment:
        """The experiment that ``change`` with the same arguments would turn this one into.

        Raises:
            Refusal: the change does not fit the experiment.
        """
        whole("change.t", "t", t, 0, LARGEST_T)
        earlier = replace(self.experiment, changes=tuple(each for each in self.experiment.changes if each.t <= t))
        change = earlier.change({"t": t, **write}, "change")
        kept = [other for other in earlier.changes if not change.hides(other)]
        if change.structure and not self.locate(t).micro_step:  # the change begins at once, before numbers are written
            parameters = replace(earlier, changes=(*kept, change)).structure_at(t).parameters
            kept = [other for other in kept if not change.undoes(other, parameters)]
        changed = replace(self.experiment, changes=(*kept, change))
        segments(changed)
        return changed

    def change(self, t: int, **write: Any) -> None:
        """Change the run at t. Everything after t, later changes included, is dropped.

        A change of numbers is ``learning_rate=0.1``, or ``tensor="W1", index=[0, 1], value=0.3``, or a whole tensor
        without ``index``. A change of structure, such as ``optimizer={"name": "adam"}`` or ``layers=[...]``, holds from
        the next training step on. The change becomes part of the experiment.

        Raises:
            Refusal: the change does not fit the experiment; then nothing is changed.
        """
        self.become(self.changed(t, **write), t)

    def become(self, experiment: Experiment, t: int) -> None:
        """Continue with another experiment that is the same up to t, such as ``changed`` returns."""
        self.experiment = experiment
        place, found = self.locate(t), segments(self.experiment)
        same = found == self.segments
        if not same:
            self.segments = found
        self._index_changes()
        if self._suspect >= place.training_step:
            self._suspect = FOREVER
        self._tests = None
        self._recent.drop_from(t)
        self._begun.drop_from(t)
        self._checkpoints.drop_from(place.training_step + (place.micro_step > 0))
        self.t = min(t, self.t)
        if self._cursor >= t or not same:
            self._cursor, self._state = NOWHERE, None

    def fork(self, t: int) -> "Timeline":
        """Another timeline that is the same up to t and has no changes after it.

        Nothing is run: both timelines share the arrays that this one keeps of the moments up to t.

        Raises:
            Refusal: t is not a whole number from 0 to 2^53 - 1.
        """
        whole("t", "t", t, 0, LARGEST_T)
        changes = tuple(change for change in self.experiment.changes if change.t <= t)
        other = Timeline(replace(self.experiment, changes=changes), 2 * self._checkpoints.limit)
        step = self.locate(t).training_step
        other._recent, other._begun = self._recent.up_to(t), self._begun.up_to(t)
        other._checkpoints = self._checkpoints.up_to(step)
        other._step_seconds = self._step_seconds
        other._suspect = self._suspect if self._suspect < step else FOREVER
        other._cursor, other._state = NOWHERE, None
        return other

    @property
    def history_bytes(self) -> int:
        """The bytes that its history takes now."""
        return self._recent.bytes + self._begun.bytes + self._checkpoints.bytes

    def limit_history(self, history_bytes: int) -> None:
        """Keep a history of at most so many bytes from now on; what is too much is forgotten at once."""
        recent, begun, checkpoints = _parts(history_bytes)
        self._recent.limit_to(recent)
        self._begun.limit_to(begun)
        self._checkpoints.limit_to(checkpoints)

    def landmarks(self, t: int) -> list[int]:
        """The moments up to t whose carried tensors are kept, ascending. At each of them a training step begins."""
        return [moment for moment in map(self.t_of, self._checkpoints.steps) if moment <= t]

    def carried_at(self, landmark: int) -> Mapping[str, np.ndarray]:
        """The carried tensors of a landmark, which are kept, so that nothing is run."""
        return self._checkpoints.get(self.locate(landmark).training_step)

    def resumption(self, t: int) -> tuple[int, Mapping[str, np.ndarray]]:
        """A moment from which another run of this experiment can come to t in no time, and its carried tensors.

        It is the earliest landmark that is near enough, so that there is some way back from t too; where none is, the
        training step begins there that comes before the one that leads to t. Nothing before it is known to be off.
        """
        step = max(self._leading(t) - 1, 0)
        near = self._checkpoints.first_from(step - int(min(step, AGAIN / max(self._step_seconds, 1e-9))))
        if near is not None and near <= step:
            moment, carried = self.t_of(near), self._checkpoints.get(near)
        else:
            moment = self.t_of(step)
            state = self.seek(moment)
            carried = {name: state[name] for name in self.segment_at(moment).carried}
        if step <= self._suspect and _finite(carried):
            return moment, carried
        sound = self.sound_before(t)
        return sound, self.carried_at(sound)

    def adopt(self, t: int, carried: Mapping[str, np.ndarray]) -> None:
        """Take what ``resumption`` gave of another run of this experiment as a landmark: what lies after it is reached
        from there, with the same bits, and what lies before it is run when it is sought.
        """
        self._checkpoints.adopt(self.locate(t).training_step, carried)

    def sound_before(self, t: int) -> int:
        """The latest checkpoint's moment up to t before which all losses and checkpoints are finite.

        While a timeline runs, it notes the first training step whose loss is not finite.
        """
        sound = 0
        for step in self._checkpoints.steps:
            if self.t_of(step) > t or step > self._suspect or not _finite(self._checkpoints.get(step)):
                break
            sound = self.t_of(step)
        return sound

    # How a moment is reached: the timeline goes back to the latest kept moment before it, runs whole training steps
    # without keeping states, and then keeps every state of the last training step. So stepping back from the moment,
    # and explaining it, is a look-up. Where time is over earlier, the timeline keeps the boundary that it has reached
    # and the beginning of the training step before it; the moments in between are run when they are sought. A training
    # step without a kept state may leave wrong values in tensors other than the carried ones and the loss. Training
    # steps that are not quick have the right values in all tensors, since time may be over after any of them.

    def _index_changes(self) -> None:
        """Index the moments at which segments begin and numbers are written."""
        self._starts = [segment.t for segment in self.segments]
        self._writes: dict[int, list[Change]] = {}
        for change in self.experiment.changes:
            if not change.structure:
                self._writes.setdefault(change.t, []).append(change)
        self._write_steps = {self._leading(t) for t in self._writes if t}
        self._events = sorted(self._write_steps | {segment.training_step for segment in self.segments})

    def _leading(self, t: int) -> int:
        """The training step whose micro-steps lead to t."""
        return self.locate(max(t - 1, 0)).training_step

    def _visit(self, t: int, deadline: float) -> State:
        """The state at t, or where time is over earlier, at a moment before it."""
        kept = self._recent.get(t)
        if kept is not None:
            self.t = t
            return kept
        self._go_back(t, self._leading(t))
        return self._run_to(t, deadline)

    def _go_through(self, since: int, t: int, deadline: float, tests: Tests) -> State:
        """Go from ``since`` to t through all training steps between them, or until the condition is true."""
        if self._cursor != since and self._is_landmark(since):
            self._load(self.carried_at(since), since)
            self._state = None
        if self._cursor != since:
            state = self._visit(since, deadline)
            if self.t != since:
                return state
            if self._cursor != since:
                self._load(state, since)
                self._state = state
        return self._run_to(t, deadline, tests)

    def _knows(self, tests: Tests, since: int, deadline: float) -> bool:
        """Have the tests know what they need of the moments up to ``since``. Returns whether there was time for it."""
        step = self._leading(since)
        begin = tests.begin_at(step, self.experiment.steps_per_epoch)
        if begin is None or tests.reached == since:
            return True
        if tests.waits_at is None or tests.waits_at[0] != since:
            tests.waits_at = since, self._visit(since, FOREVER)  # most often it is kept, since it has been answered
        first = self.t_of(begin)
        if not tests.begun <= first <= tests.reached < since:
            state = self._visit(first, deadline)
            if self.t != first:
                return False
            tests.begin(first, self.segment_at(first).experiment, state)
        if (start := tests.reached) < since:
            tests.silent = True
            self._go_through(start, since, deadline, tests)
            tests.silent, tests.reached = False, self.t if self.t >= start else NOWHERE
        return tests.reached == since

    def _is_landmark(self, t: int) -> bool:
        _, step, done = self.locate(t)
        return not done and self._checkpoints.nearest(step) == step

    def _run_to(self, t: int, deadline: float, tests: Tests | None = None) -> State:
        """Run on from the moment of the buffers to t."""
        last_step = self._leading(t)
        start, began, quick = self._cursor, perf_counter(), self._step_seconds <= QUICK
        met = self._run_steps(last_step - quick, deadline, quick, tests)
        _, step, done = self.locate(self._cursor)
        if not met and quick and step < last_step:
            if not done:
                self._begun.keep(self._cursor, _frozen({}, self._run.carried))
            step += 1
            met = self._run_steps(step, FOREVER, False, tests)
        if not met and self._cursor > start:
            self._step_seconds = (perf_counter() - began) * len(self._run.segment.program) / (self._cursor - start)
            self.t = self._cursor
            self._state = self._recent.keep(self._cursor, _frozen({}, self._finished))
            if step < last_step:
                return self._state
        if not met:
            met = self._keep_to(min(t, self.t_of(step + 1)), max(deadline, perf_counter() + 0.01), tests)
        self.t = self._cursor
        assert self._state is not None
        return self._state

    def _go_back(self, t: int, last_step: int) -> None:
        """Bring the buffers to the latest kept moment from which t can be reached, unless they are close before t."""
        if self._cursor != NOWHERE and self._cursor <= t <= self._cursor + len(self._run.segment.program):
            return
        recent, begun = self._recent.nearest(t), self._begun.nearest(t - 1)
        step = self._checkpoints.nearest(max(last_step - 1, 0))
        moments = (recent, begun, None if step is None else self.t_of(step))
        best = max(NOWHERE if moment is None else moment for moment in moments)
        if best <= self._cursor <= t and self._cursor != NOWHERE:
            return
        if best == NOWHERE or t == 0:  # no micro-step ends at t = 0
            self._restart()
        elif best == recent:
            self._load(self._recent.get(best) or {}, best)
            self._state = self._recent.get(best)
        else:
            self._load(self._begun.get(best) or self.carried_at(best), best)
            self._state = None

    def _restart(self) -> None:
        self._run, self._cursor = Run(self.segments[0]), 0
        for change in self._writes.get(0, ()):
            self._run.write(change)
        self._checkpoints.offer(0, self._run.carried)
        self._state = self._recent.keep(0, _frozen({}, self._run.carried))

    def _load(self, arrays: Mapping[str, np.ndarray], t: int) -> None:
        """Copy a state into the buffers. At a boundary only the carried tensors are copied; the others are not read."""
        place = self.locate(t)
        self._cursor = t
        if self._run.segment is not self.segments[place.segment]:
            self._run = Run(self.segments[place.segment])
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
            _, step, done = self.locate(self._cursor)
            if step >= last_step:
                return False
            workspace, by_itself = self._run.workspace(step), done or step in self._write_steps
            if by_itself and tests:
                if self._keep_to(self.t_of(step + 1), FOREVER, tests):
                    return True
                continue
            self._state = None
            if by_itself:
                for run in workspace.runs[done:]:
                    run()
                    self._cursor += 1
                    self._finished, _ = self._arrive(step, workspace)
                continue
            stop, left = min(last_step, self._next_event(step)), 1
            if of_epochs:
                left = self._left_of_epoch(step)
                stop = min(stop, step + left) if left else step + 1
            if self._stride(step, stop, workspace, unseen and left > 0, deadline, tests):
                self._begun.keep(self._cursor, _frozen({}, self._run.carried))
                if self._keep_to(self.t_of(self.locate(self._cursor).training_step + 1), FOREVER, tests):
                    return True
                continue
            if tests and not left and self._is_true(tests, self._finished, within=False):
                self._state = self._recent.keep(self._cursor, _frozen({}, self._finished))
                return True
        return False

    def _left_of_epoch(self, step: int) -> int:
        """The number of training steps after this one that belong to its epoch."""
        per_epoch = self.experiment.steps_per_epoch
        return per_epoch - 1 - step % per_epoch

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
        index, step, done = self.locate(self._cursor - 1)
        before, (after, following, begun) = self.segments[index], self.locate(self._cursor)
        at_epoch = not begun and following % self.experiment.steps_per_epoch == 0
        for number in tests.due(step, done + 1 if within else 0, at_epoch, before.experiment, before.program):
            leaf = tests.leaves[number]
            part = self.segments[after] if leaf.of_epochs else before
            if leaf.fits(part.experiment) and tests.answer(number, step, leaf.measures(part.experiment, tensors)()):
                return True
        return False

    def _next_event(self, step: int) -> int:
        """The next training step that begins with a checkpoint, a write, a segment or another size of mini-batch."""
        spacing, place = self._checkpoints.spacing, bisect_right(self._events, step)
        events = self._events[place : place + 1]
        return min((step // spacing + 1) * spacing, self._run.same_size_until(step), *events)

    def _stride(
        self, step: int, stop: int, workspace: Workspace, unseen: bool, deadline: float, tests: Tests | None
    ) -> bool:
        """Run the training steps from ``step`` to ``stop``, or until the deadline.

        Where a condition is true, the way is gone once more, without tests, to the beginning of that training step.

        Returns:
            Whether a condition was true.
        """
        draw, loss = workspace.draw, workspace.buffers[LOSS]
        runs = untested = workspace.stride if unseen else workspace.runs
        kept: list[tuple[np.ndarray, np.ndarray]] = []
        if tests:
            segment = self._run.segment
            runs = tests.among(workspace, unseen, segment.experiment, segment.program)
            kept = [(block, block.copy()) for block in workspace.blocks_of(self._run.carried)]
        for run in workspace.before_stride:
            run()
        try:
            for current in range(step, stop):
                draw.training_step = current
                for run in runs:
                    run()
                if not isfinite(loss):
                    self._suspect = min(self._suspect, current)
                if perf_counter() > deadline:
                    break
        except ConditionMet:
            for block, before in kept:
                np.copyto(block, before)
            for again in range(step, current):
                draw.training_step = again
                for run in untested:
                    run()
            self._cursor = self.t_of(current)
            return True
        self._cursor = self.t_of(current + 1)
        self._finished, _ = self._arrive(current, workspace)
        return False

    def _keep_micro_step(self) -> None:
        """Run one micro-step and keep its state, which shares the unchanged arrays with the state before it."""
        _, step, done = self.locate(self._cursor)
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
        self._state = self._recent.keep(self._cursor, state)

    def _arrive(self, step: int, workspace: Workspace) -> tuple[Mapping[str, np.ndarray], set[str]]:
        """Do what a moment needs beside its micro-step.

        At a boundary, a loss that is not finite is noted, the next segment begins if this is its moment, and a
        checkpoint is saved if one is due. At any moment, changes of numbers are written.

        Returns:
            The buffers that hold the moment, and the names of those that were written here.
        """
        buffers: Mapping[str, np.ndarray] = workspace.buffers
        changed: set[str] = set()
        index, next_step, done = self.locate(self._cursor)
        if not done:
            if not isfinite(workspace.buffers["loss"]):
                self._suspect = min(self._suspect, step)
            if self.segments[index] is not self._run.segment:
                before, self._run = self._run, Run(self.segments[index], self._run)
                finished = {name: array for name, array in buffers.items() if name not in before.carried}
                buffers, changed = {**finished, **self._run.carried}, {*self._run.carried}
        changed |= {self._run.write(change) for change in self._writes.get(self._cursor, ())}
        if not done:
            self._checkpoints.offer(next_step, self._run.carried)
        return buffers, changed


def _parts(history_bytes: int) -> tuple[int, int, int]:
    """The bytes for recent states, for the beginnings of recent training steps, and for checkpoints."""
    return history_bytes * 3 // 8, history_bytes // 8, history_bytes // 2


def _finite(arrays: Mapping[str, np.ndarray]) -> bool:
    return all(np.isfinite(array).all() for array in arrays.values())


def _frozen(before: Mapping[str, np.ndarray], changed: Mapping[str, np.ndarray]) -> State:
    """A read-only state: the arrays of ``before``, and copies of changed arrays, in the same memory order."""
    copies = {name: array.copy(order="K") for name, array in changed.items()}
    for array in copies.values():
        array.flags.writeable = False
    return MappingProxyType({**before, **copies})
