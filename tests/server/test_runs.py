"""A session holds several runs by their names; forks share the moments before them, and limits count all runs."""

import json
from time import perf_counter

import numpy as np
import pytest
from hypothesis import strategies as st

from engine import Experiment, Timeline
from engine.experiment.presets import PRESETS
from engine.until.kinds import CONDITIONS
from server.capacity import Capacity
from server.limits import LEAST_HISTORY_BYTES, RUNS
from server.session import Session
from tests.helpers.drawn import drawn
from tests.helpers.networks import experiment, plain, same_bits, straight_run, table_experiments
from tests.helpers.session import XOR, look, reach, say, started

ADAM = {"optimizer": {"name": "adam", "learning_rate": 0.01}}
DIVERGES = plain((2, "identity"), (1, "identity"), dataset="sine", rate=30.0, mini_batch_size=100)


def straight(form, last):
    return straight_run(Experiment.from_dict(form), last)


def test_a_fork_goes_its_own_way_from_its_moment_on_and_the_first_run_stays_as_it_was():
    session = started()
    reach(session, 60)
    forked = say(session, command="fork", t=31, **{"as": "other"})["listing"]
    assert forked["experiment"] == Experiment.from_dict(XOR).to_dict()
    changed = say(session, command="change", run="other", t=31, learning_rate=0.01)["listing"]
    one, other = straight(XOR, 80), straight(changed["experiment"], 80)
    assert not same_bits(one[80], other[80])
    for t in (80, 31, 30, 0, 55):
        assert same_bits(reach(session, t, run="other")[0], other[t])
        assert same_bits(reach(session, t)[0], one[t])
        assert same_bits(reach(session, t, run="first")[0], one[t])
    answers = [
        say(session, command="ask", question="evaluate", t=80, **run)["answer"] for run in ({}, {"run": "other"})
    ]
    assert answers[0] != answers[1]


def test_a_fork_has_the_changes_up_to_its_moment_and_none_after_it():
    session = started()
    for t in (10, 20, 30):
        say(session, command="change", t=t, learning_rate=t / 100)
    found = say(session, command="fork", t=20, **{"as": "b"})["listing"]["experiment"]
    assert [change["t"] for change in found["changes"]] == [10, 20]
    assert same_bits(reach(session, 50, run="b")[0], straight(found, 50)[50])


def test_a_run_may_be_forked_where_nobody_has_been_and_a_fork_may_be_forked():
    session = started()
    say(session, command="fork", t=400, **{"as": "b"})
    say(session, command="change", run="b", t=400, **ADAM)
    say(session, command="fork", run="b", t=500, **{"as": "c"})
    listing = say(session, command="change", run="c", t=500, learning_rate=0)["listing"]
    assert same_bits(reach(session, 600, run="c")[0], straight(listing["experiment"], 600)[600])


def test_a_run_of_another_experiment_may_be_started_beside_the_first_and_replaced():
    session, other = started(), plain((4, "relu"), (1, "identity"), dataset="sine", mini_batch_size=20)
    for form in (other, other | {"seed": 3}):
        listing = say(session, command="start", run="B-2_x", experiment=form)["listing"]
        assert listing["sizes"] == [1, 4, 1]
        assert same_bits(reach(session, 40, run="B-2_x")[0], straight(form, 40)[40])
    assert same_bits(reach(session, 40)[0], straight(XOR, 40)[40])


def test_a_run_that_is_stopped_is_gone_and_its_name_and_its_memory_are_free():
    capacity = Capacity()
    session = Session(capacity)
    assert capacity.enter(id(session))
    say(session, command="start", experiment=XOR)
    before = capacity.taken
    say(session, command="fork", t=0, **{"as": "b"})
    assert capacity.taken == 2 * before
    assert say(session, command="stop", run="b") == {"stopped": "b"}
    assert capacity.taken == before
    assert say(session, command="seek", run="b", t=0)["refused"] == "unknown run: 'b' (one of: first)"
    say(session, command="fork", t=0, **{"as": "b"})
    assert say(session, command="stop") == {"stopped": "first"}
    assert "unknown run: 'first' (one of: b)" in say(session, command="seek", t=0)["refused"]
    assert say(session, command="stop", run="b") == {"stopped": "b"}
    assert "start comes first" in say(session, command="stop", run="b")["refused"]
    assert capacity.taken == 0


