"""A proof nudges the parameters of the passes: its numbers are the true objective, its gradients the page's arrows."""

import json
import time
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import server.questions.proofs
from engine import Experiment, Refusal, Timeline
from engine.base.tensors import shape_of, split
from engine.experiment.presets import PRESETS
from engine.explain.proof import Proof, drawn
from engine.methods import equations as eq
from server.capacity import Capacity
from server.limits import ASK_SECONDS
from server.session import Session
from tests.helpers.autodiff import mean_loss, parameters_of, penalty, true_gradients
from tests.helpers.experiments import MIXED
from tests.helpers.mistakes import twisted
from tests.helpers.networks import State, experiment, plain, same_bits, straight_run, table, table_experiments

XOR = PRESETS["xor"]


def proof(form: dict[str, Any], t: int = 0) -> Proof:
    return Proof(Timeline(Experiment.from_dict(form)), t)


def used(chosen: Experiment, t: int) -> State:
    """The state at the end of a training step, with the parameters that its passes used, in float64."""
    states = straight_run(chosen, t)
    before = states[t - len(Timeline(chosen).program)]
    state = {**states[t], **{name: before[name] for name in chosen.parameters}}
    return {name: np.array(array, np.float64) for name, array in state.items()}


def true_objective(chosen: Experiment, state: State, **moved: float) -> float:
    """An independent loss plus penalty; ``moved`` adds numbers to elements, as in ``W1_0_2=0.1``."""
    numbers = parameters_of(chosen, state)
    for name, by in moved.items():
        tensor, *index = name.split("_")
        numbers[tensor][tuple(map(int, index))] += by
    return float(mean_loss(numbers, chosen, state) + penalty(numbers, chosen))


def place(tensor: str, index: tuple[int, ...]) -> str:
    return "_".join(map(str, (tensor, *index)))


# Single elements.


@settings(max_examples=60, deadline=None)
@given(table_experiments(), st.integers(1, 3), st.integers(0, 2**20))
def test_at_the_end_of_a_training_step_elements_are_proved_at_the_parameters_of_its_passes(chosen, steps, seed):
    t = steps * len(Timeline(chosen).program)
    state = used(chosen, t)
    assume(all(np.isfinite(array).all() for array in state.values()))
    truth, found = true_gradients(chosen, state), Proof(Timeline(chosen), t)
    for tensor, index in drawn(chosen, 4, seed):
        row = found.row(tensor, index)
        assert row["gradient"] == chosen.gradients[tensor]
        assert row["value"] == state[tensor][index]
        for side, sign in (("above", 1), ("below", -1)):
            moved = {place(tensor, index): sign * row["step"]}
            assert row[side] == pytest.approx(true_objective(chosen, state, **moved), rel=1e-9, abs=1e-12)
        assert row["numeric"] == pytest.approx((row["above"] - row["below"]) / (2 * row["step"]), rel=1e-6, abs=1e-12)
        scale = np.abs(truth[row["gradient"]]).max()
        off = 1e-9 if chosen.dtype == "float64" else 1e-7  # targets that are shares in float32 add up to 1 but for 6e-8
        if not row["kinks"]:
            assert row["verdict"] == "right"
            assert row["analytic"] == pytest.approx(truth[row["gradient"]][index], rel=1e-6, abs=off * max(1, scale))
            assert row["numeric"] == pytest.approx(row["analytic"], rel=1e-4, abs=1e-6 * max(1, scale))


@settings(max_examples=40, deadline=None)
@given(table_experiments(dtype="float32"), st.integers(1, 3))
def test_the_analytic_gradient_is_the_arrow_on_the_screen(chosen, steps):
    t = steps * len(Timeline(chosen).program)
    state = straight_run(chosen, t)[t]
    assume(all(np.isfinite(array).all() for array in state.values()))
    found = Proof(Timeline(chosen), t)
    for tensor, index in drawn(chosen, 50, 0):
        row = found.row(tensor, index)
        arrow, error = state[row["gradient"]], state[f"delta{split(tensor)[1]}"]
        parts = [arrow, error, *(state[f"d{name}"] for name in chosen.parameters)]  # of what may cancel in a mean
        largest = max(1e-2, *(float(np.abs(part).max()) for part in parts))
        assert row["analytic"] == pytest.approx(arrow[index], rel=1e-3, abs=1e-4 * largest)


def test_the_arrow_after_the_update_is_not_the_gradient_at_the_parameters_of_that_moment():
    form = plain((3, "tanh"), (1, "sigmoid"), dataset="moons", mini_batch_size=5, rate=2.0)
    timeline = Timeline(Experiment.from_dict(form))
    t = 4 * len(timeline.program)
    state = timeline.seek(t)
    row = Proof(timeline, t).row("W2", (0, 1))
    assert row["analytic"] == pytest.approx(float(state["dW2"][0, 1]), rel=1e-5)
    later = true_gradients(timeline.experiment, dict(state))["dW2"][0, 1]
    assert abs(row["analytic"] - later) > 1e-3 * abs(later)


