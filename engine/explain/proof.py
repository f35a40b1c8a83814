"""The proof of a gradient: what nudging single parameters does to the objective, and the true curve along one of them.

All of it holds at the parameters that the passes of a training step used: there its gradients, the arrows on the
screen, are what they are. At the end of a training step the update has moved the parameters on.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

from engine.base.refusal import Refusal
from engine.base.tensors import shape_of
from engine.experiment.experiment import Experiment
from engine.explain.gradient_check import Index, TensorCheck
from engine.explain.objective import Objective
from engine.explain.passes import Passes, passes
from engine.run.source import Source

Element = tuple[str, Index]


class Proof:
    """The objective of the training step that leads to t (at t = 0 of the first one), in float64.

    Raises:
        Refusal: its numbers are not finite.
    """

    def __init__(self, timeline: Source, t: int) -> None:
        found = passes(timeline, t)
        self.experiment, self.training_step = found.experiment, found.training_step
        used = {**timeline.seek(reached(found)), **found.parameters()}
        self._now = timeline.seek(t)
        with np.errstate(all="ignore"):
            self._objective = Objective(found.experiment, found.program, used, found.training_step)
            self._checks = {name: TensorCheck(self._objective, name, self.experiment) for name in found.parameters()}
            sums = [each.analytic.sum() for each in self._checks.values()]
        if not np.isfinite([self._objective.value, *sums]).all():
            raise Refusal("unfit", "t", "moment", t, "its numbers are not finite", "finite")

    @property
    def objective(self) -> float:
        """Loss plus penalty."""
        return self._objective.value

    def row(self, tensor: str, index: Index) -> dict[str, Any]:
        """One element, nudged to both sides.

        Returns:
            ``tensor``, ``index``, ``gradient`` (the name of what the backward pass says: with a penalty that of loss
            plus penalty), ``value`` w, ``step`` h, ``above`` C(w + h), ``below`` C(w - h), ``numeric`` (their
            difference over 2h), ``analytic``, ``error`` (relative), ``verdict`` ("right", "wrong", or None at a
            kink), ``rounding`` (whether they differ no more than rounding explains) and ``kinks``, as the gradient
            check tells them.
        """
        with np.errstate(all="ignore"):
            found = self._checks[tensor].element(index)
        names = {"tensor": tensor, "index": list(index), "gradient": self._checks[tensor].gradient}
        return vars(found) | names | {"verdict": found.verdict}

    def along(self, tensor: str, index: Index, values: Iterable[float]) -> list[float]:
        """The objective where one element has other values, and all else is as it was."""
        with np.errstate(all="ignore"):
            return [self._checks[tensor].along.at(index, float(value))[0] for value in values]

    def curve(self, tensor: str, index: Index, low: float, high: float, points: int) -> dict[str, Any]:
        """The objective along one element, at evenly spaced values from low to high.

        Returns:
            ``tensor``, ``index``, ``values`` and ``objectives`` (a number a point), ``value`` and ``objective``
            (where the passes stood), ``gradient`` (its name) and ``analytic`` (its slope there), and ``moved``:
            ``value`` and ``objective`` where the element stands at t, or None where it has not moved since.
        """
        values = np.linspace(low, high, points).tolist()
        check = self._checks[tensor]
        return {
            "tensor": tensor,
            "index": list(index),
            "values": values,
            "objectives": self.along(tensor, index, values),
            "value": float(self._objective.values[tensor][index]),
            "objective": self.objective,
            "gradient": check.gradient,
            "analytic": float(check.analytic[index]),
            "moved": self._moved(tensor, index),
        }

    def _moved(self, tensor: str, index: Index) -> dict[str, float] | None:
        now = float(self._now[tensor][index]) if tensor in self._now else None
        if now is None or now == self._objective.values[tensor][index]:
            return None
        return {"value": now, "objective": self.along(tensor, index, [now])[0]}


def reached(found: Passes) -> int:
    """The latest moment of the training step that is still within it: at its end another structure may have begun."""
    return found.begin + min(found.done, len(found.program) - 1)


def drawn(experiment: Experiment, count: int, seed: int) -> list[Element]:
    """Random elements, a pure function of the seed: of each parameter in turn, so that small ones have their share."""
    rng, names = np.random.default_rng(seed), experiment.parameters
    turns = [turn for name in names for turn in enumerate(_some(name, experiment, count, rng))]
    chosen = [element for _, element in sorted(turns, key=lambda turn: turn[0])[:count]]
    return sorted(chosen, key=lambda element: (names.index(element[0]), element[1]))


def _some(name: str, experiment: Experiment, count: int, rng: np.random.Generator) -> list[Element]:
    """Up to so many different elements of one parameter, in random order."""
    shape = shape_of(name, experiment.sizes, 0)
    size = int(np.prod(shape))
    places = rng.choice(size, min(count, size), replace=False)
    return [(name, tuple(int(i) for i in np.unravel_index(place, shape))) for place in places]
