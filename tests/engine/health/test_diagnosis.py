"""The diagnosis of a training step agrees with plain loops, and is None for missing numbers."""

from typing import Any

import numpy as np
import pytest

from engine import Experiment, Timeline
from engine.experiment.presets import PRESETS
from engine.health.diagnosis import BINS, SAMPLE, LayerDiagnosis, at, diagnose, rms, sample
from tests.helpers.networks import experiment

OPTIMIZERS: list[dict[str, Any]] = [
    {"optimizer": {"learning_rate": 0.3}},
    {"optimizer": {"learning_rate": 0.3}, "regularization": {"l1": 0.01, "l2": 0.02}},
    {"optimizer": {"learning_rate": 0.3}, "clip_norm": 0.05},
    {"optimizer": {"learning_rate": 0.3}, "regularization": {"l2": 0.02}, "clip_norm": 0.05},
    {"optimizer": {"name": "momentum", "learning_rate": 0.1}},
    {"optimizer": {"name": "adam", "learning_rate": 0.01}},
    {"optimizer": {"name": "adamw", "learning_rate": 0.01}, "schedule": {"name": "cosine", "warm_up": 5}},
]


def diagnosis(timeline: Timeline, t: int) -> list[LayerDiagnosis]:
    timeline.seek(t)
    return diagnose(*at(timeline, t))


def by_loops(array: np.ndarray) -> float:
    total = 0.0
    for value in array.ravel().tolist():
        total += value * value
    return float((total / array.size) ** 0.5)


@pytest.mark.parametrize("fields", OPTIMIZERS)
def test_the_update_ratio_is_how_far_the_weights_really_moved(fields):
    chosen = experiment((5, "tanh"), (4, "relu"), (1, "sigmoid"), dataset="moons", dtype="float64", **fields)
    timeline = Timeline(chosen)
    before, after = dict(timeline.seek(timeline.t_of(6))), dict(timeline.seek(timeline.t_of(7)))
    for layer in diagnosis(timeline, timeline.t_of(7)):
        moved = by_loops(after[f"W{layer.layer}"] - before[f"W{layer.layer}"])
        assert layer.update_ratio == pytest.approx(moved / by_loops(after[f"W{layer.layer}"]), rel=1e-9)
        assert layer.gradient_rms == pytest.approx(by_loops(after[f"dW{layer.layer}"]))


def test_gradients_and_updates_are_none_until_the_training_step_has_computed_them():
    timeline = Timeline(experiment((3, "tanh"), (2, "tanh"), (1, "sigmoid")))
    computed: set[str] = set()
    for t, step in enumerate(timeline.program, 1):
        computed |= set(step.writes)
        for layer in diagnosis(timeline, t):
            there = f"dW{layer.layer}" in computed
            assert (layer.gradient_rms is not None) == there
            assert (layer.update_ratio is not None) == (f"uW{layer.layer}" in computed)
            assert (layer.gradient_histogram is not None) == there
            assert layer.activation_histogram is not None
    assert all(layer.gradient_rms is None for layer in diagnosis(timeline, 0))


def test_the_update_of_a_layer_is_none_until_its_turn():
    timeline = Timeline(experiment((3, "tanh"), (1, "sigmoid"), clip_norm=0.1))
    t = 1 + next(k for k, step in enumerate(timeline.program) if "uW1" in step.writes)
    first, second = diagnosis(timeline, t)
    assert first.update_ratio is not None
    assert second.update_ratio is None
    assert second.gradient_rms is not None


def test_a_unit_is_dead_where_its_slope_is_0_for_every_example_of_the_sample():
    biases = [{"t": 0, "tensor": "b1", "value": [-9, 0, -9, 9, -0.5]}, {"t": 0, "tensor": "b2", "value": [9, -99]}]
    chosen = experiment((5, "relu"), (2, "relu"), (1, "sigmoid"), dataset="circles", changes=biases)
    state = Timeline(chosen).seek(0)
    a: Any = sample(chosen)
    for layer in diagnose(chosen, state)[:2]:
        W, b = state[f"W{layer.layer}"], state[f"b{layer.layer}"]
        a = [[max(0.0, float(w @ x + beta)) for w, beta in zip(W, b, strict=True)] for x in np.asarray(a)]
        silent = [all(row[unit] == 0 for row in a) for unit in range(len(b))]
        assert layer.dead == pytest.approx(sum(silent) / len(silent))
        assert any(silent)
        assert layer.activation_rms == pytest.approx(by_loops(np.array(a)), rel=1e-5)


@pytest.mark.parametrize(("activation", "largest"), [("tanh", 1.0), ("sigmoid", 0.25)])
def test_a_pair_is_saturated_where_the_slope_is_below_a_twentieth_of_the_largest(activation, largest):
    chosen = experiment(
        (6, activation), (1, "identity"), dataset="moons", loss="squared_error",
        changes=[{"t": 0, "tensor": "b1", "value": [0, 1, 2, 3, -4, 5]}],
    )  # fmt: skip
    state, count, pairs = Timeline(chosen).seek(0), 0, 0
    for x in sample(chosen):
        for z in state["W1"] @ x + state["b1"]:
            slope = 1 - np.tanh(z) ** 2 if activation == "tanh" else np.exp(-z) / (1 + np.exp(-z)) ** 2
            count, pairs = count + (slope < largest / 20), pairs + 1
    hidden, output = diagnose(chosen, state)
    assert hidden.saturated == pytest.approx(count / pairs, abs=1.5 / pairs)
    assert 0 < count < pairs
    assert output.saturated is None


