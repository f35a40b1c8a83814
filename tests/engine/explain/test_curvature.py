"""The curvature of the loss: its eigenvalues against second differences of the loss itself, and what is refused."""

import numpy as np
import pytest

from engine import Experiment, Refusal, Timeline
from engine.evaluate.evaluation import predict
from engine.explain.curvature import curvature
from tests.helpers.networks import plain

XOR = plain((2, "tanh"), (1, "sigmoid"), loss="binary_cross_entropy", mini_batch_size=2, dtype="float64")


def second_differences(experiment, state, h=1e-4):
    """The Hessian of the loss over all training examples, of four losses an element; and its gradient."""
    x, y = experiment.data.split("training")
    names = experiment.parameters
    flat = np.concatenate([state[name].ravel() for name in names])

    def loss(vector):
        at, first = dict(state), 0
        for name in names:
            size = state[name].size
            at[name] = vector[first : first + size].reshape(state[name].shape)
            first += size
        return float(predict(experiment, at, x, y)["loss"])

    steps = h * np.eye(len(flat))
    hessian = [
        [
            (loss(flat + a + b) - loss(flat + a - b) - loss(flat - a + b) + loss(flat - a - b)) / (4 * h * h)
            for b in steps
        ]
        for a in steps
    ]
    gradient = [(loss(flat + a) - loss(flat - a)) / (2 * h) for a in steps]
    return np.array(hessian), np.array(gradient)


@pytest.mark.parametrize("training_steps", [0, 3, 400])
def test_its_eigenvalues_are_those_of_second_differences_of_the_loss(training_steps):
    timeline = Timeline(Experiment.from_dict(XOR))
    state = timeline.seek(timeline.t_of(training_steps))
    found = curvature(timeline.experiment, timeline.program, state)
    hessian, gradient = second_differences(timeline.experiment, state)
    values = np.linalg.eigvalsh((hessian + hessian.T) / 2)
    assert found["slope"] == pytest.approx(np.linalg.norm(gradient), rel=1e-5, abs=1e-8)
    assert found["smallest"] == pytest.approx(values[0], rel=1e-3, abs=1e-6)
    assert found["largest"] == pytest.approx(values[-1], rel=1e-3, abs=1e-6)


@pytest.mark.parametrize(
    "form",
    [plain((40, "tanh"), (8, "tanh"), (1, "sigmoid")), plain((4, "tanh", {"dropout": 0.5}), (1, "sigmoid"))],
)
def test_a_network_that_is_large_or_has_dropout_is_refused(form):
    timeline = Timeline(Experiment.from_dict(form))
    with pytest.raises(Refusal, match="without dropout and of at most 200 parameters"):
        curvature(timeline.experiment, timeline.program, timeline.seek(0))


def test_numbers_that_are_not_finite_are_refused():
    form = plain((2, "identity"), (1, "identity"), dataset="sine", rate=30.0, mini_batch_size=100)
    timeline = Timeline(Experiment.from_dict(form))
    state = timeline.seek(timeline.t_of(200))
    with pytest.raises(Refusal, match="not finite"):
        curvature(timeline.experiment, timeline.program, state)
