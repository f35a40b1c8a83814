"""Troubles are named by their numbers, with remedies that fit, and a healthy run has none."""

import base64
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine import Experiment, Timeline
from engine.evaluate.evaluation import evaluate
from engine.experiment.presets import PRESETS
from engine.health.remedies import REMEDIES, fitting, remedy
from engine.health.scenarios import SCENARIOS
from engine.health.troubles import Moment, chance, exploding, in_force, pace, troubles
from engine.methods.losses import LOSSES
from tests.helpers.networks import experiment, plain, targets
from tests.helpers.networks import table as table_of
from tests.helpers.troubles import moment, named

SPREAD = sorted({int(step) for step in np.geomspace(1, 3000, 30)})
TRAINED = [name for name in PRESETS if "digits" not in name]


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in (2, 3))])
@pytest.mark.parametrize("name", TRAINED)
def test_no_preset_has_a_trouble_while_it_trains(name, seed):
    timeline = Timeline(Experiment.from_dict({**PRESETS[name], "seed": seed}))
    assert {step: names for step in [0, *SPREAD] if (names := named(timeline, step))} == {}


@pytest.mark.parametrize("name", ["digits_13002", "digits_100"])
def test_no_network_for_digits_has_a_trouble_while_it_trains(name):
    timeline = Timeline(Experiment.from_dict(PRESETS[name]))
    assert {step: names for step in (0, 1, 3, 10, 50, 200, 1000) if (names := named(timeline, step))} == {}


def test_training_on_one_drawing_alone_is_not_named_an_explosion():
    timeline = Timeline(Experiment.from_dict(PRESETS["digits_100"]))
    losses = [float(timeline.seek(timeline.t_of(step))["loss"]) for step in range(200, 230)]
    picture = base64.b64encode(bytes(range(196)) * 4).decode()
    timeline.change(timeline.t_of(230), drawings={"pictures": [picture], "labels": [2]})
    after = moment(timeline, 290, losses)
    assert after.loss > max(after.chance, 10 * min(losses))
    assert troubles(after) == []


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_has_its_trouble_and_offers_its_remedies(name):
    timeline = Timeline(Experiment.from_dict(SCENARIOS[name]["experiment"]))
    for training_step in (700, 1000):
        (found,) = troubles(moment(timeline, training_step))
        assert found["name"] == SCENARIOS[name]["trouble"]
        assert found["remedies"] == SCENARIOS[name]["remedies"]


def test_there_is_no_trouble_before_the_first_micro_step():
    for scenario in SCENARIOS.values():
        assert named(Timeline(Experiment.from_dict(scenario["experiment"])), 0) == []


def test_a_remedy_that_has_just_taken_effect_is_not_judged_by_earlier_gradients():
    timeline = Timeline(Experiment.from_dict(SCENARIOS["vanishing"]["experiment"]))
    assert named(timeline, 300) == ["vanishing"]
    timeline.change(timeline.t_of(300), **SCENARIOS["vanishing"]["remedies"][0]["change"])
    assert named(timeline, 300) == []


def test_a_network_that_does_not_fit_its_values_is_not_overfitting():
    chosen = Experiment.from_dict(PRESETS["sine"])
    state = Timeline(chosen).seek(0)
    for loss, name in ((0.01, ["overfitting"]), (100.0, [])):
        training, held_out = ({"loss": each, "accuracy": None, "of": 50} for each in (loss, 3 * loss + 1))
        assert [each["name"] for each in troubles(Moment(chosen, state, [], training, held_out))] == name


def test_small_weights_that_grow_are_not_stuck():
    form = plain((16, "tanh"), (16, "tanh"), (1, "sigmoid"), dataset="moons", initializer="small_normal")
    adam = Timeline(Experiment.from_dict(form | {"optimizer": {"name": "adam", "learning_rate": 0.01}}))
    assert [names for step in (1, 2, 3, 5, 10, 50) if (names := named(adam, step))] == []
    descent = Timeline(Experiment.from_dict(form | {"optimizer": {"learning_rate": 0.1}}))
    assert [named(descent, step) for step in (1, 10, 300)] == [["stuck"]] * 3


def test_chance_is_the_loss_of_the_mean_target():
    y = np.array([[0.0], [1.0], [1.0], [1.0]])
    table: dict[str, Any] = {"name": "table", "x": [[0]] * 4, "y": y.tolist()}
    entropy = -(0.75 * np.log(0.75) + 0.25 * np.log(0.25))
    assert chance(experiment((1, "sigmoid"), dataset=table)) == pytest.approx(entropy)
    assert chance(experiment((1, "identity"), dataset=table)) == pytest.approx(0.1875)
    two = {**table, "y": np.hstack([y, 1 - y]).tolist()}
    assert chance(experiment((2, "softmax"), dataset=two)) == pytest.approx(entropy)
    assert chance(experiment((2, "identity"), dataset=two)) == pytest.approx(0.375)
    assert chance(experiment((1, "sigmoid"), dataset={**table, "y": [[1]] * 4})) == 0


@pytest.mark.parametrize("loss", LOSSES)
def test_no_answer_that_is_the_same_for_all_examples_costs_less_than_chance(loss):
    rng = np.random.default_rng(0)
    (activation, *_), y = LOSSES[loss].activations, targets(loss, (40, 2), rng)
    chosen = experiment((2, activation), dataset=table_of(np.zeros((40, 1)).tolist(), y.tolist()), loss=loss)
    line = np.linspace(-3, 3, 121)
    answers = [np.tile([one, other], (40, 1)) for one in line for other in line]
    costs = [float(LOSSES[loss].of_each(answer, y).mean()) for answer in answers]
    assert min(costs) == pytest.approx(chance(chosen), abs=2e-3)
    assert min(costs) > chance(chosen) - 1e-9


