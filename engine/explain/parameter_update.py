"""The parameter updates of a training step: what the optimizer adds to each parameter."""

import numpy as np

from engine.explain.passes import passes
from engine.run.source import Source


def parameter_updates(timeline: Source, t: int) -> dict[str, np.ndarray]:
    """The updates ``uW1``, ``ub1`` and so on in the training step that leads to t, each of its parameter's shape.

    Updates that have not been computed at t are left out.
    """
    past = passes(timeline, t)
    found = {f"u{name}": past.value(f"u{name}") for name in past.experiment.parameters}
    return {name: update for name, update in found.items() if update is not None}
