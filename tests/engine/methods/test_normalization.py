"""Batch normalization and residual connections, forward and back, in training and in predicting."""

from typing import Any

import numpy as np
import pytest

from engine import Timeline
from engine.evaluate.evaluation import predict, response
from tests.helpers.networks import State, experiment, table

MOONS = {"name": "moons", "examples": 40}
NORMALIZED = [(4, "relu", {"batch_norm": True}), (3, "tanh", {"batch_norm": True}), (1, "sigmoid")]


def timeline_of(*layers: tuple[Any, ...], **fields: Any) -> Timeline:
    return Timeline(experiment(*layers, **{"dataset": MOONS, "dtype": "float64", "mini_batch_size": 7} | fields))


def last_of(timeline: Timeline, training_step: int) -> State:
    """The tensors at the end of a training step."""
    return dict(timeline.seek(timeline.t_of(training_step + 1)))


def test_normalized_values_have_mean_0_and_variance_1_over_the_mini_batch():
    timeline = timeline_of(*NORMALIZED)
    for step in range(6):
        state = last_of(timeline, step)
        for l in (1, 2):
            z = state[f"z{l}"]
            np.testing.assert_allclose(state[f"mean{l}"], z.mean(axis=0), atol=1e-14)
            np.testing.assert_allclose(state[f"var{l}"], z.var(axis=0), rtol=1e-12)
            np.testing.assert_allclose(state[f"zhat{l}"].mean(axis=0), 0, atol=1e-12)
            variance = z.var(axis=0)
            np.testing.assert_allclose(state[f"zhat{l}"].var(axis=0), variance / (variance + 1e-5), rtol=1e-10)


