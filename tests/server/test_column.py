"""The column of all gradients, and the updates in frames: complete, in order, and refused for a bad question."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Experiment, Timeline
from engine.explain.parameter_update import parameter_updates
from engine.methods.optimizers import OPTIMIZERS
from server.capacity import Capacity
from server.session import Session
from tests.helpers.autodiff import true_gradients
from tests.helpers.networks import plain, table_experiments
from tests.helpers.session import look, reach, say, started

OPTIMIZED = {
    name: plain((3, "tanh"), (1, "sigmoid"), optimizer={"name": name, "learning_rate": 0.05}) for name in OPTIMIZERS
}
WIDE = plain((9, "tanh"), (5, "relu"), (1, "sigmoid"))


def column(session: Session, t: int, **fields: object) -> dict[str, np.ndarray]:
    reach(session, t)
    return look(session, command="ask", question="column", t=t, **fields)[0]


@pytest.mark.parametrize("name", OPTIMIZED)
def test_a_frame_with_updates_is_the_frame_without_and_all_updates(name):
    session = started(OPTIMIZED[name])
    steps = say(session, command="start", experiment=OPTIMIZED[name])["listing"]["segments"][0]["program"]
    for t in (0, len(steps) - 1, len(steps), len(steps) + 1):
        without, _ = reach(session, t)
        tensors, metadata = reach(session, t, watch={"updates": True})
        expected = parameter_updates(Timeline(Experiment.from_dict(OPTIMIZED[name])), t)
        assert metadata["t"] == str(t)
        assert tensors.keys() == without.keys() | expected.keys()
        assert [each for each in expected if not np.array_equal(tensors[each], expected[each])] == []
        assert reach(session, t, watch={"updates": False})[0].keys() == without.keys()


def test_of_a_watched_network_the_updates_of_the_watched_units_are_sent():
    session, units = started(WIDE), [None, [0, 8, 3], [4, 0], None]
    t = len(Timeline(Experiment.from_dict(WIDE)).program)
    whole, _ = reach(session, t, watch={"updates": True})
    part, _ = reach(session, t, watch={"updates": True, "units": units, "example": 1, "tensors": ["W1"]})
    assert part.keys() == {"W1", *(f"u{kind}{layer}" for kind in "Wb" for layer in (1, 2, 3))}
    assert np.array_equal(part["uW2"], whole["uW2"][np.ix_([4, 0], [0, 8, 3])])
    assert np.array_equal(part["ub1"], whole["ub1"][[0, 8, 3]])


@pytest.mark.parametrize("updates", [1, "yes", None, [], {}])
def test_updates_are_asked_for_by_true_and_false_alone(updates):
    session = started()
    for command in (
        {"command": "seek", "watch": {"updates": updates}},
        {"command": "ask", "question": "column", "updates": updates},
    ):
        refused = say(session, t=0, **command)
        assert refused["field"].endswith("updates")
        assert refused["details"]["form"] == "yes_or_no"
    assert "refused" in say(session, command="ask", t=0, question="column", layers=[1])


@given(table_experiments(), st.integers(0, 400))
@settings(max_examples=25)
def test_the_column_holds_the_gradient_of_every_parameter_in_the_order_of_the_program(chosen, t):
    timeline = Timeline(chosen)
    t %= len(timeline.program) + 1
    session = Session(Capacity())
    session.reply(json.dumps({"id": 7, "command": "start", "experiment": chosen.to_dict()}))
    state, found = timeline.seek(t), column(session, t)
    assert list(found) == [f"d{name}" for name in chosen.parameters if f"d{name}" in state]
    if not found:
        return
    before = timeline.seek(0)
    truth = true_gradients(chosen, {**state, **{name: before[name] for name in chosen.parameters}})
    for name, array in found.items():
        assert array.dtype == np.float32
        assert np.allclose(array, truth[name], rtol=1e-3, atol=1e-4), name


@pytest.mark.parametrize("name", OPTIMIZED)
def test_the_column_of_updates_holds_the_parameter_updates(name):
    session, timeline = started(OPTIMIZED[name]), Timeline(Experiment.from_dict(OPTIMIZED[name]))
    steps = len(timeline.program)
    assert column(session, steps - 8, updates=True).keys() == parameter_updates(timeline, steps - 8).keys()
    found, expected = column(session, steps, updates=True), parameter_updates(timeline, steps)
    assert list(found) == ["uW1", "ub1", "uW2", "ub2"]
    assert [each for each in expected if not np.array_equal(found[each], expected[each])] == []


def test_the_column_of_a_large_network_comes_in_one_answer():
    digits = plain((100, "relu"), (10, "softmax"), dataset="digits")
    session = started(digits)
    steps = len(say(session, command="start", experiment=digits)["listing"]["segments"][0]["program"])
    assert sum(array.size for array in column(session, steps).values()) == 79_510
    assert column(session, 1) == {}
