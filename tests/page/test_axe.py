"""axe-core finds nothing wrong with the page, whatever is opened, in either theme and language."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from engine.experiment.presets import PRESETS
from engine.health.scenarios import SCENARIOS
from server.trained.shipped import described
from tests.helpers.axe import violations
from tests.helpers.browsing import bring, button, explored, micro_steps, words
from tests.helpers.gallery import gallery
from tests.helpers.pad import DRAWINGS, draw, opened
from tests.helpers.setup import more_settings

XOR, VANISHING, WIDE = PRESETS["xor"], SCENARIOS["vanishing"]["experiment"], described("digits_best").experiment
LOCALES = {"en": "en-US", "zh": "zh-CN"}


def dresses(*often: str) -> pytest.MarkDecorator:
    """All languages and themes, of which those named are tried often."""
    every = [(language, scheme) for language in LOCALES for scheme in ("light", "dark")]
    marks = {each: () if "-".join(each) in often else (pytest.mark.long,) for each in every}
    return pytest.mark.parametrize(
        ("language", "scheme"), [pytest.param(*each, id="-".join(each), marks=marks[each]) for each in every]
    )


Look = Callable[..., None]


@pytest.fixture
def looked() -> dict[str, list[str]]:
    """What has been found, by the state of the page."""
    return {}


def watching(page: Page, looked: dict[str, list[str]]) -> Look:
    """A function that has axe look at a part of the page, once nothing moves there."""

    def look(state: str, within: str = "html") -> None:
        page.wait_for_timeout(60)
        if found := violations(page, within):
            looked[state] = found

    return look


def tab(page: Page, name: str) -> None:
    page.locator(f"[role=tab][data-tab={name}]").click()


@dresses("en-light")
def test_axe_finds_nothing_on_the_first_visit_and_in_every_view_of_a_small_network(pages, looked, language, scheme):
    page = pages.first(locale=LOCALES[language], color_scheme=scheme)
    look, said = watching(page, looked), words(language)
    plot = page.get_by_role("img", name=said["series.training.loss"])
    expect(plot).to_have_count(1)
    look("first visit")
    pages.go(page, XOR, 20)
    explored(page).focus()
    for key in ("ArrowLeft", "w", "Enter"):
        page.keyboard.press(key)
    expect(page.locator(".card-go").first).to_be_visible()
    page.wait_for_selector(".operand .cells:not(.unread)")
    look("card and keys")
    for view in ("why", "examples", "wishes", "column", "proof", "matrix"):
        bring(page, view, language)
        page.wait_for_timeout(150)
        look(view, ".inspector")
    page.locator("[data-control=check]").click()
    expect(page.locator(".check tbody tr").first).to_be_visible()
    look("check", ".check")
    page.locator("[data-control=legend]").click()
    look("legend", ".stage")
    page.locator("[data-control=legend]").click()
    more_settings(page, language)
    page.locator(".experiment input[type=number]:visible").first.fill("0")
    page.keyboard.press("Tab")
    expect(page.locator(".experiment [role=alert]").first).to_be_visible()
    look("settings, one refused", ".experiment")
    gallery(page, language)
    look("gallery", ".examples")
    page.keyboard.press("Escape")
    tab(page, "learned")
    expect(page.locator(".example-rows tbody tr").first).to_be_visible()
    look("learned", ".learned")
    tab(page, "network")
    button(page, said["share"]).click()
    expect(page.locator(".notices [data-part=said]")).to_be_visible()
    button(page, said["projector"]).click()
    look("projector, with a notice")
    assert looked == {}


@dresses("zh-dark")
def test_axe_finds_nothing_on_the_pad_and_in_what_a_network_of_digits_has_learned(pages, looked, language, scheme):
    page = pages.open(WIDE, locale=LOCALES[language], color_scheme=scheme)
    look = watching(page, looked)
    pad = ".pad-panel"
    opened(page, language).focus()
    look("pad, empty")
    draw(page, DRAWINGS[3], language)
    for name in ("answer", "steps", "ink", "teach"):
        page.locator(f"{pad} [data-tab={name}]").click()
        look(name, pad)
    look("the drawing on the stage", ".stage")
    page.locator(".labels button").nth(3).click()
    page.locator(".lesson-steps button").first.click()
    expect(page.locator("table.cost tbody tr:last-child td").last).not_to_have_text("—")
    look("taught", pad)
    tab(page, "learned")
    expect(page.locator(".gallery button").last).to_be_enabled()
    page.locator(".confusion button").nth(58).click()
    look("learned, a cell", ".learned")
    tab(page, "network")
    page.set_viewport_size({"width": 390, "height": 844})
    for name in ("loss", "experiment", "side"):
        tab(page, name)
        look(f"on a phone, {name}")
    assert looked == {}


def test_axe_finds_nothing_where_a_trouble_is_named_and_the_line_is_lost(pages, looked, interrupted):
    page = interrupted.open(pages, VANISHING, micro_steps(VANISHING))
    look = watching(page, looked)
    expect(page.locator(".diagnosis").first).to_be_visible()
    look("a trouble", ".above")
    interrupted.stop()
    expect(page.locator(".notices [data-part=lost]")).to_be_visible()
    look("lost")
    assert looked == {}
