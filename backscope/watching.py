"""The watch on a training loop in PyTorch: its steps are recorded from hooks, which are taken off where it ends."""

from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from backscope.described import described, linears
from backscope.recorder import Recorder
from backscope.sending import Destination

# What PyTorch calls the states of an optimizer, and the letter that each has in Backscope.
STATES = {"momentum_buffer": "v", "exp_avg": "m", "exp_avg_sq": "v", "square_avg": "v", "sum": "v"}


def watch(
    model: Any,
    optimizer: Any,
    loss: Any,
    path: str | Path = "run.backscope",
    every: int = 1,
    to: str | None = None,
) -> "Watch":
    """Record a training loop: ``with backscope.watch(model, optimizer, loss) as scope:``.

    Args:
        model: an ``nn.Sequential`` of linear layers and activations.
        optimizer: the optimizer of all of its parameters.
        loss: the module that computes the loss.
        path: the file, which is written anew.
        every: 1 to record every step; n to record every n-th one, with the optimizer's state before it.
        to: the address of a running Backscope, as it prints it; the recording is sent there when it ends, and the
            address of the page that opens it is printed, and is ``scope.address``.

    Raises:
        ValueError: ``every`` is below 1, or ``to`` is no address.
        NotUnderstood: a module, an optimizer or one of its settings is none of those that can be run again.
        OSError: the file cannot be written.
    """
    return Watch(model, optimizer, loss, path, every, to)


class Watch:
    """Records each step that the optimizer takes, from its beginning to its end as a context."""

    def __init__(
        self, model: Any, optimizer: Any, loss: Any, path: str | Path, every: int, to: str | None = None
    ) -> None:
        if every < 1:
            raise ValueError(f"invalid every: {every} (1 or more)")
        self._every, self._number = every, 0
        self._said = described(model, optimizer, loss)
        self._layers = linears(model)
        self._classes = self._layers[-1].out_features
        self._watched, self._path, self._to = (model, optimizer, loss), path, to
        self.address: str | None = None
        if to is not None:
            Destination(to)  # a wrong address is refused before training begins
        self._inputs: Any = None
        self._batch: tuple[Any, Any] = (None, None)
        self._hooks: list[Any] = []

    def __enter__(self) -> "Watch":
        model, optimizer, loss = self._watched
        self._recorder = Recorder(self._path, self._said, to=self._to)
        self._hooks = [
            model.register_forward_pre_hook(self._sees_inputs),
            loss.register_forward_hook(self._sees_targets),
            optimizer.register_step_pre_hook(self._steps),
        ]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for hook in self._hooks:
            hook.remove()
        self._recorder.step(*self._parameters(), number=self._number)
        self._recorder.close()
        self.address = self._recorder.address

    def batch(self, x: Any, y: Any) -> None:
        """Say which mini-batch the next step is for, where the loop does not show it.

        Args:
            x: the inputs, (examples, inputs).
            y: the targets, (examples, outputs), or the number of each example's class.
        """
        self._batch = (x, y)

    def _sees_inputs(self, model: Any, given: tuple[Any, ...]) -> None:
        self._inputs = given[0]

    def _sees_targets(self, loss: Any, given: tuple[Any, ...], result: Any) -> None:
        if result.requires_grad:  # an evaluation leaves the mini-batch as it is
            self._batch = (self._inputs, given[1])

    def _steps(self, optimizer: Any, *rest: Any) -> None:
        """Record what a step starts from; of one that follows a recorded one, the parameters that this has left."""
        number, (x, y) = self._number, self._batch
        self._number, self._batch = number + 1, (None, None)
        if number % self._every == 0:
            if x is None or y is None:
                raise RuntimeError("the loop does not show its mini-batch: call scope.batch(x, y) before the step")
            inputs, targets = _array(x).reshape(len(x), -1), self._targets(_array(y))
            dW, db = ([_gradient(getattr(layer, name)) for layer in self._layers] for name in ("weight", "bias"))
            state = self._state(optimizer) if number == 0 or self._every > 1 else None
            rate = float(optimizer.param_groups[0]["lr"])
            self._recorder.step(*self._parameters(), inputs, targets, dW, db, rate, number, state)
        elif number % self._every == 1:
            self._recorder.step(*self._parameters(), number=number)

    def _state(self, optimizer: Any) -> dict[str, np.ndarray]:
        """The optimizer's state of each parameter, by names such as vW1."""
        found: dict[str, np.ndarray] = {}
        for l, layer in enumerate(self._layers, 1):
            for name, parameter in ((f"W{l}", layer.weight), (f"b{l}", layer.bias)):
                kept = {key: each for key, each in optimizer.state.get(parameter, {}).items() if each is not None}
                found |= {f"{STATES[key]}{name}": _array(kept[key]) for key in STATES.keys() & kept.keys()}
                if "step" in kept:
                    found["updates"] = np.array(float(kept["step"]))
        return found

    def _parameters(self) -> tuple[list[np.ndarray], list[np.ndarray]]:
        return [_array(layer.weight) for layer in self._layers], [_array(layer.bias) for layer in self._layers]

    def _targets(self, y: np.ndarray) -> np.ndarray:
        """The targets with a column for each output; classes as ones among zeros."""
        if y.dtype.kind in "iu" and y.ndim == 1 and self._classes > 1:
            return np.eye(self._classes, dtype=np.float32)[y]
        return y.reshape(len(y), -1)


def _gradient(parameter: Any) -> np.ndarray | None:
    return None if parameter.grad is None else _array(parameter.grad)


def _array(tensor: Any) -> np.ndarray:
    found: np.ndarray = tensor.detach().cpu().numpy()
    return found
