"""The stories by the engine: where they begin and rest, what they say there, and that what they show really learns."""

from typing import Any

import numpy as np
import pytest

from engine import Experiment, Timeline
from engine.evaluate.evaluation import evaluate
from engine.health.diagnosis import at as structure_at
from engine.health.diagnosis import diagnose
from engine.health.scenarios import SCENARIOS
from server.app import choices
from server.protocol.listing import listing
from server.trained.shipped import SHIPPED
from tests.helpers.node import WORDS, answers, call

OFFERS = [
    *({"kind": "preset", "name": name, "experiment": plain} for name, plain in choices()["presets"].items()),
    *({"kind": "scenario", "name": name, **item} for name, item in choices()["scenarios"].items()),
]
SCENES = """
import { FIRST, STORIES, sceneOf } from "./stories/stories.js";
const answer = (offers) => [FIRST, ...STORIES].map((each) => ({ name: each.name ?? null, ...sceneOf(each, offers) }));
"""
STOPS = """
import { STORIES } from "./stories/stories.js";
const answer = ([name, listing]) => STORIES.find((each) => each.name === name).stops(listing);
"""
TOLD = """
import { STORIES } from "./stories/stories.js";
const answer = ([name, { values, ...state }, scenarios]) => {
  const moment = { t: state.t, value: (tensor) => values[tensor] ?? undefined };
  return STORIES.find((each) => each.name === name).told({ ...state, moment }, { scenarios });
};
"""


@pytest.fixture(scope="module")
def scenes() -> dict[str | None, Any]:
    """The scenes by the names of their stories; the first screen's has none."""
    (found,) = answers(SCENES, [OFFERS])
    return {each.pop("name"): each for each in found}


def timeline(scene: Any, **changed: Any) -> Timeline:
    return Timeline(Experiment.from_dict({**scene["experiment"], **changed}, SHIPPED))


def phases(run: Timeline, t: int) -> list[str]:
    """The phases of the first training step that are done at t, and in part the one that is not."""
    return list(dict.fromkeys(step.phase for step in run.program[:t]))


def accuracy(run: Timeline, t: int) -> float:
    run.seek(t)
    return float(evaluate(*structure_at(run, t), "training")["accuracy"])


def test_the_first_screen_has_the_forward_and_the_backward_pass_done_and_nothing_more(scenes):
    run, t = timeline(scenes[None]), scenes[None]["t"]
    assert phases(run, t) == ["forward", "loss", "backward"]
    assert run.program[t].phase == "update"
    assert {"a0", "a1", "a2", "loss", "dW1", "dW2"} <= run.seek(t).keys()


def test_xor_is_solved_within_ten_seconds_of_playing_from_the_first_screen(scenes):
    run = timeline(scenes[None])
    (per_second,) = call("transport/pace.js", "pace", [[scenes[None]["view"]["speed"]]])
    assert scenes[None]["view"]["grain"] == "training_step"
    assert accuracy(run, 0) <= 0.75
    assert accuracy(run, int(7 * per_second) * len(run.program)) == 1


def test_the_story_of_one_step_rests_where_each_phase_ends(scenes):
    run = timeline(scenes["one_step"])
    (stops,) = answers(STOPS, [["one_step", listing(run)]])
    assert [phases(run, t)[-1] for t in stops] == ["forward", "loss", "backward", "update"]
    assert [run.program[t].phase for t in stops[:-1]] == ["loss", "backward", "update"]
    assert stops[-1] == len(run.program)


def test_the_story_that_learns_has_learned_where_it_rests_and_ten_seconds_are_enough(scenes):
    scene = scenes["learn"]
    run = timeline(scene)
    ((stop,),) = answers(STOPS, [["learn", listing(run)]])
    (per_second,) = call("transport/pace.js", "pace", [[scene["view"]["speed"]]])
    assert accuracy(run, 0) < 0.6
    assert accuracy(run, stop) > 0.97
    in_time = int(6 * per_second)  # the page paints them all
    assert accuracy(run, in_time * len(run.program)) > 0.95
    assert float(run.seek(stop)["loss"]) < 0.3 * float(run.seek(len(run.program))["loss"])


def test_the_arrows_are_shorter_where_the_story_that_learns_rests_as_it_says(scenes):
    run = timeline(scenes["learn"])
    ((stop,),) = answers(STOPS, [["learn", listing(run)]])
    size = len(run.program)
    first, last = (
        np.mean([np.abs(run.seek(t + k * size)["dW1"]).mean() for k in range(10)]) for t in (size, stop - 9 * size)
    )
    assert last < first


def test_the_story_with_a_cure_shows_its_trouble_and_each_cure_sets_it_right_where_it_rests(scenes):
    scene = scenes["cure"]
    run = timeline(scene)
    ((stop,),) = answers(STOPS, [["cure", listing(run)]])
    assert scene["t"] % len(run.program) == 0
    for t in (scene["t"], stop):
        assert accuracy(run, t) < 0.6
        layers = diagnose(*structure_at(run, t))
        first, last = layers[0].gradient_rms, layers[-1].gradient_rms
        assert first is not None
        assert last is not None
        assert first < 1e-3 * last
    for remedy in SCENARIOS["vanishing"]["remedies"]:
        cured = timeline(scene, changes=[{"t": stop, **remedy["change"]}])
        ((end,),) = answers(STOPS, [["cure", listing(cured)]])
        assert end > stop
        assert accuracy(cured, end) > 0.75, remedy["name"]


def test_the_digits_story_begins_with_a_true_forward_pass_of_the_network_that_reads_best(scenes):
    run, t = timeline(scenes["digit"]), scenes["digit"]["t"]
    assert phases(run, t) == ["forward"]
    assert run.program[t].phase == "loss"
    assert scenes["digit"]["experiment"]["start"] == "digits_best"


def test_what_a_story_says_at_each_moment_is_in_the_catalogue_and_follows_from_the_moment(scenes):
    run = timeline(scenes["one_step"])
    size = len(run.program)
    found = answers(TOLD, [["one_step", {"t": t, "listing": listing(run), "values": {}}] for t in (0, *range(1, size))])
    assert [name for (name,) in found] == ["begin", *(step.phase for step in run.program[: size - 1])]
    cases: list[list[Any]] = []
    cure = SCENARIOS["vanishing"]["remedies"][0]
    changes = [{"t": 720, **cure["change"]}, {"t": 792, **cure["change_back"]}]
    for name, t, made in (
        ("learn", 0, 0), ("learn", 18 * 20, 0), ("learn", 18 * 200, 0),
        ("cure", 720, 0), ("cure", 792, 1), ("cure", 864, 2),
    ):  # fmt: skip
        run = timeline(scenes[name], changes=changes[:made])
        values = {key: float(value) for key, value in run.seek(t).items() if key == "loss"}
        cases.append([name, {"t": t, "listing": listing(run), "values": values}, choices()["scenarios"]])
    found = answers(TOLD, cases)
    assert [name for name, *_ in found] == ["begin", "during", "done", "begin", "cured", "begin"]
    assert [blanks["step"] for _, *rest in found for blanks in rest] == [20, 200, 10, 11, 12]
    for (name, given, _), (said, *rest) in zip(cases, found, strict=True):
        assert f"story.{name}.{said}" in WORDS
        for blanks in rest:
            assert float(blanks["loss"]) == pytest.approx(given["values"]["loss"], rel=0.01)
