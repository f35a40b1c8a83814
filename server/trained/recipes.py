"""How the networks that come along were trained, and the experiments that go on from them."""

from dataclasses import dataclass
from typing import Any

from engine import Experiment
from engine.experiment.presets import PRESETS

Plain = dict[str, Any]


@dataclass(frozen=True)
class Recipe:
    """A trained network: the experiment that goes on from it, and which of its fields were others while it learned."""

    experiment: Plain
    otherwise: Plain
    epochs: int

    @property
    def trained(self) -> Plain:
        """The experiment that it was trained by. Its learning rate falls in half a wave to 0."""
        plain = self.experiment | self.otherwise
        steps = self.epochs * Experiment.from_dict(plain).steps_per_epoch
        return Experiment.from_dict(plain | {"schedule": {"name": "cosine", "steps": steps}}).to_dict()


def _goes_on(plain: Plain, learning_rate: float) -> Plain:
    """By plain gradient descent, in small steps: then a step is the nudge that the arrows show."""
    return plain | {"optimizer": {"name": "gradient_descent", "learning_rate": learning_rate}}


def _adam(learning_rate: float) -> Plain:
    return {"name": "adam", "learning_rate": learning_rate}


BEST: Plain = {
    "dataset": {"name": "digits"},
    "layers": [
        {"units": 256, "activation": "relu"},
        {"units": 128, "activation": "relu"},
        {"units": 10, "activation": "softmax"},
    ],
    "loss": "cross_entropy",
    "initializer": "he",
    "mini_batch_size": 32,
}

RECIPES = {
    "digits_13002": Recipe(
        _goes_on(PRESETS["digits_13002"], 0.2),
        {"optimizer": _adam(0.002), "mini_batch_size": 32, "regularization": {"l2": 5e-5}},
        epochs=60,
    ),
    "digits_100": Recipe(
        _goes_on(PRESETS["digits_100"], 0.05),
        {"optimizer": _adam(0.002), "mini_batch_size": 64, "regularization": {"l2": 1e-4}, "augment": {"noise": 0.1}},
        epochs=30,
    ),
    "digits_best": Recipe(
        _goes_on(BEST, 0.05),
        {
            "dataset": {"name": "digits", "others": 30_000},
            "optimizer": _adam(0.002),
            "mini_batch_size": 64,
            "regularization": {"l2": 1e-5},
            "augment": {
                "shift": 3,
                "rotation": 15,
                "scale": 0.2,
                "stroke": 0.8,
                "uneven": 0.15,
                "elastic": 0.5,
                "coarse": 0.5,
            },
        },
        epochs=60,
    ),
}
