"""Batch normalization of an epoch's last mini-batch where that is a single example."""

import numpy as np
import pytest

from engine import Timeline
from engine.evaluate.evaluation import evaluate
from engine.explain.gradient_check import gradient_check
from tests.helpers.networks import experiment, table

X = [[0.5, -1.0], [2.0, 0.25], [-0.3, 0.8], [1.5, 1.0], [-2.0, 0.1]]
LAYERS = [(4, "tanh", {"batch_norm": True}), (1, "sigmoid")]
STEPS = 3  # of an epoch: mini-batches of 2, 2 and 1


def timeline(**fields: object) -> Timeline:
    data = table(X, [[1], [0], [1], [0], [1]])
    return Timeline(experiment(*LAYERS, dataset=data, mini_batch_size=2, dtype="float64", **fields))


def test_a_last_mini_batch_of_one_leaves_the_running_averages_alone():
    run = timeline()
    for step in range(3 * STEPS):
        before, after = run.seek(run.t_of(step)), run.seek(run.t_of(step + 1))
        alone = step % STEPS == STEPS - 1
        assert len(after["y"]) == (1 if alone else 2)
        for name in ("running_mean1", "running_var1"):
            assert (before[name].tobytes() == after[name].tobytes()) == alone


def test_a_last_mini_batch_of_one_is_normalized_to_0_with_gradients_that_agree_with_nudging():
    run = timeline()
    t = run.t_of(STEPS)
    state = run.seek(t)
    assert not state["zhat1"].any()
    assert not state["dW1"].any()
    assert state["dW2"].any()
    assert gradient_check(run, run.t_of(STEPS - 1) + 1)["verdict"] == "right"


def test_predictions_stay_as_good_as_the_loss_of_mini_batches():
    run = timeline(rate=0.1)
    state = run.seek(run.t_of(300 * STEPS))
    losses = [float(run.seek(run.t_of(step))["loss"]) for step in range(295 * STEPS, 300 * STEPS)]
    assert evaluate(run.experiment, state, "training")["loss"] < 5 * np.mean(losses)


@pytest.mark.parametrize("equation", ["batch_mean", "running_average"])
def test_the_page_explains_batch_norm_of_one_example(equation):
    said = {step.equation.name: step.equation.explanation for step in timeline().program}
    assert "one example" in said[equation]
