"""A crew computes parts of maps: on all cores of this machine, or, in ``server/maps/on_ray.py``, on a cluster."""

import os
import pickle
import signal
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from functools import lru_cache
from multiprocessing import get_context, parent_process
from threading import Lock, Thread
from typing import Protocol

import numpy as np

from engine.base.threads import one_thread
from engine.maps.map import Map, Part
from server.limits import MAP_WORK


class Crew(Protocol):
    """Computes parts of maps, several at a time."""

    work: float  # the most work that a map may be for it

    @property
    def hands(self) -> int:
        """How many parts it computes at a time."""

    def begin(self, task: bytes, cells: np.ndarray) -> "Future[Part]":
        """Have some runs computed, (runs, 2), of a map that has been pickled.

        Raises:
            BrokenExecutor: the crew is not there.
        """

    def end(self) -> None:
        """Let the crew go; what it has begun is of no use any more."""


class Cores:
    """A process for each core, begun with the first part.

    Args:
        sharers: how many processes share the machine, each with such a crew.
    """

    work = MAP_WORK

    def __init__(self, sharers: int = 1) -> None:
        self.hands = max(1, (os.cpu_count() or 1) // sharers)
        self._pool: ProcessPoolExecutor | None = None
        self._lock = Lock()

    def begin(self, task: bytes, cells: np.ndarray) -> "Future[Part]":
        """Have some runs computed. Where a process has ended by itself, all are begun anew."""
        with self._lock:
            if self._pool is None:
                self._pool = ProcessPoolExecutor(self.hands, get_context("spawn"), _prepared)
            try:
                return self._pool.submit(compute, task, cells)
            except BrokenExecutor:
                self._pool = None
                raise

    def end(self) -> None:
        """Let the processes end after the parts that they are at."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool:
            pool.shutdown(wait=False, cancel_futures=True)


def compute(task: bytes, cells: np.ndarray) -> Part:
    """Some runs, (runs, 2), of a map that has been pickled."""
    return _unpickled(task).part(cells)


@lru_cache(maxsize=2)
def _unpickled(task: bytes) -> Map:
    found: Map = pickle.loads(task)
    return found


def _prepared() -> None:
    """Set up a process: it ends with the one that began it, and leaves signals of the terminal to that."""
    one_thread()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    assert parent

    def follow() -> None:
        parent.join()
        os._exit(0)

    Thread(target=follow, daemon=True).start()
