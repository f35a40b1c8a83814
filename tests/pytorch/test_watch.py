"""Training loops in PyTorch are recorded and proven: every tensor agrees, and of a wrong loop the mistake is named."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

import backscope
from backscope.known import NotUnderstood
from terminal.__main__ import main
from tests.helpers.torch_loops import ACTIVATIONS, LOSSES, OPTIMIZERS

RUN = Path("run.backscope")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which the command is run in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Loop:
    """A training loop whose parts are drawn from a seed; its steps may be overridden."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        torch.manual_seed(seed)
        loss, last, self.classes = LOSSES[seed % len(LOSSES)]
        optimizer, settings = OPTIMIZERS[seed % len(OPTIMIZERS)]
        self.sizes = [*map(int, rng.integers(2, 9, rng.integers(2, 5)))]
        layers: list[nn.Module] = []
        for below, units in zip(self.sizes, self.sizes[1:], strict=False):
            layers += [nn.Linear(below, units), ACTIVATIONS[rng.integers(len(ACTIVATIONS))]()]
        self.model = nn.Sequential(*layers[:-1], *([last()] if last else []))
        self.optimizer, self.loss = optimizer(self.model.parameters(), **settings), loss()

    def batch(self) -> tuple[torch.Tensor, torch.Tensor]:
        x, outputs = torch.randn(16, self.sizes[0]), self.sizes[-1]
        return x, torch.randint(outputs, (16,)) if self.classes else torch.rand(16, outputs)

    def step(self) -> None:
        x, y = self.batch()
        self.optimizer.zero_grad()
        self.loss(self.model(x), y).backward()
        self.optimizer.step()

    def record(self, steps: int = 25, every: int = 1) -> None:
        with backscope.watch(self.model, self.optimizer, self.loss, RUN, every):
            for _ in range(steps):
                self.step()


def check(seed: int, said: str) -> None:
    loop = Loop(seed)
    loop.record()
    assert main(["prove", str(RUN)]) == 0, (loop.model, loop.loss, loop.optimizer, said)


@pytest.mark.parametrize("seed", range(24))
def test_every_tensor_of_a_random_run_agrees(seed, capsys):
    check(seed, capsys.readouterr().out)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(24, 200))
def test_every_tensor_of_many_random_runs_agrees(seed, capsys):
    check(seed, capsys.readouterr().out)


@pytest.mark.parametrize("seed", range(7))
@pytest.mark.parametrize("every", [2, 3, 10])
def test_every_nth_step_is_proven_by_itself(seed, every, capsys):
    Loop(seed).record(31, every)
    assert main(["prove", str(RUN)]) == 0
    steps = len(range(0, 31, every))
    assert f"tensors of {steps} training steps" in capsys.readouterr().out


@pytest.mark.parametrize("seed", range(7))
def test_a_recording_may_begin_in_the_middle_of_a_run(seed, capsys):
    loop = Loop(seed)
    for _ in range(5):
        loop.step()
    loop.record(5)
    assert main(["prove", str(RUN)]) == 0


def test_of_every_nth_step_the_wrong_one_is_said_by_its_number(capsys):
    class Late(Loop):
        taken = 0

        def batch(self) -> tuple[torch.Tensor, torch.Tensor]:
            self.taken += 1
            return super().batch()

        def step(self) -> None:
            super().step()
            if self.taken > 20:
                with torch.no_grad():
                    [*self.model.parameters()][1].add_(0.1)

    Late(3).record(31, 5)
    assert main(["prove", str(RUN)]) == 1
    said = capsys.readouterr().out
    assert "b1 disagrees, in training step 20" in said
    assert "bias_gradient" in said


def cause(loop: Loop, capsys: pytest.CaptureFixture[str]) -> str:
    loop.record()
    assert main(["prove", str(RUN)]) == 1
    found = re.search(r"cause: (\w+)", capsys.readouterr().out)
    assert found
    return found[1]


def test_gradients_that_are_not_set_to_0_are_named(capsys):
    class Forgetting(Loop):
        def step(self) -> None:
            x, y = self.batch()
            self.loss(self.model(x), y).backward()
            self.optimizer.step()

    assert cause(Forgetting(0), capsys) == "gradients_accumulate"


def test_softmax_before_the_cross_entropy_is_named(capsys):
    class Twice(Loop):
        def step(self) -> None:
            x, y = self.batch()
            self.optimizer.zero_grad()
            self.loss(torch.softmax(self.model(x), dim=1), y).backward()
            self.optimizer.step()

    assert cause(Twice(4), capsys) == "softmax_twice"


def test_a_layer_that_does_not_learn_is_named(capsys):
    loop = Loop(1)
    for parameter in loop.model[0].parameters():
        parameter.requires_grad_(False)
    assert cause(loop, capsys) == "frozen_layer"


