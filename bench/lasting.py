"""What a long run must not do: take more memory, or grow slower."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from bench.contenders import SLICE, ours, played
from bench.networks import DIGITS_ADAM, XOR
from bench.report import Row
from bench.rounds import ratio, rounds
from engine import Experiment, Timeline
from server.limits import HISTORY_BYTES

MEGABYTE = 1 << 20
WARM_UP, STEPS = 1_000_000, 1_000_000
OFTEN = 0.001  # seconds of a seek while it warms up, so that the history soon takes all that it may
LATE = 60_000  # training steps; what fades in Adam's moments is subnormal long before

MEMORY = """
import json, sys
from bench.lasting import resident, trained
timeline = trained(None, {warm_up}, {often})
before = resident()
trained(timeline, {steps})
print(json.dumps([before, resident()]))
"""


def resident() -> int:
    """The bytes of memory that this process holds now."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("this system does not tell")


def trained(timeline: Timeline | None, steps: int, seconds: float = SLICE) -> Timeline:
    """A timeline of XOR, so many training steps further, by seeks of so many seconds."""
    timeline = timeline or Timeline(Experiment.from_dict(XOR.plain), HISTORY_BYTES)
    end = timeline.t + steps * len(timeline.program)
    while timeline.t < end:
        timeline.seek(end, seconds)
    return timeline


def memory(say: Callable[[str], None]) -> list[Row]:
    """How much more memory a million training steps take, in a process of its own."""
    say(f"memory over {STEPS:,} training steps of XOR")
    program = MEMORY.format(warm_up=WARM_UP, often=OFTEN, steps=STEPS)
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    before, after = json.loads(answer.stdout)
    note = f"{before / MEGABYTE:.0f} → {after / MEGABYTE:.0f} MB"
    grown = (after - before) / MEGABYTE
    return [Row("XOR: memory gained in a million training steps, MB", grown, 1, most=True, form="{:.1f}", note=note)]


def drift(say: Callable[[str], None], count: int) -> list[Row]:
    """What a training step with Adam costs late in a run, beside an early one."""
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
