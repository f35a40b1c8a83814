"""Troubles and cures: each scenario shows its trouble, names it by its numbers, and is cured by one click and back."""

import pytest
from playwright.sync_api import Locator, Page, expect

from engine import Experiment, Timeline
from engine.diagnosis import at as structure_at
from engine.diagnosis import diagnose
from engine.scenarios import SCENARIOS
from tests.browsing import at, button, chooser, eventually, look, numbers, region, say, untrue, words

NAMED = {"dead_relus": "dying"}  # the trouble that the page names, where it is not called as the scenario is
STEPS = {"vanishing": 300, "exploding": 40, "stuck": 300, "plateau": 200, "overfitting": 6000, "dead_relus": 300}
CURES = [(name, cure["name"]) for name, scenario in SCENARIOS.items() for cure in scenario["cures"]]


def choose(page: Page, name: str) -> None:
    chooser(page, say("scenarios")).select_option(label=say(f"scenario.{name}"))
    expect(page.locator("[data-part=story]")).to_contain_text(say(f"scenario.{name}.says"))
    at(page, 0)


def go(page: Page, t: int) -> None:
    page.get_by_role("slider", name="Timeline").evaluate(
        "(slider, t) => { slider.max = t; slider.value = t; slider.dispatchEvent(new Event('input')); }", t
    )
    at(page, t)


def length(page: Page) -> int:
    return int(page.evaluate("backscope.listing.program.length"))


def cure_button(page: Page, name: str) -> Locator:
    return page.locator("[data-part=story]").get_by_role("button", name=say(f"cure.{name}"), exact=True)


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_starts_tells_its_story_and_names_its_trouble_by_the_numbers(page, name):
    choose(page, name)
    diagnosis = region(page, "Diagnosis")
    expect(diagnosis).to_contain_text(say(f"scenario.{name}.says"))
    go(page, STEPS[name] * length(page))
    assert untrue(look(page)) == []
    trouble = NAMED.get(name, name)
    expect(page.locator("[data-part=named] b")).to_have_text(say(f"diagnosis.{trouble}"))
    said = page.locator("[data-part=named] span").first.inner_text()
    assert numbers(said) or said == say(f"diagnosis.{trouble}.broken")
    for cure in SCENARIOS[name]["cures"]:
        expect(cure_button(page, cure["name"])).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize(("name", "cure"), CURES)
def test_a_cure_is_one_click_and_so_is_the_way_back(page, name, cure):
    choose(page, name)
    go(page, 20 * length(page))
    before = length(page)
    cure_button(page, cure).click()
    expect(cure_button(page, cure)).to_have_attribute("aria-pressed", "true")
    wish = next(each for each in SCENARIOS[name]["cures"] if each["name"] == cure)
    assert page.evaluate("backscope.experiment.changes") == [{"t": 20 * before, **wish["change"]}]
    page.locator("h1").click()
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_function("t => backscope.t > t", arg=20 * before)
    assert untrue(look(page)) == []
    cure_button(page, cure).click()
    expect(cure_button(page, cure)).to_have_attribute("aria-pressed", "false")
    assert len(page.evaluate("backscope.experiment.changes")) == 2
    page.locator("h1").click()
    now = page.evaluate("backscope.t")
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_function("t => backscope.t > t", arg=now)
    assert untrue(look(page)) == []
    assert length(page) == before


def test_the_cure_is_stepped_back_from_as_from_any_other_moment(page):
    choose(page, "vanishing")
    go(page, 10 * length(page))
    button(page, say("cure.relu")).click()
    page.wait_for_function("backscope.experiment.changes")
    page.locator("h1").click()
    page.keyboard.press("Shift+ArrowLeft")
    page.wait_for_function("backscope.t < 10 * backscope.listing.program.length")
    assert untrue(look(page)) == []
    expect(cure_button(page, "relu")).to_have_attribute("aria-pressed", "false")


