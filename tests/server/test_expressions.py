"""Expressions of lessons: they come to what NumPy says, and whatever is written, nothing but a refusal is raised."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Experiment, Refusal, Timeline
from engine.experiment.presets import PRESETS
from server.capacity import Capacity
from server.lessons.expressions import ELEMENTWISE, LENGTH, REDUCTIONS, Budget, Expression, parse
from server.lessons.moments import OfRun, OfShapes
from server.session import Session

XOR = Experiment.from_dict(PRESETS["xor"])
T = 14  # the backward pass is done
TIMELINE = Timeline(XOR)
STATE = dict(TIMELINE.seek(T))
BEGIN = dict(TIMELINE.seek(3))
NOW = OfRun(TIMELINE, T)
SHAPES = OfShapes(XOR)
TENSORS = {name: array for name, array in STATE.items() if array.ndim}
PRECISE = {name: np.asarray(array, dtype=float) for name, array in STATE.items()}
NAMES = {"abs": np.abs, "t": np.float64(T), **PRECISE}


@st.composite
def elements(draw: st.DrawFn) -> str:
    """The text of an element of a tensor."""
    name = draw(st.sampled_from(sorted(TENSORS)))
    index = [draw(st.integers(0, size - 1)) for size in TENSORS[name].shape]
    return f"{name}[{', '.join(map(str, index))}]"


NUMBERS = st.recursive(
    elements() | st.integers(0, 99).map(str) | st.just("t") | st.just("loss"),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda parts: f"({' '.join(parts)})"),
        inner.map(lambda text: f"abs({text})"),
        inner.map(lambda text: f"-({text})"),
    ),
    max_leaves=8,
)


def value(text: str) -> float | bool | None:
    return parse(text).value(NOW)


def refusal(text: str) -> dict[str, Any]:
    """What is told of a refused expression."""
    with pytest.raises(Refusal) as caught:
        value(text)
    return dict(caught.value.details)


@given(NUMBERS)
def test_arithmetic_is_that_of_numpy_in_double_precision(text):
    with np.errstate(all="ignore"):
        try:
            expected = float(eval(text, NAMES))
        except ZeroDivisionError:  # of whole numbers, which are real ones here
            return
    assert np.isclose(float(value(text) or 0), expected, equal_nan=True) or not np.isfinite(expected)


@given(NUMBERS, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), NUMBERS)
def test_a_comparison_is_that_of_its_sides_and_the_opposite_is_not(one, sign, other):
    left, right = value(one), value(other)
    assert value(f"{one} {sign} {other}") is eval(f"left {sign} right", {"left": left, "right": right})
    assert value(f"not {one} {sign} {other}") is not value(f"{one} {sign} {other}")
    assert value(f"{one} {sign} {other} or t == {T}") is True
    assert value(f"{one} {sign} {other} and t != {T}") is False


@given(st.text(max_size=60) | st.text("Wabdz12[]():,.+-*/ <>=!tmaxsumnotandorif'\"{}lambda_", max_size=LENGTH + 5))
def test_whatever_is_written_is_a_value_or_a_refusal(text):
    for moment in (NOW, SHAPES):
        try:
            found = parse(text).value(moment)
        except Refusal as refused:
            details = refused.details
        else:
            assert found is None or isinstance(found, float | bool)
            continue
        assert details["noun"] == "expression"
        assert details["form"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("max(W1)", lambda s: s["W1"].max()),
        ("argmax(a1[0,:])", lambda s: s["a1"][0].argmax()),
        ("mean(abs(dW2))", lambda s: np.abs(s["dW2"]).mean()),
        ("norm(W2)", lambda s: np.linalg.norm(s["W2"])),
        ("rms(W1[:,0])", lambda s: np.sqrt((s["W1"][:, 0].astype(float) ** 2).mean())),
        ("sum(delta2[:,0] * a1[:,2]) / examples()", lambda s: s["dW2"][0, 2]),
        ("max(1, t, loss)", lambda s: T),
        ("parameters()", lambda s: 4 * 2 + 4 + 4 + 1),
        ("at(0, t) + training_step() + epoch()", lambda s: 1 + 1),
        ("uW1[0,1]", lambda s: -0.5 * s["dW1"][0, 1]),
        ("at(14, W2[0,0]) - W2[0,0]", lambda s: 0.5 * s["dW2"][0, 0]),
    ],
)
def test_functions_slices_counts_and_other_moments(text, expected):
    # at the boundary between two training steps the first one's tensors are there
    moment = OfRun(TIMELINE, len(TIMELINE.program))
    state = dict(TIMELINE.seek(moment.t))
    names = {"max(1, t, loss)": lambda s: moment.t}
    assert parse(text).value(moment) == pytest.approx(float(names.get(text, expected)(state)), rel=1e-5)


def test_what_is_not_computed_yet_has_no_value():
    early = OfRun(TIMELINE, 3)
    assert parse("dW1[0,0]").value(early) is None
    assert parse("abs(dW1[0,0]) > 0 and t == 3").value(early) is None
    assert parse("at(0, loss)").value(early) is None


@pytest.mark.parametrize(
    ("text", "form", "says"),
    [
        ("W1[0,", "expression", ""),
        ("W1[0,0].T", "expression", "W1[0,0].T"),
        ("1 + __import__('os')", "expression", "__import__('os')"),
        ("W1[0,0] if t else 2", "expression", "W1[0,0] if t else 2"),
        ("max(W1, key=1)", "expression", "max(W1, key=1)"),
        ("(t > 1) + 1", "expression", "t > 1) + 1"),
        ("not t", "expression", "t"),
        ("W1[-1,0]", "expression", "W1[-1,0]"),
        ("weights", "expression", "weights"),
        ("W1", "expression_single", ""),
        ("W1 > 0", "expression_single", ""),
        ("W7[0,0]", "expression_tensor", ""),
        ("W1[4,0]", "expression_index", "4 x 2"),
        ("W1[0]", "expression_index", "4 x 2"),
        ("max(W1 + W2)", "expression_shapes", ""),
        ("1" * (LENGTH + 1), "letters", ""),
        ("+".join("1" * 60), "parts", ""),
    ],
)
def test_a_refusal_says_what_is_wrong_and_where(text, form, says):
    refused = refusal(text)
    assert refused["form"] == form
    if says:
        assert refused["blanks"]["found"] == says


def test_it_costs_no_more_than_so_many_elements():
    with pytest.raises(Refusal) as caught:
        parse("sum(W1 * W1)").value(NOW, budget=Budget(20))
    assert caught.value.details["form"] == "elements"
    assert parse("W1[0,0]").value(SHAPES) == 0
    assert isinstance(parse("exp(W1[0,0])"), Expression)
    assert {*ELEMENTWISE, *REDUCTIONS} >= {"abs", "max", "min", "sum", "argmax", "mean"}


def asked(*expressions: str, t: int = T) -> dict:
    session = Session(Capacity())
    session.reply(json.dumps({"command": "start", "experiment": PRESETS["xor"], "t": T}))
    command = {"command": "ask", "t": t, "question": "expressions", "expressions": list(expressions)}
    return json.loads(session.reply(json.dumps(command)))


def test_over_the_wire_each_expression_has_its_own_answer():
    found = asked("W2[0,2]", "loss < 10", "dW1[0,0]", "W9[0,0]", "W2[5,5]", "1 / 0", t=3)
    assert found["answer"]["values"] == [pytest.approx(float(BEGIN["W2"][0, 2])), None, None, None, None, "Infinity"]
    assert asked(f"t >= {T}", "loss < 0.1")["answer"]["values"] == [True, False]


def test_over_the_wire_what_cannot_be_read_is_refused_by_its_place():
    found = asked("t", "W1[0,")
    assert found["field"] == "expressions.1"
    assert found["details"]["form"] == "expression"
    assert asked(*["t"] * 101)["details"]["form"] == "list_most"
