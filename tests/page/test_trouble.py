"""When something goes wrong, the page says what, and goes on from where it was."""

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from engine import Experiment, Timeline
from engine.evaluate import evaluation as questions
from engine.experiment.presets import PRESETS
from tests.helpers.browsing import (
    Plain,
    at,
    button,
    chooser,
    eventually,
    link,
    look,
    look_inside,
    now,
    number_field,
    put,
    region,
    same,
    say,
    slider,
    untrue,
)
from tests.helpers.experiments import DIVERGES
from tests.helpers.interception import held_back
from tests.helpers.interruption import lost
from tests.helpers.sights import neurons

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

XOR, SPIRALS = PRESETS["xor"], PRESETS["spirals"]


@pytest.mark.with_chart
def test_a_page_says_that_the_server_is_gone_and_comes_back_to_the_same_moment_by_itself(pages, interrupted):
    page = interrupted.open(pages, SPIRALS, 27 * 40 + 11)
    before = look(page)
    expect(lost(page)).to_be_hidden()
    interrupted.stop()
    expect(lost(page)).to_be_visible()
    during = look(page)
    assert during.of("weight", "nudge", "activation") == before.of("weight", "nudge", "activation")
    interrupted.start()
    expect(lost(page)).to_be_hidden()
    after = look(page)
    assert (after.t, after.experiment) == (before.t, before.experiment)
    page.keyboard.press("ArrowRight")
    eventually(lambda: now(page) > before.t)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowLeft")
    at(page, 27 * 40)
    assert untrue(look_inside(page)) == []


def test_the_plane_gets_its_points_though_the_line_broke_as_they_were_asked_for(pages, interrupted):
    page = pages.blank(fresh=True)
    asked: list[Plain] = []

    def passes(command: Plain) -> bool:
        if command.get("question") == "examples":
            asked.append(command)
            return len(asked) > 1
        return True

    held_back(page, lambda command: False, passes)
    page.goto(link(interrupted.address, XOR, 18))
    at(page, 18)
    eventually(lambda: page.title() and len(asked) == 1)
    interrupted.stop()
    expect(lost(page)).to_be_visible()
    assert look(page, "point").marks == []
    interrupted.start()
    expect(lost(page)).to_be_hidden()
    eventually(lambda: len(look(page, "point").marks) == 4)


@pytest.mark.long  # at full speed it is in test_resumption.py
def test_a_page_that_was_playing_plays_on_when_the_server_is_back(pages, interrupted):
    page = interrupted.open(pages, SPIRALS)
    slider(page, "Speed").fill("60")
    button(page, "Play").click()
    page.wait_for_function("backscope.t > 100")
    interrupted.stop()
    expect(lost(page)).to_be_visible()
    t = now(page)
    interrupted.start()
    page.wait_for_function("t => backscope.t > t + 100", arg=t)
    button(page, "Pause").click()
    assert untrue(look_inside(page)) == []


def test_two_pages_do_not_influence_each_other(pages):
    one, other = pages.open(SPIRALS, 81), pages.open(XOR, 5)
    before = look(other)
    button(one, "Full speed").click()
    one.wait_for_function("backscope.t > 2000")
    put(number_field(other, "Learning rate"), "0.125")
    other.wait_for_function("backscope.experiment.changes")
    button(one, "Pause").click()
    at(other, 5)
    after = look(other)
    assert all(after.tensors[name].tobytes() == before.tensors[name].tobytes() for name in ("W1", "W2", "a0"))
    assert "changes" not in one.evaluate("backscope.experiment")
    assert untrue(look_inside(one)) == []
    other.locator("h1").click()
    other.keyboard.press("Shift+ArrowRight")
    at(other, 18)
    assert untrue(look_inside(other)) == []


def first_trouble(t: int) -> dict[str, Any]:
    found = questions.first_not_finite(Timeline(Experiment.from_dict(DIVERGES)), t)
    assert found
    return found


def trouble(page: Page):
    return page.locator("[data-part=trouble]")