@pytest.mark.parametrize("step", [0, 1, 3])
def test_at_every_moment_of_a_training_step_the_answer_is_the_same(step):
    timeline = Timeline(Experiment.from_dict(MIXED))
    n = len(timeline.program)
    rows = [Proof(timeline, step * n + k).row("W2", (1, 0)) for k in range(1, n + 1)]
    assert rows == [rows[0]] * n  # noise and masks are the same, drawn or to be


def test_a_wrong_gradient_differs_and_shows_both_numbers(monkeypatch):
    monkeypatch.setattr(eq, "weight_gradient", twisted(eq.weight_gradient, lambda dW: dW + 0.125))
    found = proof(plain((3, "tanh"), (1, "sigmoid")))
    row = found.row("W1", (2, 1))
    assert (row["verdict"], found.row("b1", (2,))["verdict"]) == ("wrong", "right")
    assert row["analytic"] - row["numeric"] == pytest.approx(0.125, abs=1e-6)
    assert row["error"] > 1e-2


def test_a_relus_kink_is_named_by_unit_and_example():
    data = table([[1.0], [-2.0], [3.0]], [[1.0], [0.0], [1.0]])
    writes = [{"t": 0, "tensor": "W1", "value": [[0.5], [1.0]]}, {"t": 0, "tensor": "b1", "value": [1.0, 5.0]}]
    found = proof(plain((2, "relu"), (1, "identity"), dataset=data, mini_batch_size=3, changes=writes))
    row = found.row("W1", (0, 0))
    assert (row["verdict"], row["kinks"]) == (
        None,
        [{"of": "activation", "layer": 1, "place": 0, "unit": 0, "example": 1}],
    )
    assert (found.row("W1", (1, 0))["verdict"], found.row("W1", (1, 0))["kinks"]) == ("right", [])


def test_numbers_that_are_not_finite_are_refused():
    timeline = Timeline(experiment((2, "identity"), (1, "identity"), dataset="sine", rate=30.0))
    with pytest.raises(Refusal, match=r"unfit moment: 5000 \(its numbers are not finite\)"):
        Proof(timeline, 5000)


def test_a_proof_changes_nothing():
    chosen = Experiment.from_dict(MIXED)
    timeline, t = Timeline(chosen), 2 * len(Timeline(chosen).program)
    copies = {name: array.copy() for name, array in timeline.seek(t).items()}
    Proof(timeline, t).curve("W1", (0, 1), -1, 1, 5)
    assert same_bits(timeline.seek(t), copies)
    assert same_bits(timeline.seek(t + 9), straight_run(chosen, t + 9)[t + 9])


def test_where_another_structure_begins_the_proof_is_of_the_training_step_that_has_ended():
    layers = [{"units": 5, "activation": "tanh"}] * 3 + [{"units": 1, "activation": "sigmoid"}]
    form = {**MIXED, "changes": [{"t": 30, "layers": layers}]}
    timeline = Timeline(Experiment.from_dict(form))
    begins = timeline.segments[1].t
    before, after = (Proof(timeline, t).row("gamma1", (0,)) for t in (begins - 1, begins))
    assert (before, after["verdict"]) == (after, "right")
    assert Proof(timeline, begins + 1).row("W1", (0, 0))["verdict"] == "right"
    assert "gamma1" not in Proof(timeline, begins + 1).experiment.parameters


# Random elements.


@given(table_experiments(), st.integers(1, 50), st.integers(0, 2**32 - 1))
def test_random_elements_are_distinct_and_always_the_same_for_a_seed(chosen, count, seed):
    found = drawn(chosen, count, seed)
    assert found == drawn(chosen, count, seed)
    sizes = {name: int(np.prod(shape_of(name, chosen.sizes, 0))) for name in chosen.parameters}
    assert len({*found}) == len(found) == min(count, sum(sizes.values()))
    assert all(index in np.ndindex(shape_of(name, chosen.sizes, 0)) for name, index in found)
    counts = {name: sum(tensor == name for tensor, _ in found) for name in sizes}
    full = max(counts.values())
    assert all(counts[name] >= min(full - 1, sizes[name]) for name in sizes)


def test_another_seed_draws_other_elements():
    chosen = Experiment.from_dict(PRESETS["digits_100"])
    assert drawn(chosen, 20, 1) != drawn(chosen, 20, 2)


# The curve.


