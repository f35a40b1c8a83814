"""The gradient check: it compares the gradients of the backward pass with central differences of the objective.

    dC/dw ~ (C(w + h) - C(w - h)) / 2h        (in float64, one element of a parameter at a time)

Where a nudge crosses a kink, at which there is no derivative, the kink is named and the element left out. Where the two
numbers differ by no more than rounding explains, the gradient counts as right.
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
STEP = 1e-5  # the size h of a nudge, times that of the parameter where it is above 1
TOLERANCE = 1e-4  # the largest relative error of a right gradient
SMALLEST = 1e-8  # the least denominator of a relative error
ROUNDINGS = 8  # the rounding error of an objective, in roundings of the largest number in its computation
NAMED = 20  # the most kinks that are named
Index = tuple[int, ...]


def gradient_check(
    timeline: Source,
    t: int,
    most: int | None = None,
    tensor: str | None = None,
    index: Index | None = None,
    seconds: float = FOREVER,
) -> dict[str, Any]:
    """Check the gradients at the parameters of a moment, with the mini-batch and the masks of its training step.

    At a boundary, mini-batch and masks are those of the training step that has just ended; at t = 0, those of the first
    one. The gradients are computed anew, by the micro-steps of the program.

    Args:
        timeline: the run.
        t: the moment.
        most: the most elements to check: always the same ones, an equal number of each tensor as far as it has them.
        tensor: the only parameter to check, such as "W1"; all where it is None.
        index: the only element of it to check; all where it is None.
        seconds: the time after which the check stops early.

    Returns:
        ``verdict`` ("right", "wrong", or None where nothing could be checked), ``objective`` (loss plus penalty),
        ``training_step``, ``checked`` (the number of elements) and ``of`` (the number of all elements).

        ``tensors``, for each parameter: ``tensor``, ``gradient`` (its name), ``shape``, ``checked``, ``of``, ``kinks``
        (the number of elements left out), ``verdict``, and ``worst``, the element with the largest error: ``index``,
        ``analytic``, ``numeric``, ``error`` (relative) and ``rounding`` (whether the error is above the tolerance, but
        no larger than rounding explains).

        ``kinks``, the first ones: the nudged ``tensor`` and ``index``; what has the kink, ``of``: "activation", "loss"
        or "penalty"; ``layer``, ``unit`` and ``example`` (None for a penalized weight); and ``place``, the
        pre-activation at which an activation has the kink.

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
    """Check one element of each tensor in turn, until all or ``most`` are checked or the deadline has passed."""
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
class ElementCheck:
    """The check of one element w of a parameter.

    Attributes:
        index: the index of the element.
        value: w.
        step: the size h of the nudge.
        above: the objective C(w + h).
        below: the objective C(w - h).
        analytic: the gradient of the backward pass.
        numeric: the central difference (C(w + h) - C(w - h)) / 2h.
        error: the relative error |analytic - numeric| / max(|analytic| + |numeric|, SMALLEST).
        rounding: whether the error is above the tolerance, but no larger than rounding explains.
        kinks: the kinks that the nudge crosses; if there are any, the gradients are not compared.
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
        """The sort key for the worst element of a tensor; an error that rounding explains is less bad than others."""
        return not self.right, not self.rounding, self.error


@dataclass
class TensorCheck:
    """The check of one parameter's elements.

    Attributes:
        objective: the objective.
        name: the name of the parameter.
        experiment: the structure in force.
        checked: the number of elements that have been checked.
        kinks: the number of those that were left out.
        worst: the worst element; None where none was compared.
        named: the first kinks.
    """

    objective: Objective
    name: str
    experiment: Experiment
    checked: int = 0
    kinks: int = 0
    worst: ElementCheck | None = None
    named: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.along: Along = self.objective.along(self.name)
        self.gradient, self.analytic = self.objective.gradient(self.name)
        self._rounding = ROUNDINGS * float(np.finfo(np.float64).eps) * self.objective.magnitude
        self._pulled = self.name[0] == "W" and self.experiment.training.l1 > 0

    def order(self) -> Iterator[Index]:
        """The indices of all elements in a random order that is always the same."""
        for place in np.random.default_rng(0).permutation(self.analytic.size):
            yield tuple(int(i) for i in np.unravel_index(place, self.analytic.shape))

    def check(self, index: Index) -> None:
        """Check one element and count the result."""
        self.checked += 1
        found = self.element(index)
        self.kinks += bool(found.kinks)
        if found.kinks:
            self.named += [{"tensor": self.name, "index": list(index), **kink} for kink in found.kinks[:NAMED]]
            del self.named[NAMED:]
        elif self.worst is None or found.badness > self.worst.badness:
            self.worst = found

    def element(self, index: Index) -> ElementCheck:
        """Nudge one element to both sides and compare the gradients."""
        w = float(self.objective.values[self.name][index])
        found = self._difference(index, w, STEP * max(1.0, abs(w)))
        if found.verdict == "wrong":  # where the objective curves sharply, a smaller nudge is more exact
            closer = self._difference(index, w, STEP * max(1.0, abs(w)) / 10)
            found = closer if closer.kinks or closer.error <= TOLERANCE else found
        return found

    def _difference(self, index: Index, w: float, step: float) -> ElementCheck:
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
        return ElementCheck(index, w, step, above, below, analytic, numeric, error, rounding, kinks)

    @property
    def verdict(self) -> str | None:
        return None if self.worst is None else "right" if self.worst.right else "wrong"

    def to_dict(self) -> dict[str, Any]:
        """The plain form."""
        shown = ("index", "analytic", "numeric", "error", "rounding")
        worst = self.worst and {name: getattr(self.worst, name) for name in shown} | {"index": list(self.worst.index)}
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
