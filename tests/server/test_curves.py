"""The curves of activations that a page draws: the functions and their derivatives, over any z."""

import json
from typing import Any

import numpy as np
import pytest

from engine.methods.activations import ACTIVATIONS
from tests.helpers import autodiff
from tests.helpers.networks import plain
from tests.helpers.session import look, reach, say, started

DRAWN = [name for name, item in ACTIVATIONS.items() if item.slope]
SOFTMAX = plain((4, "tanh"), (2, "softmax"), dataset="moons")
ASKED = {"command": "ask", "question": "activations", "low": -12, "high": 12, "points": 193}
Curves = dict[str, tuple[np.ndarray, np.ndarray]]


def curves(session: Any, names: list[str], **fields: Any) -> tuple[np.ndarray, Curves]:
    """The z of the curves, and by its name each activation with its derivative."""
    tensors, metadata = look(session, **{**ASKED, "t": 0, "names": names, **fields})
    told = json.loads(metadata["facts"])["names"]
    return tensors["z"].astype(float), dict(zip(told, zip(tensors["a"], tensors["slope"], strict=True), strict=True))


def test_a_curve_is_the_function_and_its_slope_the_difference_quotient():
    z, found = curves(started(), DRAWN)
    assert z.tolist() == np.linspace(-12, 12, 193).tolist()
    assert list(found) == DRAWN
    for name, (a, slope) in found.items():
        value = autodiff.ACTIVATIONS[name]
        assert np.allclose(a, np.asarray(value(z[:, None]))[:, 0], rtol=1e-5, atol=1e-6), name
        h, kinks = 1e-6, ACTIVATIONS[name].kinks
        smooth = np.array([all(abs(each - kink) > 1e-3 for kink in kinks) for each in z])
        quotient = (np.asarray(value(z[:, None] + h)) - np.asarray(value(z[:, None] - h)))[:, 0] / (2 * h)
        assert np.allclose(slope[smooth], quotient[smooth], rtol=1e-4, atol=1e-6), name


def test_softmax_has_the_curve_of_one_unit_whose_own_z_varies_while_the_others_are_those_of_the_example():
    session = started(SOFTMAX)
    row, without = {"layer": 2, "unit": 1, "example": 3}, {"layer": 1, "unit": 2, "example": 0}
    for names in (["softmax", "tanh"], ["tanh", "softmax"]):
        assert list(curves(session, names)[1]) == ["tanh"]  # of no layer
        assert list(curves(session, names, **row)[1]) == ["tanh"]  # no z has been computed yet
    tensors, _ = reach(session, 5)
    for asked, tensor in ((row, "z2"), (without, "z1")):
        z, found = curves(session, ["softmax"], t=5, **asked)
        rows = np.tile(tensors[tensor][asked["example"]].astype(float), (len(z), 1))
        rows[:, asked["unit"]] = z
        shares = np.exp(rows) / np.exp(rows).sum(axis=1, keepdims=True)
        own = shares[:, asked["unit"]]
        assert np.allclose(found["softmax"][0], own, rtol=1e-5, atol=1e-7)
        assert np.allclose(found["softmax"][1], own * (1 - own), rtol=1e-4, atol=1e-7)


def test_a_comparison_begins_with_the_best_known():
    tensors, metadata = look(started(), **{**ASKED, "t": 0})
    assert json.loads(metadata["facts"]) == {"names": ["relu", "sigmoid", "tanh"], "rows": []}
    assert tensors["a"].shape == (3, 193)


@pytest.mark.parametrize(("fields", "message"), [
    ({"names": ["step"]}, f"unknown activation: 'step' (one of: {', '.join(sorted(ACTIVATIONS))})"),
    ({"names": "tanh"}, "invalid names: 'tanh' (a list)"),
    ({"names": ["tanh"] * 99}, f"invalid names: a list of 99 (a list of at most {len(ACTIVATIONS)})"),
    ({"names": [], "points": 402}, "invalid number of points: 402 (2 to 401)"),
    ({"names": [], "layer": 0}, "invalid layer: 0 (1 to 2)"),
    ({"names": [], "layer": 2, "unit": 2}, "invalid unit: 2 (0 to 1)"),
])  # fmt: skip
def test_what_there_is_not_is_refused_by_name(fields, message):
    assert say(started(SOFTMAX), **{**ASKED, "t": 0, **fields})["refused"] == message
