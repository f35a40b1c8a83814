"""The legend: a ruler that is true to the pixel, and signs that light their marks; it covers nothing at any size."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from engine.experiment.presets import PRESETS
from engine.health.scenarios import SCENARIOS
from tests.helpers.browsing import (
    button,
    choose_arrows,
    legend,
    look,
    micro_steps,
    numbers,
    region,
    resized,
    say,
    words,
)
from tests.helpers.networks import plain

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

XOR, VANISHING = PRESETS["xor"], SCENARIOS["vanishing"]["experiment"]
RICH = plain(
    (4, "tanh", {"batch_norm": True}), (4, "relu", {"residual": True, "dropout": 0.5}), (1, "sigmoid"),
    dataset="spirals",
)  # fmt: skip
SIZES = [(1440, 900), (1024, 768), (390, 844), (844, 390)]


def ruler(page: Page) -> list[tuple[float, float]]:
    """The bars of the ruler: the number and the height in pixels of each."""
    bars = page.evaluate("""() => [...document.querySelectorAll(".ruler span")].map((each) =>
        [each.innerText, each.querySelector("b").getBoundingClientRect().height])""")
    return [(numbers(text)[0], height) for text, height in bars]


@pytest.mark.parametrize("experiment", [XOR, VANISHING], ids=["xor", "vanishing"])
def test_by_decades_the_arrows_are_as_long_as_the_bars_of_the_ruler(pages, experiment):
    page = pages.open(experiment, micro_steps(experiment))
    expect(page.locator("[data-control=arrow-scale]")).to_have_value("decades")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    bars, marks = ruler(page), [mark for mark in look(page).of("nudge") if mark.value]
    least = min(mark.size for mark in marks) + 0.01
    sizes, sizes_of = zip(*((m.size, np.log10(abs(m.value))) for m in marks if m.size > least), strict=True)
    step, offset = np.polyfit(sizes_of, sizes, 1)
    assert np.abs(np.polyval([step, offset], sizes_of) - sizes).max() < 0.01
    assert bars[0][1] == pytest.approx(max(sizes), abs=0.1)
    assert len(bars) > 2
    for value, height in bars[1:]:
        assert height == pytest.approx(np.polyval([step, offset], np.log10(value)), abs=0.1)


def test_the_linear_scale_has_no_ruler_and_the_choice_is_part_of_the_link(pages):
    page = pages.open(XOR, micro_steps(XOR))
    choose_arrows(page, "Arrow scale", "linear")
    expect(page.locator(".ruler")).to_be_hidden()
    assert page.evaluate("backscope.view.arrowScale") == "linear"


RECORD = """() => {
  const pen = document.querySelector("canvas.overlay").getContext("2d");
  const { clearRect, stroke } = pen;
  window.lit = 0;
  pen.clearRect = function (...box) { window.lit = 0; return clearRect.apply(this, box); };
  pen.stroke = function (...path) { window.lit += 1; return stroke.apply(this, path); };
}"""


def test_pointing_at_a_sign_or_its_focus_lights_its_marks(pages):
    page = pages.open(RICH, micro_steps(RICH), fresh=True)
    page.evaluate(RECORD)
    moment = look(page)
    lit = {
        "delta": len(moment.of("delta")),
        "weight": len(moment.of("weight", "bias")),
        "dashed": len([mark for mark in moment.of("weight", "bias") if mark.value < 0]),
        "up": len([mark for mark in moment.of("nudge") if mark.value < 0]),
        "dropout": len([mark for mark in moment.of("mask") if mark.value == 0]),
        "skip": len(moment.of("skip")),
        "bar": len(moment.of("scale")),
    }
    opened = legend(page)
    for name, count in lit.items():
        assert count > 0
        sign = opened.locator(f"[data-legend={name}]")
        sign.hover()
        page.wait_for_function("count => lit === count", arg=count)
        page.mouse.move(5, 5)
        page.wait_for_function("lit === 0")
        sign.focus()
        page.wait_for_function("count => lit === count", arg=count)
        sign.blur()
        page.wait_for_function("lit === 0")


def test_the_arrow_keys_go_from_sign_to_sign(pages):
    page = pages.open(XOR, 4)
    signs = region(page, "Legend")
    signs.locator("[data-legend=up]").focus()
    page.keyboard.press("ArrowRight")
    expect(signs.locator("[data-legend=down]")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(signs.locator("[data-legend=up]")).to_be_focused()
    assert page.evaluate("backscope.t") == 4


# The parts at the top of the stage as far as they are seen: their texts and boxes.
PARTS = """() => {
  const row = document.querySelector(".signs").getBoundingClientRect();
  const parts = document.querySelectorAll(".sides [role=tab], .example, .legend > :is(p, label), .signs > li");
  return [...parts].filter((each) => each.checkVisibility()).map((each) => {
    const { left, right, top, bottom } = each.getBoundingClientRect();
    const [from, to] = each.matches("li") ? [Math.max(left, row.left), Math.min(right, row.right)] : [left, right];
    return [each.innerText, from, to, top, bottom];
  }).filter(([, left, right]) => right > left);
}"""


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
@pytest.mark.parametrize("experiment", [XOR, RICH], ids=["xor", "rich"])
def test_no_part_of_the_legend_covers_another_or_the_tabs_at_any_size(pages, locale, experiment):
    page = pages.open(experiment, micro_steps(experiment), locale=locale)
    found = {}
    for width, height in SIZES:
        resized(page, width, height)
        parts = page.evaluate(PARTS)
        assert len(parts) >= 5
        found[width] = [
            (one[0], other[0])
            for i, one in enumerate(parts)
            for other in parts[:i]
            if min(one[2], other[2]) - max(one[1], other[1]) > 1 and min(one[4], other[4]) - max(one[3], other[3]) > 1
        ]
    assert found == {width: [] for width, _ in SIZES}


def test_every_sign_has_its_word(pages):
    page = pages.open(RICH, micro_steps(RICH))
    signs = legend(page)
    for word in ("hollow", "dashed", "unknown", "negative", "delta", "now", "dropout", "skip", "bar"):
        expect(signs.get_by_role("listitem").filter(has_text=say(f"legend.{word}")).first).to_be_visible()


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_it_is_one_line_that_opens_for_more_over_the_network(pages, locale):
    page = pages.open(RICH, micro_steps(RICH), locale=locale)
    said = words("zh" if locale == "zh-CN" else "en")
    for size in SIZES:
        resized(page, *size)
        signs, more = region(page, said["legend"]), button(page, said["legend.more"])
        box = signs.bounding_box()
        assert box
        assert box["height"] <= (64 if size[0] == 390 else 36)
        before = page.locator("canvas.scene").bounding_box()
        more.click()
        expect(signs.locator("[data-legend=delta]")).to_be_visible()
        assert page.locator("canvas.scene").bounding_box() == before
        page.keyboard.press("Escape")
        expect(signs.locator("[data-legend=delta]")).to_be_hidden()
        expect(more).to_be_focused()


def test_before_the_backward_pass_it_says_that_there_are_no_arrows_yet(pages):
    page = pages.open(XOR, 5)
    gradient = region(page, "Legend").locator("[data-legend=gradient]")
    expect(gradient).to_have_text(say("legend.gradient.none"))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(gradient).to_contain_text("|dC/dw| =")
