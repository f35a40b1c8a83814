"""What is pressed is large enough for it, and what a tap asks for comes into sight."""

import pytest
from playwright.sync_api import Page, expect

from engine.experiment.presets import PRESETS
from tests.helpers.browsing import at, bring, region, say
from tests.helpers.setup import more_settings
from tests.helpers.sights import neurons
from tests.helpers.why import choose

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

XOR, DIGITS = PRESETS["xor"], PRESETS["digits_100"]
VIEWS = ("why", "examples", "wishes", "column", "proof", "matrix")
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SIDEWAYS = PHONE | {"viewport": {"width": 844, "height": 390}}

# A box to tick is pressed by its label. The hundred cells of a confusion matrix stand side by side.
SMALL = """least => [...document.querySelectorAll("button, select, input, a[href]")]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.closest(".plot, .confusion"))
  .map((each) => [each, (each.matches("[type=checkbox], [type=radio]") && each.closest("label")) || each])
  .map(([each, target]) => [each, target.getBoundingClientRect()])
  .filter(([, { width, height }]) => width && height && Math.min(width, height) < least - 0.5)
  .map(([each, { width, height }]) => `${each.ariaLabel || each.textContent || each.type} ${width} x ${height}`)"""


def small(page: Page, least: int) -> list[str]:
    return list(page.evaluate(SMALL, least))


@pytest.mark.parametrize(
    ("experiment", "width"),
    [
        pytest.param(XOR, 1024, id="xor-1024"),
        pytest.param(DIGITS, 1440, id="digits-1440"),
        pytest.param(XOR, 1440, id="xor-1440", marks=pytest.mark.long),
        pytest.param(DIGITS, 1024, id="digits-1024", marks=pytest.mark.long),
    ],
)
def test_everything_that_is_pressed_is_24_pixels_large(pages, experiment, width):
    page = pages.open(experiment, 20, viewport={"width": width, "height": 900})
    if experiment is XOR:
        choose(page, "W2[0, 1]")
    for name in VIEWS:
        bring(page, name)
        page.wait_for_timeout(150)
        assert small(page, 24) == [], name
    if experiment is DIGITS:
        page.get_by_role("tab", name="Teach").click()
        assert small(page, 24) == []


@pytest.mark.parametrize(
    ("experiment", "device"),
    [
        pytest.param(XOR, SIDEWAYS, id="xor-sideways"),
        pytest.param(DIGITS, PHONE, id="digits-upright"),
        pytest.param(XOR, PHONE, id="xor-upright", marks=pytest.mark.long),
        pytest.param(DIGITS, SIDEWAYS, id="digits-sideways", marks=pytest.mark.long),
    ],
)
def test_everything_that_a_finger_presses_is_44_pixels_large_and_nothing_is_wider_than_the_phone(
    pages, experiment, device
):
    page = pages.open(experiment, 20, **device)
    for tab in ("loss", "experiment", "side"):
        page.get_by_role("tab", name=say(f"tab.{tab}"), exact=True).click()
        if tab == "experiment":
            more_settings(page)
        assert small(page, 44) == [], tab
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), tab
    for name in VIEWS:
        bring(page, name)
        page.wait_for_timeout(150)
        assert small(page, 44) == [], name


@pytest.mark.parametrize("device", [PHONE, SIDEWAYS], ids=["upright", "sideways"])
def test_what_is_tapped_on_a_phone_is_answered_in_sight_and_the_stage_stays(pages, device):
    page = pages.open(XOR, 18, **device)
    page.get_by_role("tab", name=say("tab.experiment"), exact=True).click()
    page.evaluate("scrollTo(0, 0)")
    x, y = neurons(page)["Neuron 2 of layer 1"]
    page.touchscreen.tap(x, y)
    card = region(page, "Card")
    expect(card.get_by_text(say("why.neuron", unit=2, layer=1))).to_be_in_viewport()
    card.get_by_role("button", name=say("card.why"), exact=True).tap()
    expect(card).to_be_hidden()
    said = region(page, "Inspector").get_by_text(say("why.neuron", unit=2, layer=1)).first
    expect(said).to_be_in_viewport()
    stage = region(page, "Network").bounding_box()
    assert stage
    page.wait_for_function("document.querySelector('[data-region=network]').getBoundingClientRect().top > -1")
    box, stage = said.bounding_box(), region(page, "Network").bounding_box()
    assert box
    assert stage
    assert stage["y"] + stage["height"] <= box["y"] + 1
    at(page, 18)
