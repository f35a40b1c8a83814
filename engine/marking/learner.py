"""A learner: it takes training step after training step, and keeps what it must from one to the next."""

from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from engine.marking.assignment import Assignment
from engine.marking.given import Arrays, Given
from engine.marking.operations import back, forward
from engine.marking.textbook import Parts, Result, Step


@dataclass
class Learner:
    """A program that trains step by step, by these parts; it keeps the optimizer's state.

    Raises:
        ValueError: arrays of a part do not fit each other.
    """

    assignment: Assignment
    parts: Parts = field(default_factory=Parts)
    number: int = 0
    memory: dict[str, Any] = field(default_factory=dict)

    def step(self, given: Given, y: np.ndarray | None = None) -> Result:
        """One training step, with other targets than the given ones where ``y`` has them."""
        if given.updates is not None:
            self.number, self.memory["states"] = given.updates, dict(given.states)
        self.number += 1
        layers = self.assignment.layers
        s = Step(
            self.assignment,
            dict(zip(layers, given.W, strict=True)),
            dict(zip(layers, given.b, strict=True)),
            given.y if y is None else y,
            {0: given.x},
            rate=given.learning_rate,
            number=self.number,
            memory=self.memory,
            beside=dict(given.beside),
        )
        with np.errstate(all="ignore"):
            self._forward(s)
            return self._backward(s, given.gradients)

    def copy(self) -> "Learner":
        """A learner that goes on from here by itself."""
        return Learner(self.assignment, self.parts, self.number, deepcopy(self.memory))

    def _forward(self, s: Step) -> None:
        s.a[0] = forward(s, 0, s.a[0], self.parts)
        for l in self.assignment.layers:
            s.a[l] = forward(s, l, self.parts.affine(s, l), self.parts)

    def _backward(self, s: Step, taken: dict[str, np.ndarray]) -> Result:
        parts, early = self.parts, dict[str, np.ndarray]()
        for l in reversed(self.assignment.layers):
            s.delta[l] = back(s, l, parts.error(s, parts), parts, -1) if l == s.top else parts.delta(s, l, parts)
            here = {f"W{l}": parts.weight_gradient(s, l), f"b{l}": parts.bias_gradient(s, l)}
            s.gradients |= here
            if l in parts.early:
                early |= self._updated(s, {name: taken.get(name, g) for name, g in here.items()})
                s.W[l], s.b[l] = early[f"W{l}"], early[f"b{l}"]
        if s.assignment.operations[0]:
            parts.delta(s, 0, parts)
        late = {name: taken.get(name, g) for name, g in s.gradients.items() if name not in early}
        return Result(self._updated(s, late) | early, s.gradients, self._used(s, s.gradients), s.running)

    def _updated(self, s: Step, gradients: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        """The parameters of these gradients after their update."""
        used = self._used(s, gradients)
        moved = {name: self.parts.decayed(s, name, g) for name, g in used.items()}
        updates = self.parts.updates(s, {name: self._update(s, name, g) for name, g in moved.items()})
        return {name: s.parameter(name) + u for name, u in updates.items()}

    def _used(self, s: Step, gradients: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        return self.parts.clipped(s, {name: self.parts.penalized(s, name, g) for name, g in gradients.items()})

    def _update(self, s: Step, name: str, g: np.ndarray) -> np.ndarray:
        training = s.assignment.training if s.rate is None else replace(s.assignment.training, learning_rate=s.rate)
        return self.parts.update(training, name, s.parameter(name), g, s.number, s.memory)


def following(
    assignment: Assignment, W: Arrays, b: Arrays, batches: list[tuple[np.ndarray, np.ndarray]]
) -> list[Given]:
    """What each step starts from: the weights that the textbook's steps have reached with the mini-batches before."""
    learner, found = Learner(assignment), list[Given]()
    for x, y in batches:
        found.append(Given(W, b, x, y))
        result = learner.step(found[-1]).parameters
        W, b = ([result[f"{kind}{l}"] for l in assignment.layers] for kind in "Wb")
    return found
