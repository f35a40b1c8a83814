"""How many pages there are and what their runs hold, counted before work begins, for all sessions of a process."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from engine import Experiment, Refusal
from engine.base.tensors import bytes_of
from engine.run.micro_step import MicroStep
from engine.run.segments import segments
from server.limits import FIRST, HISTORY_BYTES, LEAST_HISTORY_BYTES, SESSIONS, STATE_BYTES, TOTAL_BYTES, WAITING_BYTES


def state_bytes(experiment: Experiment) -> int:
    """The bytes of all tensors of one moment, in the segment where they are most."""
    return max(_program_bytes(part.experiment, part.program) for part in segments(experiment))


def _program_bytes(experiment: Experiment, program: tuple[MicroStep, ...]) -> int:
    names = {name for step in program for name in (*step.reads, *step.writes)}
    size, dtype = experiment.mini_batch_size, experiment.numpy_dtype
    return sum(bytes_of(name, experiment.sizes, size, dtype) for name in names)


@dataclass(frozen=True)
class Holding:
    """What a run holds: a number of bytes that its experiment fixes, and a history that grows up to its allowance."""

    fixed: int
    history: Callable[[], int]  # the bytes that the history takes now

    @property
    def least(self) -> int:
        """The bytes that the run takes when its history has been thinned as far as it goes."""
        return self.fixed + LEAST_HISTORY_BYTES


class Capacity:
    """The count of sessions and of the bytes that their runs hold.

    Args:
        sessions: how many pages there may be.
        total: the bytes that all runs together may hold.
    """

    def __init__(self, sessions: int = SESSIONS, total: int = TOTAL_BYTES) -> None:
        self._most, self._total = sessions, total
        self._held: dict[int, dict[str, Holding]] = {}  # by session and run
        self._thinners: dict[int, Callable[[], None]] = {}
        self._lock = Lock()
        self.turn = Lock()  # held while a run trains: under Python's lock two at once are slower than in turns

    def enter(self, session: int, thin: Callable[[], None] = lambda: None) -> bool:
        """Whether there is room for one more session; it is counted if there is.

        ``thin`` is called, from any thread, when the session's histories must shrink to the ``allowance``.
        """
        with self._lock:
            if len(self._held) >= self._most:
                return False
            self._held[session], self._thinners[session] = {}, thin
            return True

    def reserve(
        self, session: int, experiment: Experiment, run: str = FIRST, history: Callable[[], int] = lambda: 0
    ) -> None:
        """Count what a run of the session takes with its new experiment, in place of the one before. Where there is too
        little left, the histories of all runs are thinned.

        Raises:
            Refusal: it is more than one run may take, or more than there is room for though histories are thinned.
        """
        needed = state_bytes(experiment)
        if needed > STATE_BYTES:
            expected = f"its tensors take {needed >> 20} MB, the limit is {STATE_BYTES >> 20} MB"
            blanks = {"needed": needed >> 20, "limit": STATE_BYTES >> 20}
            raise _too_large(experiment, expected, "memory", **blanks)
        # The buffers, the moment that is kept, the frames that wait to be sent, and examples of its own.
        waiting = max(needed, min(WAITING_BYTES, 8 * needed))
        holding = Holding(2 * needed + waiting + experiment.dataset.size, history)
        with self._lock:
            runs_of = self._held.setdefault(session, {})
            others = [each for each in self._holdings if each is not runs_of.get(run)]
            if sum(each.least for each in [*others, holding]) > self._total:
                raise _too_large(
                    experiment, "the server is busy with other pages; it has no room for this network now", "busy"
                )
            runs_of[run] = holding
            thinners = [*self._thinners.values()] if self.allowance < HISTORY_BYTES else []
        for thin in thinners:
            thin()

    def release(self, session: int, run: str) -> None:
        """Give back what a run took that has ended."""
        with self._lock:
            self._held.get(session, {}).pop(run, None)

    def leave(self, session: int) -> None:
        """Forget the session."""
        with self._lock:
            self._held.pop(session, None)
            self._thinners.pop(session, None)

    @property
    def allowance(self) -> int:
        """The bytes that the history of each run may take: less where there are many large runs."""
        holdings = self._holdings
        left = self._total - sum(each.fixed for each in holdings)
        return max(LEAST_HISTORY_BYTES, min(HISTORY_BYTES, left // max(1, len(holdings))))

    @property
    def taken(self) -> int:
        """The bytes that all runs hold, frames that may wait to be sent included."""
        return sum(each.fixed + each.history() for each in self._holdings)

    @property
    def sessions(self) -> int:
        """How many pages there are."""
        return len(self._held)

    @property
    def runs(self) -> int:
        """How many runs all pages have."""
        return sum(map(len, [*self._held.values()]))

    @property
    def has_room(self) -> bool:
        """Whether another page can come in and begin a small run."""
        least = sum(each.least for each in self._holdings)
        return self.sessions < self._most and least + LEAST_HISTORY_BYTES < self._total

    @property
    def _holdings(self) -> list[Holding]:
        return [each for runs in [*self._held.values()] for each in [*runs.values()]]


def _too_large(experiment: Experiment, expected: str, form: str, **blanks: int) -> Refusal:
    size = experiment.mini_batch_size
    return Refusal("unfit", "mini_batch_size", "mini-batch size", size, expected, form, **blanks)
