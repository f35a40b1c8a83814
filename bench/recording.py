"""What recording costs a training loop in PyTorch: every step, and every hundredth, against the bare loop."""

from collections.abc import Callable
from itertools import pairwise
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
SHAPES = (  # units, examples of a mini-batch, and whether there are batch norm and dropout
    ([2, 8, 8, 1], 4, False),
    ([784, 100, 10], 32, False),
    ([784, 100, 10], 32, True),
    ([784, 128, 10], 64, False),
)
BOUNDS = {1: ("every step", 2.0), 100: ("every 100th step", 1.05)}  # by the distance of the steps that are recorded


def measure(say: Callable[[str], None], count: int) -> list[Row]:
    """The time of a training step that is watched, divided by that of the bare one."""
    say("recording")
    found = []
    for sizes, m, more in SHAPES:
        everies = {"bare": None, **{f"{every}": every for every in BOUNDS}}
        contenders = {name: loop(sizes, m, every, more) for name, every in everies.items()}
        times = rounds(contenders, count, SECONDS)
        label, bare = "-".join(map(str, sizes)), median(times["bare"]) * 1e6
        label += " with batch norm and dropout" if more else ""
        for every, (which, bound) in BOUNDS.items():
            what = f"{label}, {m} examples: a step in PyTorch with {which} recorded / bare"
            found.append(Row(what, ratio(times, f"{every}", "bare"), bound, most=True, note=f"bare {bare:.0f} µs"))
    return found


def loop(sizes: list[int], m: int, every: int | None, more: bool = False) -> Contender:
    """A loop that trains for some seconds and returns the time of a step; with ``every``, it is recorded."""
    layers: list[nn.Module] = []
    for below, units in pairwise(sizes[:-1]):
        norm = [nn.BatchNorm1d(units)] if more else []
        layers += [nn.Linear(below, units), *norm, nn.ReLU(), *([nn.Dropout(0.3)] if more else [])]
    model = nn.Sequential(*layers, nn.Linear(sizes[-2], sizes[-1]))
    optimizer, loss = torch.optim.Adam(model.parameters()), nn.MSELoss()
    x, y = torch.randn(m, sizes[0]), torch.randn(m, sizes[-1])

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
