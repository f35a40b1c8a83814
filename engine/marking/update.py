"""The update of one parameter by an optimizer of the engine, with its state kept by name."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.experiment.training import Training
from engine.methods.equation import Equation
from engine.methods.optimizers import OPTIMIZERS, Optimizer

NAN = float("nan")


@dataclass(frozen=True)
class Update:
    """How an optimizer updates a parameter; what is left out is as the assignment says.

    Attributes:
        optimizer: the name of another optimizer.
        settings: other values of some settings.
        at_step: other values of settings, but only in the equation of the update itself, from the update's number.
        rate: what the learning rate is multiplied by, from the parameter's name and the number of the update.
        count: the number of the update that the equations see, from the true one and the parameter's name.
        denominator: what is read in place of the mean square under the root, from it and the settings; None for itself.
        corrections: what m and v are divided by, from the number of the update, the parameter's name and the settings,
            where it is not what Adam has.
        corrected: the letters of Adam's means that are kept as they are corrected.
        keeps: whether the state is kept from one step to the next.
        loses: whether the state stays as it is where the number of the update is 0, as where the step ends in an error.
        late: whether the state is brought up to date only after the update is computed from it.
    """

    optimizer: str | None = None
    settings: dict[str, float] = field(default_factory=dict)
    at_step: Callable[[int, dict[str, float]], dict[str, float]] = lambda k, settings: {}
    rate: Callable[[str, int], float] = lambda name, k: 1.0
    count: Callable[[int, str], float] = lambda k, name: k
    denominator: Callable[[np.ndarray, dict[str, float]], np.ndarray] | None = None
    corrections: Callable[[float, str, dict[str, float]], tuple[float, float]] | None = None
    corrected: str = ""
    keeps: bool = True
    loses: bool = False
    late: bool = False

    def __call__(
        self, training: Training, name: str, w: np.ndarray, g: np.ndarray, k: int, memory: dict[str, Any]
    ) -> np.ndarray:
        """The update of parameter w, of its shape.

        Args:
            training: what the assignment says of optimizer, learning rate and settings.
            name: the parameter's name.
            w: the parameter.
            g: its gradient.
            k: the number of the update, from 1.
            memory: the states of all parameters, which are changed.
        """
        record = OPTIMIZERS[self.optimizer or training.optimizer]
        known = dict(training.optimizer_settings)
        settings = {each.name: known.get(each.name, each.default) for each in record.settings} | self.settings
        values: dict[str, Any] = {"w": w, "g": g, "updates": self.count(k, name)}
        values["learning_rate"] = training.learning_rate * self.rate(name, k)
        kept = memory.setdefault("states", {})
        zeros = {letter: np.zeros(np.shape(g)) for letter in record.states}
        values |= zeros | (kept.get(name, {}) if self.keeps else {})
        try:
            self._compute(record, name, values, settings)
        except ZeroDivisionError:  # as the correction at update number 0 does
            values["u"] = np.full(np.shape(g), NAN)
        if values["updates"] != 0 or not self.loses:
            hats = {letter: f"{letter}hat" if letter in self.corrected else letter for letter in record.states}
            kept[name] = {letter: values[hat] for letter, hat in hats.items()}
        return values["u"]

    def _compute(self, record: Optimizer, name: str, values: dict[str, Any], settings: dict[str, float]) -> None:
        equations = sorted(record.equations, key=_moves, reverse=True) if self.late else record.equations
        for equation in equations:
            writes = [letter for letter, _ in equation.writes]
            read, chosen = self._at_step(name, values, settings) if _moves(equation) else (values, settings)
            found = equation(
                *(read[letter] for letter, _ in equation.reads), **{each: chosen[each] for each in equation.settings}
            )
            values |= dict(zip(writes, found if isinstance(found, tuple) else (found,), strict=True))

    def _at_step(
        self, name: str, values: dict[str, Any], settings: dict[str, float]
    ) -> tuple[dict[str, Any], dict[str, float]]:
        """The values and the settings that the equation of the update reads."""
        k = values["updates"]
        if self.corrections is not None:
            first, second = self.corrections(k, name, settings)
            means = {"m": values["m"] / np.float64(first), "v": values["v"] / np.float64(second), "updates": 1}
            return values | means, settings | self.at_step(k, settings) | {"beta1": 0.0, "beta2": 0.0}
        if self.denominator is None:
            return values, settings | self.at_step(k, settings)
        corrected = 1 - settings.get("beta2", 0.0) ** k
        v = self.denominator(values["v"] / corrected, settings) * corrected
        return values | {"v": v}, settings | self.at_step(k, settings)


def _moves(equation: Equation) -> bool:
    """Whether the equation computes the update."""
    return "u" in dict(equation.writes)


def by_kind(weights: Update, biases: Update) -> Callable[..., np.ndarray]:
    """An update that treats weights in one way, and biases in another."""

    def update(training: Training, name: str, *rest: Any) -> np.ndarray:
        return (weights if name[0] == "W" else biases)(training, name, *rest)

    return update
