"""Any order of seeks and changes gives the same bits as one straight run."""

import tracemalloc
from itertools import count, pairwise
from time import perf_counter
from typing import Any
from unittest import mock

import numpy as np
import pytest
from hypothesis import strategies as st

from engine import Experiment, Refusal, Timeline
from engine.experiment.presets import PRESETS
from engine.run import timeline as timelines
from engine.run.motion import FOREVER
from engine.run.timeline import AGAIN
from engine.until.kinds import NOT_FINITE
from tests.helpers.drawn import drawn
from tests.helpers.networks import (
    HIDDEN,
    State,
    extras,
    layers_of,
    limits,
    optimizers,
    penalties,
    plain,
    same_bits,
    schedules,
    straight_run,
)

MOONS = {"name": "moons", "examples": 9}  # seven to train on: the last mini-batch of an epoch is smaller
FULL = {"batch_norm": True, "dropout": 0.3, "residual": True}
PLAINS = {
    "xor": plain((2, "tanh"), (1, "sigmoid")),
    "moons, uneven batches": plain((3, "relu"), (1, "sigmoid"), dataset=MOONS, mini_batch_size=3),
    "softmax, squared": plain((2, "softmax"), dataset=MOONS, mini_batch_size=2, loss="squared_error"),
    "sine, double": plain((3, "leaky_relu"), (1, "identity"), dataset="sine", dtype="float64", mini_batch_size=40),
    "changed from the start": plain(
        (2, "tanh"), (1, "sigmoid"), changes=[{"t": 0, "tensor": "W1", "value": [[1, 2], [3, 4]]}]
    ),
    "diverging": plain((2, "identity"), (1, "identity"), dataset="sine", rate=30.0, mini_batch_size=100),
    "everything": plain(
        (2, "gelu", FULL),
        (3, "elu", {"batch_norm": True}),
        (1, "sigmoid"),
        dataset=MOONS,
        mini_batch_size=3,
        optimizer={"name": "adam", "learning_rate": 0.05},
        schedule={"name": "cosine", "steps": 20, "warm_up": 3},
        regularization={"l1": 0.01, "l2": 0.1},
        clip_norm=0.5,
        augment={"noise": 0.1},
    ),
}
LAST = 800  # more than thirty training steps of most of them: past the second checkpoint


def timeline_of(name: str, history_bytes: int = 1 << 20) -> Timeline:
    return Timeline(Experiment.from_dict(PLAINS[name]), history_bytes)


def write_for(timeline: Timeline, kind: str, number: float) -> dict[str, Any]:
    """A change in its plain form: of the learning rate, of one weight, or of a whole tensor."""
    sizes = timeline.experiment.sizes
    if kind == "learning_rate":
        return {"learning_rate": abs(number)}
    if kind == "one weight":
        return {"tensor": "W1", "index": [sizes[1] - 1, sizes[0] - 1], "value": number}
    return {"tensor": "b1", "value": [number + j for j in range(sizes[1])]}


@st.composite
def structures(draw: st.DrawFn, timeline: Timeline) -> dict[str, Any]:
    """A change of structure in its plain form; the widths of the layers stay."""
    sizes, output = timeline.experiment.sizes, timeline.experiment.layers[-1]
    widths = pairwise(sizes[:-1])
    hidden = st.tuples(*(st.tuples(st.just(n), st.sampled_from(HIDDEN), extras(below, n)) for below, n in widths))
    fields = {
        "layers": hidden.map(lambda layers: layers_of(*layers, (sizes[-1], output.activation))),
        "initializer": st.sampled_from(["xavier", "small_normal"]),
        "optimizer": optimizers(),
        "schedule": st.none() | schedules(),
        "regularization": st.none() | penalties(),
        "clip_norm": st.none() | limits(),
        "augment": st.none() | st.just({"noise": 0.2}),
    }
    if timeline.experiment.data.kind == "classes":
        fields["next_mini_batch"] = st.none() | st.builds(lambda label: {"class": label}, st.integers(0, 1))
    names = draw(st.lists(st.sampled_from(sorted(fields)), min_size=1, max_size=2, unique=True))
    return {name: draw(fields[name]) for name in names}


KINDS = ["seek", "seek", "seek", "glance", "structure", "structure", "learning_rate", "one weight", "whole tensor"]
numbers = st.floats(-3, 3, width=32)
moments = st.integers(0, LAST) | st.integers(0, 60)


