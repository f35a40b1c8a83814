"""The update that is applied: what the optimizer adds to a parameter in the training step that leads to a moment."""

import numpy as np

from engine.explain.passes import Passes, passes
from engine.methods.optimizers import gradient_descent
from engine.run.source import Source


def applied(timeline: Source, t: int) -> dict[str, np.ndarray]:
    """The updates ``uW1``, ``ub1`` and so on that have been worked out at t, each of its parameter's shape.

    Most optimizers write them. Gradient descent takes learning_rate * g away from its parameter in one micro-step, so
    its update is -(learning_rate * g), with the rate and the gradient that this micro-step has read.
    """
    past = passes(timeline, t)
    found = {f"u{name}": _update(past, name) for name in past.experiment.parameters}
    return {name: update for name, update in found.items() if update is not None}


def _update(past: Passes, name: str) -> np.ndarray | None:
    """The update of a parameter, or None before it is worked out."""
    step = past.step(name)
    assert step is not None
    if step.equation is not gradient_descent:
        return past.value(f"u{name}")
    if past.due(name) is not None:
        return None
    read = dict(step.arguments)
    return -(_as_read(past, read["learning_rate"], name) * _as_read(past, read["g"], name))


def _as_read(past: Passes, name: str, by: str) -> np.ndarray:
    """A tensor as the micro-step that writes ``by`` has read it, which is some micro-steps ago.

    It is still as it was, unless something was written by hand or another segment has begun since. Only then is the
    earlier moment sought, for in a long run that means to replay up to it.
    """
    step = past.step(by)
    assert step is not None
    timeline, done = past.timeline, past.begin + past.program.index(step) + 1
    events = [segment.t for segment in timeline.segments] + [change.t for change in timeline.experiment.changes]
    touched = any(done <= event <= past.t for event in events)
    found = past.read(name, by) if touched else past.value(name)
    assert found is not None
    return found
