"""The recorder: training steps are written into a file as they are taken, each as a whole."""

import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from backscope.recording import FORM, Arrays, part
from backscope.sending import Destination, NotSent

STATELESS = "gradient_descent"  # the optimizer that keeps nothing from one step to the next


class Recorder:
    """Writes a recording. It is a context: the file is closed where it ends, however it ends.

    Args:
        path: the file, which is written anew.
        said: what the run is, by names such as ``LOSS``.
        every: n to record every n-th step of those that are told.
        to: the address of a running Backscope that the recording is sent to when it ends; None for none.

    Attributes:
        steps: how many parts have been written.
        address: the address of the page that opens the recording; None before it has been sent.

    Raises:
        ValueError: ``every`` is below 1, or ``to`` is no address.
        OSError: the file cannot be written.
    """

    def __init__(self, path: str | Path, said: dict[str, Any], every: int = 1, to: str | None = None) -> None:
        if every < 1:
            raise ValueError(f"invalid every: {every} (1 or more)")
        self.steps = 0
        self.address: str | None = None
        self._destination = None if to is None else Destination(to)
        self._every, self._told = every, 0
        self._stateless = (said.get("OPTIMIZER") or {}).get("name", STATELESS) == STATELESS
        self._path = Path(path)
        self._file = self._path.open("wb", buffering=0)
        self._file.write(FORM + part({}, said))

    def step(
        self,
        W: Sequence[Any],
        b: Sequence[Any],
        x: Any = None,
        y: Any = None,
        dW: Sequence[Any] | None = None,
        db: Sequence[Any] | None = None,
        learning_rate: float | None = None,
        number: int | None = None,
        state: dict[str, Any] | None = None,
    ) -> None:
        """Record one training step, before its update; after the last one, the weights alone.

        Args:
            W: the weights of each layer, (units, units before).
            b: the biases of each layer, (units,).
            x: the inputs of the mini-batch, (examples, inputs).
            y: its targets, (examples, outputs).
            dW: the gradients of the weights, of their shapes; None for a layer that has none.
            db: the gradients of the biases, likewise.
            learning_rate: the learning rate of this step, where it is not that of all.
            number: the number of training steps before it, where not every step is recorded.
            state: what there is besides, by name. The optimizer's state before it, such as ``vW1``, and ``updates``,
                the number of updates so far, for the first step and where the step before is not recorded. Of batch
                norm ``gamma1``, ``beta1``, their gradients ``dgamma1`` and ``dbeta1``, ``running_mean1`` and
                ``running_var1`` before the step, and ``new_running_mean1`` and ``new_running_var1`` after it. Of
                dropout ``mask1``, (examples, units), which is 0 where a unit is left out.

        Raises:
            ValueError: of every n-th step, one comes without the state of an optimizer that has one.
        """
        if self._every > 1 and number is None:
            number, self._told = self._told, self._told + 1
            if x is not None and number % self._every:
                x = y = dW = db = learning_rate = state = None
                if number % self._every > 1:
                    return
            elif x is not None and number and state is None and not self._stateless:
                raise ValueError(
                    f"missing state: with every {self._every} a step needs the optimizer's state before it"
                )
        arrays: Arrays = {}
        for kind, layers in (("W", W), ("b", b), ("dW", dW), ("db", db)):
            named = enumerate(() if layers is None else layers, 1)
            arrays |= {f"{kind}{l}": _kept(array) for l, array in named if array is not None}
        arrays |= {name: _kept(array) for name, array in (("x", x), ("y", y)) if array is not None}
        for name, value in (("learning_rate", learning_rate), ("number", number)):
            arrays |= {} if value is None else {name: np.array(value, np.float64)}
        arrays |= {name: _kept(array) for name, array in (state or {}).items()}
        self._file.write(part(arrays))
        self.steps += 1

    def close(self) -> None:
        """Close the file, and send it where it is to be sent. What no server takes stays in the file."""
        if self._file.closed:
            return
        self._file.close()
        if self._destination is None:
            return
        try:
            self.address = self._destination.send(self._path)
            print(f"backscope: the recording opens at {self.address}")
        except (NotSent, OSError) as error:
            print(f"backscope: the recording is kept in {self._path}; it was not sent: {error}", file=sys.stderr)

    def __enter__(self) -> "Recorder":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _kept(array: Any) -> np.ndarray:
    """The array as it is written: float32 stays, everything else becomes float64."""
    found = np.asarray(array)
    return found if found.dtype == np.float32 else found.astype(np.float64)


def record(
    path: str | Path,
    *,
    activations: Sequence[str],
    loss: str,
    learning_rate: float,
    optimizer: dict[str, Any] | None = None,
    regularization: dict[str, Any] | None = None,
    clip_norm: float | None = None,
    coupled_weight_decay: float | None = None,
    every: int = 1,
    to: str | None = None,
) -> Recorder:
    """Begin a recording: ``with backscope.record("run.backscope", activations=["tanh", "sigmoid"], ...) as scope:``.

    Args:
        path: the file, which is written anew.
        activations: the name of the activation of each layer after the inputs, as in an experiment.
        loss: the name of the loss.
        learning_rate: the learning rate.
        optimizer: its name and settings; plain gradient descent where it is left out.
        regularization: the strengths ``l1`` and ``l2`` of penalties on the weights.
        clip_norm: the limit of the whole gradient's norm.
        coupled_weight_decay: the share of every parameter that is added to its gradient, after clipping.
        every: 1 to record every step that is told; n to record every n-th one, which the state of an optimizer that has
            one then comes with.
        to: the address of a running Backscope, as it prints it; the recording is sent there when it ends, and the
            address of the page that opens it is printed, and is ``scope.address``.

    Raises:
        ValueError: ``every`` is below 1, or ``to`` is no address.
        OSError: the file cannot be written.
    """
    said = {
        "ACTIVATIONS": list(activations),
        "LOSS": loss,
        "LEARNING_RATE": learning_rate,
        "OPTIMIZER": optimizer,
        "REGULARIZATION": regularization,
        "CLIP_NORM": clip_norm,
        "COUPLED_WEIGHT_DECAY": coupled_weight_decay,
    }
    return Recorder(path, {name: value for name, value in said.items() if value is not None}, every, to)