def test_a_diverged_run_says_when_and_where_it_first_went_wrong_and_leads_back(pages):
    first = first_trouble(600)
    page = pages.open(DIVERGES, 600)
    expect(trouble(page)).to_contain_text(say("trouble.first", t=first["t"], tensor=first["tensor"]))
    button(page, say("trouble.go", t=first["t"] - 1)).click()
    at(page, first["t"] - 1)
    expect(trouble(page)).to_contain_text(stopped_before(first))
    before = look(page)
    assert all(np.isfinite(array).all() for array in before.engine.values())
    chooser(page, "Grain").select_option(label="equation")
    button(page, "Step forward").click()
    at(page, first["t"])
    assert not np.isfinite(look_inside(page).tensors[first["tensor"]]).all()
    expect(trouble(page)).to_be_visible()


def stopped_before(first: dict[str, Any]) -> str:
    """What the page says where it has stopped by itself."""
    timeline = Timeline(Experiment.from_dict(DIVERGES))
    phase = timeline.program[timeline.locate(first["t"] - 1).micro_step].phase
    return say("trouble.next", t=first["t"], tensor=first["tensor"], phase=say(f"phase.{phase}"))


def stopped(page: Page, first: dict[str, Any]) -> None:
    """Wait until the page has stopped by itself on the step before the first number that is none."""
    at(page, first["t"] - 1)
    expect(button(page, "Play")).to_be_visible()
    expect(trouble(page)).to_contain_text(stopped_before(first))
    moment = look(page)
    assert untrue(moment) == []
    assert all(np.isfinite(array).all() for array in moment.engine.values())


@pytest.mark.with_chart
def test_playing_at_full_speed_stops_on_the_step_before_the_first_number_that_is_none_and_says_why(pages):
    first = first_trouble(600)
    page = pages.open(DIVERGES)
    button(page, "Full speed").click()
    stopped(page, first)
    button(page, "Play").click()  # a person who has been told goes on
    page.wait_for_function("t => backscope.t > t + 300", arg=first["t"])
    button(page, "Pause").click()
    expect(trouble(page)).to_contain_text(say("trouble.first", t=first["t"], tensor=first["tensor"]))
    button(page, "Step back").click()
    button(page, "Restart").click()
    at(page, 0)
    expect(trouble(page)).to_be_hidden()
    assert untrue(look_inside(page)) == []


@pytest.mark.parametrize("grain", ["equation", "training step"])
def test_playing_at_any_pace_stops_on_that_step_too(pages, grain):
    first = first_trouble(600)
    page = pages.open(DIVERGES, first["t"] - 30)
    chooser(page, "Grain").select_option(label=grain)
    slider(page, "Speed").fill("60")
    button(page, "Play").click()
    stopped(page, first)


def test_a_run_that_is_changed_is_watched_again(pages):
    page = pages.open(DIVERGES)
    button(page, "Full speed").click()
    stopped(page, first_trouble(600))
    page.locator("h1").click()
    button(page, "Restart").click()
    at(page, 0)
    button(page, "Step forward").click()
    eventually(lambda: now(page) > 0)
    put(number_field(page, "Learning rate"), "40")
    page.wait_for_function("backscope.experiment.changes")
    button(page, "Play").click()
    plain = page.evaluate("backscope.experiment")
    found = questions.first_not_finite(Timeline(Experiment.from_dict(plain)), 600)
    assert found
    at(page, found["t"] - 1)
    expect(button(page, "Play")).to_be_visible()


@pytest.mark.with_chart
def test_numbers_that_are_none_are_shown_as_what_they_are(pages):
    page = pages.open(DIVERGES, 600)
    moment = look(page)
    assert untrue(moment) == []
    strange = [mark for mark in moment.of("weight", "bias", "nudge", "activation") if not np.isfinite(mark.value)]
    assert {mark.kind for mark in strange} == {"weight", "bias", "nudge", "activation"}
    for mark in strange:
        assert same(mark.value, moment.engine[mark.tensor][mark.index])
    expect(region(page, "Loss")).to_contain_text("training NaN")
    expect(region(page, "Diagnosis")).to_be_visible()  # over the stage, which moves down
    page.mouse.move(*neurons(page)["Neuron 0 of layer 2"])
    expect(region(page, "Inspector")).to_contain_text("NaN")
    assert all(np.isfinite(mark.size) for mark in moment.marks)


def test_a_run_that_does_not_diverge_speaks_of_no_trouble(pages):
    page = pages.open(XOR, 18 * 2000, fresh=True)  # none has been there before
    expect(region(page, "Loss")).to_contain_text(re.compile(r"training \d"))
    expect(trouble(page)).to_be_hidden()
    assert not page.get_by_text("NaN").count()
