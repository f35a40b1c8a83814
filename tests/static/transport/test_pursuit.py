"""The pursuit of a moment: what is shown on the way, and what becomes of a wish that is replaced or given up."""

import json
from typing import Any

from tests.helpers.node import answers

PURSUIT = """
import { createPursuit } from "./transport/pursuit.js";
const steps = JSON.parse(`@`);
const [shown, asked, state] = [[], [], {}];
let reply = null;
const store = { set: (changes) => Object.assign(state, changes) };
const moments = {
  fetch: (t) => { asked.push(t); return new Promise((resolve) => { reply = resolve; }); },
  show: ({ t }, gesture) => shown.push([t, gesture]),
};
const pursuit = createPursuit(store, moments, (work) => work());
for (const [name, ...given] of steps) {
  if (name === "come") reply({ t: given[0] });
  else pursuit[name](...given);
  for (let i = 0; i < 5; i++) await null;
}
const answer = () => ({ shown, asked, wanted: state.wanted, sought: pursuit.sought() });
"""


def after(*steps: list[Any]) -> dict[str, Any]:
    """What has been shown and asked for after these steps; "come" is a moment that the server sends."""
    (found,) = answers(PURSUIT.replace("@", json.dumps(steps)), [None])
    return found


def test_moments_on_the_way_are_shown_and_the_last_with_its_gesture():
    under_way = after(["seek", 100, 420], ["come", 40])
    assert under_way == {"shown": [[40, 0]], "asked": [100, 100], "wanted": 100, "sought": 100}
    done = after(["seek", 100, 420], ["come", 40], ["come", 100])
    assert done == {"shown": [[40, 0], [100, 420]], "asked": [100, 100], "wanted": None, "sought": None}


def test_a_newer_wish_takes_the_place_of_the_one_before_without_a_second_question_at_once():
    done = after(["seek", 5], ["seek", 9, 200], ["come", 5], ["come", 9])
    assert done == {"shown": [[5, 0], [9, 200]], "asked": [5, 9], "wanted": None, "sought": None}


def test_what_comes_after_a_pursuit_was_given_up_is_not_shown():
    done = after(["seek", 5], ["giveUp"], ["come", 5])
    assert (done["shown"], done["sought"]) == ([], None)
    again = after(["seek", 5], ["giveUp"], ["seek", 7], ["come", 5], ["come", 7])
    assert (again["shown"], again["asked"]) == ([[7, 0]], [5, 7])
