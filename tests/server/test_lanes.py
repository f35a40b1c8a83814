"""Lanes on the wire: forks in lockstep have the bits of runs alone, where they part, and what is asked of each."""

import numpy as np
import pytest
from hypothesis import strategies as st

from engine import Experiment, Timeline
from engine.evaluate.evaluation import evaluate
from engine.experiment.presets import PRESETS
from tests.helpers.drawn import drawn
from tests.helpers.networks import plain, same_bits, straight_run, table_experiments
from tests.helpers.session import XOR, look, reach, say, started

CHANGES = (
    {"learning_rate": 0.03},
    {"tensor": "W1", "index": [0, 0], "value": -1.25},
    {"optimizer": {"name": "adam", "learning_rate": 0.02}},
    {"clip_norm": 0.1},
)


@drawn(table_experiments(), st.data(), few=8, many=1000)
def test_lanes_in_lockstep_have_the_bits_of_the_same_experiments_run_alone(chosen, data):
    session = started(chosen.to_dict())
    last = 8 * len(Timeline(chosen).program)
    forms = {}
    for name in ("B", "C"):
        t = data.draw(st.integers(0, last))
        say(session, command="fork", t=t, **{"as": name})
        change = data.draw(st.sampled_from(CHANGES))
        forms[name] = say(session, command="change", run=name, t=t, **change)["listing"]["experiment"]
    alone = {name: straight_run(Experiment.from_dict(form), last) for name, form in forms.items()}
    alone["first"] = straight_run(chosen, last)
    for t in (
        *sorted(data.draw(st.lists(st.integers(0, last), min_size=2, max_size=4))),
        data.draw(st.integers(0, last)),
    ):
        for name, states in alone.items():
            assert same_bits(reach(session, t, run=name)[0], states[t])


def test_where_two_runs_part_is_told_with_the_numbers_of_both():
    session = started()
    reach(session, 60)
    say(session, command="fork", t=31, **{"as": "B"})
    assert say(session, command="compare", run="B", upto=2, **{"with": "first"})["parting"] is None
    say(session, command="change", run="B", t=31, tensor="W1", index=[0, 1], value=0.3)
    found = say(session, command="compare", run="B", since=1, upto=2, **{"with": "first"})["parting"]
    assert (found["training_step"], found["t"], found["tensor"], found["index"]) == (1, [31, 31], "W1", [0, 1])
    assert found["values"] == [float(reach(session, 31, run=run)[0]["W1"][0, 1]) for run in ("B", "first")]


def test_the_first_training_steps_of_a_comparison_must_have_been_reached():
    session = started()
    say(session, command="fork", t=0, **{"as": "B"})
    answer = say(session, command="compare", run="B", since=10**12, upto=10**12, **{"with": "first"})
    assert "a moment that has been sought" in answer["refused"]


@pytest.mark.parametrize("t", [0, 3, 18, 40])
def test_the_standing_of_a_run_is_what_its_tensors_and_its_examples_say(t):
    form = plain((3, "tanh"), (1, "sigmoid"), dataset="moons", mini_batch_size=10)
    session, experiment = started(form), Experiment.from_dict(form)
    tensors, _ = reach(session, t)
    found = say(session, command="ask", question="standing", t=t, most=20)["answer"]
    assert found["loss"] == (float(tensors["loss"]) if "loss" in tensors else None)
    gradients = [tensors[name] for name in ("dW1", "db1", "dW2", "db2") if name in tensors]
    norm = float(np.sqrt(sum(np.sum(each.astype(float) ** 2) for each in gradients)))
    assert found["gradient_norm"] == (pytest.approx(norm) if len(gradients) == 4 else None)
    assert found["training"] == evaluate(experiment, tensors, "training", 20)
    if "a0" in tensors:
        assert same_bits({"a0": experiment.data.x_train[found["rows"]].astype(np.float32)}, {"a0": tensors["a0"]})


def test_lanes_with_the_same_size_of_mini_batch_have_the_same_mini_batches():
    session, ring = started(PRESETS["ring"]), PRESETS["ring"]
    say(session, command="start", run="B", experiment=ring | {"layers": ring["layers"][1:]})
    for step in (0, 5, 16):
        rows = []
        for run, form in (("first", ring), ("B", ring | {"layers": ring["layers"][1:]})):
            t = Timeline(Experiment.from_dict(form)).t_of(step) + 1
            reach(session, t, run=run)
            rows.append(say(session, command="ask", run=run, question="standing", t=t)["answer"]["rows"])
        assert rows[0] == rows[1] and len(rows[0]) == 20


def test_the_ground_of_a_network_that_is_too_large_is_refused():
    session = started(PRESETS["digits_13002"])
    assert "at most 200 parameters" in say(session, command="ask", question="ground", t=0)["refused"]
    assert look(session, command="seek", t=1)[1]["t"] == "1"
    assert say(started(XOR), command="ask", question="ground", t=0)["answer"]["ground"] in ("moving", "plateau")