def boundary_near(timeline: Timeline, t: int) -> int:
    return timeline.t_of(timeline.locate(t).training_step)


@drawn(st.sampled_from(sorted(PLAINS)), st.sampled_from([1, 4000, 60_000, 1 << 22]), st.data(), few=30, many=150)
def test_any_walk_of_seeks_and_changes_meets_the_bits_of_a_straight_run(name, history_bytes, data):
    timeline, straight = timeline_of(name, history_bytes), list[State]()
    for _ in range(data.draw(st.integers(4, 14))):
        move, t = data.draw(st.sampled_from(KINDS)), data.draw(moments)
        if data.draw(st.booleans()):
            t = min(timeline.t + data.draw(st.integers(0, 40)), LAST)
        if data.draw(st.booleans()):
            t = boundary_near(timeline, t)
        if move in ("seek", "glance"):
            straight = straight or straight_run(timeline.experiment, LAST)
            seconds = data.draw(st.sampled_from([0, 0.0005])) if move == "glance" else FOREVER
            state = timeline.seek(t, seconds)
            assert timeline.t == t or move == "glance"
            assert same_bits(state, straight[timeline.t])
        else:
            structural = move == "structure"
            write = data.draw(structures(timeline)) if structural else write_for(timeline, move, data.draw(numbers))
            timeline.change(t, **write)
            straight = []


@drawn(
    st.sampled_from(sorted(PLAINS)),
    st.sampled_from([1, 4000, 1 << 22]),
    st.sampled_from([0, 0.001, AGAIN]),
    st.data(),
    few=20,
    many=50,
)
def test_a_run_that_is_resumed_elsewhere_goes_on_and_back_with_the_bits_of_a_straight_run(
    name, history_bytes, back, data
):
    first = timeline_of(name)
    for _ in range(data.draw(st.integers(0, 3))):
        structural, t = data.draw(st.booleans()), data.draw(moments)
        write = data.draw(structures(first)) if structural else write_for(first, "one weight", data.draw(numbers))
        first.change(t, **write)
    straight = straight_run(first.experiment, LAST)
    for t in data.draw(st.lists(moments, max_size=4)):
        first.seek(t)
    t = data.draw(moments)
    first.seek(t)
    with mock.patch.object(timelines, "AGAIN", back):
        moment, carried = first.resumption(t)
    assert moment <= t
    second = Timeline(first.experiment, history_bytes)
    second.adopt(moment, {name: array.copy() for name, array in carried.items()})
    for sought in [t, *data.draw(st.lists(moments, min_size=1, max_size=6))]:
        assert same_bits(second.seek(sought), straight[sought])


def test_a_resumed_run_is_not_run_from_its_beginning_and_stays_so_however_far_it_goes():
    first = timeline_of("xor")
    t = first.t_of(50_000)
    first.seek(t)
    moment, carried = first.resumption(t)
    assert 0 < moment < t
    second = timeline_of("xor", history_bytes=5000)
    second.adopt(moment, carried)
    began = perf_counter()
    second.seek(t)
    assert perf_counter() - began < 0.5
    second.seek(t + first.t_of(2000))
    assert moment in second.landmarks(t)
    assert moment in second.fork(t).landmarks(t)
    assert second.seek(t, seconds=0.5) and second.t == t


def test_a_condition_is_asked_from_a_landmark_on_without_running_what_lies_before():
    first = timeline_of("xor")
    t = first.t_of(50_000)
    first.seek(t)
    moment, carried = first.resumption(t)
    second = timeline_of("xor")
    second.adopt(moment, carried)
    state = second.seek(t + 7, seconds=0.5, until=NOT_FINITE, since=moment)
    assert second.t == t + 7
    assert same_bits(state, first.seek(t + 7))


def test_a_run_that_has_diverged_is_resumed_from_where_nothing_was_off():
    first = timeline_of("diverging")
    first.seek(LAST)
    moment, carried = first.resumption(LAST)
    assert moment == first.sound_before(LAST)
    assert all(np.isfinite(array).all() for array in carried.values())


@pytest.mark.parametrize("name", PLAINS)
@pytest.mark.parametrize("history_bytes", [1, 4000, 1 << 22])
def test_seeking_back_restores_the_same_bits(name, history_bytes):
    timeline = timeline_of(name, history_bytes)
    straight = straight_run(timeline.experiment, LAST)
    for t in (LAST, *range(40, -1, -1), LAST - 1, 0):
        assert same_bits(timeline.seek(t), straight[t]), t


