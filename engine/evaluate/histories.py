"""The history of weights, answers or losses, at moments whose parameters the timeline keeps: nothing is rerun."""

from collections.abc import Sequence
from time import perf_counter
from typing import Any

import numpy as np

from engine.data.dataset import SPLITS
from engine.evaluate.evaluation import FOREVER, evaluate, response
from engine.run.source import Source


def spread_moments(timeline: Source, t: int, most: int) -> list[int]:
    """The moments of a history, in ascending order, at growing distances: at most ``most``, of which t is the last.

    All but t are moments whose parameters the timeline keeps.
    """
    kept = [moment for moment in timeline.landmarks(t) if moment < t]
    if len(kept) >= most:
        places = np.unique(np.geomspace(1, len(kept), most - 1).round().astype(int)) - 1
        kept = [kept[place] for place in places]
    return [*kept, t]


def weights_history(timeline: Source, t: int, units: Sequence[int], most: int) -> dict[str, np.ndarray]:
    """The history of weights of units of the first layer: ``W1`` (moments, units, inputs) and ``t`` (moments,)."""
    moments = spread_moments(timeline, t, most)
    return {"t": np.array(moments), "W1": np.stack([_parameters(timeline, each, t)["W1"][units] for each in moments])}


def response_history(
    timeline: Source, t: int, unit: int, grid: np.ndarray, most: int, seconds: float = FOREVER
) -> dict[str, np.ndarray]:
    """The history of one output's activations over a grid of inputs.

    Moments are computed from the latest to the earliest; those that are left after ``seconds`` are left out.

    Returns:
        ``response``, (moments, len(grid)), and the moments ``t``, (moments,).
    """
    moments, layer = spread_moments(timeline, t, most), len(timeline.experiment.layers)
    deadline, found = perf_counter() + seconds, dict[int, np.ndarray]()
    for each in reversed(moments):
        chosen = timeline.segment_at(each).experiment
        found[each] = response(chosen, _parameters(timeline, each, t), layer, unit, grid)
        if perf_counter() > deadline:
            break
    return {"t": np.array(sorted(found)), "response": np.stack([found[each] for each in sorted(found)])}


def evaluation_history(
    timeline: Source, t: int, before: int, most: int, examples: int, seconds: float = FOREVER
) -> tuple[list[dict[str, Any]], int]:
    """The evaluations at past moments, from the latest to the earliest, at least one where there is one.

    Args:
        timeline: the run.
        t: the moment whose past it is.
        before: the moment before which the first one lies.
        most: the most moments of the whole past.
        examples: the most examples of each split, always the same ones.
        seconds: the time after which moments are left out.

    Returns:
        For each moment its ``t``, and what ``evaluate`` returns by split; and the number of moments that are left.
    """
    moments = [each for each in spread_moments(timeline, t, most)[:-1] if each < before]
    deadline, found = perf_counter() + seconds, list[dict[str, Any]]()
    while moments and (not found or perf_counter() < deadline):
        each = moments.pop()
        chosen, carried = timeline.segment_at(each).experiment, timeline.carried_at(each)
        found.append({"t": each, **{split: evaluate(chosen, carried, split, examples) for split in SPLITS}})
    return found, len(moments)


def _parameters(timeline: Source, moment: int, t: int) -> dict[str, np.ndarray]:
    return dict(timeline.seek(t) if moment == t else timeline.carried_at(moment))
