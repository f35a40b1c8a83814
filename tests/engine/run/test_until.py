"""A condition ends a seek at the first moment at which it is true, on every way to that moment."""

import numpy as np
import pytest
from hypothesis import assume
from hypothesis import strategies as st

from engine import Timeline
from engine.run.history import State
from engine.run.motion import FOREVER
from engine.run.until import Condition
from engine.until.kinds import CONDITIONS, NOT_FINITE
from tests.helpers.drawn import drawn
from tests.helpers.networks import experiment, same_bits, straight_run, table, table_experiments

Straight = list[dict[str, np.ndarray]]
OF_LOSSES = ("loss_above", "loss_below", "not_finite")
STEPS = 36  # training steps: two checkpoints lie in them
DIVERGES = experiment((2, "identity"), (1, "identity"), dataset="sine", rate=30.0, mini_batch_size=100)
STEADY = experiment((2, "tanh"), (1, "identity"), dataset="sine", rate=0.05, mini_batch_size=100)
RUNNING = experiment(
    (4, "tanh", {"batch_norm": True}), (1, "identity"),
    dataset="sine", rate=0.02, mini_batch_size=30, augment={"noise": 0.2},
)  # fmt: skip


def losses(timeline: Timeline, straight: Straight) -> list[int]:
    """The moments of a straight run whose micro-step writes the loss."""
    return [
        t
        for t in range(1, len(straight))
        if "loss" in timeline.segment_at(t - 1).program[timeline.locate(t - 1).micro_step].writes
    ]


def first(timeline: Timeline, straight: Straight, until: Condition, since: int, last: int) -> int | None:
    """The first moment after ``since``, and not after the last, at which the condition is true."""
    written = (t for t in losses(timeline, straight) if since < t <= last)
    return next((t for t in written if until.holds(np.array([straight[t]["loss"]], float))[0]), None)


