"""A job: one map, computed part by part as long as somebody asks for more."""

import pickle
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from threading import Lock

import numpy as np

from engine.maps.map import Map, Part
from server.limits import MAP_SMALL
from server.maps.crew import Crew

AHEAD = 2  # parts that are begun for each hand of the crew, so that none waits
TRIES = 3  # times that a crew may break, before the job is given up


class Job:
    """A map, and the parts of it that are there.

    A small one is computed by whoever asks, a larger one by the crew. Parts are begun only when somebody asks: where
    nobody waits any more, nothing more is computed.

    Attributes:
        map: the map.
        found: the columns and rows of the runs that are there, (runs, 2), and what has become of them, in the order in
            which they came.
    """

    def __init__(self, chosen: Map, crew: Crew) -> None:
        self.map, self._crew = chosen, crew
        self.found: list[tuple[np.ndarray, Part]] = []
        self._left = [*chosen.parts]
        self._begun: dict[Future[Part], np.ndarray] = {}
        self._small, self._broken, self._lock = chosen.work <= MAP_SMALL, 0, Lock()
        self._task = b"" if self._small else pickle.dumps(chosen)

    def since(self, start: int, seconds: float) -> list[tuple[np.ndarray, Part]]:
        """The runs after the first ``start``; where there are none yet, more are waited for, for so many seconds.

        Raises:
            BrokenExecutor: the crew has broken too often.
        """
        with self._lock:
            if self._after(start) or (not self._left and not self._begun):
                return self._after(start)
            if self._small:
                cells = self._left.pop(0)
                self.found.append((cells, self.map.part(cells)))
            else:
                self._by_the_crew(seconds)
            return self._after(start)

    def _after(self, start: int) -> list[tuple[np.ndarray, Part]]:
        count, found = 0, list[tuple[np.ndarray, Part]]()
        for cells, part in self.found:
            if count >= start:
                found.append((cells, part))
            count += len(cells)
        return found

    def _by_the_crew(self, seconds: float) -> None:
        try:
            while self._left and len(self._begun) < AHEAD * self._crew.hands:
                future = self._crew.begin(self._task, self._left[0])
                self._begun[future] = self._left.pop(0)
            done, _ = wait(self._begun, seconds, FIRST_COMPLETED)
            for future in done:
                self.found.append((self._begun[future], future.result()))
                del self._begun[future]
        except BrokenExecutor:
            self._broken += 1
            self._left, self._begun = [*self._begun.values(), *self._left], {}
            if self._broken >= TRIES:
                raise
