"""Presses do what a person means by them: space plays and pauses, and none is lost while a run is being begun."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from engine.experiment.presets import PRESETS
from tests.helpers.browsing import at, bring, button, chooser, eventually, link, micro_steps, now, put, say, slider
from tests.helpers.gallery import open_example
from tests.helpers.interception import held_back
from tests.helpers.setup import more_settings, setting

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

Press = Callable[[Page], None]
XOR, SPIRALS = PRESETS["xor"], PRESETS["spirals"]


def resting(page: Page) -> None:
    expect(button(page, "Play")).to_be_visible()


def playing(page: Page) -> None:
    expect(button(page, "Pause")).to_be_visible()


def tab_to(page: Page, name: str) -> None:
    """Reach a button by the Tab key alone."""
    page.locator("h1").click()
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.ariaLabel || document.activeElement.textContent.trim()") == name:
            return
    raise AssertionError(f"{name} is not reached")


@pytest.mark.parametrize("name", ["Step forward", "Step back", "Full speed", "Another seed", "Share"])
def test_space_plays_and_pauses_after_any_button_has_been_clicked(pages, name):
    page = pages.open(XOR, 18)
    if name == "Another seed":
        more_settings(page)
    button(page, name).click()
    if name == "Full speed":
        page.keyboard.press("Space")
        resting(page)
    page.wait_for_function("backscope.stats().painted.length > 0")
    page.keyboard.press("Space")
    playing(page)
    page.keyboard.press("Space")
    resting(page)


def test_space_plays_and_pauses_after_a_slider_has_been_dragged(pages):
    page = pages.open(SPIRALS, 270)
    slider(page, "Timeline").click()
    page.keyboard.press("Space")
    playing(page)
    slider(page, "Speed").click()
    page.keyboard.press("Space")
    resting(page)


def test_space_presses_a_button_that_has_been_reached_by_the_tab_key(pages):
    page = pages.open(XOR, 18)
    tab_to(page, "Step back")
    page.keyboard.press("Space")
    eventually(lambda: now(page) < 18)
    resting(page)
    tab_to(page, "Step forward")
    page.keyboard.press("Space")
    at(page, 18)
    resting(page)


def test_a_button_that_was_clicked_is_pressed_by_space_once_the_tab_key_has_come_back_to_it(pages):
    page = pages.open(XOR, 18)
    button(page, "Step forward").click()
    at(page, 19)
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    eventually(lambda: now(page) > 19)
    resting(page)


def test_space_that_is_held_down_counts_once(pages):
    page = pages.open(XOR, 18)
    for _ in range(3):
        page.keyboard.down("Space")
    page.keyboard.up("Space")
    playing(page)


def test_space_in_a_field_is_the_fields_own(pages):
    page = pages.open(XOR, 18)
    chooser(page, "Grain").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    resting(page)
    assert now(page) == 18


def test_space_pauses_at_full_speed(page):
    button(page, "Full speed").click()
    page.wait_for_function("backscope.t > 400")
    page.keyboard.press("Space")
    resting(page)
    expect(button(page, "Full speed")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Space")
    playing(page)


def press_keys(key: str, times: int = 1) -> Press:
    def press(page: Page) -> None:
        for _ in range(times):
            page.keyboard.press(key)

    return press


def press_buttons(*names: str) -> Press:
    def press(page: Page) -> None:
        for name in names:
            button(page, name).click()

    return press


PRESSES: dict[str, tuple[Press, int | None]] = {  # and where it leads; None where it plays on
    "play": (press_buttons("Play"), None),
    "space": (press_keys("Space"), None),
    "full speed": (press_buttons("Full speed"), None),
    "step forward": (press_buttons("Step forward"), 1),
    "arrow": (press_keys("ArrowRight"), 1),
    "shift and arrow, twice": (press_keys("Shift+ArrowRight", 2), 2 * micro_steps(SPIRALS)),
    "step forward and restart": (press_buttons("Step forward", "Restart"), 0),
}


@pytest.mark.parametrize("press", PRESSES)
def test_a_press_while_a_run_is_being_begun_is_carried_out_when_it_is_there(pages, press):
    page = pages.blank(fresh=True)
    begins = held_back(
        page, lambda command: command["command"] == "start" and command["experiment"]["dataset"]["name"] == "spirals"
    )
    page.goto(link(pages.address, XOR, 36))
    at(page, 36)
    open_example(page, say("preset.spirals"))
    eventually(lambda: page.title() and begins)  # asking the page has its messages come through
    work, t = PRESSES[press]
    work(page)
    page.evaluate("new Promise((done) => setTimeout(done, 150))")  # nothing can be seen of waiting
    assert now(page) == 36
    for let_go in begins:
        let_go()
    page.wait_for_function("backscope.experiment.dataset.name === 'spirals'")
    if t is None:
        playing(page)
        page.wait_for_function("backscope.t > 3")
    else:
        at(page, t)
        resting(page)


def test_a_press_before_the_first_run_is_there_is_kept_too(pages):
    page = pages.blank(fresh=True)
    begins = held_back(page, lambda command: command["command"] == "start")
    page.goto(link(pages.address, XOR, 0))
    eventually(lambda: page.title() and begins)  # asking the page has its messages come through
    page.keyboard.press("ArrowRight")
    button(page, "Play").click()
    for let_go in begins:
        let_go()
    page.wait_for_function("backscope.t > 3")
    playing(page)


def test_play_and_pause_pressed_while_a_run_is_being_begun_leave_it_at_rest(pages):
    page = pages.blank(fresh=True)
    begins = held_back(page, lambda command: command["command"] == "start")
    page.goto(link(pages.address, XOR, 18))
    eventually(lambda: page.title() and begins)  # asking the page has its messages come through
    page.keyboard.press("Space")
    page.keyboard.press("Space")
    begins[0]()
    at(page, 18)
    page.evaluate("new Promise((done) => setTimeout(done, 200))")
    resting(page)
    assert now(page) == 18


# Has every control of a region do what a person could have it do, but for those that open a window of the browser's.
USE_ALL = """(region) => {
  const root = document.querySelector(`[data-region="${region}"]`);
  const used = [...root.querySelectorAll("button, select, input:not([type=file])")].filter((each) =>
    !each.disabled && each.checkVisibility());
  for (const control of used) {
    if (control.matches("[type=search], [type=text]")) control.value = "W1";
    control.click();
    for (const type of ["input", "change"]) control.dispatchEvent(new Event(type, { bubbles: true }));
  }
  return used.length;
}"""


def test_no_control_throws_that_is_used_between_the_beginning_of_a_run_and_its_first_moment(pages):
    page = pages.blank(fresh=True)
    away = held_back(page, lambda command: command["command"] == "seek" and command["t"] == 0)

    def begun() -> bool:
        while away:
            away.pop(0)()
        return page.evaluate("backscope.t") is not None

    for view in ("why", "examples", "wishes", "column", "proof", "matrix"):
        pages.go(page, XOR, 18)
        bring(page, view)
        page.wait_for_timeout(300)  # its question is answered
        put(setting(page, say("seed")), "7")
        eventually(lambda: page.title() and away)
        assert page.evaluate("backscope.t") is None, view
        assert page.evaluate(USE_ALL, "inspector") > 6, view
        assert pages.complaints == [], view
        if view == "matrix":  # these leave much behind, and come last
            for region in ("learned", "pad", "loss", "plane", "experiment"):
                page.evaluate(USE_ALL, region)
        eventually(begun)
