"""When a line is asked for a sign of life, and when it is given up."""

from typing import Any

from tests.helpers.node import answers

SIGNS = """
import { createSigns } from "./ask/signs_of_life.js";
const answer = (steps) => {
  let pings = 0;
  const signs = createSigns(() => pings++);
  return steps.map(([name, ...given]) => [signs[name](...given), pings]);
};
"""


def after(*steps: list[Any]) -> list[Any]:
    """After each step, what it gave and how many signs have been asked for."""
    (found,) = answers(SIGNS, [steps])
    return found


def test_a_quiet_line_is_asked_once_and_is_broken_when_no_sign_comes():
    steps = [["hear", 0], ["isBroken", 4000, True], ["isBroken", 4001, True], ["isBroken", 11_001, True]]
    assert after(*steps, ["isBroken", 11_002, True])[1:] == [[False, 0], [False, 1], [False, 1], [True, 1]]
    assert after(*steps, ["hear", 11_001], ["isBroken", 11_002, True])[-1] == [False, 1]


def test_a_line_that_does_not_open_is_given_up():
    assert [each for each, _ in after(["hear", 0], ["isBroken", 7000, False], ["isBroken", 7001, False])][1:] == [
        False,
        True,
    ]


def test_where_answers_are_slow_a_sign_may_take_twice_as_long_as_they():
    steps = [["took", 10_000], ["hear", 0], ["isBroken", 5000, True]]
    assert after(*steps, ["isBroken", 25_000, True], ["isBroken", 25_001, True])[-2:] == [[False, 1], [True, 1]]


def test_after_sleep_a_sign_must_come_soon_unless_answers_are_on_their_way():
    assert after(["wake", 0, False], ["isBroken", 2501, True])[-1] == [True, 1]
    assert after(["wake", 0, True], ["isBroken", 2501, True])[-1] == [False, 1]
