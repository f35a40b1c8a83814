"""The tensors of a micro-step by side: what a moment holds of them, and at which moments the rest is asked for."""

import json
from typing import Any

from tests.helpers.node import answers

HELD = """
import { heldBy } from "./inspector/now/sides.js";
const moment = (units, example) => ({ frame: { units, example }, tensor: (name) => `${name} here` });
const answer = ([step, later, units = null, example = null]) => heldBy(moment(units, example), step, later);
"""
ASKED = """
import { asksBoth } from "./inspector/now/sides.js";
const CASE = JSON.parse(`@`);
const asked = [];
const ask = async ({ names }, { t }) => {
  asked.push([names, t]);
  return names.includes(CASE.missing) ? { refused: "gone" } : { found: { tensors: `at ${t}` } };
};
const found = await asksBoth(ask, () => CASE.later)(CASE.step, { t: 10 });
const answer = () => ({ asked, found });
"""
STEP = {"reads": ["a0", "W1"], "writes": ["z1"]}


def held(*given: Any) -> Any:
    """What a moment holds of a step."""
    return answers(HELD, [given])[0]


def test_a_whole_moment_holds_both_sides_where_nothing_has_been_written_since():
    assert held(STEP, []) == {"reads": {"a0": "a0 here", "W1": "W1 here"}, "writes": {"z1": "z1 here"}}
    assert held(STEP, [{"writes": ["a1"]}]) is not None


def test_a_moment_lacks_a_side_that_was_written_since_or_in_place_or_that_is_sent_in_part():
    assert held(STEP, [{"writes": ["W1"]}]) is None
    assert held({"reads": ["W1", "u1"], "writes": ["W1"]}, []) is None
    assert held(STEP, [], [[0, 1]]) is None
    assert held(STEP, [], None, 3) is None


def asked(step: Any, later: int, missing: str | None = None) -> Any:
    """What is asked for a step, and what comes of it."""
    case = json.dumps({"step": step, "later": later, "missing": missing})
    return answers(ASKED.replace("@", case), [None])[0]


def test_what_was_read_is_asked_for_one_micro_step_before_the_steps_end_and_what_was_written_there():
    found = asked(STEP, 3)
    assert found["asked"] == [[["a0", "W1"], 6], [["z1"], 7]]
    assert found["found"] == {"found": {"reads": "at 6", "writes": "at 7"}}
    assert asked({"reads": [], "writes": ["x"]}, 0)["asked"] == [[["x"], 10]]


def test_a_side_that_is_refused_is_told():
    assert asked(STEP, 0, "a0")["found"] == {"refused": "gone"}
    assert asked(STEP, 0, "z1")["found"] == {"refused": "gone"}
