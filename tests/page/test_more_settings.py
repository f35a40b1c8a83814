"""Settings that do not come first are folded away; each explains itself; what is not the preset's can be put back."""

import json
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from engine.experiment.presets import PRESETS
from tests.helpers.browsing import (
    Pages,
    at,
    button,
    chooser,
    eventually,
    look_inside,
    number_field,
    put,
    region,
    say,
    untrue,
)
from tests.helpers.gallery import expect_example, open_example
from tests.helpers.setup import more_settings, running, setting, started

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

XOR = PRESETS["xor"]
LATER = ("Seed", "Mini-batch", "L2 penalty λ₂", "Clip the norm at", "Noise on inputs")
LISTS = ("Loss", "Weights", "Initialization", "Method", "Schedule")
# The controls without a sentence of their own that explains them.
UNEXPLAINED = """region => [...document.querySelectorAll(`[data-region=${region}] :is(button, select, input)`)]
  .filter((each) => each.checkVisibility() && !each.closest("[role=tablist]"))
  .filter((each) => (each.closest("[title]")?.title ?? "").length < 12)
  .map((each) => each.ariaLabel || each.textContent.trim())"""


def hint(page: Page) -> Locator:
    return page.locator(".hint")


def put_back(page: Page, setting: str, value: Any) -> Locator:
    return button(page, say("put_back", setting=setting, value=value))


def test_data_layers_and_learning_rate_come_first_and_one_press_unfolds_the_rest(pages: Pages):
    page = pages.open(XOR)
    more = button(page, "More settings")
    expect(more).to_have_attribute("aria-expanded", "false")
    for name in ("Hidden 1: units", "Output: units", "Learning rate"):
        expect(number_field(page, name)).to_be_visible()
    expect(chooser(page, "Data")).to_be_visible()
    for name in LATER:
        expect(number_field(page, name)).to_have_count(0)
    more.click()
    expect(more).to_have_attribute("aria-expanded", "true")
    for name in LATER:
        expect(number_field(page, name)).to_be_visible()
    for name in LISTS:
        expect(chooser(page, name)).to_be_visible()
    open_example(page, "Spirals")
    started(page, dataset={"name": "spirals", "examples": 400, "noise": 0.03})
    expect(number_field(page, "Seed")).to_be_visible()  # a person's choice stays
    eventually(lambda: "moreSettings" in page.evaluate("location.href"))
    page.reload()
    expect(number_field(page, "Seed")).to_be_visible()
    more.click()
    expect(number_field(page, "Seed")).to_have_count(0)


def test_a_refusal_in_the_folded_part_unfolds_it(pages: Pages):
    page = pages.open({**XOR, "dataset": {"name": "xor"}})
    page.goto(page.url.replace("preset=xor", f"preset=xor&experiment={json.dumps({'mini_batch_size': 9})}"))
    expect(page.get_by_role("alert")).to_contain_text("mini-batch")
    expect(number_field(page, "Mini-batch")).to_be_visible()


def test_what_is_not_as_in_the_preset_is_marked_and_one_press_puts_it_back(pages: Pages):
    page = pages.open(XOR)
    panel = region(page, "Experiment")
    backs = panel.get_by_role("button", name="Put back")
    expect(backs).to_have_count(0)
    put(number_field(page, "Learning rate"), "0.25")
    started(page, optimizer={"name": "gradient_descent", "learning_rate": 0.25})
    put(setting(page, "Seed"), "7")
    started(page, seed=7)
    setting(page, "Initialization").select_option(label="He")
    started(page, initializer="he", seed=7)
    put(number_field(page, "Hidden 1: units"), "6")
    page.wait_for_function("backscope.experiment.layers[0].units === 6")
    expect(backs).to_have_count(4)
    expect(panel).to_contain_text(say("settings.others", count=2))
    put_back(page, "Learning rate", 0.5).click()
    started(page, optimizer={"name": "gradient_descent", "learning_rate": 0.5})
    put_back(page, "Initialization", say("initializer.xavier")).click()
    started(page, initializer="xavier")
    put_back(page, say("layers"), "4-1").click()
    started(page, layers=XOR["layers"], seed=7)
    put_back(page, "Seed", 0).click()
    started(page, seed=0)
    expect(backs).to_have_count(0)
    expect_example(page, "XOR 2-4-1")


def test_in_mid_run_a_setting_is_put_back_from_there_on(pages: Pages):
    page = pages.open(XOR, 36)
    more_settings(page)
    put(setting(page, "L2 penalty λ₂"), "0.01")
    page.wait_for_function("backscope.experiment.changes?.length === 1")
    setting(page, "Method").select_option(label="momentum")
    page.wait_for_function("backscope.experiment.changes?.some((each) => each.optimizer)")
    put_back(page, "Method", say("optimizer.gradient_descent")).click()
    put_back(page, "L2 penalty λ₂", 0).click()
    expect(region(page, "Experiment").get_by_role("button", name="Put back")).to_have_count(0)
    at(page, 36)
    page.locator("h1").click()
    page.keyboard.press("Shift+ArrowRight")
    at(page, 54)
    assert running(page)["seed"] == 0
    assert untrue(look_inside(page)) == []


@pytest.mark.parametrize("place", ["experiment", "header", "transport"])
def test_every_control_explains_itself(pages: Pages, place: str):
    page = pages.open(PRESETS["spirals"])
    more_settings(page)
    button(page, "More of this layer: Hidden 1").click()
    put(setting(page, "Seed"), "4")
    started(page, seed=4)
    assert page.evaluate(UNEXPLAINED, place) == []


def test_a_control_that_is_reached_by_keys_shows_its_sentence(pages: Pages):
    page = pages.open(XOR)
    chooser(page, "Data").focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(hint(page)).to_have_text(say("data.hint"))
    expect(hint(page)).to_be_in_viewport(ratio=1)
    field, shown = chooser(page, "Data").bounding_box(), hint(page).bounding_box()
    assert field is not None
    assert shown is not None
    assert shown["x"] >= field["x"] + field["width"] or shown["y"] >= field["y"] + field["height"]
    for name in ("data.own.hint", "curve.hint", "layer.more.hint"):
        page.keyboard.press("Tab")
        expect(hint(page)).to_have_text(say(name))
    page.keyboard.press("Escape")
    expect(hint(page)).to_be_hidden()


def test_a_control_that_a_finger_holds_shows_its_sentence_and_is_not_pressed(pages: Pages):
    page = pages.open(XOR, 18, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    box = button(page, "Step forward").bounding_box()
    assert box is not None
    touch = page.context.new_cdp_session(page)
    point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
    expect(hint(page)).to_have_text(say("step_forward.hint"))
    expect(hint(page)).to_be_in_viewport(ratio=1)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(300)
    assert page.evaluate("backscope.t") == 18
    button(page, "Step forward").tap()
    page.wait_for_function("backscope.t > 18")
    expect(hint(page)).to_be_hidden()
