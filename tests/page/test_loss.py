"""The loss panel tells how good the network is at the moment that is shown, and keeps what has been seen."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from engine import Experiment
from engine.evaluate import evaluation as questions
from engine.experiment.presets import PRESETS
from tests.helpers.browsing import (
    Moment,
    at,
    button,
    chooser,
    eventually,
    link,
    look,
    number_field,
    numbers,
    put,
    region,
    say,
    slider,
    state,
    untrue,
    words,
)
from tests.helpers.interception import held_back
from tests.helpers.setup import setting

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

XOR, SPIRALS, DIGITS = PRESETS["xor"], PRESETS["spirals"], PRESETS["digits_100"]
AXES = "document.querySelector('.js-plotly-plot')._fullLayout"


def curve(moment: Moment, name: str) -> dict[int, float]:
    return {mark.index[0]: mark.value for mark in moment.of("curve") if mark.tensor == name}


def rested(page: Page) -> Moment:
    """What the page shows once it has evaluated the whole data set at the moment that is shown."""
    page.wait_for_function("backscope.marks().some(m => m.tensor === 'training.loss' && m.index[0] === backscope.t)")
    expect(region(page, "Loss")).not_to_contain_text(say("summary.sample", examples="1,000"))
    return look(page)


def evaluated(moment: Moment, split: str) -> dict[str, float]:
    return questions.evaluate(Experiment.from_dict(moment.experiment), moment.engine, split)


def summary(page: Page) -> list[float]:
    """The numbers beside the heading: the training split's loss and percentage, then those held out."""
    return numbers(region(page, "Loss").locator("[data-part=summary]").inner_text())


@pytest.mark.parametrize(
    ("name", "t"),
    [("xor", 18 * 40 + 3), ("digits_100", 18 * 20), pytest.param("spirals", 27 * 90, marks=pytest.mark.long)],
)
def test_the_losses_and_accuracies_are_those_of_the_whole_data_set_at_this_very_moment(pages, name, t):
    page = pages.open(PRESETS[name], t)
    moment = rested(page)
    expected = []
    for split in ("training", "held_out"):
        answer = evaluated(moment, split)
        if answer["of"]:
            assert answer["examples"] == answer["of"]
            assert curve(moment, f"{split}.loss")[t] == pytest.approx(answer["loss"], rel=1e-6)
            assert curve(moment, f"{split}.accuracy")[t] == answer["accuracy"]
            expected += [answer["loss"], 100 * answer["accuracy"]]
    assert summary(page) == pytest.approx(expected, rel=6e-3)


def test_regression_has_losses_and_no_accuracies(pages):
    page = pages.open(PRESETS["sine"], 20 * 30)
    moment = rested(page)
    assert summary(page) == pytest.approx(
        [evaluated(moment, split)["loss"] for split in ("training", "held_out")], rel=6e-3
    )
    assert curve(moment, "training.accuracy") == {}
    expect(region(page, "Loss")).not_to_contain_text("%")


def test_where_nothing_is_held_out_it_says_so(page):
    rested(page)
    expect(region(page, "Loss")).to_contain_text(say("summary.held_out.none"))


def test_while_digits_are_trained_the_numbers_are_said_to_be_of_a_sample_and_are_its_numbers(pages):
    page = pages.open(DIGITS)
    button(page, "Full speed").click()
    expect(region(page, "Loss")).to_contain_text(say("summary.sample", examples="1,000"))
    page.wait_for_function("backscope.marks().filter(m => m.tensor === 'held_out.loss' && m.index[0] > 0).length > 2")
    button(page, "Pause").click()
    moment = look(page)
    seen = curve(moment, "held_out.loss")
    t = sorted(seen)[1]
    answer = questions.evaluate(Experiment.from_dict(DIGITS), state(moment.experiment, t), "held_out", 1000)
    assert seen[t] == pytest.approx(answer["loss"], rel=1e-6)
    rested(page)


