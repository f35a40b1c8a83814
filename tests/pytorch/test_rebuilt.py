"""Training loops in PyTorch are recorded and opened as the page opens them: every tensor is that of the rebuilt run."""

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

import backscope
from backscope.recording import parsed
from engine import Timeline
from engine.recorded.compared import compared
from engine.recorded.proven import proven
from engine.recorded.rebuilt import rebuilt
from server.capacity import Capacity
from server.recordings.store import Recordings
from server.session import Session
from tests.helpers.session import look, reach, say
from tests.helpers.torch_loops import ACTIVATIONS, LOSSES, OPTIMIZERS

STEPS = 6


class Hidden(nn.Module):
    """A hidden layer, which may have batch norm, dropout and, where its widths are the same, a residual connection."""

    def __init__(self, below: int, units: int, parts: list[bool], share: float) -> None:
        super().__init__()
        norm, dropout, self.adds = parts
        self.linear, self.norm = nn.Linear(below, units), nn.BatchNorm1d(units) if norm else nn.Identity()
        self.activation = ACTIVATIONS[int(torch.randint(len(ACTIVATIONS), ()))]()
        self.dropout, self.adds = nn.Dropout(share) if dropout else nn.Identity(), self.adds and below == units

    def forward(self, h: torch.Tensor) -> torch.Tensor:
        a = self.dropout(self.activation(self.norm(self.linear(h))))
        return h + a if self.adds else a


def trained(path: Path, seed: int) -> None:
    """A run whose network, loss, optimizer, clipping, mini-batches and learning rates are drawn from a seed; it may be
    recorded from its middle on.
    """
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    (loss, last, classes), (kind, settings) = (
        LOSSES[rng.integers(len(LOSSES) - 1)],  # the last is the same as Huber
        OPTIMIZERS[rng.integers(len(OPTIMIZERS))],
    )
    sizes = [*map(int, rng.integers(2, 7, rng.integers(2, 5)))]
    if rng.random() < 0.5:
        sizes[:-1] = [sizes[0]] * (len(sizes) - 1)
    hidden = [Hidden(*pair, [*(rng.random(3) < 0.5)], rng.choice([0.2, 0.5])) for pair in pairwise(sizes[:-1])]
    model, cost = nn.Sequential(*hidden, nn.Linear(sizes[-2], sizes[-1]), *([last()] if last else [])), loss()
    optimizer, limit = kind(model.parameters(), **settings), 0.3 if rng.random() < 0.3 else None

    def step() -> None:
        m = int(rng.integers(4, 9))  # of two examples batch norm leaves hardly more than rounding
        x, y = torch.randn(m, sizes[0]), torch.randint(sizes[-1], (m,)) if classes else torch.rand(m, sizes[-1])
        optimizer.zero_grad()
        cost(model(x), y).backward()
        if limit:
            nn.utils.clip_grad_norm_(model.parameters(), limit)
        optimizer.step()

    for _ in range(int(rng.integers(3))):
        step()
    with backscope.watch(model, optimizer, cost, path, clip_norm=limit):
        for _ in range(STEPS):
            step()
            optimizer.param_groups[0]["lr"] *= 1 - 0.2 * int(rng.integers(2))


