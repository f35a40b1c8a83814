"""The network can be explored by keyboard alone, and what is pointed at is read in the inspector."""

import numpy as np
from playwright.sync_api import Page, expect

from tests.browsing import at, look, now, numbers, region, same

STEP = 18  # micro-steps of a training step of the first network


def focused(page: Page) -> None:
    page.get_by_role("application").focus()


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
    page.get_by_role("application").click(position={"x": 30, "y": 200})
    page.keyboard.press("ArrowRight")
    at(page, 1)


def test_an_arrow_that_is_clicked_says_where_its_weight_goes_and_why(pages):
    page = pages.open()
    page.keyboard.press("Shift+ArrowRight")
    at(page, STEP)
    moment = look(page)
    focused(page)
    page.keyboard.press("Escape")
    box = page.get_by_role("application").bounding_box()
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
