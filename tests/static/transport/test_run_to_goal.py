"""Run to: from what is typed into the form to a moment and a condition, or to what is wrong with it."""

from typing import Any

import pytest

from tests.helpers.node import answers

GOAL = """
import { endOf, goalOf } from "./transport/run_to_goal.js";
const program = { length: 10 };
const segments = [
  { t: 0, training_step: 0, program },
  { t: 40, training_step: 4, program: { length: 20 } },
];
const answer = ({ t, until, ...asked }) => {
  const goal = goalOf(asked, { segments, steps_per_epoch: 3 }, t);
  return goal.wrong ?? { t: goal.t, until: goal.until, end: endOf(goal.told, until) };
};
"""


def goal(what: str, value: str, of: str = "training", within: str = "2", t: int = 33, until: str | None = None) -> Any:
    asked = {"what": what, "value": value, "of": of, "within": within, "t": t, "until": until}
    (found,) = answers(GOAL, [asked])
    return found


def test_an_epoch_and_a_training_step_are_the_moments_at_which_they_begin():
    assert goal("epoch", "1") == {"t": 30, "until": [], "end": "reached"}
    assert goal("epoch", " 2 ") == {"t": 80, "until": [], "end": "reached"}
    assert goal("training_step", "5") == {"t": 60, "until": [], "end": "reached"}
    assert goal("training_step", "0", until="not_finite") == {"t": 0, "until": [], "end": "diverged"}


def test_a_loss_and_an_accuracy_are_conditions_within_so_many_training_steps_from_here():
    below = {"name": "loss_below", "value": 0.25, "of": "mini_batch"}
    assert goal("loss", ".25", "mini_batch") == {"t": 60, "until": [below], "end": "unmet"}
    at_least = {"name": "accuracy_from", "value": 0.95, "of": "held_out"}
    reached = goal("accuracy", "95", "held_out", "1", 0, "accuracy_from")
    assert reached == {"t": 10, "until": [at_least], "end": "reached"}


@pytest.mark.parametrize(("what", "value", "within", "field", "must"), [
    ("epoch", "1.5", "x", "value", "whole"),
    ("epoch", "-1", "1", "value", "whole"),
    ("training_step", "", "1", "value", "whole"),
    ("training_step", "1e10", "1", "value", "whole"),
    ("loss", "0", "1", "value", "positive"),
    ("loss", "Infinity", "1", "value", "positive"),
    ("accuracy", "100.1", "1", "value", "percent"),
    ("accuracy", "much", "1", "value", "percent"),
    ("loss", "1", "0", "within", "within"),
    ("accuracy", "95", "", "within", "within"),
])  # fmt: skip
def test_what_cannot_be_a_goal_is_refused_at_its_field(what, value, within, field, must):
    assert goal(what, value, within=within) == {"field": field, "must": must}
