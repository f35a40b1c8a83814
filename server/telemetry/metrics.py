"""Numbers for Prometheus, by its official client: ``pip install 'backscope[metrics]'``, then ``backscope --metrics``.

Of several worker processes each writes its numbers to files in a folder, from which any of them answers for all: the
client's multiprocess mode, which begins where the environment names that folder.
"""

import os
from functools import partial

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from server.capacity import Capacity

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
SECONDS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3)  # the histogram's steps


class Metrics:
    """An observer that counts. Its gauges are those of the capacity, looked at after each command."""

    media_type = CONTENT_TYPE_LATEST

    def __init__(self, capacity: Capacity) -> None:
        self._capacity, self._registry = capacity, CollectorRegistry()
        gauge = partial(Gauge, registry=self._registry, multiprocess_mode="livesum")
        counter = partial(Counter, registry=self._registry)
        self._sessions = gauge("backscope_sessions", "Pages that are there")
        self._runs = gauge("backscope_runs", "Runs that pages hold")
        self._held = gauge("backscope_held_bytes", "Bytes that runs hold")
        self._frames = counter("backscope_frames", "Frames made")
        self._frame_bytes = counter("backscope_frame_bytes", "Bytes of the frames made")
        self._steps = counter("backscope_training_steps", "Training steps that runs went on by")
        self._refusals = counter("backscope_refusals", "Commands refused, by kind of refusal", ["kind"])
        self._seconds = Histogram(
            "backscope_command_seconds", "From begin to answer", ["command"], buckets=SECONDS, registry=self._registry
        )

    def command(self, kind: str, seconds: float, refused: str) -> None:
        """Count a command by its kind, and its refusal."""
        self._seconds.labels(kind).observe(seconds)
        if refused:
            self._refusals.labels(refused).inc()
        self._look()

    def frame(self, size: int) -> None:
        """Count a frame."""
        self._frames.inc()
        self._frame_bytes.inc(size)

    def trained(self, training_steps: int) -> None:
        """Count training steps."""
        self._steps.inc(training_steps)

    def _look(self) -> None:
        self._sessions.set(self._capacity.sessions)
        self._runs.set(self._capacity.runs)
        self._held.set(self._capacity.taken)

    def text(self) -> bytes:
        """All numbers in Prometheus's text format, of all workers."""
        self._look()
        if FOLDER not in os.environ:
            return generate_latest(self._registry)
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
        return generate_latest(registry)
