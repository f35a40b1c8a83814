"""Beside each layer's activation, and on a neuron's card: the function, its derivative, and the z of this moment."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from engine.experiment.presets import PRESETS
from tests.helpers.browsing import Moment, chooser, eventually, explored, look, look_inside, region, say, slider
from tests.helpers.networks import plain
from tests.helpers.setup import started

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

XOR = PRESETS["xor"]
NORMED = plain((4, "tanh", {"batch_norm": True}), (1, "sigmoid"), dataset="xor") | {"mini_batch_size": 4}
FORWARD = 12  # micro-steps of the network with batch norm until all z are there
DIGITS = 6e-3  # how far a number with three digits may be off


def values(moment: Moment, kind: str, tensor: str) -> np.ndarray:
    return np.array([mark.value for mark in moment.of(kind) if mark.tensor == tensor])


def drawn(page: Page) -> Moment:
    return look(page, "function", "derivative", "rug")


@pytest.mark.parametrize(("experiment", "given"), [(XOR, "z"), (NORMED, "ztilde")], ids=["plain", "batch norm"])
def test_each_layer_draws_its_activation_its_derivative_and_its_z(pages, experiment, given):
    page = pages.open(experiment, FORWARD)
    panel = region(page, "Experiment")
    for name in ("tanh", "sigmoid"):
        expect(panel.get_by_role("img", name=say("curve", activation=name), exact=True)).to_be_visible()
    z = np.arange(-4, 4.01, 0.125)  # as far as a curve reaches at least
    moment, tensors = drawn(page), look_inside(page).tensors
    sigmoid = 1 / (1 + np.exp(-z))
    for name, a, slope in (("tanh", np.tanh(z), 1 - np.tanh(z) ** 2), ("sigmoid", sigmoid, sigmoid * (1 - sigmoid))):
        assert values(moment, "function", name) == pytest.approx(a, rel=DIGITS, abs=1e-6)
        assert values(moment, "derivative", name) == pytest.approx(slope, rel=DIGITS, abs=1e-6)
    for tensor in (f"{given}1", "z2"):
        assert np.abs(tensors[tensor]).max() < 4
        assert np.array_equal(values(moment, "rug", tensor), tensors[tensor].ravel())


def test_the_curve_is_that_of_the_activation_that_is_chosen(page):
    panel = region(page, "Experiment")
    assert len(drawn(page).of("rug")) == 0  # no z has been computed
    chooser(page, "Hidden 1: activation").select_option(label="ReLU")
    started(page, layers=[{"units": 4, "activation": "relu"}, {"units": 1, "activation": "sigmoid"}])
    expect(panel.get_by_role("img", name=say("curve", activation="ReLU"), exact=True)).to_be_visible()
    expect(panel.get_by_role("img", name=say("curve", activation="tanh"), exact=True)).to_have_count(0)
    z = np.arange(-4, 4.01, 0.125)
    assert values(drawn(page), "function", "relu") == pytest.approx(np.maximum(z, 0), rel=DIGITS)
    assert np.array_equal(values(drawn(page), "derivative", "relu"), z > 0)


def test_softmax_has_no_curve_of_its_own_and_says_why(pages):
    page = pages.open(PRESETS["digits_100"])
    panel = region(page, "Experiment")
    expect(panel.get_by_role("img", name=say("curve", activation="ReLU"), exact=True)).to_be_visible()
    expect(panel.get_by_role("img")).to_have_count(1)
    expect(panel).to_contain_text(say("curve.row", activation="softmax"))


def test_z_beyond_the_axis_are_counted_at_its_ends(pages):
    far = {"t": 0, "tensor": "W1", "value": [[9.0, 0.5], [-30.0, 20.0], [0.1, 0.1], [0.0, 0.0]]}
    page = pages.open(XOR | {"changes": [far]}, 3)
    z = look_inside(page).tensors["z1"]
    below, above = int((z < -8).sum()), int((z > 8).sum())
    assert below and above
    moment = drawn(page)
    assert values(look(page, "beyond"), "beyond", "z1").tolist() == [below, above]
    assert sorted(values(moment, "rug", "z1")) == sorted(z[np.abs(z) <= 8])
    label = say("explained", said=say("curve", activation="tanh"), why=say("curve.beyond", count=below + above))
    figure = region(page, "Experiment").get_by_role("img", name=label, exact=True)
    expect(figure.locator("text")).to_have_text([str(below), str(above)])


def test_activations_lie_over_one_axis_with_the_z_of_a_layer_and_their_values_by_keys(pages):
    page = pages.open(XOR, 14)
    region(page, "Experiment").get_by_role("button", name=say("curve", activation="sigmoid"), exact=True).click()
    panel = page.get_by_role("tabpanel", name=say("view.activations"))
    expect(chooser(page, say("activations.layer"))).to_have_value("2")
    names = ", ".join(say(f"activation.{name}") for name in ("relu", "sigmoid", "tanh"))
    expect(panel.get_by_role("img", name=say("activations.picture", activations=names))).to_be_visible()
    chooser(page, say("activations.layer")).select_option("1")
    z, tensors = np.linspace(-4, 4, 161), look_inside(page).tensors
    overlaid = lambda: look(page, "overlaid.function", "overlaid.derivative", "overlaid.rug")  # noqa: E731
    eventually(lambda: len(values(overlaid(), "overlaid.rug", "z1")) == tensors["z1"].size)
    moment = overlaid()
    assert np.array_equal(values(moment, "overlaid.rug", "z1"), tensors["z1"].ravel())
    sigmoid = 1 / (1 + np.exp(-z))
    for name, a, slope in (
        ("sigmoid", sigmoid, sigmoid * (1 - sigmoid)),
        ("tanh", np.tanh(z), 1 - np.tanh(z) ** 2),
        ("relu", np.maximum(z, 0), (z > 0).astype(float)),
    ):
        assert values(moment, "overlaid.function", name) == pytest.approx(a, abs=1e-6)
        assert values(moment, "overlaid.derivative", name) == pytest.approx(slope, abs=1e-6)
    panel.get_by_role("checkbox", name="ReLU", exact=True).uncheck()
    panel.get_by_role("checkbox", name="softmax", exact=True).check()
    expect(panel).to_contain_text(say("activations.row", unit=0, example=2))
    dashes = panel.locator(".comparison .line").evaluate_all(
        "lines => lines.map((l) => l.getAttribute('stroke-dasharray'))"
    )
    assert len(set(dashes)) == 3  # told apart without their colours
    slider(page, say("activations.at")).focus()
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    row = panel.get_by_role("row").filter(has_text="sigmoid")
    expect(row).to_contain_text("0.731")
    expect(row).to_contain_text("0.197")
    expect(slider(page, say("activations.at"))).to_have_attribute("aria-valuetext", re.compile("z = 1.*f = 0.731"))


def test_on_its_card_a_neuron_stands_on_the_curve_at_its_z_among_those_of_its_layer(pages):
    page = pages.open(XOR, 14)
    explored(page).focus()
    page.keyboard.press("ArrowLeft")
    card = region(page, "Card")
    figure = card.get_by_role("img", name=say("curve", activation="tanh"), exact=True)
    expect(figure).to_be_visible()
    unit = int(re.search(r"Neuron (\d+)", card.inner_text())[1])  # type: ignore[index]
    z = look_inside(page).tensors["z1"]
    assert np.abs(z).max() < 4
    line = np.array(re.findall(r"([\d.]+) ([\d.]+)", str(figure.locator(".line").get_attribute("d"))), float)
    across = lambda value: np.interp(value, [-4, 4], line[[0, -1], 0])  # noqa: E731
    assert line[:, 1] == pytest.approx(np.interp(np.tanh(np.linspace(-4, 4, 65)), [-1, 1], [48, 8]), abs=0.2)
    point = figure.locator("circle")
    assert float(str(point.get_attribute("cx"))) == pytest.approx(across(z[1, unit]), abs=0.06)
    assert float(str(point.get_attribute("cy"))) == pytest.approx(
        np.interp(np.tanh(z[1, unit]), [-1, 1], [48, 8]), abs=0.2
    )
    ticks = [float(x) for x in re.findall(r"M([\d.]+)", str(figure.locator(".rug").get_attribute("d")))]
    apart = np.abs(np.subtract.outer(ticks, across(z.ravel())))
    assert apart.min(axis=0).max() < 0.06  # each z has its tick
    assert apart.min(axis=1).max() < 0.06  # and each tick its z
    page.keyboard.press("ArrowRight")
    eventually(lambda: card.get_by_role("img", name=say("curve", activation="sigmoid"), exact=True).count() == 1)
