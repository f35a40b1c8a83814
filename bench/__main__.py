"""Measure, print the results as a Markdown table, and write them down: ``python -m bench --only engine``.

The page of benchmarks is written where all parts were measured but the long ones.
"""

import argparse
import sys
from collections.abc import Callable
from statistics import median

from bench import (
    attached,
    augmentation,
    conditions,
    contenders,
    inspector,
    lanes,
    long_runs,
    map,
    page,
    recording,
    returns,
    sessions,
    start,
    surface,
)
from bench.networks import NETWORKS
from bench.report import Row, machine, table, write
from bench.rounds import ratio, rounds
from engine import Experiment
from engine.base.threads import one_thread

SECONDS = 0.04  # a contender's turn


def engine(say: Callable[[str], None], count: int) -> list[Row]:
    """The engine against PyTorch, textbook NumPy and the matrix products alone, for each network."""
    found = []
    for network in NETWORKS:
        say(network.label)
        experiment = Experiment.from_dict(network.plain)
        names = ["ours", "pytorch", "floor"]
        if experiment.training.optimizer == "gradient_descent":
            names.insert(2, "textbook")
        times = rounds({name: getattr(contenders, name)(experiment) for name in names}, count, SECONDS)
        note = " · ".join(f"{name} {median(times[name]) * 1e6:.0f} µs" for name in names)
        if "textbook" in names:
            note += f" (textbook / ours {ratio(times, 'textbook', 'ours'):.1f})"
        name = network.label
        found.append(Row(f"{name}: PyTorch / ours", ratio(times, "pytorch", "ours"), network.pytorch, note=note))
        if network.floor:
            found.append(Row(f"{name}: ours / floor", ratio(times, "ours", "floor"), network.floor, most=True))
    return found


PARTS: dict[str, Callable[[Callable[[str], None], int], list[Row]]] = {
    "engine": engine,
    "augmentation": augmentation.measure,
    "conditions": conditions.measure,
    "attached": lambda say, count: attached.measure(say, max(3, count // 3)),
    "start": lambda say, count: start.measure(say, max(3, count // 3)),
    "page": lambda say, count: page.measure(say, max(3, count // 4)),
    "inspector": lambda say, count: inspector.measure(say),
    "lanes": lambda say, count: lanes.measure(say, max(3, count // 3)),
    "sessions": lambda say, count: sessions.measure(say),
    "returns": lambda say, count: returns.measure(say),
    "surface": lambda say, count: surface.measure(say),
    "map": lambda say, count: map.measure(say),
    "recording": recording.measure,
    "memory": lambda say, count: long_runs.memory(say),
    "drift": long_runs.drift,
    "presets": lambda say, count: long_runs.memory_of_presets(say),
}
LONG = {"presets"}  # the parts that take a quarter of an hour, and are measured only on request


def main() -> int:
    """Measure the chosen parts and print one table; returns the exit status, which is 0 whatever the results."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--only",
        nargs="+",
        choices=PARTS,
        default=[name for name in PARTS if name not in LONG],
        help="the parts to measure",
    )
    parser.add_argument("--rounds", type=int, default=25, help="how often each contender has its turn (%(default)s)")
    parser.add_argument("--long", action="store_true", help="four times as many rounds")
    options = parser.parse_args()
    one_thread()
    count = options.rounds * (4 if options.long else 1)
    rows: list[Row] = []
    for name in options.only:
        rows += PARTS[name](lambda text: print(f"... {text}", file=sys.stderr, flush=True), count)
    measured = f"{machine()}; medians, of {count} rounds where contenders take turns in one process\n\n{table(rows)}"
    print(measured)
    if set(PARTS) - LONG <= {*options.only}:
        write(measured)
    return 0


if __name__ == "__main__":
    sys.exit(main())
