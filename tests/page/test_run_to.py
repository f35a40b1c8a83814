"""Run to an epoch, a training step, a loss or an accuracy, and how the way there ends."""

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from engine import Experiment, Timeline
from engine.evaluate.evaluation import evaluate
from engine.experiment.presets import PRESETS
from tests.helpers.browsing import at, button, chooser, eventually, look_inside, now, number_field, region, say, untrue
from tests.helpers.experiments import DIVERGES
from tests.helpers.networks import plain

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

XOR = PRESETS["xor"]
MOONS = plain((4, "tanh"), (1, "sigmoid"), dataset={"name": "moons", "examples": 40}, rate=1.0) | {
    "mini_batch_size": 10
}


def form(page: Page) -> Locator:
    if button(page, "Run to").get_attribute("aria-expanded") == "false":
        button(page, "Run to").click()
    opened = page.get_by_role("form", name="Run to", exact=True)
    expect(chooser(page, say("run_to.what"))).to_be_focused()
    return opened


def run_to(page: Page, what: str, value: str, of: str = "", within: str = "") -> None:
    """Fill the form in, and go."""
    form(page)
    chooser(page, say("run_to.what")).select_option(what)
    if of:
        chooser(page, say("run_to.of")).select_option(of)
    if within:
        number_field(page, say("run_to.within")).fill(within)
    number_field(page, say(f"run_to.value.{what}")).fill(value)
    button(page, "Go").click()


def goal(what: str, value: str, of: str = "") -> str:
    return say(f"run_to.goal.{what}", value=value, set=say(f"run_to.of.{of}") if of else "")


def told(page: Page, text: str) -> None:
    expect(region(page, "Transport").get_by_role("status").filter(has_text=text)).to_be_visible()


def first(form: dict[str, Any], passes: Any, of: str) -> int:
    """The first moment at which something is true, by a straight run: of each loss, or of each end of an epoch."""
    timeline = Timeline(Experiment.from_dict(form))
    experiment, steps = timeline.experiment, timeline.program
    to_loss = 1 + next(i for i, step in enumerate(steps) if "loss" in step.writes)
    for step in range(5000):
        t = timeline.t_of(step)
        if of == "mini_batch" and passes(timeline.seek(t + to_loss)):
            return t + to_loss
        epoch_ends = step and step % experiment.steps_per_epoch == 0
        if of != "mini_batch" and epoch_ends and passes(evaluate(experiment, timeline.seek(t), of)):
            return t
    raise AssertionError("it is never true")


def test_a_run_goes_to_where_an_epoch_or_a_training_step_begins_and_back(pages):
    page = pages.open(MOONS)
    steps = len(Timeline(Experiment.from_dict(MOONS)).program)
    expect(page.get_by_role("status", name="Position")).to_contain_text("epoch 0")
    run_to(page, "epoch", "120")
    at(page, 120 * 3 * steps)
    told(page, say("run_to.reached", goal=goal("epoch", "120")))
    expect(page.get_by_role("status", name="Position")).to_contain_text("training step 359 · epoch 119")
    assert untrue(look_inside(page)) == []
    run_to(page, "training_step", "7")
    at(page, 7 * steps)
    expect(page.get_by_role("status", name="Position")).to_contain_text("training step 6 · epoch 2")
    assert untrue(look_inside(page)) == []
    button(page, "Step forward").click()
    expect(page.get_by_text(say("run_to.reached", goal=goal("training_step", "7")))).to_be_hidden()


@pytest.mark.parametrize(("what", "value", "of", "passes"), [
    ("loss", "0.1", "mini_batch", lambda state: float(state["loss"]) < 0.1),
    ("loss", "0.3", "held_out", lambda found: found["loss"] < 0.3),
    ("accuracy", "90", "training", lambda found: found["accuracy"] >= 0.9),
])  # fmt: skip
def test_it_ends_at_the_very_moment_at_which_the_goal_is_met_first(pages, what, value, of, passes):
    page = pages.open(MOONS, 3)
    run_to(page, what, value, of)
    at(page, first(MOONS, passes, of))
    told(page, say("run_to.reached", goal=goal(what, value, of)))
    expect(button(page, say("going.stop"))).to_be_hidden()
    assert untrue(look_inside(page)) == []


def test_a_goal_that_is_not_met_ends_at_its_bound_and_one_of_a_run_that_diverges_before_nan(pages):
    page = pages.open(XOR)
    run_to(page, "accuracy", "100", "mini_batch", "5")
    at(page, 5 * 18)
    told(page, say("run_to.unmet", within=5, goal=goal("accuracy", "100", "mini_batch")))
    pages.go(page, DIVERGES)
    run_to(page, "loss", "0.001", "mini_batch", "5000")
    told(page, say("run_to.diverged", goal=goal("loss", "0.001", "mini_batch")))
    timeline = Timeline(Experiment.from_dict(DIVERGES))
    states = (timeline.seek(t) for t in range(1, 5000))
    bad = next(t for t, state in enumerate(states, 1) if not all(np.isfinite(each).all() for each in state.values()))
    at(page, bad - 1)


def test_it_can_be_stopped_and_shows_how_far_it_is(pages):
    page = pages.open(XOR)
    run_to(page, "loss", "1e-12", "mini_batch", "1000000000")
    told(page, say("run_to.running", goal=goal("loss", "1e−12", "mini_batch")))
    expect(page.get_by_role("progressbar", name=say("going.progress"))).to_be_visible()
    eventually(lambda: now(page) > 2000)
    button(page, say("going.stop")).click()
    expect(button(page, say("going.stop"))).to_be_hidden()
    stopped = now(page)
    page.wait_for_timeout(150)
    assert now(page) == stopped
    assert untrue(look_inside(page)) == []
    button(page, "Step forward").click()
    eventually(lambda: stopped < now(page) <= stopped + 18)


def test_bad_input_is_refused_beside_its_field_and_the_form_goes_by_keys(pages):
    page = pages.open(XOR)
    button(page, "Run to").focus()
    page.keyboard.press("Enter")
    expect(button(page, "Run to")).to_have_attribute("aria-expanded", "true")
    opened = form(page)
    page.keyboard.press("ArrowDown")  # steps no run, but chooses
    assert now(page) == 0
    chooser(page, say("run_to.what")).select_option("accuracy")
    assert chooser(page, say("run_to.of")).get_by_role("option", disabled=True).all_inner_texts() == [
        say("run_to.of.held_out")
    ]
    for field, value, must in (
        (number_field(page, say("run_to.value.accuracy")), "101", "percent"),
        (number_field(page, say("run_to.within")), "0.5", "within"),
    ):
        before = field.input_value()
        field.fill(value)
        page.keyboard.press("Enter")
        expect(opened.get_by_role("alert")).to_have_text(say(f"run_to.must.{must}"))
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_be_focused()
        field.fill(before)
    assert now(page) == 0
    page.keyboard.press("Escape")
    expect(opened).to_be_hidden()
    expect(button(page, "Run to")).to_be_focused()
    pages.go(page, plain((3, "tanh"), (1, "identity"), dataset="sine"))
    form(page)
    assert chooser(page, say("run_to.what")).get_by_role("option", disabled=True).all_inner_texts() == [
        say("run_to.what.accuracy")
    ]
    page.keyboard.press("Escape")
