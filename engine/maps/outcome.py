"""What has become of runs, by the losses of their training steps: solved, slow, stuck or diverged."""

import numpy as np

from engine.experiment.experiment import Experiment
from engine.methods.losses import LOSSES

OUTCOMES = SOLVED, SLOW, STUCK, DIVERGED = ("solved", "slow", "stuck", "diverged")
PART = 10  # losses are averaged over a tenth of the training steps
LOW = 0.1  # the share of the level up to which a run has solved its task
FALLEN = 0.01  # the share of the level by which the loss of a slow run falls at least, from the middle to the end
RISEN = 2  # times the level, or the first loss where that is larger: beyond it a run has diverged


def level(experiment: Experiment) -> float:
    """The loss of the best answer that is the same for all training examples; 0 where one answer is right for all."""
    return LOSSES[experiment.loss].chance(experiment.data.y_train)


def outcomes(losses: np.ndarray, level: float) -> np.ndarray:
    """The outcome of each run as its place in ``OUTCOMES``, (runs,).

    The end and the middle of a run are means over a tenth of its training steps. It has diverged if a loss is not
    finite, or if the end is above twice the level and twice the first loss. It has solved its task if the end is up to
    a tenth of the level. It is slow if from the middle to the end the loss has fallen by a hundredth of the level, and
    else stuck.

    Args:
        losses: the loss in each training step, (training_steps, runs).
        level: the loss to compare with; where it is 0, each run is compared with its first loss.
    """
    count = len(losses)
    width = max(1, count // PART)
    with np.errstate(all="ignore"):
        end = losses[count - width :].mean(axis=0)
        middle = losses[(count - width) // 2 : (count - width) // 2 + width].mean(axis=0)
        of_each = np.where(level > 0, level, losses[0])
        found = np.where(middle - end >= FALLEN * of_each, OUTCOMES.index(SLOW), OUTCOMES.index(STUCK))
        found[end <= LOW * of_each] = OUTCOMES.index(SOLVED)
        risen = end > RISEN * np.maximum(level, losses[0])
    found[risen | ~np.isfinite(losses).all(axis=0)] = OUTCOMES.index(DIVERGED)
    return found
