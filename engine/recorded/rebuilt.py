"""A recorded run as an experiment, at the moment to look at first."""

from dataclasses import dataclass

from engine.data.recorded import Recording, beginnings, number_of
from engine.experiment.experiment import Experiment
from engine.recorded.compared import compared, own_name
from engine.recorded.plain import plain_of
from engine.recorded.proven import proven
from engine.run.source import Source
from engine.run.timeline import Timeline


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
        Refusal: it is not understood, or it is proven and yet no experiment has its form.
    """
    found = proven(recording)
    begins = [number_of(recording.steps, i) for i in beginnings(recording.steps)]
    first = max((each for each in begins if found.number is not None and each <= found.number), default=begins[0])
    plain = plain_of(found.case.assignment, content, recording, first)
    experiment = Experiment.from_dict(plain, tables={content: recording})
    tensor = found.verdict.tensor
    if found.number is None or tensor is None:
        return Rebuilt(experiment, 0)
    timeline = Timeline(experiment)
    t = written_at(timeline, found.number - first, own_name(experiment, found, tensor))
    return Rebuilt(experiment, t, tensor, compared(timeline, t, tensor, found).worst or ())


def written_at(timeline: Source, training_step: int, tensor: str) -> int:
    """The moment at which a training step has written a tensor for the last time."""
    begin = timeline.t_of(training_step)
    program = timeline.segment_at(begin).program
    return begin + max(k for k, step in enumerate(program, 1) if tensor in step.writes)
