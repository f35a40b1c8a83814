"""Questions about the moment that is shown: which of them are asked."""

from typing import Any

from tests.helpers.node import answers

ASKER = """
import { createAsker } from "./ask/query.js";
const answer = async (steps) => {
  const [state, asked, heard] = [{ playing: false, wanted: null, moment: null }, [], []];
  const store = { get: () => state, on: (keys, hear) => heard.push([keys, hear]), life: { pause: async () => {} } };
  const set = (values) => {
    Object.assign(state, values);
    for (const [keys, hear] of heard) if (keys.some((key) => key in values)) hear(state);
  };
  const ask = async ({ question }, { t }) => (asked.push([question, t]), { found: t });
  const asker = createAsker(store, ask, () => {});
  for (const [wanted, shown] of steps) {
    set({ wanted });
    if (shown !== undefined) {
      set({ moment: { t: shown } });
      asker.want(shown, { question: "why" });
    }
    await new Promise(setImmediate);
  }
  return asked;
};
"""


def asked(*steps: list[Any]) -> list[Any]:
    """The questions asked while moments are wanted and shown in this order."""
    (done,) = answers(ASKER, [steps])
    return done


def test_the_moments_on_the_way_to_another_are_not_asked_about_but_the_one_at_its_end_is():
    assert asked([None, 5], [90, 20], [90, 60], [90, 90], [None]) == [["why", 5], ["why", 90]]


def test_where_a_way_is_given_up_the_moment_that_it_led_to_is_asked_about():
    assert asked([None, 5], [90, 20], [90, 60], [None]) == [["why", 5], ["why", 60]]