def test_the_mini_batch_loss_is_drawn_where_its_training_step_began(pages):
    page = pages.open(SPIRALS)
    chooser(page, "Grain").select_option(label="training step")
    for step in range(1, 6):
        button(page, "Step forward").click()
        at(page, 27 * step)
    drawn = curve(look(page), "mini_batch.loss")
    assert drawn.keys() == {27 * step for step in range(5)}
    for start, value in drawn.items():
        assert value == state(SPIRALS, start + 27)["loss"]


def test_every_point_of_the_loss_curves_is_the_engines_loss_at_that_moment(pages):
    page = pages.open(SPIRALS)
    slider(page, "Speed").fill("90")
    button(page, "Play").click()
    page.wait_for_function("backscope.marks().filter(m => m.tensor === 'training.loss').length > 6")
    button(page, "Pause").click()
    moment = rested(page)
    for split in ("training", "held_out"):
        for t, value in curve(moment, f"{split}.loss").items():
            answer = questions.evaluate(Experiment.from_dict(SPIRALS), state(SPIRALS, t), split)
            assert value == pytest.approx(answer["loss"], rel=1e-6)


def test_the_loss_of_the_run_before_stays_as_a_faint_curve_until_it_is_dismissed(pages):
    page = pages.open(XOR, 18 * 40)
    before = curve(rested(page), "training.loss")
    put(setting(page, "Seed"), "7")
    page.wait_for_function("backscope.experiment.seed === 7 && backscope.t !== null")
    faint = region(page, "Loss").locator("[data-part=earlier]")
    expect(faint).to_contain_text(words()["earlier.same"].split("(")[0])
    expect(faint).to_contain_text("seed 0")
    found = {mark.index[0]: mark.value for mark in look(page).of("earlier") if mark.tensor == "training.loss"}
    assert {t / 18: value for t, value in before.items()}.items() <= found.items()
    assert max(found) == 40
    button(page, say("earlier.dismiss")).click()
    expect(faint).to_be_hidden()
    assert look(page).of("earlier") == []


def test_a_link_brings_the_curve_back_measured_at_moments_that_are_kept(pages):
    t = 27 * 300
    page = pages.open(SPIRALS, t)
    eventually(lambda: len(curve(look(page), "training.loss")) > 10)
    for split in ("training", "held_out"):
        for earlier, value in [*curve(look(page), f"{split}.loss").items()][::5]:
            answer = questions.evaluate(Experiment.from_dict(SPIRALS), state(SPIRALS, earlier), split)
            assert value == pytest.approx(answer["loss"], rel=1e-6)


@pytest.mark.with_chart
def test_the_chart_comes_though_the_server_was_away_when_it_was_first_asked_for(pages):
    pages.server_may_stop = True
    page = pages.blank(fresh=True)
    page.route("**/plotly.min.js", lambda route: route.abort("connectionrefused"), times=1)
    page.goto(link(pages.address, XOR))
    expect(page.locator(".js-plotly-plot")).to_be_visible()
    expect(page.get_by_text(say("loss.waiting"))).to_be_hidden()


@pytest.mark.with_chart
def test_the_chart_draws_the_curves_and_marks_the_moment(pages):
    page = pages.open(SPIRALS, 27 * 30)
    page.wait_for_function(f"document.querySelector('.js-plotly-plot') && {AXES}")
    moment = rested(page)
    names = ("mini_batch.loss", "training.loss", "held_out.loss", "training.accuracy", "held_out.accuracy")
    points = [(name, curve(moment, name)) for name in names]
    expected = [[say(f"series.{name}"), [t / 27 for t in each], [*each.values()]] for name, each in points]
    drawn = "document.querySelector('.js-plotly-plot').data.map(({ name, x, y }) => [name, x, y])"
    eventually(lambda: page.evaluate(drawn) == expected)
    assert page.evaluate(f"{AXES}.shapes[0].x0") == 30
    assert region(page, "Loss").locator(".js-plotly-plot").evaluate("plot => plot.clientHeight") > 100


