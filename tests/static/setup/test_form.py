"""The experiment's form: what a data set has to set, and where a refusal is shown."""

from typing import Any

import pytest

from engine.data import DATASETS
from server.app import choices
from tests.helpers.node import call

DATA = "setup/data.js"
OFFERED = choices()["datasets"]


def test_xor_is_two_choices_told_apart_by_their_noise():
    chosen = [{"name": "xor", "noise": 0}, {"name": "xor", "noise": 0.12}, {"name": "spirals", "noise": 0}]
    assert call(DATA, "choiceOf", [[OFFERED, each] for each in chosen]) == ["xor", "xor_cloud", "spirals"]
    back = call(DATA, "chosenAs", [[OFFERED, name, {}] for name in ("xor", "xor_cloud", "spirals")])
    assert back == [{"name": "xor"}, {"name": "xor", "noise": 0.12}, {"name": "spirals"}]


def test_every_data_set_can_be_chosen_and_a_table_only_where_there_is_one():
    without, with_table = call(DATA, "namesOf", [[OFFERED, {"name": "xor"}], [OFFERED, {"name": "table"}]])
    assert without[:2] == ["xor", "xor_cloud"]
    assert set(without) == {*DATASETS, "xor_cloud"}
    assert with_table == [*without, "table"]


def test_only_what_a_data_set_has_can_be_set():
    chosen: list[dict[str, Any]] = [
        {"name": "xor", "noise": 0, "examples": 4},
        {"name": "xor", "noise": 0.12, "examples": 300},
        {"name": "digits", "others": 40},
        {"name": "digits"},
        {"name": "table", "x": [[0]], "y": [[1]]},
    ]
    found = call(DATA, "numbersOf", [[OFFERED, each] for each in chosen])
    assert [{each["name"]: each["value"] for each in numbers} for numbers in found] == [
        {}, {"noise": 0.12, "examples": 300}, {"others": 40}, {"others": 0}, {},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "places"),
    [
        ("layers.1.units", ["layers.1.units", "layers.1", "layers"]),
        ("change.learning_rate", ["optimizer.learning_rate", "optimizer"]),
        ("change.layers.0", ["layers.0", "layers"]),
        ("", []),
        (None, []),
    ],
)
def test_a_refusal_is_shown_at_its_control_or_else_further_up(field, places):
    assert call("setup/complaint.js", "placesOf", [[field]]) == [places]
