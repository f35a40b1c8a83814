"""Runs side by side have the losses of the same runs alone, but for the last bits."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Experiment
from engine.experiment.presets import PRESETS
from engine.maps.runs import Runs, work
from tests.helpers.experiments import ADAM, DRAWING, EXPERIMENTS, MIXED
from tests.helpers.maps import losses_alone
from tests.helpers.networks import experiment, table_experiments

STEPS = 12


def faster(chosen, factor):
    """The experiment with another learning rate."""
    training = chosen.training
    return replace(chosen, training=replace(training, learning_rate=factor * training.learning_rate), changes=())


def assert_same_losses(chosen):
    varied = [
        [faster(chosen, factor) for factor in (0.5, 1, 2)],
        [replace(faster(chosen, 0.5), initial_scale=s) for s in (1, 1.5)],
    ]
    places = np.array([0, 1, 2, 2]), np.array([0, 0, 0, 1])
    found = Runs(varied).losses(places, STEPS)
    assert found.shape == (STEPS, 4)
    for run, (i, j) in enumerate(zip(*places, strict=True)):
        alone = losses_alone(replace(varied[0][i], initial_scale=varied[1][j].initial_scale), STEPS)
        usable = np.abs(alone) < 1e3  # far beyond, rounding decides
        assert found[usable, run] == pytest.approx(alone[usable], rel=1e-4, abs=1e-6)


PRECISE = [replace(each, dtype="float64", next_mini_batch=None) for each in EXPERIMENTS]


@pytest.mark.parametrize("chosen", PRECISE[::4])
def test_a_program_trains_many_runs_as_it_trains_each(chosen):
    assert_same_losses(chosen)


@pytest.mark.long
@pytest.mark.parametrize("chosen", PRECISE)
def test_every_program_trains_many_runs_as_it_trains_each(chosen):
    assert_same_losses(chosen)


@pytest.mark.parametrize("form", [*PRESETS.values(), ADAM, MIXED], ids=[*PRESETS, "adam", "mixed"])
def test_the_losses_of_presets_are_those_of_the_runs_alone(form):
    assert_same_losses(Experiment.from_dict(form))


def test_drawings_and_the_last_small_mini_batch_of_an_epoch_are_the_same_in_all_runs():
    assert_same_losses(experiment((10, "softmax"), dataset="digits", mini_batch_size=3, drawings=DRAWING))
    assert_same_losses(
        experiment((4, "tanh"), (1, "sigmoid"), dataset={"name": "moons", "examples": 60}, mini_batch_size=13)
    )


@settings(max_examples=10)
@given(table_experiments(dtype="float64"), st.integers(1, 3))
def test_any_network_trains_many_runs_as_it_trains_each(chosen, factor):
    chosen = replace(faster(chosen, factor), changes=())
    assert_same_losses(chosen)


def test_work_counts_the_cells_of_all_index_letters():
    chosen = experiment((3, "tanh"), (1, "identity"), dataset="xor", loss="squared_error", mini_batch_size=4)
    forward = 4 * 3 * 2 + 4 * 3 + 4 * 3 + 4  # z1, a1, z2, a2
    backward = 4 + 4 + 4 + 4 * 3 + 4 + 4 * 3 + 4 * 3 + 4 * 3 + 4 * 3 * 2 + 4 * 3  # da2 slope2 delta2 dW2 db2 da1 ...
    rest = 4 * 2 + 4  # the mini-batch, and the loss
    update = 3 * 2 + 3 + 3 + 1
    assert work(chosen) == forward + backward + rest + update
