"""The presets: experiments to start from, by name, in plain form."""

from typing import Any


def _layers(*layers: tuple[int, str]) -> list[dict[str, Any]]:
    return [{"units": units, "activation": activation} for units, activation in layers]


def _descent(learning_rate: float) -> dict[str, Any]:
    return {"name": "gradient_descent", "learning_rate": learning_rate}


def _write(tensor: str, value: Any) -> dict[str, Any]:
    return {"t": 0, "tensor": tensor, "value": value}


PRESETS: dict[str, dict[str, Any]] = {
    "xor": {
        "dataset": {"name": "xor"},
        "layers": _layers((4, "tanh"), (1, "sigmoid")),
        "loss": "binary_cross_entropy",
        "optimizer": _descent(0.5),
        "mini_batch_size": 4,
    },
    "digits_13002": {
        "dataset": {"name": "digits"},
        "layers": _layers((16, "sigmoid"), (16, "sigmoid"), (10, "sigmoid")),
        "loss": "squared_error",
        "optimizer": _descent(1.5),
        "mini_batch_size": 10,
    },
    "digits_100": {
        "dataset": {"name": "digits"},
        "layers": _layers((100, "relu"), (10, "softmax")),
        "loss": "cross_entropy",
        "initializer": "he",
        "optimizer": _descent(0.2),
        "mini_batch_size": 32,
    },
    "spirals": {
        "dataset": {"name": "spirals"},
        "layers": _layers((8, "tanh"), (8, "tanh"), (1, "sigmoid")),
        "loss": "binary_cross_entropy",
        "optimizer": _descent(0.3),
        "mini_batch_size": 20,
    },
    "ring": {
        "dataset": {"name": "circles"},
        "layers": _layers((6, "tanh"), (1, "sigmoid")),
        "loss": "binary_cross_entropy",
        "optimizer": _descent(1.0),
        "mini_batch_size": 20,
        "seed": 2,
    },
    "sine": {
        "dataset": {"name": "sine"},
        "layers": _layers((8, "tanh"), (1, "identity")),
        "loss": "squared_error",
        "optimizer": _descent(0.1),
        "mini_batch_size": 25,
    },
    "one_neuron_a_layer": {
        "dataset": {"name": "table", "x": [[0.6]], "y": [[1.0]]},
        "layers": _layers((1, "sigmoid"), (1, "sigmoid"), (1, "sigmoid")),
        "loss": "squared_error",
        "optimizer": _descent(1.0),
        "mini_batch_size": 1,
        "seed": 3,
    },
    "worked_example": {
        "dataset": {"name": "table", "x": [[0.05, 0.10]], "y": [[0.01, 0.99]]},
        "layers": _layers((2, "sigmoid"), (2, "sigmoid")),
        "loss": "squared_error",
        "optimizer": _descent(0.25),
        "mini_batch_size": 1,
        "dtype": "float64",
        "changes": [
            _write("W1", [[0.15, 0.20], [0.25, 0.30]]),
            _write("b1", [0.35, 0.35]),
            _write("W2", [[0.40, 0.45], [0.50, 0.55]]),
            _write("b2", [0.60, 0.60]),
        ],
    },
}

# The hidden layer that the page adds to a network without one.
HIDDEN_LAYER = {"units": 4, "activation": "tanh"}
