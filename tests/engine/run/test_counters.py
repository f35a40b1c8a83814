"""Counters are exact beyond the whole numbers of float32: in the engine, in frames and in checkpoints."""

from typing import Any

import numpy as np
import pytest

from engine import Experiment, Timeline
from engine.experiment.experiment import Start
from tests.helpers.networks import plain

FULL = 2**24  # float32 can count to here
FORM = plain(
    (3, "tanh"),
    (1, "sigmoid"),
    optimizer={"name": "adam"},
    schedule={"name": "step", "factor": 0.5, "every": FULL + 4, "warm_up": 0},
)


def from_counters(count: int, stored: Any, **fields: Any) -> Timeline:
    """A run that goes on from a checkpoint whose counters stand at this number."""
    begun = Timeline(Experiment.from_dict({**FORM, **fields})).seek(0)
    tensors = {name: np.array(array) for name, array in begun.items()}
    tensors |= {name: np.array(count, stored) for name in ("updates", "rate_step")}
    start = Start("far", tensors, "adam")
    return Timeline(Experiment.from_dict({**FORM, **fields, "start": "far"}, {"far": start}))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_counters_count_past_2_to_the_24_in_every_run(dtype):
    timeline = from_counters(FULL - 3, np.float32, dtype=dtype)
    for step in range(8):
        state = timeline.seek(timeline.t_of(step))
        assert int(state["updates"]) == int(state["rate_step"]) == FULL - 3 + step
        assert state["W1"].dtype == dtype
    assert int(timeline.seek(timeline.t_of(300))["updates"]) == FULL + 297


def test_a_schedule_goes_on_past_2_to_the_24():
    timeline = from_counters(FULL - 3, np.float64)
    rates = [float(timeline.seek(timeline.t_of(step))["learning_rate"]) for step in range(1, 14)]
    first = rates[0]
    assert rates == [first] * 7 + [first / 2] * 6


def test_counters_are_exact_up_to_2_to_the_53():
    timeline = from_counters(2**53 - 6, np.float64)
    assert int(timeline.seek(timeline.t_of(5))["updates"]) == 2**53 - 1
