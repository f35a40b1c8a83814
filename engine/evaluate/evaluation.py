"""Questions about a moment, which change nothing: what the network answers, how good it is, what its neurons see."""

from collections.abc import Iterator, Mapping
from heapq import merge
from itertools import count, pairwise
from time import perf_counter
from typing import Any

import numpy as np

from engine.experiment.experiment import Experiment
from engine.methods.losses import LOSSES
from engine.run.program import prediction
from engine.run.source import Source

Arrays = Mapping[str, np.ndarray]
WORK = 5e7  # products of a weight and an activation that are computed between two looks at the clock
FEWEST, MOST = 16, 1000  # examples between two looks
FOREVER = float("inf")
NO_ANSWER = -1  # where an output is no finite number


def predict(
    experiment: Experiment, parameters: Arrays, x: np.ndarray, y: np.ndarray | None = None
) -> dict[str, np.ndarray]:
    """Run the forward pass on inputs of one's own, by the same equations as in training.

    Args:
        parameters: a state, or any mapping that holds every W and b.
        x: inputs, (examples, inputs), as the network sees them.
        y: targets, (examples, outputs); with them the loss is computed too.

    Returns:
        ``a0``, every ``z`` and ``a``, and ``loss`` (the mean over the examples) where there are targets.
    """
    arrays: dict[str, Any] = {**parameters, "a0": np.asarray(x, experiment.numpy_dtype)}
    if y is not None:
        arrays["y"] = np.asarray(y, experiment.numpy_dtype)
    computed = {"a0": arrays["a0"]}
    with np.errstate(all="ignore"):
        for step in prediction(experiment):
            if step.phase == "forward" or y is not None:
                (name,) = step.writes
                computed[name] = arrays[name] = step.compute(*(arrays[read] for read in step.reads))
    return computed


def evaluate(
    experiment: Experiment,
    parameters: Arrays,
    split: str,
    most: int | None = None,
    seconds: float = FOREVER,
    start: int = 0,
) -> dict[str, Any]:
    """Mean loss and accuracy over a split, "training" or "held_out".

    Args:
        most: look at no more than so many examples, always the same ones, evenly spread.
        seconds: stop after about so long; ``examples`` then says how many it got through.
        start: begin with this one of them.

    Returns:
        ``loss``, ``accuracy`` (None where targets are no classes, both None where the split is empty), ``examples``
        and ``of``, how many the split has.
    """
    x, y = experiment.data.split(split)
    total, chosen = len(x), chosen_rows(len(x), most)
    deadline, loss, right, seen = perf_counter() + seconds, 0.0, 0, 0
    boundary = LOSSES[experiment.loss].boundary
    step = examples_at_once(experiment)
    for first in range(start, len(chosen), step):
        rows = chosen[first : first + step]
        answer = predict(experiment, parameters, experiment.data.seen(x[rows], experiment.numpy_dtype), y[rows])
        loss += float(answer["loss"]) * len(rows)
        right += int(correct(answer[f"a{len(experiment.layers)}"], y[rows], boundary).sum())
        seen += len(rows)
        if perf_counter() > deadline:
            break
    classes = experiment.data.kind == "classes"
    return {
        "loss": loss / seen if seen else None,
        "accuracy": right / seen if seen and classes else None,
        "examples": seen,
        "of": total,
    }


def examples_at_once(experiment: Experiment) -> int:
    """How many examples to answer between two looks at the clock."""
    weights = sum(below * units for below, units in pairwise(experiment.sizes))
    return int(np.clip(WORK / weights, FEWEST, MOST))


def chosen_rows(total: int, most: int | None) -> np.ndarray:
    """Of so many rows all, or ``most`` of them, always the same ones, evenly spread."""
    if most is None or most >= total:
        return np.arange(total)
    return np.arange(0, total, total / most).astype(int)[:most]


def answers(a: np.ndarray, boundary: float = 0.5) -> np.ndarray:
    """The class that each row of outputs or targets names, (examples,): the largest of several, or whether the only one
    is above the boundary, which for outputs is the loss's; -1 where one is no finite number.
    """
    named = (a[:, 0] > boundary).astype(int) if a.shape[1] == 1 else a.argmax(axis=1)
    return np.where(np.isfinite(a).all(axis=1), named, NO_ANSWER)


def correct(a: np.ndarray, y: np.ndarray, boundary: float = 0.5) -> np.ndarray:
    """Which rows of outputs name the right class."""
    right: np.ndarray = answers(a, boundary) == answers(y)
    return right


def response(experiment: Experiment, parameters: Arrays, layer: int, unit: int, grid: np.ndarray) -> np.ndarray:
    """What one neuron answers to each row of ``grid``: its activations, (len(grid),)."""
    return predict(experiment, parameters, grid)[f"a{layer}"][:, unit]


def grid_over(x_low: float, x_high: float, inputs: int, points: int) -> np.ndarray:
    """A grid of inputs from low to high: on a line (points, 1); on the plane (points², 2), rows from top to bottom."""
    line = np.linspace(x_low, x_high, points)
    if inputs == 1:
        return line[:, None]
    across, up = np.meshgrid(line, line[::-1])
    return np.stack([across.ravel(), up.ravel()], axis=1)


def first_not_finite(timeline: Source, t: int, seconds: float = FOREVER) -> dict[str, Any] | None:
    """When and where NaN or infinity first appeared up to t: ``t`` and ``tensor``; None if it has not.

    It scans the run from its beginning. If that takes more than half of the time it goes on from the latest moment
    before which the run itself saw nothing amiss, which misses only what left no trace in the loss.

    Raises:
        TimeoutError: it was not found in about so many seconds.
    """
    try:
        return _scan(timeline, 0, t, seconds / 2)
    except TimeoutError:
        return _scan(timeline, timeline.sound_before(t), t, seconds / 2)


def _scan(timeline: Source, start: int, t: int, seconds: float) -> dict[str, Any] | None:
    """Scan from a boundary on.

    A tensor is overwritten by the update or by a change alone, so whatever went wrong shows at the end of its
    training step or just before a change: those moments are looked at first, then all those before the first bad one.
    """
    deadline, good = perf_counter() + seconds, start
    changes = {change.t for change in timeline.experiment.changes} | {segment.t for segment in timeline.segments}
    before_changes = sorted(moment - 1 for moment in changes if start < moment <= t)
    for moment in merge(_boundaries(timeline, start, t), before_changes, [t]):
        if _not_finite(timeline.seek(moment)):
            found = ((m, _not_finite(timeline.seek(m))) for m in range(good, moment + 1))
            return next({"t": m, "tensor": tensor} for m, tensor in found if tensor)
        good = moment
        if perf_counter() > deadline:
            raise TimeoutError(f"looked up to t {moment}")
    return None


def _boundaries(timeline: Source, start: int, t: int) -> Iterator[int]:
    """The ends of training steps after start and before t."""
    for step in count(timeline.locate(start).training_step + 1):
        if timeline.t_of(step) >= t:
            return
        yield timeline.t_of(step)


def _not_finite(state: Arrays) -> str | None:
    return next((name for name, array in state.items() if not np.isfinite(array).all()), None)
