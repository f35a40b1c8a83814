"""The pursuit of a moment: what is shown on the way, and what becomes of a target that is replaced or given up."""

import json
from typing import Any

from tests.helpers.node import answers

PURSUIT = """
import { createPursuit } from "./transport/pursuit.js";
const steps = JSON.parse(`@`);
const [shown, asked, ended, state] = [[], [], [], {}];
let reply = null;
const store = { get: () => state, set: (changes) => Object.assign(state, changes) };
const moments = {
  fetch: (t, _seconds, until) => {
    asked.push(until ? [t, until] : t);
    return new Promise((resolve) => { reply = resolve; });
  },
  show: (moment, gesture) => { state.moment = moment; shown.push([moment.t, gesture]); },
};
const pursuit = createPursuit(store, moments, (work) => work());
for (const [name, ...given] of steps) {
  if (name === "come") reply({ t: given[0], frame: { until: given[1] ?? null } });
  else if (name === "runTo") pursuit.seek(given[0], 0, { until: ["low"], ended: ({ t }) => ended.push(t) });
  else pursuit[name](...given);
  for (let i = 0; i < 5; i++) await null;
}
const answer = () => ({ shown, asked, wanted: state.wanted, seeks: pursuit.seeks(), ...(ended.length && { ended }) });
"""


def after(*steps: list[Any]) -> dict[str, Any]:
    """What has been shown and asked for after these steps; "come" is a moment that the server sends."""
    (found,) = answers(PURSUIT.replace("@", json.dumps(steps)), [None])
    return found


def test_moments_on_the_way_are_shown_and_the_last_with_its_gesture():
    under_way = after(["seek", 100, 420], ["come", 40])
    assert under_way == {"shown": [[40, 0]], "asked": [100, 100], "wanted": 100, "seeks": True}
    done = after(["seek", 100, 420], ["come", 40], ["come", 100])
    assert done == {"shown": [[40, 0], [100, 420]], "asked": [100, 100], "wanted": None, "seeks": False}


def test_a_newer_wish_takes_the_place_of_the_one_before_without_a_second_question_at_once():
    done = after(["seek", 5], ["seek", 9, 200], ["come", 5], ["come", 9])
    assert done == {"shown": [[5, 0], [9, 200]], "asked": [5, 9], "wanted": None, "seeks": False}


def test_what_comes_after_a_pursuit_was_given_up_is_not_shown():
    done = after(["seek", 5], ["giveUp"], ["come", 5])
    assert (done["shown"], done["seeks"]) == ([], False)
    again = after(["seek", 5], ["giveUp"], ["seek", 7], ["come", 5], ["come", 7])
    assert (again["shown"], again["asked"]) == ([[7, 0]], [5, 7])


def test_where_a_condition_is_true_the_pursuit_ends_and_is_heard_of_once():
    done = after(["runTo", 100], ["come", 30], ["come", 44, "low"])
    assert done == {
        "shown": [[30, 0], [44, 0]],
        "asked": [[100, ["low"]]] * 2,
        "wanted": None,
        "seeks": False,
        "ended": [44],
    }
    at_the_end = after(["runTo", 100], ["come", 100])
    assert (at_the_end["ended"], at_the_end["wanted"]) == ([100], None)
    assert "ended" not in after(["runTo", 100], ["giveUp"], ["come", 44, "low"])
    assert "ended" not in after(["runTo", 100], ["seek", 9], ["come", 44, "low"], ["come", 9])


def test_what_goes_on_keeps_its_condition_and_is_tested_from_the_moment_that_is_shown():
    done = after(["runTo", 100], ["come", 30], ["goOn", 100], ["come", 40], ["come", 30], ["come", 60, "low"])
    assert done["asked"] == [[100, ["low"]], [100, ["low"]], 40, [100, ["low"]]]
    assert (done["ended"], done["wanted"]) == ([60], None)
    plain = after(["runTo", 100], ["come", 60, "low"], ["goOn", 60], ["come", 60])
    assert (plain["asked"][-1], plain["ended"]) == (60, [60])
