"""The page stays whole: at every width, in both themes, without motion, by keyboard alone, and with no other host."""

import json
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from engine.presets import PRESETS
from tests.browsing import at, button, channels, chooser, colour, eventually, look, neurons, now, region, resized, say, slider, words

XOR, DIGITS = PRESETS["xor"], PRESETS["digits_100"]
WIDTHS = (390, 768, 1024, 1440, 1920)
HEIGHTS = {390: 844, 768: 1024, 1024: 768, 1440: 900, 1920: 1080}

OVERFLOW = """() => {
  const wide = [...document.body.querySelectorAll("*")].filter((each) => {
    const box = each.getBoundingClientRect();
    const scrolls = each.closest(".chips, .formula, pre, .rail, .plot, svg");
    return box.width && box.height && !scrolls && (box.right > innerWidth + 0.5 || box.left < -0.5);
  });
  return { page: document.documentElement.scrollWidth - innerWidth, wide: wide.map((each) => each.outerHTML.slice(0, 90)) };
}"""
CLIPPED = """() => [...document.querySelectorAll("button, label, h1, h2, h3, label > span, .legend span, .position, .layer em, .summary, .summary small, figcaption, p, dt, dd, li")]
  .filter((each) => each.checkVisibility() && each.clientWidth && (each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 4))
  .map((each) => `${each.tagName}.${each.className} ${each.innerText.slice(0, 60)} ${each.scrollWidth}>${each.clientWidth} ${each.scrollHeight}>${each.clientHeight}`)"""
NARROW_CHOICES = """() => [...document.querySelectorAll("select")].filter((each) => each.checkVisibility()).filter((each) => {
  const style = getComputedStyle(each);
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const text = pen.measureText(each.selectedOptions[0].text).width;
  return text > each.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) + 1;
}).map((each) => `${each.ariaLabel}: ${each.selectedOptions[0].text}`)"""


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
@pytest.mark.parametrize("experiment", [XOR, DIGITS], ids=["xor", "digits"])
def test_nothing_overflows_and_no_text_is_cut_off_at_any_width(pages, locale, experiment):
    page = pages.open(experiment, 18, locale=locale)
    page.wait_for_selector(".js-plotly-plot")
    for width in WIDTHS:
        resized(page, width, HEIGHTS[width])
        for tab in ("side", "loss", "experiment") if width <= 860 else (None,):
            if tab:
                page.locator(f"[role=tab][data-tab={tab}]").click()
            assert page.evaluate(OVERFLOW) == {"page": 0, "wide": []}, (width, tab)
            assert page.evaluate(CLIPPED) == [], (width, tab)
            assert page.evaluate(NARROW_CHOICES) == [], (width, tab)


