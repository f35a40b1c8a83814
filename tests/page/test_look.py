"""The page stays whole: at every width, in both themes, without motion, by keyboard alone, and with no other host."""

import pytest
from playwright.sync_api import expect

from engine.experiment.presets import PRESETS
from tests.helpers.browsing import at, button, channels, colour, explored, look, region, resized, say, words
from tests.helpers.gallery import gallery
from tests.helpers.layout import CLIPPED, HEIGHTS, NARROW_CHOICES, OVERFLOW, SPLIT, WIDTHS
from tests.helpers.setup import more_settings
from tests.helpers.sights import neurons

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

XOR, DIGITS = PRESETS["xor"], PRESETS["digits_100"]


@pytest.mark.with_chart
@pytest.mark.parametrize(
    ("experiment", "locale"),
    [
        pytest.param(XOR, "zh-CN", id="xor-zh-CN"),
        pytest.param(DIGITS, "en-US", id="digits-en-US"),
        pytest.param(XOR, "en-US", id="xor-en-US", marks=pytest.mark.long),
        pytest.param(DIGITS, "zh-CN", id="digits-zh-CN", marks=pytest.mark.long),
    ],
)
def test_nothing_overflows_and_no_text_is_cut_off_at_any_width(pages, locale, experiment):
    page = pages.open(experiment, 18, locale=locale)
    page.wait_for_selector(".js-plotly-plot")
    page.wait_for_selector(".operand .cells:not(.unread)")
    expect(page.locator("[data-part=summary]")).to_contain_text("%")
    for width in WIDTHS:
        resized(page, width, HEIGHTS[width])
        for tab in ("side", "loss", "experiment") if width <= 860 else (None,):
            if tab:
                page.locator(f"[role=tab][data-tab={tab}]").click()
            assert page.evaluate(OVERFLOW) == {"page": 0, "wide": []}, (width, tab)
            assert page.evaluate(CLIPPED) == [], (width, tab)
            assert page.evaluate(NARROW_CHOICES) == [], (width, tab)


LINES = """(element) => {
    element.style.letterSpacing = "5px"; // as wide as with a font that has the signs
    const range = document.createRange();
    range.selectNodeContents(element);
    return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size;
}"""


def test_the_names_of_settings_stand_on_one_line_in_chinese(pages):
    page = pages.open(DIGITS, locale="zh-CN")
    more_settings(page, "zh")
    for width in (1440, 1024):
        resized(page, width, HEIGHTS[width])
        names = page.locator(".field > span:first-child").all()
        assert len(names) > 8
        assert {name.inner_text(): lines for name in names if (lines := name.evaluate(LINES)) > 1} == {}, width


def test_on_a_narrow_screen_the_panels_are_tabs(pages):
    page = pages.open(DIGITS, viewport={"width": 390, "height": 844})
    network, transport = region(page, "Network"), region(page, "Transport")
    for name, shown in [("Loss", "Loss"), ("Experiment", "Experiment"), ("Look closer", "Digit pad")]:
        page.get_by_role("tab", name=name, exact=True).click()
        expect(page.get_by_role("tab", name=name, exact=True)).to_have_attribute("aria-selected", "true")
        visible = [each for each in ("Loss", "Experiment", "Digit pad") if region(page, each).count()]
        assert visible == [shown]
        expect(network).to_be_visible()
        expect(transport).to_be_visible()
    page.get_by_role("tab", name="Look closer").press("ArrowRight")
    expect(page.get_by_role("tab", name="Loss", exact=True)).to_be_focused()
    expect(region(page, "Loss")).to_be_visible()


def test_the_network_is_drawn_to_fill_its_stage_at_every_width(page):
    for width in WIDTHS:
        resized(page, width, HEIGHTS[width])
        stage = region(page, "Network").bounding_box()
        assert stage
        assert stage["width"] >= min(width, 460) - 1
        centres = neurons(page, 15)
        assert len(centres) == 7
        for x, y in centres.values():
            assert stage["x"] + 8 < x < stage["x"] + stage["width"] - 8
            assert stage["y"] + 8 < y < stage["y"] + stage["height"] - 8
        columns = [[x for name, (x, _) in centres.items() if name.endswith(end)] for end in ("1", "2")]
        assert [len(column) for column in columns] == [5, 1]


# Contrast, by the definition of WCAG 2.2.


def luminance(rgb: tuple[int, ...]) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (channel / 255 for channel in rgb)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


# Each visible text with its colour and the colours that lie behind it, from the back to the front.
TEXTS = """() => {
  const parse = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const found = [];
  const add = (text, element) => {
    const behind = [];
    for (let each = element; each; each = each.parentElement) {
      behind.unshift(parse(getComputedStyle(each).backgroundColor));
    }
    found.push({ text: text.slice(0, 40), colour: parse(getComputedStyle(element).color), behind });
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility({ visibilityProperty: true })) continue;
    if (element.closest(":disabled, option, script, style, svg")) continue;
    add(walker.currentNode.data.trim(), element);
  }
  for (const element of document.querySelectorAll("select, input[type=number]")) {
    if (element.checkVisibility()) add(element.ariaLabel, element);
  }
  return found;
}"""


