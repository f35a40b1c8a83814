"""Conditions on accuracies, and on losses over whole splits, against what `evaluate` says of a straight run."""

from typing import Any

import numpy as np
import pytest

from engine import Experiment, Timeline
from engine.evaluate.evaluation import evaluate
from engine.experiment.presets import PRESETS
from engine.run.motion import FOREVER
from engine.until import losses
from engine.until.reading import until_of
from tests.helpers.networks import experiment, plain, same_bits, straight_run

MOONS = experiment((4, "tanh"), (1, "sigmoid"), dataset={"name": "moons", "examples": 60}, rate=0.5, mini_batch_size=20)
HINGE = experiment((4, "tanh"), (1, "tanh"), dataset="moons", loss="hinge", rate=0.2, mini_batch_size=200)
STEPS = 40


def first(chosen: Experiment, form: dict[str, Any], since: int = 0) -> int | None:
    """The first moment after ``since`` of a straight run at which the condition is true, by the definition."""
    timeline = Timeline(chosen)
    straight = straight_run(timeline.experiment, timeline.t_of(STEPS))
    of, value = form.get("of", "mini_batch"), form["value"]
    passes = {"loss_below": np.less, "loss_above": np.greater, "accuracy_from": np.greater_equal}[form["name"]]
    quantity = "accuracy" if form["name"] == "accuracy_from" else "loss"
    for t in range(since + 1, len(straight)):
        if of == "mini_batch":
            place = timeline.locate(t - 1)
            if timeline.segment_at(t - 1).program[place.micro_step].writes != ("loss",):
                continue
            boundary = 0 if chosen.loss == "hinge" else 0.5
            a, y = straight[t][f"a{len(chosen.layers)}"], straight[t]["y"]
            right = (a > boundary) == (y > 0.5) if y.shape[1] == 1 else a.argmax(1) == y.argmax(1)
            found = right.mean() if quantity == "accuracy" else straight[t]["loss"]
        elif t in [timeline.t_of(step) for step in range(0, STEPS + 1, chosen.steps_per_epoch)]:
            found = evaluate(timeline.segment_at(t).experiment, straight[t], of)[quantity]
        else:
            continue
        if passes(found, value):
            return t
    return None


FORMS: list[dict[str, Any]] = [
    {"name": "accuracy_from", "value": 0.85},
    {"name": "accuracy_from", "value": 0.9, "of": "mini_batch"},
    {"name": "accuracy_from", "value": 0.85, "of": "training"},
    {"name": "accuracy_from", "value": 0.9, "of": "held_out"},
    {"name": "accuracy_from", "value": 1.0, "of": "held_out"},
    {"name": "loss_below", "value": 0.35, "of": "training"},
    {"name": "loss_below", "value": 0.3, "of": "held_out"},
    {"name": "loss_above", "value": 0.3, "of": "training"},
]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: "-".join(map(str, form.values())))
@pytest.mark.parametrize("chosen", [MOONS, HINGE], ids=["three steps an epoch", "one step an epoch"])
def test_a_seek_ends_at_the_first_moment_at_which_the_condition_is_true_of_a_straight_run(chosen, form):
    timeline = Timeline(chosen)
    expected, last = first(chosen, form), timeline.t_of(STEPS)
    until = until_of(form, chosen)
    state = timeline.seek(last, until=until)
    assert (timeline.t, timeline.ended_by) == ((last, None) if expected is None else (expected, until))
    assert same_bits(state, straight_run(chosen, timeline.t)[-1])
    in_slices = Timeline(chosen, 1)
    while in_slices.t < last and in_slices.ended_by is None:
        in_slices.seek(last, 0, until)
    assert in_slices.t == timeline.t
    quick = Timeline(chosen)
    quick.seek(last)  # from now on it knows how long a training step takes, and strides through them
    quick.seek(last, FOREVER, until, since=0)
    assert (quick.t, quick.ended_by is None) == (timeline.t, timeline.ended_by is None)


def test_of_several_conditions_the_first_that_is_true_ends_the_seek():
    chosen = Experiment.from_dict(PRESETS["xor"] | {"loss": "squared_error"})
    forms = [{"name": "not_finite"}, {"name": "accuracy_from", "value": 1, "of": "training"}]
    forms += [{"name": "loss_below", "value": 0.02}]
    found = until_of(forms, chosen).leaves
    timeline = Timeline(chosen)
    met = {}
    for until in found[1:]:
        timeline.seek(0)
        timeline.seek(10**6, until=until)
        met[timeline.t] = until
    for several in (found, found[::-1]):
        other = Timeline(chosen)
        other.seek(10**6, until=several)
        assert (other.t, other.ended_by) == (min(met), met[min(met)])


def test_a_change_of_structure_at_the_end_of_an_epoch_is_what_is_evaluated():
    timeline = Timeline(MOONS)
    t = timeline.t_of(3)
    timeline.change(t, tensor="b2", value=[9.0])
    timeline.change(t, layers=plain((4, "relu"), (1, "sigmoid"))["layers"])
    loss = evaluate(timeline.segment_at(t).experiment, timeline.seek(t), "training")["loss"]
    until = until_of({"name": "loss_above", "value": loss * 0.999, "of": "training"}, MOONS)
    other = Timeline(timeline.experiment)
    other.seek(timeline.t_of(10), until=until)
    assert other.t == t


def test_a_large_split_is_evaluated_by_a_sample_that_is_always_the_same(monkeypatch):
    monkeypatch.setattr(losses, "WORK", 8 * (2 * 4 + 4))
    assert losses.most_examples(MOONS) == 8
    timeline = Timeline(MOONS)
    state = timeline.seek(timeline.t_of(3))
    until = until_of({"name": "loss_below", "value": 1, "of": "training"}, MOONS)
    sample = evaluate(MOONS, state, "training", 8)["loss"]
    assert sample != evaluate(MOONS, state, "training")["loss"]
    for value, true in ((sample * 1.001, True), (sample * 0.999, False)):
        until = until_of({"name": "loss_below", "value": value, "of": "training"}, MOONS)
        (leaf,) = until.leaves
        assert leaf.holds(np.array([leaf.measured(MOONS, state)])).tolist() == [true]
