"""Every gradient against an independent autodiff, finite differences, and numbers that are known to be good."""

from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import assume, given, settings

from engine import Experiment, Timeline
from engine.presets import PRESETS
from engine.questions import evaluate, predict
from tests.networks import ENDINGS, State, experiment, plain, table, table_experiments


def log_sum_exp(z):
    top = anp.max(z, axis=1, keepdims=True)
    return top + anp.log(anp.sum(anp.exp(z - top), axis=1, keepdims=True))


ACTIVATIONS = {
    "identity": lambda z: z,
    "leaky_relu": lambda z: anp.where(z > 0, z, z / 100),
    "relu": lambda z: anp.where(z > 0, z, 0.0),
    "sigmoid": lambda z: (1 + anp.tanh(z / 2)) / 2,
    "softmax": lambda z: anp.exp(z - log_sum_exp(z)),
    "tanh": anp.tanh,
}
LOSSES = {
    "binary_cross_entropy": lambda z, a, y: y * anp.logaddexp(0, -z) + (1 - y) * anp.logaddexp(0, z),
    "cross_entropy": lambda z, a, y: y * (log_sum_exp(z) - z),
    "squared_error": lambda z, a, y: (a - y) ** 2,
}


def mean_loss(numbers: State, chosen: Experiment, x: np.ndarray, y: np.ndarray) -> Any:
    """The loss written once more, another way; ``numbers`` also holds what to add to each z and a, to nudge them."""
    a, z = x, x
    for l, layer in enumerate(chosen.layers, 1):
        z = anp.dot(a, numbers[f"W{l}"].T) + numbers[f"b{l}"] + numbers.get(f"z{l}", 0)
        a = ACTIVATIONS[layer.activation](z) + numbers.get(f"a{l}", 0)
    return anp.sum(LOSSES[chosen.loss](z, a, y)) / len(x)


def after_backward(chosen: Experiment) -> State:
    """The state in which all gradients are there and nothing is updated yet."""
    timeline = Timeline(chosen)
    return dict(timeline.seek(sum(step.phase != "update" for step in timeline.program)))


def true_gradients(chosen: Experiment, state: State) -> State:
    """By autograd: dW and db of the mean loss, and da and delta of each example's own loss, by the engine's names."""
    depth, m = len(chosen.layers), len(state["a0"])
    numbers = {name: array for name, array in state.items() if name[0] in "Wb"}
    nudges = {f"{kind}{l}": np.zeros_like(state[f"{kind}{l}"]) for l in range(1, depth + 1) for kind in "za"}
    with np.errstate(all="ignore"):
        found = grad(mean_loss)(numbers | nudges, chosen, state["a0"], state["y"])
    renamed = {"W": "dW", "b": "db", "z": "delta", "a": "da"}
    return {renamed[name[0]] + name[1:]: array * (m if name[0] in "za" else 1) for name, array in found.items()}


def assert_gradients_true(chosen: Experiment, relative: float = 1e-9) -> State:
    state = after_backward(chosen)
    truth = true_gradients(chosen, state)
    found = {name: array for name, array in state.items() if name in truth}
    kinds = {name.rstrip("0123456789") for name in found}
    assert {"dW", "db", "delta"} <= kinds
    for name, array in found.items():
        assert np.isfinite(array).all(), name
        assert np.abs(array - truth[name]).max() <= relative * np.abs(truth[name]).max(), name
    return state


@settings(max_examples=200)
@given(table_experiments(dtype="float64"))
def test_every_gradient_is_that_of_an_independent_autodiff(chosen):
    assert_gradients_true(chosen)


@pytest.mark.parametrize(("activation", "loss"), ENDINGS)
def test_every_allowed_pair_of_output_and_loss_has_the_right_gradients(activation, loss):
    x, y = [[0.3, -1.2], [0.8, 0.4], [-0.5, 2.0]], [[1.0, 0.0], [0.25, 0.75], [0.0, 1.0]]
    fields = {"dataset": table(x, y), "loss": loss, "dtype": "float64"}
    assert_gradients_true(experiment((3, "tanh"), (2, activation), **fields))