@settings(max_examples=40, deadline=None)
@given(table_experiments(), st.integers(0, 2**20), st.floats(-2, 1), st.floats(0.1, 2))
def test_the_curve_is_the_true_objective_with_the_tangent_at_the_parameters_of_the_passes(chosen, seed, low, width):
    t = len(Timeline(chosen).program)
    state = used(chosen, t)
    assume(all(np.isfinite(array).all() for array in state.values()))
    ((tensor, index),) = drawn(chosen, 1, seed)
    found = Proof(Timeline(chosen), t)
    curve = found.curve(tensor, index, low, low + width, 4)
    assert curve["values"] == pytest.approx([low + width * k / 3 for k in range(4)])
    for value, cost in zip(curve["values"], curve["objectives"], strict=True):
        moved = {place(tensor, index): value - curve["value"]}
        assert cost == pytest.approx(true_objective(chosen, state, **moved), rel=1e-9, abs=1e-12)
    assert curve["objective"] == pytest.approx(true_objective(chosen, state), rel=1e-9, abs=1e-12)
    row = found.row(tensor, index)
    assert [curve[name] for name in ("value", "analytic", "gradient")] == [
        row[name] for name in ("value", "analytic", "gradient")
    ]


def test_the_curve_marks_where_the_update_has_moved_the_element():
    chosen = experiment((3, "tanh"), (1, "sigmoid"), dtype="float64")
    timeline = Timeline(chosen)
    t = 2 * len(timeline.program)
    curve = Proof(timeline, t).curve("W1", (1, 0), -1, 1, 3)
    state = used(chosen, t)
    by = float(timeline.seek(t)["W1"][1, 0]) - curve["value"]
    assert by == pytest.approx(-0.5 * curve["analytic"], rel=1e-9)
    assert curve["moved"]["value"] == timeline.seek(t)["W1"][1, 0]
    assert curve["moved"]["objective"] == pytest.approx(true_objective(chosen, state, W1_1_0=by), rel=1e-12)
    assert curve["moved"]["objective"] < curve["objective"]
    assert Proof(timeline, t - 5).curve("W1", (1, 0), -1, 1, 3)["moved"] is None


# Asked over the wire.


def asked(form: dict[str, Any], t: int = 0, **fields: Any) -> dict[str, Any]:
    session = Session(Capacity())
    session.reply(json.dumps({"id": 1, "command": "start", "experiment": form, "t": t}))
    message = session.reply(json.dumps({"id": 1, "command": "ask", "t": t, **fields}))
    assert isinstance(message, str)
    return dict(json.loads(message))


W1, B2 = ["W1", [3, 1]], ["b2", [0]]


def test_a_page_asks_for_named_and_random_elements_and_the_curve_along_the_first():
    fields = {"elements": [W1, B2], "draw": 5, "seed": 3, "reach": 0.5, "points": 21}
    answer, truth = asked(XOR, 54, question="proof", **fields)["answer"], proof(XOR, 54)
    assert answer["rows"] == [truth.row("W1", (3, 1)), truth.row("b2", (0,))]
    assert answer["drawn"] == [truth.row(*element) for element in drawn(truth.experiment, 5, 3)]
    middle = answer["rows"][0]["value"]
    assert answer["curve"] == truth.curve("W1", (3, 1), middle - 0.5, middle + 0.5, 21)
    assert (answer["training_step"], answer["objective"]) == (2, truth.objective)
    alone = asked(XOR, 54, question="proof", draw=5, seed=3)["answer"]
    assert (alone["rows"], alone["drawn"], alone["curve"]) == ([], answer["drawn"], None)


def test_a_page_asks_for_a_curve_and_for_a_single_point():
    curve = asked(XOR, 20, question="curve", tensor="b1", index=[2], low=-1, high=2, points=201)["answer"]
    assert curve == proof(XOR, 20).curve("b1", (2,), -1, 2, 201)
    point = asked(XOR, 20, question="objective", tensor="b1", index=[2], value=curve["values"][7])["answer"]
    assert point == {"value": curve["values"][7], "objective": curve["objectives"][7]}


def test_without_time_only_the_first_element_is_proved_and_the_curve_has_few_points(monkeypatch):
    monkeypatch.setattr(server.questions.proofs, "ASK_SECONDS", 0)
    fields: dict[str, Any] = {"elements": [W1, ["b1", [0]]], "draw": 5, "seed": 0, "reach": 1, "points": 201}
    answer = asked(XOR, question="proof", **fields)["answer"]
    assert (len(answer["rows"]), len(answer["drawn"]), len(answer["curve"]["values"])) == (1, 0, 5)


def test_in_a_wide_network_a_proof_takes_no_longer_than_any_question():
    wide = plain((1024, "relu"), (1024, "relu"), (10, "softmax"), dataset="digits", mini_batch_size=64)
    fields: dict[str, Any] = {"elements": [["W2", [0, 0]]], "draw": 50, "seed": 0, "reach": 1, "points": 201}
    began = time.perf_counter()
    answer = asked(wide, question="proof", **fields)["answer"]
    assert time.perf_counter() - began < 10 * ASK_SECONDS
    assert {row["verdict"] for row in answer["rows"] + answer["drawn"]} <= {"right", None}


