"""All limits of the server in one place, enforced before work begins."""

from threading import Lock

from engine import Experiment, Refusal
from engine.base.tensors import dtype_of, shape_of
from engine.run.micro_step import MicroStep
from engine.run.segments import segments

MESSAGE_BYTES = 1 << 20  # of one command
STATE_BYTES = 384 << 20  # of all tensors of one moment
HISTORY_BYTES = 16 << 20  # of a session's recent states, and as much again of its checkpoints
TOTAL_BYTES = 8 << 30  # of all sessions together
SESSIONS = 256
RUNS = 8  # of one session
FIRST = "first"  # the name of the run that commands mean which name none
LANDMARK_BYTES = 8 << 20  # of the tensors that a page keeps, so that its run goes on at another server
CHECKPOINT_BYTES = 128 << 20  # of one checkpoint's file
CHECKPOINTS = 64  # that are kept, for all sessions together ...
CHECKPOINTS_BYTES = 512 << 20  # ... and what they may take
UPLOADS = 4  # checkpoints that are read at the same time; further ones wait
UPLOAD_SECONDS = 120  # for a checkpoint's file to come in ...
STALL_SECONDS = 5  # ... and for the next part of it, so that one that stalls makes room for others
PENDING = 8  # commands of one page that wait for their answers; more are not read before
SEEK_SECONDS = 0.03  # a seek answers after about this long with the moment it has reached
ASK_SECONDS = 1.0  # an evaluation stops after about this long and says how many examples it saw
JUDGE_SECONDS = 0.01  # a part of a split is judged for about this long, so that a seek can be answered after it


def state_bytes(experiment: Experiment) -> int:
    """What all the tensors of one moment take, in the segment where they take most."""
    return max(_program_bytes(part.experiment, part.program) for part in segments(experiment))


def _program_bytes(experiment: Experiment, program: tuple[MicroStep, ...]) -> int:
    total = 0
    for name in {name for step in program for name in (*step.reads, *step.writes)}:
        cells = 1
        for size in shape_of(name, experiment.sizes, experiment.mini_batch_size):
            cells *= size
        total += cells * dtype_of(name, experiment.numpy_dtype).itemsize
    return total


class Capacity:
    """How many sessions there are and what they may take; shared by all, and nothing else is."""

    def __init__(self, sessions: int = SESSIONS, total: int = TOTAL_BYTES) -> None:
        self._sessions, self._total = sessions, total
        self._taken: dict[int, dict[str, int]] = {}  # by session and run
        self._lock = Lock()

    def enter(self, session: int) -> bool:
        """Whether there is room for one more session; it is counted if there is."""
        with self._lock:
            if len(self._taken) >= self._sessions:
                return False
            self._taken[session] = {}
            return True

    def reserve(self, session: int, experiment: Experiment, run: str = FIRST) -> None:
        """Count what a run of the session takes with its new experiment, in place of the one before.

        Raises:
            Refusal: it is more than one run, or all together, may take.
        """
        needed = state_bytes(experiment)
        if needed > STATE_BYTES:
            expected = f"its tensors take {needed >> 20} MB, the limit is {STATE_BYTES >> 20} MB"
            blanks = {"needed": needed >> 20, "limit": STATE_BYTES >> 20}
            raise _too_large(experiment, expected, "memory", **blanks)
        taken = 3 * needed + 2 * HISTORY_BYTES  # the buffers, the moment that is kept and its frame; and the history
        with self._lock:
            runs_of = self._taken.setdefault(session, {})
            if self.taken - runs_of.get(run, 0) + taken > self._total:
                expected = "the server is busy with other pages; it has no room for this network now"
                raise _too_large(experiment, expected, "busy")
            runs_of[run] = taken

    def release(self, session: int, run: str) -> None:
        """Give back what a run took that has ended."""
        with self._lock:
            self._taken.get(session, {}).pop(run, None)

    def leave(self, session: int) -> None:
        """Forget the session."""
        with self._lock:
            self._taken.pop(session, None)

    @property
    def taken(self) -> int:
        """The bytes that are reserved for all runs."""
        return sum(sum(runs.values()) for runs in self._taken.values())

    @property
    def sessions(self) -> int:
        return len(self._taken)


def _too_large(experiment: Experiment, expected: str, form: str, **blanks: int) -> Refusal:
    size = experiment.mini_batch_size
    return Refusal("unfit", "mini_batch_size", "mini-batch size", size, expected, form, **blanks)
