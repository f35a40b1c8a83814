"""The gradient check finds every wrong gradient and no right one, and names the kinks."""

import json
import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

from engine import Experiment, Refusal, Timeline
from engine.data import Draw
from engine.experiment.presets import PRESETS
from engine.explain.gradient_check import gradient_check
from engine.methods import equations as eq
from engine.methods import normalization as norm
from engine.methods import regularization as reg
from engine.methods.activations import ACTIVATIONS, tanh_slope
from engine.methods.equation import equation
from server.capacity import Capacity
from server.limits import ASK_SECONDS
from server.session import Session
from tests.helpers.drawn import drawn
from tests.helpers.experiments import MIXED
from tests.helpers.mistakes import twisted
from tests.helpers.networks import ENDINGS, HIDDEN, experiment, plain, same_bits, straight_run, table, targets


def check(form: dict[str, Any], t: int = 0, **options: Any) -> dict[str, Any]:
    return gradient_check(Timeline(Experiment.from_dict(form)), t, **options)


def wrong(answer: dict[str, Any]) -> list[str]:
    """The tensors whose gradients are wrong; the total verdict must agree."""
    found = [each["tensor"] for each in answer["tensors"] if each["verdict"] == "wrong"]
    assert (answer["verdict"] == "wrong") == bool(found)
    return found


@st.composite
def mixed_experiments(draw: st.DrawFn) -> Experiment:
    """Any mixture of the parts of networks and objectives, with random examples, in either precision."""
    activation, loss = draw(st.sampled_from(ENDINGS))
    rng = np.random.default_rng(draw(st.integers(0, 2**20)))
    fewest = 2 if activation == "softmax" else 1
    inputs, outputs, examples = draw(st.integers(1, 4)), draw(st.integers(fewest, 4)), draw(st.integers(2, 6))
    layers: list[dict[str, Any]] = []
    for _ in range(draw(st.integers(0, 3))):
        below = layers[-1]["units"] if layers else inputs
        units = draw(st.integers(1, 5))
        layers.append({
            "units": units, "activation": draw(st.sampled_from(HIDDEN)), "batch_norm": draw(st.booleans()),
            "dropout": draw(st.sampled_from([0, 0.3])), "residual": units == below and draw(st.booleans()),
        })  # fmt: skip
    layers.append({"units": outputs, "activation": activation})
    x, y = rng.normal(size=(examples, inputs)), targets(loss, (examples, outputs), rng)
    return Experiment.from_dict({
        "dataset": table(x.tolist(), y.tolist()), "layers": layers, "loss": loss,
        "mini_batch_size": draw(st.integers(2, examples)), "seed": int(rng.integers(2**20)),
        "regularization": draw(st.sampled_from([{}, {"l1": 0.1}, {"l2": 0.3}, {"l1": 0.02, "l2": 0.1}])),
        "augment": {"noise": draw(st.sampled_from([0, 0.2]))}, "optimizer": {"learning_rate": 0.05},
        "initializer": draw(st.sampled_from(["he", "xavier", "small_normal"])),
        "dtype": draw(st.sampled_from(["float32", "float64"])),
    })  # fmt: skip


@drawn(mixed_experiments(), st.integers(0, 200), few=40, many=150)
def test_the_gradients_of_any_mixture_of_methods_are_right_at_any_moment(chosen, t):
    answer = gradient_check(Timeline(chosen), t)
    assert wrong(answer) == []
    assert answer["checked"] == answer["of"] == sum(np.prod(each["shape"], dtype=int) for each in answer["tensors"])


def test_every_parameter_of_a_network_with_everything_is_checked_against_its_gradient():
    answer = check(MIXED, 400)
    assert answer["verdict"] == "right"
    gradients = {each["tensor"]: each["gradient"] for each in answer["tensors"]}
    assert gradients["W1"] == "gW1"
    assert gradients["b1"] == "db1"
    assert gradients["gamma2"] == "dgamma2"
    assert gradients["beta2"] == "dbeta2"
    assert list(gradients) == list(Experiment.from_dict(MIXED).parameters)
    for each in answer["tensors"]:
        assert each["verdict"] == "right"
        assert each["worst"]["error"] < 1e-5


