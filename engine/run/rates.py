"""The learning rates of a recorded run: each is written where its training step begins."""

from collections.abc import Sequence

from engine.experiment.changes import LARGEST_T, Change
from engine.experiment.experiment import Experiment
from engine.run.segments import Segment

SETTING = {"optimizer", "schedule"}  # fields of a change of structure that set the learning rate


def recorded_rates(experiment: Experiment, segments: Sequence[Segment]) -> list[Change]:
    """The writes of recorded learning rates, but for the first, which the experiment has. They end where a person has
    set the rate.
    """
    recorded = experiment.dataset.recorded
    if recorded is None:
        return []
    setting = (each for each in experiment.changes if each.tensor == "learning_rate" or SETTING & each.structure.keys())
    end = min((each.t for each in setting), default=LARGEST_T)
    found = [Change(_begin(segments, step), "learning_rate", rate) for step, rate in recorded.rates if step]
    return [each for each in found if each.t <= end]


def _begin(segments: Sequence[Segment], training_step: int) -> int:
    return next(each for each in reversed(segments) if each.training_step <= training_step).t_of(training_step)
