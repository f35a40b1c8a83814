"""Predictions, loss and accuracy of a network at a moment, and the first value that is not finite. Nothing changes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from heapq import merge
from itertools import count, pairwise
from time import perf_counter
from typing import Any

import numpy as np

from engine.experiment.experiment import Experiment
from engine.methods.losses import LOSSES
from engine.run.micro_step import MicroStep
from engine.run.program import prediction
from engine.run.source import Source

Arrays = Mapping[str, np.ndarray]
WORK = 5e7  # products of weight and activation in one part; between parts, the clock is read
FEWEST, MOST = 16, 1000  # examples of one part
FOREVER = float("inf")
NO_ANSWER = -1  # the class of an example for which an output is not finite


def predict(
    experiment: Experiment, parameters: Arrays, x: np.ndarray, y: np.ndarray | None = None
) -> dict[str, np.ndarray]:
    """Run the forward pass of a prediction on any inputs, by the equations of training.

    Args:
        experiment: the structure in force.
        parameters: a state, or any mapping that holds the parameters and the running statistics.
        x: the network's inputs, (examples, inputs).
        y: targets, (examples, outputs), for the loss; without them no loss is computed.

    Returns:
        ``a0``, all tensors of the forward pass, and with targets the ``loss``, the mean over the examples.
    """
    steps = [step for step in prediction(experiment) if step.phase == "forward" or y is not None]
    arrays = {**parameters, "a0": np.asarray(x, experiment.numpy_dtype)}
    if y is not None:
        arrays["y"] = np.asarray(y, experiment.numpy_dtype)
    return {"a0": arrays["a0"], **_computed(steps, arrays)}


def predictor(experiment: Experiment, parameters: Arrays, x: np.ndarray) -> Callable[[], np.ndarray]:
    """A function that gives the outputs for these inputs, (examples, outputs), as the parameters are when it is called.

    Args:
        experiment: the structure in force.
        parameters: arrays that change in their place, or any mapping of the parameters and the running statistics.
        x: the network's inputs, (examples, inputs).
    """
    steps = [step for step in prediction(experiment) if step.phase == "forward"]
    arrays = {**parameters, "a0": np.asarray(x, experiment.numpy_dtype)}
    return lambda: _computed(steps, arrays)[steps[-1].writes[0]]


def _computed(steps: Sequence[MicroStep], arrays: dict[str, Any]) -> dict[str, np.ndarray]:
    """What micro-steps of a prediction write; ``arrays`` has it too then."""
    computed = {}
    with np.errstate(all="ignore"):
        for step in steps:
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
    """The mean loss and the accuracy over a split, "training" or "held_out".

    Args:
        experiment: the structure in force.
        parameters: a state, or any mapping that holds the parameters and the running statistics.
        split: "training" or "held_out".
        most: the most examples to evaluate, always the same ones, evenly spread; all where it is None.
        seconds: the time after which evaluation stops early.
        start: the first of the chosen examples to evaluate.

    Returns:
        ``loss``; ``accuracy``, None where targets are values; ``examples``, the number that was evaluated; and ``of``,
        the number in the split. ``loss`` and ``accuracy`` are None where no example was evaluated.
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
    """The number of examples to predict in one part, between two readings of the clock."""
    weights = sum(below * units for below, units in pairwise(experiment.sizes))
    return int(np.clip(WORK / weights, FEWEST, MOST))


def chosen_rows(total: int, most: int | None) -> np.ndarray:
    """The numbers of all ``total`` rows, or of ``most`` of them, always the same ones, evenly spread."""
    if most is None or most >= total:
        return np.arange(total)
    return np.arange(0, total, total / most).astype(int)[:most]


def answers(a: np.ndarray, boundary: float = 0.5) -> np.ndarray:
    """The class that each row of outputs or targets names, (examples,).

    Of several outputs it is the largest one; a single output names class 1 above the boundary and class 0 below.

    Args:
        a: outputs or targets, (examples, outputs).
        boundary: for a single output, the value between the classes; for network outputs that of the loss.

    Returns:
        The number of each class; -1 where an output is not finite.
    """
    named = (a[:, 0] > boundary).astype(int) if a.shape[1] == 1 else a.argmax(axis=1)
    return np.where(np.isfinite(a).all(axis=1), named, NO_ANSWER)


def correct(a: np.ndarray, y: np.ndarray, boundary: float = 0.5) -> np.ndarray:
    """Whether each row of outputs names the class of its target, (examples,)."""
    right: np.ndarray = answers(a, boundary) == answers(y)
    return right


def response(experiment: Experiment, parameters: Arrays, layer: int, unit: int, grid: np.ndarray) -> np.ndarray:
    """The activation of one neuron for each row of inputs in ``grid``, (len(grid),)."""
    return predict(experiment, parameters, grid)[f"a{layer}"][:, unit]


def grid_over(x_low: float, x_high: float, inputs: int, points: int) -> np.ndarray:
    """A grid of inputs from low to high: on a line (points, 1); on the plane (points², 2), rows from top to bottom."""
    line = np.linspace(x_low, x_high, points)
    if inputs == 1:
        return line[:, None]
    across, up = np.meshgrid(line, line[::-1])
    return np.stack([across.ravel(), up.ravel()], axis=1)


def first_not_finite(timeline: Source, t: int, seconds: float = FOREVER) -> dict[str, Any] | None:
    """The first moment up to t at which a tensor holds NaN or infinity.

    The scan begins at the beginning of the run. Where that takes more than half of the time, it continues from the
    latest moment before which the run's losses and checkpoints were finite; it then misses only values that left no
    trace in these.

    Returns:
        The moment ``t`` and the name of the ``tensor``, or None where all values are finite.

    Raises:
        TimeoutError: the scan took longer than ``seconds``.
    """
    try:
        return _scan(timeline, 0, t, seconds / 2)
    except TimeoutError:
        return _scan(timeline, timeline.sound_before(t), t, seconds / 2)


def _scan(timeline: Source, start: int, t: int, seconds: float) -> dict[str, Any] | None:
    """Scan from the boundary ``start`` to t.

    Only updates and changes overwrite tensors, so a value that is not finite is still there at the end of its training
    step or just before a change. These moments are checked first; then those before the first bad one, one by one.
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
    """The moments after start and before t at which training steps end."""
    for step in count(timeline.locate(start).training_step + 1):
        if timeline.t_of(step) >= t:
            return
        yield timeline.t_of(step)


def _not_finite(state: Arrays) -> str | None:
    return next((name for name, array in state.items() if not np.isfinite(array).all()), None)
