"""A recorded tensor beside Backscope's own, at a moment of the rebuilt run."""

from dataclasses import dataclass

import numpy as np

from engine.base.refusal import Refusal, one_of
from engine.base.tensors import parameter_of
from engine.data.recorded import RecordedData
from engine.experiment.experiment import Experiment
from engine.marking.agreement import Precision, largest
from engine.run.source import Source

KINDS = ("dW", "db", "W", "b")  # of tensors that are recorded


@dataclass(frozen=True)
class Compared:
    """A tensor in both runs.

    Attributes:
        step: the number of the training step of the rebuilt run.
        recorded: the recorded tensor; None where none is recorded of this step.
        own: Backscope's own; None where it has not been computed yet.
        allowed: by how much an element may be off: as much more as there were steps, each of which rounds.
        worst: the place of the element that is off most; None where one of both is missing.
    """

    step: int
    recorded: np.ndarray | None
    own: np.ndarray | None
    allowed: float
    worst: tuple[int, ...] | None

    @property
    def agrees(self) -> bool | None:
        """Whether no element is off by more than it may; None where one of both is missing."""
        if self.recorded is None or self.own is None or self.worst is None:
            return None
        off = abs(float(self.own[self.worst]) - float(self.recorded[self.worst]))
        return bool(off <= self.allowed or np.isnan([self.own[self.worst], self.recorded[self.worst]]).all())


def compared(timeline: Source, t: int, tensor: str, precision: Precision) -> Compared:
    """A tensor of the training step that leads to t, which has been recorded.

    Args:
        timeline: the rebuilt run.
        t: the moment.
        tensor: a weight matrix or a bias vector, or its gradient.
        precision: how closely the two have to agree, as a share of the layer's largest gradient or update.

    Raises:
        Refusal: there is no such tensor, or the run is no recorded one.
    """
    place = timeline.locate(max(t - 1, 0))
    segment = timeline.segments[place.segment]
    recorded = recorded_of(segment.experiment)
    one_of("tensor", "tensor", tensor, names_of(segment.experiment))
    done = t - timeline.t_of(place.training_step)
    state = timeline.seek(t)
    updated = any(tensor in step.writes for step in segment.program[:done])
    is_gradient = tensor[0] == "d"
    own = state.get(tensor) if updated or not is_gradient else None
    if place.training_step >= recorded.count:
        return Compared(place.training_step, None, own, 0.0, None)
    before, after = recorded.steps[place.training_step : place.training_step + 2]
    found = (after if updated and not is_gradient else before).get(tensor)
    allowed = (place.training_step + 1) * _allowed(before, after, tensor, precision)
    worst = worst_of(found, own) if found is not None and own is not None else None
    return Compared(place.training_step, found, own, allowed, worst)


def recorded_of(experiment: Experiment) -> RecordedData:
    """The recorded mini-batches of an experiment.

    Raises:
        Refusal: it has none.
    """
    if experiment.dataset.recorded is None:
        raise Refusal("unfit", "question", "question", "recorded", "this run was not recorded", "not_recorded")
    return experiment.dataset.recorded


def names_of(experiment: Experiment) -> list[str]:
    """The names of the tensors that may be recorded, in the order of the backward pass, gradients first."""
    layers = range(len(experiment.layers), 0, -1)
    return [f"{kind}{l}" for kinds in (KINDS[:2], KINDS[2:]) for l in layers for kind in kinds]


def recorded_tensors(experiment: Experiment) -> list[str]:
    """Those of them that the first step of the recording has."""
    step = recorded_of(experiment).steps[0]
    return [name for name in names_of(experiment) if name in step]


def worst_of(recorded: np.ndarray, own: np.ndarray) -> tuple[int, ...]:
    """The place of the element that is off most; one that is not finite in one of both alone before all others."""
    off = np.abs(recorded.astype(float) - own.astype(float))
    off[np.isnan(off)] = np.inf
    off[np.isnan(recorded) & np.isnan(own)] = 0
    return tuple(int(i) for i in np.unravel_index(int(off.argmax()), off.shape))


def _allowed(before: dict[str, np.ndarray], after: dict[str, np.ndarray], tensor: str, precision: Precision) -> float:
    """By how much an element may be off after one step: a share of the layer's largest gradient or update."""
    name = parameter_of(tensor) or tensor
    layer = [f"{kind}{name[1:]}" for kind in "Wb"]
    if tensor[0] == "d":
        gradients = (before[f"d{each}"] for each in layer if f"d{each}" in before)
        return precision.tolerance * max(map(largest, gradients), default=0.0)
    updates = (after[each].astype(float) - before[each].astype(float) for each in layer)
    return precision.tolerance * max(map(largest, updates)) + precision.rounding * largest(before[name])