def test_on_a_narrow_screen_the_panels_are_tabs(pages):
    page = pages.open(DIGITS, viewport={"width": 390, "height": 844})
    network, transport = region(page, "Network"), region(page, "Transport")
    for name, shown in [("Loss", "Loss"), ("Experiment", "Experiment"), ("Look closer", "Digit pad")]:
        page.get_by_role("tab", name=name).click()
        expect(page.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")
        visible = [each for each in ("Loss", "Experiment", "Digit pad") if region(page, each).count()]
        assert visible == [shown]
        expect(network).to_be_visible()
        expect(transport).to_be_visible()
    page.get_by_role("tab", name="Look closer").press("ArrowRight")
    expect(page.get_by_role("tab", name="Loss")).to_be_focused()
    expect(region(page, "Loss")).to_be_visible()


def test_the_network_is_drawn_to_fill_its_stage_at_every_width(page):
    for width in WIDTHS:
        resized(page, width, HEIGHTS[width])
        stage = region(page, "Network").bounding_box()
        assert stage
        assert stage["width"] >= min(width, 460) - 1
        centres = neurons(page)
        assert len(centres) == 7
        for x, y in centres.values():
            assert stage["x"] + 8 < x < stage["x"] + stage["width"] - 8
            assert stage["y"] + 8 < y < stage["y"] + stage["height"] - 8
        assert len({round(x) for x, _ in centres.values()}) == 3


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
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility({ visibilityProperty: true })) continue;
    if (element.closest(":disabled, option, script, style, svg")) continue;
    const behind = [];
    for (let each = element; each; each = each.parentElement) behind.unshift(parse(getComputedStyle(each).backgroundColor));
    found.push({ text: walker.currentNode.data.trim().slice(0, 40), colour: parse(getComputedStyle(element).color), behind });
  }
  for (const element of document.querySelectorAll("select, input[type=number]")) {
    if (!element.checkVisibility()) continue;
    const behind = [];
    for (let each = element; each; each = each.parentElement) behind.unshift(parse(getComputedStyle(each).backgroundColor));
    found.push({ text: element.ariaLabel, colour: parse(getComputedStyle(element).color), behind });
  }
  return found;
}"""


def over(behind: list[list[float]]) -> tuple[int, ...]:
    seen = (255.0, 255.0, 255.0)
    for layer in behind:
        alpha = layer[3] if len(layer) > 3 else 1.0
        seen = tuple(alpha * front + (1 - alpha) * back for front, back in zip(layer, seen, strict=False))
    return tuple(round(channel) for channel in seen)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("experiment", [XOR, DIGITS], ids=["xor", "digits"])
def test_all_text_can_be_read_against_what_lies_behind_it(pages, scheme, experiment):
    page = pages.open(experiment, 12, color_scheme=scheme)
    page.mouse.move(*next(iter(neurons(page).values())))
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
    assert contrast(channels(colour(page, "up")), (255, 255, 255)) > 1


def test_the_theme_is_the_systems_until_one_is_chosen_which_then_stays(pages):
    page = pages.open(color_scheme="dark")
    html = page.locator("html")
    expect(html).to_have_attribute("data-theme", "dark")
    dark = colour(page, "paper")
    button(page, say("theme", theme=say("theme.auto"))).click()
    expect(html).to_have_attribute("data-theme", "light")
    assert colour(page, "paper") != dark
    before = look(page).of("weight")
    page.reload()
    at(page, 0)
    expect(html).to_have_attribute("data-theme", "light")
    button(page, say("theme", theme=say("theme.light"))).click()
    expect(html).to_have_attribute("data-theme", "dark")
    expect(button(page, say("theme", theme=say("theme.dark")))).to_be_visible()
    assert {mark.colour for mark in look(page).of("weight")} != {mark.colour for mark in before}
    button(page, say("theme", theme=say("theme.dark"))).click()
    page.emulate_media(color_scheme="light")
    expect(html).to_have_attribute("data-theme", "light")


def paintings(page: Page) -> list[int]:
    """How often each of the moments t 1 and t 3 was painted on stepping to it, once all has come to rest."""
    for t in (1, 3):
        page.keyboard.press("ArrowRight")
        at(page, t)
        eventually(lambda t=t: any(mark.index == (t,) and mark.tensor == "training.loss" for mark in look(page).of("curve")))
    painted = page.evaluate("backscope.stats().painted.map(({ t }) => t)")
    return [painted.count(t) for t in (1, 3)]


def test_with_reduced_motion_the_picture_simply_changes(pages):
    assert paintings(pages.open(reduced_motion="reduce")) == [1, 1]


def test_without_it_a_step_is_a_gesture_of_many_pictures(page):
    assert min(paintings(page)) > 2


FOCUSABLE = """() => [...document.querySelectorAll("button, select, input, a[href], [tabindex]")]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.disabled && each.tabIndex >= 0)
  .map((each) => each.ariaLabel || each.textContent.trim() || each.tagName)"""
FOCUSED = "() => document.activeElement.ariaLabel || document.activeElement.textContent.trim() || document.activeElement.tagName"


@pytest.mark.parametrize(("experiment", "width"), [(XOR, 1440), (DIGITS, 1440), (DIGITS, 390)])
def test_every_control_is_reached_by_the_tab_key_and_shows_that_it_has_the_focus(pages, experiment, width):
    page = pages.open(experiment, 18, viewport={"width": width, "height": HEIGHTS[width]})
    wanted = page.evaluate(FOCUSABLE)
    assert len(wanted) > 20
    reached = []
    for _ in wanted:
        page.keyboard.press("Tab")
        reached.append(page.evaluate(FOCUSED))
        ring = "getComputedStyle(document.activeElement)"
        assert page.evaluate(f"{ring}.outlineStyle !== 'none' && parseFloat({ring}.outlineWidth) >= 1"), reached[-1]
    assert sorted(reached) == sorted(wanted)


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
@pytest.mark.parametrize("experiment", [XOR, DIGITS], ids=["xor", "digits"])
def test_everything_that_one_can_act_on_has_a_name(pages, experiment, locale):
    page = pages.open(experiment, 18, locale=locale)
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")
    acting = {"button", "combobox", "slider", "spinbutton", "textbox", "tab", "checkbox", "link", "status", "region", "group", "application", "Canvas", "img", "list"}
    nodes = [node for node in tree["nodes"] if not node["ignored"] and node["role"]["value"] in acting]
    assert len(nodes) > 30
    nameless = [node["role"]["value"] for node in nodes if not node.get("name", {}).get("value")]
    assert [role for role in nameless if role not in ("img", "status", "list", "group")] == []
    for element in page.locator("canvas, select, input, [role=status], [role=group], [role=img], section").all():
        if element.is_visible() and not element.evaluate("each => each.ariaHidden === 'true' || each.closest('.plot')"):
            described = element.evaluate("each => each.ariaLabel || each.textContent.trim()")
            assert described, element.evaluate("each => each.outerHTML.slice(0, 100)")


def test_the_network_can_be_explored_by_keyboard(pages):
    page = pages.open(XOR, 18)
    network = page.get_by_role("application")
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
    before = why.inner_text()
    page.keyboard.press("Shift+ArrowRight")
    at(page, 36)
    expect(why).to_contain_text("Neuron 2 of layer 1")
    assert why.inner_text() != before
    page.mouse.click(*centre)
    page.mouse.move(5, 5)
    expect(why).to_contain_text(say("why.empty"))


def test_nothing_comes_from_another_host_and_the_page_is_light(pages):
    page = pages.blank(locale="en-US")  # with nothing cached
    asked, sockets, sizes = [], [], {}
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: sockets.append(socket.url))
    page.on("requestfinished", lambda request: sizes.update({request.url: len(request.response().body())}))
    page.goto(pages.address)
    at(page, 0)
    page.wait_for_selector(".js-plotly-plot")
    for name in ("Spirals", "784-100-10"):
        button(page, name).click()
    page.wait_for_function("backscope.experiment.dataset.name === 'digits'")
    chooser(page, "Language").select_option("zh")
    expect(page).to_have_title(words("zh")["title"])
    button(page, words("zh")["full_speed"]).click()
    page.wait_for_function("backscope.t > 500")
    here = urlsplit(pages.address).netloc
    assert {urlsplit(url).netloc for url in (*asked, *sockets) if not url.startswith(("data:", "blob:"))} == {here}
    assert len(sockets) == 1
    assert any("plotly" in url for url in sizes)
    assert sum(size for url, size in sizes.items() if "plotly" not in url) < 400_000


def test_the_page_has_an_icon_and_a_title(page):
    expect(page).to_have_title("Backscope: see backpropagation")
    icon = page.locator("link[rel=icon]").get_attribute("href")
    answer = page.request.get(f"{page.url.split('#')[0]}{icon}")
    assert answer.ok
    assert "svg" in answer.headers["content-type"]
    assert page.request.get(f"{page.url.split('#')[0]}favicon.ico").ok


def test_what_backscope_tells_the_console_cannot_be_used_to_change_the_page(page):
    before = look(page)
    page.evaluate("""() => {
        backscope.experiment.seed = 99;
        backscope.listing.program.length = 0;
        backscope.tensor("W1").data.fill(0);
        backscope.marks().forEach((mark) => (mark.value = 0));
        try { backscope.t = 5; } catch {}
        try { window.backscope = null; } catch {}
    }""")
    after = look(page)
    assert json.dumps(after.experiment) == json.dumps(before.experiment)
    assert (after.t, after.marks) == (before.t, before.marks)
    stats = page.evaluate("backscope.stats()")
    assert stats["frames"] > 0
    assert {"paint", "decode", "roundTrip"} <= stats.keys()
