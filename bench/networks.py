"""The measured networks, as experiments in plain form, and the target ratios."""

from dataclasses import dataclass
from typing import Any

from engine.experiment.presets import PRESETS

Plain = dict[str, Any]
SLICE = 0.012  # seconds of training in each frame, as the page asks for at full speed


@dataclass(frozen=True, eq=False)
class Network:
    """An experiment with its targets.

    Attributes:
        name: the numbers of units, layer by layer.
        plain: the experiment in plain form.
        pytorch: the least ratio of PyTorch's time to the engine's.
        floor: the largest ratio of the engine's time to that of the matrix products alone.
    """

    name: str
    plain: Plain
    pytorch: float
    floor: float | None = None

    @property
    def label(self) -> str:
        """The name with the size of the mini-batch, and with the optimizer where it is Adam."""
        optimizer = ", Adam" if self.plain["optimizer"]["name"] == "adam" else ""
        return f"{self.name}, {self.plain['mini_batch_size']}{optimizer}"


def _experiment(dataset: str, layers: str, mini_batch_size: int, learning_rate: float, **more: Any) -> Plain:
    """The plain form; layers are written as ``100 relu, 10 softmax``."""
    pairs = (layer.split() for layer in layers.split(","))
    return {
        "dataset": {"name": dataset},
        "layers": [{"units": int(units), "activation": activation} for units, activation in pairs],
        "optimizer": {"name": "gradient_descent", "learning_rate": learning_rate},
        "mini_batch_size": mini_batch_size,
        **more,
    }


def _digits_16(mini_batch_size: int) -> Plain:
    layers = "16 sigmoid, 16 sigmoid, 10 sigmoid"
    return _experiment("digits", layers, mini_batch_size, 1.5, loss="squared_error")


def _digits_100(mini_batch_size: int, **more: Any) -> Plain:
    return _experiment("digits", "100 relu, 10 softmax", mini_batch_size, 0.1, initializer="he", **more)


XOR = Network("2-4-1 (XOR)", _experiment("xor", "4 tanh, 1 sigmoid", 4, 0.5), pytorch=8)
SPIRALS = Network("2-8-8-8-1", _experiment("spirals", "8 tanh, 8 tanh, 8 tanh, 1 sigmoid", 10, 0.1), pytorch=7)
DIGITS_16 = Network("784-16-16-10", _digits_16(10), pytorch=4.8)
DIGITS_100 = Network("784-100-10", _digits_100(32), pytorch=2.1, floor=1.6)
SPIRALS_PRESET = Network("spirals 2-8-8-1", PRESETS["spirals"], pytorch=7)
WIDE = _experiment("digits", "256 relu, 128 relu, 10 softmax", 64, 0.1, initializer="he")
DIGITS_ADAM = Network("784-100-10", _digits_100(32, optimizer={"name": "adam", "learning_rate": 0.001}), pytorch=2.3)

NETWORKS = (
    XOR,
    SPIRALS,
    DIGITS_16,
    Network("784-16-16-10", _digits_16(32), pytorch=3.9),
    Network("784-100-10", _digits_100(10), pytorch=3.5),
    DIGITS_100,
    Network("784-100-10", _digits_100(64), pytorch=1.7, floor=1.5),
    Network("784-256-128-10", WIDE, pytorch=1.25, floor=1.35),
    DIGITS_ADAM,
)
