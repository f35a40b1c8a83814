"""The first screen is alive, and each of its four stories is told by one click, with the engine's numbers."""

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from engine import Experiment, Timeline
from engine.evaluate.evaluation import evaluate
from engine.health.diagnosis import at as structure_at
from tests.helpers.browsing import (
    FIRST,
    Moment,
    Pages,
    at,
    button,
    chooser,
    eventually,
    look,
    look_inside,
    now,
    pass_time,
    region,
    resized,
    same,
    say,
    slider,
    untrue,
    words,
)
from tests.helpers.gallery import open_example
from tests.helpers.layout import CLIPPED, OVERFLOW
from tests.helpers.pad import DRAWINGS, draw, prediction

pytestmark = pytest.mark.without_chart

NAMES = {
    "one_step": "See one step",
    "learn": "Watch it learn",
    "digit": "Draw a digit",
    "cure": "Break it and cure it",
}
HEADLINE = "Every arrow says which way a weight should move, and how far."
SCREENS = [(1440, 900), (1024, 768), (390, 844), (844, 390)]
LEAD = 1.5  # seconds in which a story that plays by itself has begun to
SMOOTH = 0.1  # seconds by which the clock moves on where something plays


def story(page: Page) -> Locator:
    return region(page, "Stories")


def tells(page: Page, name: str) -> None:
    """Wait until this sentence is told; of one with blanks, its words before the first."""
    expect(story(page).get_by_role("status")).to_contain_text(words()[f"story.{name}"].partition("{")[0])


def begun(pages: Pages) -> Page:
    """The page as it opens at a first visit, with a clock that ``pass_time`` moves on."""
    return pages.first(alone=True, clock=True)


def plays_to(page: Page, t: int, seconds: float) -> None:
    """Let so many seconds pass at most, within which the page is at t or later."""
    pass_time(page, seconds, lambda: now(page) >= t, SMOOTH)
    assert now(page) >= t


def stays_at(page: Page, t: int, seconds: float) -> None:
    """Let so many seconds pass, in which the page stays at t; what it could have asked for would be there."""
    pass_time(page, seconds, lambda: now(page) != t, 0.5)
    page.wait_for_timeout(150)
    assert now(page) == t


def rests_at(page: Page, t: int, seconds: float = 40) -> None:
    plays_to(page, t, seconds)
    at(page, t)
    expect(button(page, "Play")).to_be_visible()


def accuracy(page: Page) -> float:
    """The share of the training examples that the engine's network answers right at the page's moment."""
    run = Timeline(Experiment.from_dict(page.evaluate("backscope.experiment")))
    run.seek(now(page))
    return float(evaluate(*structure_at(run, now(page)), "training")["accuracy"])


def circles_are_true(seen: Moment) -> bool:
    """Whether circles are drawn, and each shows an activation of the engine."""
    found = seen.of("activation")
    return bool(found) and all(same(mark.value, seen.engine[mark.tensor][mark.index]) for mark in found)


def test_at_a_first_visit_the_circles_show_the_numbers_of_a_true_pass_and_the_lines_have_arrows(pages: Pages):
    page = pages.first()
    expect(page.get_by_role("heading", name=HEADLINE)).to_be_visible()
    for name in NAMES.values():
        expect(button(page, name)).to_be_visible()
    seen = look(page)
    assert untrue(look_inside(page)) == []
    assert len(seen.of("activation")) == 2 + 4 + 1
    assert circles_are_true(seen)
    arrows = seen.of("nudge")
    assert len(arrows) == 2 * 4 + 4 + 4 + 1
    assert all(mark.value == seen.engine[mark.tensor][mark.index] for mark in arrows)
    assert page.evaluate("backscope.scene.t") == FIRST


@pytest.mark.with_motion
def test_playing_from_the_first_screen_xor_is_learned_within_seconds(pages: Pages):
    page = begun(pages)
    button(page, "Play").click()
    plays_to(page, 100 * 18, 30)
    button(page, "Pause").click()
    assert accuracy(page) == 1
    assert untrue(look_inside(page)) == []
    expect(page.get_by_role("heading", name=HEADLINE)).to_be_visible()  # nothing moves under the pointer


