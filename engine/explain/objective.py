"""The objective: loss plus penalty of a training step, as a function of the parameters alone, in float64.

The mini-batch and the dropout masks are fixed, and nothing is updated.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from engine.experiment.experiment import Experiment
from engine.methods.activations import ACTIVATIONS
from engine.methods.losses import LOSSES
from engine.run.micro_step import MicroStep
from engine.run.program import carried

Arrays = Mapping[str, np.ndarray]
Steps = list[MicroStep]


class Objective:
    """The objective at the parameters of a moment, computed by the micro-steps of a training step.

    ``values`` holds the tensors of the forward pass and the backward pass, in float64.

    Args:
        experiment: the structure in force.
        program: its micro-steps.
        state: the state at the moment. Its mini-batch and masks are used as far as it has them.
        training_step: the training step whose mini-batch and masks are drawn where the state has none.
    """

    def __init__(
        self, experiment: Experiment, program: tuple[MicroStep, ...], state: Arrays, training_step: int
    ) -> None:
        drawn = _drawn(experiment, program, state, training_step)
        fixed = {name: state[name] for name in carried(program)} | drawn
        self.values = {name: np.array(array, np.float64) for name, array in fixed.items()}
        self._gradients = experiment.gradients
        self._experiment = experiment
        self._terms = [name for name in ("loss", "penalty") if any(name in step.writes for step in program)]
        passes = [step for step in program if step.phase != "update" and not any(name in drawn for name in step.writes)]
        self._steps = _leading_to(self._terms, passes)
        for step in passes:
            (name,) = step.writes
            self.values[name] = step.compute(*(self.values[read] for read in step.reads))

    def gradient(self, parameter: str) -> tuple[str, np.ndarray]:
        """The name and the array of a parameter's gradient, with the gradient of the penalty where there is one."""
        name = self._gradients[parameter]
        return name, self.values[name]

    @property
    def value(self) -> float:
        """The value of the objective."""
        return float(sum(self.values[name] for name in self._terms))

    @property
    def magnitude(self) -> float:
        """The largest absolute value in the computation of the loss; its rounding limits the objective's precision."""
        read = {name for step in self._steps if "loss" in step.writes for name in step.reads}
        return max(abs(self.value), *(float(np.abs(self.values[name]).max()) for name in read))

    def along(self, parameter: str) -> "Along":
        """The objective as a function of one parameter's elements."""
        return Along(self, parameter, _following(parameter, self._steps), self._terms, self._experiment)


@dataclass(frozen=True)
class Kinks:
    """A kink of an activation or of the loss, for all examples and units.

    Attributes:
        layer: the number of the layer.
        place: the pre-activation at an activation's kink; None for the loss.
        sides: a function of the tensors, (examples, units), that is positive on one side of the kink only.
    """

    layer: int
    place: float | None
    sides: Callable[[Arrays], np.ndarray]

    def crossed(self, high: Arrays, low: Arrays) -> list[tuple[int, int]]:
        """The (example, unit) pairs that lie on different sides of the kink for the tensors ``high`` and ``low``."""
        apart = (self.sides(high) > 0) != (self.sides(low) > 0)
        return [(int(example), int(unit)) for example, unit in np.argwhere(apart)]


class Along:
    """The objective as a function of one parameter; only the tensors that depend on it are computed again."""

    def __init__(
        self, objective: Objective, parameter: str, steps: Steps, terms: list[str], experiment: Experiment
    ) -> None:
        self._values, self._parameter, self._terms = objective.values, parameter, terms
        self._calls: list[tuple[Any, tuple[str, ...], str]] = [
            (partial(step.equation.function, **dict(step.settings)), step.reads, step.writes[0]) for step in steps
        ]
        self.kinks = [kinks for step in steps for kinks in _kinks(step, experiment)]

    def at(self, index: tuple[int, ...], value: float) -> tuple[float, Arrays]:
        """The objective with another value of one element, and the tensors that were computed for it."""
        values = dict(self._values)
        array = values[self._parameter].copy(order="K")
        array[index] = value
        values[self._parameter] = array
        for function, reads, name in self._calls:
            values[name] = function(*[values[read] for read in reads])
        return float(sum(values[name] for name in self._terms)), values


def _kinks(step: MicroStep, experiment: Experiment) -> list[Kinks]:
    """The kinks of the activation or of the loss that a micro-step computes."""
    loss = LOSSES[experiment.loss]
    if step.equation is loss.value:
        a, y = step.reads
        kink = loss.kink
        return [] if kink is None else [Kinks(step.layer, None, lambda values: kink(values[a], values[y]))]
    activation = ACTIVATIONS[experiment.layers[step.layer - 1].activation]
    if step.layer == 0 or step.equation is not activation.value:
        return []
    return [Kinks(step.layer, place, partial(_beyond, step.reads[0], place)) for place in activation.kinks]


def _beyond(tensor: str, place: float, values: Arrays) -> np.ndarray:
    return values[tensor] - place


def _drawn(
    experiment: Experiment, program: tuple[MicroStep, ...], state: Arrays, training_step: int
) -> dict[str, np.ndarray]:
    """The mini-batch and the masks: those of the state where it has them, else those that its training step draws."""
    draw = experiment.draw(training_step)
    found: dict[str, np.ndarray] = {}
    for step in program:
        if step.equation.draws and all(name in state for name in step.writes):
            found |= {name: state[name] for name in step.writes}
        elif step.equation.draws:
            made = step.compute(draw, *(found[name] for name in step.reads))
            found |= dict(zip(step.writes, made if isinstance(made, tuple) else (made,), strict=True))
    return found


def _leading_to(terms: list[str], steps: Steps) -> Steps:
    """The micro-steps that these tensors depend on, and so not those of the running averages."""
    needed, found = set(terms), Steps()
    for step in reversed(steps):
        if needed & set(step.writes):
            needed |= set(step.reads)
            found.append(step)
    return found[::-1]


def _following(parameter: str, steps: Steps) -> Steps:
    """The micro-steps that depend on a parameter."""
    changed, found = {parameter}, Steps()
    for step in steps:
        if changed & set(step.reads):
            changed |= set(step.writes)
            found.append(step)
    return found
