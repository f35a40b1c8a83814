"""Conditions of the loss and the accuracy, of the mini-batch or of a split."""

from collections.abc import Sequence
from itertools import pairwise
from math import isfinite
from typing import Any

import numpy as np

from engine.evaluate.evaluation import correct, evaluate
from engine.experiment.experiment import Experiment
from engine.methods.losses import LOSSES
from engine.run.until import LOSS, Kind, Unfit
from engine.until.common import (
    Arrays,
    Measure,
    above,
    below,
    largest_gradient,
    needs_classes,
    reads_loss,
    value_of,
)
from engine.until.fields import MINI_BATCH, Count, Number, Set

WORK = 1e9  # products of weight and activation in one test of a split at most; of a larger split a sample is evaluated


def most_examples(experiment: Experiment) -> int:
    """The most examples that one test of a split evaluates."""
    return max(1, int(WORK / sum(below * units for below, units in pairwise(experiment.sizes))))


def _of_split(of: str, **settings: Any) -> bool:
    """Whether examples are evaluated that are more than the mini-batch, which is done where epochs end."""
    return of != MINI_BATCH


def _loss_of(experiment: Experiment, tensors: Arrays, of: str = MINI_BATCH, **settings: Any) -> Measure:
    if of == MINI_BATCH:
        loss = tensors[LOSS]
        return lambda: loss[()]
    return lambda: evaluate(experiment, tensors, of, most_examples(experiment))["loss"]


def _accuracy_of(experiment: Experiment, tensors: Arrays, of: str, **settings: Any) -> Measure:
    if of != MINI_BATCH:
        return lambda: evaluate(experiment, tensors, of, most_examples(experiment))["accuracy"]
    a, y, boundary = tensors[f"a{len(experiment.layers)}"], tensors["y"], LOSSES[experiment.loss].boundary

    def accuracy() -> float:
        """The share of examples that are answered right; those that belong to no class do not count."""
        counts = np.full(len(y), True) if y.shape[1] == 1 else y.max(axis=1) > 0.5
        right = correct(a, y, boundary)[counts]
        return float(right.mean()) if right.size else -1.0

    return accuracy


def _from(measured: float, value: float, **settings: Any) -> bool:
    return bool(measured >= value)


def _rises(losses: Sequence[float], times: int) -> bool:
    return len(losses) > times and all(after > before for before, after in pairwise(losses))


def _both_losses(experiment: Experiment, tensors: Arrays, **settings: Any) -> Measure:
    most = most_examples(experiment)
    return lambda: tuple(float(evaluate(experiment, tensors, of, most)["loss"]) for of in ("training", "held_out"))


def _part_ways(losses: Sequence[tuple[float, float]], epochs: int) -> bool:
    """Whether the held-out loss has risen, and the training loss fallen, in each of the last epochs."""
    return len(losses) > epochs and all(
        after[0] < before[0] and after[1] > before[1] for before, after in pairwise(losses)
    )


def _needs_held_out(experiment: Experiment, **settings: Any) -> Unfit | None:
    return None if len(experiment.data.x_held_out) else Unfit("no examples are held out", "none_held_out")


def _times(times: int, **settings: Any) -> int:
    return times


KINDS = (
    Kind(
        "not_finite", (), _loss_of, lambda loss, **settings: not isfinite(loss), reads_loss, largest_gradient,
        troubles=("exploding",),
    ),
    Kind(
        "loss_below", (Number("value", suggested=0.1), Set()), _loss_of, below, reads_loss, largest_gradient,
        of_epochs=_of_split, bounds=value_of,
    ),
    Kind(
        "loss_above", (Number("value", suggested=10.0), Set()), _loss_of, above, reads_loss, largest_gradient,
        of_epochs=_of_split, bounds=value_of, troubles=("exploding",),
    ),
    Kind(
        "accuracy_from", (Number("value", noun="accuracy", high=1.0, suggested=0.95), Set()), _accuracy_of, _from,
        reads_loss, largest_gradient, of_epochs=_of_split, suits=needs_classes, bounds=value_of,
    ),
    Kind(
        "loss_rises", (Count("times", 3, "number of times", 1, 100),), _loss_of, _rises, reads_loss, largest_gradient,
        memory=_times, troubles=("exploding",),
    ),
    Kind(
        "held_out_rises", (Count("epochs", 3, "number of epochs", 1, 20),), _both_losses, _part_ways, reads_loss,
        largest_gradient, memory=lambda epochs: epochs, of_epochs=lambda epochs: True, suits=_needs_held_out,
        tells=lambda measured: [loss for both in measured for loss in both],
        troubles=("overfitting",),
    ),
)  # fmt: skip