@pytest.mark.parametrize(("locale", "language"), [("en-US", "en"), ("zh-CN", "zh")])
def test_the_first_screen_has_room_for_the_network_whatever_the_screen(pages: Pages, locale: str, language: str):
    page = pages.first(locale=locale)
    stage, play = region(page, words(language)["network"]), button(page, words(language)["play"])
    for width, height in SCREENS:
        resized(page, width, height)
        assert page.evaluate(OVERFLOW) == {"page": 0, "wide": []}, width
        assert [text for text in page.evaluate(CLIPPED) if text.startswith(("H2", "BUTTON", "SMALL"))] == [], width
        box, below = stage.bounding_box(), play.bounding_box()
        assert box is not None
        assert below is not None
        assert box["height"] >= 280, width
        assert box["y"] < height / 2, width
        assert below["y"] + below["height"] < height, width  # what plays it is in sight


@pytest.mark.with_motion
def test_one_step_begins_by_itself_and_rests_after_each_phase_with_its_sentence(pages: Pages):
    page = begun(pages)
    button(page, NAMES["one_step"]).click()
    tells(page, "one_step.begin")
    assert page.evaluate("backscope.view.grain") == "layer"
    rests_at(page, 5)
    tells(page, "one_step.forward")
    assert untrue(look_inside(page)) == []
    for t, phase in ((6, "loss"), (14, "backward"), (18, "done")):
        slider(page, "Speed").fill("40")  # or it would take its time
        button(page, "Play").click()
        rests_at(page, t)
        tells(page, f"one_step.{phase}")
        assert untrue(look_inside(page)) == []
    stays_at(page, 18, 6)


@pytest.mark.with_motion
def test_after_a_rest_it_goes_on_by_itself_unless_the_person_does_something(pages: Pages):
    page = begun(pages)
    button(page, NAMES["one_step"]).click()
    tells(page, "one_step.begin")
    rests_at(page, 5)
    rests_at(page, 6)  # by itself
    page.keyboard.press("ArrowLeft")
    at(page, 5)
    stays_at(page, 5, 6)
    tells(page, "one_step.forward")


@pytest.mark.with_motion
def test_it_learns_within_ten_seconds_the_boundary_and_the_arrows_move_and_it_becomes_slower(pages: Pages):
    page = begun(pages)
    button(page, NAMES["learn"]).click()
    at(page, 0)
    tells(page, "learn.begin")
    eventually(lambda: look(page, "surface").marks)
    first, before = look(page, "surface").marks, accuracy(page)
    plays_to(page, 100 * 18 + 1, 40)
    during = look(page, "surface", "nudge")
    assert [mark.value for mark in during.of("surface")] != [mark.value for mark in first]
    assert len(during.of("nudge")) == 2 * 6 + 6 + 6 + 1
    tells(page, "learn.during")
    speed = page.evaluate("backscope.view.speed")
    rests_at(page, 200 * 18)
    tells(page, "learn.done")
    assert page.evaluate("backscope.view.speed") < speed - 15
    assert untrue(look_inside(page)) == []
    assert before < 0.6
    assert accuracy(page) > 0.97
    loss = float(look_inside(page).tensors["loss"])
    said = story(page).get_by_role("status").inner_text()
    assert f"{loss:.3g}"[:5] in said


def test_a_digit_is_drawn_read_and_taught(pages: Pages):
    page = pages.first()
    button(page, NAMES["digit"]).click()
    at(page, 7)
    tells(page, "digit.begin")
    assert circles_are_true(look(page, "activation"))
    expect(page.get_by_role("application", name="Drawing pad")).to_be_in_viewport()
    draw(page, DRAWINGS[2])
    expect(page.get_by_role("status", name="Prediction")).to_have_text("2")
    assert prediction(page).startswith("2")
    tells(page, "digit.drawn")
    page.get_by_role("group", name=say("teach.what")).get_by_role("button", name="7", exact=True).click()
    button(page, say("teach.mode.alone")).click()
    tells(page, "digit.taught")
    button(page, say("teach.step.20")).click()
    page.wait_for_function("backscope.t > 19 * backscope.listing.program.length")
    eventually(lambda: prediction(page).startswith("7"))
    assert page.evaluate("backscope.experiment.drawings ?? backscope.experiment.changes[0].drawings").get("labels") == [
        7
    ]


