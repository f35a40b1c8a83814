"""A crew computes runs of maps: on all cores of this machine, or, in ``server/maps/on_ray.py``, on a cluster."""

import os
import pickle
import subprocess
import sys
from concurrent.futures import BrokenExecutor, Future
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any, Protocol

import numpy as np

from engine.maps.map import Part
from server.limits import MAP_WORK

IDLE = 60.0  # seconds without work after which a process ends


class Crew(Protocol):
    """Computes runs of maps, several parts at a time."""

    work: float  # the most work that a map may be for it

    @property
    def hands(self) -> int:
        """How many parts it computes at a time."""

    def begin(self, task: bytes, cells: np.ndarray) -> "Future[Part]":
        """Have some runs computed, (runs, 2), of a map that has been pickled. The future fails with BrokenExecutor
        where the crew is not there any more; later parts may succeed.
        """

    def end(self) -> None:
        """Let the crew go; what it has begun is of no use any more."""


class Cores:
    """A process for each core, begun with the first part. One that has nothing to do for a minute ends, and one that
    has ended is begun anew with the next part.

    Args:
        sharers: how many processes share the machine, each with such a crew.
    """

    work = MAP_WORK

    def __init__(self, sharers: int = 1) -> None:
        self.hands = max(1, (os.cpu_count() or 1) // sharers)
        self._left: SimpleQueue[tuple[Future[Part], bytes, np.ndarray] | None] = SimpleQueue()
        self._hands: list[Hand] = []
        self._lock = Lock()

    def begin(self, task: bytes, cells: np.ndarray) -> "Future[Part]":
        """Have some runs computed by the process that is free first."""
        with self._lock:
            if not self._hands:
                self._hands = [Hand() for _ in range(self.hands)]
                for hand in self._hands:
                    Thread(target=self._follow, args=[hand], daemon=True).start()
        found: Future[Part] = Future()
        self._left.put((found, task, cells))
        return found

    def _follow(self, hand: "Hand") -> None:
        """Hand what is left to do to one process, a part after the other."""
        while True:
            try:
                given = self._left.get(timeout=IDLE)
            except Empty:
                hand.end()
                continue
            if given is None:
                return
            found, task, cells = given
            try:
                found.set_result(hand.compute(task, cells))
            except Exception as error:
                found.set_exception(error)

    def end(self) -> None:
        """End the processes, whatever they are at."""
        with self._lock:
            hands, self._hands = self._hands, []
        while not self._left.empty():
            self._left.get()
        for hand in hands:
            self._left.put(None)
            hand.end()


class Hand:
    """A process that computes one part after the other; see ``server/maps/hand.py``."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def compute(self, task: bytes, cells: np.ndarray) -> Part:
        """These runs of the map.

        Raises:
            BrokenExecutor: the process has ended; the next part is computed by another one.
        """
        process = self._process = self._process or begun()
        assert process.stdin and process.stdout
        try:
            pickle.dump((task, cells), process.stdin)
            process.stdin.flush()
            answer: Any = pickle.load(process.stdout)
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            self.end()
            raise BrokenExecutor("a process has ended") from error
        if isinstance(answer, Exception):
            raise answer
        found: Part = answer
        return found

    def end(self) -> None:
        """End the process; the next part has another one."""
        process, self._process = self._process, None
        if process:
            process.kill()
            process.wait()


def begun() -> "subprocess.Popen[bytes]":
    """A process in a session of its own, which the terminal's signals do not reach; it ends when its input does."""
    return subprocess.Popen(
        [sys.executable, "-m", "server.maps.hand"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        start_new_session=True,
    )
