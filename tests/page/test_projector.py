"""With the projector the network is read from the last row, and a presenter's remote control steps."""

from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from engine.experiment.presets import PRESETS
from tests.helpers.browsing import at, button, chooser, link, micro_steps, region, slider, words
from tests.helpers.layout import CLIPPED
from tests.helpers.writing import written

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

XOR, WORKED, DIGITS = (PRESETS[name] for name in ("xor", "worked_example", "digits_13002"))
HALL = {"viewport": {"width": 1920, "height": 1080}}
# The texts of the stage and their pixels, where they are seen; the signs of a formula are of several sizes.
SMALL_TEXTS = """least => [...document.querySelectorAll("[data-region=network] *")]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.closest("math, .unseen"))
  .filter((each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  .map((each) => [each.textContent, parseFloat(getComputedStyle(each).fontSize)])
  .filter(([, size]) => size < least)"""


def projector(page: Page, on: bool) -> None:
    expect(page.get_by_role("button", name="Projector")).to_have_attribute("aria-pressed", str(on).lower())
    for name in ("Loss", "Inspector", "Experiment"):
        expect(region(page, name)).to_be_visible(visible=not on)
    expect(region(page, "Network")).to_be_visible()
    expect(page.get_by_role("status", name="Caption")).to_be_visible()


@pytest.mark.parametrize("experiment", [XOR, WORKED, DIGITS], ids=["xor", "worked example", "digits"])
@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_nothing_on_the_stage_of_a_projector_is_below_twenty_pixels(pages, experiment, locale):
    page = pages.open(experiment, micro_steps(experiment), locale=locale, **HALL)
    page.keyboard.press("p")
    page.wait_for_function("innerWidth - document.querySelector('canvas.scene').clientWidth < 2")
    texts = written(page)
    assert [text for text in texts if text.size < 20] == []
    assert len(texts) > 10
    assert page.evaluate(SMALL_TEXTS, 20) == []
    page.get_by_role("tab", name=words(locale[:2])["stage.learned"]).click()
    page.wait_for_function("document.querySelector('.confusion button, .figure')?.textContent.match(/[0-9]/)")
    assert page.evaluate(SMALL_TEXTS, 20) == []
    assert page.evaluate(CLIPPED) == []


def test_the_button_and_the_keys_lead_to_the_projector_and_back(pages):
    page = pages.open(XOR, 14, **HALL)
    projector(page, False)
    button(page, "Projector").click()
    projector(page, True)
    button(page, "Projector").click()
    projector(page, False)
    page.keyboard.press("p")
    projector(page, True)
    page.keyboard.press("Escape")
    projector(page, False)
    page.keyboard.press("Escape")
    projector(page, False)
    page.keyboard.press("P")
    projector(page, True)
    page.keyboard.press("P")
    projector(page, False)


def test_a_letter_that_is_typed_or_chosen_by_leads_nowhere(pages):
    page = pages.open(XOR, 14, **HALL)
    chooser(page, "Grain").focus()
    page.keyboard.press("p")
    page.get_by_role("spinbutton", name="Learning rate").focus()
    page.keyboard.press("p")
    projector(page, False)


def test_with_the_projector_the_page_keys_step_and_without_it_they_do_not(pages):
    page = pages.open(XOR, 14, **HALL)
    chooser(page, "Grain").select_option("equation")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("PageDown")
    page.keyboard.press("ArrowRight")
    at(page, 15)
    page.keyboard.press("p")
    page.keyboard.press("PageDown")
    at(page, 16)
    page.keyboard.press("PageUp")
    at(page, 15)
    page.keyboard.press("Shift+PageUp")
    at(page, 0)
    page.locator("canvas.overlay").focus()
    page.keyboard.press("PageDown")
    at(page, 1)
    page.keyboard.press("p")
    page.keyboard.press("PageDown")  # through what leads into the neuron that is reached
    page.keyboard.press("ArrowRight")
    assert page.evaluate("backscope.t") == 1
    assert slider(page, "Timeline").input_value() == "1"


def test_a_link_opens_with_the_projector(pages):
    page = pages.open(XOR, 14, **HALL)
    view = quote('{"projector":true}')
    page.goto(f"{link(pages.address, XOR, 16)}&view={view}")
    at(page, 16)
    projector(page, True)
    assert page.evaluate("backscope.view.projector") is True
    page.keyboard.press("p")
    projector(page, False)
    page.wait_for_function("!location.hash.includes('projector')")
