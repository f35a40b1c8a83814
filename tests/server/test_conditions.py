"""Conditions over the wire: what ends a seek, what there is to choose from, and why a run has stopped."""

import json
from typing import Any

import numpy as np
import pytest

from engine import Experiment, Timeline
from engine.experiment.presets import PRESETS
from engine.explain.chain_rule import chain_rule_terms
from engine.explain.passes import passes
from engine.health.remedies import REMEDIES
from engine.until.kinds import CONDITIONS
from engine.until.reading import until_of
from server.session import Session
from tests.helpers.networks import plain
from tests.helpers.session import look, say, started

RELU = plain((5, "relu"), (3, "tanh"), (1, "sigmoid"), dataset={"name": "moons", "examples": 40}, rate=0.8) | {
    "mini_batch_size": 10
}
UNTIL: list[dict[str, Any]] = [
    {"name": "loss_rises", "times": 2},
    {"name": "gradient_norm", "low": 0.0, "high": 0.3},
    {"name": "dead", "layer": 1, "times": 2},
    {"name": "sign_changes", "tensor": "W3", "index": [0, 0]},
    {"name": "class_changes", "example": 0, "every": 1},
    {"name": "sharpness", "value": 0.05, "every": 5},
]


def stop(session: Session, until: Any, last: int = 10**5) -> dict[str, str]:
    """Seek until a condition ends the way."""
    for _ in range(100):
        _, metadata = look(session, command="seek", t=last, until=until, watch={"tensors": []})
        if "until" in metadata:
            return metadata
    raise AssertionError("it does not stop")


@pytest.mark.parametrize("condition", UNTIL, ids=lambda each: each["name"])
def test_a_stop_is_told_with_its_condition_and_explained_by_the_ledger(condition):
    session = started(RELU)
    until = [{"name": "not_finite"}, {"any": [{"all": [condition]}]}]
    metadata = stop(session, until)
    timeline = Timeline(Experiment.from_dict(RELU))
    timeline.seek(10**5, until=until_of(condition, timeline.experiment))
    assert (metadata["until"], int(metadata["t"])) == (condition["name"], timeline.t)
    told = json.loads(metadata["condition"])
    assert told == condition
    found = say(session, command="ask", question="stopped", t=timeline.t, condition=told)["answer"]
    tensor, index, at = found["tensor"], tuple(found["index"]), found["at"]
    state = timeline.seek(at)
    assert found["gradient"] == float(state[f"d{tensor}"][index])
    assert found["value"] == float(state[tensor][index])
    terms = chain_rule_terms(passes(timeline, at), tensor, index, found["example"])
    assert found["terms"]["product"] == terms.product
    assert [each["value"] for each in found["terms"]["factors"]] == [each.value for each in terms.factors]
    assert {each["name"] for each in found["remedies"]} <= set(REMEDIES)
    if condition["name"] == "dead":
        assert not np.any(state[f"slope{condition['layer']}"][:, index[0]])


def test_the_losses_of_a_rise_are_told():
    session = started(RELU)
    metadata = stop(session, UNTIL[0])
    asked = {"question": "stopped", "t": int(metadata["t"]), "condition": UNTIL[0]}
    measured = say(session, command="ask", **asked)["answer"]["measured"]
    assert len(measured) == 3
    assert measured == sorted(measured)


def test_what_there_is_to_choose_from_says_what_can_never_be():
    session = started(PRESETS["xor"])
    kinds = say(session, command="ask", question="conditions", t=0)["answer"]["kinds"]
    assert [each["name"] for each in kinds] == [*CONDITIONS]
    unfit = {each["name"]: each["unfit"]["form"] for each in kinds if each["unfit"]}
    assert unfit == {"dead": "no_slope", "held_out_rises": "none_held_out"}
    experiment = Experiment.from_dict(PRESETS["xor"])
    for each in kinds:
        if not each["unfit"]:
            form = {"name": each["name"]} | {field["name"]: field["default"] for field in each["fields"]}
            assert until_of(form, experiment)


def test_conditions_are_checked_before_a_run_goes_on():
    session = started(PRESETS["xor"])
    until = [
        {"any": [{"all": [{"name": "loss_below", "value": 1}, {"name": "activation_rms", "layer": 5, "value": 1}]}]}
    ]
    for command in ({"command": "ask", "question": "conditions"}, {"command": "seek"}):
        refused = say(session, **command, t=0, until=until)
        assert refused["refused"] == "invalid layer: 5 (1 to 2)"
        assert refused["field"] == "until.0.any.0.all.1.layer"
    refused = say(session, command="ask", question="stopped", t=0, condition={"name": "dead"})
    assert refused["field"] == "condition.layer"
