"""The question ``diagnose`` in a session: it is about the structure in force, and its answer has plain values."""

import json
from typing import Any

import pytest

from engine import Experiment, Timeline
from engine.evaluate.evaluation import evaluate
from engine.experiment.presets import PRESETS
from engine.health.diagnosis import at, diagnose
from engine.health.scenarios import SCENARIOS
from engine.health.troubles import chance
from tests.helpers.networks import plain
from tests.helpers.session import reach, say, started

FIELDS = {
    "layer", "gradient_rms", "update_ratio", "dead", "saturated", "activation_rms", "activation_histogram",
    "gradient_histogram",
}  # fmt: skip


def ask(session: Any, t: int, question: str = "diagnose", **fields: Any) -> Any:
    return say(session, command="ask", question=question, t=t, **fields)["answer"]


@pytest.mark.parametrize("name", SCENARIOS)
def test_asking_diagnose_gives_every_layer_and_the_troubles(name):
    form = SCENARIOS[name]["experiment"]
    session, timeline = started(form), Timeline(Experiment.from_dict(form))
    t = timeline.t_of(700)
    reach(session, t)
    answer = ask(session, t)
    timeline.seek(t)
    assert all(layer.keys() == FIELDS for layer in answer["layers"])
    if name != "exploding":
        assert answer["layers"] == [layer.to_dict() for layer in diagnose(*at(timeline, t))]
        assert answer["loss"] == evaluate(*at(timeline, t), "training", 500)["loss"]
        assert answer["chance"] == chance(timeline.experiment)
    (trouble,) = answer["troubles"]
    assert trouble.keys() == {"name", "layer", "numbers", "remedies"}
    assert trouble["remedies"] == SCENARIOS[name]["remedies"]


def test_a_remedy_is_sent_and_taken_back_over_the_websocket():
    for name, scenario in SCENARIOS.items():
        for each in scenario["remedies"]:
            session = started(scenario["experiment"])
            answer = say(session, command="change", t=0, **each["change"])
            assert answer["listing"]["experiment"]["changes"][-1] == {"t": 0, **each["change"]}, name
            assert "listing" in say(session, command="change", t=0, **each["change_back"])


def test_what_is_not_finite_is_text_and_what_is_not_there_is_null():
    form = SCENARIOS["exploding"]["experiment"]
    session, t = started(form), Timeline(Experiment.from_dict(form)).t_of(500)
    assert ask(session, 0)["layers"][0]["gradient_rms"] is None
    reach(session, t)
    answer = ask(session, t)
    assert answer["layers"][0]["gradient_rms"] == "NaN"
    assert answer["layers"][0]["dead"] == "NaN"
    assert answer["layers"][-1]["dead"] is None  # an identity cannot die
    assert answer["layers"][0]["activation_histogram"] is None
    assert answer["troubles"][0]["numbers"]["loss"] == "NaN"


def test_questions_after_a_change_of_structure_are_answered_by_the_network_in_force():
    form = SCENARIOS["vanishing"]["experiment"]
    session, timeline = started(form), Timeline(Experiment.from_dict(form))
    change = SCENARIOS["vanishing"]["remedies"][0]["change"]
    say(session, command="change", t=0, **change)
    timeline.change(0, **change)
    t = timeline.t_of(300)
    reach(session, t)
    timeline.seek(t)
    for split, answer in ask(session, t, "evaluate").items():
        assert answer == evaluate(*at(timeline, t), split)
    assert ask(session, t)["layers"][0]["dead"] is not None


def test_losses_of_the_past_are_taken_as_numbers_or_as_their_text():
    session = started(SCENARIOS["plateau"]["experiment"])
    reach(session, 9000)
    assert [trouble["name"] for trouble in ask(session, 9000)["troubles"]] == ["plateau"]
    falling = [str(0.5 - 0.01 * i) for i in range(20)]
    assert ask(session, 9000, losses=falling)["troubles"] == []
    assert ask(session, 9000, losses=["NaN", 1, "Infinity"])["troubles"] != []


@pytest.mark.parametrize("losses", [0.5, "0.5", [[1]], ["half"], [None], [10**400], [1] * 1001])
def test_losses_that_are_none_are_refused(losses):
    answer = say(started(), command="ask", question="diagnose", t=0, losses=losses)
    assert answer["field"] == "losses"
    assert "layers" not in json.dumps(answer)


def test_a_field_that_diagnose_does_not_know_is_refused():
    answer = say(started(plain((1, "sigmoid"))), command="ask", question="diagnose", t=0, most=3)
    assert answer["refused"] == "unknown field: 'most' (one of: losses)"


def test_a_diagnosis_looks_at_a_sample_so_that_training_need_not_wait(monkeypatch):
    session, t = started(PRESETS["digits_100"]), 20 * 16
    reach(session, t)
    seen = []

    def noted(*arguments: Any) -> dict[str, Any]:
        seen.append(evaluate(*arguments))
        return seen[-1]

    monkeypatch.setattr("engine.evaluate.evaluation.evaluate", noted)
    ask(session, t)
    assert [(each["examples"] <= 1000 < each["of"]) for each in seen] == [True, True]