NAMES = "1 to 64 letters, digits, - and _"


@pytest.mark.parametrize(
    ("command", "field", "message"),
    [
        ({"command": "seek", "t": 0, "run": "b"}, "run", "unknown run: 'b' (one of: first)"),
        ({"command": "seek", "t": 0, "run": 3}, "run", f"invalid run: 3 ({NAMES})"),
        ({"command": "start", "experiment": XOR, "run": ""}, "run", f"invalid run: '' ({NAMES})"),
        ({"command": "start", "experiment": XOR, "run": "a b"}, "run", f"invalid run: 'a b' ({NAMES})"),
        ({"command": "start", "experiment": XOR, "run": "x\n"}, "run", f"invalid run: 'x\\n' ({NAMES})"),
        ({"command": "fork", "t": 0, "as": "x" * 65}, "as", f"invalid run: '{'x' * 56}... ({NAMES})"),
        ({"command": "fork", "t": 0, "as": "first"}, "as", "invalid run: 'first' (a name that is not taken)"),
        ({"command": "fork", "t": 0}, "as", "missing field (as)"),
        ({"command": "fork", "as": "b"}, "t", "missing field (t)"),
        ({"command": "fork", "t": -1, "as": "b"}, "t", "invalid t: -1 (0 to 9007199254740991)"),
        ({"command": "fork", "t": 0, "as": "b", "to": 1}, "to", "unknown field: 'to' (one of: as, t)"),
        ({"command": "stop", "t": 0}, "t", "unknown field: 't' (one of: )"),
        ({"command": "seek", "t": 0, "until": {"name": "nan"}}, "until.name",
         f"unknown condition: 'nan' (one of: {', '.join(sorted(CONDITIONS))})"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_run_is_refused_by_name_and_no_run_comes_or_goes(command, field, message):
    session = started()
    answer = say(session, **command)
    assert (answer["refused"], answer["field"]) == (message, field)
    assert say(session, command="seek", t=0, run="zzz")["refused"] == "unknown run: 'zzz' (one of: first)"


def test_a_session_holds_so_many_runs_and_no_more():
    session = started()
    for number in range(RUNS - 1):
        assert "listing" in say(session, command="fork", t=0, **{"as": f"r{number}"})
    for command in ({"command": "fork", "t": 0, "as": "more"}, {"command": "start", "experiment": XOR, "run": "more"}):
        assert say(session, **command)["refused"] == f"invalid run: 'more' (at most {RUNS} at once)"
    assert "listing" in say(session, command="start", experiment=XOR, run="r0")
    say(session, command="stop", run="r0")
    assert "listing" in say(session, command="fork", t=0, **{"as": "more"})


def test_all_runs_count_for_what_sessions_may_take_together():
    small = Capacity()
    small.reserve(1, Experiment.from_dict(XOR))
    session = Session(Capacity(total=2 * (small.taken + LEAST_HISTORY_BYTES)))
    say(session, command="start", experiment=XOR)
    say(session, command="fork", t=0, **{"as": "b"})
    assert "the server is busy" in say(session, command="fork", t=0, **{"as": "c"})["refused"]
    say(session, command="stop", run="b")
    assert "listing" in say(session, command="fork", t=0, **{"as": "c"})


@drawn(table_experiments(), st.data(), few=15, many=100)
def test_the_bits_of_a_fork_are_those_of_the_same_experiment_run_alone(chosen, data):
    timeline = Timeline(chosen, data.draw(st.sampled_from([1, 20_000, 1 << 22])))
    last = 24 * len(timeline.program)
    moments = st.integers(0, last)
    for _ in range(data.draw(st.integers(0, 3))):
        timeline.seek(data.draw(moments), data.draw(st.sampled_from([0, float("inf")])))
    t = data.draw(moments)
    forked = timeline.fork(t)
    kind = data.draw(st.sampled_from(["none", "rate", "weight", "optimizer"]))
    at = data.draw(st.integers(t, last))
    if kind == "rate":
        forked.change(at, learning_rate=data.draw(st.sampled_from([0, 0.5])))
    elif kind == "weight":
        forked.change(at, tensor="W1", index=[0, 0], value=data.draw(st.floats(-3, 3, width=32)))
    elif kind == "optimizer":
        forked.change(at, **ADAM)
    for run in (forked, timeline):
        alone = straight_run(run.experiment, last)
        for moment in (at, last, t, data.draw(moments), 0):
            assert same_bits(run.seek(moment), alone[moment])


def test_a_fork_shares_the_very_arrays_of_the_moments_before_it_and_runs_nothing(monkeypatch):
    timeline = Timeline(experiment((3, "tanh"), (1, "sigmoid")), 1 << 20)
    states = [timeline.seek(t) for t in range(200)]
    forked = timeline.fork(150)
    monkeypatch.setattr(forked._motion, "_run_to", None)  # so any work would fail
    for t in range(151):
        assert all(forked.seek(t)[name] is array for name, array in states[t].items())
    for landmark in timeline.landmarks(150):
        assert all(array is timeline.carried_at(landmark)[name] for name, array in forked.carried_at(landmark).items())
    assert forked.landmarks(10**6) == timeline.landmarks(150)
    with pytest.raises(TypeError):
        forked.seek(151)


@pytest.mark.parametrize("name", ["xor", "digits_13002"])
def test_a_fork_at_a_moment_that_is_kept_answers_at_once(name):
    session = started(PRESETS[name])
    for _ in range(60):
        look(session, command="seek", t=2**53 - 1)
    t = int(look(session, command="seek", t=2**53 - 1)[1]["t"])
    for back in range(200):
        look(session, command="seek", t=t - back, watch={"tensors": ["loss"]})
    took = []
    for number in range(5):
        began = perf_counter()
        answer = say(session, command="fork", t=t - 100, **{"as": f"r{number}"})
        took.append(perf_counter() - began)
        assert "listing" in answer
    assert min(took) < 0.1


def test_a_seek_with_a_condition_says_that_it_stopped_and_goes_on_from_there():
    session, timeline = started(DIVERGES), Timeline(Experiment.from_dict(DIVERGES))
    until = {"name": "not_finite"}
    while True:
        tensors, metadata = look(session, command="seek", t=10**6, until=until)
        if "until" in metadata:
            break
    states = straight(DIVERGES, int(metadata["t"]))
    assert metadata["until"] == "not_finite"
    assert timeline.program[timeline.locate(int(metadata["t"]) - 1).micro_step].writes == ("loss",)
    assert not np.isfinite(tensors["loss"])
    assert same_bits(tensors, states[-1])
    assert all(np.isfinite(state["loss"]) for state in states[:-1] if "loss" in state)
    say(session, command="ask", question="first_not_finite", t=int(metadata["t"]))  # a question moves no run
    _, later = look(session, command="seek", t=int(metadata["t"]) + 1, until=until)
    assert "until" not in later
    assert int(later["t"]) == int(metadata["t"]) + 1
    _, back = look(session, command="seek", t=3, until=until)
    assert back == {"t": "3", "id": "7"}


def test_a_seek_with_a_condition_that_is_not_met_is_as_any_other():
    session = started()
    until = {"name": "loss_above", "value": 1e9}
    tensors, metadata = reach(session, 500, until=until)
    assert "until" not in metadata
    assert same_bits(tensors, straight(XOR, 500)[500])


def test_each_run_has_a_moment_of_its_own_from_which_conditions_are_asked():
    session = started(DIVERGES)
    say(session, command="fork", t=0, **{"as": "b"})
    until = json.loads('{"name": "not_finite"}')
    met = []
    for run in ("first", "b"):
        metadata = {"t": "0", "id": "7"}
        while "until" not in metadata:
            _, metadata = look(session, command="seek", run=run, t=10**6, until=until)
        met.append(metadata["t"])
    assert met[0] == met[1]
