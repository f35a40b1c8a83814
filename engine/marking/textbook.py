"""One training step as a textbook has it, made of parts. A mistake is the same step with another part."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.marking.assignment import Assignment
from engine.marking.names import layer_of
from engine.marking.operations import Point, back
from engine.marking.update import Update
from engine.methods.regularization import clip, gradient_norm

Layered = dict[int, np.ndarray]  # an array for each layer, from 1


@dataclass
class Step:
    """What a training step has computed so far: z, a, delta, dW and db by layers, as docs/experiment.md names them.

    z and f are what the activation is given, and what it gives; a is the layer's output, which is f where nothing
    stands beside the activation. ``beside`` has the tensors of these other operations by name.
    """

    assignment: Assignment
    W: Layered
    b: Layered
    y: np.ndarray
    a: Layered
    z: Layered = field(default_factory=dict)
    f: Layered = field(default_factory=dict)
    delta: Layered = field(default_factory=dict)
    gradients: dict[str, np.ndarray] = field(default_factory=dict)
    rate: float | None = None  # the learning rate, where it is not that of the assignment
    number: int = 1  # of the update, the first is 1
    memory: dict[str, Any] = field(default_factory=dict)  # kept from one step to the next
    beside: dict[str, np.ndarray] = field(default_factory=dict)
    values: dict[Point, np.ndarray] = field(default_factory=dict)
    arriving: dict[Point, Any] = field(default_factory=dict)  # errors that come along residual connections
    running: dict[str, np.ndarray] = field(default_factory=dict)  # the running statistics after the forward pass

    @property
    def m(self) -> int:
        """The number of examples."""
        return len(self.y)

    @property
    def top(self) -> int:
        """The number of the output layer."""
        return self.assignment.depth

    def parameter(self, name: str) -> np.ndarray:
        """The parameter of this name, such as W1."""
        layered = {"W": self.W, "b": self.b}.get(name.rstrip("0123456789"))
        return self.beside[name] if layered is None else layered[layer_of(name)]


@dataclass(frozen=True)
class Result:
    """What one step returns: parameters by name, and its gradients; none where a program does not return any.

    Attributes:
        parameters: the parameters after the step.
        gradients: their gradients.
        clipped: the gradients that the optimizer is given.
        running: the running statistics of batch norm after the step.
    """

    parameters: dict[str, np.ndarray]
    gradients: dict[str, np.ndarray]
    clipped: dict[str, np.ndarray] = field(default_factory=dict)
    running: dict[str, np.ndarray] = field(default_factory=dict)


Part = Callable[[Step, int], np.ndarray]


def affine(s: Step, l: int) -> np.ndarray:
    """The pre-activations of layer l: z = a W^T + b."""
    return s.a[l - 1] @ s.W[l].T + s.b[l]


def activation(s: Step, l: int) -> np.ndarray:
    """The activations of layer l, from its pre-activations."""
    return s.assignment.activation(l).value(s.z[l])


def slope(s: Step, l: int) -> np.ndarray:
    """The slopes of layer l.

    Raises:
        ValueError: its activation has none of its own, as softmax.
    """
    record = s.assignment.activation(l)
    if record.slope is None:
        raise ValueError(f"layer {l} has no slopes")
    return record.slope(record.slope_source(s.z[l], s.f[l]))


def error(s: Step, parts: "Parts") -> np.ndarray:
    """The error delta of the output layer."""
    examples, outputs = (s.m if s.assignment.summed else 1), (s.assignment.sizes[-1] if s.assignment.averaged else 1)
    return _error(s, parts) * examples / outputs


def _error(s: Step, parts: "Parts") -> np.ndarray:
    cost, record, a = s.assignment.cost, s.assignment.activation(s.top), s.a[s.top]
    if cost.delta is not None:
        return cost.delta(a, s.y)
    assert cost.gradient is not None
    da = cost.gradient(a, s.y)
    if record.backward is not None:
        return record.backward(a, da)
    return da * parts.slope(s, s.top)


def pass_back(s: Step, l: int) -> np.ndarray:
    """The error da that arrives at layer l from the next one."""
    return s.delta[l + 1] @ s.W[l + 1]


def weight_gradient(s: Step, l: int) -> np.ndarray:
    """The gradient of layer l's weights: the mean over the examples."""
    return s.delta[l].T @ s.a[l - 1] / s.m


def bias_gradient(s: Step, l: int) -> np.ndarray:
    """The gradient of layer l's biases: the mean over the examples."""
    return s.delta[l].mean(axis=0)


def penalized(s: Step, name: str, g: np.ndarray) -> np.ndarray:
    """The gradient with that of the penalty, which weights alone pay."""
    training = s.assignment.training
    if name[0] == "b" or not training.penalized:
        return g
    w = s.parameter(name)
    return g + training.l2 * w + training.l1 * np.sign(w)


def decayed(s: Step, name: str, g: np.ndarray) -> np.ndarray:
    """The gradient with coupled weight decay: a share of the parameter, biases too."""
    decay = s.assignment.training.coupled_weight_decay
    return g + decay * s.parameter(name) if decay else g


def clipped(s: Step, gradients: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """All gradients, shortened together where their norm is above the limit."""
    limit = s.assignment.training.clip_norm
    if limit is None:
        return gradients
    norm = gradient_norm(*gradients.values())
    return {name: clip(g, norm, limit=limit) for name, g in gradients.items()}


def delta(s: Step, l: int, parts: "Parts") -> np.ndarray:
    """The error of hidden layer l: what arrives there, taken back through its operations."""
    return back(s, l, parts.pass_back(s, l), parts)


def unchanged(s: Step, updates: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The updates as they are."""
    return updates


@dataclass(frozen=True)
class Parts:
    """The parts of a training step, each a function of the step so far, most of them of a layer l.

    Attributes:
        delta: the error of a hidden layer, from what arrives there and from its slopes.
        norm_gradient: the gradient of a scale or a shift of batch norm, from its name and what it should be.
        decayed: the gradient with weight decay, after clipping.
        evaluating: the names of the operations that are computed as in a prediction: batch norm, dropout.
        early: the layers whose parameters are updated before the error is taken back through them.
        update: the optimizer.
        updates: what becomes of all updates, before they are added to the parameters.
    """

    affine: Part = affine
    activation: Part = activation
    slope: Part = slope
    error: Callable[[Step, "Parts"], np.ndarray] = error
    pass_back: Part = pass_back
    delta: Callable[[Step, int, "Parts"], np.ndarray] = delta
    weight_gradient: Part = weight_gradient
    bias_gradient: Part = bias_gradient
    penalized: Callable[[Step, str, np.ndarray], np.ndarray] = penalized
    clipped: Callable[[Step, dict[str, np.ndarray]], dict[str, np.ndarray]] = clipped
    norm_gradient: Callable[[Step, str, np.ndarray], np.ndarray] = lambda s, name, g: g
    decayed: Callable[[Step, str, np.ndarray], np.ndarray] = decayed
    evaluating: frozenset[str] = frozenset()
    update: Callable[..., np.ndarray] = field(default_factory=Update)
    updates: Callable[[Step, dict[str, np.ndarray]], dict[str, np.ndarray]] = unchanged
    early: frozenset[int] = frozenset()