def test_far_jumps_meet_the_same_bits_wherever_checkpoints_lie():
    timeline, steps = timeline_of("moons, uneven batches", history_bytes=3000), 300
    straight = straight_run(timeline.experiment, steps * 22)
    for step in (300, 16, 17, 299, 31, 33, 150, 1, 0, 128):
        for t in {step * 22 + k for k in (-1, 0, 1, 9)} & {*range(steps * 22 + 1)}:
            assert same_bits(timeline.seek(t), straight[t]), t


@pytest.mark.parametrize("name", PRESETS)
def test_the_bits_of_a_moment_do_not_depend_on_the_way_there(name):
    chosen = Experiment.from_dict(PRESETS[name])
    far, near = Timeline(chosen), Timeline(chosen)
    end = 3 * len(far.program) + 5
    straight = [near.seek(t) for t in range(end + 1)]
    assert same_bits(far.seek(end), straight[end])
    assert same_bits(far.seek(end - 7), straight[end - 7])


def test_a_state_holds_what_has_been_computed_and_nothing_else():
    timeline = timeline_of("xor")
    carried = {"W1", "b1", "W2", "b2", "learning_rate"}
    assert timeline.seek(0).keys() == carried
    for t in range(1, 3 * len(timeline.program)):
        k = (t - 1) % len(timeline.program)
        written = {name for micro_step in timeline.program[: k + 1] for name in micro_step.writes}
        assert timeline.seek(t).keys() == carried | written, t


def test_the_arrays_of_a_state_cannot_be_written():
    timeline = timeline_of("xor")
    for t in (0, 5, len(timeline.program), 500):
        state = timeline.seek(t)
        with pytest.raises(TypeError):
            state["W1"] = 0  # type: ignore[index]
        for array in state.values():
            assert not array.flags.writeable
            with pytest.raises(ValueError, match="read-only"):
                array[...] = 0


def test_a_state_stays_as_it_was_while_the_run_goes_on():
    timeline = timeline_of("xor")
    for t in (7, 22, 400):
        state = timeline.seek(t)
        copies = {name: array.copy() for name, array in state.items()}
        timeline.seek(t + 1000)
        assert same_bits(state, copies)


def test_stepping_back_is_a_look_up(monkeypatch):
    timeline = timeline_of("xor")
    per_step = len(timeline.program)
    end = 100 * per_step + 5
    timeline.seek(end)
    monkeypatch.setattr(timeline._motion, "_run_to", None)  # so any work would fail
    for t in range(end, end - 6, -1):
        timeline.seek(t)
        assert timeline.t == t


def test_neighbouring_states_share_what_did_not_change():
    timeline = timeline_of("xor")
    for t in range(1, 50):
        before, after = timeline.seek(t - 1), timeline.seek(t)
        written = timeline.program[(t - 1) % len(timeline.program)].writes
        assert all(after[name] is before[name] for name in after.keys() & before.keys() if name not in written), t


def test_locate_says_the_training_step_and_the_micro_step():
    timeline = timeline_of("xor")
    per_step = len(timeline.program)
    assert timeline.locate(0) == (0, 0, 0)
    assert timeline.locate(per_step - 1) == (0, 0, per_step - 1)
    assert timeline.locate(3 * per_step + 4) == (0, 3, 4)
    place = timeline.locate(per_step)
    assert (place.segment, place.training_step, place.micro_step) == (0, 1, 0)


@pytest.mark.parametrize("name", PLAINS)
def test_a_seek_without_time_goes_on_a_little_and_gets_there_in_the_end(name):
    timeline, t, last = timeline_of(name), 0, 40 * 22 + 3
    straight = straight_run(timeline.experiment, last)
    while timeline.t < last:
        state = timeline.seek(last, seconds=0)
        assert t < timeline.t <= last
        t = timeline.t
        assert same_bits(state, straight[t])


def test_a_seek_back_without_time_goes_on_from_a_checkpoint_and_gets_there():
    timeline = timeline_of("moons, uneven batches", history_bytes=3000)
    target = 250 * 22 + 7
    timeline.seek(600 * 22)
    reached = [-1]
    while reached[-1] != target:
        state = timeline.seek(target, seconds=0)
        assert reached[-1] < timeline.t <= target
        reached.append(timeline.t)
    assert same_bits(state, straight_run(timeline.experiment, target)[target])


