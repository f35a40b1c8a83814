"""The page says the same in forced colours, without colours, in a window of 320 x 256 and by keys alone."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from engine.experiment.presets import PRESETS
from server.trained.shipped import described
from tests.helpers.browsing import at, bring, explored, look, now, region, say
from tests.helpers.layout import OVERFLOW
from tests.helpers.pad import opened, prediction, read
from tests.helpers.serving import ROOT
from tests.helpers.why import choose

pytestmark = pytest.mark.without_chart

XOR, WIDE = PRESETS["xor"], described("digits_best").experiment
STEP = 18
PIXELS = """async (bytes) => {
  const image = await createImageBitmap(new Blob([Uint8Array.from(bytes)], { type: "image/png" }));
  const pen = new OffscreenCanvas(image.width, image.height).getContext("2d");
  pen.drawImage(image, 0, 0);
  const middle = pen.getImageData(0, Math.floor(image.height / 2), image.width, 1).data;
  return Array.from({ length: image.width }, (_, x) => middle.slice(4 * x, 4 * x + 3).join());
}"""
# The circles of the scene and of the plane by their middles, once both have been painted anew.
CIRCLES = """async () => {
  const painted = [];
  const { arc } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.arc = function (x, y, radius, ...angles) {
    painted.push([this.canvas.className, x, y, radius]);
    return arc.call(this, x, y, radius, ...angles);
  };
  for (let i = 0; i < 2; i++) document.querySelector("[data-control=theme]").click(); // which is another then
  for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
  CanvasRenderingContext2D.prototype.arc = arc;
  return painted;
}"""

SEEN = """(each) => {
  const { x, y } = each.getBoundingClientRect();
  return each.contains(document.elementFromPoint(x + 9, y + 9));
}"""


def style(locator: Locator, name: str) -> str:
    return str(locator.evaluate("(each, name) => getComputedStyle(each)[name]", name))


def middle(page: Page, locator: Locator) -> list[str]:
    """The colours along the middle of an element, from left to right."""
    return list(page.evaluate(PIXELS, list(locator.screenshot())))


def test_in_forced_colours_what_is_chosen_how_far_one_is_and_what_a_bar_says_are_seen(pages):
    page = pages.open(XOR, STEP, forced_colors="active")
    page.keyboard.press("ArrowLeft")
    page.wait_for_function(f"backscope.t < {STEP}")
    chosen, other = (page.get_by_role("tab", name=say(f"view.{name}"), exact=True) for name in ("why", "proof"))
    assert style(chosen, "backgroundColor") != style(other, "backgroundColor")
    assert style(chosen, "color") != style(chosen, "backgroundColor")
    phase = page.locator(".phase.current")
    assert style(phase, "backgroundColor") == style(chosen, "backgroundColor")
    line = middle(page, page.locator(".timeline"))
    assert line[20] != line[-3]  # what lies behind, and what is still to come
    assert line[20] != style(page.locator(".transport"), "backgroundColor")[4:-1].replace(" ", "")
    paper = style(page.locator("body"), "backgroundColor")
    for shown in (".filled", ".ringed", ".ruler b"):
        assert style(page.locator(shown).first, "backgroundColor") not in (paper, "rgba(0, 0, 0, 0)"), shown
    choose(page, "W2[0, 1]")
    bring(page, "examples")
    bar = page.locator(".per-example .bar i").first
    assert style(bar, "backgroundColor") not in (paper, "rgba(0, 0, 0, 0)")

    pages.go(page, WIDE)
    opened(page)
    pen, chosen_pen = page.locator(".pens i.thin"), page.locator(".pens i.medium")
    assert style(pen, "backgroundColor") not in (paper, "rgba(0, 0, 0, 0)")
    assert style(pen, "backgroundColor") != style(chosen_pen, "backgroundColor")
    tabs = page.locator(".drawing .views [role=tab]")
    assert style(tabs.first, "backgroundColor") != style(tabs.last, "backgroundColor")


def test_what_colours_say_is_told_by_form_as_well(pages):
    page = pages.open(XOR, STEP - 1)
    deltas = {(mark.tensor, mark.index[-1]): mark.value for mark in look(page, "delta").marks}
    assert {value > 0 for value in deltas.values()} == {True, False}
    circles = page.evaluate(CIRCLES)
    rings: dict[tuple[float, float], set[float]] = {}
    for canvas, x, y, radius in circles:
        if canvas == "scene" and radius >= 5:
            rings.setdefault((x, y), set()).add(radius)
    columns = sorted({round(x) for x, _ in rings})
    hidden = [rings[at] for at in sorted(rings) if round(at[0]) == columns[1]]
    assert [len(each) - 1 for each in hidden] == [2 if deltas["delta1", unit] > 0 else 1 for unit in range(4)]
    assert all(len(rings[at]) == 1 for at in rings if round(at[0]) == columns[0])  # inputs have no ring

    drawn = [radius for canvas, *_, radius in circles if canvas == ""]
    assert len(drawn) % 4 == 0  # two points are circles with a ring, and two are diamonds
    assert len(drawn) / len({(x, y) for canvas, x, y, _ in circles if canvas == ""}) % 2 == 0
    assert len({(x, y) for canvas, x, y, _ in circles if canvas == ""}) == 2


@pytest.mark.same_page
@pytest.mark.parametrize("experiment", [XOR, WIDE], ids=["xor", "digits"])
def test_at_400_per_cent_the_page_flows_and_the_inspector_is_not_covered(pages, experiment):
    page = pages.open(experiment, STEP, viewport={"width": 320, "height": 256})
    for tab in ("loss", "experiment", "side"):
        page.get_by_role("tab", name=say(f"tab.{tab}"), exact=True).click()
        assert page.evaluate(OVERFLOW) == {"page": 0, "wide": []}, tab
    stage = region(page, "Network").bounding_box()
    assert stage
    assert stage["height"] >= 300
    explored(page).focus()
    for key in ("w", "Enter"):
        page.keyboard.press(key)
    card = region(page, "Card")
    box = card.bounding_box()
    assert box
    assert box["y"] > 0
    card.get_by_role("button", name=say("card.why"), exact=True).click()
    expect(card).to_be_hidden()
    why = page.locator("[data-part=why]")
    expect(why).to_be_in_viewport()
    page.wait_for_timeout(100)
    assert why.evaluate(SEEN)


@pytest.mark.same_page
def test_all_browsers_show_how_far_one_has_been_and_lists_have_an_arrow_of_their_own(pages):
    sheet = (ROOT / "static" / "transport" / "style.css").read_text(encoding="utf-8")
    tracks = re.findall(r"\.timeline::-(?:webkit-slider-runnable|moz-range)-track \{([^}]*)\}", sheet)
    assert len(tracks) == 2
    assert len(set(tracks)) == 1
    assert "var(--known)" in sheet.split("--track:")[1].split(";")[0]
    page = pages.open(XOR, STEP)
    lists = [each for each in page.get_by_role("combobox").all() if each.is_visible()]
    assert len(lists) > 5
    for each in lists:
        assert style(each, "appearance") == "none"
        assert style(each, "backgroundImage").count("gradient") == 2, each.get_attribute("aria-label")
        assert float(style(each, "paddingRight")[:-2]) >= 15
    bring(page, "wishes")
    followed = page.locator(".wish-list tr.followed")
    assert style(followed, "boxShadow") == "none"  # WebKit has none on rows
    assert style(followed.locator("th"), "boxShadow") != "none"


def tab_to(page: Page, locator: Locator, most: int = 60) -> None:
    """Go to a control by the tab key."""
    for _ in range(most):
        if locator.evaluate("each => each === document.activeElement || each.contains(document.activeElement)"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("it is not reached")


def region_by_f6(page: Page, name: str, back: bool = False) -> None:
    """Go to a region by F6, onward or back."""
    for _ in range(9):
        page.keyboard.press("Shift+F6" if back else "F6")
        if page.evaluate("document.activeElement.ariaLabel") == name:
            return
    raise AssertionError(name)


@pytest.mark.same_page
def test_by_keys_alone_one_chooses_a_network_steps_asks_why_draws_a_digit_and_teaches_it(pages):
    page = pages.open(XOR)
    page.evaluate("document.activeElement.blur()")
    keys = page.keyboard
    tab_to(page, page.get_by_role("button", name=say("gallery"), exact=True))
    keys.press("Enter")
    wanted = page.get_by_role("dialog").get_by_role("button", name=say("preset.digits_best"), exact=True)
    for _ in range(9):
        if wanted.evaluate("each => each === document.activeElement"):
            break
        keys.press("ArrowRight")
    keys.press("Enter")
    page.wait_for_function("backscope.experiment.start === 'digits_best'")
    page.wait_for_function("backscope.t === 0")

    page.evaluate("document.activeElement.blur()")
    keys.press("Shift+ArrowRight")
    page.wait_for_function("backscope.t > 0")
    stepped = now(page)
    region_by_f6(page, say("network"))
    tab_to(page, explored(page))
    keys.press("w")
    name = page.locator("[data-region=spoken]")
    expect(name).to_contain_text("Weight W³[")
    keys.press("Enter")
    expect(name).to_have_text(say("spoken.kept"))
    why = page.get_by_role("button", name=say("card.why"), exact=True)
    expect(why).to_be_visible()
    tab_to(page, why)
    keys.press("Enter")
    expect(page.locator("[data-part=why]")).to_contain_text("Weight W³[")

    region_by_f6(page, say("pad"))
    tab_to(page, opened(page))
    with read(page):
        for key in ["ArrowUp"] * 3 + ["Space"] + ["ArrowDown"] * 18 + ["Escape"]:
            keys.press(key)
    assert prediction(page) == "1"
    tab_to(page, page.get_by_role("tablist", name=say("pad.tabs")))
    for _ in range(3):
        keys.press("ArrowRight")
    tab_to(page, page.locator(".labels button").nth(7))
    keys.press("Space")
    tab_to(page, page.locator(".lesson-steps button").first)
    keys.press("Enter")
    page.wait_for_function(f"backscope.t > {stepped}")
    assert page.evaluate("backscope.experiment.changes.length") == 1
    at(page, now(page))