def test_a_trouble_of_ones_own_is_named_too_and_cured_by_what_is_offered(pages):
    deep = SCENARIOS["vanishing"]["experiment"]
    page = pages.open({**deep, "seed": 5})
    expect(region(page, "Diagnosis")).to_be_hidden()
    go(page, 200 * length(page))
    named = page.locator("[data-part=named]")
    expect(named).to_contain_text(say("diagnosis.vanishing"))
    named.get_by_role("button", name=say("cure.batch_norm"), exact=True).click()
    page.wait_for_function("backscope.experiment.changes?.[0].layers?.[0].batch_norm")
    cured = Timeline(Experiment.from_dict(page.evaluate("backscope.experiment"))).segments[-1]
    go(page, page.evaluate("backscope.t") + 600 * len(cured.program))
    expect(named).to_be_hidden()
    eventually(lambda: float(look(page).tensors["loss"]) < 0.5)


def test_another_experiment_ends_the_scenario(page):
    choose(page, "stuck")
    expect(region(page, "Diagnosis")).to_be_visible()
    button(page, "Spirals").click()
    page.wait_for_function("backscope.experiment.dataset.name === 'spirals'")
    expect(region(page, "Diagnosis")).to_be_hidden()
    assert chooser(page, say("scenarios")).input_value() == ""


def test_every_scenario_cure_and_trouble_has_its_words():
    named = {NAMED.get(name, name) for name in SCENARIOS}
    for catalogue in (words("en"), words("zh")):
        assert all(f"scenario.{name}" in catalogue and f"scenario.{name}.says" in catalogue for name in SCENARIOS)
        assert all(f"cure.{cure}" in catalogue and f"cure.{cure}.hint" in catalogue for _, cure in CURES)
        assert all(f"diagnosis.{name}.says" in catalogue for name in named)


@pytest.mark.parametrize(
    ("chart", "field"), [("gradient_rms", "gradient_rms"), ("update_ratio", "update_ratio"), ("saturated", "saturated")]
)
def test_the_charts_by_layer_draw_what_the_diagnosis_says(page, chart, field):
    choose(page, "vanishing")
    go(page, 30 * length(page))
    chooser(page, "Chart").select_option(label=say(f"chart.{chart}"))
    timeline = Timeline(Experiment.from_dict(SCENARIOS["vanishing"]["experiment"]))
    t = 30 * len(timeline.program)
    eventually(lambda: len([m for m in look(page).of("curve") if m.index == (t,)]) == 8)
    found = {mark.tensor: mark.value for mark in look(page).of("curve") if mark.index == (t,)}
    timeline.seek(t)
    layers = diagnose(*structure_at(timeline, t))
    assert found == {f"{chart}.{layer.layer}": pytest.approx(getattr(layer, field), rel=1e-6) for layer in layers}


@pytest.mark.parametrize(
    ("chart", "field"), [("activations", "activation_histogram"), ("gradients", "gradient_histogram")]
)
def test_the_histograms_count_every_value(page, chart, field):
    choose(page, "plateau")
    go(page, 10 * length(page))
    chooser(page, "Chart").select_option(label=say(f"chart.{chart}"))
    eventually(lambda: look(page).of("histogram"))
    counts = look(page).of("histogram")
    total = {"activations": 4 * (8 + 1), "gradients": 2 * 8 + 8}[chart]
    assert sum(mark.value for mark in counts) == total


def test_losses_beyond_all_scales_do_not_flatten_the_chart_of_what_comes_after(page):
    choose(page, "exploding")
    go(page, 60 * length(page))
    cure_button(page, "smaller_rate").click()
    expect(cure_button(page, "smaller_rate")).to_have_attribute("aria-pressed", "true")
    go(page, page.evaluate("backscope.t") + 300 * length(page))
    page.wait_for_function("document.querySelector('[data-part=plot]').layout?.yaxis.range?.[1] < 2000")
    found = [mark.value for mark in look(page).of("curve") if mark.value is not None]
    assert not all(value < 2000 for value in found)