def test_a_bounded_seek_far_away_comes_back_soon_with_a_moment_on_the_way():
    timeline = timeline_of("xor")
    state = timeline.seek(10**12, seconds=0.03)
    assert 0 < timeline.t < 10**9
    assert same_bits(state, timeline.seek(timeline.t))


@pytest.mark.parametrize("name", PLAINS)
def test_states_kept_where_time_was_over_are_true_and_so_are_those_before_them(name):
    timeline, last, reached = timeline_of(name), 300 * 22, [0]
    straight = straight_run(timeline.experiment, last)
    while timeline.t < last:
        assert same_bits(timeline.seek(last, seconds=0.001), straight[timeline.t])
        reached.append(timeline.t)
    for end in reached[:0:-1]:
        for t in range(end, max(-1, end - 30), -1):
            assert same_bits(timeline.seek(t), straight[t]), t


def test_moments_before_the_one_where_time_was_over_are_rerun_from_the_beginning_of_the_training_step(monkeypatch):
    timeline, reached, calls = timeline_of("moons, uneven batches"), list[int](), count()
    # By this clock a training step takes the same time however busy the machine is.
    monkeypatch.setattr("engine.run.timeline.perf_counter", lambda: 0.0004 * next(calls))
    for _ in range(6):
        timeline.seek(10**12, seconds=0.003)
        reached.append(timeline.t)
    per_step = len(timeline.program)
    monkeypatch.setattr(timeline._motion, "_run_steps", lambda *_: False)  # so no whole training step is run
    for end in reached[1:]:  # the first is of a timeline that does not know yet how long a training step takes
        for t in range(end - 1, end - per_step, -1):
            timeline.seek(t)
            assert timeline.t == t


def test_memory_stays_within_its_bytes_over_a_long_run():
    limit = 300_000
    timeline = timeline_of("moons, uneven batches", history_bytes=limit)
    timeline.seek(2000)
    tracemalloc.start()
    try:
        for t in (*range(2000, 5000), *range(5000, 120_000, 501), *range(100_000, 5000, -997)):
            timeline.seek(t)
        grown, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert grown < 2.3 * limit  # recent states, and as much again for checkpoints


def test_a_change_is_part_of_the_state_at_its_moment_and_of_no_earlier_one():
    timeline = timeline_of("xor")
    before = [timeline.seek(t) for t in range(31)]
    timeline.change(30, tensor="W1", index=[1, 0], value=5)
    assert timeline.seek(30)["W1"][1, 0] == 5
    expected = before[30]["W1"].copy()
    expected[1, 0] = 5
    assert np.array_equal(timeline.seek(30)["W1"], expected)
    assert all(timeline.seek(t) is before[t] for t in range(30))


def test_a_change_drops_the_future_and_the_changes_in_it_only_from_its_moment_on():
    timeline = timeline_of("xor")
    for t in (10, 40, 20):
        timeline.change(t, learning_rate=t / 100)
    assert [change.t for change in timeline.experiment.changes] == [10, 20]
    rates = {t: timeline.seek(t)["learning_rate"].item() for t in (9, 10, 19, 20, 60)}
    assert rates == pytest.approx({9: 0.5, 10: 0.1, 19: 0.1, 20: 0.2, 60: 0.2})


def test_a_change_written_over_at_the_same_moment_is_forgotten():
    timeline = timeline_of("xor")
    for value in (1, 2, 3):
        timeline.change(5, learning_rate=value)
        timeline.change(5, tensor="W1", index=[0, 0], value=value)
    timeline.change(5, tensor="W1", index=[0, 1], value=7)
    assert len(timeline.experiment.changes) == 3
    timeline.change(5, tensor="W1", value=[[1, 2], [3, 4]])
    assert [change.tensor for change in timeline.experiment.changes] == ["learning_rate", "W1"]
    assert timeline.seek(5)["W1"].tolist() == [[1, 2], [3, 4]]


def test_after_a_change_the_run_stands_no_later_than_there():
    timeline = timeline_of("xor")
    timeline.seek(30)
    timeline.change(40, learning_rate=1)
    assert timeline.t == 30
    timeline.change(10, learning_rate=1)
    assert timeline.t == 10


