"""The timeline of a run: ``seek(t)`` gives the state after t micro-steps, in any order, always with the same bits."""

from collections.abc import Mapping
from dataclasses import replace
from math import isfinite
from time import perf_counter
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from engine.changes import LARGEST_T
from engine.experiment import Experiment
from engine.history import Checkpoints, Recent, State
from engine.program import carried, program
from engine.refusal import whole
from engine.workspace import Workspace, initial

FOREVER = float("inf")
NOWHERE = -1


class Place(NamedTuple):
    """Where a moment lies: ``micro_step`` micro-steps of training step ``training_step`` are done."""

    training_step: int
    micro_step: int


class Timeline:
    """A run of an experiment, all of whose moments can be visited.

    A state holds what has been computed and nothing else: the carried tensors, and those of the training step that is
    under way. At a boundary it still holds the tensors of the training step that has just ended; the first micro-step
    of the next one clears them.

    Args:
        experiment: what is run.
        history_bytes: the most that recent states may take, and as much again for checkpoints.
    """

    def __init__(self, experiment: Experiment, history_bytes: int = 32 << 20) -> None:
        self.experiment = experiment
        self.program = program(experiment)
        self.t = 0
        self._per_step = len(self.program)
        self._recent, self._checkpoints = Recent(history_bytes), Checkpoints(history_bytes)
        self._carried = initial(experiment, carried(self.program))  # the carried buffers, shared by all workspaces
        self._workspaces: dict[int, Workspace] = {}
        self._change_times = {change.t for change in experiment.changes}
        self._suspect = FOREVER  # the first training step whose loss was seen not to be finite
        self._cursor = NOWHERE  # the moment that the buffers are at ...
        self._state: State | None = None  # ... and its state, unless only the carried tensors are there
        self._restart()

    def locate(self, t: int) -> Place:
        """The training step and micro-step of the moment t."""
        return Place(*divmod(t, self._per_step))

    def seek(self, t: int, seconds: float = FOREVER) -> State:
        """The state after t micro-steps: a mapping of names to read-only arrays.

        Given a limit in seconds, it stops soon after it, at the moment that it has reached, which ``timeline.t``
        tells. Asked again, it goes on from there.

        Raises:
            Refusal: t is not a whole number from 0 to 2^53 - 1.
        """
        whole("t", "t", t, 0, LARGEST_T)
        kept = self._recent.get(t)
        if kept is not None:
            self.t = t
            return kept
        with np.errstate(all="ignore"):
            return self._reach(t, perf_counter() + seconds)

    def change(self, t: int, **write: Any) -> None:
        """Change the run at t: ``learning_rate=0.1``, or ``tensor="W1", index=[0, 1], value=0.3``, or a whole tensor.

        It becomes part of the experiment. Whatever lay after t, later changes included, is dropped.

        Raises:
            Refusal: the change does not fit the experiment; nothing has changed then.
        """
        change = self.experiment.change({"t": t, **write}, "change")
        earlier = tuple(other for other in self.experiment.changes if other.t <= t and not change.hides(other))
        self.experiment = replace(self.experiment, changes=(*earlier, change))
        self._change_times = {other.t for other in self.experiment.changes}
        if self._suspect * self._per_step >= t:
            self._suspect = FOREVER
        self._recent.drop_from(t)
        self._checkpoints.drop_from(-(-t // self._per_step))
        self.t = min(t, self.t)
        if self._cursor >= t:
            self._cursor, self._state = NOWHERE, None

    def sound_before(self, t: int) -> int:
        """The latest moment, not after t, from which a replay can start and before which nothing is known to be off.

        While it runs, a timeline notes the first training step whose loss is no finite number.
        """
        sound = 0
        for step in self._checkpoints.steps:
            finite = all(np.isfinite(array).all() for array in self._checkpoints.get(step).values())
            if step * self._per_step > t or step > self._suspect or not finite:
                break
            sound = step * self._per_step
        return sound

    # How a moment is reached: go back to the latest known moment before it, run whole training steps keeping nothing,
    # then keep every moment of the last one, so that stepping back from it is a look-up.

    def _reach(self, t: int, deadline: float) -> State:
        last_step = max(t - 1, 0) // self._per_step
        self._go_back(t, last_step)
        start = self._cursor
        while self._cursor < last_step * self._per_step and perf_counter() < deadline:
            self._run_training_step()
        if self._cursor > start:
            self._keep_whole()
        end = min(t, (self._cursor // self._per_step + 1) * self._per_step)
        deadline = max(deadline, perf_counter() + 0.01)
        while self._cursor < end:
            self._keep_micro_step()
            if perf_counter() > deadline:
                break
        self.t = self._cursor
        assert self._state is not None
        return self._state

    def _go_back(self, t: int, last_step: int) -> None:
        """Put the buffers at the latest known moment from which t can be reached, unless they are close before it."""
        if self._cursor != NOWHERE and self._cursor <= t <= self._cursor + self._per_step:
            return
        recent = self._recent.nearest(t)
        step = self._checkpoints.nearest(max(last_step - 1, 0))
        best = max(NOWHERE if recent is None else recent, NOWHERE if step is None else step * self._per_step)
        if best <= self._cursor <= t and self._cursor != NOWHERE:
            return
        if best == NOWHERE or t == 0:  # no micro-step leads to 0
            self._restart()
        elif best == recent:
            self._load(self._recent.get(best) or {}, best)
            self._state = self._recent.get(best)
        else:
            assert step is not None
            self._load(self._checkpoints.get(step), best)
            self._state = None

    def _restart(self) -> None:
        self._load(initial(self.experiment, self._carried), 0)
        self._apply_changes()
        self._checkpoints.offer(0, self._carried)
        self._state = self._recent.keep(0, _frozen({}, self._carried))

    def _load(self, arrays: Mapping[str, np.ndarray], t: int) -> None:
        """Copy a state into the buffers; at a boundary the next micro-step needs only the carried tensors."""
        self._cursor = t
        step, done = self.locate(t)
        buffers = self._workspace(step).buffers if done else self._carried
        for name in arrays.keys() & buffers.keys():
            np.copyto(buffers[name], arrays[name])

    def _workspace(self, training_step: int) -> Workspace:
        """The workspace for this training step's mini-batch, which may be smaller at the end of an epoch."""
        experiment = self.experiment
        per_epoch, total = experiment.steps_per_epoch, len(experiment.data.x_train)
        number = training_step % per_epoch
        examples = min(experiment.mini_batch_size, total - number * experiment.mini_batch_size)
        if examples not in self._workspaces:
            self._workspaces[examples] = Workspace(experiment, self.program, self._carried, examples)
        workspace = self._workspaces[examples]
        workspace.draw.training_step = training_step
        return workspace

    def _run_training_step(self) -> None:
        """Go to the next boundary and keep nothing but a checkpoint, where one is due."""
        step, done = self.locate(self._cursor)
        workspace, boundary = self._workspace(step), (step + 1) * self._per_step
        if done or any(self._cursor < t <= boundary for t in self._change_times):
            for run in workspace.runs[done:]:
                run()
                self._cursor += 1
                self._apply_changes()
        else:
            for run in workspace.runs:
                run()
        self._cursor, self._state = boundary, None
        self._end_training_step(step, workspace)

    def _end_training_step(self, step: int, workspace: Workspace) -> None:
        """At a boundary: note a loss that is no number, and save a checkpoint where one is due."""
        if not isfinite(workspace.buffers["loss"]):
            self._suspect = min(self._suspect, step)
        self._checkpoints.offer(step + 1, self._carried)

    def _keep_whole(self) -> None:
        """Keep the state at a boundary, where every buffer of the training step that has just ended is filled."""
        step = self._cursor // self._per_step - 1
        self._state = self._recent.keep(self._cursor, _frozen({}, self._workspace(step).buffers))

    def _keep_micro_step(self) -> None:
        """Go on by one micro-step and keep its state, which shares with the one before all that did not change."""
        step, done = self.locate(self._cursor)
        workspace = self._workspace(step)
        before: Mapping[str, np.ndarray] = self._state if self._state is not None else _frozen({}, self._carried)
        if not done:
            before = {name: before[name] for name in self._carried}
        workspace.runs[done]()
        self._cursor += 1
        changed = {*self.program[done].writes, *self._apply_changes()}
        state = _frozen(before, {name: workspace.buffers[name] for name in changed})
        self._state = self._recent.keep(self._cursor, state)
        if done + 1 == self._per_step:
            self._end_training_step(step, workspace)

    def _apply_changes(self) -> set[str]:
        """Write the changes of this moment into the buffers; the names of the tensors that they wrote."""
        if self._cursor not in self._change_times:
            return set()
        due = [change for change in self.experiment.changes if change.t == self._cursor]
        for change in due:
            change.apply(self._carried[change.tensor])
        return {change.tensor for change in due}


def _frozen(before: Mapping[str, np.ndarray], changed: Mapping[str, np.ndarray]) -> State:
    """A read-only state: the arrays of ``before``, and copies of those that changed since."""
    copies = {name: array.copy() for name, array in changed.items()}
    for array in copies.values():
        array.flags.writeable = False
    return MappingProxyType({**before, **copies})
