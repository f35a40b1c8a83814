"""What a question's answer may be, and the moment that it is about."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine import Refusal
from engine.explain.passes import Passes, passes
from engine.run.history import State
from engine.run.source import Source
from server.limits import ASK_SECONDS

Answer = dict[str, Any]


@dataclass(frozen=True)
class Tensors:
    """An answer in tensors, which travels as a frame, and what there is to say besides, as JSON."""

    tensors: dict[str, np.ndarray]
    facts: Answer | None = None


def moment(timeline: Source, t: int) -> State:
    """The state at t, which the page has sought already.

    Raises:
        Refusal: it would take too long to get there.
    """
    state = timeline.seek(t, ASK_SECONDS)
    if timeline.t != t:
        raise Refusal("invalid", "t", "t", t, "a moment that has been sought", "sought")
    return state


def passes_to(timeline: Source, t: int) -> Passes:
    """The passes of the training step that leads to t.

    Raises:
        Refusal: it would take too long to get there.
    """
    moment(timeline, t)
    return passes(timeline, t)


def examples_of(found: Passes) -> int:
    """How many examples the mini-batch has; before one is drawn, how many it will have."""
    y = found.value("y")
    return found.experiment.examples_in(found.training_step) if y is None else len(y)