def test_a_changed_experiment_replays_to_the_same_bits_elsewhere():
    timeline = timeline_of("moons, uneven batches")
    timeline.change(0, tensor="b2", value=[0.25])
    timeline.change(22, learning_rate=0.01)
    timeline.change(31, tensor="W2", index=[0, 2], value=-1)
    elsewhere = Timeline(Experiment.from_dict(timeline.experiment.to_dict()))
    for t in (100, 31, 30, 22, 21, 0):
        assert same_bits(timeline.seek(t), elsewhere.seek(t))


def test_a_change_may_lie_ahead_and_is_met_when_the_run_gets_there():
    timeline = timeline_of("xor")
    timeline.seek(10)
    timeline.change(700, learning_rate=0)
    assert timeline.seek(699)["learning_rate"] == 0.5
    assert same_bits(timeline.seek(3000), straight_run(timeline.experiment, 3000)[3000])


BAD_MOMENTS = [-1, 2**53, 1.0, "3", None, True, float("nan"), [1]]


@pytest.mark.parametrize("t", BAD_MOMENTS)
def test_an_invalid_moment_is_refused_and_the_run_stays_where_it_is(t):
    timeline = timeline_of("xor")
    timeline.seek(9)
    with pytest.raises(Refusal) as refusal:
        timeline.seek(t)
    assert str(refusal.value) == f"invalid t: {t!r} (0 to 9007199254740991)"
    assert timeline.t == 9


BAD_CHANGES = [
    ({}, "missing field (change.tensor)"),
    ({"tensor": "W1"}, "missing field (change.value)"),
    ({"tensor": "a1", "value": 1}, "unknown tensor: 'a1' (one of: W1, W2, b1, b2)"),
    ({"tensor": "W3", "value": 1}, "unknown tensor: 'W3' (one of: W1, W2, b1, b2)"),
    ({"tensor": "W1", "value": 1}, "invalid value: 1 (a list of 2)"),
    ({"tensor": "b1", "value": [1, 2, 3]}, "invalid value: [1, 2, 3] (a list of 2)"),
    ({"tensor": "b1", "value": [1, "2"]}, "invalid value: '2' (-1e+06 to 1e+06)"),
    ({"tensor": "W1", "index": [0], "value": 1}, "invalid index: [0] (a list of 2)"),
    ({"tensor": "W1", "index": [0, 2], "value": 1}, "invalid index: 2 (0 to 1)"),
    ({"tensor": "W1", "index": [-1, 0], "value": 1}, "invalid index: -1 (0 to 1)"),
    ({"tensor": "W1", "index": [0, 0], "value": float("nan")}, "invalid value: nan (-1e+06 to 1e+06)"),
    ({"tensor": "W1", "index": [0, 0], "value": 1e7}, "invalid value: 10000000.0 (-1e+06 to 1e+06)"),
    ({"tensor": "W1", "index": [0, 0], "value": [1]}, "invalid value: [1] (-1e+06 to 1e+06)"),
    ({"learning_rate": -1}, "invalid learning rate: -1 (0 to 1e+06)"),
    ({"learning_rate": True}, "invalid learning rate: True (0 to 1e+06)"),
    ({"learning_rate": 1, "tensor": "W1"}, "unknown field: 'tensor' (one of: learning_rate, t)"),
    ({"lr": 1}, "unknown field: 'lr' (one of: index, learning_rate, t, tensor, value)"),
]


@pytest.mark.parametrize(("write", "message"), BAD_CHANGES)
def test_a_change_that_does_not_fit_is_refused_and_nothing_has_changed(write, message):
    timeline = timeline_of("xor")
    states = [timeline.seek(t) for t in range(30)]
    experiment_before = timeline.experiment
    with pytest.raises(Refusal) as refusal:
        timeline.change(10, **write)
    assert str(refusal.value) == message
    assert timeline.experiment is experiment_before
    assert timeline.t == 29
    assert all(timeline.seek(t) is states[t] for t in range(30))


@pytest.mark.parametrize("t", BAD_MOMENTS)
def test_a_change_at_an_invalid_moment_is_refused(t):
    timeline = timeline_of("xor")
    with pytest.raises(Refusal, match=r"^invalid t: "):
        timeline.change(t, learning_rate=1)
    assert timeline.experiment.changes == ()
