"""The watch on a training loop in PyTorch: its steps are recorded from hooks, which are taken off where it ends."""

from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from backscope.described import described
from backscope.recorder import Recorder
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

    Raises:
        ValueError: ``every`` is below 1.
        NotUnderstood: a module, an optimizer or one of its settings is none of those that can be run again.
        OSError: the file cannot be written.
    """
    return Watch(model, optimizer, loss, path, every, clip_norm)


class Watch:
    """Records each step that the optimizer takes, from its beginning to its end as a context."""

    def __init__(
        self, model: Any, optimizer: Any, loss: Any, path: str | Path, every: int, clip_norm: float | None = None
    ) -> None:
        if every < 1:
            raise ValueError(f"invalid every: {every} (1 or more)")
        self._every, self._number = every, 0
        self._network = traced(model)
        self._said = described(self._network, optimizer, loss, clip_norm)
        self._layers = self._network.linears
        self._classes = self._layers[-1].out_features
        self._watched, self._path = (model, optimizer, loss), path
        self._seen: tuple[Any, Arrays] = (None, {})  # the inputs of the last forward pass, and what stood beside it
        self._batch: tuple[Any, Any] = (None, None)
        self._beside: Arrays = {}
        self._hooks: list[Any] = []

    def __enter__(self) -> "Watch":
        model, optimizer, loss = self._watched
        self._recorder = Recorder(self._path, self._said)
        self._hooks = [
            model.register_forward_pre_hook(self._sees_inputs),
            optimizer.register_step_pre_hook(self._steps),
        ]
        if hasattr(loss, "register_forward_hook"):
            self._hooks.append(loss.register_forward_hook(self._sees_targets))
        for l, module in self._network.dropouts.items():
            self._hooks.append(module.register_forward_hook(self._sees_mask(f"mask{l}")))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for hook in self._hooks:
            hook.remove()
        self._recorder.step(*self._parameters(), number=self._number, state=self._norms())
        self._recorder.close()

    def batch(self, x: Any, y: Any) -> None:
        """Say which mini-batch the next step is for, where the loop does not show it.

        Args:
            x: the inputs, (examples, inputs).
            y: the targets, (examples, outputs), or the number of each example's class.
        """
        self._batch, self._beside = (x, y), self._seen[1]

    def _sees_inputs(self, model: Any, given: tuple[Any, ...]) -> None:
        self._seen = (given[0], self._statistics() if self._number % self._every == 0 else {})

    def _sees_mask(self, name: str) -> Any:
        """The hook that notes which units a dropout module leaves out."""

        def sees(module: Any, given: tuple[Any, ...], result: Any) -> None:
            if self._number % self._every == 0:
                self._seen[1][name] = _mask(module, given[0], result)

        return sees

    def _sees_targets(self, loss: Any, given: tuple[Any, ...], result: Any) -> None:
        if result.requires_grad:  # an evaluation leaves the mini-batch as it is
            self._batch, self._beside = (self._seen[0], given[1]), self._seen[1]

    def _steps(self, optimizer: Any, *rest: Any) -> None:
        """Record what a step starts from; of one that follows a recorded one, the parameters that this has left."""
        number, (x, y) = self._number, self._batch
        self._number, self._batch = number + 1, (None, None)
        if number % self._every == 0:
            if x is None or y is None:
                raise RuntimeError("the loop does not show its mini-batch: call scope.batch(x, y) before the step")
            inputs, targets = _array(x).reshape(len(x), -1), self._targets(_array(y))
            dW, db = ([_gradient(getattr(layer, name)) for layer in self._layers] for name in ("weight", "bias"))
            beside = self._norms() | self._norm_gradients() | self._beside | self._statistics("new_")
            if number == 0 or self._every > 1:
                beside |= self._state(optimizer)
            rate = float(optimizer.param_groups[0]["lr"])
            self._recorder.step(*self._parameters(), inputs, targets, dW, db, rate, number, beside)
        elif number % self._every == 1:
            self._recorder.step(*self._parameters(), number=number, state=self._norms())

    def _state(self, optimizer: Any) -> Arrays:
        """The optimizer's state of each parameter, by names such as vW1."""
        found: Arrays = {}
        layered = [(f"{kind}{l}", each) for l, layer in enumerate(self._layers, 1) for kind, each in _pair(layer, "Wb")]
        for name, parameter in (*layered, *self._norm_parameters()):
            kept = {key: each for key, each in optimizer.state.get(parameter, {}).items() if each is not None}
            found |= {f"{STATES[key]}{name}": _array(kept[key]) for key in STATES.keys() & kept.keys()}
            if "step" in kept:
                found["updates"] = np.array(float(kept["step"]))
        return found

    def _parameters(self) -> tuple[list[np.ndarray], list[np.ndarray]]:
        return [_array(layer.weight) for layer in self._layers], [_array(layer.bias) for layer in self._layers]

    def _norm_parameters(self) -> list[tuple[str, Any]]:
        norms = self._network.norms.items()
        return [(f"{kind}{l}", each) for l, module in norms for kind, each in _pair(module, ("gamma", "beta"))]

    def _norms(self) -> Arrays:
        """The scale and the shift of each batch norm."""
        return {name: _array(each) for name, each in self._norm_parameters()}

    def _norm_gradients(self) -> Arrays:
        return {f"d{name}": _array(each.grad) for name, each in self._norm_parameters() if each.grad is not None}

    def _statistics(self, when: str = "") -> Arrays:
        """Copies of the running statistics of each batch norm, which a forward pass changes in place."""
        norms = self._network.norms.items()
        return {f"{when}{name}{l}": _array(getattr(module, name)).copy() for l, module in norms for name in RUNNING}

    def _targets(self, y: np.ndarray) -> np.ndarray:
        """The targets with a column for each output; classes as ones among zeros."""
        if y.dtype.kind in "iu" and y.ndim == 1 and self._classes > 1:
            return np.eye(self._classes, dtype=np.float32)[y]
        return y.reshape(len(y), -1)


def _pair(module: Any, kinds: Any) -> list[tuple[str, Any]]:
    """Weight and bias of a module by these two names."""
    return [*zip(kinds, (module.weight, module.bias), strict=True)]


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
