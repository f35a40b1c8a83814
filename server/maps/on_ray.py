"""A crew on a cluster of Ray, for maps of larger networks: ``pip install 'backscope[ray]'``."""

from concurrent.futures import BrokenExecutor, Future
from threading import Lock
from typing import Any

import numpy as np
import ray

from engine.base.threads import one_thread
from engine.maps.map import Part
from server.limits import MAP_WORK_OF_CLUSTER
from server.maps.crew import compute

LOCAL = "local"  # the address that means a Ray of one's own on this machine


class Cluster:
    """The cores of a cluster, which is reached with the first part.

    Args:
        address: of the cluster, as ``ray.init`` takes it; ``local`` begins one on this machine.
    """

    work = MAP_WORK_OF_CLUSTER

    def __init__(self, address: str) -> None:
        self._address, self._lock = address, Lock()
        self._task: Any = None
        self._handed: tuple[bytes, Any] = b"", None  # the map that the cluster holds

    @property
    def hands(self) -> int:
        """How many cores the cluster has; one until it has been reached."""
        return int(ray.cluster_resources().get("CPU", 1)) if ray.is_initialized() else 1

    def begin(self, task: bytes, cells: np.ndarray) -> "Future[Part]":
        """Have some runs computed by one core."""
        with self._lock:
            try:
                self._reach()
                if self._handed[0] is not task:
                    self._handed = task, ray.put(task)
                found: Future[Part] = self._task.remote(self._handed[1], cells).future()
            except (ConnectionError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
                raise BrokenExecutor(f"Ray at {self._address}: {error}") from error
            return found

    def _reach(self) -> None:
        if not ray.is_initialized():
            ray.init(self._address, log_to_driver=False, include_dashboard=False if self._address == LOCAL else None)
            self._handed = b"", None
        self._task = self._task or ray.remote(num_cpus=1)(_part)

    def end(self) -> None:
        """Leave the cluster; a local one ends."""
        if ray.is_initialized():
            ray.shutdown()


def _part(task: bytes, cells: np.ndarray) -> Part:
    one_thread()
    return compute(task, cells)
