"""PyTorch where it is installed; else a stand-in in NumPy for the little of it that opens a checkpoint.

The stand-in holds to what PyTorch documents: Linear's weight is (outputs, inputs), and a state must have all of the
network's names and no others, each of its shape.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest.mock import patch

import numpy as np
import safetensors.numpy


class Tensor(np.ndarray):
    """An array with the methods of a tensor that tests call."""

    def detach(self) -> "Tensor":
        return self

    def numpy(self) -> np.ndarray:
        return np.asarray(self)


class Linear:
    def __init__(self, inputs: int, outputs: int) -> None:
        self.state = {"weight": np.zeros((outputs, inputs)), "bias": np.zeros(outputs)}

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return np.asarray(x @ self.state["weight"].T + self.state["bias"])


class Sequential:
    def __init__(self, *modules: Callable[[np.ndarray], np.ndarray]) -> None:
        self.modules = modules

    def __call__(self, x: np.ndarray) -> Tensor:
        for module in self.modules:
            x = module(x)
        return x.view(Tensor)

    def load_state_dict(self, state: dict[str, np.ndarray]) -> None:
        layers = {str(i): module for i, module in enumerate(self.modules) if isinstance(module, Linear)}
        assert state.keys() == {f"{i}.{name}" for i, layer in layers.items() for name in layer.state}
        for key, array in state.items():
            i, name = key.split(".")
            assert array.shape == layers[i].state[name].shape
            layers[i].state[name] = array


def _tensor(plain: Any, dtype: Any) -> Tensor:
    return np.array(plain, dtype).view(Tensor)


@contextmanager
def pytorch() -> Iterator[None]:
    """Within it, PyTorch can be imported."""
    if find_spec("torch") is not None:
        yield
        return
    torch, tensors = ModuleType("torch"), ModuleType("safetensors.torch")
    activations = {"Tanh": lambda: np.tanh, "Sigmoid": lambda: lambda z: 1 / (1 + np.exp(-z))}
    vars(torch).update(nn=SimpleNamespace(Linear=Linear, Sequential=Sequential, **activations))
    vars(torch).update(tensor=_tensor, float32=np.float32)
    vars(tensors).update(load_file=safetensors.numpy.load_file)
    with patch.dict(sys.modules, {"torch": torch, "safetensors.torch": tensors}):
        yield
