"""Conditions of the loss and the accuracy, of the mini-batch or of a split."""

from itertools import pairwise
from typing import Any

import numpy as np

from engine.evaluate.evaluation import correct, evaluate
from engine.experiment.experiment import Experiment
from engine.methods.losses import LOSSES
from engine.run.until import LOSS, Kind, Measure, Unfit
from engine.until.common import (
    Arrays,
    above,
    below,
    in_a_row,
    largest_gradient,
    needs_classes,
    of_copies,
    of_number,
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
        return of_number(tensors[LOSS])
    return Measure(lambda: evaluate(experiment, tensors, of, most_examples(experiment))["loss"])


def _accuracy_of(experiment: Experiment, tensors: Arrays, of: str, **settings: Any) -> Measure:
    if of != MINI_BATCH:
        return Measure(lambda: evaluate(experiment, tensors, of, most_examples(experiment))["accuracy"])
    boundary = LOSSES[experiment.loss].boundary

    def accuracy(a: np.ndarray, y: np.ndarray) -> np.ndarray:
        """The share of examples that are answered right; those that belong to no class do not count."""
        counts = np.full(y.shape[:2], True) if y.shape[2] == 1 else y.max(axis=2) > 0.5
        rows = a.shape[0] * a.shape[1], a.shape[2]
        right = correct(a.reshape(rows), y.reshape(rows), boundary).reshape(y.shape[:2])
        some = counts.sum(axis=1)
        return np.where(some, (right & counts).sum(axis=1) / np.maximum(some, 1), -1.0)

    return of_copies(accuracy, tensors[f"a{len(experiment.layers)}"], tensors["y"])


def _not_finite(losses: np.ndarray, **settings: Any) -> np.ndarray:
    return ~np.isfinite(losses)


def _from(measured: np.ndarray, value: float, **settings: Any) -> np.ndarray:
    return measured >= value


def _rises(losses: np.ndarray, times: int) -> np.ndarray:
    return in_a_row(_grows(losses), times)


def _both_losses(experiment: Experiment, tensors: Arrays, **settings: Any) -> Measure:
    most = most_examples(experiment)
    return Measure(
        lambda: tuple(float(evaluate(experiment, tensors, of, most)["loss"]) for of in ("training", "held_out"))
    )


def _part_ways(losses: np.ndarray, epochs: int) -> np.ndarray:
    """Whether the held-out loss has risen, and the training loss fallen, in each of the last epochs."""
    return in_a_row(_grows(-losses[:, 0]) & _grows(losses[:, 1]), epochs)


def _grows(measured: np.ndarray) -> np.ndarray:
    """Whether each is larger than the one before it."""
    return np.concatenate([[False], measured[1:] > measured[:-1]])


def _needs_held_out(experiment: Experiment, **settings: Any) -> Unfit | None:
    return None if len(experiment.data.x_held_out) else Unfit("no examples are held out", "none_held_out")


def _times(times: int, **settings: Any) -> int:
    return times


KINDS = (
    Kind(
        "not_finite", (), _loss_of, _not_finite, reads_loss, largest_gradient,
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
