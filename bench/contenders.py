"""The contenders: each trains the same network for some seconds, and returns the time of a training step."""

from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from itertools import pairwise
from time import perf_counter
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from bench.networks import SLICE
from engine import Experiment, Timeline
from engine.data import Dataset
from engine.experiment.changes import LARGEST_T
from engine.run.until import Until
from server.limits import HISTORY_BYTES

Contender = Callable[[float], float]  # the seconds to run -> the seconds that a training step took
Step = Callable[[], object]

torch.set_num_threads(1)


def _repeated(step: Step) -> Contender:
    """The contender that repeats this training step."""

    def run(seconds: float) -> float:
        began, steps = perf_counter(), 0
        while perf_counter() - began < seconds:
            step()
            steps += 1
        return (perf_counter() - began) / steps

    return run


def ours(experiment: Experiment) -> Contender:
    """The engine: seeks as the page sends them at full speed, with the history that the server keeps."""
    return played(Timeline(experiment, HISTORY_BYTES))


def played(timeline: Timeline, until: Until | None = None) -> Contender:
    """The engine on an existing timeline, with a condition that may end it."""

    def run(seconds: float) -> float:
        began, first = perf_counter(), timeline.t
        while perf_counter() - began < seconds:
            timeline.seek(LARGEST_T, SLICE, until)
        steps = (timeline.t - first) / len(timeline.program)
        return (perf_counter() - began) / steps

    return run


def _mini_batches(examples: int, size: int, shuffled: Callable[[int], Any]) -> Iterator[Any]:
    """The rows of one mini-batch after the other; a mini-batch of all examples is not shuffled."""
    while size == examples:
        yield slice(None)
    while True:
        order = shuffled(examples)
        for first in range(0, examples, size):
            yield order[first : first + size]


ACTIVATIONS = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid, "tanh": nn.Tanh}


def pytorch(experiment: Experiment) -> Contender:
    """PyTorch as it is usually written, on one thread: float32, modules, autograd and ``torch.optim``.

    A cross-entropy takes the pre-activations, as usual in PyTorch.
    """
    x, y = _tensors(experiment.data)
    modules: list[nn.Module] = []
    for below, layer in zip(experiment.sizes, experiment.layers, strict=False):
        modules.append(nn.Linear(below, layer.units))
        if not (layer is experiment.layers[-1] and experiment.loss != "squared_error"):
            modules.append(ACTIVATIONS[layer.activation]())
    model = nn.Sequential(*modules)
    losses = {
        "squared_error": lambda a, y: functional.mse_loss(a, y, reduction="sum") / len(y),
        "binary_cross_entropy": functional.binary_cross_entropy_with_logits,
        "cross_entropy": functional.cross_entropy,
    }
    loss_of, training = losses[experiment.loss], experiment.training
    if experiment.loss == "cross_entropy":
        y = y.argmax(1)  # class numbers are the fastest targets
    kinds = {"gradient_descent": torch.optim.SGD, "adam": torch.optim.Adam}
    optimizer = kinds[training.optimizer](model.parameters(), lr=training.learning_rate)
    batches = _mini_batches(len(x), experiment.mini_batch_size, torch.randperm)

    def step() -> float:
        rows = next(batches)
        optimizer.zero_grad()
        loss = loss_of(model(x[rows]), y[rows])
        loss.backward()
        optimizer.step()
        return float(loss.item())

    return _repeated(step)


@lru_cache(maxsize=1)
def _tensors(data: Dataset) -> tuple[torch.Tensor, torch.Tensor]:
    x = data.x_train.astype(np.float32) * np.float32(data.scale)
    return torch.from_numpy(x), torch.from_numpy(data.y_train.astype(np.float32))


@lru_cache(maxsize=1)
def _arrays(data: Dataset) -> tuple[np.ndarray, np.ndarray]:
    return data.x_train * data.scale, data.y_train


F: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "relu": lambda z: np.maximum(0, z),
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
}
SLOPE: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "relu": lambda a: a > 0,
    "sigmoid": lambda a: a * (1 - a),
    "tanh": lambda a: 1 - a**2,
}


def _softmax(z: np.ndarray) -> np.ndarray:
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _loss(name: str, a: np.ndarray, y: np.ndarray) -> float:
    if name == "squared_error":
        return ((a - y) ** 2).sum() / len(y)
    if name == "cross_entropy":
        return -(y * np.log(a + 1e-12)).sum() / len(y)
    return -(y * np.log(a + 1e-12) + (1 - y) * np.log(1 - a + 1e-12)).sum() / len(y)


def textbook(experiment: Experiment) -> Contender:
    """Backpropagation in NumPy as a student writes it: float64, new arrays at every line. Gradient descent only."""
    x, y = _arrays(experiment.data)
    rng, rate, depth = np.random.default_rng(0), experiment.training.learning_rate, len(experiment.layers)
    sizes = experiment.sizes
    W = [rng.normal(0, below**-0.5, (below, units)) for below, units in pairwise(sizes)]
    b = [np.zeros(units) for units in sizes[1:]]
    names = [layer.activation for layer in experiment.layers]
    batches = _mini_batches(len(x), experiment.mini_batch_size, rng.permutation)

    def step() -> float:
        rows = next(batches)
        a, targets = [x[rows]], y[rows]
        for l in range(depth):
            z = a[l] @ W[l] + b[l]
            a.append(_softmax(z) if names[l] == "softmax" else F[names[l]](z))
        loss = _loss(experiment.loss, a[-1], targets)
        delta = a[-1] - targets
        if experiment.loss == "squared_error":
            delta = 2 * delta * SLOPE[names[-1]](a[-1])
        for l in reversed(range(depth)):
            dW, db = a[l].T @ delta / len(delta), delta.mean(axis=0)
            if l:
                delta = delta @ W[l].T * SLOPE[names[l - 1]](a[l])
            W[l] = W[l] - rate * dW
            b[l] = b[l] - rate * db
        return loss

    return _repeated(step)


def floor(experiment: Experiment) -> Contender:
    """Only the matrix products of a training step, into existing arrays, in float32.

    The weights are stored by columns, as in the engine, which is the fastest order.
    """
    rng, m, products = np.random.default_rng(0), experiment.mini_batch_size, list[Step]()

    def array(*shape: int) -> np.ndarray:
        return rng.normal(0, 0.1, shape).astype(np.float32)

    a = [array(m, units) for units in experiment.sizes]
    for l, (below, units) in enumerate(pairwise(experiment.sizes)):
        W, dW, z, delta = array(below, units).T, array(below, units).T, array(m, units), array(m, units)
        products.append(partial(np.matmul, a[l], W.T, z))
        products.append(partial(np.matmul, delta.T, a[l], dW))
        if l:
            products.append(partial(np.matmul, delta, W, array(m, below)))

    def step() -> None:
        for product in products:
            product()

    return _repeated(step)
