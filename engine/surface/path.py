"""The path of a run through weight space: moments whose parameters are kept, or are reached in no time."""

from collections.abc import Mapping
from time import perf_counter

import numpy as np

from engine.run.source import Source
from engine.surface.plane import layout_of, same_parameters

MOST = 64  # moments of a path
FAR = 1000  # the largest parameter of a run that has not diverged
FOREVER = float("inf")


def path(timeline: Source, t: int, seconds: float = FOREVER) -> list[int]:
    """The moments up to t that tell the path of a run, ascending, at most ``MOST``; t is the last of them.

    They begin training steps, half of them at even and half at growing distances, as a run moves most in its beginning.
    Where the timeline keeps the parameters of a moment near enough, that one is taken; other moments are run again, as
    long as there is time. Moments at which the network has other parameters than at t are left out, and those at which
    a parameter is beyond ``FAR``: the path of a run that diverges ends before them.
    """
    experiment, deadline = timeline.segment_at(t).experiment, perf_counter() + seconds
    layout = layout_of(experiment)
    last = timeline.locate(t).training_step
    even, growing = np.linspace(0, last, MOST // 2), np.geomspace(1, max(last, 1), MOST // 2 - 1)
    steps = np.arange(last + 1) if last < MOST - 1 else np.unique(np.concatenate([even, growing]).round().astype(int))
    kept = timeline.landmarks(t)
    steps_kept = np.array([timeline.locate(moment).training_step for moment in kept])
    found = set[int]()
    for place, step in enumerate(steps):
        room = min(
            abs(int(step) - int(each)) for each in steps[max(place - 1, 0) : place + 2] if each != step or last == 0
        )
        nearest = int(np.abs(steps_kept - step).argmin())
        moment = timeline.t_of(int(step))
        if abs(int(steps_kept[nearest]) - int(step)) <= room // 2:
            moment = kept[nearest]
        elif not _reached(timeline, moment, deadline - perf_counter()):
            continue
        found.add(moment)
    found.add(t)
    alike = [each for each in sorted(found) if same_parameters(timeline.segment_at(each).experiment, experiment)]
    return [each for each in alike if (np.abs(layout.vector(parameters_at(timeline, each))) <= FAR).all()]


def parameters_at(timeline: Source, moment: int) -> Mapping[str, np.ndarray]:
    """The parameters of a moment, read-only: those that are kept where they are."""
    return timeline.carried_at(moment) if is_kept(timeline, moment) else timeline.seek(moment)


def is_kept(timeline: Source, moment: int) -> bool:
    """Whether a timeline keeps the parameters of a moment, so that nothing need be run."""
    return timeline.landmarks(moment)[-1:] == [moment]


def _reached(timeline: Source, moment: int, seconds: float) -> bool:
    if seconds <= 0:
        return False
    timeline.seek(moment, seconds)
    return timeline.t == moment
