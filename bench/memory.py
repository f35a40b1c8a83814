"""The peak memory of a process that trains: when its history is full, and a million training steps later."""

import json
import sys
from pathlib import Path

from bench.networks import SLICE
from engine import Experiment, Timeline
from engine.base.threads import one_thread
from server.limits import HISTORY_BYTES
from server.trained.shipped import SHIPPED

STEPS = 1_000_000
OFTEN = 0.001  # seconds of a seek while the history fills, so that it is soon full
# The training steps between two checkpoints after the spacing has doubled twice, and four times.
FILLED, SETTLED = 64, 256


def peak() -> int:
    """The most bytes of memory that this process has held so far.

    Raises:
        RuntimeError: the system does not provide the number.
    """
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("this system does not tell")


def spacing(timeline: Timeline) -> int:
    """The number of training steps between two checkpoints of a timeline."""
    first, second, *_ = [*timeline.landmarks(timeline.t), 0, 0]
    return timeline.locate(second).training_step - timeline.locate(first).training_step


def train(timeline: Timeline, steps: int, seconds: float) -> None:
    """Run ``steps`` training steps by seeks of ``seconds`` each."""
    end = timeline.t + steps * len(timeline.program)
    while timeline.t < end:
        timeline.seek(end, seconds)


def measure(experiment: Experiment) -> tuple[int, int]:
    """The peak memory of this process in bytes when the run's history is full, and ``STEPS`` training steps later.

    The memory in use goes up and down with the history; its peak must not grow.
    """
    timeline = Timeline(experiment, HISTORY_BYTES)
    while spacing(timeline) < FILLED:
        train(timeline, FILLED, OFTEN)
    while spacing(timeline) < SETTLED:
        train(timeline, SETTLED, SLICE)
    before = peak()
    train(timeline, STEPS, SLICE)
    return before, peak()


if __name__ == "__main__":
    one_thread()
    print(json.dumps(measure(Experiment.from_dict(json.loads(sys.argv[1]), SHIPPED))))