def over(behind: list[list[float]]) -> tuple[int, ...]:
    seen = [255.0, 255.0, 255.0]
    for layer in behind:
        alpha = layer[3] if len(layer) > 3 else 1.0
        seen = [alpha * front + (1 - alpha) * back for front, back in zip(layer, seen, strict=False)]
    return tuple(round(channel) for channel in seen)


@pytest.mark.with_chart
@pytest.mark.parametrize(
    ("experiment", "scheme"),
    [
        pytest.param(XOR, "light", id="xor-light"),
        pytest.param(DIGITS, "dark", id="digits-dark"),
        pytest.param(XOR, "dark", id="xor-dark", marks=pytest.mark.long),
        pytest.param(DIGITS, "light", id="digits-light", marks=pytest.mark.long),
    ],
)
def test_all_text_can_be_read_against_what_lies_behind_it(pages, scheme, experiment):
    page = pages.open(experiment, 12, color_scheme=scheme)
    explored(page).focus()
    gallery(page)
    texts = page.evaluate(TEXTS)
    assert len(texts) > 60
    faint = [
        (item["text"], round(ratio, 2))
        for item in texts
        if (ratio := contrast(tuple(item["colour"][:3]), over(item["behind"]))) < 4.5
    ]
    assert faint == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_colours_of_canvases_and_curves_stand_out(pages, scheme):
    page = pages.open(color_scheme=scheme)
    paper, surface = (channels(colour(page, name)) for name in ("paper", "surface"))
    for name in ("text", "muted", "up", "down", "now", "accuracy"):
        assert contrast(channels(colour(page, name)), paper) >= 4.5, name
        assert contrast(channels(colour(page, name)), surface) >= 4.5, name
    for name in ("line", "ink", "first", "second"):
        assert contrast(channels(colour(page, name)), paper) >= 3, name
    assert contrast(channels(colour(page, "on-now")), channels(colour(page, "now"))) >= 4.5


def test_the_theme_is_the_systems_until_one_is_chosen_which_then_stays(pages):
    page = pages.open(color_scheme="dark")
    html = page.locator("html")
    expect(html).to_have_attribute("data-theme", "dark")
    dark = colour(page, "paper")
    button(page, say("theme", theme=say("theme.auto"))).click()
    expect(html).to_have_attribute("data-theme", "light")
    assert colour(page, "paper") != dark
    before = look(page, "weight").marks
    page.reload()
    at(page, 0)
    expect(html).to_have_attribute("data-theme", "light")
    button(page, say("theme", theme=say("theme.light"))).click()
    expect(html).to_have_attribute("data-theme", "dark")
    expect(button(page, say("theme", theme=say("theme.dark")))).to_be_visible()
    assert {mark.colour for mark in look(page, "weight").marks} != {mark.colour for mark in before}
    button(page, say("theme", theme=say("theme.dark"))).click()
    page.emulate_media(color_scheme="light")
    expect(html).to_have_attribute("data-theme", "light")


EVALUATED = "t => backscope.marks().some(({ tensor, index }) => tensor === 'training.loss' && index[0] === t)"


def test_with_reduced_motion_the_picture_simply_changes(page):
    page.wait_for_function("document.fonts.status === 'loaded'")  # for which all would be painted anew
    for t in (1, 3):
        page.keyboard.press("ArrowRight")
        at(page, t)
        page.wait_for_function(EVALUATED, arg=t)  # all has come to rest
    painted = page.evaluate("backscope.stats().painted.map(({ t }) => t)")
    assert [painted.count(t) for t in (1, 3)] == [1, 1]


FRAME_BY_FRAME = """() => {
  let now = performance.now();
  performance.now = () => now;
  const frame = () => {
    now += 16;
    requestAnimationFrame(frame);
  };
  frame();
}"""


@pytest.mark.with_motion
def test_without_it_a_step_is_a_gesture_of_many_pictures(page):
    page.evaluate(FRAME_BY_FRAME)  # so that the gesture has as many however slow the machine is
    for t in (1, 3):
        page.keyboard.press("ArrowRight")
        page.wait_for_function("t => backscope.stats().painted.filter((each) => each.t === t).length > 10", arg=t)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_in_a_narrow_rail_heads_break_between_words_only_and_no_row_or_placeholder_is_cut(pages, language):
    page = pages.open(PRESETS["worked_example"], 15, locale={"zh": "zh-CN", "en": "en-US"}[language])
    page.get_by_role("application").focus()
    for key in ("ArrowLeft", "w", "Enter"):
        page.keyboard.press(key)
    ready = {"why": ".line", "examples": ".per-example li", "wishes": ".wish-list", "column": "[type=search]"}
    for width in (1024, 390, 1440):
        resized(page, width, HEIGHTS[width])
        for view, shown in ready.items():
            page.get_by_role("tab", name=words(language)[f"view.{view}"], exact=True).click()
            expect(page.locator(f".view {shown}").first).to_be_visible()
            assert page.evaluate(SPLIT) == [], (width, view)
            assert page.evaluate(CLIPPED) == [], (width, view)
