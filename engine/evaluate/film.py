"""A film of a run: what was learned at moments of its past that the timeline keeps, so that none is computed anew."""

from collections.abc import Sequence
from time import perf_counter

import numpy as np

from engine.evaluate.evaluation import FOREVER, response
from engine.run.source import Source

Film = dict[str, np.ndarray]


def stills(timeline: Source, t: int, most: int) -> list[int]:
    """Moments up to t, in ever larger strides: at most ``most`` of those whose parameters are kept, t the last."""
    kept = [moment for moment in timeline.landmarks(t) if moment < t]
    if len(kept) >= most:
        places = np.unique(np.geomspace(1, len(kept), most - 1).round().astype(int)) - 1
        kept = [kept[place] for place in places]
    return [*kept, t]


def weights(timeline: Source, t: int, units: Sequence[int], most: int) -> Film:
    """The rows of W1 of some units, ``W1`` (moments, units, inputs), at the moments ``t`` (moments,)."""
    moments = stills(timeline, t, most)
    return {"t": np.array(moments), "W1": np.stack([_parameters(timeline, each, t)["W1"][units] for each in moments])}


def responses(timeline: Source, t: int, unit: int, grid: np.ndarray, most: int, seconds: float = FOREVER) -> Film:
    """What an output answers to each row of a grid, ``response`` (moments, len(grid)), at the moments ``t``. After
    about so many seconds no more moments are gone through, the latest being the first.
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