def test_the_thirteen_thousand_parameters_are_checked_whole():
    answer = check(PRESETS["digits_13002"], 60)
    assert (answer["verdict"], answer["checked"], answer["of"]) == ("right", 13_002, 13_002)


# What a person who writes backpropagation gets wrong, and where it must be found.


@equation("delta:ij, a:ik -> dW:jk", textbook="")
def not_averaged(delta, a, out=None):
    r"""\dW = \delta^\top \a"""
    return np.matmul(delta.T, a, out=out)


@equation("dztilde:ij, zhat:ij, gamma:j, var:j, dgamma:j, dbeta:j -> delta:ij", textbook="")
def statistics_taken_for_constants(dztilde, zhat, gamma, var, dgamma, dbeta, *, epsilon, out=None):
    r"""\delta = \frac{\gamma}{\sqrt{\var + \epsilon}} \odot \dztilde"""
    return np.multiply(dztilde, gamma / np.sqrt(var + epsilon), out=out)


@equation("delta:ij, W:jk, da:ik -> below:ik", textbook="")
def skip_forgotten(delta, W, da, out=None):
    r"""\below = \delta\, \W"""
    return np.matmul(delta, W, out=out)


@equation("da:ij, mask:ij -> df:ij", textbook="")
def mask_forgotten(da, mask, out=None):
    r"""\df = \da"""
    return np.positive(da, out=out)


# A bias before batch normalization has no gradient: the mean takes it away again. It is spoiled by what forgets that.
WEIGHTS = ["W1", "W2", "W3", "W4"]
BELOW = ["W1", "gamma1", "beta1", "W2", "gamma2", "beta2"]  # the third layer
MISTAKES: list[tuple[Any, str, Any, list[str]]] = [
    (eq, "weight_gradient", twisted(eq.weight_gradient, np.negative), WEIGHTS),
    (eq, "weight_gradient", not_averaged, WEIGHTS),
    (reg, "regularized_gradient", twisted(reg.regularized_gradient, lambda g: g * 1.01), WEIGHTS),
    (norm, "scale_gradient", twisted(norm.scale_gradient, lambda g: g + 0.01), BELOW[:-1]),
    (norm, "normalize_back", statistics_taken_for_constants, ["W1", "b1", "gamma1", "beta1", "W2", "b2"]),
    (norm, "pass_back_with_skip", skip_forgotten, BELOW),
    (reg, "drop_out_back", mask_forgotten, BELOW),
    (eq, "pass_back", twisted(eq.pass_back, np.abs), [*BELOW, "W3", "b3"]),
]


@pytest.mark.parametrize(("module", "name", "mistake", "where"), MISTAKES)
def test_a_mistake_is_found_in_just_the_tensors_that_it_makes_wrong(monkeypatch, module, name, mistake, where):
    monkeypatch.setattr(module, name, mistake)
    assert wrong(check(MIXED, 40)) == where


def test_a_wrong_slope_is_found_below_the_layer_that_has_it(monkeypatch):
    lazy = replace(ACTIVATIONS["tanh"], slope=twisted(tanh_slope, lambda slope: np.ones_like(slope)))
    monkeypatch.setitem(ACTIVATIONS, "tanh", lazy)
    form = plain((4, "sigmoid"), (4, "tanh"), (4, "gelu"), (1, "sigmoid"), dataset="moons")
    assert wrong(check(form)) == ["W1", "b1", "W2", "b2"]


def test_a_transposed_gradient_of_a_square_weight_matrix_is_found(monkeypatch):
    monkeypatch.setattr(eq, "weight_gradient", twisted(eq.weight_gradient, np.transpose))
    square = plain((2, "tanh"), (2, "softmax"), dataset="moons")
    assert wrong(check(square)) == ["W1", "W2"]


def test_one_wrong_element_is_told_with_both_numbers(monkeypatch):
    def spoil(dW: np.ndarray) -> np.ndarray:
        dW[-1, 0] += 0.125
        return dW

    monkeypatch.setattr(eq, "weight_gradient", twisted(eq.weight_gradient, spoil))
    first, _, second, _ = check(plain((3, "tanh"), (1, "sigmoid")))["tensors"]
    assert (first["worst"]["index"], second["worst"]["index"]) == ([2, 0], [0, 0])
    assert first["worst"]["analytic"] - first["worst"]["numeric"] == pytest.approx(0.125, abs=1e-6)
    assert first["worst"]["error"] > 1e-2


