"""What a question's answer may be, and the moment that it is about."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine import Refusal, Timeline
from engine.history import State
from server.limits import ASK_SECONDS

Answer = dict[str, Any]


@dataclass(frozen=True)
class Tensors:
    """An answer in tensors, which travels as a frame, and what there is to say besides, as JSON."""

    tensors: dict[str, np.ndarray]
    facts: Answer | None = None


def moment(timeline: Timeline, t: int) -> State:
    """The state at t, which the page has sought already.

    Raises:
        Refusal: it would take too long to get there.
    """
    state = timeline.seek(t, ASK_SECONDS)
    if timeline.t != t:
        raise Refusal("invalid", "t", "t", t, "a moment that has been sought", "sought")
    return state