BAD_PROOFS: list[tuple[dict[str, Any], str, str]] = [
    ({}, "elements", "missing field (elements)"),
    ({"elements": "W1"}, "elements", "invalid elements: 'W1' (a list)"),
    ({"elements": []}, "elements", "invalid elements: [] (1 to 50 pairs of a tensor and an index)"),
    ({"elements": ["W1"]}, "elements", "invalid elements: ['W1'] (1 to 50 pairs of a tensor and an index)"),
    ({"elements": [["dW1", [0, 0]]]}, "elements", "unknown tensor: 'dW1' (one of: W1, W2, b1, b2)"),
    ({"elements": [["W1", [0]]]}, "elements", "invalid index: [0] (a list of 2)"),
    ({"elements": [W1, ["W1", [4, 0]]]}, "elements", "invalid index: 4 (0 to 3)"),
    ({"elements": [W1, ["W1", [True, 0]]]}, "elements", "invalid index: True (0 to 3)"),
    ({"draw": 5}, "seed", "missing field (seed)"),
    ({"draw": 51, "seed": 0}, "draw", "invalid number of elements: 51 (1 to 50)"),
    ({"draw": 5, "seed": -1}, "seed", "invalid seed: -1 (0 to 4294967295)"),
    ({"elements": [W1], "seed": 1}, "draw", "missing field (draw)"),
    ({"elements": [W1], "reach": 1}, "points", "missing field (points)"),
    ({"draw": 1, "seed": 1, "reach": 1, "points": 9}, "elements", "missing field (elements)"),
    ({"elements": [W1], "reach": 0, "points": 9}, "reach", "invalid number: 0 (1e-06 to 1e+06)"),
    ({"elements": [W1], "reach": float("nan"), "points": 9}, "reach", "invalid number: nan (1e-06 to 1e+06)"),
    ({"elements": [W1], "reach": 1, "points": 1}, "points", "invalid number of points: 1 (2 to 201)"),
    ({"only": 1}, "only", "unknown field: 'only' (one of: draw, elements, points, reach, seed)"),
    ({"elements": [W1], "t": 10**12}, "t", "invalid t: 1000000000000 (a moment that has been sought)"),
]
CURVE: dict[str, Any] = {"tensor": "W1", "index": [0, 0], "low": 0, "high": 1, "points": 9}
BAD_CURVES: list[tuple[dict[str, Any], str, str]] = [
    ({"tensor": "a1"}, "tensor", "unknown tensor: 'a1' (one of: W1, W2, b1, b2)"),
    ({"index": 0}, "index", "invalid index: 0 (a list of 2)"),
    ({"low": 1}, "high", "invalid number: 1.0 (more than 1)"),
    ({"high": float("inf")}, "high", "invalid number: inf (-1e+06 to 1e+06)"),
    ({"low": "0"}, "low", "invalid number: '0' (-1e+06 to 1e+06)"),
    ({"points": 202}, "points", "invalid number of points: 202 (2 to 201)"),
]
POINT: dict[str, Any] = {"tensor": "W1", "index": [0, 0], "value": 0}
BAD_POINTS: list[tuple[dict[str, Any], str, str]] = [
    ({"tensor": None}, "tensor", "unknown tensor: None (one of: W1, W2, b1, b2)"),
    ({"value": float("inf")}, "value", "invalid value: inf (-1e+06 to 1e+06)"),
    ({"low": 0}, "low", "unknown field: 'low' (one of: index, tensor, value)"),
]
BAD = [
    ({"question": question} | whole | fields, field, message)
    for question, whole, bad in (
        ("proof", {}, BAD_PROOFS),
        ("curve", CURVE, BAD_CURVES),
        ("objective", POINT, BAD_POINTS),
    )
    for fields, field, message in bad
]


@pytest.mark.parametrize(("fields", "field", "message"), BAD)
def test_a_question_of_the_wrong_form_is_refused(fields, field, message):
    answer = asked(XOR, **fields)
    assert (answer["refused"], answer["field"]) == (message, field)


@pytest.mark.parametrize("name", ["tensor", "index", "low", "high", "points"])
def test_a_curve_needs_all_its_fields(name):
    fields: dict[str, Any] = {other: value for other, value in CURVE.items() if other != name}
    answer = asked(XOR, question="curve", **fields)
    assert (answer["refused"], answer["field"]) == (f"missing field ({name})", name)


def test_the_gradients_of_a_diverged_run_cannot_be_proved():
    wild = plain((2, "identity"), (1, "identity"), dataset="sine", rate=30.0)
    answer = asked(wild, 800, question="proof", draw=1, seed=0)
    assert answer["refused"] == "unfit moment: 800 (its numbers are not finite)"
