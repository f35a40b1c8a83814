"""The loss of the run before: when it is kept, and to which scale it is drawn."""

from typing import Any

import pytest

from tests.helpers.node import WORDS, answers

KEPT = """
import { createStore } from "./state/store.js";
import { earlierCurves, earlierText, keepEarlier } from "./charts/earlier.js";
const listing = ({ loss = "squared_error", data = "xor" }) => ({
  experiment: { dataset: { name: data }, loss, optimizer: { name: "adam", learning_rate: 0.01 }, seed: 4 },
  segments: [{ t: 0, training_step: 0, program: Array(10) }],
});
const key = (initial) => ({ initial, forget: "never" });
const answer = ({ next, then, left = 0, chances, words }) => {
  const keys = { listing: key(null), curves: key({}), diagnosis: key(null), earlier: key(null) };
  const store = createStore(keys);
  keepEarlier(store);
  store.set({ listing: listing({}) });
  const points = [0, 50, 100].map((t) => ({ t, value: t }));
  store.set({ curves: { "training.loss": points }, diagnosis: { chance: chances[0] } });
  store.set({ listing: listing(next), curves: { "training.loss": points.slice(0, left) }, diagnosis: null });
  if (then) store.set({ listing: listing(then) });
  store.set({ diagnosis: { chance: chances[1] } });
  const state = { ...store.get(), words };
  return state.earlier && { curves: earlierCurves(state), text: earlierText(words, state) };
};
"""
NAME = "squared error, Adam, η 0.0100, seed 4"


def kept(next_run: dict[str, Any], chances: tuple[float, float] = (0.5, 0.25), **fields: Any) -> Any:
    case = {"next": next_run, "chances": chances, "words": WORDS, **fields}
    return answers(KEPT, [case])[0]


@pytest.mark.parametrize("left", [0, 1, 2])
def test_the_loss_of_the_run_before_is_kept_where_another_begins_or_a_change_drops_its_end(left):
    found = kept({}, left=left)
    points = [{"step": step, "value": value} for step, value in [(0, 0), (5, 50), (10, 100)]]
    assert found["curves"] == [{"name": "training.loss", "points": points}]
    assert found["text"] == WORDS["earlier.same"].format(name=NAME)


def test_another_loss_is_never_drawn_in_the_same_measure():
    scaled = kept({"loss": "hinge"}, (0.5, 0.25))
    assert [point["value"] for point in scaled["curves"][0]["points"]] == [0, 25, 50]
    assert scaled["text"] == WORDS["earlier.scaled"].format(name=NAME)
    for chances in ((0.0, 0.25), (0.5, 0.0)):
        unknown = kept({"loss": "hinge"}, chances)
        assert unknown == {"curves": [], "text": WORDS["earlier.other"].format(name=NAME)}


def test_nothing_is_kept_for_other_data_or_of_a_run_that_has_lost_nothing():
    assert kept({"data": "moons"}) is None
    assert kept({}, left=3) is None
    assert kept({}, then={"data": "moons"}) is None
    assert kept({}, then={"loss": "squared_error"}) is not None
