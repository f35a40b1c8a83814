"""The wishes of an example agree with an independent autodiff, and add up as the page shows it."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from autograd import grad
from hypothesis import strategies as st

from engine import Experiment, Timeline
from engine.experiment.presets import PRESETS
from engine.explain.passes import Passes, passes
from engine.explain.wishes import followed, ways, wishes
from tests.helpers.autodiff import cancelled, mean_loss, parameters_of, true_gradients
from tests.helpers.drawn import drawn
from tests.helpers.networks import State, plain, table_experiments
from tests.helpers.session import look, reach, say, started

XOR = PRESETS["xor"]
SKIPPING = plain(
    (3, "tanh", {"batch_norm": True}),
    (3, "relu", {"dropout": 0.5, "residual": True}),
    (2, "softmax"),
    dataset="moons", loss="squared_error", mini_batch_size=5, optimizer={"name": "adam", "learning_rate": 0.05},
)  # fmt: skip


def after_backward(timeline: Timeline, training_step: int) -> State:
    """The last state before the update, with all gradients."""
    done = sum(step.phase != "update" for step in timeline.program)
    return dict(timeline.seek(training_step * len(timeline.program) + done))


def truth_of(chosen: Experiment, state: State) -> State:
    """m times the true derivatives of the mini-batch's loss, also those by the inputs."""
    numbers, m = parameters_of(chosen, state), len(state["a0"])
    by_inputs = grad(lambda a0: mean_loss(numbers, chosen, {**state, "a0": a0}))
    with np.errstate(all="ignore"):
        return true_gradients(chosen, state) | {"da0": m * by_inputs(np.array(state["a0"], np.float64))}


def assert_near(found: Any, true: Any, state: State, name: str, relative: float = 1e-9) -> None:
    largest = np.abs(true).max(initial=0)
    assert np.abs(found - true).max(initial=0) <= relative * largest + 1e-12 * (1 + cancelled(state, name)), name


def layers_of(seen: Passes) -> range:
    return range(len(seen.experiment.layers) + 1)


@drawn(table_experiments(dtype="float64"), st.integers(0, 3), few=25, many=150)
def test_every_wish_is_minus_the_derivative_of_an_independent_autodiff_also_after_the_update(chosen, training_step):
    timeline = Timeline(chosen)
    before = after_backward(timeline, training_step)
    truth, m = truth_of(chosen, before), len(before["a0"])
    seen = passes(timeline, (training_step + 1) * len(timeline.program))
    assert seen.training_step == training_step
    for layer, example in product(layers_of(seen), range(m)):
        found = wishes(seen, layer, example)
        if layer:
            assert_near(found["wish"], -truth[f"delta{layer}"][example], before, f"delta{layer}")
        if layer < len(chosen.layers):
            assert_near(found["total"], -truth[f"da{layer}"][example], before, f"da{layer}")
            parts = -truth[f"delta{layer + 1}"][example][:, None] * before[f"W{layer + 1}"]
            assert_near(found["asked"], parts, before, f"delta{layer + 1}")


@drawn(table_experiments(), st.integers(0, 3), st.data(), few=25, many=150)
def test_the_parts_from_all_neurons_above_add_up_to_the_total(chosen, training_step, data):
    timeline = Timeline(chosen)
    steps = len(timeline.program)
    seen = passes(timeline, data.draw(st.integers(training_step * steps + 1, (training_step + 1) * steps)))
    y = seen.value("y")
    assert y is not None
    example = data.draw(st.integers(0, len(y) - 1))
    for layer in layers_of(seen):
        found = wishes(seen, layer, example)
        if "asked" not in found:
            continue
        skip = found.get("skip", np.zeros_like(found["total"]))
        assert ("skip" in found) == chosen.layers[layer].residual
        sizes = np.abs(found["asked"]).sum(axis=0) + np.abs(skip)
        assert (np.abs(found["asked"].sum(axis=0) + skip - found["total"]) <= 1e-6 * sizes + 1e-30).all()
        assert (found["asked"] == found["above"][:, None] * found["W"]).all()


@drawn(table_experiments(dtype="float64"), st.integers(0, 3), few=25, many=100)
def test_the_total_times_mask_and_slope_is_the_wish_for_the_pre_activation(chosen, training_step):
    timeline = Timeline(chosen)
    before = after_backward(timeline, training_step)
    seen = passes(timeline, timeline.t)
    for layer in layers_of(seen)[1:]:
        found = wishes(seen, layer, 0)
        assert ("shift" in found) == chosen.layers[layer - 1].batch_norm
        assert ("mask" in found) == bool(chosen.layers[layer - 1].dropout)
        if "slope" in found and "total" in found:
            through = found["total"] * found.get("mask", 1) * found["slope"]
            assert_near(found.get("shift", found["wish"]), through, before, f"da{layer}")


@drawn(table_experiments(dtype="float64"), st.integers(0, 3), few=15, many=80)
def test_the_wishes_of_all_examples_for_a_parameter_average_to_minus_its_gradient(chosen, training_step):
    timeline = Timeline(chosen)
    before = after_backward(timeline, training_step)
    truth, examples = truth_of(chosen, before), range(len(before["a0"]))
    seen = passes(timeline, (training_step + 1) * len(timeline.program))
    for layer in layers_of(seen)[1:]:
        for neuron in range(chosen.sizes[layer]):
            found = [ways(seen, layer, example, neuron) for example in examples]
            weights = np.mean([each["weights"] for each in found], axis=0)
            assert_near(weights, -truth[f"dW{layer}"][neuron], before, f"dW{layer}")
            assert_near(np.mean([each["bias"] for each in found]), -truth[f"db{layer}"][neuron], before, f"db{layer}")
            asked = [wishes(seen, layer - 1, example)["asked"][neuron] for example in examples]
            assert (np.array(asked) == [each["activations"] for each in found]).all()