@settings(max_examples=60)
@given(table_experiments(dtype="float64"))
def test_every_weight_gradient_is_what_finite_differences_measure(chosen):
    state = after_backward(chosen)
    bent = [l for l, layer in enumerate(chosen.layers, 1) if "relu" in layer.activation]
    assume(all(np.abs(state[f"z{l}"]).min() > 1e-4 for l in bent))  # no kink within reach
    scale = max(1.0, float(state["loss"]))
    for name in [name for name in state if name[0] in "Wb"]:
        for index in np.ndindex(state[name].shape):
            step = 1e-6 * max(1.0, abs(float(state[name][index])))
            losses = [loss_with(chosen, state, name, index, by) for by in (step, -step)]
            slope = (losses[0] - losses[1]) / (2 * step)
            gradient = state[f"d{name}"][index]
            assert abs(slope - gradient) < 1e-8 * scale + 1e-6 * abs(gradient), (name, index)


def loss_with(chosen: Experiment, state: State, name: str, index: tuple[int, ...], by: float) -> float:
    nudged = state[name].copy()
    nudged[index] += by
    return float(predict(chosen, state | {name: nudged}, state["a0"], state["y"])["loss"])


@settings(max_examples=100)
@given(table_experiments(dtype="float64"))
def test_the_loss_is_the_mean_over_examples_of_an_independently_written_one(chosen):
    state = after_backward(chosen)
    expected = float(
        mean_loss({name: state[name] for name in state if name[0] in "Wb"}, chosen, state["a0"], state["y"])
    )
    assert float(state["loss"]) == pytest.approx(expected, rel=1e-12, abs=1e-14)


@settings(max_examples=40)
@given(table_experiments(dtype="float32"))
def test_float32_gradients_are_those_of_float64_but_for_rounding(chosen):
    single = after_backward(chosen)
    truth = true_gradients(chosen, {name: np.asarray(array, np.float64) for name, array in single.items()})
    scale = max(1.0, *(float(np.abs(array).max()) for array in truth.values()))
    for name in [name for name in truth if name in single]:
        assert np.abs(single[name] - truth[name]).max() < 1e-4 * scale, name


def test_each_delta_belongs_to_its_own_example_and_dW_is_their_mean():
    x, y = [[0.5, -1.0], [2.0, 0.25]], [[1.0], [0.0]]
    both, first, second = (
        after_backward(experiment((2, "tanh"), (1, "sigmoid"), dataset=table(x[rows], y[rows]), dtype="float64"))
        for rows in (slice(2), slice(1), slice(1, 2))
    )
    for l in (1, 2):
        np.testing.assert_allclose(both[f"delta{l}"], np.concatenate([first[f"delta{l}"], second[f"delta{l}"]]))
        np.testing.assert_allclose(both[f"dW{l}"], (first[f"dW{l}"] + second[f"dW{l}"]) / 2)


def test_one_unit_and_one_example_is_enough():
    data = table([[0.7]], [[0.2]])
    state = assert_gradients_true(experiment((1, "sigmoid"), dataset=data, loss="squared_error", dtype="float64"))
    a = state["a1"]
    np.testing.assert_allclose(state["dW1"], 2 * (a - 0.2) * a * (1 - a) * 0.7, rtol=1e-14)


@pytest.mark.parametrize(("activation", "loss"), ENDINGS)
def test_zero_weights_give_finite_gradients_and_twins_in_the_hidden_layer(activation, loss):
    data = table([[1.0, 2.0], [3.0, -1.0]], [[1.0, 0.0], [0.5, 0.5]])
    fields = {"dataset": data, "loss": loss, "dtype": "float64", "initializer": "zeros"}
    state = assert_gradients_true(experiment((3, "sigmoid"), (2, activation), **fields))
    assert np.array_equal(state["dW2"][:, 0], state["dW2"][:, 1])
    assert not state["dW1"].any()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("size", [50.0, 1e3, 1e6])
@pytest.mark.parametrize(("activation", "loss"), [("sigmoid", "binary_cross_entropy"), ("softmax", "cross_entropy")])
def test_an_output_that_is_surely_wrong_has_a_finite_loss_and_the_full_error(activation, loss, size, dtype):
    data = table([[1.0], [1.0]], [[0.0, 1.0], [1.0, 0.0]])
    write = {"t": 0, "tensor": "W1", "value": [[size], [-size]]}
    state = after_backward(
        experiment((2, activation), dataset=data, loss=loss, dtype=dtype, changes=[write], mini_batch_size=2)
    )
    each = {"binary_cross_entropy": size, "cross_entropy": size}[
        loss
    ]  # half of the examples, two outputs or one gap of 2
    assert float(state["loss"]) == pytest.approx(each, rel=1e-6)
    np.testing.assert_allclose(state["delta1"], [[1, -1], [0, 0]], atol=1e-15)
    np.testing.assert_allclose(state["dW1"], [[0.5], [-0.5]], atol=1e-15)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "softmax"])
