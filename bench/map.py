"""A map: seconds of one core for 64 x 64 runs of 200 training steps, part by part as a page asks for them."""

from collections.abc import Callable
from time import process_time

from bench.report import Row
from engine import Experiment
from engine.experiment.presets import PRESETS
from engine.maps.axes import axes
from engine.maps.map import Map

SIDE, STEPS = 64, 200
FIELDS = ("optimizer.learning_rate", "initial_scale")


def measure(say: Callable[[str], None]) -> list[Row]:
    """The least seconds of three maps of XOR, with the making of all experiments and programs."""
    say("map")
    experiment = Experiment.from_dict(PRESETS["xor"])
    seconds = []
    for _ in range(3):
        began = process_time()
        known = axes(experiment)
        across, up = (known[field] for field in FIELDS)
        columns, rows = (tuple(each.values(each.low, each.high, SIDE)) for each in (across, up))
        chosen = Map(experiment, (across, up), (columns, rows), STEPS)
        for cells in chosen.parts:
            chosen.part(cells)
        seconds.append(process_time() - began)
    return [
        Row(f"2-4-1 (XOR), 4: map, {SIDE} x {SIDE} runs of {STEPS} training steps, seconds", min(seconds), 2, most=True)
    ]
