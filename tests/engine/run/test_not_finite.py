"""The first value that is not finite is found where a straight run has it."""

from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

from engine import Experiment, Timeline
from engine.evaluate.evaluation import first_not_finite
from tests.helpers.drawn import drawn
from tests.helpers.networks import experiment, straight_run, table

XOR = experiment((2, "tanh"), (1, "sigmoid"))
DIVERGING = experiment((2, "identity"), (1, "identity"), dataset="sine", rate=30.0, mini_batch_size=100)


def test_a_run_that_explodes_can_be_seen_and_stepped_back_from():
    timeline = Timeline(DIVERGING)
    assert np.isnan(timeline.seek(200 * 22)["W1"]).all()
    first = scan(timeline.experiment, 200 * 22)
    assert first is not None
    state = timeline.seek(first["t"])
    assert not np.isfinite(state[first["tensor"]]).all()
    assert all(np.isfinite(array).all() for array in timeline.seek(first["t"] - 1).values())


def scan(chosen: Experiment, last: int) -> dict[str, Any] | None:
    """The first moment and tensor of a straight run that holds NaN or infinity."""
    for t, state in enumerate(straight_run(chosen, last)):
        for name, array in state.items():
            if not np.isfinite(array).all():
                return {"t": t, "tensor": name}
    return None


@drawn(
    st.sampled_from([0.5, 3.0, 30.0, 1e6]),
    st.integers(0, 900),
    st.lists(st.tuples(st.integers(0, 900), st.booleans()), max_size=4),
    few=20,
    many=60,
)
def test_first_not_finite_names_what_a_straight_scan_finds(rate, last, rescues):
    fields = {"dataset": "sine", "mini_batch_size": 100, "rate": rate}
    changes = []
    for t, large in rescues:
        value = 1e6 if large else 0.5
        changes += [{"t": t, "tensor": name, "value": [[value]]} for name in ("W1", "W2")]
        changes += [{"t": t, "tensor": name, "value": [value]} for name in ("b1", "b2")]
    chosen = experiment((1, "identity"), (1, "identity"), **fields, changes=changes)
    assert first_not_finite(Timeline(chosen), last) == scan(chosen, last)


def test_a_blow_up_that_a_change_repairs_before_the_training_step_ends_is_found_all_the_same():
    depth, data = 7, table([[0]], [[1]])
    layers = [*[(1, "identity")] * (depth - 1), (1, "sigmoid")]
    weights = [{"t": 0, "tensor": f"W{l}", "value": [[1e6]]} for l in range(1, depth + 1)]
    steps = Timeline(experiment(*layers, dataset=data)).program
    blow_up = 1 + next(k for k, step in enumerate(steps) if "b1" in step.writes)
    repair = {"t": blow_up + 1, "tensor": "b1", "value": [0]}
    chosen = experiment(*layers, dataset=data, rate=1e6, changes=[*weights, repair])
    assert scan(chosen, len(steps)) == {"t": blow_up, "tensor": "b1"}
    assert first_not_finite(Timeline(chosen), len(steps)) == {"t": blow_up, "tensor": "b1"}


def test_a_blow_up_that_disappears_by_itself_is_found_all_the_same():
    layers, data = [*[(1, "identity")] * 5, (1, "tanh")], table([[0], [0], [1e6], [0]], [[0]] * 4)
    weights = [{"t": 0, "tensor": f"W{l}", "value": [[1e6]]} for l in range(1, 7)]
    chosen = experiment(*layers, dataset=data, rate=0, mini_batch_size=1, changes=weights)  # z6 overflows once
    first = scan(chosen, 200)
    assert first is not None
    last = first["t"] + len(Timeline(chosen).program)  # the next mini-batch, which has no such example
    assert all(np.isfinite(array).all() for array in Timeline(chosen).seek(last).values())
    assert first_not_finite(Timeline(chosen), last) == first


def test_looking_for_the_first_blow_up_gives_up_when_its_time_is_over():
    with pytest.raises(TimeoutError):
        first_not_finite(Timeline(XOR), 22 * 100, seconds=0)


def test_a_late_blow_up_in_a_long_run_is_found_from_the_checkpoint_before_it():
    chosen = experiment((2, "identity"), (1, "identity"), dataset="sine", mini_batch_size=100, rate=0.01)
    timeline = Timeline(chosen)
    per_step = len(timeline.program)
    timeline.seek(4000 * per_step)
    timeline.change(4000 * per_step, learning_rate=1e6)
    last = 4100 * per_step
    timeline.seek(last)
    sound = timeline.sound_before(last)
    assert 3900 * per_step < sound <= 4000 * per_step + per_step * 16
    found = first_not_finite(timeline, last)
    assert found is not None
    assert sound < found["t"] < last
    timeline.change(4000 * per_step, learning_rate=0.01)  # another future, with nothing amiss
    timeline.seek(last)
    assert timeline.sound_before(last) > 4080 * per_step


def test_when_the_scan_from_the_beginning_takes_too_long_the_checkpoint_is_where_it_goes_on():
    timeline = Timeline(DIVERGING)
    per_step = len(timeline.program)
    last = 60 * per_step
    timeline.seek(last)
    clock = iter([0.0] + [9.0] * 2 + [0.0] * 1000)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engine.evaluate.evaluation.perf_counter", lambda: next(clock))
        assert first_not_finite(timeline, last, seconds=10) == scan(timeline.experiment, last)