@pytest.mark.parametrize("optimizer", [{"learning_rate": 1e-4}, {"name": "adam", "learning_rate": 1e-4}])
def test_pace_is_the_fall_of_the_loss_in_a_small_step(optimizer):
    chosen = experiment((3, "tanh"), (1, "sigmoid"), optimizer=optimizer, dtype="float64", mini_batch_size=4)
    timeline = Timeline(chosen)
    before, after = timeline.seek(timeline.t_of(7)), timeline.seek(timeline.t_of(8))
    fallen = evaluate(chosen, before, "training")["loss"] - evaluate(chosen, after, "training")["loss"]
    assert pace(after, chosen.parameters) == pytest.approx(fallen, rel=1e-2)
    assert pace(timeline.seek(5), chosen.parameters) is None


def test_a_loss_far_above_its_lowest_is_an_explosion_and_a_falling_one_no_plateau():
    timeline = Timeline(Experiment.from_dict(SCENARIOS["plateau"]["experiment"]))
    assert named(timeline, 500, [0.25] * 20) == ["plateau"]
    assert named(timeline, 500, np.linspace(0.5, 0.25, 20).tolist()) == []
    worse = SCENARIOS["plateau"]["experiment"] | {"changes": [{"t": 0, "tensor": "b2", "value": [6]}]}
    timeline = Timeline(Experiment.from_dict(worse))
    assert "exploding" not in named(timeline, 1, [0.4] * 20)
    assert named(timeline, 1, [0.01] * 20) == ["exploding"]


def test_the_remedy_divides_a_learning_rate_that_was_changed_in_mid_run():
    timeline = Timeline(Experiment.from_dict(SCENARIOS["exploding"]["experiment"]))
    timeline.change(timeline.t_of(2), learning_rate=0.2)
    (found,) = troubles(moment(timeline, 100))
    (slower,) = (each for each in found["remedies"] if each["name"] == "smaller_rate")
    assert slower["change"]["optimizer"]["learning_rate"] == pytest.approx(0.02)
    assert slower["change_back"]["optimizer"]["learning_rate"] == pytest.approx(0.2)


FORMS: list[dict[str, Any]] = [
    *(scenario["experiment"] for scenario in SCENARIOS.values()),
    plain((1, "sigmoid")),
    plain((8, "relu"), (8, "tanh"), (4, "silu"), (2, "softmax"), dataset="moons", clip_norm=0.5),
    plain((8, "leaky_relu"), (1, "identity"), dataset="sine", regularization={"l1": 0.5, "l2": 0.001}),
    plain((8, "elu"), (1, "sigmoid"), optimizer={"name": "adamw"}, schedule={"name": "cosine"}, augment={"noise": 1}),
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", REMEDIES)
def test_every_fitting_remedy_is_a_change_that_can_be_made_and_taken_back(form, name):
    timeline = Timeline(Experiment.from_dict(form))
    before = in_force(timeline.experiment, timeline.seek(0))
    if not fitting(name, before):
        return
    offered = remedy(name, before)
    timeline.change(timeline.t_of(3), **offered["change"])
    after = timeline.segments[-1].experiment.to_dict()
    assert after != timeline.experiment.structure_at(0).to_dict()
    assert not fitting(name, after) or name == "smaller_rate"
    timeline.change(timeline.t_of(6), **offered["change_back"])
    assert timeline.segments[-1].experiment.to_dict() == timeline.experiment.structure_at(0).to_dict()


def test_a_remedy_that_is_in_force_already_or_does_not_suit_is_not_offered():
    def fit(**fields: Any) -> set[str]:
        form = Experiment.from_dict(plain((6, "relu"), (6, "relu"), (1, "sigmoid"), **fields)).to_dict()
        return {name for name in REMEDIES if fitting(name, form)}

    assert {"he", "leaky_relu", "residual", "momentum", "adam", "clip_norm"} <= fit()
    assert "xavier" not in fit()
    assert not {"he", "relu"} & fit(initializer="he")
    assert not {"momentum", "adam"} & fit(optimizer={"name": "adam"})
    assert "clip_norm" not in fit(clip_norm=0.1)
    assert not {"l1", "l2"} & fit(regularization={"l1": 1, "l2": 1})
    assert "noise" not in fit(augment={"noise": 1})


def test_a_prediction_is_not_called_an_explosion_for_being_worse_than_the_mini_batches():
    form = plain((8, "tanh", {"batch_norm": True}), (1, "sigmoid"), dataset="moons", rate=0.5)
    timeline = Timeline(Experiment.from_dict(form))
    losses = [float(timeline.seek(timeline.t_of(step))["loss"]) for step in range(1, 41)]
    after = moment(timeline, 40, losses)
    assert after.loss < 1
    lagging = replace(after, training={**after.training, "loss": 40.0})  # as where running averages lag far behind
    assert lagging.loss > 10 * max(lagging.chance, *losses)
    assert exploding(lagging) is None
    lost = replace(lagging, state={**after.state, "loss": np.array(30.0)})
    found = exploding(lost)
    assert found is not None
    assert (found.numbers["loss"], found.numbers["lowest_loss"]) == (30.0, min(losses))
