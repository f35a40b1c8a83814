"""What a run is compared with: the scenario that it began as, or the preset of its data that it differs least from."""

from typing import Any

import pytest

from server.app import choices
from tests.helpers.node import call

OFFERED = choices()
PRESETS, SCENARIOS = OFFERED["presets"], OFFERED["scenarios"]


def origin(experiment: dict[str, Any], scenario: str | None = None) -> Any:
    (found,) = call("setup/origin.js", "originOf", [[experiment, scenario, OFFERED]])
    return found


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_compared_with_itself(name):
    assert origin(PRESETS[name]) == {"word": f"preset.{name}", "experiment": PRESETS[name]}


def test_a_changed_run_is_compared_with_the_preset_that_is_nearest_to_it():
    for name in ("digits_13002", "digits_100", "spirals"):
        changed = {**PRESETS[name], "seed": 12, "mini_batch_size": 8}
        assert origin(changed)["word"] == f"preset.{name}"


def test_a_scenario_is_compared_with_itself_though_a_preset_has_the_same_data():
    stuck = SCENARIOS["stuck"]["experiment"]
    assert origin({**stuck, "seed": 4}, "stuck") == {"word": "scenario.stuck", "experiment": stuck}


def test_a_data_set_of_no_preset_is_compared_with_nothing():
    assert origin({**PRESETS["spirals"], "dataset": {"name": "moons"}}) is None
