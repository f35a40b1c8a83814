"""A crew on a cluster of Ray, for maps of larger networks: ``pip install 'backscope[ray]'``."""

from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import ray

from engine.base.threads import one_thread
from engine.maps.map import Part
from server.limits import MAP_WORK_OF_CLUSTER
from server.maps.address import is_silent
from server.maps.hand import compute

LOCAL = "local"  # the address that means a Ray of one's own on this machine


class Cluster:
    """The cores of a cluster, which is reached with the first part, in a thread of its own: nobody waits for that.

    Args:
        address: of the cluster, as ``ray.init`` takes it; ``local`` begins one on this machine.
    """

    work = MAP_WORK_OF_CLUSTER

    def __init__(self, address: str) -> None:
        self._address = address
        self._line = ThreadPoolExecutor(1)
        self._task: Any = None
        self._handed: tuple[bytes, Any] = b"", None  # the map that the cluster holds

    @property
    def hands(self) -> int:
        """How many cores the cluster has; one until it has been reached."""
        return int(ray.cluster_resources().get("CPU", 1)) if self._task and ray.is_initialized() else 1

    def begin(self, task: bytes, cells: np.ndarray) -> "Future[Part]":
        """Have some runs computed by one core; a future that is broken says why the cluster does not answer."""
        found: Future[Part] = Future()
        self._line.submit(self._send, found, task, cells)
        return found

    def _send(self, found: "Future[Part]", task: bytes, cells: np.ndarray) -> None:
        try:
            self._reach()
            if self._handed[0] is not task:
                self._handed = task, ray.put(task)
            answer = self._task.remote(self._handed[1], cells).future()
            answer.add_done_callback(lambda done: self._answered(found, done))
        except Exception as error:  # whatever keeps Ray from it
            found.set_exception(self._broken(error))

    def _answered(self, found: "Future[Part]", done: "Future[Part]") -> None:
        error = done.exception()
        if error:
            found.set_exception(self._broken(error))
        else:
            found.set_result(done.result())

    def _broken(self, error: BaseException) -> BrokenExecutor:
        return BrokenExecutor(f"Ray at {self._address}: {error}")

    def _reach(self) -> None:
        if ray.is_initialized():
            return
        if is_silent(self._address):
            raise ConnectionError("nobody listens there")
        alone = {"include_dashboard": False} if self._address == LOCAL else {}
        ray.init(self._address, log_to_driver=False, logging_level="error", **alone)
        self._handed = b"", None
        self._task = ray.remote(num_cpus=1)(_part)

    def end(self) -> None:
        """Leave the cluster; a local one ends."""
        self._line.shutdown(wait=False, cancel_futures=True)
        if ray.is_initialized():
            ray.shutdown()


def _part(task: bytes, cells: np.ndarray) -> Part:
    one_thread()
    return compute(task, cells)