# Kinks.


def test_kinks_between_the_two_sides_of_a_nudge_are_named_and_left_out():
    data = table([[1.0], [-2.0], [3.0]], [[1.0], [0.0], [1.0]])
    writes = [{"t": 0, "tensor": "W1", "value": [[0.5], [1.0]]}, {"t": 0, "tensor": "b1", "value": [1.0, 5.0]}]
    form = plain((2, "relu"), (1, "identity"), dataset=data, mini_batch_size=3, changes=writes, dtype="float64")
    timeline = Timeline(Experiment.from_dict(form))
    assert timeline.seek(2)["z1"][1, 0] == 0  # 0.5 * -2 + 1: example 1 of unit 0 is at its kink
    answer = gradient_check(timeline, 0)
    assert answer["verdict"] == "right"
    assert answer["kinks"] == [
        {"tensor": "W1", "index": [0, 0], "of": "activation", "layer": 1, "place": 0, "unit": 0, "example": 1},
        {"tensor": "b1", "index": [0], "of": "activation", "layer": 1, "place": 0, "unit": 0, "example": 1},
    ]
    assert [each["kinks"] for each in answer["tensors"]] == [1, 1, 0, 0]
    assert [each["checked"] for each in answer["tensors"]] == [2, 2, 2, 1]
    assert answer["tensors"][0]["worst"]["index"] == [1, 0]


@pytest.mark.parametrize("place", [-3, 3])
def test_both_kinks_of_a_hardswish_are_named_by_their_place(place):
    data = table([[1.0], [-2.0]], [[1.0], [0.0]])
    writes = [{"t": 0, "tensor": "W1", "value": [[1.0]]}, {"t": 0, "tensor": "b1", "value": [place - 1.0]}]
    form = plain((1, "hardswish"), (1, "identity"), dataset=data, mini_batch_size=2, changes=writes, dtype="float64")
    answer = check(form)
    assert [(each["tensor"], each["of"], each["place"], each["example"]) for each in answer["kinks"]] == [
        ("W1", "activation", place, 0), ("b1", "activation", place, 0),
    ]  # fmt: skip
    assert wrong(answer) == []


@pytest.mark.parametrize(("loss", "bias"), [("absolute_error", 0.0), ("hinge", 0.0), ("huber", 1.0)])
def test_kinks_of_the_loss_are_named_by_output_and_example_and_huber_has_none(loss, bias):
    data = table([[1.0], [2.0]], [[1.0], [0.0]])  # the answers are 1 and 2, and for huber both are off by 1 or more
    writes = [{"t": 0, "tensor": "W1", "value": [[1.0]]}, {"t": 0, "tensor": "b1", "value": [bias]}]
    answer = check(plain((1, "identity"), dataset=data, mini_batch_size=2, loss=loss, changes=writes, dtype="float64"))
    named = [(each["tensor"], each["of"], each["unit"], each["example"]) for each in answer["kinks"]]
    assert named == ([] if loss == "huber" else [("W1", "loss", 0, 0), ("b1", "loss", 0, 0)])
    assert wrong(answer) == []


@pytest.mark.parametrize(("activation", "kinks"), [("relu", True), ("leaky_relu", True), ("elu", False)])
def test_only_activations_that_have_a_kink_have_one_at_0(activation, kinks):
    data = table([[1.0], [-2.0]], [[1.0], [0.0]])
    writes = [{"t": 0, "tensor": "W1", "value": [[0.5]]}, {"t": 0, "tensor": "b1", "value": [1.0]}]
    form = plain((1, activation), (1, "identity"), dataset=data, mini_batch_size=2, changes=writes, dtype="float64")
    answer = check(form)
    assert bool(answer["kinks"]) == kinks
    assert wrong(answer) == []


