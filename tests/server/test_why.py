"""Chain-rule terms, per-example gradients and the neuron: products of the network's numbers give the true gradient."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

from engine import Experiment, Timeline
from engine.base.tensors import split
from engine.experiment.presets import PRESETS
from engine.explain.chain_rule import ChainRuleTerms, Factor, chain_rule_terms
from engine.explain.neuron import curve, inputs
from engine.explain.passes import Passes, passes
from engine.explain.per_example_gradients import interacting, per_example_gradients
from engine.explain.reasons import reasons
from server.capacity import Capacity
from server.protocol.frame import decode
from server.session import Session
from tests.helpers.autodiff import ACTIVATIONS, per_example_gradients_of
from tests.helpers.drawn import drawn
from tests.helpers.networks import State, experiment, plain, shape, table, table_experiments

XOR = plain((4, "tanh"), (1, "sigmoid"))


def finished(chosen: Experiment, training_steps: int, into: int = 0) -> tuple[Passes, State]:
    """The passes of a training step, and the last state before its update, with all gradients.

    Args:
        chosen: the experiment.
        training_steps: the number of the training step, counted from 1.
        into: the number of its last micro-steps that are not done.
    """
    timeline = Timeline(chosen)
    length = len(timeline.program)
    backward = sum(step.phase != "update" for step in timeline.program)
    before = dict(timeline.seek((training_steps - 1) * length + backward))
    return passes(timeline, training_steps * length - into), before


def cells(chosen: Experiment, draw: st.DataObject) -> tuple[str, tuple[int, ...]]:
    """Any element of any parameter."""
    tensor = draw.draw(st.sampled_from([*chosen.parameters]))
    return tensor, tuple(draw.draw(st.integers(0, size - 1)) for size in shape(chosen, tensor))


def scale(before: State, chosen: Experiment) -> float:
    """The size of the factors and terms, of which the rounding error is a small share."""
    kinds = ("a", "zhat", "delta", "dztilde", "da")
    largest = {
        kind: max([1.0, *(np.abs(before[name]).max() for name in before if split(name)[0] == kind)]) for kind in kinds
    }
    shrunk = [
        np.abs(before[f"gamma{l}"] / np.sqrt(before[f"var{l}"] + 1e-5)).max()
        for l in range(1, 9)
        if f"var{l}" in before
    ]
    return float(
        max(largest["a"], largest["zhat"])
        * max(largest["delta"], largest["dztilde"], largest["da"])
        * max([1, *shrunk]) ** 2
    )


@drawn(table_experiments(dtype="float64"), st.integers(1, 3), st.data(), few=35, many=150)
def test_the_product_of_factors_is_the_per_example_gradient_and_their_mean_the_gradient(chosen, training_steps, data):
    found, before = finished(chosen, training_steps)
    tensor, index = cells(chosen, data)
    true, near = per_example_gradients_of(chosen, before, tensor, index), 1e-9 * scale(before, chosen)
    for example in range(len(before["y"])):
        product = chain_rule_terms(found, tensor, index, example).product
        assert product is not None
        assert abs(product - true[example]) <= near
    own = per_example_gradients(found, tensor, index)
    assert own is not None
    np.testing.assert_allclose(own, true, rtol=0, atol=near)
    assert abs(own.mean() - before[f"d{tensor}"][index]) <= near


@drawn(table_experiments(dtype="float64"), st.integers(1, 3), st.data(), few=35, many=150)
def test_the_terms_of_every_sum_add_up_and_the_strongest_comes_first(chosen, training_steps, data):
    found, before = finished(chosen, training_steps)
    tensor, index = cells(chosen, data)
    terms = chain_rule_terms(found, tensor, index, data.draw(st.integers(0, len(before["y"]) - 1)))
    near = 1e-9 * scale(before, chosen)
    for factor in terms.factors:
        values = [row.value for row in factor.rows]
        if factor.kind in ("paths", "outputs", "batch"):
            assert factor.value is not None
            assert abs(sum(value or 0 for value in values) - factor.value) <= near
        if factor.kind in ("paths", "outputs"):
            sizes = [abs(value or 0) for value in values]
            assert sizes == sorted(sizes, reverse=True)


def flat(factors: tuple[Factor, ...]) -> list[Factor]:
    """All factors of chain-rule terms, with those inside sums."""
    return [
        each for factor in factors for each in (factor, *flat(tuple(f for row in factor.rows for f in row.factors)))
    ]


@drawn(table_experiments(), st.integers(0, 60), st.data(), few=35, many=100)
def test_every_factor_that_names_a_cell_is_that_element_of_the_engines_array_at_any_moment(chosen, t, data):
    timeline = Timeline(chosen)
    found = passes(timeline, t)
    tensor, index = cells(chosen, data)
    example = data.draw(st.integers(0, chosen.mini_batch_size - 1))
    m = len(timeline.seek(t)["y"]) if t else chosen.mini_batch_size
    for factor in flat(chain_rule_terms(found, tensor, index, min(example, m - 1)).factors):
        if factor.tensor is None or factor.kind in ("scale", "batch"):
            continue
        done = found.value(factor.tensor)
        if done is None:
            assert factor.value is None
            assert factor.due is not None
            assert factor.due > t
            assert factor.tensor in timeline.seek(factor.due)
            assert factor.tensor not in timeline.seek(factor.due - 1) or factor.due - 1 == found.begin
        elif factor.tensor not in chosen.parameters:
            assert factor.value is not None
            assert np.float32(factor.value).tobytes() == timeline.seek(t)[factor.tensor][factor.index].tobytes()


def test_after_the_update_the_terms_still_have_the_weights_of_the_backward_pass():
    found, before = finished(Experiment.from_dict(XOR), 3)
    (_, _, paths) = chain_rule_terms(found, "W1", (2, 1), 1).factors
    for row in paths.rows:
        weight, delta = row.factors
        assert np.float32(weight.value or 0) == before["W2"][row.unit, 2]
        assert np.float32(delta.value or 0) == before["delta2"][1, row.unit]
    moved = found.timeline.seek(found.t)["W2"]
    assert not np.array_equal(moved, before["W2"])


def test_a_weight_that_is_set_in_mid_pass_is_used_from_there_on():
    timeline = Timeline(Experiment.from_dict(XOR))
    back = next(k for k, step in enumerate(timeline.program) if step.writes == ("da1",))
    timeline.change(back, tensor="W2", index=[0, 1], value=7.0)
    found = passes(timeline, len(timeline.program))
    z, da = found.read("W2", "z2"), found.read("W2", "da1")
    assert z is not None
    assert da is not None
    assert (da[0, 1], z[0, 1] != 7.0) == (7.0, True)
    assert chain_rule_terms(found, "W1", (1, 0), 0).factors[2].rows[0].factors[0].value == 7.0


@pytest.mark.parametrize("y", [0.0, 1.0])
@pytest.mark.parametrize("z", [-700.0, -40.0, -3.0, 0.5, 30.0, 36.7, 90.0])
def test_the_two_factors_that_cancel_give_a_minus_y_however_large_z_is(z, y):
    chosen = experiment((1, "sigmoid"), dataset=table([[1.0]], [[y]]), dtype="float64")
    chosen = chosen.with_changes([{"t": 0, "tensor": "W1", "value": [[z]]}])
    found, before = finished(chosen, 1)
    (error,) = chain_rule_terms(found, "b1", (0,), 0).factors[1:]
    (pair,) = [row for row in error.rows if row.kind == "pair"]
    assert pair.value == pytest.approx(before["delta1"][0, 0], rel=1e-9, abs=3e-16)
    assert error.value == before["delta1"][0, 0]


def told(chosen: Experiment, tensor: str, index: tuple[int, ...], example: int = 0) -> list[str]:
    found, _ = finished(chosen, 1)
    return [reason["kind"] for reason in reasons(found, chain_rule_terms(found, tensor, index, example))]


def one_path(activation: str, weights: list[float], x: float = 1.0, y: float = 0.0, **fields: Any) -> Experiment:
    """One input, one hidden neuron, two outputs, with these weights: into the neuron, and from it to the outputs."""
    first, *second = weights
    chosen = experiment((1, activation), (2, "identity"), dataset=table([[x]], [[y, y]]), dtype="float64", **fields)
    return chosen.with_changes([
        {"t": 0, "tensor": "W1", "value": [[first]]}, {"t": 0, "tensor": "W2", "value": [[each] for each in second]},
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("chosen", "tensor", "expected"),
    [
        (one_path("sigmoid", [9.0, 1.0, 1.0]), "W1", ["saturated"]),
        (one_path("tanh", [3.0, 1.0, 1.0]), "W1", ["saturated"]),
        (one_path("relu", [-2.0, 1.0, 1.0], y=3.0), "W1", ["off"]),
        (one_path("leaky_relu", [-2.0, 1.0, 1.0], y=3.0), "W1", ["saturated"]),
        (one_path("identity", [2.0, 1.0, 1.0], x=0.0, y=1.0), "W1", ["silent_input"]),
        (one_path("identity", [2.0, 1.0, -1.0]), "W1", []),
        (one_path("identity", [0.0, 1.0, -1.0], y=1.0), "W1", ["cancelling"]),
        (one_path("tanh", [0.5, 1.0, 1.0]), "W1", []),
        (one_path("identity", [2.0, 1.0, 1.0], y=2.0), "W2", ["nearly_right"]),
    ],
)
def test_the_factor_that_makes_the_product_tiny_is_named(chosen, tensor, expected):
    assert told(chosen, tensor, (0, 0)) == expected


def linear(x: list[list[float]], y: list[float]) -> Experiment:
    """A linear unit whose weights are 0, so that the gradient of a weight is the mean of -2 y_i x_i."""
    changes = [{"t": 0, "tensor": "W1", "value": [[0.0] * len(x[0])]}]
    data = table(x, [[each] for each in y])
    return experiment((1, "identity"), dataset=data, dtype="float64", mini_batch_size=len(x)).with_changes(changes)


def test_nothing_is_said_of_an_example_with_a_silent_input_where_the_gradient_is_not_small_among_its_peers():
    chosen = linear([[0.0, 1.0], [3.0, 1.0]], [1.0, 1.0])
    assert told(chosen, "W1", (0, 0), example=0) == []
    smaller = linear([[0.0, 1.0], [0.1, 1.0]], [1.0, 1.0])
    assert told(smaller, "W1", (0, 0), example=0) == ["silent_input"]


def test_examples_that_cancel_are_the_reason_for_a_small_mean_whatever_example_is_shown():
    chosen = linear([[1.0, 1.0], [-1.0, 1.0], [0.0, 1.0]], [1.0, 1.0, 1.0])
    found, _ = finished(chosen, 1)
    for example in range(3):
        (reason,) = reasons(found, chain_rule_terms(found, "W1", (0, 0), example))
        assert reason == {"kind": "examples_cancel", "factor": None, "value": pytest.approx(4 / 3)}
    assert told(chosen, "W1", (0, 1)) == []


def test_the_weight_among_the_longest_of_its_layer_is_not_called_small():
    found, before = finished(Experiment.from_dict(XOR), 1)
    sizes = np.abs(before["dW1"])
    longest = divmod(int(sizes.argmax()), 2)
    for example in range(4):
        for j, k in np.argwhere(sizes > sizes.max() / 2):
            terms = chain_rule_terms(found, "W1", (int(j), int(k)), example)
            assert "input" not in {terms.factors[each["factor"]].kind for each in reasons(found, terms)}
    assert reasons(found, chain_rule_terms(found, "W1", longest, 0)) == []


def test_a_gradient_that_has_not_been_computed_has_no_reasons():
    timeline = Timeline(Experiment.from_dict(XOR))
    found = passes(timeline, 3)
    assert reasons(found, chain_rule_terms(found, "W1", (0, 0), 0)) == []


def test_examples_interact_at_and_below_batch_normalization_only():
    chosen = experiment((3, "tanh"), (3, "tanh", {"batch_norm": True}), (3, "tanh"), (1, "sigmoid"))
    found, _ = finished(chosen, 1)
    assert [interacting(found, layer) for layer in (1, 2, 3, 4)] == [True, True, False, False]


@drawn(table_experiments(dtype="float64"), st.integers(1, 3), st.data(), few=35, many=100)
def test_a_neurons_inputs_add_up_to_its_z_and_it_stands_on_its_curve_with_that_slope(chosen, training_steps, data):
    found, before = finished(chosen, training_steps)
    layer = data.draw(st.integers(1, len(chosen.layers)))
    unit = data.draw(st.integers(0, chosen.sizes[layer] - 1))
    example = data.draw(st.integers(0, len(before["y"]) - 1))
    terms, line = inputs(found, layer, unit, example), curve(found, layer, unit, example)
    assert terms is not None
    assert line is not None
    assert (terms.a * terms.w).sum() + terms.b == pytest.approx(before[f"z{layer}"][example, unit], rel=1e-9, abs=1e-9)
    z = before[f"{'ztilde' if f'ztilde{layer}' in before else 'z'}{layer}"][example]
    rows = np.tile(z, (len(line.z), 1))
    rows[:, unit] = line.z
    truth = ACTIVATIONS[chosen.layers[layer - 1].activation]
    np.testing.assert_allclose(line.a, truth(rows)[:, unit], rtol=1e-6, atol=1e-7)
    assert (line.at, line.value) == (z[unit], pytest.approx(truth(z[None])[0, unit], rel=1e-6, abs=1e-7))
    h, nudged = 1e-6, np.tile(z, (2, 1))
    nudged[:, unit] += (h, -h)
    above, below = truth(nudged)[:, unit]
    if abs(line.at) > 1e-4:  # at a kink there is no slope to compare with
        assert line.slope == pytest.approx((above - below) / (2 * h), rel=1e-4, abs=1e-6)


def asked(session: Session, t: int, question: str, **fields: Any) -> Any:
    reply = session.reply(json.dumps({"id": 1, "command": "ask", "question": question, "t": t, **fields}))
    return decode(reply)[0] if isinstance(reply, bytes) else json.loads(reply)


def started(chosen: dict[str, Any]) -> Session:
    session = Session(Capacity())
    session.reply(json.dumps({"id": 0, "command": "start", "experiment": chosen}))
    return session


def test_the_server_sends_the_largest_per_example_gradients_and_a_histogram_of_the_others():
    chosen = plain((5, "tanh"), (2, "softmax"), dataset="moons", mini_batch_size=150)
    found, _ = finished(Experiment.from_dict(chosen), 1)
    own = per_example_gradients(found, "W1", (3, 1))
    assert own is not None
    told = asked(started(chosen), found.t, "per_example_gradients", tensor="W1", index=[3, 1])
    strongest = sorted(np.argsort(-np.abs(own), kind="stable")[:60])
    assert told["example"].tolist() == strongest
    assert told["gradient"].tolist() == own[strongest].tolist()
    state = found.timeline.seek(found.t)
    assert told["x"].tolist() == state["a0"][strongest].tolist()
    assert told["y"].tolist() == state["y"][strongest].tolist()
    rest = np.delete(own, strongest)
    assert told["rest_counts"].sum() == len(rest) == 90
    assert told["rest_edges"][[0, -1]].tolist() == [rest.min(), rest.max()]
    assert (told["gradient"].sum() + told["rest_sum"]) / 150 == pytest.approx(float(state["dW1"][3, 1]), rel=1e-4)


def test_the_server_sends_no_terms_that_have_not_been_computed():
    session = started(XOR)
    assert asked(session, 0, "per_example_gradients", tensor="W1", index=[0, 0]) == {}
    told = asked(session, 0, "chain_rule", tensor="W1", index=[0, 0])["answer"]
    assert (told["product"], told["reasons"]) == (None, [])
    assert asked(session, 0, "neuron", layer=1, unit=0)["answer"] == {"inputs": None, "curve": None}


def test_every_formula_of_the_terms_is_mathml_and_its_symbols_name_their_tensors():
    told = asked(started(XOR), 18, "chain_rule", tensor="W1", index=[2, 1], example=1)["answer"]
    entry, slope, paths = told["factors"]
    assert all(
        factor["formula"].startswith("<math") and "\\" not in factor["formula"] for factor in (entry, slope, paths)
    )
    for factor, names in ((entry, ["a0"]), (slope, ["slope1"]), (paths, ["W2", "delta2"])):
        assert all(f'data-tensor="{name}"' in factor["formula"] for name in names)


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"question": "chain_rule"}, "tensor"),
        ({"question": "chain_rule", "tensor": "W9", "index": [0, 0]}, "tensor"),
        ({"question": "chain_rule", "tensor": "W1", "index": [4, 0]}, "index"),
        ({"question": "chain_rule", "tensor": "W1", "index": [0]}, "index"),
        ({"question": "chain_rule", "tensor": "delta1", "index": [0, 0]}, "tensor"),
        ({"question": "chain_rule", "tensor": "W1", "index": [0, 0], "errors": [["delta1", [4, 0]]]}, "index"),
        ({"question": "chain_rule", "tensor": "W1", "index": [0, 0], "errors": [["a1", [0, 0]]]}, "a1"),
        ({"question": "chain_rule", "tensor": "W1", "index": [0, 0], "errors": ["delta1"]}, "errors"),
        ({"question": "chain_rule", "tensor": "W1", "index": [0, 0], "example": -1}, "example"),
        ({"question": "chain_rule", "tensor": "a1", "index": [0, 0]}, "tensor"),
        ({"question": "per_example_gradients", "tensor": "delta1", "index": [0, 0]}, "tensor"),
        ({"question": "per_example_gradients", "tensor": "b1", "index": "0"}, "index"),
        ({"question": "neuron", "layer": 0, "unit": 0}, "layer"),
        ({"question": "neuron", "layer": 1, "unit": 4}, "unit"),
        ({"question": "neuron", "layer": 1, "unit": 0, "colour": 1}, "colour"),
    ],
)
def test_a_tensor_or_an_index_that_does_not_exist_is_refused_by_name(fields, refused):
    reply = asked(started(XOR), 18, **fields)
    assert refused in str(reply["refused"])


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_every_preset_can_be_asked_of_any_parameter_at_any_moment(name):
    session, timeline = started(PRESETS[name]), Timeline(Experiment.from_dict(PRESETS[name]))
    for t in range(0, 2 * len(timeline.program) + 1, 5):
        for tensor in timeline.experiment.parameters:
            index = [0] * len(shape(timeline.experiment, tensor))
            assert "answer" in asked(session, t, "chain_rule", tensor=tensor, index=index)
            assert "refused" not in asked(session, t, "per_example_gradients", tensor=tensor, index=index)


def test_the_errors_among_the_terms_open_in_turn_down_to_the_loss():
    session = started(plain((3, "tanh"), (3, "tanh"), (1, "sigmoid")))
    told = asked(session, 26, "chain_rule", tensor="W1", index=[2, 1], errors=[["delta2", [0, 1]], ["delta3", [0, 0]]])[
        "answer"
    ]
    path = next(row for row in told["factors"][2]["rows"] if row["unit"] == 1)
    second, third = told["errors"]
    assert second["product"] == pytest.approx(path["factors"][1]["value"], rel=1e-6)
    assert third["product"] == second["factors"][1]["rows"][0]["factors"][1]["value"]
    assert third["factors"][0]["kind"] == "collapse"


def test_the_values_beside_the_terms_are_those_of_all_the_parameters_companions():
    bounds: dict[str, Any] = {"regularization": {"l2": 0.1}, "clip_norm": 1.0, "coupled_weight_decay": 0.1}
    chosen = plain((4, "tanh"), (1, "sigmoid"), optimizer={"name": "adam"}, **bounds)
    timeline = Timeline(Experiment.from_dict(chosen))
    t = len(timeline.program)
    told = asked(started(chosen), t, "chain_rule", tensor="W1", index=[2, 1])["answer"]
    state = timeline.seek(t)
    assert told["values"].keys() == {"W1", "dW1", "gW1", "cW1", "gtildeW1", "mW1", "vW1", "mhatW1", "vhatW1", "uW1"}
    assert all(value == float(state[name][2, 1]) for name, value in told["values"].items())
    assert told["used"] == float(timeline.seek(0)["W1"][2, 1]) != told["values"]["W1"]


@pytest.mark.parametrize("name", ["adam", "adamw"])
def test_the_step_of_adam_is_told_by_the_numbers_that_make_the_update(name):
    optimizer = {"name": name, "learning_rate": 0.01, **({"weight_decay": 0} if name == "adamw" else {})}
    chosen = plain((4, "tanh"), (1, "sigmoid"), optimizer=optimizer, dtype="float64")
    timeline, session = Timeline(Experiment.from_dict(chosen)), started(chosen)
    for updates in (1, 3):
        t = timeline.t_of(updates)
        step = asked(session, t, "chain_rule", tensor="W1", index=[2, 1])["answer"]["adaptive_step"]
        state = timeline.seek(t)
        assert (step["updates"], step["learning_rate"]) == (updates, 0.01)
        assert -0.01 * step["ratio"] == pytest.approx(float(state["uW1"][2, 1]), rel=1e-9)
        assert step["ratio"] == pytest.approx(step["mean"] / (step["size"] + 1e-8))
        if updates == 1:
            assert step["mean"] == pytest.approx(float(state["dW1"][2, 1]))
            assert abs(step["ratio"]) == pytest.approx(1, rel=1e-4)
    assert asked(session, t + 1, "chain_rule", tensor="W1", index=[2, 1])["answer"]["adaptive_step"] is None
    other = asked(started(XOR), 18, "chain_rule", tensor="W1", index=[2, 1])["answer"]
    assert other["adaptive_step"] is None


def test_chain_rule_terms_have_a_plain_form():
    found, _ = finished(Experiment.from_dict(XOR), 1)
    terms = chain_rule_terms(found, "W1", (0, 0), 0)
    assert isinstance(terms, ChainRuleTerms)
    assert json.loads(json.dumps(terms.to_dict()))["tensor"] == "W1"
