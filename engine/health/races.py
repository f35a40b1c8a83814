"""Races: experiments that differ in one thing, to be run beside each other, by name, in plain form."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.experiment.presets import PRESETS
from engine.health.scenarios import SCENARIOS

Plain = dict[str, Any]
STEPS, EXAMPLES = "training_steps", "examples"


@dataclass(frozen=True)
class Race:
    """A race.

    Attributes:
        lanes: the experiments, in plain form.
        steps: the training steps of the first of them after which the race rests.
        speed: how fast it is played by training steps, from 0 to 100.
        pace: what is the same for all at one time: training steps done, or examples seen.
    """

    lanes: Sequence[Plain]
    steps: int
    speed: int
    pace: str = STEPS


def _each(base: Plain, *others: Plain) -> list[Plain]:
    """The same experiment, each time with other fields."""
    return [{**base, **fields} for fields in others]


def _layer(units: int, activation: str) -> Plain:
    return {"units": units, "activation": activation}


def _descent(learning_rate: float) -> Plain:
    return {"name": "gradient_descent", "learning_rate": learning_rate}


def _deep(activation: str) -> Plain:
    return {"layers": [*(_layer(6, activation) for _ in range(8)), OUTPUT]}


OUTPUT = _layer(1, "sigmoid")
FEW = {**PRESETS["ring"], "dataset": {"name": "circles", "examples": 80}, "optimizer": _descent(0.5)}
DEEP = {**PRESETS["ring"], "optimizer": _descent(0.1)}
WRONG = {  # one neuron whose output is 0.98 where it should be 0
    "dataset": {"name": "table", "x": [[1]], "y": [[0]]},
    "layers": [OUTPUT],
    "optimizer": _descent(0.15),
    "mini_batch_size": 1,
    "changes": [{"t": 0, "tensor": "W1", "value": [[2]]}, {"t": 0, "tensor": "b1", "value": [2]}],
}
NARROW = {**PRESETS["xor"], "layers": [_layer(2, "tanh"), OUTPUT]}

RACES: dict[str, Race] = {
    "batches": Race(_each(FEW, *({"mini_batch_size": size} for size in (60, 10, 1))), 400, 52, EXAMPLES),
    "losses": Race(_each(WRONG, {"loss": "binary_cross_entropy"}, {"loss": "squared_error"}), 300, 48),
    "depth": Race(_each(DEEP, _deep("sigmoid"), _deep("tanh"), {**_deep("relu"), "initializer": "he"}), 1500, 60),
    "momentum": Race(
        _each(
            SCENARIOS["plateau"]["experiment"],
            {},
            {"optimizer": {"name": "momentum", "learning_rate": 0.2, "momentum": 0.9}},
        ),
        6000,
        70,
    ),
    "adam": Race(_each(PRESETS["spirals"], {}, {"optimizer": {"name": "adam", "learning_rate": 0.01}}), 3000, 65),
    "rates": Race(_each(PRESETS["sine"], *({"optimizer": _descent(rate)} for rate in (0.1, 0.005, 3))), 800, 55),
    "seeds": Race(_each(NARROW, *({"seed": seed} for seed in (0, 3, 1, 2, 7, 9))), 2000, 65),
}
