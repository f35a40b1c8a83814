"""Where two runs part: held against the states of straight runs, compared moment by moment."""

import numpy as np
import pytest
from hypothesis import strategies as st

from engine import Experiment, Timeline
from engine.run.parting import parting
from tests.helpers.drawn import drawn
from tests.helpers.networks import plain, straight_run, table_experiments

XOR = plain((3, "tanh"), (1, "sigmoid"), mini_batch_size=4)
RATES = ("learning_rate", "base_rate")


def first_difference(one, other, last):
    """The first moment at which straight runs of one program hold other numbers, and the tensors that do."""
    for t in range(last + 1):
        a, b = one[t], other[t]
        names = [name for name in a if name not in RATES and not np.array_equal(a[name], b[name], equal_nan=True)]
        if names:
            return t, names
    return None


@drawn(table_experiments(), st.data(), few=15, many=200)
def test_the_first_difference_is_the_one_of_straight_runs(chosen, data):
    timeline = Timeline(chosen)
    last = 6 * len(timeline.program)
    t = data.draw(st.integers(0, last))
    forked = timeline.fork(t)
    if data.draw(st.booleans()):
        forked.change(t, learning_rate=data.draw(st.sampled_from([0, 0.7])))
    else:
        forked.change(t, tensor="W1", index=[0, 0], value=data.draw(st.sampled_from([-2.5, 0.25])))
    since = timeline.locate(t).training_step
    found, searched = parting(forked, timeline, max(0, since - 1), 8)
    assert searched is None
    ends = 9 * len(timeline.program)
    expected = first_difference(straight_run(forked.experiment, ends), straight_run(chosen, ends), ends)
    if expected is None:
        assert found is None
        return
    at, names = expected
    assert found is not None and found.t == (at, at) and found.tensor in names
    for run, value in zip((forked, timeline), found.values or (), strict=True):
        assert np.array_equal(float(run.seek(at)[found.tensor][found.index]), value, equal_nan=True)
    assert found.training_step == timeline.locate(max(0, at - 1)).training_step


def test_runs_whose_programs_part_do_so_where_only_one_of_them_computes_a_tensor():
    one = Timeline(Experiment.from_dict(XOR))
    other = one.fork(20)
    other.change(20, optimizer={"name": "momentum", "learning_rate": 0.5, "momentum": 0.9})
    found, _ = parting(other, one, 0, 10)
    assert found is not None and found.training_step == 2
    assert found.index is None and None in found.shapes


def test_adam_and_gradient_descent_part_at_a_tensor_of_adam_and_not_at_a_count():
    one = Timeline(Experiment.from_dict(XOR))
    other = Timeline(Experiment.from_dict(XOR | {"optimizer": {"name": "adam", "learning_rate": 0.1}}))
    found, _ = parting(one, other, 0, 3)
    assert found is not None and found.tensor != "updates"
    assert found.training_step == 0 and found.shapes[0] is None and other.program[found.t[1] - 1].phase == "update"
    assert found.tensor in other.program[found.t[1] - 1].writes


def test_mini_batches_of_other_sizes_part_in_the_first_micro_step():
    runs = [Timeline(Experiment.from_dict(XOR | {"mini_batch_size": size})) for size in (4, 1)]
    found, _ = parting(runs[0], runs[1], 0, 3)
    assert found is not None
    assert (found.training_step, found.t, found.tensor) == (0, (1, 1), "a0")
    assert found.shapes == ((4, 2), (1, 2))


def test_a_search_for_which_time_is_over_goes_on_from_where_it_was():
    one = Timeline(Experiment.from_dict(XOR))
    other, since, asked = one.fork(0), 0, 0
    other.change(one.t_of(7), tensor="b1", index=[0], value=1)
    while True:
        found, searched = parting(other, one, since, 20, seconds=0)
        asked += 1
        if searched is None:
            break
        assert searched == since + 1
        since = searched
    assert found is not None and found.tensor == "b1" and asked > 5


def test_the_same_run_does_not_part():
    one = Timeline(Experiment.from_dict(XOR))
    assert parting(one.fork(5), one, 0, 12) == (None, None)
    assert parting(one, one.fork(0), 3, 2) == (None, None)


@pytest.mark.parametrize("tensor", ["W1", "b2"])
def test_nan_is_nan_in_both(tensor):
    form = plain((2, "identity"), (1, "identity"), dataset="sine", rate=30.0, mini_batch_size=100)
    one = Timeline(Experiment.from_dict(form))
    assert not np.isfinite(one.seek(one.t_of(200))[tensor]).all()
    assert parting(one.fork(0), one, 195, 200) == (None, None)
