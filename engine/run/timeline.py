"""The timeline of a run: ``seek(t)`` gives the state after t micro-steps, for t in any order, with the same bits."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from time import perf_counter
from typing import Any

import numpy as np

from engine.base.refusal import whole
from engine.experiment.changes import LARGEST_T
from engine.experiment.experiment import Experiment
from engine.run.course import Course, Place
from engine.run.history import Checkpoints, History, State
from engine.run.micro_step import MicroStep
from engine.run.motion import FOREVER, NOWHERE, Motion
from engine.run.segments import Segment, segments
from engine.run.tested import Tests
from engine.run.until import Condition, Until, alternatives

AGAIN = 0.25  # the seconds of training from a landmark to the moment that it is kept for


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
        self.ended_by: Condition | None = None
        self._motion = Motion(Course(experiment), History.of(history_bytes))
        self._tests: Tests | None = None  # what the conditions of the last seek with any have measured
        self._motion.restart()

    @property
    def _course(self) -> Course:
        return self._motion.course

    @property
    def _checkpoints(self) -> Checkpoints:
        return self._motion.history.checkpoints

    @property
    def experiment(self) -> Experiment:
        """The experiment, with all its changes."""
        return self._course.experiment

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The segments of the run, in order."""
        return self._course.segments

    @property
    def t(self) -> int:
        """The moment that was sought last."""
        return self._motion.t

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
        return self._course.locate(t)

    def segment_at(self, t: int) -> Segment:
        """The segment whose structure is in force at the moment t."""
        return self._course.segment_at(t)

    def t_of(self, training_step: int) -> int:
        """The moment at which a training step begins."""
        return self._course.t_of(training_step)

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
                return self._motion.visit(t, deadline)
            if self._tests is None or self._tests.until != condition:
                self._tests = Tests(condition)
            if not self._motion.knows(self._tests, since, deadline) and self._tests.waits_at:
                return self._motion.stay(*self._tests.waits_at)
            self._tests.met, self._tests.waits_at = None, None
            state = self._motion.go_through(since, t, deadline, self._tests)
            self.ended_by, self._tests.reached = self._tests.met, self.t if self.t >= since else NOWHERE
            return state

    def measured(self, t: int, condition: Condition) -> list[Any]:
        """What a condition has measured up to t at its last tests, as many of them as it looks at, the newest last."""
        tests = Tests(condition)
        with np.errstate(all="ignore"):
            self._motion.knows(tests, t, FOREVER)
            state, place = self._motion.visit(t, FOREVER), self.locate(max(t - 1, 0))
            if condition.remembers and len(tests.trails[0].found):
                return list(tests.trails[0].found)
            return [condition.measured(self.segments[place.segment].experiment, state)]

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
        self._tests = None
        self._motion.become(Course(experiment, self._course), t)

    def fork(self, t: int) -> "Timeline":
        """Another timeline that is the same up to t and has no changes after it.

        Nothing is run: both timelines share the arrays that this one keeps of the moments up to t.

        Raises:
            Refusal: t is not a whole number from 0 to 2^53 - 1.
        """
        whole("t", "t", t, 0, LARGEST_T)
        changes = tuple(change for change in self.experiment.changes if change.t <= t)
        other = Timeline(replace(self.experiment, changes=changes))
        other._motion = self._motion.fork(Course(other.experiment, self._course), t)
        return other

    @property
    def history_bytes(self) -> int:
        """The bytes that its history takes now."""
        return self._motion.history.bytes

    def limit_history(self, history_bytes: int) -> None:
        """Keep a history of at most so many bytes from now on; what is too much is forgotten at once."""
        self._motion.history.limit_to(history_bytes)

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
        step = max(self._course.leading(t) - 1, 0)
        near = self._checkpoints.first_from(step - int(min(step, AGAIN / max(self._motion.step_seconds, 1e-9))))
        if near is not None and near <= step:
            moment, carried = self.t_of(near), self._checkpoints.get(near)
        else:
            moment = self.t_of(step)
            state = self.seek(moment)
            carried = {name: state[name] for name in self.segment_at(moment).carried}
        if step <= self._motion.suspect and _finite(carried):
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
            if self.t_of(step) > t or step > self._motion.suspect or not _finite(self._checkpoints.get(step)):
                break
            sound = self.t_of(step)
        return sound


def _finite(arrays: Mapping[str, np.ndarray]) -> bool:
    return all(np.isfinite(array).all() for array in arrays.values())
