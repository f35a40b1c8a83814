"""In front of a class: keys turn the steps of a lesson, its text is read from the last row, and the window with its
notes stays in step.
"""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from tests.helpers.axe import violations
from tests.helpers.browsing import Pages, at, button, now, region, say
from tests.helpers.layout import CLIPPED

pytestmark = pytest.mark.without_chart

HALL: ViewportSize = {"width": 1920, "height": 1080}
SMALL_TEXTS = """least => [...document.querySelectorAll("[data-region=lessons] *")]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.closest("math, .unseen"))
  .filter((each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  .map((each) => [each.textContent, parseFloat(getComputedStyle(each).fontSize)])
  .filter(([, size]) => size < least)"""


def reads(page: Page, address: str, link: str, **more: bool) -> Page:
    """Follow a link to a step of a lesson."""
    view = "".join(f',"{name}":{str(value).lower()}' for name, value in more.items())
    page.goto(f'{address}#view={{"lesson":"{link}"{view}}}')
    return comes(page, link)


def comes(page: Page, link: str) -> Page:
    """Wait until a step is shown, with its question where it asks one."""
    page.wait_for_function(
        """link => {
          const { lesson, t } = window.backscope ?? {};
          const asks = document.querySelector(".lesson-asked > *");
          return t != null && lesson && `${lesson.name}.${lesson.step}` === link && (!asks || lesson.question !== null);
        }""",
        arg=link,
    )
    return page


def test_the_keys_of_a_remote_control_turn_the_steps_and_the_arrows_step_the_run(pages: Pages):
    page = reads(pages.blank(alone=True), pages.address, "tour.1")
    page.keyboard.press("PageDown")
    comes(page, "tour.2")
    page.keyboard.press("ArrowDown")  # only with the projector
    page.keyboard.press("PageUp")
    comes(page, "tour.1")
    page.keyboard.press("PageUp")  # there is none before
    page.keyboard.press("p")
    expect(button(page, say("projector"))).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("PageDown")
    comes(page, "tour.2")
    page.keyboard.press("ArrowDown")
    comes(page, "tour.3")
    expect(button(page, say("projector"))).to_have_attribute("aria-pressed", "true")  # it is carried on
    page.keyboard.press("ArrowUp")
    comes(page, "tour.2")
    t = now(page)
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("t => backscope.t < t", arg=t)
    assert page.evaluate("backscope.lesson.step") == 2
    page.get_by_role("slider", name=say("timeline")).focus()
    page.keyboard.press("PageDown")  # belongs to the slider
    assert page.evaluate("backscope.lesson.step") == 2


@pytest.mark.parametrize("link", ["tour.1", "tour.2", "chain.2"])
def test_a_lesson_beside_the_projectors_network_is_read_from_the_last_row(pages: Pages, link: str):
    page = reads(pages.blank(alone=True, viewport=HALL), pages.address, link, projector=True)
    group = page.get_by_role("group", name=say("lesson.prediction"))
    if group.count():
        group.get_by_role("button", name=say("lesson.reveal")).click()
        expect(group.get_by_role("status")).to_be_visible()
    assert page.evaluate(SMALL_TEXTS, 20) == []
    lesson, stage = page.locator("[data-region=lessons]").bounding_box(), page.locator(".stage").bounding_box()
    assert lesson and stage and lesson["x"] + lesson["width"] <= stage["x"] + 1
    assert [text for text in page.evaluate(CLIPPED) if text.startswith(("H2", "BUTTON"))] == []


def opens_notes(page: Page) -> Page:
    with page.expect_popup() as popup:
        button(page, say("lesson.notes")).click()
    return popup.value


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", name=text, level=1)).to_be_visible()


def test_the_window_with_the_notes_stays_in_step_both_ways_and_finds_the_lesson_again(pages: Pages):
    page = reads(pages.blank(alone=True), pages.address, "tour.1")
    notes = opens_notes(page)
    heading(notes, "Which way should it go?")
    expect(notes.get_by_text("Listen for:")).to_be_visible()
    expect(notes.get_by_text("Twice the input, how long?")).to_be_visible()  # what comes next
    expect(notes.get_by_role("timer")).to_have_text(re.compile("00:0[1-9]"))
    expect(button(notes, say("lesson.previous"))).to_be_disabled()
    assert violations(notes) == []
    button(notes, say("lesson.next")).click()
    comes(page, "tour.2")
    heading(notes, "Twice the input, how long?")
    page.keyboard.press("PageDown")
    heading(notes, "A product of factors")
    notes.keyboard.press("PageUp")
    comes(page, "tour.2")
    notes.reload()
    heading(notes, "Twice the input, how long?")
    page.reload()
    comes(page, "tour.2")
    button(notes, say("lesson.next")).click()
    comes(page, "tour.3")
    heading(notes, "A product of factors")
    button(page, say("lesson.leave")).click()
    expect(notes.get_by_text(say("lesson.notes.gone"))).to_be_visible()
    expect(button(notes, say("lesson.next"))).to_be_disabled()
    button(page, say("lessons")).click()
    page.get_by_role("link", name="The five-minute tour").click()
    expect(button(notes, say("lesson.next"))).to_be_enabled()
    notes.close()
    page.keyboard.press("PageDown")  # without it all goes on
    comes(page, "tour.4")
    heading(opens_notes(page), "Which arrow is the longest?")
    page.close()


def test_two_pairs_of_windows_do_not_mix_and_a_copied_tab_gets_a_window_of_its_own(pages: Pages):
    page = reads(pages.blank(alone=True), pages.address, "tour.1")
    context: BrowserContext = page.context
    notes = opens_notes(page)
    heading(notes, "Which way should it go?")
    other = reads(context.new_page(), pages.address, "tour.5")
    heading(opens_notes(other), "Paths add up")
    button(notes, say("lesson.next")).click()
    comes(page, "tour.2")
    assert other.evaluate("backscope.lesson.step") == 5
    with page.expect_popup() as popup:
        page.evaluate("open(location.href)")  # has a copy of what this tab keeps
    copied = comes(popup.value, "tour.2")
    copied.wait_for_function("sessionStorage.length === 0")
    button(notes, say("lesson.next")).click()
    comes(page, "tour.3")
    heading(notes, "A product of factors")
    assert copied.evaluate("backscope.lesson.step") == 2


def test_a_blocked_window_is_told(pages: Pages):
    page = pages.blank(fresh=True)
    page.add_init_script("window.open = () => null;")
    reads(page, pages.address, "tour.1")
    button(page, say("lesson.notes")).click()
    expect(page.get_by_text(say("lesson.notes.blocked"))).to_be_visible()


def test_a_lesson_without_notes_offers_no_window(pages: Pages):
    page = reads(pages.blank(alone=True), pages.address, "chain.1")
    expect(region(page, say("lesson.region"))).to_be_visible()
    expect(button(page, say("lesson.notes"))).to_be_hidden()
    at(page, now(page))
