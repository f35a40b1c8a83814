"""The parameter updates: what the optimizer adds to each parameter in the training step that leads to a moment."""

import numpy as np

from engine.explain.passes import passes
from engine.run.source import Source


def parameter_updates(timeline: Source, t: int) -> dict[str, np.ndarray]:
    """The updates ``uW1``, ``ub1`` and so on that have been worked out at t, each of its parameter's shape."""
    past = passes(timeline, t)
    found = {f"u{name}": past.value(f"u{name}") for name in past.experiment.parameters}
    return {name: update for name, update in found.items() if update is not None}