@pytest.mark.with_chart
def test_going_back_moves_the_mark_and_erases_nothing(pages):
    page = pages.open(SPIRALS)
    button(page, "Full speed").click()
    page.wait_for_function("backscope.marks().filter(m => m.tensor === 'training.loss').length > 3")
    button(page, "Pause").click()
    before = rested(page)
    page.wait_for_function(f"document.querySelector('.js-plotly-plot') && {AXES}.shapes[0].x0 === backscope.t / 27")
    slider(page, "Timeline").fill("54")
    at(page, 54)
    page.wait_for_function(f"{AXES}.shapes[0].x0 === 2")
    after = rested(page)
    for name in ("training.loss", "held_out.loss", "training.accuracy"):
        assert curve(before, name).items() <= curve(after, name).items()
    assert 54 in curve(after, "training.loss")
    assert int(slider(page, "Timeline").get_attribute("max") or 0) >= before.t


def test_a_change_of_the_learning_rate_drops_the_future_and_says_so(pages):
    page = pages.open(SPIRALS, 27 * 200)
    rested(page)
    slider(page, "Timeline").fill(str(27 * 50))
    at(page, 27 * 50)
    rested(page)
    put(number_field(page, "Learning rate"), "0.05")
    expect(page.get_by_text(say("change.dropped"))).to_be_visible()
    moment = look(page)
    assert moment.experiment["changes"] == [{"t": 27 * 50, "learning_rate": 0.05}]
    assert max(mark.index[0] for mark in moment.of("curve")) <= 27 * 50
    expect(slider(page, "Timeline")).to_have_attribute("max", str(27 * 50))
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("Shift+ArrowRight")
    at(page, 27 * 51)
    after = look(page)
    assert untrue(after) == []
    assert not np.array_equal(after.engine["W1"], state(SPIRALS, 27 * 51)["W1"])
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Shift+ArrowLeft")
    at(page, 27 * 49)
    expect(number_field(page, "Learning rate")).to_have_value("0.3")


def test_a_change_where_nothing_lay_beyond_says_nothing_of_a_lost_future(pages):
    page = pages.open(SPIRALS, 27 * 20)
    put(number_field(page, "Learning rate"), "0.05")
    page.wait_for_function("backscope.experiment.changes?.length === 1")
    at(page, 27 * 20)
    expect(page.get_by_text(say("change.dropped"))).to_be_hidden()


@pytest.mark.with_chart
def test_the_loss_can_be_read_on_a_logarithmic_scale(pages):
    page = pages.open(XOR, 18 * 300)
    page.wait_for_function(f"document.querySelector('.js-plotly-plot') && {AXES}.yaxis.type === 'linear'")
    button(page, say("scale.linear")).click()
    expect(button(page, say("scale.logarithmic"))).to_have_attribute("aria-pressed", "true")
    page.wait_for_function(f"{AXES}.yaxis.type === 'log'")
    button(page, say("scale.logarithmic")).click()
    expect(button(page, say("scale.linear"))).to_have_attribute("aria-pressed", "false")
    page.wait_for_function(f"{AXES}.yaxis.type === 'linear'")


def test_a_sample_that_is_slow_to_come_is_followed_by_the_whole_once_paused(pages):
    page = pages.blank(fresh=True)
    held = held_back(
        page,
        lambda command: "most" in command and command["t"] == 1,
        lambda command: command["command"] != "seek" or command["t"] <= 1,  # it stays there meanwhile
    )
    page.goto(link(pages.address, DIGITS))
    at(page, 0)
    button(page, "Play").click()
    page.wait_for_function("backscope.t === 1")
    eventually(lambda: page.title() and held)
    button(page, "Pause").click()
    # Longer than a moment must have stayed, by the page's own timers: nothing can be seen of that.
    page.evaluate("new Promise((done) => setTimeout(done, 400))")
    for let_go in held:
        let_go()
    rested(page)
