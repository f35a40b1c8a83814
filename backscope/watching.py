"""The watch on a training loop in PyTorch: its steps are recorded from hooks, which are taken off where it ends."""

from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from backscope.described import described
from backscope.recorder import Recorder
from backscope.sending import Destination
from backscope.traced import traced

# What PyTorch calls the states of an optimizer, and the letter that each has in Backscope.
STATES = {"momentum_buffer": "v", "exp_avg": "m", "exp_avg_sq": "v", "square_avg": "v", "sum": "v"}
RUNNING = ("running_mean", "running_var")
Arrays = dict[str, np.ndarray]


def watch(
    model: Any,
    optimizer: Any,
    loss: Any,
    path: str | Path = "run.backscope",
    every: int = 1,
    *,
    clip_norm: float | None = None,
    to: str | None = None,
) -> "Watch":
    """Record a training loop: ``with backscope.watch(model, optimizer, loss) as scope:``.

    Args:
        model: a module whose forward is made of linear layers, activations, batch norm, dropout and additions of what
            was computed before.
        optimizer: the optimizer of all of its parameters.
        loss: the module or the function that computes the loss. A function does not show its targets: say each
            mini-batch by ``scope.batch(x, y)``.
        path: the file, which is written anew.
        every: 1 to record every step; n to record every n-th one, with the optimizer's state before it.
        clip_norm: the limit that the loop gives to ``torch.nn.utils.clip_grad_norm_`` between backward and step.
        to: the address of a running Backscope, as it prints it; the recording is sent there when it ends, and the
            address of the page that opens it is printed, and is ``scope.address``.

    Raises:
        ValueError: ``every`` is below 1, or ``to`` is no address.
        NotUnderstood: a module, an optimizer or one of its settings is none of those that can be run again.
        OSError: the file cannot be written.
    """
    return Watch(model, optimizer, loss, path, every, clip_norm, to)