def test_a_schedule_of_the_learning_rate_is_part_of_the_recording(capsys):
    class Scheduled(Loop):
        def step(self) -> None:
            super().step()
            self.optimizer.param_groups[0]["lr"] *= 0.9

    Scheduled(3).record()
    assert main(["prove", str(RUN)]) == 0


def test_an_evaluation_between_two_steps_is_no_part_of_the_run():
    class Evaluating(Loop):
        def step(self) -> None:
            x, y = self.batch()
            self.optimizer.zero_grad()
            loss = self.loss(self.model(x), y)
            with torch.no_grad():
                self.loss(self.model(self.batch()[0]), self.batch()[1])
            loss.backward()
            self.optimizer.step()

    Evaluating(0).record()
    assert main(["prove", str(RUN)]) == 0


def test_a_loop_that_does_not_show_its_mini_batch_says_it():
    loop = Loop(1)

    def step(x: torch.Tensor, y: torch.Tensor) -> None:
        loop.optimizer.zero_grad()
        ((loop.model(x) - y) ** 2).mean().backward()
        loop.optimizer.step()

    loop.model, loop.sizes = nn.Sequential(nn.Linear(3, 2)), [3, 2]
    loop.optimizer = torch.optim.SGD(loop.model.parameters(), lr=0.1)
    x, y = torch.randn(4, 3), torch.rand(4, 2)
    with (
        backscope.watch(loop.model, loop.optimizer, nn.MSELoss(), RUN),
        pytest.raises(RuntimeError, match="call scope"),
    ):
        step(x, y)
    with backscope.watch(loop.model, loop.optimizer, nn.MSELoss(), RUN) as scope:
        for _ in range(3):
            scope.batch(x, y)
            step(x, y)
    assert main(["prove", str(RUN)]) == 0


def test_nothing_is_left_behind_when_the_recording_ends():
    loop = Loop(2)
    with backscope.watch(loop.model, loop.optimizer, loop.loss, RUN):
        loop.step()
    size = RUN.stat().st_size
    loop.step()
    assert RUN.stat().st_size == size
    assert not loop.model._forward_pre_hooks
    assert not loop.loss._forward_hooks
    assert not loop.optimizer._optimizer_step_pre_hooks


L, MSE = nn.Linear(2, 2), nn.MSELoss()
REFUSED: dict[str, tuple[Any, Any, Any]] = {
    "the module BatchNorm2d is not understood": (nn.Sequential(L, nn.BatchNorm2d(2)), MSE, {}),
    "the module AlphaDropout is not understood": (nn.Sequential(L, nn.AlphaDropout()), MSE, {}),
    "the module Conv1d is not understood": (nn.Conv1d(1, 1, 1), MSE, {}),
    "a Linear without biases": (nn.Sequential(nn.Linear(2, 2, bias=False)), MSE, {}),
    "ReLU does not follow a Linear": (nn.Sequential(nn.ReLU(), L), MSE, {}),
    "LeakyReLU with negative_slope 0.2": (nn.Sequential(L, nn.LeakyReLU(0.2)), MSE, {}),
    "GELU with approximate none": (nn.Sequential(L, nn.GELU()), MSE, {}),
    "the loss KLDivLoss is not understood": (nn.Sequential(L), nn.KLDivLoss(), {}),
    "MSELoss with reduction none": (nn.Sequential(L), nn.MSELoss(reduction="none"), {}),
    "CrossEntropyLoss has its own softmax": (nn.Sequential(L, nn.Softmax(1)), nn.CrossEntropyLoss(), {}),
    "SGD with maximize True": (nn.Sequential(L), MSE, {"maximize": True}),
}


@pytest.mark.parametrize("says", REFUSED)
def test_what_is_not_understood_is_refused_by_its_name_and_nothing_is_written(says):
    model, loss, settings = REFUSED[says]
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, **settings)
    with pytest.raises(NotUnderstood, match=re.escape(says)):
        backscope.watch(model, optimizer, loss, RUN)
    assert not RUN.exists()


def test_an_optimizer_that_is_not_understood_is_refused():
    model = nn.Sequential(L)
    with pytest.raises(NotUnderstood, match="the optimizer NAdam is not understood"):
        backscope.watch(model, torch.optim.NAdam(model.parameters()), MSE, RUN)
    groups: list[dict[str, Any]] = [{"params": [L.weight]}, {"params": [L.bias], "lr": 0.5}]
    with pytest.raises(NotUnderstood, match="SGD has 2 groups of parameters"):
        backscope.watch(model, torch.optim.SGD(groups, lr=0.1), MSE, RUN)