def test_dead_and_saturated_are_none_where_they_do_not_apply():
    names = ("leaky_relu", "relu", "tanh", "hardswish", "mish", "softmax")
    chosen = experiment(*((2, name) for name in names), dataset="moons")
    layers = diagnose(chosen, Timeline(chosen).seek(0))
    assert [layer.dead is None for layer in layers] == [True, False, True, False, True, True]
    assert [layer.saturated is None for layer in layers] == [True, True, False, True, True, True]


def test_a_hardswish_is_dead_where_it_is_below_minus_3_for_all_examples():
    writes = [{"t": 0, "tensor": "b1", "value": [-9, -9, 0, 9]}]
    chosen = experiment((4, "hardswish"), (1, "sigmoid"), dataset="circles", changes=writes)
    assert diagnose(chosen, Timeline(chosen).seek(0))[0].dead == 0.5


def test_the_slope_is_that_of_the_activation_inside_batch_norm_and_residual_connections():
    form = experiment((4, "tanh"), (4, "relu"), (1, "sigmoid"), dataset="moons").to_dict()
    for extras in ({"batch_norm": True}, {"dropout": 0.5}, {"residual": True}, {"batch_norm": True, "residual": True}):
        form["layers"][1] |= {"batch_norm": False, "dropout": 0.0, "residual": False} | extras
        chosen = Experiment.from_dict(form | {"changes": [{"t": 0, "tensor": "b2", "value": [-50] * 4}]})
        dead = diagnose(chosen, Timeline(chosen).seek(0))[1].dead
        assert dead == 1  # at t = 0 the running statistics are those of nothing yet


def test_the_sample_is_evenly_spread_over_the_training_examples_and_no_larger_than_they_are():
    few = experiment((1, "sigmoid"), dataset={"name": "moons", "examples": 40})
    assert np.array_equal(sample(few), few.data.x_train.astype(np.float32))
    chosen = experiment((10, "softmax"), dataset="digits")
    x, rows = chosen.data.x_train, np.arange(SAMPLE) * len(chosen.data.x_train) // SAMPLE
    assert np.array_equal(sample(chosen), x[rows].astype(np.float32) * np.float32(chosen.data.scale))


@pytest.mark.parametrize("t", [0, 18, 400])
def test_histograms_count_every_value_once_in_its_bin(t):
    chosen = experiment((7, "tanh"), (5, "relu"), (1, "sigmoid"), dataset="moons")
    timeline = Timeline(chosen)
    timeline.seek(t)
    for layer in diagnosis(timeline, t):
        histograms = [(layer.activation_histogram, len(sample(chosen)) * chosen.sizes[layer.layer])]
        if layer.gradient_histogram:
            gradient = timeline.seek(t)[f"dW{layer.layer}"]
            histograms.append((layer.gradient_histogram, gradient.size))
            edges = layer.gradient_histogram.edges
            assert edges[0] == -edges[-1] == -abs(gradient).max()
            bins = np.histogram(gradient, edges)[0]
            assert np.abs(bins - layer.gradient_histogram.counts).sum() <= 4  # on an edge it may fall either way
        for histogram, total in histograms:
            assert histogram is not None
            assert len(histogram.counts) == BINS == len(histogram.edges) - 1
            assert histogram.counts.sum() == total
            assert (np.diff(histogram.edges) > 0).all()


def test_values_that_are_all_the_same_lie_in_one_bin_of_a_real_range():
    chosen = experiment((3, "tanh"), (1, "sigmoid"), initializer="zeros")
    hidden, output = diagnosis(Timeline(chosen), Timeline(chosen).t_of(1))
    for histogram in (hidden.activation_histogram, hidden.gradient_histogram, output.activation_histogram):
        assert histogram is not None
        assert np.count_nonzero(histogram.counts) == 1
        assert histogram.edges[0] < histogram.edges[-1]


def test_a_run_that_exploded_is_diagnosed_too():
    chosen = experiment((4, "relu"), (2, "tanh"), (1, "identity"), dataset="sine", rate=30.0)
    timeline = Timeline(chosen)
    for training_step in (3, 8, 20, 500):
        layers = diagnosis(timeline, timeline.t_of(training_step))
    assert all(np.isnan(layer.gradient_rms or 0) and np.isnan(layer.activation_rms) for layer in layers)
    assert np.isnan(layers[0].dead or 0)
    assert layers[0].activation_histogram is None
    assert layers[0].gradient_histogram is None


def test_squares_do_not_overflow():
    assert rms(np.full(9, 1e30, np.float32)) == pytest.approx(1e30)
    assert rms(np.full(9, 1e-30, np.float32)) == pytest.approx(1e-30)


def test_after_a_change_of_structure_the_new_network_has_no_gradients_yet():
    timeline = Timeline(experiment((4, "tanh"), (1, "sigmoid"), dataset="moons"))
    timeline.seek(t := timeline.t_of(10))
    timeline.change(t, layers=[{"units": 4, "activation": "relu"}, {"units": 1, "activation": "sigmoid"}])
    first, second = diagnosis(timeline, t)
    assert first.dead is not None
    assert first.gradient_rms is second.gradient_rms is None
    assert diagnosis(timeline, timeline.t_of(11))[0].gradient_rms is not None


def test_a_plain_diagnosis_holds_plain_values():
    timeline = Timeline(Experiment.from_dict(PRESETS["spirals"]))
    for layer in diagnosis(timeline, timeline.t_of(1)):
        plain = layer.to_dict()
        assert plain["layer"] == layer.layer
        for name in ("activation_histogram", "gradient_histogram"):
            assert {type(each) for each in plain[name]["counts"]} == {int}
            assert {type(each) for each in plain[name]["edges"]} == {float}
