"""Long runs: whether memory grows, and whether training steps become slower."""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from bench.contenders import ours, played
from bench.memory import STEPS
from bench.networks import DIGITS_ADAM, SLICE, XOR
from bench.report import Row
from bench.rounds import ratio, rounds
from engine import Experiment, Timeline
from server.app import choices
from server.limits import HISTORY_BYTES

MEGABYTE = 1 << 20
LATE = 60_000  # training steps; without flushing, some of Adam's moments would be subnormal long before


def _memory(name: str, plain: dict[str, Any], say: Callable[[str], None]) -> Row:
    say(f"memory over {STEPS:,} training steps of {name}")
    command = [sys.executable, "-m", "bench.memory", json.dumps(plain)]
    before, after = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    note = f"{before / MEGABYTE:.0f} → {after / MEGABYTE:.0f} MB"
    what = f"{name}: most memory, gained in a million training steps, MB"
    return Row(what, (after - before) / MEGABYTE, 1, most=True, form="{:.1f}", note=note)


def memory(say: Callable[[str], None]) -> list[Row]:
    """The memory that a million training steps of XOR add, in a process of its own."""
    return [_memory("XOR", XOR.plain, say)]


def memory_of_presets(say: Callable[[str], None]) -> list[Row]:
    """The memory that a million training steps add, for every preset and scenario; large networks take minutes."""
    offered = choices()
    scenarios = {name: scenario["experiment"] for name, scenario in offered["scenarios"].items()}
    return [_memory(name, plain, say) for name, plain in {**offered["presets"], **scenarios}.items()]


def drift(say: Callable[[str], None], count: int) -> list[Row]:
    """The time of a training step with Adam late in a run, divided by that of an early one."""
    say(f"{DIGITS_ADAM.label}: {LATE:,} training steps")
    experiment = Experiment.from_dict(DIGITS_ADAM.plain)
    timeline = Timeline(experiment, HISTORY_BYTES)
    end = LATE * len(timeline.program)
    while timeline.t < end:
        timeline.seek(end, SLICE)

    def early(seconds: float) -> float:
        fresh = ours(experiment)
        fresh(0.05)
        return fresh(seconds)

    times = rounds({"late": played(timeline), "early": early}, count, 0.15)
    what = f"{DIGITS_ADAM.label}: a late training step / an early one"
    return [Row(what, ratio(times, "late", "early"), 1.05, most=True)]