@pytest.fixture
def one_thread() -> Iterator[None]:
    """What PyTorch computes is rounded otherwise by another number of threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.mark.usefixtures("one_thread")
def test_every_tensor_of_200_random_runs_is_that_of_the_run_that_the_page_opens(tmp_path):
    compared = 0
    for seed in range(200):
        path = tmp_path / "run.backscope"
        trained(path, seed)
        recordings = Recordings()
        told = recordings.open(path.read_bytes())
        assert told["recording"]["agrees"], (seed, told)
        session = Session(Capacity(), tables=recordings)
        listing = say(session, command="start", experiment=told["experiment"])["listing"]
        length = len(listing["segments"][0]["program"])
        for step in range(STEPS):
            reach(session, (step + 1) * length)
            t = (step + 1) * length
            names = json.loads(look(session, command="ask", t=t, question="recorded", tensor="W1")[1]["facts"])["names"]
            for name in names:
                _, metadata = look(session, command="ask", t=t, question="recorded", tensor=name)
                facts = json.loads(metadata["facts"])
                assert facts["agrees"], (seed, step, name, facts["worst"], facts["allowed"])
                compared += 1
    assert compared > 200 * STEPS * 4


@pytest.mark.parametrize("every", [2, 4])
def test_every_nth_step_of_a_run_opens_as_a_run_of_its_own(tmp_path, every):
    model, path = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)), tmp_path / "run.backscope"
    optimizer, loss = torch.optim.Adam(model.parameters(), lr=0.01), nn.MSELoss()
    with backscope.watch(model, optimizer, loss, path, every):
        for _ in range(9):
            optimizer.zero_grad()
            loss(model(torch.randn(5, 3)), torch.rand(5, 2)).backward()
            optimizer.step()
    recordings = Recordings()
    told = recordings.open(path.read_bytes())
    session = Session(Capacity(), tables=recordings)
    for number in range(0, 9, every):
        plain = told["experiment"] | {"dataset": told["experiment"]["dataset"] | {"first": number}}
        length = len(say(session, command="start", experiment=plain)["listing"]["segments"][0]["program"])
        reach(session, length)
        for name in ("W1", "b1", "dW2", "db2", "W2"):
            _, metadata = look(session, command="ask", t=length, question="recorded", tensor=name)
            facts = json.loads(metadata["facts"])
            assert (facts["agrees"], facts["number"], facts["count"]) == (True, number, 1), (number, name, facts)


class Summed(nn.Module):
    """A layer whose output is added before its activation, as no experiment has it."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second, self.out = nn.Linear(3, 3), nn.Linear(3, 3), nn.Linear(3, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = torch.tanh(self.first(x))
        return self.out(torch.relu(h + self.second(h)))


def watched(path: Path, model: nn.Module, loss: nn.Module, lr: float = 0.05, **settings: Any) -> dict[str, Any]:
    """What a server tells of four steps of stochastic gradient descent."""
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, **settings)
    with backscope.watch(model, optimizer, loss, path):
        for _ in range(4):
            optimizer.zero_grad()
            loss(model(torch.randn(6, 3)), torch.rand(6, 2)).backward()
            optimizer.step()
    return Recordings().open(path.read_bytes())


UNFIT: list[tuple[nn.Module, nn.Module, dict[str, Any], str]] = [
    (nn.Linear(3, 2), nn.MSELoss(reduction="sum"), {}, "summed over the examples"),
    (nn.Sequential(nn.Dropout(0.5), nn.Linear(3, 2)), nn.MSELoss(), {}, "in this order"),
    (nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.BatchNorm1d(4), nn.Linear(4, 2)), nn.MSELoss(), {}, "in this order"),
    (nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4, eps=0.1), nn.Linear(4, 2)), nn.MSELoss(), {}, "epsilon"),
    (Summed(), nn.MSELoss(), {}, "in this order"),
]


@pytest.mark.parametrize(("model", "loss", "settings", "why"), UNFIT)
def test_what_no_experiment_has_is_proven_and_refused_by_name(tmp_path, model, loss, settings, why):
    told = watched(tmp_path / "run.backscope", model, loss, **settings)
    assert told["recording"]["agrees"]
    assert why in told["unfit"]["refused"]
    assert "experiment" not in told


def test_the_running_variance_differs_by_the_rule_of_pytorch_alone(tmp_path):
    path = tmp_path / "run.backscope"
    watched(path, nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2)), nn.MSELoss())
    recording = parsed(path.read_bytes())
    timeline = Timeline(rebuilt("run", recording).experiment)
    t = timeline.t_of(3)
    found = compared(timeline, t, "running_var1", proven(recording))
    assert found.agrees
    assert found.apart_there > 100 * found.allowed_there
    *taken, last = recording.steps
    steps = [*(each | {"new_running_var1": each["new_running_var1"] * np.float32(1.01)} for each in taken), last]
    wrong = replace(recording, steps=steps)
    assert compared(Timeline(rebuilt("wrong", wrong).experiment), t, "running_var1", proven(wrong)).agrees is False
