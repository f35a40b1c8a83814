"""The derivatives of a prediction's loss by its inputs, and the contributions of activations to the answer."""

from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import strategies as st

from engine import Experiment, Timeline
from engine.digits.contributions import contributions
from engine.digits.saliency import reach, saliency
from engine.evaluate.evaluation import predict
from tests.helpers.autodiff import ACTIVATIONS, LOSSES
from tests.helpers.drawn import drawn
from tests.helpers.networks import ENDINGS, State, experiment, table_experiments

FULL = {"batch_norm": True, "dropout": 0.4, "residual": True}
TABLE = {"name": "table", "x": [[0.3, -0.8], [1.1, 0.4], [-0.5, 0.9]], "y": [[1, 0, 0], [0, 0, 1], [0, 1, 0]]}


def forward(chosen: Experiment, state: State, x: Any) -> tuple[Any, Any]:
    """An independent implementation of the output's pre-activation and activation in a prediction."""
    z = a = x
    for l, layer in enumerate(chosen.layers, 1):
        below = a
        z = u = anp.dot(a, state[f"W{l}"].T) + state[f"b{l}"]
        if layer.batch_norm:
            u = (z - state[f"running_mean{l}"]) / (state[f"running_var{l}"] + 1e-5) ** 0.5
            u = u * state[f"gamma{l}"] + state[f"beta{l}"]
        a = ACTIVATIONS[layer.activation](u) + (below if layer.residual else 0)
    return z, a


def loss(x: Any, chosen: Experiment, state: State, y: np.ndarray) -> Any:
    """The sum of the examples' losses. Its derivative by an input is that of the example's own loss."""
    z, a = forward(chosen, state, x)
    return anp.sum(LOSSES[chosen.loss](z, a, y))


def trained(chosen: Experiment, training_steps: int) -> State:
    timeline = Timeline(chosen)
    return dict(timeline.seek(timeline.t_of(training_steps)))


def assert_near(found: np.ndarray, true: np.ndarray) -> None:
    assert np.abs(found - true).max() <= 1e-9 * np.abs(true).max() + 1e-12


@drawn(table_experiments(dtype="float64"), st.integers(0, 4), few=30, many=200)
def test_the_saliency_of_any_network_is_that_of_an_independent_autodiff(chosen, training_steps):
    state, x, y = trained(chosen, training_steps), chosen.data.x_train, chosen.data.y_train
    found = saliency(chosen, state, x, y)["da0"]
    with np.errstate(all="ignore"):
        assert_near(found, grad(loss)(np.array(x, float), chosen, state, y))


@pytest.mark.parametrize(("activation", "name"), ENDINGS)
def test_the_saliency_agrees_with_finite_differences_of_each_input(activation, name):
    layers = [(2, "tanh", FULL), (4, "gelu", {"batch_norm": True}), (4, "silu", FULL), (3, activation)]
    chosen = experiment(*layers, dataset=TABLE, loss=name, rate=0.02, dtype="float64", mini_batch_size=3)
    state, x, y = trained(chosen, 7), chosen.data.x_train, chosen.data.y_train
    found, h = saliency(chosen, state, x, y)["da0"], 1e-5
    for cell in np.ndindex(x.shape):
        nudge = np.zeros_like(x)
        nudge[cell] = h
        up, down = (len(x) * predict(chosen, state, x + way * nudge, y)["loss"] for way in (1, -1))
        assert found[cell] == pytest.approx((up - down) / (2 * h), rel=1e-6, abs=1e-8)


@drawn(table_experiments(dtype="float64"), st.integers(0, 3), few=30, many=60)
def test_the_reach_of_an_output_is_the_derivative_of_its_pre_activation_by_the_inputs(chosen, training_steps):
    state, x = trained(chosen, training_steps), np.array(chosen.data.x_train, float)
    output = chosen.sizes[-1] - 1
    found = reach(chosen, state, predict(chosen, state, x), output)["da0"]
    with np.errstate(all="ignore"):
        assert_near(found, grad(lambda at: anp.sum(forward(chosen, state, at)[0][:, output]))(x))


@drawn(table_experiments(dtype="float64"), few=30, many=60)
def test_contributions_add_up_to_each_neurons_weighted_sum(chosen):
    state = trained(chosen, 1)
    answer = predict(chosen, state, chosen.data.x_train[:1])
    found = contributions(chosen, state, answer, chosen.sizes)
    for l in range(1, len(chosen.layers) + 1):
        assert_near(found[f"c{l}"].sum(axis=1) + state[f"b{l}"], answer[f"z{l}"][0])


def test_of_a_large_layer_the_neurons_that_matter_most_for_the_answer_are_chosen():
    chosen = experiment((30, "tanh"), (20, "relu"), (3, "softmax"), dataset=TABLE, dtype="float64")
    state = trained(chosen, 3)
    answer = predict(chosen, state, chosen.data.x_train[:1])
    found = contributions(chosen, state, answer, (2, 6, 4, 1))
    best = answer["a3"][0].argmax()
    into = np.abs(state["W3"][best] * answer["a2"][0])
    assert found["units2"].tolist() == sorted(np.argsort(-into)[:4].tolist())
    first = np.abs(reach(chosen, state, answer, int(best))["da1"][0] * answer["a1"][0])
    assert found["units1"].tolist() == sorted(np.argsort(-first)[:6].tolist())
    assert found["c1"].shape == (6, 2)
    assert found["c2"].shape == (4, 6)
    assert found["c3"].shape == (3, 4)
    above, below = found["units2"], found["units1"]
    assert np.allclose(found["c2"], state["W2"][np.ix_(above, below)] * answer["a1"][0, below])
