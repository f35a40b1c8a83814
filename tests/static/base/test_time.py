"""Time as the page counts it: the units of every grain, against the program counted one micro-step at a time."""

import json
from itertools import accumulate
from typing import Any

import pytest

from server.capacity import Capacity
from server.session import Session
from tests.helpers.networks import plain
from tests.helpers.node import call

CHANGE = {"command": "change", "t": 70, "layers": None}
GRAINS = ("equation", "layer", "training_step", "epoch")


@pytest.fixture(scope="module")
def listing() -> dict[str, Any]:
    """A run whose program grows in the middle of a training step's time: batch norm from the next step on."""
    form = plain((3, "tanh"), (1, "sigmoid"), dataset={"name": "xor", "noise": 0.1, "examples": 24}, mini_batch_size=8)
    session = Session(Capacity())
    session.reply(json.dumps({"command": "start", "experiment": form}))
    layers = [form["layers"][0] | {"batch_norm": True}, *form["layers"][1:]]
    reply = json.loads(session.reply(json.dumps(CHANGE | {"layers": layers})))
    found = reply["listing"]
    assert len(found["segments"]) == 2
    return found


def ends(listing: dict[str, Any], grain: str, last: int) -> list[int]:
    """The moments up to `last` at which a unit of the grain ends, from the programs one training step after another."""
    found, begin, step = [0], 0, 0
    while begin < last:
        segment = [each for each in listing["segments"] if each["t"] <= begin][-1]
        program = segment["program"]
        if grain == "epoch":
            stops = [len(program)] if (step + 1) % listing["steps_per_epoch"] == 0 else []
        elif grain == "training_step":
            stops = [len(program)]
        elif grain == "equation":
            stops = list(accumulate(1 for _ in program))
        else:
            keys = [(each["phase"], each["layer"]) for each in program]
            stops = [i for i in range(1, len(keys) + 1) if i == len(keys) or keys[i] != keys[i - 1]]
        found += [begin + stop for stop in stops]
        begin, step = begin + len(program), step + 1
    return found


@pytest.mark.parametrize("grain", GRAINS)
def test_a_step_ends_at_the_next_end_and_a_step_back_at_the_last_one(listing, grain):
    stops = ends(listing, grain, 400)
    moments = range(200)
    assert call("base/time.js", "after", [[listing, grain, t] for t in moments]) == [
        min(stop for stop in stops if stop > t) for t in moments
    ]
    assert call("base/time.js", "before", [[listing, grain, t] for t in moments]) == [
        max([stop for stop in stops if stop < t], default=0) for t in moments
    ]


@pytest.mark.parametrize("grain", GRAINS)
def test_several_steps_at_once_are_as_many_one_after_another(listing, grain):
    stops = ends(listing, grain, 600)
    cases = [(t, count) for t in (0, 5, 69, 70, 71, 90) for count in (1, 2, 5)]
    found = call("base/time.js", "after", [[listing, grain, t, count] for t, count in cases])
    assert found == [[stop for stop in stops if stop > t][count - 1] for t, count in cases]


def test_where_a_moment_lies_is_told_by_the_micro_step_done_last(listing):
    steps = ends(listing, "training_step", 300)
    found = call("base/time.js", "locate", [[listing, t] for t in range(200)])
    assert found[0]["last"] is None
    for t, place in enumerate(found[1:], 1):
        begin = max(stop for stop in steps if stop < t)
        segment = [each for each in listing["segments"] if each["t"] <= t - 1][-1]
        assert (place["begin"], place["done"]) == (begin, t - begin)
        assert place["trainingStep"] == steps.index(begin)
        assert place["last"]["writes"] == segment["program"][t - begin - 1]["writes"]


def test_training_steps_are_counted_in_parts(listing):
    steps = ends(listing, "training_step", 300)
    found = call("base/time.js", "stepsAt", [[listing, t] for t in steps])
    assert found == pytest.approx(range(len(steps)))


def test_answers_are_settled_since_the_last_parameter_was_written_or_changed(listing):
    found = call("base/time.js", "settledAt", [[listing, t] for t in range(150)])
    parameters = {name for name in listing["tensors"] if name.rstrip("0123456789") in {"W", "b", "gamma", "beta"}}
    parameters |= {name for name in listing["tensors"] if name.startswith("running_")}
    places = call("base/time.js", "locate", [[listing, t] for t in range(151)])
    writes = [0, *(t for t in range(1, 151) if parameters & set(places[t]["last"]["writes"]))]
    changed = [each["t"] for each in (*listing["segments"], *listing["experiment"]["changes"])]
    begins = ends(listing, "training_step", 200)
    for t, settled in enumerate(found):
        assert settled <= t
        assert settled >= max(moment for moment in (*writes, *changed) if moment <= t)
        assert settled in {*writes, *changed, *begins}
