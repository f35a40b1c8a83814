"""A film of a run: weights or answers at past moments whose parameters the timeline keeps, so that nothing is rerun."""

from collections.abc import Sequence
from time import perf_counter

import numpy as np

from engine.evaluate.evaluation import FOREVER, response
from engine.run.source import Source

Film = dict[str, np.ndarray]


def stills(timeline: Source, t: int, most: int) -> list[int]:
    """The moments of a film, in ascending order, at growing distances: at most ``most``, of which t is the last.

    All but t are moments whose parameters the timeline keeps.
    """
    kept = [moment for moment in timeline.landmarks(t) if moment < t]
    if len(kept) >= most:
        places = np.unique(np.geomspace(1, len(kept), most - 1).round().astype(int)) - 1
        kept = [kept[place] for place in places]
    return [*kept, t]


def weights(timeline: Source, t: int, units: Sequence[int], most: int) -> Film:
    """A film of the weights of some units of the first layer: ``W1`` (moments, units, inputs) and ``t`` (moments,)."""
    moments = stills(timeline, t, most)
    return {"t": np.array(moments), "W1": np.stack([_parameters(timeline, each, t)["W1"][units] for each in moments])}


def responses(timeline: Source, t: int, unit: int, grid: np.ndarray, most: int, seconds: float = FOREVER) -> Film:
    """A film of one output's activations over a grid of inputs.

    Moments are computed from the latest to the earliest; those that are left after ``seconds`` are left out.

    Returns:
        ``response``, (moments, len(grid)), and the moments ``t``, (moments,).
    """
    moments, layer = stills(timeline, t, most), len(timeline.experiment.layers)
    deadline, found = perf_counter() + seconds, dict[int, np.ndarray]()
    for each in reversed(moments):
        chosen = timeline.segment_at(each).experiment
        found[each] = response(chosen, _parameters(timeline, each, t), layer, unit, grid)
        if perf_counter() > deadline:
            break
    return {"t": np.array(sorted(found)), "response": np.stack([found[each] for each in sorted(found)])}


def _parameters(timeline: Source, moment: int, t: int) -> dict[str, np.ndarray]:
    return dict(timeline.seek(t) if moment == t else timeline.carried_at(moment))
