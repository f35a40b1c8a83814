"""A recorded tensor beside Backscope's own, at a moment of the rebuilt run."""

from dataclasses import dataclass

import numpy as np

from engine.base.refusal import Refusal, one_of
from engine.base.tensors import parameter_of, split
from engine.data.recorded import RUNNING, RecordedData
from engine.experiment.experiment import Experiment
from engine.marking.agreement import largest
from engine.marking.names import backward, layer_of
from engine.marking.operations import BatchNorm
from engine.methods.optimizers import OPTIMIZERS
from engine.recorded.proven import Proven
from engine.run.source import Source


@dataclass(frozen=True)
class Compared:
    """A tensor in both runs.

    Attributes:
        step: the number of the training step of the rebuilt run.
        name: the name of the tensor in the rebuilt run.
        recorded: the recorded tensor; None where none is recorded of this step.
        own: Backscope's own; None where it has not been computed yet.
        allowed: by how much each element may be off: as much more as there were steps, each of which rounds.
        apart: how much larger each recorded element is by PyTorch's rule for running variances, which is no error.
    """

    step: int
    name: str
    recorded: np.ndarray | None = None
    own: np.ndarray | None = None
    allowed: np.ndarray | float = 0.0
    apart: np.ndarray | float = 0.0

    @property
    def worst(self) -> tuple[int, ...] | None:
        """The place of the element that is off most, of those that are off by more than they may where there are any;
        None where one of both is missing.
        """
        if self.recorded is None or self.own is None:
            return None
        beyond = worst_of(self.recorded - self.apart, self.own, self.allowed)
        return worst_of(self.recorded, self.own) if self._agrees_at(beyond) else beyond

    @property
    def apart_there(self) -> float:
        """How much larger that element is by PyTorch's rule."""
        return 0.0 if self.worst is None else self._at(self.worst, self.apart)

    @property
    def allowed_there(self) -> float:
        """By how much that element may be off."""
        return 0.0 if self.worst is None else self._at(self.worst, self.allowed)

    def _at(self, index: tuple[int, ...], of: np.ndarray | float) -> float:
        assert self.own is not None
        return float(np.broadcast_to(of, self.own.shape)[index])

    @property
    def agrees(self) -> bool | None:
        """Whether no element is off by more than it may; None where one of both is missing."""
        return None if self.worst is None else self._agrees_at(self.worst)

    def _agrees_at(self, index: tuple[int, ...]) -> bool:
        assert self.own is not None
        assert self.recorded is not None
        both = float(self.own[index]) + self._at(index, self.apart), float(self.recorded[index])
        return bool(abs(both[0] - both[1]) <= self._at(index, self.allowed) or np.isnan(both).all())


def compared(timeline: Source, t: int, tensor: str, proof: Proven) -> Compared:
    """A tensor of the training step that leads to t, which has been recorded.

    Args:
        timeline: the rebuilt run.
        t: the moment.
        tensor: a parameter, its gradient, or a running statistic of batch norm.
        proof: what was found of the recording.

    Raises:
        Refusal: there is no such tensor, or the run is no recorded one.
    """
    place = timeline.locate(max(t - 1, 0))
    segment = timeline.segments[place.segment]
    recorded, step = recorded_of(segment.experiment), place.training_step
    one_of("tensor", "tensor", tensor, names_of(segment.experiment))
    name = own_name(segment.experiment, proof, tensor)
    done = t - timeline.t_of(step)
    updated = any(name in each.writes for each in segment.program[:done])
    own = timeline.seek(t).get(name) if updated or not _is_gradient(tensor) else None
    if step >= recorded.count:
        return Compared(step, name, own=own)
    before, after = recorded.steps[step : step + 2]
    there = before.get(f"new_{tensor}") if _is_running(tensor) else after.get(tensor)
    found = there if updated and not _is_gradient(tensor) else before.get(tensor)
    apart = _apart(recorded, step + updated, tensor, proof) if tensor.startswith(RUNNING[1]) else 0.0
    return Compared(step, name, found, own, _allowed(recorded, step, tensor, proof), apart)


def own_name(experiment: Experiment, proof: Proven, tensor: str) -> str:
    """The name of a recorded tensor in the rebuilt run. A gradient may be that of loss and penalty, clipped."""
    if not _is_gradient(tensor) or not proof.used:
        return tensor
    parameter = parameter_of(tensor) or ""
    clipped = experiment.training.clip_norm is not None
    return f"c{parameter}" if clipped else experiment.gradients.get(parameter, tensor)


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
    parameters = sorted(experiment.parameters, key=backward)
    norms = [l for l, layer in enumerate(experiment.layers, 1) if layer.batch_norm]
    return [*(f"d{each}" for each in parameters), *parameters, *(f"{name}{l}" for l in norms for name in RUNNING)]