def test_scale_and_shift_begin_at_1_and_0_and_are_learned():
    timeline = timeline_of(*NORMALIZED)
    state = dict(timeline.seek(0))
    assert state["gamma1"].tolist() == [1] * 4
    assert state["beta1"].tolist() == [0] * 4
    first, later = last_of(timeline, 0), last_of(timeline, 9)
    assert first["ztilde1"].tobytes() == first["zhat1"].tobytes()
    np.testing.assert_allclose(first["gamma1"], 1 - 0.5 * first["dgamma1"])
    assert not np.isclose(later["gamma1"], 1).any()
    timeline.change(0, tensor="gamma1", value=[1, 2, 3, 4])
    timeline.change(0, tensor="beta1", value=[5, 6, 7, 8])
    state = dict(timeline.seek(len(timeline.program) // 2))
    np.testing.assert_allclose(state["ztilde1"], state["zhat1"] * [1, 2, 3, 4] + [5, 6, 7, 8])


def test_running_statistics_remember_nine_tenths_of_the_past_in_every_training_step():
    timeline = timeline_of(*NORMALIZED)
    mean, var = np.zeros(4), np.ones(4)
    for step in range(12):
        state = last_of(timeline, step)
        mean = 0.9 * mean + 0.1 * state["z1"].mean(axis=0)
        var = 0.9 * var + 0.1 * state["z1"].var(axis=0)
        np.testing.assert_allclose(state["running_mean1"], mean, rtol=1e-11, atol=1e-14)
        np.testing.assert_allclose(state["running_var1"], var, rtol=1e-11)


def test_predicting_uses_the_running_statistics_and_each_example_by_itself():
    timeline = timeline_of(*NORMALIZED)
    state = last_of(timeline, 20)
    x, y = timeline.experiment.data.split("training")
    answer = predict(timeline.experiment, state, x, y)
    a = x
    for l, bend in ((1, lambda z: np.maximum(z, 0)), (2, np.tanh)):
        z = a @ state[f"W{l}"].T + state[f"b{l}"]
        normal = (z - state[f"running_mean{l}"]) / np.sqrt(state[f"running_var{l}"] + 1e-5)
        a = bend(normal * state[f"gamma{l}"] + state[f"beta{l}"])
        np.testing.assert_allclose(answer[f"a{l}"], a, rtol=1e-10, atol=1e-13)
    alone = np.concatenate([predict(timeline.experiment, state, row[None])["a3"] for row in x])
    np.testing.assert_allclose(alone, answer["a3"], rtol=1e-10)
    assert not np.allclose(answer["zhat1"], (answer["z1"] - answer["z1"].mean(0)) / answer["z1"].std(0))
    np.testing.assert_allclose(response(timeline.experiment, state, 2, 1, x), answer["a2"][:, 1], rtol=1e-12)


def test_predicting_changes_no_running_statistics():
    timeline = timeline_of(*NORMALIZED)
    state = last_of(timeline, 5)
    before = state["running_mean1"].tobytes()
    assert not {"running_mean1", "mean1"} & predict(timeline.experiment, state, np.ones((3, 2))).keys()
    assert state["running_mean1"].tobytes() == before


def test_the_bias_before_batch_normalization_gets_no_gradient_but_rounding():
    state = last_of(timeline_of(*NORMALIZED), 3)
    for l in (1, 2):
        assert np.abs(state[f"db{l}"]).max() < 1e-14
        assert np.abs(state[f"dbeta{l}"]).max() > 1e-4


def test_deltas_of_a_normalized_layer_add_up_to_0_over_the_mini_batch():
    timeline = timeline_of(*NORMALIZED)
    before, state = last_of(timeline, 2), last_of(timeline, 3)
    for l in (1, 2):
        assert np.abs(state[f"delta{l}"]).max() > 1e-3
        np.testing.assert_allclose(state[f"delta{l}"].sum(axis=0), 0, atol=1e-13)
        along = (state[f"delta{l}"] * state[f"zhat{l}"]).sum(axis=0)  # what is left of it is what epsilon is for
        left = before[f"gamma{l}"] * 1e-5 / (state[f"var{l}"] + 1e-5) ** 1.5
        arriving = (state[f"dztilde{l}"] * state[f"zhat{l}"]).sum(axis=0)
        np.testing.assert_allclose(along, left * arriving, rtol=1e-8)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_batch_normalization_of_one_example_is_finite_and_lets_only_the_shift_through(dtype):
    data = table([[0.5, -2.0], [1.0, 0.3], [-1.0, 0.7]], [[1.0], [0.0], [0.0]])
    timeline = timeline_of(*NORMALIZED, dataset=data, mini_batch_size=2, dtype=dtype)
    for t in range(4 * len(timeline.program)):
        assert all(np.isfinite(array).all() for array in timeline.seek(t).values()), t
    state = last_of(timeline, 3)  # the last mini-batch of an epoch
    assert len(state["y"]) == 1
    assert not state["zhat1"].any()
    assert not state["delta1"].any()
    assert not state["dW1"].any()
    assert not state["dgamma2"].any()
    assert state["dbeta2"].all()


def test_identical_examples_are_finite_too():
    timeline = timeline_of(*NORMALIZED, dataset=table([[1, 2]] * 4, [[1]] * 4), mini_batch_size=4)
    state = last_of(timeline, 5)
    assert all(np.isfinite(array).all() for array in state.values())
    assert not np.abs(state["zhat1"]).max() > 1e-10


RESIDUAL = {"residual": True}


def test_a_residual_layer_adds_what_it_was_given():
    state = last_of(timeline_of((2, "tanh", RESIDUAL), (2, "relu", RESIDUAL), (1, "sigmoid")), 2)
    np.testing.assert_array_equal(state["a1"], np.tanh(state["z1"]) + state["a0"])
    np.testing.assert_array_equal(state["a2"], np.maximum(state["z2"], 0) + state["a1"])


def test_errors_flow_along_the_skip_even_through_weights_of_0():
    deep = [(3, "tanh"), *[(3, "tanh", RESIDUAL)] * 9, (1, "identity")]
    with_skips = timeline_of(*deep, dataset="sine", mini_batch_size=20)
    without = timeline_of(*[layer[:2] for layer in deep], dataset="sine", mini_batch_size=20)
    for timeline in (with_skips, without):
        for l in range(2, 11):
            timeline.change(0, tensor=f"W{l}", value=np.zeros((3, 3)).tolist())
    state, cut = last_of(with_skips, 0), last_of(without, 0)
    for l in range(1, 10):
        assert state[f"da{l}"].tobytes() == state["da10"].tobytes()
    assert state["dW1"].all()
    assert not cut["dW1"].any()


def test_the_error_below_a_residual_connection_is_the_sum_of_both_paths():
    state = last_of(timeline_of((3, "tanh"), (3, "gelu", RESIDUAL), (1, "sigmoid")), 0)
    start = timeline_of((3, "tanh"), (3, "gelu", RESIDUAL), (1, "sigmoid")).seek(0)
    np.testing.assert_allclose(state["da1"], state["delta2"] @ start["W2"] + state["da2"], rtol=1e-14)


def test_dropout_comes_before_the_residual_connection():
    both = {"residual": True, "dropout": 0.5}
    state = last_of(timeline_of((2, "tanh", both), (1, "sigmoid")), 4)
    silenced = state["mask1"] == 0
    assert silenced.any()
    np.testing.assert_array_equal(state["a1"][silenced], state["a0"][silenced])
    np.testing.assert_array_equal(state["a1"], state["kept1"] + state["a0"])
