"""The pictures of the gallery: their numbers are the engine's, and they show what they are of."""

import base64
import json
from typing import Any

import numpy as np
import pytest

from engine import Experiment, Timeline
from engine.data import digits
from engine.evaluate.evaluation import evaluate
from engine.experiment.presets import PRESETS
from engine.health.diagnosis import at, diagnose
from engine.health.scenarios import SCENARIOS
from engine.methods.losses import LOSSES as LOSSES_BY_NAME
from server.gallery import EVALUATED, FILE, LOSSES, QUANTITIES, examples
from server.trained.shipped import SHIPPED

TOLERANCE = 6e-3  # of numbers with three digits, the last of which may differ between processors
WRITTEN = json.loads(FILE.read_text(encoding="utf-8"))
PICTURES: dict[str, dict[str, Any]] = WRITTEN["pictures"]


def run_of(name: str) -> Timeline:
    return Timeline(Experiment.from_dict(examples()[name] | {"dtype": "float64"}, SHIPPED))


@pytest.mark.parametrize("name", PICTURES)
def test_every_number_of_a_picture_is_one_that_the_engine_computes(name):
    picture, timeline = PICTURES[name], run_of(name)
    assert 4 < len(picture["loss"]) <= LOSSES
    targets = timeline.experiment.data.y_train
    assert picture["chance"] == pytest.approx(LOSSES_BY_NAME[timeline.experiment.loss].chance(targets), rel=TOLERANCE)
    for split in ("training", "held_out"):
        told = picture.get("loss" if split == "training" else split, [])
        true = [
            evaluate(*at(timeline, timeline.t_of(i * picture["apart"])), split, EVALUATED)["loss"]
            for i in range(len(told))
        ]
        assert told == pytest.approx(true, rel=TOLERANCE)
    if "layers" in picture:
        layers = diagnose(*at(timeline, timeline.t_of((len(picture["loss"]) - 1) * picture["apart"])))
        true = [getattr(layer, picture["quantity"]) for layer in layers]
        assert [each is None for each in picture["layers"]] == [each is None for each in true]
        assert [each or 0 for each in picture["layers"]] == pytest.approx([each or 0 for each in true], rel=TOLERANCE)
    else:
        shown, data = WRITTEN["data"][picture["data"]], timeline.experiment.data
        if shown["looks"] == "picture":
            told = [np.frombuffer(base64.b64decode(text), np.uint8) for text in shown["x"]]
            assert np.array_equal(told, digits().x_train[: len(told)])
        else:
            assert np.allclose(shown["x"], data.x_train[: len(shown["x"])], rtol=TOLERANCE, atol=1e-9)
            assert np.allclose(shown["y"], data.y_train[: len(shown["x"]), -1], rtol=TOLERANCE, atol=1e-9)


def test_every_preset_and_every_trouble_has_a_picture_and_the_file_is_small():
    names = {*(f"preset.{name}" for name in PRESETS), *(f"scenario.{name}" for name in SCENARIOS)}
    assert PICTURES.keys() == names | {"preset.digits_best"} == examples().keys()
    assert FILE.stat().st_size < 15_000


def test_a_trouble_shows_in_its_picture():
    losses = {name: np.array(picture["loss"]) for name, picture in PICTURES.items()}
    vanishing, dead = (PICTURES[f"scenario.{name}"] for name in ("vanishing", "dead_relus"))
    assert all(np.diff(vanishing["layers"]) > 0)  # from the output back they shrink
    assert vanishing["layers"][-1] > 300 * vanishing["layers"][0]
    assert max(share for share in dead["layers"] if share is not None) > 0.4
    assert losses["scenario.exploding"][-1] > 1e3 * losses["scenario.exploding"].min()
    assert np.ptp(losses["scenario.stuck"]) < 0.01 * losses["scenario.stuck"][0]
    assert np.ptp(losses["scenario.plateau"][1:8]) < 0.01 * PICTURES["scenario.plateau"]["chance"]
    held_out = np.array(PICTURES["scenario.overfitting"]["held_out"])
    assert held_out[-1] > 1.5 * held_out.min()
    assert losses["scenario.overfitting"][-1] < 0.1 * losses["scenario.overfitting"][0]


def test_the_losses_of_a_preset_fall():
    for name in PRESETS:
        loss = PICTURES[f"preset.{name}"]["loss"]
        assert loss[-1] < 0.9 * loss[0], name


def test_a_trouble_that_shows_in_the_layers_is_a_trouble():
    assert QUANTITIES.keys() <= {scenario["trouble"] for scenario in SCENARIOS.values()}
