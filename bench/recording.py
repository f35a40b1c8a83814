"""What recording costs a training loop in PyTorch: every step, and every hundredth, against the bare loop."""

from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import torch
from torch import nn

import backscope
from bench.contenders import Contender
from bench.report import Row
from bench.rounds import ratio, rounds

SECONDS = 0.1  # a contender's turn
SHAPES = (([2, 8, 1], 4), ([784, 32, 10], 32), ([784, 128, 10], 64))  # units, and examples of a mini-batch
BOUNDS = {1: ("every step", 2.0), 100: ("every 100th step", 1.05)}  # by the distance of the steps that are recorded


def measure(say: Callable[[str], None], count: int) -> list[Row]:
    """The time of a training step that is watched, divided by that of the bare one."""
    say("recording")
    found = []
    for sizes, m in SHAPES:
        contenders = {"bare": loop(sizes, m, None), **{f"{every}": loop(sizes, m, every) for every in BOUNDS}}
        times = rounds(contenders, count, SECONDS)
        label, bare = "-".join(map(str, sizes)), median(times["bare"]) * 1e6
        for every, (which, bound) in BOUNDS.items():
            what = f"{label}, {m} examples: a step in PyTorch with {which} recorded / bare"
            found.append(Row(what, ratio(times, f"{every}", "bare"), bound, most=True, note=f"bare {bare:.0f} µs"))
    return found


def loop(sizes: list[int], m: int, every: int | None) -> Contender:
    """A loop that trains for some seconds and returns the time of a step; with ``every``, it is recorded."""
    below, units, outputs = sizes
    model = nn.Sequential(nn.Linear(below, units), nn.ReLU(), nn.Linear(units, outputs))
    optimizer, loss = torch.optim.Adam(model.parameters()), nn.MSELoss()
    x, y = torch.randn(m, below), torch.randn(m, outputs)

    def steps(seconds: float) -> float:
        count, begun = 0, perf_counter()
        while perf_counter() - begun < seconds:
            optimizer.zero_grad()
            loss(model(x), y).backward()
            optimizer.step()
            count += 1
        return (perf_counter() - begun) / count

    def recorded(seconds: float) -> float:
        with TemporaryDirectory() as folder, backscope.watch(model, optimizer, loss, Path(folder) / "run", every or 1):
            return steps(seconds)

    return steps if every is None else recorded
