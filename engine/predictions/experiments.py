"""Experiments for predictions: small ones in plain form, drawn by a generator, and the training steps to look at.

They run in double precision, so that what is near a tie by the last digits on one machine is so on every other.
"""

from typing import Any

import numpy as np

from engine.experiment.experiment import Experiment
from engine.run.program import program

Plain = dict[str, Any]
Layers = list[tuple[int, str]]
LOOKED_AT = 4  # training steps of one experiment
LARGEST_SEED = 2**31


def _plain(rng: np.random.Generator, dataset: Plain, layers: Layers, rate: float, **fields: Any) -> Plain:
    return {
        "dataset": dataset,
        "layers": [{"units": units, "activation": activation} for units, activation in layers],
        "optimizer": {"name": "gradient_descent", "learning_rate": rate},
        "seed": int(rng.integers(LARGEST_SEED)),
        "dtype": "float64",
    } | fields


def _steps(rng: np.random.Generator, first: int, last: int) -> list[int]:
    """Some training steps from the first to the last."""
    return sorted(int(step) for step in rng.permutation(np.arange(first, last + 1))[:LOOKED_AT])


def _rows(rng: np.random.Generator, examples: int, columns: int) -> list[list[float]]:
    """Numbers of two decimals from -1 to 1, none of them near 0."""
    sizes, signs = rng.integers(20, 101, (examples, columns)), rng.choice([-1, 1], (examples, columns))
    return [[float(number) / 100 for number in row] for row in sizes * signs]


def _labels(rng: np.random.Generator, examples: int, outputs: int) -> list[list[float]]:
    """Targets that are 0 or 1."""
    return [[float(label) for label in row] for row in rng.integers(0, 2, (examples, outputs))]


def _table(rng: np.random.Generator, examples: int, inputs: int, outputs: int) -> Plain:
    return {"name": "table", "x": _rows(rng, examples, inputs), "y": _labels(rng, examples, outputs)}


def _one_of(rng: np.random.Generator, *names: str) -> str:
    return names[rng.integers(len(names))]


def one_example(rng: np.random.Generator) -> tuple[Plain, list[int]]:
    """One example of two or three inputs, and a hidden layer of two or three neurons."""
    inputs, hidden, outputs = (int(count) for count in rng.integers((2, 2, 1), (4, 4, 3)))
    layers = [(hidden, _one_of(rng, "tanh", "relu", "sigmoid")), (outputs, "sigmoid")]
    fields = {"loss": "squared_error", "mini_batch_size": 1}
    return _plain(rng, _table(rng, 1, inputs, outputs), layers, 0.5, **fields), _steps(rng, 0, 8)


def several_outputs(rng: np.random.Generator) -> tuple[Plain, list[int]]:
    """One example, and three to five outputs with targets of their own: with either loss."""
    outputs = int(rng.integers(3, 6))
    layers = [(3, "tanh"), (outputs, "sigmoid")]
    loss = _one_of(rng, "binary_cross_entropy", "squared_error")
    fields = {"loss": loss, "initializer": "standard_normal", "mini_batch_size": 1}
    return _plain(rng, _table(rng, 1, 2, outputs), layers, 0.2, **fields), _steps(rng, 0, 8)


def xor(rng: np.random.Generator) -> tuple[Plain, list[int]]:
    """XOR with a hidden layer of two to four neurons, all four examples at once."""
    layers = [(int(rng.integers(2, 5)), _one_of(rng, "tanh", "sigmoid")), (1, "sigmoid")]
    fields = {"loss": "binary_cross_entropy", "mini_batch_size": 4}
    return _plain(rng, {"name": "xor"}, layers, 0.5, **fields), _steps(rng, 0, 30)


def few_examples(rng: np.random.Generator) -> tuple[Plain, list[int]]:
    """Three to six examples of two inputs, and a hidden layer of two or three neurons."""
    examples = int(rng.integers(3, 7))
    layers = [(int(rng.integers(2, 4)), "tanh"), (1, "sigmoid")]
    fields = {"loss": "binary_cross_entropy", "mini_batch_size": examples}
    return _plain(rng, _table(rng, examples, 2, 1), layers, 0.5, **fields), _steps(rng, 0, 20)


def chain(rng: np.random.Generator) -> tuple[Plain, list[int]]:
    """One neuron in each of three or four layers, with weights that are small or large."""
    depth = int(rng.integers(3, 5))
    layers = [(1, _one_of(rng, "sigmoid", "tanh")) for _ in range(depth - 1)] + [(1, "sigmoid")]
    sizes, signs = rng.choice([2, 6, 10, 15, 20, 30, 30], depth), rng.choice([-1, 1], depth)
    weights = [float(number) / 10 for number in sizes * signs]
    fields = {"loss": "squared_error", "mini_batch_size": 1}
    fields["changes"] = [{"t": 0, "tensor": f"W{l}", "value": [[weight]]} for l, weight in enumerate(weights, 1)]
    return _plain(rng, _table(rng, 1, 1, 1), layers, 0.5, **fields), _steps(rng, 0, 5)


def two_paths(rng: np.random.Generator) -> tuple[Plain, list[int]]:
    """One example, three hidden neurons, and two outputs to which each of them has a path."""
    layers = [(3, "tanh"), (2, "sigmoid")]
    fields = {"loss": "squared_error", "mini_batch_size": 1}
    return _plain(rng, _table(rng, 1, 2, 2), layers, 0.5, **fields), _steps(rng, 0, 20)