def test_a_weight_at_0_under_the_l1_penalty_is_at_a_kink():
    fields: dict[str, Any] = {"changes": [{"t": 0, "tensor": "W1", "index": [1, 0], "value": 0}]}
    pulled = check(plain((3, "tanh"), (1, "sigmoid"), regularization={"l1": 0.5}, **fields))
    assert pulled["kinks"] == [
        {"tensor": "W1", "index": [1, 0], "of": "penalty", "layer": 1, "place": 0, "unit": 1, "example": None}
    ]
    assert pulled["verdict"] == "right"
    assert check(plain((3, "tanh"), (1, "sigmoid"), regularization={"l2": 0.5}, **fields))["kinks"] == []


def test_a_tensor_all_of_whose_elements_are_at_kinks_has_no_verdict():
    answer = check(plain((3, "relu"), (1, "sigmoid"), initializer="zeros"))
    assert [each["verdict"] for each in answer["tensors"]] == [None, None, "right", "right"]
    assert answer["verdict"] == "right"


# What is held fixed, and what is looked at.


def test_the_mini_batch_and_the_masks_are_those_of_the_moment(monkeypatch):
    timeline = Timeline(Experiment.from_dict(MIXED))
    after_loss = sum(step.phase in ("forward", "loss") for step in timeline.program)
    state = timeline.seek(9 * len(timeline.program) + after_loss)
    monkeypatch.setattr(Draw, "random", pytest.fail)
    monkeypatch.setattr(Draw, "rows", pytest.fail)
    answer = gradient_check(timeline, timeline.t)
    assert (answer["verdict"], answer["training_step"]) == ("right", 9)
    assert answer["objective"] == pytest.approx(float(state["loss"] + state["penalty"]), rel=1e-5)


def test_before_the_first_mini_batch_the_check_uses_the_one_to_come():
    timeline = Timeline(Experiment.from_dict(MIXED))
    after_loss = sum(step.phase in ("forward", "loss") for step in timeline.program)
    found, state = gradient_check(timeline, 0), timeline.seek(after_loss)
    assert found["training_step"] == 0
    assert found["objective"] == pytest.approx(float(state["loss"] + state["penalty"]), rel=1e-5)
    for t in range(1, after_loss):
        assert gradient_check(timeline, t, most=0)["objective"] == found["objective"]


def test_at_a_boundary_the_mini_batch_is_the_last_one_and_the_parameters_are_the_new_ones():
    timeline = Timeline(experiment((3, "tanh"), (1, "sigmoid"), dataset="moons", mini_batch_size=5, dtype="float64"))
    n = len(timeline.program)
    state = timeline.seek(4 * n)
    hidden = np.tanh(state["a0"] @ state["W1"].T + state["b1"])
    output = 1 / (1 + np.exp(-(hidden @ state["W2"].T + state["b2"])))
    loss = -np.log(np.where(state["y"] == 1, output, 1 - output)).mean()
    answer = gradient_check(timeline, 4 * n)
    assert answer["training_step"] == 3
    assert answer["objective"] == pytest.approx(loss, rel=1e-12)
    assert answer["objective"] != pytest.approx(float(state["loss"]), rel=1e-6)


def test_where_a_change_of_structure_begins_the_new_structure_is_checked():
    form = plain((3, "tanh"), (1, "sigmoid"), dataset="moons")
    layers = [{"units": 3, "activation": "gelu", "batch_norm": True, "dropout": 0.5}, form["layers"][1]]
    timeline = Timeline(Experiment.from_dict({**form, "changes": [{"t": 30, "layers": layers}]}))
    begins = timeline.segments[1].t
    for t in (begins - 1, begins, begins + 3, begins + 40):
        answer = gradient_check(timeline, t)
        assert answer["verdict"] == "right"
        assert ("gamma1" in {each["tensor"] for each in answer["tensors"]}) == (t >= begins)


def test_a_bounded_check_samples_all_tensors_alike_and_counts_the_elements():
    answer = check(PRESETS["digits_100"], most=400)
    assert (answer["checked"], answer["of"]) == (400, 79_510)
    assert [each["checked"] for each in answer["tensors"]] == [145, 100, 145, 10]
    assert answer == check(PRESETS["digits_100"], most=400)
    few = check(PRESETS["digits_100"], most=2)
    assert [each["verdict"] for each in few["tensors"]] == ["right", "right", None, None]
    none = check(PRESETS["xor"], most=0)
    assert (none["verdict"], none["checked"]) == (None, 0)


