"""Conditions as they are written: read, written again, and refused by name where they can never be."""

from typing import Any

import pytest

from engine import Experiment, Refusal
from engine.experiment.presets import PRESETS
from engine.until.kinds import CONDITIONS
from engine.until.reading import MOST, plain_of, until_of
from tests.helpers.networks import experiment

MOONS = experiment((4, "tanh"), (1, "sigmoid"), dataset={"name": "moons", "examples": 60}, rate=0.5, mini_batch_size=20)
RELU = experiment((4, "relu"), (3, "tanh"), (2, "softmax"), dataset="moons")
SINE, XOR = experiment((1, "identity"), dataset="sine"), Experiment.from_dict(PRESETS["xor"])
NAMES = ", ".join(sorted(CONDITIONS))
BAD: list[tuple[Experiment, Any, str, str]] = [
    (MOONS, {"name": "accuracy"}, f"unknown condition: 'accuracy' (one of: {NAMES})", "until.name"),
    (MOONS, {"name": "accuracy_from"}, "missing field (until.value)", "until.value"),
    (MOONS, {"name": "accuracy_from", "value": 95}, "invalid accuracy: 95 (0 to 1)", "until.value"),
    (MOONS, {"name": "loss_below", "value": 1, "of": "test"},
     "unknown set: 'test' (one of: held_out, mini_batch, training)", "until.of"),
    (MOONS, {"name": "not_finite", "of": "training"}, "unknown field: 'of' (one of: name)", "until.of"),
    (MOONS, [{"name": "not_finite"}, {"name": "loss_below"}], "missing field (until.1.value)", "until.1.value"),
    (MOONS, [{"name": "not_finite"}] * 13, "invalid until: a list of 13 (a list of at most 12)", "until"),
    (MOONS, {"all": [{"any": [{"name": "not_finite"}] * 7}] * 2},
     "invalid number of conditions: 14 (a list of at most 12)", "until"),
    (MOONS, {"all": [{"any": [{"all": [{"name": "not_finite"}]}]}]},
     "invalid until: {'all': [{'name': 'not_finite'}]} (nested at most 2 deep)", "until.all.0.any.0.all"),
    (MOONS, {"any": []}, "invalid until: [] (at least one condition)", "until.any"),
    (MOONS, {"any": [], "all": []}, "unknown field: 'all' (one of: any)", "until.all"),
    (MOONS, {"name": "gradient_norm", "low": 2, "high": 1}, "invalid value: 1.0 (above 2)", "until.high"),
    (MOONS, {"name": "sign_changes", "tensor": "W9", "index": [0, 0]},
     "unknown tensor: 'W9' (one of: W1, W2, b1, b2)", "until.tensor"),
    (MOONS, {"name": "sign_changes", "tensor": "W1", "index": [4, 0]}, "invalid index: 4 (0 to 3)", "until.index"),
    (MOONS, {"name": "activation_rms", "layer": 3, "value": 1}, "invalid layer: 3 (1 to 2)", "until.layer"),
    (MOONS, {"name": "dead", "layer": 1},
     "unfit condition: 'dead' (no layer has such a slope)", "until.name"),
    (RELU, {"name": "dead", "layer": 2},
     "unfit layer: 2 (its activation has no such slope)", "until.layer"),
    (SINE, {"name": "class_changes", "example": 0},
     "unfit condition: 'class_changes' (its targets are values)", "until.name"),
    (MOONS, {"name": "class_changes", "example": 45}, "invalid example: 45 (0 to 44)", "until.example"),
    (MOONS, {"name": "class_changes", "example": "AAAA"},
     "unfit example: 'AAAA' (only the digits are pictures)", "until.example"),
    (XOR, {"name": "held_out_rises"}, "unfit condition: 'held_out_rises' (no examples are held out)", "until.name"),
    (Experiment.from_dict(PRESETS["digits_100"]), {"name": "sharpness"},
     "unfit condition: 'sharpness' (networks of at most 20,000 parameters; this one has 79,510)", "until.name"),
    (SINE, {"name": "accuracy_from", "value": 1},
     "unfit condition: 'accuracy_from' (its targets are values)", "until.name"),
    (XOR, {"name": "loss_below", "value": 1, "of": "held_out"},
     "unfit set: 'held_out' (it has no examples)", "until.of"),
]  # fmt: skip


@pytest.mark.parametrize(("chosen", "form", "message", "field"), BAD)
def test_what_cannot_be_asked_of_this_data_is_refused(chosen, form, message, field):
    with pytest.raises(Refusal) as refusal:
        until_of(form, chosen)
    assert (str(refusal.value), refusal.value.field) == (message, field)


TEXTS: list[tuple[str, Any]] = [
    ("loss < 0.1", {"name": "loss_below", "value": 0.1}),
    ("loss(held_out) > 3", {"name": "loss_above", "value": 3, "of": "held_out"}),
    ("accuracy(training) >= 0.9", {"name": "accuracy_from", "value": 0.9, "of": "training"}),
    ("not_finite", {"name": "not_finite"}),
    ("loss<0.1 or dead(1)", {"any": [{"name": "loss_below", "value": 0.1}, {"name": "dead", "layer": 1}]}),
    ("loss_rises(4) and gradient_norm(0, 2.5) or sharpness()", {"any": [
        {"all": [{"name": "loss_rises", "times": 4}, {"name": "gradient_norm", "low": 0, "high": 2.5}]},
        {"name": "sharpness"},
    ]}),
    ("not_finite and (dead(layer=1, times=9) or sign_changes(W1[0, 1]))", {"all": [
        {"name": "not_finite"},
        {"any": [
            {"name": "dead", "layer": 1, "times": 9}, {"name": "sign_changes", "tensor": "W1", "index": [0, 1]},
        ]},
    ]}),
    ("sign_changes(b2[1])", {"name": "sign_changes", "tensor": "b2", "index": [1]}),
    ("update_ratio(2, low=1e-5, high=0.1)", {"name": "update_ratio", "layer": 2, "low": 1e-5, "high": 0.1}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "form"), TEXTS, ids=[text for text, _ in TEXTS])
def test_a_text_has_a_plain_form_which_goes_into_conditions_and_back(text, form):
    assert plain_of(text) == form
    until = until_of(form, RELU)
    assert until_of(until.to_dict(), RELU) == until


@pytest.mark.parametrize(
    "text",
    ["", "loss", "loss <", "loss < x()", "loss == 1", "dead(1, 2, 3)", "0.1 > loss", "import os", "a.b", "not loss < 1",
     "loss < 1 < 2", "(" * 500 + "loss<1" + ")" * 500, "loss<1 or " * 300, "dead(**x)", "accuracy < 0.5"],
)  # fmt: skip
def test_another_text_is_refused(text):
    with pytest.raises(Refusal) as refusal:
        until_of(plain_of(text), RELU)
    assert refusal.value.field.startswith("until")


def test_a_drawing_is_784_bytes_in_base64():
    digits = Experiment.from_dict(PRESETS["digits_13002"])
    form = {"name": "class_changes", "example": "AAAA" * 261 + "AA==", "every": 1}
    assert until_of(form, digits).to_dict() == form
    with pytest.raises(Refusal) as refusal:
        until_of({"name": "class_changes", "example": "AAAA"}, digits)
    assert (str(refusal.value), refusal.value.field) == ("invalid example: 'AAAA' (784 bytes)", "until.example")


def test_as_many_conditions_as_there_may_be_are_read():
    assert len(until_of([{"name": "not_finite"}] * MOST, MOONS).leaves) == MOST