class Watch:
    """Records each step that the optimizer takes, from its beginning to its end as a context."""

    def __init__(
        self,
        model: Any,
        optimizer: Any,
        loss: Any,
        path: str | Path,
        every: int,
        clip_norm: float | None = None,
        to: str | None = None,
    ) -> None:
        if every < 1:
            raise ValueError(f"invalid every: {every} (1 or more)")
        self._every, self._number = every, 0
        self._network = traced(model)
        self._said = described(self._network, optimizer, loss, clip_norm)
        layers, norms = self._network.linears, self._network.norms
        self._classes = layers[-1].out_features
        self._weights, self._biases = [each.weight for each in layers], [each.bias for each in layers]
        self._scales = {f"gamma{l}": each.weight for l, each in norms.items()}
        self._scales |= {f"beta{l}": each.bias for l, each in norms.items()}
        self._watched, self._path, self._to = (model, optimizer, loss), path, to
        self.address: str | None = None
        if to is not None:
            Destination(to)  # a wrong address is refused before training begins
        self._seen: tuple[Any, Arrays] = (None, {})  # the inputs of the last forward pass, and what stood beside it
        self._batch: tuple[Any, Any] = (None, None)
        self._beside: Arrays | None = {}  # what stood beside the mini-batch; None for that of the last forward pass
        self._trains = import_module("torch").is_grad_enabled
        self._hooks: list[Any] = []  # of the optimizer, and those that a step that is recorded needs besides

    def __enter__(self) -> "Watch":
        self._recorder = Recorder(self._path, self._said, to=self._to)
        self._hooks = [self._watched[1].register_step_pre_hook(self._steps)]
        self._look()
        return self

    def _look(self) -> None:
        """Hook into the forward pass where the next step is recorded, and only there."""
        looks, due = len(self._hooks) > 1, self._number % self._every == 0
        if looks and not due:
            while len(self._hooks) > 1:
                self._hooks.pop().remove()
        elif due and not looks:
            model, _, loss = self._watched
            self._hooks.append(model.register_forward_pre_hook(self._sees_inputs))
            if hasattr(loss, "register_forward_hook"):
                self._hooks.append(loss.register_forward_hook(self._sees_targets))
            for l, module in self._network.dropouts.items():
                self._hooks.append(module.register_forward_hook(self._sees_mask(f"mask{l}")))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for hook in self._hooks:
            hook.remove()
        self._recorder.step(*self._parameters(), number=self._number, state=self._norms())
        self._recorder.close()
        self.address = self._recorder.address

    def batch(self, x: Any, y: Any) -> None:
        """Say which mini-batch the next step is for, where the loop does not show it.

        Args:
            x: the inputs, (examples, inputs).
            y: the targets, (examples, outputs), or the number of each example's class.
        """
        self._batch, self._beside = (x, y), None

    def _sees_inputs(self, model: Any, given: tuple[Any, ...]) -> None:
        if self._trains():
            self._seen = (given[0], self._statistics())

    def _sees_mask(self, name: str) -> Any:
        """The hook that notes which units a dropout module leaves out."""

        def sees(module: Any, given: tuple[Any, ...], result: Any) -> None:
            if self._trains():
                self._seen[1][name] = _mask(module, given[0], result)

        return sees

    def _sees_targets(self, loss: Any, given: tuple[Any, ...], result: Any) -> None:
        if result.requires_grad:  # an evaluation leaves the mini-batch as it is
            self._batch, self._beside = (self._seen[0], given[1]), self._seen[1]

    def _steps(self, optimizer: Any, *rest: Any) -> None:
        """Record what a step starts from; of one that follows a recorded one, the parameters that this has left."""
        number, (x, y) = self._number, self._batch
        self._number, self._batch = number + 1, (None, None)
        self._look()
        if number % self._every == 0:
            if x is None or y is None:
                raise RuntimeError("the loop does not show its mini-batch: call scope.batch(x, y) before the step")
            inputs, targets = _array(x), self._targets(_array(y))
            inputs = inputs.reshape(len(inputs), -1)
            dW, db = ([_gradient(each) for each in kind] for kind in (self._weights, self._biases))
            beside = self._norms() | (self._seen[1] if self._beside is None else self._beside)
            if self._scales:
                beside |= {f"d{name}": _array(p.grad) for name, p in self._scales.items() if p.grad is not None}
                beside |= self._statistics("new_")
            if number == 0 or self._every > 1:
                beside |= self._state(optimizer, number)
            rate = float(optimizer.param_groups[0]["lr"])
            self._recorder.step(*self._parameters(), inputs, targets, dW, db, rate, number, beside)
        elif number % self._every == 1:
            self._recorder.step(*self._parameters(), number=number, state=self._norms())

    def _state(self, optimizer: Any, number: int) -> Arrays:
        """The optimizer's state of each parameter before this step, by names such as vW1."""
        found: Arrays = {}
        weights = {f"W{l}": each for l, each in enumerate(self._weights, 1)}
        biases = {f"b{l}": each for l, each in enumerate(self._biases, 1)}
        for name, parameter in (weights | biases | self._scales).items():
            kept = {key: each for key, each in optimizer.state.get(parameter, {}).items() if each is not None}
            found |= {f"{STATES[key]}{name}": _array(kept[key]) for key in STATES.keys() & kept.keys()}
            if kept:  # SGD counts no updates; where there is a velocity, this is not the first
                found["updates"] = np.array(float(kept.get("step", max(number, 1))))
        return found

    def _parameters(self) -> tuple[list[np.ndarray], list[np.ndarray]]:
        return [*map(_array, self._weights)], [*map(_array, self._biases)]

    def _norms(self) -> Arrays:
        """The scale and the shift of each batch norm."""
        return {name: _array(each) for name, each in self._scales.items()}

    def _statistics(self, when: str = "") -> Arrays:
        """Copies of the running statistics of each batch norm, which a forward pass changes in place."""
        norms = self._network.norms.items()
        return {f"{when}{name}{l}": _array(getattr(module, name)).copy() for l, module in norms for name in RUNNING}

    def _targets(self, y: np.ndarray) -> np.ndarray:
        """The targets with a column for each output; classes as ones among zeros."""
        if y.dtype.kind in "iu" and y.ndim == 1 and self._classes > 1:
            return np.eye(self._classes, dtype=np.float32)[y]
        return y.reshape(len(y), -1)


def _mask(module: Any, given: Any, result: Any) -> np.ndarray:
    """The factor of each unit in dropout: what automatic differentiation keeps of it, or output over input.

    Where no gradient is asked for, an input of 0 may be given any factor.
    """
    if not module.training or not module.p:
        return np.ones((len(given), given[0].numel()), np.float32)
    node = result.grad_fn
    kept = next((getattr(node, name) for name in ("_saved_other", "_saved_result1") if hasattr(node, name)), None)
    if kept is None:
        kept = result / given.where(given != 0, 1)
    return _array(kept.float()).reshape(len(given), -1)


def _gradient(parameter: Any) -> np.ndarray | None:
    return None if parameter.grad is None else _array(parameter.grad)


def _array(tensor: Any) -> np.ndarray:
    found: np.ndarray = tensor.detach().cpu().numpy()
    return found