def recorded_tensors(experiment: Experiment) -> list[str]:
    """Those of them that the first step of the recording has."""
    step = recorded_of(experiment).steps[0]
    return [name for name in names_of(experiment) if name in step]


def worst_of(recorded: np.ndarray, own: np.ndarray, allowed: np.ndarray | float = 0.0) -> tuple[int, ...]:
    """The place of the element that is off most; one that is not finite in one of both alone before all others."""
    off = np.abs(recorded.astype(float) - own.astype(float))
    off[np.isnan(off)] = np.inf
    off[np.isnan(recorded) & np.isnan(own)] = 0
    off = np.where(np.isinf(off), off, off - allowed)
    return tuple(int(i) for i in np.unravel_index(int(off.argmax()), off.shape))


def _is_gradient(tensor: str) -> bool:
    return tensor[0] == "d"


def _is_running(tensor: str) -> bool:
    return split(tensor)[0] in RUNNING


def _allowed(recorded: RecordedData, step: int, tensor: str, proof: Proven) -> np.ndarray | float:
    """By how much each element may be off after this step: for each step up to it a share of the layer's largest
    gradient or update, and what the rounding of single precision was measured to be; twice, since both runs round.
    """
    first = proof.numbers.index(recorded.number)
    rounding = [each.get(tensor, 0.0) for each in proof.rounding[first : first + step + 1]]
    measured: np.ndarray | float = sum(rounding[1:], start=rounding[0])
    found = 2 * ((step + 1) * _share(recorded.steps[step], recorded.steps[step + 1], tensor, proof) + measured)
    if _is_idle(tensor, proof):
        found = found + 2 * sum(_longest(recorded, k, proof) for k in range(step + 1))
    if tensor.startswith(RUNNING[0]):  # the biases move it, and nothing else after batch norm
        found = found + _allowed(recorded, step, f"b{layer_of(tensor)}", proof)
    return found


def _is_idle(tensor: str, proof: Proven) -> bool:
    """Whether these are biases in front of batch norm, which takes them away again, under an optimizer that divides by
    the size of gradients: theirs are what rounding leaves of 0, and their steps may have any direction.
    """
    kind, layer = split(tensor)
    assignment = proof.case.assignment
    divides = bool(OPTIMIZERS[assignment.training.optimizer].squares)
    return divides and kind == "b" and any(isinstance(each, BatchNorm) for each in assignment.operations[layer or 0])


def _longest(recorded: RecordedData, step: int, proof: Proven) -> float:
    """The longest way that an element of any parameter has gone in a step."""
    before, after = recorded.steps[step : step + 2]
    return max(largest(after[each].astype(float) - before[each]) for each in proof.case.assignment.parameters)


def _share(before: dict[str, np.ndarray], after: dict[str, np.ndarray], tensor: str, proof: Proven) -> float:
    precision = proof.case.precision
    if _is_running(tensor):
        return precision.tolerance * largest(before[f"new_{tensor}"]) + precision.rounding
    name = parameter_of(tensor) or tensor
    layer = [each for each in proof.case.assignment.parameters if layer_of(each) == layer_of(name)]
    if _is_gradient(tensor):
        gradients = (before[f"d{each}"] for each in layer if f"d{each}" in before)
        return precision.tolerance * max(map(largest, gradients), default=0.0)
    updates = (after[each].astype(float) - before[each].astype(float) for each in layer)
    return precision.tolerance * max(map(largest, updates)) + precision.rounding * largest(before[name])


def _apart(recorded: RecordedData, steps: int, tensor: str, proof: Proven) -> np.ndarray:
    """How much larger a recorded running variance is after so many steps, since it is that over m - 1 examples."""
    norm = next(each for each in proof.case.assignment.operations[layer_of(tensor)] if isinstance(each, BatchNorm))
    found = np.zeros(recorded.steps[0][tensor].shape)
    for step in recorded.steps[:steps] if norm.unbiased else ():
        kept = 1 - norm.weight
        added = step[f"new_{tensor}"].astype(float) - kept * step[tensor].astype(float)
        found = kept * found + added / len(step["x"])
    return found