@pytest.mark.with_motion
def test_a_trouble_is_shown_with_its_diagnosis_and_after_a_cure_it_goes_on_and_learns(pages: Pages):
    page = begun(pages)
    button(page, NAMES["cure"]).click()
    page.wait_for_function("backscope.t >= 720")
    tells(page, "cure.begin")
    diagnosis = region(page, "Diagnosis")
    expect(diagnosis).to_contain_text(say("scenario.vanishing.says"))
    expect(diagnosis.get_by_role("status")).to_contain_text("The gradients of layer 1 are")
    plays_to(page, 901, 30)  # by itself
    seen = look_inside(page)
    first, last = (float(np.sqrt(np.mean(seen.tensors[name] ** 2))) for name in ("dW1", "dW8"))
    assert first < 0.001 * last
    diagnosis.get_by_role("button", name=say("remedy.relu"), exact=True).click()
    page.wait_for_function("backscope.experiment.changes?.length === 1")
    tells(page, "cure.cured")
    since = now(page)
    plays_to(page, since + 80 * 72 + 1, 30)  # by itself again
    button(page, "Pause").click()
    assert accuracy(page) > 0.8
    assert untrue(look_inside(page)) == []


@pytest.mark.with_motion
def test_what_the_person_does_ends_a_story_quietly(pages: Pages):
    page = begun(pages)
    button(page, NAMES["learn"]).click()
    at(page, 0)
    button(page, "Step forward").click()
    at(page, 18)
    stays_at(page, 18, LEAD)  # it does not play against them
    button(page, "Play").click()
    plays_to(page, 91, 10)
    slider(page, "Speed").fill("99")
    page.wait_for_function("backscope.t > 250 * 18")  # past the place where it would rest
    assert page.evaluate("backscope.view.speed") == 99
    button(page, "Pause").click()
    button(page, say("stories.leave")).click()
    expect(story(page)).to_be_hidden()
    assert page.evaluate("backscope.view.story") is None


def test_a_preset_ends_the_stories_which_can_be_had_again_and_back_leads_to_them(pages: Pages):
    page = pages.first()
    open_example(page, "Spirals")
    page.wait_for_function("backscope.experiment.dataset.name === 'spirals'")
    at(page, 0)
    expect(story(page)).to_be_hidden()
    button(page, "Stories").click()
    expect(button(page, NAMES["learn"])).to_be_visible()
    button(page, "Stories").click()
    expect(story(page)).to_be_hidden()
    page.go_back()
    at(page, FIRST)
    expect(button(page, NAMES["learn"])).to_be_visible()


def test_with_less_motion_nothing_plays_by_itself_and_playing_on_is_led_to_the_same_rest(pages: Pages):
    page = begun(pages)
    button(page, NAMES["one_step"]).click()
    tells(page, "one_step.begin")
    stays_at(page, 0, LEAD)
    slider(page, "Speed").fill("40")
    button(page, "Play").click()
    rests_at(page, 5)
    tells(page, "one_step.forward")


def test_a_returning_visitor_is_where_they_were(pages: Pages):
    page = pages.first()
    button(page, "Step forward").click()
    at(page, 18)
    eventually(lambda: "t=18" in page.evaluate("location.href"))
    page.reload()
    at(page, 18)
    expect(button(page, NAMES["learn"])).to_be_visible()
    button(page, say("stories.leave")).click()
    eventually(lambda: "story" not in page.evaluate("location.href"))
    page.reload()
    at(page, 18)
    expect(story(page)).to_be_hidden()
    assert chooser(page, "Grain").input_value() == "training_step"
