"""The facts in the records of methods agree with their equations."""

import numpy as np
import pytest

from engine.data import DATASETS
from engine.experiment.experiment import Experiment
from engine.methods.activations import ACTIVATIONS
from engine.methods.losses import LOSSES, loss_of
from engine.methods.optimizers import OPTIMIZERS
from tests.helpers.networks import HIDDEN, plain, targets

LINE = np.linspace(-40, 40, 800_001)[:, None]


def slopes(name: str, z: np.ndarray) -> np.ndarray:
    activation = ACTIVATIONS[name]
    assert activation.slope
    found: np.ndarray = activation.slope({"z": z, "a": activation.value(z)}[activation.slope.reads[0][0]])
    return found


@pytest.mark.parametrize("name", HIDDEN)
def test_the_range_and_the_largest_slope_of_an_activation_are_those_of_its_curve(name):
    activation, a = ACTIVATIONS[name], ACTIVATIONS[name].value(LINE)
    low, high = activation.range
    assert low <= a.min() < low + 1e-3 or (np.isinf(low) and a.min() < -0.3)
    assert high - 1e-3 < a.max() <= high or (np.isinf(high) and a.max() > 30)
    assert slopes(name, LINE).max() == pytest.approx(activation.largest_slope, abs=1e-4)


@pytest.mark.parametrize("name", HIDDEN)
def test_an_activation_has_kinks_just_where_its_slope_jumps(name):
    steps = np.abs(np.diff(slopes(name, LINE)[:, 0]))
    jumps = LINE[:-1, 0][steps > 0.1]
    assert {*jumps.round(3)} == {*ACTIVATIONS[name].kinks}


@pytest.mark.parametrize("name", HIDDEN)
def test_an_activation_can_die_saturates_and_rectifies_where_its_record_says_so(name):
    far_down, far_up = slopes(name, np.array([[-14.0]], np.float32)), slopes(name, np.array([[14.0]]))
    activation = ACTIVATIONS[name]
    assert activation.can_die == bool((slopes(name, LINE[LINE < -3]) == 0).all())
    assert activation.saturates == (abs(float(far_down.item())) < 1e-3 and abs(float(far_up.item())) < 1e-3)
    below, above = (float(activation.value(np.array([[z]])).item()) for z in (-14.0, 14.0))
    assert activation.rectifies == (abs(below) < 2 and above > 13)


@pytest.mark.parametrize("name", ["mish", "hardswish"])
def test_new_activations_are_right_in_float32_wherever_their_value_is_no_subnormal_number(name):
    z = np.concatenate([-np.geomspace(1e-30, 80, 400), np.geomspace(1e-30, 3e38, 400)])[:, None]
    exact = ACTIVATIONS[name].value(np.minimum(z.astype(np.float32), 1e6).astype(np.float64))
    found = ACTIVATIONS[name].value(np.minimum(z.astype(np.float32), np.float32(1e6)))
    np.testing.assert_allclose(found, exact, rtol=2e-6, atol=1e-37)
    huge = np.array([[1e20], [3e38]], np.float32)
    assert np.array_equal(ACTIVATIONS[name].value(huge), huge)
    assert slopes(name, huge).ravel().tolist() == [1, 1]
    assert not slopes(name, -huge).any()
    exact = slopes(name, z.clip(-80, 1e6).astype(np.float32).astype(np.float64))
    np.testing.assert_allclose(slopes(name, z.clip(-80, 1e6).astype(np.float32)), exact, rtol=1e-5, atol=3e-7)


@pytest.mark.parametrize("name", LOSSES)
def test_the_loss_is_the_mean_of_the_loss_of_each_example(name):
    rng = np.random.default_rng(0)
    outputs, y = rng.normal(size=(9, 3)), targets(name, (9, 3), rng)
    each = LOSSES[name].of_each(outputs, y)
    assert each.shape == (9,)
    assert float(LOSSES[name].value(outputs, y)) == pytest.approx(each.mean(), rel=1e-12)


