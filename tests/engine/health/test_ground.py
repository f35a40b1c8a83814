"""The ground under a run: of six seeds two solve XOR and four rest in a local minimum; others are on a plateau."""

import pytest

from engine import Experiment, Timeline
from engine.evaluate.evaluation import evaluate
from engine.health.ground import ground
from engine.health.scenarios import SCENARIOS
from tests.helpers.networks import plain

XOR = plain((2, "tanh"), (1, "sigmoid"), loss="binary_cross_entropy", mini_batch_size=4)


def ground_of(form, training_step):
    timeline = Timeline(Experiment.from_dict(form))
    state = timeline.seek(timeline.t_of(training_step))
    return ground(timeline.experiment, timeline.program, state, evaluate(timeline.experiment, state, "training"))


@pytest.mark.parametrize(
    ("seed", "expected"), [(0, "solved"), (3, "solved"), (1, "minimum"), (2, "minimum"), (7, "minimum"), (9, "minimum")]
)
def test_six_seeds_of_xor_with_two_neurons(seed, expected):
    found = ground_of(XOR | {"seed": seed}, 2000)
    assert found["ground"] == expected
    if expected == "minimum":
        assert found["smallest"] > 0


def test_a_run_on_a_plateau_is_told_from_one_in_a_minimum_by_its_curvature():
    found = ground_of(SCENARIOS["plateau"]["experiment"], 600)
    assert found["ground"] == "plateau"
    assert found["smallest"] < 0
    assert ground_of(XOR | {"seed": 3}, 100)["ground"] == "moving"


def test_values_are_solved_where_the_loss_is_a_small_part_of_that_of_the_best_constant_answer():
    sine = plain((8, "tanh"), (1, "identity"), dataset="sine", rate=0.1, mini_batch_size=25)
    assert ground_of(sine, 5)["ground"] == "moving"
    assert ground_of(sine, 900)["ground"] == "solved"
