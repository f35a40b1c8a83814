"""The learning rate of every training step follows its schedule."""

from math import cos, pi
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from engine import Experiment, Timeline
from engine.methods.schedules import SCHEDULES
from tests.helpers.networks import experiment, methods, plain

STEPS = 14


def timeline_of(schedule: dict[str, Any] | None, rate: float = 0.5, **fields: Any) -> Timeline:
    return Timeline(experiment((1, "sigmoid"), dtype="float64", rate=rate, schedule=schedule, **fields))


def rates(timeline: Timeline, first: int = 0) -> list[float]:
    """The rates with which the parameters were updated, training step by training step."""
    ends = (timeline.t_of(step + 1) for step in range(first, first + STEPS))
    return [float(timeline.seek(t)["learning_rate"]) for t in ends]


def by_hand(name: str, factor: float = 1, every: int = 1, steps: int = 1, warm_up: int = 0) -> list[float]:
    """The rates from 0.5 on, step by step."""
    found, rate = [], 0.5
    for k in range(STEPS):
        s = k - warm_up
        if s > 0 and (name == "exponential" or (name == "step" and s % every == 0)):
            rate *= factor
        share = min(1, s / steps) if s > 0 else 0
        now = 0.25 * (1 + cos(pi * share)) if name == "cosine" else rate
        found.append(now * (k + 1) / warm_up if k < warm_up else now)
    return found


@settings(max_examples=60)
@given(methods(SCHEDULES))
def test_the_rates_of_any_schedule_are_those_that_one_finds_by_hand(form):
    defaults = {setting.name: setting.default for setting in SCHEDULES[form["name"]].settings}
    assert rates(timeline_of(form)) == pytest.approx(by_hand(**{**defaults, **form}), abs=1e-15)


def test_a_warm_up_rises_evenly_and_reaches_the_base_rate_in_its_last_step():
    found = rates(timeline_of({"name": "constant", "warm_up": 4}))
    assert found == pytest.approx([0.125, 0.25, 0.375, 0.5] + [0.5] * (STEPS - 4))


def test_a_decay_begins_when_the_warm_up_is_over():
    found = rates(timeline_of({"name": "step", "factor": 0.5, "every": 2, "warm_up": 2}))
    assert found[:8] == [0.25, 0.5, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125]


def test_a_cosine_ends_at_0_and_stays_there():
    found = rates(timeline_of({"name": "cosine", "steps": 8}))
    assert found[0] == 0.5
    assert found[4] == pytest.approx(0.25)
    assert found[8:] == [0] * (STEPS - 8)


def test_the_parameters_move_by_the_rate_of_their_training_step():
    timeline = timeline_of({"name": "exponential", "factor": 0.5, "warm_up": 2})
    for step in range(6):
        before, after = timeline.seek(timeline.t_of(step)), timeline.seek(timeline.t_of(step + 1))
        np.testing.assert_allclose(after["W1"], before["W1"] - after["learning_rate"] * after["dW1"], rtol=1e-14)


@pytest.mark.parametrize("schedule", [None, {}, {"name": "constant"}, {"name": "constant", "warm_up": 0}])
def test_a_rate_that_stays_what_it_is_needs_no_schedule(schedule):
    timeline = timeline_of(schedule)
    assert timeline.program == timeline_of(None).program
    assert "schedule" not in timeline.experiment.to_dict()
    assert "rate_step" not in timeline.seek(0)


def test_a_change_of_the_learning_rate_under_a_schedule_sets_the_base_rate_and_the_schedule_goes_on():
    timeline = timeline_of({"name": "step", "factor": 0.5, "every": 2})
    middle = timeline.t_of(5) + 3
    timeline.change(middle, learning_rate=8)
    assert timeline.seek(middle)["base_rate"] == 8
    assert rates(timeline)[:8] == [0.5, 0.5, 0.25, 0.25, 0.125, 2, 1, 1]


def test_the_schedule_counts_training_steps_and_not_epochs():
    data = {"name": "moons", "examples": 9}
    chosen = timeline_of({"name": "step", "every": 5}, dataset=data, mini_batch_size=3)
    assert chosen.experiment.steps_per_epoch == 3
    assert rates(chosen)[:11] == [0.5] * 5 + [0.25] * 5 + [0.125]


@settings(max_examples=40)
@given(methods(SCHEDULES))
def test_a_schedule_comes_back_from_the_plain_form_as_it_was(form):
    chosen = Experiment.from_dict(plain((1, "sigmoid"), schedule=form))
    written = chosen.to_dict().get("schedule", {"name": "constant"})
    assert form.items() <= {"warm_up": 0, **written}.items()
    assert Experiment.from_dict(chosen.to_dict()) == chosen