@pytest.mark.parametrize("name", ["absolute_error", "huber", "hinge"])
@pytest.mark.parametrize("size", [1e-30, 1e-3, 1.0, 1e8, 1e36])
def test_new_losses_are_within_1e_5_of_float64_over_the_range_of_float32(name, size):
    rng = np.random.default_rng(0)
    a = (size * rng.normal(size=(5, 3))).astype(np.float32)
    y = targets(name, (5, 3), rng).astype(np.float32)
    exact = float(LOSSES[name].value(a.astype(np.float64), y.astype(np.float64)))
    assert float(LOSSES[name].value(a, y)) == pytest.approx(exact, rel=1e-5)
    gradient = LOSSES[name].gradient
    assert gradient
    np.testing.assert_allclose(
        gradient(a, y), gradient(a.astype(np.float64), y.astype(np.float64)), rtol=1e-5, atol=1e-6
    )


@pytest.mark.parametrize("name", [name for name, loss in LOSSES.items() if loss.gradient])
def test_a_loss_has_kinks_just_where_its_derivative_jumps(name):
    loss, a = LOSSES[name], np.linspace(-4, 4, 80_001)[:, None]
    assert loss.gradient
    for y in (np.zeros_like(a), np.ones_like(a)):
        jumps = np.abs(np.diff(loss.gradient(a, y)[:, 0])) > 0.5
        crossed = np.zeros_like(jumps) if loss.kink is None else np.diff(np.sign(loss.kink(a, y)[:, 0])) != 0
        assert {*a[:-1, 0][jumps].round(3)} == {*a[:-1, 0][crossed].round(3)}


def test_the_slopes_at_the_kinks_are_those_that_the_formulas_state():
    a, y = np.array([[0.0, 1.0, -1.0, 2.0]]), np.array([[0.0, 1.0, 0.0, 1.0]])
    absolute, hinge, huber = (LOSSES[name].gradient for name in ("absolute_error", "hinge", "huber"))
    assert absolute
    assert hinge
    assert huber
    assert absolute(a, y).tolist() == [[0, 0, -1, 1]]
    assert hinge(a, y).tolist() == [[1, 0, 0, 0]]
    assert not np.signbit(hinge(a, y)).any()
    assert huber(a, y).tolist() == [[0, 0, -1, 1]]
    assert slopes("hardswish", np.array([[-3.0, 3.0, 0.0]])).tolist() == [[0, 1, 0.5]]


def test_the_boundary_between_classes_is_halfway_between_their_levels():
    assert {name: loss.boundary for name, loss in LOSSES.items() if loss.boundary != 0.5} == {"hinge": 0}
    for name, loss in LOSSES.items():
        if loss.classifies and loss.gradient:
            for y, level in zip((0.0, 1.0), loss.levels, strict=True):
                assert not loss.gradient(np.array([[level]]), np.array([[y]])).any(), name


def test_the_loss_that_belongs_to_an_output_is_the_one_that_it_collapses_with():
    found = {name: loss_of(name) for name in ACTIVATIONS if loss_of(name) != "squared_error"}
    assert found == {"sigmoid": "binary_cross_entropy", "softmax": "cross_entropy"}


def test_optimizers_name_their_states_and_all_write_the_update():
    kept = {name: "".join(each.states) for name, each in OPTIMIZERS.items()}
    assert kept == {
        "adagrad": "v", "adam": "mv", "adamw": "mv", "averaged_momentum": "v", "dampened_momentum": "v",
        "gradient_descent": "", "lion": "m", "momentum": "v", "nesterov": "v", "rmsprop": "v",
    }  # fmt: skip
    assert {name for name, each in OPTIMIZERS.items() if each.adapts} == {"adam", "adamw"}
    for each in OPTIMIZERS.values():
        assert "u" in {name for equation in each.equations for name, _ in equation.writes}


@pytest.mark.parametrize("name", DATASETS)
def test_a_data_set_goes_with_the_output_that_its_record_names_and_looks_as_it_says(name):
    source = DATASETS[name]
    chosen = Experiment.from_dict(plain((source.outputs[0], source.output_activation), dataset=name))
    loss = LOSSES[chosen.loss]
    assert loss.classifies == (source.kind == "classes")
    assert source.looks == {1: "line", 2: "plane", 784: "picture"}[chosen.sizes[0]]
    assert chosen.dataset.typical_targets(source.outputs[0]).shape[1] == source.outputs[0]