def go(timeline: Timeline, way: str, since: int, last: int, until: Condition) -> State:
    """Seek the last moment from ``since`` with the condition, in one of several ways."""
    if way == "from a kept past":
        timeline.seek(last)
    if way == "after a question":
        timeline.seek(since)
        timeline.seek(since // 2)
        return timeline.seek(last, until=until, since=since)
    state = timeline.seek(since)
    if way in ("at once", "from a kept past"):
        return timeline.seek(last, until=until)
    seconds = 0 if way == "in slices" else FOREVER
    while timeline.t < last and timeline.ended_by is None:
        state = timeline.seek(last if way == "in slices" else timeline.t + 1, seconds, until)
    return state


WAYS = ["at once", "step by step", "in slices", "from a kept past", "after a question"]


@st.composite
def conditions(draw: st.DrawFn, met: list[float]) -> Condition:
    """A condition that is often true: of a loss below or above one of those of the run, or of none."""
    name = draw(st.sampled_from(OF_LOSSES))
    if name == "not_finite":
        return NOT_FINITE
    value = draw(st.sampled_from(met)) * draw(st.sampled_from([1, 1 - 1e-6, 1 + 1e-6]))
    return of_loss(name, min(max(value, 0.0), 1e300) if np.isfinite(value) else 1.0)


def of_loss(name: str, value: float) -> Condition:
    """A condition on the mini-batch's loss."""
    return Condition(CONDITIONS[name], (("value", value), ("of", "mini_batch")))


@drawn(st.one_of(table_experiments(), st.sampled_from([DIVERGES, RUNNING])), st.data(), few=20, many=60)
def test_a_seek_ends_at_the_first_moment_at_which_its_condition_is_true(chosen, data):
    timeline = Timeline(chosen, data.draw(st.sampled_from([1, 20_000, 1 << 22])))
    straight = straight_run(chosen, STEPS * len(timeline.program))
    since, last = sorted(data.draw(st.tuples(*[st.integers(0, len(straight) - 1)] * 2)))
    assume(since < last)
    met = [float(straight[t]["loss"]) for t in losses(timeline, straight)]
    until = data.draw(conditions(met))
    state = go(timeline, data.draw(st.sampled_from(WAYS)), since, last, until)
    expected = first(timeline, straight, until, since, last)
    assert timeline.t == (last if expected is None else expected)
    assert timeline.ended_by == (None if expected is None else until)
    assert same_bits(state, straight[timeline.t])
    for t in (timeline.t, min(timeline.t + 3, last), max(timeline.t - 1, 0), last):
        assert same_bits(timeline.seek(t), straight[t])
        assert timeline.ended_by is None


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("chosen", [STEADY, RUNNING], ids=["steady", "running averages"])
def test_every_way_through_changes_ends_at_the_same_moment(chosen, way):
    per_step = len(Timeline(chosen).program)
    timeline = Timeline(chosen)
    timeline.change(20 * per_step + 3, tensor="b1", value=[0.5] * chosen.sizes[1])
    timeline.change(27 * per_step + 1, optimizer={"name": "adam", "learning_rate": 0.01})
    timeline.change(31 * per_step + 5, tensor="W2", value=[[1e6] * chosen.sizes[1]])
    straight = straight_run(timeline.experiment, 38 * per_step)
    until = of_loss("loss_above", 1e6)
    for since in (0, 20 * per_step + 4, 27 * per_step + 2):
        walked = Timeline(timeline.experiment)
        state = go(walked, way, since, len(straight) - 1, until)
        assert walked.t == first(walked, straight, until, since, len(straight) - 1)
        assert walked.ended_by is until
        assert same_bits(state, straight[walked.t])


def test_a_run_that_blows_up_stops_at_the_micro_step_that_writes_the_loss_and_can_be_gone_on_from():
    timeline = Timeline(DIVERGES)
    state = timeline.seek(10**6, until=NOT_FINITE)
    assert timeline.ended_by is NOT_FINITE
    place = timeline.locate(timeline.t)
    assert timeline.program[place.micro_step - 1].writes == ("loss",)
    assert not np.isfinite(state["loss"])
    assert np.isfinite(timeline.seek(timeline.t - 1).get("loss", 0))
    reached = timeline.t + 1
    timeline.seek(10**6, until=NOT_FINITE, since=reached)
    assert timeline.locate(timeline.t) == (0, place.training_step + 1, place.micro_step)


def test_a_condition_that_is_true_already_is_tested_at_later_moments_only():
    timeline = Timeline(DIVERGES)
    timeline.seek(10**6, until=NOT_FINITE)
    met = timeline.t
    timeline.seek(met, until=NOT_FINITE)
    assert (timeline.t, timeline.ended_by) == (met, None)
    timeline.seek(met - 5, until=NOT_FINITE)
    assert (timeline.t, timeline.ended_by) == (met - 5, None)
    timeline.seek(met + 1, until=NOT_FINITE)
    assert (timeline.t, timeline.ended_by) == (met, NOT_FINITE)
    timeline.seek(met + 1, until=NOT_FINITE)
    assert (timeline.t, timeline.ended_by) == (met + 1, None)


def test_a_condition_is_met_in_a_stride_of_training_steps_of_which_nothing_is_kept():
    chosen = experiment((3, "tanh"), (1, "sigmoid"), dataset=table([[0], [1]], [[0], [1]]), rate=0.1)
    timeline = Timeline(chosen)
    timeline.seek(3000)  # from now on it knows that training steps are quick
    loss = float(timeline.seek(10_000 * len(timeline.program))["loss"])
    other = Timeline(chosen)
    other.seek(3000)
    until = of_loss("loss_below", loss * 1.5)
    state = other.seek(10**9, until=until)
    assert 3000 < other.t < timeline.t
    assert same_bits(state, timeline.seek(other.t))
    before = other.t_of(other.locate(other.t).training_step)
    assert float(timeline.seek(before)["loss"]) >= loss * 1.5 > float(state["loss"])


def test_a_condition_is_true_of_no_other_loss():
    tests = {name: of_loss(name, 1.0).holds for name in OF_LOSSES}
    for loss, true in [
        (0.5, {"loss_below"}),
        (1.0, set()),
        (2.0, {"loss_above"}),
        (float("inf"), {"loss_above", "not_finite"}),
        (float("nan"), {"not_finite"}),
    ]:
        assert {name for name, test in tests.items() if test(np.array(loss, np.float32))} == true