def test_without_time_the_check_stops_after_one_element():
    answer = check(PRESETS["xor"], seconds=0)
    assert (answer["checked"], answer["of"]) == (1, 17)


def test_one_tensor_or_one_element_can_be_asked_for():
    (only,) = check(PRESETS["xor"], tensor="W1")["tensors"]
    assert (only["tensor"], only["checked"]) == ("W1", 8)
    (only,) = check(PRESETS["xor"], tensor="W1", index=(3, 1))["tensors"]
    assert (only["checked"], only["of"], only["worst"]["index"]) == (1, 8, [3, 1])


def test_an_error_that_rounding_explains_counts_as_right():
    wide = plain((1, "identity"), dataset=table([[1e-7], [0.0]], [[1e4], [1e4]]), mini_batch_size=2, dtype="float64")
    answer = check(wide)
    (weights, _) = answer["tensors"]
    assert answer["objective"] > 9e7
    assert weights["worst"]["rounding"]
    assert weights["verdict"] == "right"


def test_numbers_that_are_not_finite_are_refused():
    timeline = Timeline(experiment((2, "identity"), (1, "identity"), dataset="sine", rate=30.0))
    with pytest.raises(Refusal, match=r"unfit moment: 5000 \(its numbers are not finite\)"):
        gradient_check(timeline, 5000)


def test_a_check_changes_nothing():
    chosen = Experiment.from_dict(MIXED)
    timeline = Timeline(chosen)
    state = timeline.seek(50)
    copies = {name: array.copy() for name, array in state.items()}
    gradient_check(timeline, 50)
    assert same_bits(state, copies)
    assert same_bits(timeline.seek(120), straight_run(chosen, 120)[120])


# Asked over the wire.


def asked(form: dict[str, Any], t: int = 0, **fields: Any) -> dict[str, Any]:
    session = Session(Capacity())
    for command in (
        {"command": "start", "experiment": form, "t": t},
        {"command": "ask", "question": "gradient_check", "t": t, **fields},
    ):
        message = session.reply(json.dumps({"id": 1} | command))
        assert isinstance(message, str)
    return dict(json.loads(message))


def test_a_page_can_ask_for_a_check():
    assert asked(MIXED, 60)["answer"] == check(MIXED, 60)
    assert asked(MIXED, 60, most=9)["answer"] == check(MIXED, 60, most=9)
    assert asked(MIXED, 60, tensor="gamma2")["answer"] == check(MIXED, 60, tensor="gamma2")
    assert asked(MIXED, 60, tensor="W2", index=[4, 0])["answer"] == check(MIXED, 60, tensor="W2", index=(4, 0))


def test_a_check_for_a_page_takes_no_longer_than_any_question():
    wide = plain((1024, "relu"), (1024, "relu"), (10, "softmax"), dataset="digits", mini_batch_size=64)
    began = time.perf_counter()
    answer = asked(wide)["answer"]
    assert time.perf_counter() - began < 10 * ASK_SECONDS
    assert 0 < answer["checked"] < answer["of"] == 1_863_690
    assert answer["verdict"] == "right"


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"most": 0}, "most", "invalid number of elements: 0 (1 to 100000000)"),
        ({"tensor": "W9"}, "tensor", "unknown tensor: 'W9' (one of: W1, W2, b1, b2)"),
        ({"index": [0]}, "tensor", "unknown tensor: None (one of: W1, W2, b1, b2)"),
        ({"tensor": "W1", "index": [0]}, "index", "invalid index: [0] (a list of 2)"),
        ({"tensor": "W1", "index": [4, 0]}, "index", "invalid index: 4 (0 to 3)"),
        ({"only": "W1"}, "only", "unknown field: 'only' (one of: index, most, tensor)"),
        ({"t": 10**12}, "t", "invalid t: 1000000000000 (a moment that has been sought)"),
    ],
)
def test_a_question_of_the_wrong_form_is_refused(fields, field, message):
    answer = asked(PRESETS["xor"], **fields)
    assert (answer["refused"], answer["field"]) == (message, field)
