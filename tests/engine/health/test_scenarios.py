"""Every scenario has the trouble of its name; every remedy sets it right, at the start and in mid-run."""

import json
from functools import cache
from math import isfinite, prod
from typing import Any

import numpy as np
import pytest

from engine import Experiment, Timeline
from engine.evaluate.evaluation import evaluate
from engine.experiment.presets import PRESETS
from engine.health.diagnosis import at, diagnose
from engine.health.scenarios import SCENARIOS
from engine.health.troubles import TROUBLES, chance
from server.app import choices
from tests.helpers.troubles import named

REMEDIES = [(name, place) for name, scenario in SCENARIOS.items() for place in range(len(scenario["remedies"]))]
SHOWN = 1000  # training steps in which the trouble has shown: seconds of watching
MID_RUN = 500

# For each remedy, the training steps after which the training loss is below a bound.
HEALED = {
    "vanishing": (1500, 0.4),
    "exploding": (1500, 0.1),
    "stuck": (1000, 0.05),
    "plateau": (2000, 0.05),
    "dead_relus": (1000, 0.05),
}
# Training steps after a remedy for overfitting, and the bound of the held-out loss as a share of that without remedy.
SPARED_STEPS, SPARED_SHOWN, SPARED_OTHERS = 2000, 0.6, 0.75
SOFTENS = "dropout"  # it softens overfitting, but does not end it


def scenario(name: str, seed: int | None = None) -> dict[str, Any]:
    plain = SCENARIOS[name]["experiment"]
    return plain if seed is None else {**plain, "seed": seed}


def seeds(name: str) -> list[int]:
    """The scenario's own seed and two others."""
    own = scenario(name).get("seed", 0)
    return [own, *(seed for seed in (0, 1, 2) if seed != own)][:3]


OWN_OR_ALL = pytest.mark.parametrize("count", [1, pytest.param(3, marks=pytest.mark.long)])  # of these seeds


def loss_after(timeline: Timeline, training_step: int, split: str = "training") -> float:
    t = timeline.t_of(training_step)
    timeline.seek(t)
    return float(evaluate(*at(timeline, t), split)["loss"])


@cache
def without_remedy(name: str, seed: int, training_step: int) -> float:
    return loss_after(Timeline(Experiment.from_dict(scenario(name, seed))), training_step, "held_out")


def remedied(name: str, place: int, seed: int, start: int) -> Timeline:
    timeline = Timeline(Experiment.from_dict(scenario(name, seed)))
    timeline.seek(timeline.t_of(start))
    timeline.change(timeline.t_of(start), **SCENARIOS[name]["remedies"][place]["change"])
    return timeline


@pytest.mark.parametrize("name", [name for name in SCENARIOS if name != "overfitting"])
def test_a_scenario_does_not_learn_by_itself(name):
    experiment = Experiment.from_dict(scenario(name))
    loss = loss_after(Timeline(experiment), SHOWN)
    assert not isfinite(loss) or loss > 0.95 * chance(experiment)


def test_in_the_overfitting_scenario_held_out_loss_rises_while_training_loss_falls():
    timeline = Timeline(Experiment.from_dict(scenario("overfitting")))
    training, held_out = (
        [loss_after(timeline, training_step, split) for training_step in (50, 500, SHOWN)]
        for split in ("training", "held_out")
    )
    assert training == sorted(training, reverse=True)
    assert held_out == sorted(held_out)
    assert held_out[-1] > 3 * training[-1]


@OWN_OR_ALL
@pytest.mark.parametrize("start", [0, MID_RUN])
@pytest.mark.parametrize(("name", "place"), [(name, place) for name, place in REMEDIES if name != "overfitting"])
def test_a_remedy_sets_the_scenario_right(name, place, start, count):
    steps, bound = HEALED[name]
    for seed in seeds(name)[:count]:
        timeline = remedied(name, place, seed, start)
        assert loss_after(timeline, start + steps) < bound, seed
        if seed == seeds(name)[0]:
            assert named(timeline, start + steps) == []


@OWN_OR_ALL
@pytest.mark.parametrize("start", [0, MID_RUN])
@pytest.mark.parametrize("place", range(len(SCENARIOS["overfitting"]["remedies"])))
def test_a_remedy_for_overfitting_lowers_the_held_out_loss(place, start, count):
    shares, end = [], start + SPARED_STEPS
    for seed in seeds("overfitting")[:count]:
        timeline = remedied("overfitting", place, seed, start)
        shares.append(loss_after(timeline, end, "held_out") / without_remedy("overfitting", seed, end))
        if seed == seeds("overfitting")[0] and SCENARIOS["overfitting"]["remedies"][place]["name"] != SOFTENS:
            assert named(timeline, end) == []
    assert shares[0] < SPARED_SHOWN
    assert prod(shares) ** (1 / len(shares)) < SPARED_OTHERS


def test_dead_relus_stay_dead_and_all_live_after_the_remedy():
    timeline = Timeline(Experiment.from_dict(scenario("dead_relus")))
    timeline.seek(t := timeline.t_of(SHOWN))
    assert max(layer.dead or 0 for layer in diagnose(*at(timeline, t))) == 1
    timeline.change(t, **SCENARIOS["dead_relus"]["remedies"][0]["change"])
    timeline.seek(t := timeline.t_of(SHOWN + 500))
    slopes = [timeline.seek(t)[f"slope{l}"] for l in (1, 2)]
    assert all((np.abs(slope) > 0).all() and (slope == 1).any() for slope in slopes)


@pytest.mark.parametrize(("name", "place"), REMEDIES)
def test_a_remedy_can_be_taken_back_and_the_experiment_is_the_scenarios_again(name, place):
    remedy, timeline = SCENARIOS[name]["remedies"][place], remedied(name, place, 0, 20)
    assert remedy["change"].keys() == remedy["change_back"].keys()
    plain = Experiment.from_dict(scenario(name, 0)).structure_at(0).to_dict()
    assert timeline.segments[-1].experiment.to_dict() != plain
    timeline.change(timeline.t_of(40), **remedy["change_back"])
    assert timeline.segments[-1].experiment.to_dict() == plain
    assert timeline.seek(timeline.t_of(45)).keys() >= {"W1", "dW1", "loss"}


def test_the_large_rate_holds_for_whole_training_steps_and_ends_before_the_remedies_are_tried():
    timeline = Timeline(Experiment.from_dict(scenario("dead_relus")))
    places = [timeline.locate(change.t) for change in timeline.experiment.changes]
    assert [(place.training_step, place.micro_step) for place in places] == [(100, 0), (105, 0)]
    assert loss_after(timeline, 100) < 0.5 * chance(timeline.experiment)
    assert MID_RUN > 105


def test_scenarios_are_plain_and_offered_beside_the_presets():
    assert json.loads(json.dumps(SCENARIOS)) == SCENARIOS
    offered = choices()["scenarios"]
    assert [*offered] == [*SCENARIOS]
    for name, item in SCENARIOS.items():
        assert offered[name]["remedies"] == item["remedies"]
        assert offered[name]["experiment"] == Experiment.from_dict(item["experiment"]).to_dict()
    assert not SCENARIOS.keys() & PRESETS.keys()
    assert {SCENARIOS[name]["trouble"] for name in SCENARIOS} == TROUBLES.keys()
