"""The memory of a process that trains: once its history is full, and a million training steps later."""

import json
import sys
from pathlib import Path

from bench.networks import SLICE
from engine import Experiment, Timeline
from server.limits import HISTORY_BYTES
from server.trained.shipped import SHIPPED

STEPS = 1_000_000
OFTEN = 0.001  # seconds of a seek while the history fills, so that it soon takes all that it may
FILLED = 64  # training steps between two checkpoints of a history that has outgrown its limit twice
SETTLING = 100_000  # training steps


def resident() -> int:
    """The bytes of memory that this process holds now."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS"):
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
    """The bytes that this process holds once the run's history is full, and ``STEPS`` training steps later."""
    timeline = Timeline(experiment, HISTORY_BYTES)
    while spacing(timeline) < FILLED:
        train(timeline, FILLED, OFTEN)
    train(timeline, SETTLING, SLICE)
    before = resident()
    train(timeline, STEPS, SLICE)
    return before, resident()


if __name__ == "__main__":
    print(json.dumps(measure(Experiment.from_dict(json.loads(sys.argv[1]), SHIPPED))))
