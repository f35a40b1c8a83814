"""Troubles and remedies: each scenario shows its trouble with its numbers; a remedy is made and undone by one click."""

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from engine import Experiment, Timeline
from engine.evaluate.evaluation import evaluate
from engine.health.diagnosis import at as structure_at
from engine.health.diagnosis import diagnose
from engine.health.scenarios import SCENARIOS
from tests.helpers.browsing import (
    at,
    button,
    chooser,
    eventually,
    look,
    look_inside,
    now,
    numbers,
    region,
    say,
    untrue,
    words,
)
from tests.helpers.gallery import expect_example, open_example

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

STEPS = {"vanishing": 300, "exploding": 40, "stuck": 300, "plateau": 200, "overfitting": 6000, "dead_relus": 300}
TELLING_SHARES = {"dying", "plateau", "vanishing"}  # in per cent
REMEDIES = [(name, remedy) for name, scenario in SCENARIOS.items() for remedy in scenario["remedies"]]
KINDS = {tuple(remedy["change"]): (name, remedy) for name, remedy in REMEDIES}  # a remedy for each kind of change
FEW = [("layers", "initializer"), ("optimizer",), ("augment",)]


def choose(page: Page, name: str) -> None:
    open_example(page, say(f"scenario.{name}"))
    expect(page.locator("[data-part=story]")).to_contain_text(say(f"scenario.{name}.says"))
    at(page, 0)


def go(page: Page, t: int) -> None:
    page.get_by_role("slider", name="Timeline").evaluate(
        "(slider, t) => { slider.max = t; slider.value = t; slider.dispatchEvent(new Event('input')); }", t
    )
    at(page, t)


def length(page: Page) -> int:
    return int(page.evaluate("backscope.listing.program.length"))


def step(page: Page, t: int) -> int:
    """Step to the end of the training step that begins at t, by the structure that is in force from there on."""
    run = Timeline(Experiment.from_dict(page.evaluate("backscope.experiment")))
    page.locator("h1").click()
    page.keyboard.press("Shift+ArrowRight")
    at(page, t + len(run.segments[-1].program))
    assert untrue(look_inside(page)) == []
    return t + len(run.segments[-1].program)


def remedy_button(page: Page, name: str) -> Locator:
    return page.locator("[data-part=story]").get_by_role("button", name=say(f"remedy.{name}"), exact=True)


@pytest.mark.parametrize(
    "names",
    [["exploding", "plateau", "dead_relus"], pytest.param([*SCENARIOS], marks=pytest.mark.long)],
    ids=["a few", "all"],
)
def test_every_scenario_starts_tells_its_story_and_names_its_trouble_by_the_numbers(page, names):
    for name in names:
        choose(page, name)
        expect(region(page, "Diagnosis")).to_contain_text(say(f"scenario.{name}.says"))
        go(page, STEPS[name] * length(page))
        assert untrue(look_inside(page)) == [], name
        trouble = SCENARIOS[name]["trouble"]
        told = page.locator("[data-part=named] .said")
        expect(told).to_contain_text(re.compile(f"^At t {now(page)}: (?!The loss is .* no sign)"))
        expect(page.locator("[data-part=named] b")).to_have_count(0)  # the scenario's title is that of its trouble too
        said = told.inner_text().split(": ", 1)[1]
        assert numbers(said) or said == say(f"diagnosis.{trouble}.broken")
        assert ("%" in said) == (trouble in TELLING_SHARES)
        for remedy in SCENARIOS[name]["remedies"]:
            expect(remedy_button(page, remedy["name"])).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize(
    "kinds", [FEW, pytest.param(KINDS.keys() - set(FEW), marks=pytest.mark.long)], ids=["a few", "the others"]
)
def test_a_remedy_is_made_and_taken_back_by_one_click_each(page, kinds):
    for name, remedy in (KINDS[kind] for kind in kinds):
        choose(page, name)
        before = length(page)
        go(page, 20 * before)
        remedy_button(page, remedy["name"]).click()
        expect(remedy_button(page, remedy["name"])).to_have_attribute("aria-pressed", "true")
        assert page.evaluate("backscope.experiment.changes") == [{"t": 20 * before, **remedy["change"]}]
        t = step(page, 20 * before)
        remedy_button(page, remedy["name"]).click()
        expect(remedy_button(page, remedy["name"])).to_have_attribute("aria-pressed", "false")
        assert len(page.evaluate("backscope.experiment.changes")) == 2
        assert step(page, t) == t + before
        assert length(page) == before


def test_a_remedy_is_stepped_back_from_as_from_any_other_moment(page):
    choose(page, "vanishing")
    go(page, 10 * length(page))
    button(page, say("remedy.relu")).click()
    page.wait_for_function("backscope.experiment.changes")
    page.locator("h1").click()
    page.keyboard.press("Shift+ArrowLeft")
    at(page, 9 * length(page))
    assert untrue(look_inside(page)) == []
    expect(remedy_button(page, "relu")).to_have_attribute("aria-pressed", "false")