@drawn(table_experiments(), st.integers(0, 2), few=25, many=60)
def test_arrays_that_have_not_been_computed_are_left_out(chosen, training_step):
    timeline = Timeline(chosen)
    begin = training_step * len(timeline.program)
    for t in range(begin + 1, begin + len(timeline.program) + 1):
        state = timeline.seek(t)
        for layer in range(len(chosen.sizes)):
            found = wishes(passes(timeline, t), layer, 0)
            above, own = f"delta{layer + 1}", f"delta{layer}"
            assert ("wish" in found) == (own in state)
            assert ("above" in found) == (above in state)
            assert ("total" in found) == (f"da{layer}" in state if layer else above in state)
            assert ("asked" in found) == ("total" in found and layer < len(chosen.layers))
            assert bool(layer and ways(passes(timeline, t), layer, 0, 0)) == (own in state)


def test_before_the_first_micro_step_there_are_no_wishes():
    assert wishes(passes(Timeline(Experiment.from_dict(XOR)), 0), 2, 0) == {}


def test_weights_that_are_changed_in_mid_step_count_from_the_micro_step_that_reads_them_on():
    timeline = Timeline(Experiment.from_dict(XOR))
    writes = [step.writes[0] for step in timeline.program]
    t = writes.index("da1")  # delta2 is there, and is about to go back through W2
    timeline.change(t, tensor="W2", index=[0, 1], value=7.0)
    steps = len(timeline.program)
    for moment in (t + 1, steps):
        found = wishes(passes(timeline, moment), 1, 2)
        assert found["W"][0, 1] == 7
        assert (found["asked"][0] == found["total"]).all()
    timeline.change(t + 1, tensor="W2", index=[0, 1], value=-3.0)  # too late for the backward pass
    assert wishes(passes(timeline, steps), 1, 2)["W"][0, 1] == 7


def test_the_right_class_is_followed_else_the_neuron_with_the_largest_wish():
    assert followed({"y": np.array([0, 0, 1.0]), "wish": np.array([3.0, -9, 1])}) == 2
    assert followed({"y": np.array([0.5, 0.0, 0.5]), "wish": np.array([3.0, -9, 1])}) == 1
    assert followed({"y": np.array([1.0]), "wish": np.array([0.25])}) == 0
    assert followed({"wish": np.array([3.0, -2, -4])}) == 2


@pytest.mark.parametrize("form", [XOR, SKIPPING, PRESETS["digits_13002"]], ids=["xor", "parts", "digits"])
def test_the_answer_over_the_wire_is_the_engines_own(form):
    session, timeline = started(form), Timeline(Experiment.from_dict(form))
    t = 2 * len(timeline.program)
    reach(session, t)
    for layer in range(len(timeline.experiment.sizes)):
        tensors, _ = look(session, command="ask", question="wishes", t=t, layer=layer, example=1)
        seen = passes(timeline, t)
        true: dict[str, Any] = wishes(seen, layer, 1)
        if layer:
            neuron = followed(true)
            true |= {"neuron": neuron, **ways(seen, layer, 1, neuron)}
        assert tensors.keys() == true.keys()
        assert all((tensors[name] == np.float32(true[name])).all() for name in true)
    tensors, _ = look(session, command="ask", question="wishes", t=t, layer=1, example=1, neuron=0)
    assert (tensors["weights"] == ways(passes(timeline, t), 1, 1, 0)["weights"]).all()


def test_of_very_many_neurons_above_the_strongest_are_sent_with_their_numbers():
    form = plain((3, "tanh"), (700, "tanh"), (2, "identity"), dataset="moons", loss="squared_error")
    session, timeline = started(form), Timeline(Experiment.from_dict(form))
    t = len(timeline.program)
    reach(session, t)
    tensors, _ = look(session, command="ask", question="wishes", t=t, layer=1, example=0)
    true = wishes(passes(timeline, t), 1, 0)
    columns = tensors["columns"].astype(int)
    assert len(columns) == 256
    assert sorted(columns) == columns.tolist()
    assert np.abs(true["above"])[columns].min() >= np.delete(np.abs(true["above"]), columns).max()
    assert (tensors["asked"] == true["asked"][columns]).all()
    assert (tensors["W"] == true["W"][columns]).all()
    assert (tensors["total"] == true["total"]).all()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"layer": 3, "example": 0}, "invalid layer: 3 (0 to 2)"),
        ({"layer": 1, "example": 4}, "invalid example: 4 (0 to 3)"),
        ({"layer": 1, "example": 0, "neuron": 4}, "invalid unit: 4 (0 to 3)"),
        ({"layer": True, "example": 0}, "invalid layer: True (0 to 2)"),
        ({"layer": 1}, "missing field (example)"),
        ({"layer": 1, "example": 0, "depth": 1}, "unknown field: 'depth' (one of: example, layer, neuron)"),
    ],
)
def test_a_bad_question_is_refused(fields, message):
    session = started(XOR)
    reach(session, 18)
    assert message in say(session, command="ask", question="wishes", t=18, **fields)["refused"]
