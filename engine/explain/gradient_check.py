"""The gradient check: is what the backward pass says what the objective really does when a parameter is nudged?

Central differences in float64. Where a nudge goes over a kink, at which there is no derivative, the kink is named and
the element left out. Where the two differ by no more than rounding explains, they agree.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import numpy as np

from engine.base.refusal import Refusal
from engine.experiment.experiment import Experiment
from engine.explain.objective import Along, Objective
from engine.run.source import Source

FOREVER = float("inf")
STEP = 1e-5  # of a nudge, times the parameter's size where that is more than 1
TOLERANCE = 1e-4  # the largest relative error that is still right
SMALLEST = 1e-8  # of the sum that errors are measured against
ROUNDINGS = 8  # how often what is added up in an objective may be rounded to the same side
NAMED = 20  # of all kinks, so many are named
Index = tuple[int, ...]


def gradient_check(
    timeline: Source,
    t: int,
    most: int | None = None,
    tensor: str | None = None,
    index: Index | None = None,
    seconds: float = FOREVER,
) -> dict[str, Any]:
    """Check the gradients at the parameters of a moment, by the mini-batch and the dropout masks of its training step.

    At a boundary these are those of the training step that has just ended; at t = 0 those of the first one. The
    gradients are computed afresh, by the program's own micro-steps.

    Args:
        most: check no more than so many elements: always the same ones, as many of each tensor as there are.
        tensor: check this parameter alone, such as "W1" ...
        index: ... or this element of it alone.
        seconds: stop after about so long; ``checked`` then says how many it got through.

    Returns:
        ``verdict`` ("right", "wrong", or None where nothing could be checked), ``objective`` (loss plus penalty),
        ``training_step``, ``checked`` and ``of``.
        ``tensors``, for each parameter: ``tensor``, ``gradient`` (its name), ``shape``, ``checked``, ``of``, ``kinks``
        (how many of those checked were left out), ``verdict``, and ``worst`` with ``index``, ``analytic``,
        ``numeric``, ``error`` (relative) and ``rounding`` (whether that is more than the tolerance, but no more than
        rounding explains).
        ``kinks``, the first of them: the nudged ``tensor`` and ``index``, whose kink it is (``of``: "activation",
        "loss" or "penalty"), and the ``layer``, ``unit`` and ``example`` at which it is; ``place`` is the
        pre-activation at an activation's kink. ``example`` is None at a weight that L1 penalizes.

    Raises:
        Refusal: the numbers of that moment are not finite.
    """
    state, place = timeline.seek(t), timeline.locate(t)
    segment = timeline.segments[place.segment]
    step = place.training_step - (place.micro_step == 0 and t > 0)
    with np.errstate(all="ignore"):
        objective = Objective(segment.experiment, segment.program, state, step)
        names = [name for name in segment.experiment.parameters if tensor in (None, name)]
        checks = [TensorCheck(objective, name, segment.experiment) for name in names]
        if not np.isfinite([objective.value, *(each.analytic.sum() for each in checks)]).all():
            raise Refusal("unfit", "t", "moment", t, "its numbers are not finite", "finite")
        _run(checks, most, index, perf_counter() + seconds)
    verdicts = {each.verdict for each in checks}
    return {
        "verdict": next((verdict for verdict in ("wrong", "right") if verdict in verdicts), None),
        "objective": objective.value,
        "training_step": step,
        "checked": sum(each.checked for each in checks),
        "of": sum(each.analytic.size for each in checks),
        "tensors": [each.to_dict() for each in checks],
        "kinks": [kink for each in checks for kink in each.named][:NAMED],
    }


def _run(checks: "list[TensorCheck]", most: int | None, index: Index | None, deadline: float) -> None:
    """Check the elements one by one, the tensors in turn, until there are none left or it is enough."""
    if index is not None:
        for each in checks:
            each.check(index)
        return
    left = [(each, each.order()) for each in checks]
    done = 0
    while left:
        for item in [*left]:
            if done == most or (done and perf_counter() > deadline):
                return
            place = next(item[1], None)
            if place is None:
                left.remove(item)
            else:
                item[0].check(place)
                done += 1


@dataclass(frozen=True)
class Found:
    """One element: what the backward pass says, what a nudge of ``step`` to both sides shows, and how far apart they
    are. Where the nudge goes over ``kinks`` there is no derivative to compare with.
    """

    index: Index
    value: float
    step: float
    above: float
    below: float
    analytic: float
    numeric: float
    error: float
    rounding: bool
    kinks: list[dict[str, Any]]

    @property
    def right(self) -> bool:
        return self.rounding or self.error <= TOLERANCE

    @property
    def verdict(self) -> str | None:
        return None if self.kinks else "right" if self.right else "wrong"

    @property
    def badness(self) -> tuple[bool, bool, float]:
        """In this order the worst of a tensor is found: what rounding explains counts least."""
        return not self.right, not self.rounding, self.error


@dataclass
class TensorCheck:
    """The check of one parameter's elements."""

    objective: Objective
    name: str
    experiment: Experiment
    checked: int = 0
    kinks: int = 0
    worst: Found | None = None
    named: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.along: Along = self.objective.along(self.name)
        self.gradient, self.analytic = self.objective.gradient(self.name)
        self._rounding = ROUNDINGS * float(np.finfo(np.float64).eps) * self.objective.magnitude
        self._pulled = self.name[0] == "W" and self.experiment.training.l1 > 0

    def order(self) -> Iterator[Index]:
        """All elements in an order that is always the same and favours none."""
        for place in np.random.default_rng(0).permutation(self.analytic.size):
            yield tuple(int(i) for i in np.unravel_index(place, self.analytic.shape))

    def check(self, index: Index) -> None:
        """Look at one element and keep what is worst."""
        self.checked += 1
        found = self.element(index)
        self.kinks += bool(found.kinks)
        if found.kinks:
            self.named += [{"tensor": self.name, "index": list(index), **kink} for kink in found.kinks[:NAMED]]
            del self.named[NAMED:]
        elif self.worst is None or found.badness > self.worst.badness:
            self.worst = found

    def element(self, index: Index) -> Found:
        """Nudge one element to both sides and compare."""
        w = float(self.objective.values[self.name][index])
        found = self._difference(index, w, STEP * max(1.0, abs(w)))
        if found.verdict == "wrong":  # where the objective bends sharply, a smaller nudge tells more
            closer = self._difference(index, w, STEP * max(1.0, abs(w)) / 10)
            found = closer if closer.kinks or closer.error <= TOLERANCE else found
        return found

    def _difference(self, index: Index, w: float, step: float) -> Found:
        (above, high), (below, low) = (self.along.at(index, w + by) for by in (step, -step))
        width = (w + step) - (w - step)
        analytic, numeric = float(self.analytic[index]), (above - below) / width
        apart = abs(analytic - numeric)
        error = apart / max(abs(analytic) + abs(numeric), SMALLEST)
        kinks = [
            {"of": "loss" if each.place is None else "activation", "layer": each.layer, "place": each.place,
             "unit": unit, "example": example}
            for each in self.along.kinks
            for example, unit in each.crossed(high, low)
        ]  # fmt: skip
        if self._pulled and (w - step <= 0 <= w + step):
            own = {"layer": int(self.name[1:]), "unit": index[0]}
            kinks.append({"of": "penalty", **own, "place": 0.0, "example": None})
        rounding = error > TOLERANCE and apart <= 2 * self._rounding / width
        return Found(index, w, step, above, below, analytic, numeric, error, rounding, kinks)

    @property
    def verdict(self) -> str | None:
        return None if self.worst is None else "right" if self.worst.right else "wrong"

    def to_dict(self) -> dict[str, Any]:
        """The plain form."""
        told = ("index", "analytic", "numeric", "error", "rounding")
        worst = self.worst and {name: getattr(self.worst, name) for name in told} | {"index": list(self.worst.index)}
        return {
            "tensor": self.name,
            "gradient": self.gradient,
            "shape": list(self.analytic.shape),
            "checked": self.checked,
            "of": self.analytic.size,
            "kinks": self.kinks,
            "verdict": self.verdict,
            "worst": worst,
        }
