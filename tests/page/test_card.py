"""The card beside what is pointed at: its numbers are the engine's, it covers nothing pointed at, and keys reach it."""

import json
import re
from urllib.parse import quote

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from engine.experiment.presets import PRESETS
from tests.helpers.browsing import at, button, explored, look, micro_steps, numbers, region, say, state
from tests.helpers.networks import plain
from tests.helpers.sights import neurons, sights

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

XOR = PRESETS["xor"]
NORMED = plain((4, "tanh", {"batch_norm": True}), (1, "sigmoid"), dataset="xor") | {"mini_batch_size": 4}
EXAMPLE = 1  # the one that is shown
BACKWARD = 14  # micro-steps of the first network until all gradients are there


def card(page: Page) -> Locator:
    return region(page, "Card")


def pointed(page: Page, *keys: str) -> str:
    """What the card says of what these keys reach from the output."""
    explored(page).focus()
    for key in keys:
        page.keyboard.press(key)
    expect(card(page)).to_be_visible()
    return card(page).inner_text()


def test_a_weight_says_its_gradient_and_the_product_that_it_is_of_this_example(pages):
    page = pages.open(XOR, BACKWARD)
    engine = look(page, "delta").engine
    pointed(page, "PageDown")
    expect(card(page).locator(".card-why")).to_contain_text(re.compile("=.*=.*[+−]"))
    text = card(page).inner_text()
    j, k = map(int, re.search(r"W²\[(\d), (\d)\]", text).groups())  # type: ignore[union-attr]
    gradient = float(engine["dW2"][j, k])
    assert numbers(str(card(page).locator(".big").get_attribute("title"))) == [pytest.approx(-gradient, rel=1e-5)]
    assert ("↓" in card(page).locator(".big").inner_text()) == (gradient > 0)
    assert say("card.mean", count=4) in text
    delta, a, product = numbers(card(page).locator(".card-why").inner_text())[-3:]
    assert delta == pytest.approx(float(engine["delta2"][EXAMPLE, j]), rel=0.01)
    assert a == pytest.approx(float(engine["a1"][EXAMPLE, k]), rel=0.01)
    assert product == pytest.approx(float(engine["delta2"][EXAMPLE, j] * engine["a1"][EXAMPLE, k]), rel=0.01)


def test_an_output_says_its_target_and_that_its_delta_is_what_it_is_off_by(pages):
    page = pages.open(XOR, BACKWARD)
    engine = look(page, "delta").engine
    pointed(page)
    expect(card(page).locator(".card-why")).to_be_visible()
    delta = float(engine["delta2"][EXAMPLE, 0])
    assert numbers(str(card(page).locator(".big").get_attribute("title"))) == [pytest.approx(delta, rel=1e-5)]
    assert say("card.delta.minus" if delta < 0 else "card.delta.plus") in card(page).inner_text()
    a, y, told = numbers(card(page).locator(".card-why").inner_text().split("=", 1)[1])
    assert a == pytest.approx(float(engine["a2"][EXAMPLE, 0]), abs=0.006)
    assert y == float(engine["y"][EXAMPLE, 0])
    assert told == pytest.approx(delta, rel=0.01)


@pytest.mark.parametrize("experiment", [XOR, NORMED], ids=["plain", "batch norm"])
def test_the_factors_of_a_hidden_neuron_multiply_to_its_delta(pages, experiment):
    page = pages.open(experiment, micro_steps(experiment))
    engine = state(page.evaluate("backscope.experiment"), micro_steps(experiment))
    pointed(page, "ArrowLeft")
    expect(card(page).locator(".card-why")).to_be_visible()
    unit = int(numbers(card(page).inner_text())[0])
    factors = [numbers(each)[-1] for each in re.split("[×→]", card(page).locator(".card-why").inner_text())]
    delta = float(engine["delta1"][EXAMPLE, unit])
    assert factors[-1] == pytest.approx(delta, rel=0.01)
    assert np.prod(factors[:-1]) == pytest.approx(delta, rel=0.03)


def test_before_the_backward_pass_it_says_what_will_compute_the_number(pages):
    page = pages.open(XOR, 5)
    text = pointed(page, "PageDown")
    assert say("arrows.nudge.due", quantity="dC/dw") in text
    assert card(page).locator(".big").count() == 0


@pytest.mark.parametrize("size", [(1440, 900), (1024, 768), (844, 390)])
def test_it_never_covers_what_is_pointed_at(pages, size):
    page = pages.open(XOR, BACKWARD, viewport={"width": size[0], "height": size[1]})
    points = [each for each in sights(page, 23) if each.y < size[1] - 2]
    for sight in points[:: max(1, len(points) // 12)]:
        page.mouse.move(sight.x, sight.y)
        if page.evaluate("document.querySelector('canvas.overlay').style.cursor") != "pointer":
            continue  # at the very edge, from which a pixel is too far
        expect(card(page), str(sight)).to_be_visible()
        box = card(page).bounding_box()
        assert box
        inside = box["x"] <= sight.x <= box["x"] + box["width"] and box["y"] <= sight.y <= box["y"] + box["height"]
        assert not inside, (sight, box)
        page.mouse.move(1, 1)
        expect(card(page)).to_be_hidden()


def test_escape_closes_it_and_its_button_goes_on_to_the_inspector(pages):
    page = pages.open(XOR, BACKWARD)
    pointed(page, "PageDown")
    page.keyboard.press("Enter")
    go = button(page, say("card.why"))
    expect(go).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(card(page)).to_be_hidden()
    expect(explored(page)).to_be_focused()
    assert page.evaluate("backscope.view.selected") is not None
    page.wait_for_timeout(300)  # as long as a card takes to come
    expect(card(page)).to_be_hidden()
    page.keyboard.press("PageDown")  # on from there
    page.keyboard.press("Enter")
    page.get_by_role("tab", name=say("view.matrix"), exact=True).click()
    go.click()
    expect(page.get_by_role("tab", name=say("view.why"), exact=True)).to_have_attribute("aria-selected", "true")
    expect(card(page)).to_be_hidden()


def test_clicks_go_through_it_to_the_network(pages):
    page = pages.open(XOR, BACKWARD)
    for name, (x, y) in neurons(page).items():
        page.mouse.click(x, y)
        expect(card(page)).to_contain_text(name)
        at(page, BACKWARD)


def test_on_a_narrow_stage_it_is_a_sheet_from_below(pages):
    page = pages.open(XOR, BACKWARD, viewport={"width": 390, "height": 844})
    x, y = neurons(page)["Neuron 2 of layer 1"]
    page.mouse.click(x, y)
    expect(card(page)).to_contain_text("Neuron 2 of layer 1")
    box = card(page).bounding_box()
    assert box
    assert (box["x"], box["width"]) == (0, 390)
    assert box["y"] + box["height"] == 844
    button(page, say("card.close")).click()
    expect(card(page)).to_be_hidden()


def test_a_weight_that_is_chosen_and_not_drawn_has_no_card_in_a_corner(pages):
    weight = {"kind": "weight", "tensor": "W2", "index": [3, 23]}
    page = pages.blank()
    page.goto(f"{pages.address}#preset=digits_100&t=12&view={quote(json.dumps({'selected': weight}))}")
    at(page, 12)
    expect(page.locator("[data-part=why]")).to_contain_text("W²[3, 23]")
    expect(card(page)).to_be_hidden()
