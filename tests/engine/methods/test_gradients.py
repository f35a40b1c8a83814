"""Every gradient against an independent autodiff, finite differences, and published numbers."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine import Experiment, Timeline
from engine.base.tensors import split
from engine.evaluate.evaluation import evaluate
from engine.experiment.presets import PRESETS
from engine.run.program import program
from tests.helpers.autodiff import cancelled, mean_loss, parameters_of, penalty, true_gradients
from tests.helpers.drawn import drawn
from tests.helpers.networks import ENDINGS, HIDDEN, State, experiment, table, table_experiments, targets

KINKS = {"hardswish": (-3, 3), "leaky_relu": (0,), "relu": (0,)}
LOSS_KINKS: dict[str, Any] = {"absolute_error": lambda a, y: a - y, "hinge": lambda a, y: (2 * y - 1) * a - 1}
LOSS_KINKS["mean_absolute_error"] = LOSS_KINKS["absolute_error"]
GRADIENTS = {"dW", "db", "dgamma", "dbeta", "gW", "delta", "da", "df", "dztilde"}


def after_backward(chosen: Experiment, training_steps: int = 0) -> State:
    """The last state before the update after so many training steps, with all gradients."""
    timeline = Timeline(chosen)
    done = sum(step.phase != "update" for step in timeline.program)
    return dict(timeline.seek(training_steps * len(timeline.program) + done))


def assert_gradients_true(chosen: Experiment, training_steps: int = 0, relative: float = 1e-9) -> State:
    state = after_backward(chosen, training_steps)
    truth = true_gradients(chosen, state)
    written = {name for step in program(chosen) for name in step.writes}
    found = {name: state[name] for name in written if split(name)[0] in GRADIENTS}
    assert {"dW1", "db1", "delta1"} <= found.keys()
    for name, array in found.items():
        assert np.isfinite(array).all(), name
        near = relative * np.abs(truth[name]).max() + 1e-13 * cancelled(state, name)
        assert np.abs(array - truth[name]).max() <= near, name
    return state


@drawn(table_experiments(dtype="float64"), st.integers(0, 5), few=100, many=400)
def test_every_gradient_is_that_of_an_independent_autodiff(chosen, training_steps):
    assert_gradients_true(chosen, training_steps)


@pytest.mark.parametrize(("activation", "loss"), ENDINGS)
def test_every_allowed_pair_of_output_and_loss_has_the_right_gradients(activation, loss):
    x, y = [[0.3, -1.2], [0.8, 0.4], [-0.5, 2.0]], targets(loss, (3, 2), np.random.default_rng(0)).tolist()
    fields = {"dataset": table(x, y), "loss": loss, "dtype": "float64"}
    assert_gradients_true(experiment((3, "tanh"), (2, activation), **fields))


@pytest.mark.parametrize("activation", HIDDEN)
@pytest.mark.parametrize("batch_norm", [False, True])
@pytest.mark.parametrize("dropout", [0, 0.5])
@pytest.mark.parametrize("residual", [False, True])
def test_a_layer_with_any_of_its_parts_has_the_right_gradients(activation, batch_norm, dropout, residual):
    x, y = [[0.3, -1.2], [0.8, 0.4], [-0.5, 2.0]], [[1.0], [0.25], [0.0]]
    extras = {"batch_norm": batch_norm, "dropout": dropout, "residual": residual}
    layers = [(2, activation, extras), (2, activation, extras), (1, "sigmoid")]
    state = assert_gradients_true(experiment(*layers, dataset=table(x, y), dtype="float64"), 2)
    assert {"dgamma1" in state, "dztilde1" in state} == {batch_norm}
    assert ("df1" in state) == bool(dropout)


def losses(chosen: Experiment, state: State, name: str, index: tuple[int, ...]) -> Iterator[tuple[float, State]]:
    """The objective and its tensors with one parameter nudged up and down, for the same mini-batch and masks."""
    by = 1e-6 * max(1.0, abs(float(state[name][index])))
    for sign in (1, -1):
        nudged = state | {name: state[name].copy()}
        nudged[name][index] += sign * by
        for step in program(chosen):
            if step.phase in ("forward", "loss") and not step.equation.draws:
                (written,) = step.writes
                nudged[written] = step.compute(*(nudged[read] for read in step.reads))
        yield float(nudged["loss"] + nudged.get("penalty", 0)) / (2 * by) * sign, nudged


def same_side(chosen: Experiment, states: list[State]) -> bool:
    """Whether neither an activation nor the loss has gone over its kink between these states."""
    inputs = [
        (f"ztilde{l}" if layer.batch_norm else f"z{l}", kink)
        for l, layer in enumerate(chosen.layers, 1)
        for kink in KINKS.get(layer.activation, ())
    ]
    sides = [[(state[name] > kink).tolist() for name, kink in inputs] for state in states]
    if chosen.loss in LOSS_KINKS:
        margins = (LOSS_KINKS[chosen.loss](state[f"a{len(chosen.layers)}"], state["y"]) for state in states)
        sides = [[*side, (margin > 0).tolist()] for side, margin in zip(sides, margins, strict=True)]
    return all(side == sides[0] for side in sides)


@drawn(table_experiments(dtype="float64"), st.integers(0, 3), few=40, many=80)
def test_every_gradient_agrees_with_finite_differences(chosen, training_steps):
    state = after_backward(chosen, training_steps)
    assume(all(array.min() > 1e-3 for name, array in state.items() if split(name)[0] == "var"))  # else all too steep
    scale = max(1.0, float(state["loss"]))
    for name in chosen.parameters:
        gradient = state[f"g{name}" if f"g{name}" in state else f"d{name}"]
        for index in np.ndindex(gradient.shape):
            (up, above), (down, below) = losses(chosen, state, name, index)
            if same_side(chosen, [state, above, below]):
                assert abs(up + down - gradient[index]) < 1e-7 * scale + 1e-6 * abs(gradient[index]), (name, index)


@settings(max_examples=100)
@given(table_experiments(dtype="float64"), st.integers(0, 3))
def test_loss_and_penalty_are_those_of_independently_written_ones(chosen, training_steps):
    state = after_backward(chosen, training_steps)
    numbers = parameters_of(chosen, state)
    assert float(state["loss"]) == pytest.approx(float(mean_loss(numbers, chosen, state)), rel=1e-11, abs=1e-13)
    assert float(state.get("penalty", 0)) == pytest.approx(float(penalty(numbers, chosen)), rel=1e-12)


@settings(max_examples=60)
@given(table_experiments(dtype="float32"))
def test_float32_gradients_are_those_of_float64_but_for_rounding(chosen):
    single = after_backward(chosen)
    assume(all(array.min() > 1e-2 for name, array in single.items() if split(name)[0] == "var"))
    truth = true_gradients(chosen, {name: np.asarray(array, np.float64) for name, array in single.items()})
    scale = max(1.0, *(float(np.abs(array).max()) for array in truth.values()))
    for name in [name for name in truth if name in single]:
        assert single[name].dtype == np.float32
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


def test_gradients_are_right_for_one_unit_and_one_example():
    data = table([[0.7]], [[0.2]])
    state = assert_gradients_true(experiment((1, "sigmoid"), dataset=data, loss="squared_error", dtype="float64"))
    a = state["a1"]
    np.testing.assert_allclose(state["dW1"], 2 * (a - 0.2) * a * (1 - a) * 0.7, rtol=1e-14)


@pytest.mark.parametrize(("activation", "loss"), ENDINGS)
def test_zero_weights_give_finite_gradients_and_twins_in_the_hidden_layer(activation, loss):
    data = table([[1.0, 2.0], [3.0, -1.0]], targets(loss, (2, 2), np.random.default_rng(0)).tolist())
    fields = {"dataset": data, "loss": loss, "dtype": "float64", "initializer": "zeros"}
    state = assert_gradients_true(experiment((3, "sigmoid"), (2, activation), **fields))
    assert np.array_equal(state["dW2"][:, 0], state["dW2"][:, 1])
    assert not state["dW1"].any()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("size", [50.0, 1e3, 1e6])
@pytest.mark.parametrize(("activation", "loss"), [("sigmoid", "binary_cross_entropy"), ("softmax", "cross_entropy")])
def test_a_confidently_wrong_output_has_a_finite_loss_and_the_full_error(activation, loss, size, dtype):
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
def test_a_saturated_output_under_squared_error_has_a_gradient_of_exactly_0(activation):
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
    [
        ("tanh", "xavier", 38, 40),
        pytest.param("tanh", "small_normal", 0, 0, marks=pytest.mark.long),
        pytest.param("relu", "he", 16, 33, marks=pytest.mark.long),
    ],
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
