"""Each condition, alone and combined, ends a seek at the first such moment of a straight run, on every way to it."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import assume
from hypothesis import strategies as st

from engine import Experiment, Timeline
from engine.run.motion import FOREVER
from engine.until.kinds import CONDITIONS
from engine.until.reading import until_of
from engine.until.sharpness import sharpness
from tests.helpers.drawn import drawn
from tests.helpers.networks import experiment, same_bits, straight_run
from tests.helpers.stops import ORACLES, Plain, Straightforward, sharpest

STEPS = 40  # training steps: two checkpoints lie in them
MOONS = {"name": "moons", "examples": 24, "noise": 0.4}
NETWORKS: dict[str, Experiment] = {
    "relu": experiment((6, "relu"), (5, "relu"), (1, "sigmoid"), dataset=MOONS, rate=0.9, mini_batch_size=6),
    "tanh": experiment(
        (4, "tanh"), (3, "sigmoid"), (1, "sigmoid"), dataset=MOONS, mini_batch_size=6,
        optimizer={"name": "adam", "learning_rate": 0.1}, regularization={"l2": 0.01},
        changes=[{"t": 555, "tensor": "b1", "index": [2], "value": 6.0}],
    ),
    "norm": experiment(
        (4, "relu", {"batch_norm": True}), (2, "softmax"), dataset=MOONS, mini_batch_size=7,
        optimizer={"name": "momentum", "learning_rate": 0.3}, clip_norm=0.5,
    ),
}  # fmt: skip
SIZES = {"activation_rms": 0.5, "gradient_rms": 0.1, "gradient_norm": 0.3, "update_ratio": 0.05}
WAYS = ["at once", "step by step", "in slices", "from a kept past", "at full speed", "after a change"]


@cache
def straight(name: str) -> Straightforward:
    timeline = Timeline(NETWORKS[name])
    return Straightforward(timeline, straight_run(NETWORKS[name], STEPS * len(timeline.program)))


def go(timeline: Timeline, way: str, since: int, last: int, until: Any) -> None:
    """Seek the last moment from ``since`` with the condition, in one of several ways."""
    if way == "from a kept past":
        timeline.seek(last)
    if way == "at full speed":
        timeline.seek(timeline.t_of(STEPS))  # it knows now that training steps are quick
        timeline._motion.step_seconds = 0.0
        timeline.seek(last, until=until, since=since)
        return
    if way == "after a change":
        timeline.seek(last, until=until)
        timeline.become(timeline.experiment, since)
    timeline.seek(since)
    seconds = 0 if way == "in slices" else FOREVER
    t = since
    for _ in range(50 * last):
        timeline.seek(t + 1 if way == "step by step" else last, seconds, until, since=t)
        t = timeline.t
        if t == last or timeline.ended_by:
            return
    raise AssertionError("it does not come to an end")


def alone(draw: st.DrawFn, run: Straightforward) -> Plain:
    """A condition whose numbers are of the size that they have in the run."""
    chosen = run.timeline.experiment
    fits = [name for name, kind in CONDITIONS.items() if kind.suits(chosen) is None and name != "sharpness"]
    name = draw(st.sampled_from(fits))
    form: Plain = {"name": name}
    for field in CONDITIONS[name].fields:
        offer = field.offer(chosen)
        if offer["kind"] in ("choice", "layer"):
            form[field.name] = draw(st.sampled_from(offer["choices"]))
        elif offer["kind"] == "index":
            form["index"] = [draw(st.integers(0, n - 1)) for n in offer["shapes"][form["tensor"]]]
        elif offer["kind"] == "number":
            form[field.name] = SIZES.get(name, 0.6) * draw(st.floats(0.2, 1.6)) + form.get("low", 0)
            if name == "accuracy_from":
                form[field.name] = min(1.0, form[field.name])
        else:
            form[field.name] = draw(st.integers(1, 4))
    return form


@st.composite
def forms(draw: st.DrawFn, name: str) -> Plain:
    """A condition, or a combination of some, at most two deep."""
    run = straight(name)
    shape = draw(st.sampled_from(["alone", "any", "all", "any of all", "all of any"]))
    if shape == "alone":
        return alone(draw, run)
    some = [[alone(draw, run) for _ in range(draw(st.integers(1, 3)))] for _ in range(2)]
    if shape in ("any", "all"):
        return {shape: some[0]}
    outer, inner = shape.split(" of ")
    return {outer: [{inner: each} for each in some]}


@drawn(st.sampled_from(sorted(NETWORKS)), st.data(), few=15, many=1500)
def test_a_seek_ends_at_the_first_such_moment_of_a_straight_run_from_any_beginning(name, data):
    run = straight(name)
    form, way = data.draw(forms(name)), data.draw(st.sampled_from(WAYS))
    since, last = sorted(data.draw(st.tuples(*[st.integers(0, len(run.straight) - 1)] * 2)))
    assume(since < last)
    timeline = Timeline(NETWORKS[name], data.draw(st.sampled_from([1, 1 << 22])))
    go(timeline, way, since, last, until_of(form, NETWORKS[name]))
    expected = run.first(form, since, last)
    assert timeline.t == (last if expected is None else expected)
    assert (timeline.ended_by is None) == (expected is None)
    assert same_bits(timeline.seek(timeline.t), run.straight[timeline.t])


SURE: list[tuple[str, Plain]] = [
    ("tanh", {"name": "loss_rises", "times": 2}),
    ("tanh", {"name": "gradient_norm", "low": 0.02, "high": 0.2}),
    ("tanh", {"name": "activation_rms", "layer": 1, "value": 0.6}),
    ("tanh", {"name": "gradient_rms", "layer": 2, "value": 0.02}),
    ("tanh", {"name": "update_ratio", "layer": 1, "low": 0.05, "high": 1.0}),
    ("relu", {"name": "dead", "layer": 1, "times": 3}),
    ("tanh", {"name": "saturated", "layer": 1, "times": 3}),
    ("relu", {"name": "class_changes", "example": 3, "every": 2}),
    ("tanh", {"name": "sign_changes", "tensor": "W2", "index": [0, 1]}),
    ("tanh", {"name": "held_out_rises", "epochs": 1}),
    ("norm", {"name": "sharpness", "value": 0.5, "every": 5}),
]


@pytest.mark.parametrize(("name", "form"), SURE, ids=[form["name"] for _, form in SURE])
def test_each_condition_becomes_true_within_a_short_run(name, form):
    run = straight(name)
    timeline, last = Timeline(NETWORKS[name]), len(run.straight) - 1
    timeline.seek(last, until=until_of(form, NETWORKS[name]))
    assert timeline.ended_by and timeline.ended_by.name == form["name"]
    assert timeline.t == run.first(form, 0, last) != last


@pytest.mark.parametrize("optimizer", ["gradient_descent", "adam"])
def test_the_update_ratio_of_many_weights_ends_a_seek_however_near_its_bounds_are(optimizer):
    wide = experiment(
        (60, "tanh"), (40, "tanh"), (1, "sigmoid"), dataset=MOONS, mini_batch_size=6,
        optimizer={"name": optimizer, "learning_rate": 0.01},
    )  # fmt: skip
    last = 100 * len(Timeline(wide).program)
    run = Straightforward(Timeline(wide), straight_run(wide, last))
    states = [run.straight[t] for t in run.after("W2", "uW2")]
    ratios = np.sort([np.linalg.norm(state["uW2"]) / np.linalg.norm(state["W2"]) for state in states])
    lows, highs = (
        [0.999 * ratios[0], 1.001 * ratios[0], ratios[9]],
        [1.001 * ratios[-1], 0.999 * ratios[-1], ratios[-9]],
    )
    for low, high in [*((low, 1.0) for low in lows), *((0.0, high) for high in highs)]:
        form = {"name": "update_ratio", "layer": 2, "low": float(low), "high": float(high)}
        timeline = Timeline(wide)
        timeline._motion.step_seconds = 0.0  # training steps are quick
        timeline.seek(last, until=until_of(form, wide))
        expected = run.first(form, 0, last)
        assert timeline.t == (last if expected is None else expected)


@pytest.mark.parametrize("since", [0, 224])
@pytest.mark.parametrize("seconds", [0.0, FOREVER])
def test_conditions_of_one_moment_are_tested_together(since, seconds):
    form = {"all": [{"name": "loss_below", "value": 0.6}, {"name": "loss_above", "value": 0.15}]}
    run, timeline = straight("relu"), Timeline(NETWORKS["relu"])
    timeline.seek(since)
    timeline._motion.step_seconds = seconds
    timeline.seek(300, until=until_of(form, NETWORKS["relu"]))
    assert timeline.t == run.first(form, since, 300) != 300


def test_every_condition_has_an_oracle():
    assert set(ORACLES) == set(CONDITIONS)


@pytest.mark.parametrize("name", sorted(NETWORKS))
def test_sharpness_is_the_largest_eigenvalue_of_the_whole_hessian(name):
    chosen, run = NETWORKS[name], straight(name)
    for t in (0, len(run.straight) - 1):
        value, vector = sharpness(chosen, run.straight[t])
        assert value == pytest.approx(sharpest(chosen, run.straight[t]), rel=2e-3)
        assert np.linalg.norm(vector) == pytest.approx(1)


def test_what_is_remembered_is_dropped_by_a_change_of_the_run():
    run = straight("tanh")
    form = {"name": "loss_rises", "times": 1}
    until = until_of(form, NETWORKS["tanh"])
    timeline = Timeline(NETWORKS["tanh"])
    met = run.first(form, 0, len(run.straight) - 1)
    assert met
    timeline.seek(met, until=until)
    step = timeline.locate(met - 1).training_step
    timeline.change(timeline.t_of(step), learning_rate=0.0)
    changed = timeline.experiment
    last = timeline.t_of(step + 8)
    timeline.seek(last, until=until, since=timeline.t_of(step))
    again = Timeline(changed)
    expected = Straightforward(again, straight_run(changed, last)).first(form, again.t_of(step), last)
    assert timeline.t == (last if expected is None else expected)


CHANGES: list[Callable[[Timeline, int], None]] = [
    lambda timeline, t: timeline.change(t, layers=[
        {**layer.to_dict(), "activation": "softplus"} for layer in timeline.experiment.layers[:-1]
    ] + [timeline.experiment.layers[-1].to_dict()]),
    lambda timeline, t: timeline.change(t, tensor="W1", index=[0, 0], value=9.0),
    lambda timeline, t: timeline.change(t, optimizer={"name": "adam", "learning_rate": 0.01}),
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=["other activations", "a weight", "another optimizer"])
@pytest.mark.parametrize("form", [form for _, form in SURE if form["name"] != "sharpness"], ids=lambda f: f["name"])
def test_conditions_go_on_through_changes_where_they_still_fit(change, form):
    chosen = NETWORKS["relu" if form["name"] == "dead" else "tanh"]
    timeline = Timeline(chosen)
    until, t = until_of(form, chosen), timeline.t_of(9) + 3
    change(timeline, t)
    slow, quick = (Timeline(timeline.experiment) for _ in range(2))
    last = timeline.t_of(30)
    since = t + 1
    while since < last:
        slow.seek(since + 1, until=until, since=since)
        since += 1
        if slow.ended_by:
            break
    quick._motion.step_seconds = 0.0
    quick.seek(last, until=until, since=t + 1)
    assert (quick.t, quick.ended_by) == (since, slow.ended_by)