def test_a_scenario_whose_trouble_is_over_says_so_with_the_loss_of_that_moment(page):
    choose(page, "stuck")
    go(page, 100 * length(page))
    remedy_button(page, "xavier").click()
    expect(remedy_button(page, "xavier")).to_have_attribute("aria-pressed", "true")
    go(page, 1100 * length(page))
    told = page.locator("[data-part=named] .said")
    expect(told).to_contain_text(f"At t {now(page)}: The loss is ")
    expect(told).to_contain_text(f"no sign of “{say('diagnosis.stuck')}”")
    timeline = Timeline(Experiment.from_dict(page.evaluate("backscope.experiment")))
    timeline.seek(now(page))
    _, loss, chance = numbers(told.inner_text())
    assert loss == pytest.approx(evaluate(*structure_at(timeline, now(page)), "training")["loss"], rel=0.01)
    assert chance == pytest.approx(np.log(2), rel=0.01)
    go(page, 0)
    expect(told).to_have_count(0)


def test_a_trouble_of_the_users_own_run_is_named_and_its_remedy_offered(pages):
    deep = SCENARIOS["vanishing"]["experiment"]
    page = pages.open({**deep, "seed": 5})
    expect(region(page, "Diagnosis")).to_be_hidden()
    go(page, 200 * length(page))
    named = page.locator("[data-part=named]")
    expect(named).to_contain_text(say("diagnosis.vanishing"))
    named.get_by_role("button", name=say("remedy.batch_norm"), exact=True).click()
    page.wait_for_function("backscope.experiment.changes?.[0].layers?.[0].batch_norm")
    remedied = Timeline(Experiment.from_dict(page.evaluate("backscope.experiment"))).segments[-1]
    go(page, page.evaluate("backscope.t") + 600 * len(remedied.program))
    expect(named).to_be_hidden()
    eventually(lambda: float(look_inside(page).tensors["loss"]) < 0.5)


def test_another_experiment_ends_the_scenario(page):
    choose(page, "stuck")
    expect(region(page, "Diagnosis")).to_be_visible()
    open_example(page, "Spirals")
    page.wait_for_function("backscope.experiment.dataset.name === 'spirals'")
    expect(region(page, "Diagnosis")).to_be_hidden()
    expect_example(page, "Spirals")


def test_every_scenario_remedy_and_trouble_has_its_words():
    named = {scenario["trouble"] for scenario in SCENARIOS.values()}
    for catalogue in (words("en"), words("zh")):
        assert all(f"scenario.{name}" in catalogue and f"scenario.{name}.says" in catalogue for name in SCENARIOS)
        remedies = {f"remedy.{remedy['name']}" for _, remedy in REMEDIES}
        assert remedies | {f"{remedy}.hint" for remedy in remedies} <= catalogue.keys()
        assert all(f"diagnosis.{name}.says" in catalogue for name in named)


@pytest.mark.with_chart
def test_the_charts_by_layer_draw_what_the_diagnosis_says(page):
    choose(page, "vanishing")
    timeline = Timeline(Experiment.from_dict(SCENARIOS["vanishing"]["experiment"]))
    t = 30 * len(timeline.program)
    timeline.seek(t)
    layers = diagnose(*structure_at(timeline, t))
    go(page, t)
    for chart in ("gradient_rms", "update_ratio", "saturated"):
        chooser(page, "Chart").select_option(label=say(f"chart.{chart}"))
        eventually(lambda: len([mark for mark in look(page, "curve").marks if mark.index == (t,)]) == 8)
        found = {mark.tensor: mark.value for mark in look(page, "curve").marks if mark.index == (t,)}
        assert found == {f"{chart}.{layer.layer}": pytest.approx(getattr(layer, chart), rel=1e-6) for layer in layers}


@pytest.mark.with_chart
def test_the_histograms_count_every_value(page):
    choose(page, "plateau")
    go(page, 10 * length(page))
    for chart, total in (("activations", 4 * (8 + 1)), ("gradients", 2 * 8 + 8)):
        chooser(page, "Chart").select_option(label=say(f"chart.{chart}"))
        eventually(lambda: look(page, "histogram").marks)
        assert sum(mark.value for mark in look(page, "histogram").marks) == total


@pytest.mark.with_chart
def test_losses_beyond_all_scales_do_not_flatten_the_chart_of_what_comes_after(page):
    choose(page, "exploding")
    for training_step in (1, 2, 4):
        go(page, training_step * length(page))
    remedy_button(page, "he").click()
    expect(remedy_button(page, "he")).to_have_attribute("aria-pressed", "true")
    go(page, page.evaluate("backscope.t") + 300 * length(page))
    page.wait_for_function("document.querySelector('[data-part=plot]').layout?.yaxis.range?.[1] < 20")
    found = [mark.value for mark in look(page, "curve").marks if mark.value is not None]
    assert not all(value < 1e9 for value in found)
    button(page, "linear").click()
    page.wait_for_function("document.querySelector('[data-part=plot]').layout.yaxis.range[1] > 9")  # powers of ten
