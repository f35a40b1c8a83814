"""Everything on the page can be reached and used by keyboard alone, and has a name."""

import pytest
from playwright.sync_api import expect

from engine.experiment.presets import PRESETS
from tests.helpers.browsing import at, explored, now, region, say, slider
from tests.helpers.sights import neurons

XOR, DIGITS = PRESETS["xor"], PRESETS["digits_100"]
HEIGHTS = {390: 844, 1920: 1080}  # at the larger one there is room for all presets

FOCUSABLE = """() => [...document.querySelectorAll("button, select, input, a[href], [tabindex]")]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.disabled && each.tabIndex >= 0)
  .filter((each) => each.type !== "radio" || each.checked) // the tab key stops at one of a group
  .map((each) => each.ariaLabel || each.textContent.trim() || each.tagName)"""
FOCUSED = """() => {
  const focused = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(focused.closest(".pens label") ?? focused);
  const ringed = outlineStyle !== "none" && parseFloat(outlineWidth) >= 1;
  return [focused.ariaLabel || focused.textContent.trim() || focused.tagName, ringed];
}"""
NAMED = "canvas, select, input, [role=status], [role=group], [role=img], section"
NAMELESS = """(named) => [...document.querySelectorAll(named)]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }))
  .filter((each) => each.getBoundingClientRect().width && each.getBoundingClientRect().height)
  .filter((each) => each.ariaHidden !== "true" && !each.closest(".plot"))
  .filter((each) => !each.ariaLabel && !(each.labels?.[0] ?? each).textContent.trim())
  .map((each) => each.outerHTML.slice(0, 100))"""


@pytest.mark.parametrize(("experiment", "width"), [(XOR, 1920), (DIGITS, 390)])
def test_every_control_is_reached_by_the_tab_key_and_shows_that_it_has_the_focus(pages, experiment, width):
    page = pages.open(experiment, 18, viewport={"width": width, "height": HEIGHTS[width]})
    page.wait_for_selector(".operand .cells:not(.unread)")
    wanted = page.evaluate(FOCUSABLE)
    assert len(wanted) > 20
    reached = []
    for _ in wanted:
        page.keyboard.press("Tab")
        name, ringed = page.evaluate(FOCUSED)
        assert ringed, name
        reached.append(name)
    assert sorted(reached) == sorted(wanted)


@pytest.mark.parametrize("experiment", [XOR, DIGITS], ids=["xor", "digits"])
def test_everything_that_one_can_act_on_has_a_name(pages, experiment):
    page = pages.open(experiment, 18)
    page.wait_for_selector(".operand .cells:not(.unread)")
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")
    acting = {"button", "combobox", "slider", "spinbutton", "tab", "link", "region", "application", "Canvas"}
    nodes = [node for node in tree["nodes"] if not node["ignored"] and node["role"]["value"] in acting]
    assert len(nodes) > 30
    assert [node["role"]["value"] for node in nodes if not node.get("name", {}).get("value")] == []
    assert page.evaluate(NAMELESS, NAMED) == []


def test_the_network_can_be_explored_by_keyboard(pages):
    page = pages.open(XOR, 18)
    network = explored(page)
    network.focus()
    why = region(page, "Inspector")
    expect(why).to_contain_text(say("why.neuron", unit=0, layer=2))
    page.keyboard.press("ArrowLeft")
    expect(why).to_contain_text(say("why.neuron", unit=1, layer=1))
    page.keyboard.press("ArrowDown")
    expect(why).to_contain_text(say("why.neuron", unit=2, layer=1))
    page.keyboard.press("ArrowLeft")
    expect(why).to_contain_text("Input")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    kept = why.locator("[data-part=why] p").first.inner_text()
    slider(page, "Speed").focus()
    expect(why).to_contain_text(kept)
    assert now(page) == 18  # its arrow keys have moved nothing else
    network.focus()
    page.keyboard.press("Escape")
    slider(page, "Speed").focus()
    expect(why).to_contain_text(say("why.empty"))


def test_what_is_clicked_stays_in_the_inspector_until_it_is_clicked_again(pages):
    page = pages.open(XOR, 18)
    centre = neurons(page)["Neuron 2 of layer 1"]
    why = region(page, "Inspector").locator("[data-part=why]")
    page.mouse.click(*centre)
    page.mouse.move(5, 5)
    expect(why).to_contain_text("Neuron 2 of layer 1")
    numbers = why.locator("dl")
    before = numbers.inner_text()
    page.keyboard.press("Shift+ArrowRight")
    at(page, 36)
    expect(why).to_contain_text("Neuron 2 of layer 1")
    assert numbers.inner_text() != before
    page.mouse.click(*centre)
    page.mouse.move(5, 5)
    expect(why).to_contain_text(say("why.empty"))
