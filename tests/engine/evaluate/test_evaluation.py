"""Predictions and evaluations use the equations of training, and change nothing."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Experiment, Timeline
from engine.base.tensors import split
from engine.evaluate.evaluation import correct, evaluate, grid_over, predict, response
from engine.experiment.presets import PRESETS
from tests.helpers.autodiff import ACTIVATIONS
from tests.helpers.networks import experiment, same_bits, straight_run, table_experiments


@settings(max_examples=100)
@given(table_experiments(), st.integers(0, 3))
def test_predict_on_a_moments_mini_batch_gives_the_moments_bits_apart_from_training_only_tensors(chosen, steps):
    bare = [replace(layer, dropout=0.0, batch_norm=False) for layer in chosen.layers]
    chosen = replace(chosen, layers=tuple(bare), training=replace(chosen.training, augment=()), changes=())
    timeline = Timeline(chosen)
    done = sum(step.phase in ("forward", "loss") for step in timeline.program)
    state = timeline.seek(steps * len(timeline.program) + done)
    answer = predict(chosen, state, state["a0"], state["y"])
    assert same_bits({**answer}, {name: state[name] for name in answer})
    assert answer.keys() == {name for name in state if split(name)[0] in ("a", "z", "f", "loss")}


@settings(max_examples=100)
@given(table_experiments(dtype="float64"), st.integers(1, 4))
def test_predict_normalizes_by_the_running_statistics_without_dropout_and_noise(chosen, steps):
    timeline = Timeline(chosen)
    state = dict(timeline.seek(steps * len(timeline.program)))
    x = chosen.data.x_train
    answer = predict(chosen, state, x, chosen.data.y_train)
    assert answer["a0"].tobytes() == x.tobytes()
    a = x
    with np.errstate(all="ignore"):
        for l, layer in enumerate(chosen.layers, 1):
            below, z = a, a @ state[f"W{l}"].T + state[f"b{l}"]
            if layer.batch_norm:
                z = (z - state[f"running_mean{l}"]) / np.sqrt(state[f"running_var{l}"] + 1e-5)
                z = z * state[f"gamma{l}"] + state[f"beta{l}"]
            a = ACTIVATIONS[layer.activation](z) + (below if layer.residual else 0)
            np.testing.assert_allclose(answer[f"a{l}"], a, rtol=1e-7, atol=1e-9)


def test_predict_without_targets_has_no_loss():
    chosen = experiment((3, "tanh"), (1, "sigmoid"))
    answer = predict(chosen, Timeline(chosen).seek(0), np.zeros((2, 2)))
    assert answer.keys() == {"a0", "z1", "a1", "z2", "a2"}
    assert answer["a2"].shape == (2, 1)


def by_hand(chosen: Experiment, state: dict[str, np.ndarray], split: str) -> tuple[float, float]:
    """Loss and accuracy of a tanh-softmax network with cross-entropy, in float64."""
    x, y = (np.asarray(array, float) for array in chosen.data.split(split))
    hidden = np.tanh(x * chosen.data.scale @ state["W1"].T + state["b1"])
    output = np.exp(hidden @ state["W2"].T + state["b2"])
    probability = (output / output.sum(axis=1, keepdims=True) * y).sum(axis=1)
    return float(-np.log(probability).mean()), float(np.mean(output.argmax(axis=1) == y.argmax(axis=1)))


@pytest.mark.parametrize(("dataset", "outputs"), [("digits", 10), ("moons", 2), ("spirals", 2)])
@pytest.mark.parametrize("split", ["training", "held_out"])
def test_evaluate_agrees_with_an_independent_computation(dataset, outputs, split):
    chosen = experiment((6, "tanh"), (outputs, "softmax"), dataset=dataset, mini_batch_size=10)
    state = dict(Timeline(chosen).seek(500))
    answer = evaluate(chosen, state, split)
    loss, accuracy = by_hand(chosen, state, split)
    assert answer["loss"] == pytest.approx(loss, rel=1e-5)
    assert answer["accuracy"] == pytest.approx(accuracy, abs=1.5 / len(chosen.data.split(split)[0]))
    assert answer["examples"] == answer["of"] == len(chosen.data.split(split)[0])


def test_evaluate_with_one_output_decides_at_one_half():
    a, y = np.array([[0.2], [0.8], [0.5], [0.9]]), np.array([[0], [1], [0], [0]])
    assert correct(a, y).tolist() == [True, True, True, False]


def test_evaluate_with_several_outputs_takes_the_largest():
    a, y = np.array([[0.1, 0.7, 0.2], [0.5, 0.3, 0.2]]), np.array([[0, 1, 0], [0, 0, 1]])
    assert correct(a, y).tolist() == [True, False]


def test_evaluate_on_fewer_examples_takes_them_evenly_spread_and_always_the_same():
    chosen = experiment((1, "identity"), dataset="sine")
    x, y = chosen.data.split("training")
    state = dict(Timeline(chosen).seek(0))
    for most in (1, 7, 149, 150, 10_000):
        rows = np.floor(np.arange(min(most, 150)) * 150 / min(most, 150)).astype(int)
        answer = evaluate(chosen, state, "training", most)
        expected = np.square(x[rows] @ state["W1"].T + state["b1"] - y[rows]).mean()
        assert answer["examples"] == len(rows)
        assert answer["of"] == 150
        assert answer["loss"] == pytest.approx(expected, rel=1e-5)


def test_evaluate_has_no_accuracy_for_values_and_nothing_at_all_for_an_empty_split():
    chosen = experiment((1, "identity"), dataset="sine")
    assert evaluate(chosen, Timeline(chosen).seek(0), "training")["accuracy"] is None
    chosen = experiment((1, "sigmoid"))
    nothing = {"loss": None, "accuracy": None, "examples": 0, "of": 0}
    assert evaluate(chosen, Timeline(chosen).seek(0), "held_out") == nothing


def test_evaluate_without_time_says_how_many_examples_it_saw():
    chosen = experiment((10, "softmax"), dataset="digits")
    answer = evaluate(chosen, Timeline(chosen).seek(0), "held_out", seconds=0)
    assert answer["examples"] == 1000
    assert answer["of"] == 10_000


def test_a_run_that_has_exploded_can_still_be_evaluated():
    chosen = experiment((2, "identity"), (1, "identity"), dataset="sine", rate=30.0)
    state = Timeline(chosen).seek(5000)
    assert np.isnan(evaluate(chosen, state, "training")["loss"])
    assert np.isnan(predict(chosen, state, np.zeros((1, 1)))["a2"]).all()


def test_response_is_the_activation_of_one_neuron_over_the_grid():
    chosen = experiment((3, "tanh"), (1, "sigmoid"), dtype="float64")
    state = Timeline(chosen).seek(100)
    grid = grid_over(-1, 2, 2, 9)
    hidden = np.tanh(grid @ state["W1"].T + state["b1"])
    for unit in range(3):
        assert response(chosen, state, 1, unit, grid) == pytest.approx(hidden[:, unit])
    output = 1 / (1 + np.exp(-(hidden @ state["W2"].T + state["b2"])[:, 0]))
    assert response(chosen, state, 2, 0, grid) == pytest.approx(output)
    assert response(chosen, state, 0, 1, grid) == pytest.approx(grid[:, 1])


def test_a_grid_on_the_plane_runs_from_left_to_right_and_from_top_to_bottom():
    x, y = grid_over(-1, 3, 2, 5).T.reshape(2, 5, 5)
    assert x[0].tolist() == [-1, 0, 1, 2, 3]
    assert y[:, 0].tolist() == [3, 2, 1, 0, -1]
    assert (x == x[0]).all()
    assert (y == y[:, :1]).all()


def test_a_grid_on_a_line_runs_from_low_to_high():
    assert grid_over(-1, 1, 1, 3).tolist() == [[-1], [0], [1]]


@pytest.mark.parametrize("name", ["xor", "digits_100"])
def test_evaluation_changes_no_state(name):
    timeline = Timeline(Experiment.from_dict(PRESETS[name]))
    state = timeline.seek(5)
    copies = {key: array.copy() for key, array in state.items()}
    evaluate(timeline.experiment, state, "training", 100)
    predict(timeline.experiment, state, np.ones((3, timeline.experiment.sizes[0])))
    assert same_bits(state, copies)
    assert same_bits(timeline.seek(60), straight_run(timeline.experiment, 60)[60])
