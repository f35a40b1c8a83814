"""An independent implementation of a network's loss, and its derivatives by autograd."""

from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd import grad

from engine import Experiment
from engine.base.tensors import split
from tests.helpers.networks import State

ROOT = anp.sqrt(2 / anp.pi)
INTERMEDIATE = {"z": "delta", "ztilde": "dztilde", "f": "df", "a": "da"}  # each tensor, and the name of its error


def log_sum_exp(z):
    top = anp.max(z, axis=1, keepdims=True)
    return top + anp.log(anp.sum(anp.exp(z - top), axis=1, keepdims=True))


def sigmoid(z):
    return (1 + anp.tanh(z / 2)) / 2


ACTIVATIONS = {
    "elu": lambda z: anp.where(z > 0, z, anp.expm1(anp.where(z > 0, 0.0, z))),
    "gelu": lambda z: z * sigmoid(2 * ROOT * (z + 0.044715 * z**3)),
    "hardswish": lambda z: anp.where(z > -3, anp.where(z < 3, z * (z + 3) / 6, z), 0.0),
    "identity": lambda z: z,
    "leaky_relu": lambda z: anp.where(z > 0, z, z / 100),
    "mish": lambda z: z * (1 - 2 / ((1 + anp.exp(anp.minimum(z, 300))) ** 2 + 1)),  # whose share is 1 beyond
    "relu": lambda z: anp.where(z > 0, z, 0.0),
    "sigmoid": sigmoid,
    "silu": lambda z: z * sigmoid(z),
    "softmax": lambda z: anp.exp(z - log_sum_exp(z)),
    "softplus": lambda z: anp.logaddexp(0, z),
    "tanh": anp.tanh,
}
MEAN = ("absolute_error", "binary_cross_entropy", "huber", "squared_error")  # those that may be averaged over outputs


def _over_outputs(loss: Any) -> Any:
    """A loss of each output, shared among all outputs."""
    return lambda z, a, y: loss(z, a, y) / y.shape[1]


LOSSES = {
    "absolute_error": lambda z, a, y: anp.maximum(a - y, y - a),  # whose derivative at 0 is 0
    "binary_cross_entropy": lambda z, a, y: y * anp.logaddexp(0, -z) + (1 - y) * anp.logaddexp(0, z),
    "cross_entropy": lambda z, a, y: y * (log_sum_exp(z) - z),
    "hinge": lambda z, a, y: anp.where(y > 0.5, anp.where(a < 1, 1 - a, 0.0), anp.where(a > -1, 1 + a, 0.0)),
    "huber": lambda z, a, y: anp.where(anp.abs(a - y) <= 1, (a - y) ** 2 / 2, anp.abs(a - y) - 1 / 2),
    "squared_error": lambda z, a, y: (a - y) ** 2,
}
LOSSES |= {f"mean_{name}": _over_outputs(LOSSES[name]) for name in MEAN}


def mean_loss(numbers: State, chosen: Experiment, given: State) -> Any:
    """The mean loss of a mini-batch.

    Args:
        numbers: the parameters, and for tensors of the forward pass the numbers that are added to them.
        chosen: the experiment.
        given: the state with the mini-batch and the masks.
    """
    z = a = given["a0"]
    for l, layer in enumerate(chosen.layers, 1):
        below = a
        z = u = anp.dot(a, numbers[f"W{l}"].T) + numbers[f"b{l}"] + numbers.get(f"z{l}", 0)
        if layer.batch_norm:
            centred = z - anp.mean(z, axis=0)
            u = centred / (anp.mean(centred**2, axis=0) + 1e-5) ** 0.5
            u = u * numbers[f"gamma{l}"] + numbers[f"beta{l}"] + numbers.get(f"ztilde{l}", 0)
        a = ACTIVATIONS[layer.activation](u) + numbers.get(f"f{l}", 0)
        if layer.dropout:
            a = anp.where(given[f"mask{l}"] > 0, a / (1 - layer.dropout), 0.0)
        if layer.residual:
            a = a + below
        a = a + numbers.get(f"a{l}", 0)
    return anp.sum(LOSSES[chosen.loss](z, a, given["y"])) / len(a)


def penalty(numbers: State, chosen: Experiment) -> Any:
    """The penalty of the weights."""
    weights = anp.concatenate([anp.ravel(numbers[f"W{l}"]) for l in range(1, len(chosen.layers) + 1)])
    return chosen.training.l1 * anp.sum(anp.abs(weights)) + chosen.training.l2 * anp.dot(weights, weights) / 2


def parameters_of(chosen: Experiment, state: State) -> State:
    return {name: np.array(state[name], np.float64) for name in chosen.parameters}


def true_gradients(chosen: Experiment, state: State) -> State:
    """The gradients at a state, by the engine's names.

    Returns:
        dW, db, dgamma and dbeta of the mean loss; gW of loss plus penalty; and delta, dztilde, df and da, which are m
        times the derivatives of the mean loss.
    """
    depth, m = len(chosen.layers), len(state["a0"])
    numbers = parameters_of(chosen, state)
    nudges = {f"{kind}{l}": np.zeros((m, chosen.sizes[l])) for l in range(1, depth + 1) for kind in INTERMEDIATE}
    with np.errstate(all="ignore"):
        found = grad(mean_loss)(numbers | nudges, chosen, state)
        costs = grad(penalty)(numbers, chosen)
    truth = {f"d{name}": found[name] for name in numbers}
    truth |= {f"g{name}": found[name] + costs[name] for name in numbers if name[0] == "W"}
    return truth | {f"{INTERMEDIATE[split(name)[0]]}{split(name)[1]}": m * found[name] for name in nudges}


def cancelled(state: State, name: str) -> float:
    """The size of the terms that cancel in batch normalization, so that a gradient may be nothing but rounding."""
    parts = [
        np.abs(state[f"gamma{l}"] / np.sqrt(state[f"var{l}"] + 1e-5)).max() * np.abs(state[f"dztilde{l}"]).max()
        for l in range(split(name)[1] or 0, 13)
        if f"var{l}" in state
    ]
    inputs = [np.abs(array).max() for kind, array in state.items() if kind[0] == "a"]
    return float(max(parts, default=0) * max(1, *inputs))


def per_example_gradients_of(chosen: Experiment, before: State, tensor: str, index: tuple[int, ...]) -> np.ndarray:
    """The per-example gradients of an element of a parameter, by autograd.

    Each is m times the derivative of the mean loss by the example's own pre-activation, times the number that the
    parameter is multiplied by for this example.
    """
    kind, layer = split(tensor)
    truth = true_gradients(chosen, before)
    error = truth[f"{'delta' if kind in 'Wb' else 'dztilde'}{layer}"][:, index[0]]
    entries = {
        "W": lambda: before[f"a{(layer or 0) - 1}"][:, index[1]],
        "gamma": lambda: before[f"zhat{layer}"][:, index[0]],
    }
    return error * entries.get(kind, lambda: 1.0)()
