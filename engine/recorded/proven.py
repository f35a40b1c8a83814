"""Whether a recorded run agrees with Backscope's own equations, and what it is as an experiment."""

from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any
from weakref import WeakKeyDictionary

from engine.base.refusal import Refusal
from engine.data.recorded import RecordedData, Recording, beginnings, number_of
from engine.experiment.experiment import Experiment
from engine.marking.case import Case
from engine.marking.recognition import Verdict, recognise
from engine.methods.losses import LOSSES
from engine.recorded.case import assigned, case_of
from engine.recorded.compared import compared
from engine.run.source import Source
from engine.run.timeline import Timeline


@dataclass(frozen=True)
class Proven:
    """A recording that has been run again.

    Attributes:
        case: what each step started from, what it left, and what is right.
        numbers: the numbers of these training steps in the recorded run.
        verdict: whether all agrees, or the first tensor that does not, with the likely cause.
    """

    case: Case
    numbers: list[int]
    verdict: Verdict

    @property
    def agrees(self) -> bool:
        """Whether every tensor agrees."""
        return self.verdict.verdict == "right"

    @property
    def tensors(self) -> int:
        """How many tensors were compared."""
        return sum(len(each.parameters) + len(each.gradients) for each in self.case.found)

    @property
    def number(self) -> int | None:
        """The number of the training step in which the first tensor disagrees; None where all agree."""
        return None if self.verdict.step is None else self.numbers[self.verdict.step]


_KNOWN: WeakKeyDictionary[Any, Proven] = WeakKeyDictionary()


def proven(recording: Recording, seconds: float = float("inf")) -> Proven:
    """Run a recording again and say whether it agrees. That is done once for each recording.

    Args:
        recording: the recording.
        seconds: how long to search for the cause of what disagrees.

    Raises:
        Refusal: something in it is malformed or missing, or is not understood.
    """
    if recording not in _KNOWN:
        case, numbers = case_of(assigned(recording), recording)
        limited = replace(case, deadline=perf_counter() + seconds)
        _KNOWN[recording] = Proven(case, numbers, recognise(limited))
    return _KNOWN[recording]


@dataclass(frozen=True)
class Rebuilt:
    """A recorded run as an experiment.

    Attributes:
        experiment: the experiment.
        t: the moment to look at first: the beginning, or where the first tensor disagrees has been computed.
        tensor: that tensor; None where all agree.
        index: the place of its element that is off most.
    """

    experiment: Experiment
    t: int
    tensor: str | None = None
    index: tuple[int, ...] = ()


def rebuilt(content: str, recording: Recording) -> Rebuilt:
    """The experiment of a recorded run: its mini-batches and learning rates, and what its first step started from.

    Where a tensor disagrees, it begins with the last step up to there that follows no other recorded one.

    Args:
        content: the name of the recording.
        recording: the recording.

    Raises:
        Refusal: it is not understood, or no experiment can be made of it.
    """
    found = proven(recording)
    begins = [number_of(recording.steps, i) for i in beginnings(recording.steps)]
    first = max((each for each in begins if found.number is not None and each <= found.number), default=begins[0])
    experiment = Experiment.from_dict(_plain(found, content, recording, first), tables={content: recording})
    tensor = found.verdict.tensor
    if found.number is None or tensor is None:
        return Rebuilt(experiment, 0)
    timeline = Timeline(experiment)
    t = written_at(timeline, found.number - first, tensor)
    return Rebuilt(experiment, t, tensor, compared(timeline, t, tensor, found.case.precision).worst or ())


def written_at(timeline: Source, training_step: int, tensor: str) -> int:
    """The moment at which a training step has written a tensor for the last time."""
    begin = timeline.t_of(training_step)
    program = timeline.segment_at(begin).program
    return begin + max(k for k, step in enumerate(program, 1) if tensor in step.writes)


def _plain(found: Proven, content: str, recording: Recording, first: int) -> dict[str, Any]:
    assignment = found.case.assignment
    loss = LOSSES[assignment.loss].averaged if assignment.averaged and assignment.sizes[-1] > 1 else assignment.loss
    if not loss:
        raise Refusal(
            "unfit", "AVERAGED", "loss", assignment.loss, "it is not averaged over the outputs", "recorded_averaged"
        )
    data = {"name": "recorded", "content": content, "first": first}
    rates = RecordedData.from_dict(data, {content: recording}).rates
    training = assignment.training.to_dict()
    if rates:
        training["optimizer"]["learning_rate"] = rates[0][1]
    layers = zip(assignment.sizes[1:], assignment.activations, strict=True)
    return {
        "dataset": data,
        "layers": [{"units": units, "activation": activation} for units, activation in layers],
        "loss": loss,
        **training,
        "dtype": str(recording.steps[0]["W1"].dtype),
        "start": content,
    }
