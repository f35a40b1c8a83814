"""The network can be explored by keyboard alone, and what is pointed at is read in the inspector."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from engine.experiment.presets import PRESETS
from tests.helpers.browsing import at, explored, look, look_inside, now, numbers, region, same, words

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

STEP = 18  # micro-steps of a training step of the first network


def focused(page: Page) -> None:
    explored(page).focus()


def inspected(page: Page) -> str:
    return page.locator("[data-part=why]").inner_text()


def test_arrow_keys_go_from_neuron_to_neuron_and_the_inspector_reads_each(pages):
    page = pages.open()
    page.keyboard.press("Shift+ArrowRight")
    at(page, STEP)
    focused(page)
    inspector = region(page, "Inspector")
    expect(inspector).to_contain_text("Neuron 0 of layer 2")
    for key, name in (
        ("ArrowLeft", "Neuron 1 of layer 1"),
        ("ArrowDown", "Neuron 2 of layer 1"),
        ("ArrowLeft", "Input "),
    ):
        page.keyboard.press(key)
        expect(inspector).to_contain_text(name)
    page.keyboard.press("ArrowRight")
    moment = look(page)
    unit = int(numbers(inspected(page))[0])
    shown = next(mark for mark in moment.of("activation") if mark.tensor == "a1" and mark.index[1] == unit)
    row = page.locator("[data-part=why] dd.number").nth(2)
    assert same(numbers(str(row.get_attribute("title")))[0], np.float32(f"{shown.value:.7g}"))
    assert now(page) == STEP  # the keys that step elsewhere did not step here


def test_what_is_kept_by_enter_stays_when_the_focus_leaves_and_goes_with_escape(pages):
    page = pages.open()
    focused(page)
    page.keyboard.press("ArrowLeft")
    name = inspected(page).splitlines()[0]
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("[data-part=why]")).to_contain_text(name)
    focused(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.locator("[data-part=why]")).not_to_contain_text(name)


def test_a_click_on_the_network_leaves_the_step_keys_alone(pages):
    page = pages.open()
    explored(page).click(position={"x": 30, "y": 200})
    page.keyboard.press("ArrowRight")
    at(page, 1)


def test_an_arrow_that_is_clicked_says_where_its_weight_goes_and_why(pages):
    page = pages.open()
    page.keyboard.press("Shift+ArrowRight")
    at(page, STEP)
    moment = look(page)
    focused(page)
    page.keyboard.press("Escape")
    box = explored(page).bounding_box()
    assert box
    seen = set()
    for x in range(int(box["width"] * 0.55), int(box["width"] * 0.85), 6):
        page.mouse.move(box["x"] + x, box["y"] + box["height"] * 0.5)
        text = inspected(page)
        if "dC/dw" not in text:
            continue
        j, k = (int(number) for number in text.split("[")[1].split("]")[0].split(","))
        gradient = float(moment.tensors["dW2"][j, k])
        assert ("↓" in text) == (gradient > 0)
        assert ("so it goes down" in text) == (gradient > 0)
        seen.add(k)
    assert seen


def titled(page: Page) -> list[float]:
    """The numbers that the inspector reads of what is pointed at, in full."""
    cells = page.locator("[data-part=why] dd.number").all()
    return [numbers(str(cell.get_attribute("title")))[0] for cell in cells]


def test_the_keys_go_through_a_neurons_weights_strongest_first_and_its_bias_and_keep_one(pages):
    page = pages.open()
    page.keyboard.press("Shift+ArrowRight")
    at(page, STEP)
    moment = look(page)
    focused(page)
    weights, bias = moment.tensors["W2"][0], moment.tensors["b2"][0]
    order = np.argsort(-np.abs(weights), kind="stable")
    for place, k in enumerate(order):
        page.keyboard.press("PageDown" if place % 2 else "w")
        assert inspected(page).startswith(f"Weight W²[0, {k}]")
        assert same(titled(page)[0], np.float32(f"{weights[k]:.7g}"))
    page.keyboard.press("PageDown")
    assert inspected(page).startswith("Bias b²[0]")
    assert same(titled(page)[0], np.float32(f"{bias:.7g}"))
    page.keyboard.press("w")  # there is nothing after it
    assert inspected(page).startswith("Bias b²[0]")
    page.keyboard.press("Shift+W")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    name = f"Weight W²[0, {order[-1]}]"
    expect(page.locator("[data-part=why]")).to_contain_text(name)
    focused(page)
    for _ in range(2 * len(order)):
        page.keyboard.press("PageUp")
    page.keyboard.press("Escape")
    page.keyboard.press("PageUp")  # before the first weight there is the neuron
    assert inspected(page).startswith("Neuron 0 of layer 2")
    assert now(page) == STEP


def test_every_drawn_weight_and_bias_is_reached_by_keyboard(pages):
    page = pages.open()
    wanted = {(mark.tensor, mark.index) for mark in look(page, "weight", "bias").marks}
    focused(page)
    reached: set[tuple[str, tuple[int, ...]]] = set()
    for layer, units in ((2, 1), (1, 4)):
        for _ in range(units):
            page.keyboard.press("ArrowUp")
        for _ in range(units):
            for _ in range(6):
                page.keyboard.press("w")
                tensor, index = re.match(r"\w+ ([Wb])[¹²]\[([\d, ]+)\]", inspected(page)).groups()  # type: ignore[union-attr]
                reached.add((f"{tensor}{layer}", tuple(map(int, index.split(", ")))))
            page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowLeft")
    assert reached == wanted


def test_of_a_neuron_that_looks_at_a_picture_the_strongest_pixels_are_gone_through(pages):
    page = pages.open(PRESETS["digits_13002"], 1)
    weights = look_inside(page).tensors["W1"]
    focused(page)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    unit = int(numbers(inspected(page))[0])
    assert "of layer 1" in inspected(page)
    for k in np.argsort(-np.abs(weights[unit]), kind="stable")[:3]:
        page.keyboard.press("w")
        assert inspected(page).startswith(f"Weight W¹[{unit}, {k}]")
    for _ in range(60):
        page.keyboard.press("w")
    assert inspected(page).startswith(f"Bias b¹[{unit}]")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_network_says_which_keys_there_are_to_all_who_need_them(pages, language):
    page = pages.open(locale={"en": "en-US", "zh": "zh-CN"}[language])
    network = page.get_by_role("application", name=words(language)["network.explore"], exact=True)
    keys = page.get_by_text(words(language)["network.keys"], exact=True)
    assert "W" in words(language)["network.explore"]
    expect(keys).to_be_hidden()
    page.keyboard.press("Tab")
    network.focus()
    expect(keys).to_be_visible()
    page.keyboard.press("Tab")
    expect(keys).to_be_hidden()