def test_a_saturated_output_under_squared_error_gets_a_gradient_of_exactly_nothing(activation):
    data = table([[1.0]], [[0.0, 1.0]])
    write = {"t": 0, "tensor": "W1", "value": [[1e4], [-1e4]]}
    fields = {"dataset": data, "loss": "squared_error", "dtype": "float64", "changes": [write]}
    state = assert_gradients_true(experiment((2, activation), **fields))
    assert float(state["loss"]) == pytest.approx({"tanh": 5}.get(activation, 2))
    assert not state["dW1"].any()


def test_at_the_kink_itself_relu_has_slope_0_and_leaky_relu_one_hundredth():
    for activation, slope in (("relu", 0), ("leaky_relu", 0.01)):
        data = table([[0.0]], [[1.0]])
        state = after_backward(experiment((1, activation), dataset=data, dtype="float64"))
        assert state["slope1"].item() == slope


def test_one_linear_neuron_has_the_numbers_that_one_finds_by_hand():
    writes = [{"t": 0, "tensor": "W1", "value": [[3]]}, {"t": 0, "tensor": "b1", "value": [1]}]
    data = table([[2]], [[9]])
    chosen = experiment((1, "identity"), dataset=data, rate=0.05, dtype="float64", changes=writes)
    state = after_backward(chosen)
    assert [state[name].item() for name in ("a1", "loss", "dW1", "db1")] == [7, 4, -8, -4]
    timeline = Timeline(chosen)
    after = timeline.seek(2 * len(timeline.program) - 2)
    assert [after[name].item() for name in ("W1", "b1", "a1", "loss")] == pytest.approx([3.4, 1.2, 8, 1])


def test_the_worked_example_has_its_published_numbers():
    chosen = Experiment.from_dict(PRESETS["worked_example"] | {"dtype": "float64"})
    state = after_backward(chosen)
    assert float(state["loss"]) == pytest.approx(0.5967422175200054, abs=1e-15)
    np.testing.assert_allclose(state["a2"], [[0.75136507, 0.77292847]], atol=5e-9)
    np.testing.assert_allclose(state["dW2"], [[0.16433408, 0.16533526], [-0.04520508, -0.04548048]], atol=5e-9)
    np.testing.assert_allclose(state["dW1"], [[0.00087714, 0.00175427], [0.00099543, 0.00199085]], atol=5e-9)
    timeline = Timeline(chosen)
    assert float(timeline.seek(2 * len(timeline.program))["loss"]) == pytest.approx(0.5609428935828603, abs=1e-15)


@pytest.mark.parametrize(
    ("activation", "initializer", "fewest", "most"),
    [("tanh", "xavier", 38, 40), ("tanh", "small_normal", 0, 0), ("relu", "he", 16, 33)],
)
def test_xor_is_solved_as_often_as_was_measured_before(activation, initializer, fewest, most):
    solved = 0
    for seed in range(40):
        chosen = experiment((4, activation), (1, "sigmoid"), initializer=initializer, seed=seed)
        timeline = Timeline(chosen)
        solved += evaluate(chosen, timeline.seek(2000 * len(timeline.program)), "training")["accuracy"] == 1
    assert fewest <= solved <= most


def test_one_epoch_teaches_a_small_network_most_digits():
    chosen = Experiment.from_dict(PRESETS["digits_100"])
    timeline = Timeline(chosen)
    state = timeline.seek(chosen.steps_per_epoch * len(timeline.program))
    assert evaluate(chosen, state, "held_out")["accuracy"] > 0.95


def test_the_famous_network_has_13002_parameters():
    state = Timeline(Experiment.from_dict(PRESETS["digits_13002"])).seek(0)
    assert sum(array.size for name, array in state.items() if name[0] in "Wb") == 13_002


def test_cross_entropy_is_refused_where_its_collapsed_error_would_be_wrong():
    for rows in ([[1.0, 1.0]], [[0.2, 0.3]]):
        data = table([[1.0]], rows)
        with pytest.raises(ValueError, match="targets that add up to 1"):
            experiment((2, "softmax"), dataset=data, loss="cross_entropy")
    with pytest.raises(ValueError, match="targets that add up to 1"):
        Experiment.from_dict(plain((1, "softmax"), loss="cross_entropy"))
