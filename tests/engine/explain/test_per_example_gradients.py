"""The gradients of one example's loss agree with an independent autodiff, and their mean is the gradient."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Experiment, Timeline
from engine.experiment.presets import PRESETS
from engine.explain.passes import passes
from engine.explain.per_example_gradients import example_gradients
from tests.helpers.autodiff import per_example_gradients_of
from tests.helpers.networks import experiment, table_experiments
from tests.helpers.session import reach, say, started

XOR = PRESETS["xor"]


@pytest.mark.parametrize("count", [20, pytest.param(100, marks=pytest.mark.long)])
def test_the_gradients_of_one_example_are_those_of_its_own_loss_and_their_mean_is_the_gradient(count):
    given(table_experiments(dtype="float64"), st.integers(1, 3), st.data())(
        settings(max_examples=count)(assert_own_gradients)
    )()


def assert_own_gradients(chosen, steps, data):
    timeline = Timeline(chosen)
    backward = sum(step.phase != "update" for step in timeline.program)
    before = dict(timeline.seek((steps - 1) * len(timeline.program) + backward))
    for t in (timeline.t, steps * len(timeline.program)):
        own = [example_gradients(passes(timeline, t), i) for i in range(len(before["y"]))]
        assert {name for each in own for name in each} == {f"e{name}" for name in chosen.parameters}
        for name in chosen.parameters:
            gradient = before[f"d{name}"]
            stacked = np.stack([each[f"e{name}"] for each in own])
            near = 1e-9 * max(1.0, float(np.abs(stacked).max()))
            np.testing.assert_allclose(stacked.mean(axis=0), gradient, rtol=0, atol=near)
            index = tuple(data.draw(st.integers(0, units - 1)) for units in gradient.shape)
            true = per_example_gradients_of(chosen, before, name, index)
            np.testing.assert_allclose(stacked[(slice(None), *index)], true, rtol=1e-6, atol=near)


def test_gradients_that_have_not_been_computed_are_left_out():
    chosen = experiment((3, "tanh"), (1, "sigmoid"))
    timeline = Timeline(chosen)
    seen = []
    for t in range(len(timeline.program) + 1):
        found = set(example_gradients(passes(timeline, t), 0))
        assert found == {f"e{name}" for name in chosen.parameters if f"d{name}" in timeline.seek(t)}
        seen.append(len(found))
    assert (seen[0], seen[-1]) == (0, 4)


def test_the_server_sends_the_gradients_of_the_example_that_is_watched():
    session = started(XOR)
    timeline = Timeline(Experiment.from_dict(XOR))
    for example, true in ((0, 0), (3, 3), (9, 3)):
        tensors, metadata = reach(session, 18, watch={"gradients_of": example})
        assert metadata["gradients_of"] == str(example)
        expected = example_gradients(passes(timeline, 18), true)
        assert {name for name in tensors if name in expected} == set(expected)
        for name, array in expected.items():
            np.testing.assert_array_equal(tensors[name], array)
    assert not [name for name in reach(session, 18)[0] if name.startswith("eW")]


@pytest.mark.parametrize("example", [-1, 0.5, "0", True])
def test_an_example_that_there_cannot_be_is_refused(example):
    refused = say(started(XOR), command="seek", t=18, watch={"gradients_of": example})
    assert "refused" in refused
    assert refused["field"] == "watch.gradients_of"
