"""The most memory that a process which trains has held: once its history is full, and a million steps later."""

import json
import sys
from pathlib import Path

from bench.networks import SLICE
from engine import Experiment, Timeline
from engine.base.threads import one_thread
from server.limits import HISTORY_BYTES
from server.trained.shipped import SHIPPED

STEPS = 1_000_000
OFTEN = 0.001  # seconds of a seek while the history fills, so that it soon takes all that it may
# Training steps between two checkpoints once they have outgrown their limit twice, and four times.
FILLED, SETTLED = 64, 256


def peak() -> int:
    """The most bytes of memory that this process has held so far."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("this system does not tell")


def spacing(timeline: Timeline) -> int:
    """How many training steps lie between the checkpoints of a timeline; it doubles where they outgrow their limit."""
    first, second, *_ = [*timeline.landmarks(timeline.t), 0, 0]
    return timeline.locate(second).training_step - timeline.locate(first).training_step


def train(timeline: Timeline, steps: int, seconds: float) -> None:
    """So many training steps further, by seeks of so many seconds."""
    end = timeline.t + steps * len(timeline.program)
    while timeline.t < end:
        timeline.seek(end, seconds)


def measure(experiment: Experiment) -> tuple[int, int]:
    """The most bytes that this process has held once the run's history is full, and ``STEPS`` training steps later.

    How much it holds goes up and down as the history is thinned; what must not go up is the most.
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