def rectified(rng: np.random.Generator) -> tuple[Plain, list[int]]:
    """Three to five examples, and a hidden layer of three or four neurons that may be off for all of them."""
    examples, hidden = int(rng.integers(3, 6)), int(rng.integers(3, 5))
    bias = [float(number) / 10 for number in rng.integers(-12, 4, hidden)]
    fields = {"loss": "binary_cross_entropy", "initializer": "he", "mini_batch_size": examples}
    fields["changes"] = [{"t": 0, "tensor": "b1", "value": bias}]
    layers = [(hidden, "relu"), (1, "sigmoid")]
    return _plain(rng, _table(rng, examples, 2, 1), layers, 0.3, **fields), _steps(rng, 0, 8)


def gates(rng: np.random.Generator) -> tuple[Plain, list[int]]:
    """Two examples, and a hidden layer whose neurons are steep or flat: with large weights."""
    fields = {"loss": "squared_error", "mini_batch_size": 2}
    weights = [[float(number) / 10 for number in row] for row in rng.integers(-60, 61, (3, 2))]
    fields["changes"] = [{"t": 0, "tensor": "W1", "value": weights}]
    layers = [(3, _one_of(rng, "sigmoid", "tanh", "relu")), (1, "sigmoid")]
    return _plain(rng, _table(rng, 2, 2, 1), layers, 0.5, **fields), _steps(rng, 0, 5)


def saturated(rng: np.random.Generator) -> tuple[Plain, list[int]]:
    """One example whose output is far on one side: with the loss that cancels the slope, or with one that keeps it."""
    fields = {"loss": _one_of(rng, "binary_cross_entropy", "squared_error"), "mini_batch_size": 1}
    bias = float(rng.integers(25, 45)) / 10 * float(rng.choice([-1, 1]))
    data = {"name": "table", "x": _rows(rng, 1, 2), "y": [[float(bias < 0)]]}
    fields["changes"] = [{"t": 0, "tensor": "b2", "value": [bias]}]
    return _plain(rng, data, [(2, "tanh"), (1, "sigmoid")], 0.1, **fields), _steps(rng, 0, 3)


def rates(rng: np.random.Generator) -> tuple[Plain, list[int]]:
    """All examples at once, with a learning rate that is right or far too large."""
    examples = int(rng.integers(3, 7))
    rate = float(rng.choice([0.2, 0.5, 1.0, 20.0, 40.0, 80.0]))
    layers = [(int(rng.integers(2, 5)), "tanh"), (1, "sigmoid")]
    fields = {"loss": "binary_cross_entropy", "mini_batch_size": examples}
    return _plain(rng, _table(rng, examples, 2, 1), layers, rate, **fields), _steps(rng, 0, 15)


def momentum(rng: np.random.Generator) -> tuple[Plain, list[int]]:
    """XOR with momentum, after some training steps."""
    optimizer = {"name": "momentum", "learning_rate": 0.2, "momentum": 0.9}
    layers = [(int(rng.integers(2, 5)), "tanh"), (1, "sigmoid")]
    fields = {"loss": "binary_cross_entropy", "mini_batch_size": 4, "optimizer": optimizer}
    return _plain(rng, {"name": "xor"}, layers, 0.2, **fields), _steps(rng, 3, 40)


def deep(rng: np.random.Generator) -> tuple[Plain, list[int]]:
    """Three to five layers of two to four neurons each, some with small and some with large weights."""
    depth, examples = int(rng.integers(3, 6)), int(rng.integers(1, 5))
    units = [*(int(count) for count in rng.integers(2, 5, depth - 1)), 1]
    layers = [(count, _one_of(rng, "sigmoid", "tanh", "tanh")) for count in units[:-1]] + [(1, "sigmoid")]
    scales = rng.choice([0.4, 0.8, 3.0], depth)
    weights = [
        [[round(float(scale) * number, 2) for number in row] for row in _rows(rng, count, below)]
        for scale, count, below in zip(scales, units, (2, *units), strict=False)
    ]
    fields = {"loss": "binary_cross_entropy", "mini_batch_size": examples}
    fields["changes"] = [{"t": 0, "tensor": f"W{l}", "value": value} for l, value in enumerate(weights, 1)]
    return _plain(rng, _table(rng, examples, 2, 1), layers, 0.3, **fields), _steps(rng, 0, 10)


def silent(rng: np.random.Generator) -> tuple[Plain, list[int]]:
    """One example, one of whose three inputs is 0."""
    plain, steps = one_example(rng)
    row = _rows(rng, 1, 3)[0]
    row[rng.integers(3)] = 0.0
    return plain | {"dataset": plain["dataset"] | {"x": [row]}}, steps


def taught(rng: np.random.Generator) -> tuple[Plain, list[int]]:
    """Digits, some training steps of mixed mini-batches, and then a mini-batch of one digit only."""
    fields = {"loss": "cross_entropy", "mini_batch_size": 32}
    plain = _plain(rng, {"name": "digits"}, [(16, "tanh"), (10, "softmax")], 0.4, **fields)
    last = int(rng.integers(20, 40))
    t = last * len(program(Experiment.from_dict(plain)))
    change = {"t": t, "next_mini_batch": {"class": int(rng.integers(10))}}
    return plain | {"changes": [change]}, [last]
