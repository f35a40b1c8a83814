"""The proof of a gradient: the objective when single parameters are nudged, and its curve along one of them.

The objective is taken at the parameters that the passes of a training step used, to which its gradients belong. At the
end of the training step the parameters themselves are already updated.
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
    """The proof of the gradients of the training step that leads to t (at t = 0 of the first one), in float64.

    Args:
        timeline: the run.
        t: the moment.

    Raises:
        Refusal: the numbers of that training step are not finite.
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
        """The objective, loss plus penalty, at the parameters of the passes."""
        return self._objective.value

    def row(self, tensor: str, index: Index) -> dict[str, Any]:
        """The proof of one element's gradient: the objective C where the element w is nudged to both sides by h.

        Returns:
            ``tensor``, ``index``, ``gradient`` (the name of its gradient), ``value`` w, ``step`` h, ``above`` C(w + h),
            ``below`` C(w - h), ``numeric`` (C(w + h) - C(w - h)) / 2h, ``analytic`` (the gradient of the backward
            pass), ``error`` (relative), ``verdict`` ("right", "wrong", or None at a kink), ``rounding`` (whether the
            error is above the tolerance, but no larger than rounding explains) and ``kinks``, as ``gradient_check``
            returns them.
        """
        with np.errstate(all="ignore"):
            found = self._checks[tensor].element(index)
        names = {"tensor": tensor, "index": list(index), "gradient": self._checks[tensor].gradient}
        return vars(found) | names | {"verdict": found.verdict}

    def along(self, tensor: str, index: Index, values: Iterable[float]) -> list[float]:
        """The objective for each of these values of one element, with all other elements fixed."""
        with np.errstate(all="ignore"):
            return [self._checks[tensor].along.at(index, float(value))[0] for value in values]

    def curve(self, tensor: str, index: Index, low: float, high: float, points: int) -> dict[str, Any]:
        """The objective along one element, at evenly spaced values from low to high.

        Returns:
            ``tensor``, ``index``, ``values`` and ``objectives`` (one number for each point), ``value`` and
            ``objective`` (at the parameters of the passes), ``gradient`` (its name), ``analytic`` (the slope there),
            and ``moved``: ``value`` and ``objective`` for the element's value at t, or None where that is the same.
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
    """The latest moment inside the training step; at its end another structure may have begun."""
    return found.begin + min(found.done, len(found.program) - 1)


def drawn(experiment: Experiment, count: int, seed: int) -> list[Element]:
    """``count`` random elements, a pure function of the seed. Parameters take turns, so small ones have a share."""
    rng, names = np.random.default_rng(seed), experiment.parameters
    turns = [turn for name in names for turn in enumerate(_some(name, experiment, count, rng))]
    chosen = [element for _, element in sorted(turns, key=lambda turn: turn[0])[:count]]
    return sorted(chosen, key=lambda element: (names.index(element[0]), element[1]))


def _some(name: str, experiment: Experiment, count: int, rng: np.random.Generator) -> list[Element]:
    """Up to ``count`` different elements of one parameter, in random order."""
    shape = shape_of(name, experiment.sizes, 0)
    size = int(np.prod(shape))
    places = rng.choice(size, min(count, size), replace=False)
    return [(name, tuple(int(i) for i in np.unravel_index(place, shape))) for place in places]
