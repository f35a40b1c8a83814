"""The history of a timeline: states of recent moments, and checkpoints of the whole run; both are bounded by bytes."""

from bisect import bisect_left, bisect_right, insort
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

State = MappingProxyType[str, np.ndarray]
OVERHEAD = 200  # bytes that an array costs besides its elements
ENTRY = 40  # bytes that a name in a state costs


def _cost(arrays: Mapping[str, np.ndarray]) -> int:
    return sum(array.nbytes + OVERHEAD for array in arrays.values())


class Recent:
    """Complete states by t. Neighbouring states share unchanged arrays; over the limit, the first kept state goes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.bytes = 0
        self._states: OrderedDict[int, State] = OrderedDict()  # a plain dict is slow to give its oldest entry
        self._times: list[int] = []  # the moments whose states are kept, ascending
        self._holders: dict[int, int] = {}  # the number of states that hold an array, by its id

    def keep(self, t: int, state: State) -> State:
        """Keep the state at t, unless one is kept already, and return the kept one.

        The bytes of an array count once, however many states hold it.
        """
        if t in self._states:
            return self._states[t]
        self._states[t] = state
        insort(self._times, t)
        self.bytes += ENTRY * len(state)
        for array in state.values():
            holders = self._holders.get(id(array), 0)
            self._holders[id(array)] = holders + 1
            if not holders:
                self.bytes += array.nbytes + OVERHEAD
        self._thin()
        return state

    def limit_to(self, limit: int) -> None:
        """Take at most so many bytes, from now on."""
        self.limit = limit
        self._thin()

    def _thin(self) -> None:
        while self.bytes > self.limit and len(self._states) > 1:
            self._forget(next(iter(self._states)))

    def get(self, t: int) -> State | None:
        return self._states.get(t)

    def nearest(self, t: int) -> int | None:
        """The latest moment up to t whose state is kept, or None."""
        place = bisect_right(self._times, t)
        return self._times[place - 1] if place else None

    def up_to(self, t: int) -> "Recent":
        """A second history with the states up to t; both histories share the arrays."""
        other = Recent(self.limit)
        other.bytes, other._states, other._times = self.bytes, self._states.copy(), self._times.copy()
        other._holders = self._holders.copy()
        other.drop_from(t + 1)
        return other

    def drop_from(self, t: int) -> None:
        """Forget the states from t on."""
        for kept in reversed(self._times[bisect_left(self._times, t) :]):
            self._forget(kept)

    def _forget(self, t: int) -> None:
        state = self._states.pop(t)
        del self._times[bisect_left(self._times, t)]
        self.bytes -= ENTRY * len(state)
        for array in state.values():
            holders = self._holders.pop(id(array))
            if holders > 1:
                self._holders[id(array)] = holders - 1
            else:
                self.bytes -= array.nbytes + OVERHEAD


class Checkpoints:
    """Checkpoints: the carried tensors at every ``spacing``-th training step. Over the limit, the spacing doubles.

    An adopted checkpoint stays, whatever the spacing: nothing else leads to the moments soon after it.
    """

    def __init__(self, limit: int, spacing: int = 16) -> None:
        self.limit, self.spacing = limit, spacing
        self.bytes = 0
        self.steps: list[int] = []  # the saved training steps, ascending
        self._adopted: int | None = None
        self._saved: dict[int, dict[str, np.ndarray]] = {}

    def offer(self, training_step: int, carried: dict[str, np.ndarray]) -> None:
        """Save a copy of the carried tensors, if the training step that begins is a multiple of the spacing."""
        if training_step % self.spacing == 0:
            self._save(training_step, carried)

    def adopt(self, training_step: int, carried: Mapping[str, np.ndarray]) -> None:
        """Save a copy of the carried tensors of another run of the same experiment."""
        self._adopted = training_step
        self._save(training_step, carried)

    def _save(self, training_step: int, carried: Mapping[str, np.ndarray]) -> None:
        if training_step in self._saved:
            return
        self._saved[training_step] = {name: array.copy(order="K") for name, array in carried.items()}
        insort(self.steps, training_step)
        self.bytes += _cost(carried)
        self._thin()

    def limit_to(self, limit: int) -> None:
        """Take at most so many bytes, from now on."""
        self.limit = limit
        self._thin()

    def _thin(self) -> None:
        while self.bytes > self.limit and self.spacing <= self.steps[-1]:
            self.spacing *= 2
            self._keep([step for step in self.steps if step % self.spacing == 0 or step == self._adopted])

    def nearest(self, training_step: int) -> int | None:
        """The latest saved training step up to the given one, or None."""
        place = bisect_right(self.steps, training_step)
        return self.steps[place - 1] if place else None

    def first_from(self, training_step: int) -> int | None:
        """The earliest saved training step that is not before the given one."""
        place = bisect_left(self.steps, training_step)
        return self.steps[place] if place < len(self.steps) else None

    def get(self, training_step: int) -> dict[str, np.ndarray]:
        """The carried tensors that are saved for this training step, read-only."""
        saved = self._saved[training_step]
        for array in saved.values():
            array.flags.writeable = False
        return saved

    def up_to(self, training_step: int) -> "Checkpoints":
        """A second set with the checkpoints up to a training step; both sets share the arrays."""
        other = Checkpoints(self.limit, self.spacing)
        other.bytes, other.steps, other._saved = self.bytes, self.steps, self._saved.copy()
        other._adopted = self._adopted
        other.drop_from(training_step + 1)
        return other

    def drop_from(self, training_step: int) -> None:
        """Forget the checkpoints from this training step on."""
        self._keep([step for step in self.steps if step < training_step])

    def _keep(self, steps: list[int]) -> None:
        for step in {*self.steps} - {*steps}:
            self.bytes -= _cost(self._saved.pop(step))
        self.steps = steps


@dataclass
class History:
    """What a run keeps of its moments.

    Attributes:
        recent: complete states of recent moments.
        begun: the carried tensors at the beginnings of recent training steps.
        checkpoints: the carried tensors at training steps of the whole run.
    """

    recent: Recent
    begun: Recent
    checkpoints: Checkpoints

    @classmethod
    def of(cls, limit: int) -> "History":
        """An empty history of at most so many bytes: one half for checkpoints, the other for what is recent."""
        recent, begun, checkpoints = _parts(limit)
        return cls(Recent(recent), Recent(begun), Checkpoints(checkpoints))

    @property
    def bytes(self) -> int:
        """The bytes that it takes now."""
        return self.recent.bytes + self.begun.bytes + self.checkpoints.bytes

    def limit_to(self, limit: int) -> None:
        """Take at most so many bytes from now on; what is too much is forgotten at once."""
        recent, begun, checkpoints = _parts(limit)
        self.recent.limit_to(recent)
        self.begun.limit_to(begun)
        self.checkpoints.limit_to(checkpoints)

    def up_to(self, t: int, training_step: int) -> "History":
        """A copy with the states up to t and the checkpoints up to a training step. Both histories share the arrays."""
        return History(self.recent.up_to(t), self.begun.up_to(t), self.checkpoints.up_to(training_step))

    def drop_from(self, t: int, training_step: int) -> None:
        """Forget what lies from t on, and the checkpoints from a training step on."""
        self.recent.drop_from(t)
        self.begun.drop_from(t)
        self.checkpoints.drop_from(training_step)


def _parts(limit: int) -> tuple[int, int, int]:
    """The bytes for recent states, for the beginnings of recent training steps, and for checkpoints."""
    return limit * 3 // 8, limit // 8, limit // 2
