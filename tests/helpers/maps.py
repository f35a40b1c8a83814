"""Maps in the tests, and the same runs alone."""

from typing import Any

import numpy as np

from engine import Experiment, Timeline
from engine.maps.axes import axes
from engine.maps.map import Map
from engine.run.until import LOSS


def losses_alone(chosen: Experiment, training_steps: int) -> np.ndarray:
    """The loss in each training step of the run alone, (training_steps,)."""
    timeline = Timeline(chosen)
    written = next(k for k, step in enumerate(timeline.program, 1) if LOSS in step.writes)
    return np.array([float(timeline.seek(timeline.t_of(step) + written)[LOSS]) for step in range(training_steps)])


def map_of(
    plain: dict[str, Any],
    side: int = 8,
    training_steps: int = 200,
    fields: tuple[str, str] = ("optimizer.learning_rate", "initial_scale"),
) -> Map:
    """The map of an experiment in plain form, over the ranges that its axes begin with."""
    chosen = Experiment.from_dict(plain)
    across, up = (axes(chosen)[field] for field in fields)
    return Map(
        chosen,
        (across, up),
        (tuple(across.values(across.low, across.high, side)), tuple(up.values(up.low, up.high, side))),
        training_steps,
    )
