"""Own modules with batch norm, dropout and residuals are recorded and proven, under every optimizer and loss."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn
from torch.nn import functional

import backscope
from backscope.known import NotUnderstood
from terminal.__main__ import main

RUN = Path("run.backscope")
SGD, Adam = torch.optim.SGD, torch.optim.Adam


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which the command is run in."""
    monkeypatch.chdir(tmp_path)
    torch.manual_seed(0)
    return tmp_path


class Block(nn.Module):
    """A residual block whose sum is activated, as in the first residual networks."""

    def __init__(self, units: int) -> None:
        super().__init__()
        self.first, self.norm, self.second = nn.Linear(units, units), nn.BatchNorm1d(units), nn.Linear(units, units)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return functional.relu(x + self.second(torch.tanh(self.norm(self.first(x)))))


class Residual(nn.Module):
    """Pictures that are flattened, blocks, dropout, and outputs that an earlier layer is added to."""

    def __init__(self, outputs: int = 3) -> None:
        super().__init__()
        self.begin, self.block, self.drop = nn.Linear(6, 8), Block(8), nn.Dropout(0.3)
        self.middle, self.norm, self.end = nn.Linear(8, 8), nn.BatchNorm1d(8, eps=1e-3, momentum=0.3), nn.Linear(8, 8)
        self.out = nn.Linear(8, outputs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = self.begin(x.view(x.size(0), -1))  # what is added to it later is not activated
        h = h + self.middle(self.drop(functional.silu(self.norm(h))))
        h = self.block(h.tanh())
        return self.out(h + functional.leaky_relu(self.end(h), 0.01))


def stacked(*last: nn.Module) -> nn.Module:
    """Batch norm and dropout of the inputs, and both after an activation."""
    begin = [nn.Flatten(), nn.BatchNorm1d(6), nn.Dropout(0.2), nn.Linear(6, 8), nn.ReLU(inplace=True)]
    return nn.Sequential(*begin, nn.BatchNorm1d(8), nn.Dropout(0.5), nn.Linear(8, 3), *last)


class Run:
    """A training loop of a model; its step may be overridden."""

    outputs, classes = 3, True

    def __init__(self, model: nn.Module, optimizer: Any = SGD, loss: Any = None, **settings: Any) -> None:
        self.model, self.loss = model, loss or nn.CrossEntropyLoss()
        self.optimizer = optimizer(model.parameters(), **{"lr": 0.05, **settings})
        self.targets: Callable[[], torch.Tensor] = lambda: torch.randint(3, (16,))

    def step(self, scope: Any) -> None:
        x, y = torch.randn(16, 2, 3), self.targets()
        self.optimizer.zero_grad()
        result = self.loss(self.model(x), y)
        if not isinstance(self.loss, nn.Module):
            scope.batch(x, y)
        result.backward()
        self.optimizer.step()

    def prove(self, steps: int = 20, **options: Any) -> int:
        with backscope.watch(self.model, self.optimizer, self.loss, RUN, **options) as scope:
            for _ in range(steps):
                self.step(scope)
        return main(["prove", str(RUN)])


OPTIMIZERS: list[tuple[Any, dict[str, Any]]] = [
    (SGD, {"weight_decay": 0.1}),
    (SGD, {"momentum": 0.9, "dampening": 0.3, "weight_decay": 0.01}),
    (SGD, {"momentum": 0.9, "nesterov": True, "weight_decay": 0.01}),
    (Adam, {"lr": 0.01, "weight_decay": 0.1}),
    (torch.optim.AdamW, {"lr": 0.01, "weight_decay": 0.1}),
    (torch.optim.RMSprop, {"lr": 0.01, "alpha": 0.9, "weight_decay": 0.1}),
    (torch.optim.Adagrad, {"weight_decay": 0.1}),
]


@pytest.mark.parametrize(("optimizer", "settings"), OPTIMIZERS)
@pytest.mark.parametrize("every", [1, 4])
def test_every_tensor_of_a_residual_network_agrees_under_every_optimizer(optimizer, settings, every, capsys):
    assert Run(Residual(), optimizer, **settings).prove(21, every=every) == 0
    assert f"of {len(range(0, 21, every))} training steps" in capsys.readouterr().out


@pytest.mark.parametrize("early", [True, False])
def test_a_mini_batch_is_said_before_or_after_its_forward_pass_and_an_evaluation_is_no_part_of_it(early):
    class Saying(Run):
        def step(self, scope: Any) -> None:
            x, y = torch.randn(16, 2, 3), self.targets()
            if early:
                scope.batch(x, y)
            result = functional.cross_entropy(self.model(x), y)
            with torch.no_grad():
                self.model.eval()
                self.model(torch.randn(5, 2, 3))
                self.model.train()
            if not early:
                scope.batch(x, y)
            self.optimizer.zero_grad()
            result.backward()
            self.optimizer.step()

    assert Saying(Residual(), Adam, functional.cross_entropy).prove() == 0


def test_a_recording_may_begin_in_the_middle_of_a_run():
    run = Run(Residual(), SGD, momentum=0.9, dampening=0.3)
    for _ in range(3):
        run.step(None)
    assert run.prove() == 0


NUMBERS: list[Any] = [nn.MSELoss, nn.L1Loss, nn.HuberLoss, nn.SmoothL1Loss, nn.BCEWithLogitsLoss, nn.CrossEntropyLoss]
FUNCTIONS: list[Any] = [
    functional.mse_loss,
    functional.l1_loss,
    functional.huber_loss,
    functional.smooth_l1_loss,
    functional.binary_cross_entropy_with_logits,
    partial(functional.cross_entropy, reduction="sum"),
]
LOSSES = [*(each() for each in NUMBERS), *(each(reduction="sum") for each in NUMBERS), *FUNCTIONS]


@pytest.mark.parametrize("loss", LOSSES, ids=range(len(LOSSES)))
def test_every_tensor_agrees_under_every_loss_of_numbers_in_the_mean_and_in_the_sum(loss):
    run = Run(stacked(), Adam, loss, lr=0.01)
    run.targets = lambda: torch.softmax(torch.randn(16, 3), dim=1)
    assert run.prove() == 0


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("loss", [nn.NLLLoss, nn.CrossEntropyLoss])
def test_the_logarithm_of_softmax_is_understood_before_the_losses_of_classes(loss, reduction):
    assert Run(stacked(nn.LogSoftmax(dim=1)), Adam, loss(reduction=reduction), lr=0.01).prove() == 0


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_shares_after_a_sigmoid_and_a_single_output_as_a_row_are_understood(reduction):
    class Alone(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.net = nn.Sequential(nn.Flatten(), nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, 1))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.sigmoid(self.net(x)).squeeze(-1)

    run = Run(Alone(), Adam, nn.BCELoss(reduction=reduction))
    run.targets = lambda: torch.randint(2, (16,)).float()
    assert run.prove() == 0


def test_a_mask_is_recorded_where_the_units_are_0_too():
    first = nn.Linear(6, 8)
    for parameter in first.parameters():
        nn.init.zeros_(parameter)  # the first outputs of tanh are 0, whatever the mask
    assert Run(nn.Sequential(nn.Flatten(), first, nn.Tanh(), nn.Dropout(0.5), nn.Linear(8, 3))).prove() == 0


def test_what_float32_loses_where_outputs_are_nearly_right_is_no_mistake(capsys):
    centres, model = torch.rand(10, 64), nn.Sequential(nn.Linear(64, 50), nn.ReLU(), nn.Linear(50, 10))
    optimizer, loss = Adam(model.parameters(), lr=0.01), nn.CrossEntropyLoss()

    def train(steps: int) -> None:
        for _ in range(steps):
            y = torch.randint(10, (32,))
            optimizer.zero_grad()
            loss(model(centres[y] + 0.1 * torch.randn(32, 64)), y).backward()
            optimizer.step()

    train(300)
    with backscope.watch(model, optimizer, loss, RUN):
        train(60)
    assert main(["prove", str(RUN)]) == 0
    with backscope.watch(model, optimizer, loss, RUN):
        optimizer.param_groups[0]["weight_decay"] = 1e-3
        train(5)
    assert main(["prove", str(RUN)]) == 1
    assert "cause: other_decay" in capsys.readouterr().out


class Clipping(Run):
    def step(self, scope: Any) -> None:
        self.optimizer.zero_grad()
        self.loss(self.model(torch.randn(16, 2, 3)), self.targets()).backward()
        self.clip()
        self.optimizer.step()

    def clip(self) -> None:
        nn.utils.clip_grad_norm_(self.model.parameters(), 0.3)


def test_clipping_that_was_said_is_proven():
    assert Clipping(Residual(), Adam, weight_decay=0.1).prove(clip_norm=0.3) == 0


def cause(run: Run, capsys: pytest.CaptureFixture[str], **options: Any) -> tuple[str, str]:
    assert run.prove(**options) == 1
    found = re.search(r"cause: (\w+)\n  what:  (.*)", capsys.readouterr().out)
    assert found
    return found[1], found[2]


def test_clipping_that_was_not_said_is_named_with_its_limit(capsys):
    assert cause(Clipping(Residual(), Adam), capsys) == (
        "clip_after_step",
        "the gradient is clipped to 0.3, by the norm of all together; CLIP_NORM is not said",
    )


def test_clipping_after_the_step_is_named(capsys):
    class Late(Clipping):
        def step(self, scope: Any) -> None:
            Run.step(self, scope)
            self.clip()

    assert cause(Late(Residual(), Adam), capsys, clip_norm=0.3)[0] == "clip_after_step"


MODES = {
    "batch norm uses its running statistics, not the mini-batch's and dropout leaves no unit out": lambda m: m.eval(),
    "dropout leaves no unit out": lambda m: m.drop.eval(),
    "batch norm uses its running statistics, not the mini-batch's": lambda m: (m.norm.eval(), m.block.norm.eval()),
}


@pytest.mark.parametrize("what", MODES)
def test_training_in_evaluation_mode_is_named(what, capsys):
    model = Residual()
    MODES[what](model)
    assert cause(Run(model), capsys) == (
        "evaluation_mode",
        f"the network is in evaluation mode while it is trained: {what}",
    )


FROZEN = {
    "layer 1 does not move": ("begin",),
    "layers 4 and 5 do not move": ("block.second", "end"),
    "scale and shift of the batch norm of layer 1 do not move": ("norm",),
}


@pytest.mark.parametrize("says", FROZEN)
def test_layers_that_do_not_learn_are_named(says, capsys):
    model = Residual()
    for name in FROZEN[says]:
        model.get_submodule(name).requires_grad_(False)
    assert cause(Run(model), capsys) == ("frozen_layer", says)


def test_gradients_that_are_not_set_to_0_are_named(capsys):
    class Forgetting(Run):
        def step(self, scope: Any) -> None:
            self.loss(self.model(torch.randn(16, 2, 3)), self.targets()).backward()
            self.optimizer.step()

    assert cause(Forgetting(Residual()), capsys)[0] == "gradients_accumulate"


def test_another_rate_and_another_decay_are_named(capsys):
    class Moving(Run):
        def step(self, scope: Any) -> None:
            Run.step(self, scope)
            with torch.no_grad():
                for each in self.model.parameters():
                    assert each.grad is not None
                    each.sub_(each.grad, alpha=0.05)

    assert cause(Moving(Residual()), capsys)[0] == "other_rate"

    class Decaying(Run):
        def step(self, scope: Any) -> None:
            group = self.optimizer.param_groups[0]
            group["weight_decay"] = 0.2
            Run.step(self, scope)

    assert cause(Decaying(Residual(), weight_decay=0.1), capsys) == (
        "other_decay",
        "0.1 times the weights and biases is added to the gradient, twice, and goes through the optimizer",
    )


class Forward(nn.Module):
    """A module with the forward of a function, and one layer of each kind."""

    def __init__(self, forward: Callable[[Any, torch.Tensor], Any]) -> None:
        super().__init__()
        self.fc, self.again, self.norm = nn.Linear(6, 6), nn.Linear(6, 6), nn.BatchNorm1d(6)
        self.other = nn.BatchNorm1d(6)
        self.drop, self.free = nn.Dropout(), nn.Parameter(torch.ones(6))
        self._forward = forward

    def forward(self, x: torch.Tensor) -> Any:
        return self._forward(self, x)


REFUSED: dict[str, Callable[[Any, torch.Tensor], Any]] = {
    "the forward of Forward cannot be traced": lambda m, x: m.fc(x) if x.sum() > 0 else m.again(x),
    "the function dropout is not understood": lambda m, x: functional.dropout(m.fc(x)),
    "the function matmul is not understood": lambda m, x: torch.matmul(m.fc(x), x),
    "the function mul is not understood": lambda m, x: m.fc(x) * 2,
    "the module Linear fc is used more than once": lambda m, x: m.fc(m.fc(x)),
    "the parameter free is not part of a module": lambda m, x: m.fc(x) + m.free,
    "an addition of anything but an earlier activation": lambda m, x: m.fc(x) + 1,
    "Linear again is not given what comes right before it": lambda m, x: m.fc(x) + m.again(x),
    "the model does not return the values": lambda m, x: (m.fc(x), x),
    "the model has no Linear": lambda m, x: m.norm(x),
    "ReLU writes in place what is used elsewhere": lambda m, x: _in_place(m.fc(x)),
    "ReLU does not follow a Linear": lambda m, x: m.fc(functional.relu(x)),
    "the output's activation has to be the last": lambda m, x: m.drop(torch.tanh(m.fc(x))),
    "flatten into another form": lambda m, x: m.fc(x.view(-1)),
    "Softmax with dim 0": lambda m, x: functional.softmax(m.fc(x), dim=0),
    "GELU with approximate none": lambda m, x: functional.gelu(m.fc(x)),
    "LeakyReLU with negative_slope 0.2": lambda m, x: functional.leaky_relu(m.fc(x), 0.2),
    "a second BatchNorm1d after Linear 1": lambda m, x: m.other(m.norm(m.fc(x))),
}


def _in_place(h: torch.Tensor) -> torch.Tensor:
    return h + functional.relu_(h)


@pytest.mark.parametrize("says", REFUSED)
def test_a_forward_that_is_not_understood_is_refused_by_its_name_and_nothing_is_written(says):
    model = Forward(REFUSED[says])
    with pytest.raises(NotUnderstood, match=re.escape(says)):
        backscope.watch(model, SGD(model.parameters(), lr=0.1), nn.MSELoss(), RUN)
    assert not RUN.exists()


def test_settings_of_batch_norm_that_are_not_understood_are_refused_by_their_names():
    for says, norm in {
        "BatchNorm1d with affine False": nn.BatchNorm1d(6, affine=False),
        "BatchNorm1d with track_running_stats False": nn.BatchNorm1d(6, track_running_stats=False),
        "BatchNorm1d with momentum None": nn.BatchNorm1d(6, momentum=None),
    }.items():
        model = nn.Sequential(nn.Linear(6, 6), norm)
        with pytest.raises(NotUnderstood, match=says):
            backscope.watch(model, SGD(model.parameters(), lr=0.1), nn.MSELoss(), RUN)


def test_losses_that_are_not_understood_are_refused_by_their_names():
    model = nn.Sequential(nn.Linear(6, 6), nn.LogSoftmax(dim=1))
    losses = {
        "the loss kl_div is not understood": functional.kl_div,
        "CrossEntropyLoss with label_smoothing 0.1": partial(functional.cross_entropy, label_smoothing=0.1),
        "MSELoss after LogSoftmax": nn.MSELoss(),
        "NLLLoss with reduction none": nn.NLLLoss(reduction="none"),
    }
    for says, loss in losses.items():
        with pytest.raises(NotUnderstood, match=says):
            backscope.watch(model, SGD(model.parameters(), lr=0.1), loss, RUN)
