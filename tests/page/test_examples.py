"""The nudge of the chosen parameter by each example, and their mean, which is against the gradient."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from engine import Experiment, Timeline
from engine.experiment.presets import PRESETS
from tests.helpers.autodiff import per_example_gradients_of
from tests.helpers.browsing import at, bring, button, look_inside, numbers, say
from tests.helpers.examples import mean, view
from tests.helpers.networks import plain
from tests.helpers.sights import sight
from tests.helpers.why import before_update, choose, full

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

XOR = PRESETS["xor"]
MOONS = plain((3, "tanh"), (2, "softmax"), dataset="moons", mini_batch_size=150)
NORMED = plain((4, "tanh", {"batch_norm": True}), (2, "softmax"), dataset="moons", mini_batch_size=6)
STEP = 18


def opened(page: Page, name: str) -> tuple[str, tuple[int, ...]]:
    chosen = choose(page, name)
    bring(page, "examples")
    expect(view(page).locator(".mean .big")).to_be_visible()
    return chosen


def nudges(page: Page) -> list[float]:
    titles = view(page).locator(".per-example .number").evaluate_all("all => all.map(each => each.title)")
    return [numbers(title)[0] for title in titles]


@pytest.mark.parametrize(("experiment", "name"), [(XOR, "W1[2, 1]"), (XOR, "b2[0]"), (NORMED, "W2[1, 0]")])
def test_each_example_has_its_own_nudge_and_their_mean_is_against_the_gradient_to_the_last_digit(
    pages, experiment, name
):
    chosen = Experiment.from_dict(experiment)
    t = 2 * len(Timeline(chosen).program)
    page = pages.open(experiment, t)
    tensor, index = opened(page, name)
    true = per_example_gradients_of(chosen, before_update(chosen, t), tensor, index)
    assert nudges(page) == pytest.approx(list(-true), rel=2e-4, abs=1e-6)
    gradient = np.float32(look_inside(page).tensors[f"d{tensor}"][index])
    assert full(mean(page)) == pytest.approx(-float(gradient), rel=1e-6)
    assert np.mean(nudges(page)) == pytest.approx(-float(gradient), rel=1e-4, abs=1e-7)
    expect(mean(page)).to_contain_text("↓" if gradient > 0 else "↑")
    arrows = view(page).locator(".per-example b").all_inner_texts()
    assert arrows == ["↑" if each > 0 else "↓" if each < 0 else "·" for each in nudges(page)]


def test_without_some_examples_the_mean_is_that_of_the_others_and_a_link_says_so(pages):
    page = pages.open(XOR, STEP)
    opened(page, "W1[2, 1]")
    own = nudges(page)
    whole = full(mean(page))
    ticks = view(page).get_by_role("checkbox", name=re.compile("^Count example"))
    ticks.nth(1).uncheck()
    expect(view(page)).to_contain_text("3 of 4")
    assert full(mean(page)) == pytest.approx((sum(own) - own[1]) / 3, rel=1e-5)
    expect(mean(page)).to_contain_text("↑" if sum(own) - own[1] > 0 else "↓")
    page.wait_for_function("location.href.includes('without')")
    page.reload()  # the address brings back what has been left out
    expect(view(page)).to_contain_text("3 of 4")
    expect(ticks.nth(1)).not_to_be_checked()
    for place in (0, 2, 3):
        ticks.nth(place).uncheck()
    expect(mean(page)).to_have_text("—")
    for place in range(4):
        ticks.nth(place).check()
    assert full(mean(page)) == whole


def test_examples_sorted_by_nudge_begin_with_the_one_that_raises_most_and_go_back_to_the_batchs_order(pages):
    page = pages.open(XOR, STEP)
    opened(page, "W1[2, 1]")
    before = nudges(page)
    view(page).get_by_text(say("examples.sort")).click()
    assert nudges(page) == sorted(before, reverse=True)
    assert sorted(before, reverse=True) != before
    view(page).get_by_text(say("examples.sort")).click()
    assert nudges(page) == before


def test_of_a_large_mini_batch_the_strongest_are_shown_and_a_histogram_of_the_rest(pages):
    chosen = Experiment.from_dict(MOONS)
    t = len(Timeline(chosen).program)
    page = pages.open(MOONS, t)
    tensor, index = opened(page, "W1[1, 0]")
    true = per_example_gradients_of(chosen, before_update(chosen, t), tensor, index)
    strongest = np.sort(np.argsort(-np.abs(true), kind="stable")[:60])
    assert nudges(page) == pytest.approx(list(-true[strongest]), rel=1e-3, abs=1e-5)
    expect(view(page)).to_contain_text(say("examples.rest", count=90))
    titles = view(page).locator(".histogram i").evaluate_all("all => all.map(each => each.title)")
    assert sum(numbers(title)[0] for title in titles) == 90
    gradient = look_inside(page).tensors[f"d{tensor}"][index]
    assert full(mean(page)) == pytest.approx(-float(gradient), rel=1e-5)
    view(page).get_by_role("checkbox", name=re.compile("^Count example")).first.uncheck()
    assert full(mean(page)) == pytest.approx(-(true.sum() - true[strongest[0]]) / 149, rel=1e-3, abs=1e-6)


def test_an_example_that_is_clicked_is_the_one_shown_in_the_network(pages):
    page = pages.open(XOR, STEP)
    opened(page, "W1[2, 1]")
    button(page, say("examples.one", example=4)).click()
    expect(page.get_by_role("group", name="Example shown").locator("[data-part=example]")).to_have_text(
        say("example", example=4, count=4)
    )
    marked = view(page).locator(".per-example [aria-current=true]")
    expect(marked).to_have_count(1)
    expect(marked.get_by_role("checkbox")).to_have_accessible_name(say("examples.tick", example=4))


def test_digits_are_shown_as_their_pictures_with_their_labels(pages):
    page = pages.open(PRESETS["digits_100"] | {"mini_batch_size": 5}, 18)
    engine = Timeline(Experiment.from_dict(PRESETS["digits_100"] | {"mini_batch_size": 5})).seek(18)
    there = sight(page, 11, "Weight W²")
    page.mouse.click(there.x + 0.5, there.y + 0.5)
    bring(page, "examples")
    expect(mean(page)).to_be_visible()
    labels = view(page).locator(".label").all_inner_texts()
    assert labels == [f"→ {label}" for label in engine["y"].argmax(axis=1)]
    alpha = "data => [...data].filter((_, place) => place % 4 === 3)"
    inks = (
        view(page)
        .locator(".looks canvas")
        .evaluate_all(f"all => all.map(each => ({alpha})(each.getContext('2d').getImageData(0, 0, 28, 28).data))")
    )
    np.testing.assert_allclose(np.array(inks) / 255, engine["a0"], atol=1 / 255)


def test_where_examples_interact_it_is_said(pages):
    page = pages.open(NORMED, len(Timeline(Experiment.from_dict(NORMED)).program))
    opened(page, "W1[0, 0]")
    expect(view(page)).to_contain_text(say("examples.interact"))


def test_without_a_choice_it_says_what_to_choose(pages):
    page = pages.open(XOR, STEP, fresh=True)
    bring(page, "examples")
    expect(view(page)).to_have_text(say("examples.empty"))


def test_before_the_errors_are_there_it_says_which_micro_step_will_compute_them(pages):
    page = pages.open(XOR, 2)
    choose(page, "W1[2, 1]")
    bring(page, "examples")
    expect(view(page)).to_contain_text(say("computed_by", step="backward · layer 1 · dW1"))


def test_a_tick_keeps_the_focus_and_stays_while_one_steps_within_the_training_step(pages):
    page = pages.open(XOR, STEP)
    opened(page, "W1[2, 1]")
    tick = view(page).get_by_role("checkbox", name=say("examples.tick", example=2))
    tick.focus()
    page.keyboard.press("Space")
    expect(tick).not_to_be_checked()
    assert page.evaluate("document.activeElement.dataset.key") == "tick 1"
    page.get_by_role("combobox", name="Grain").select_option("equation")
    answers = page.evaluate("backscope.stats().answer.count")
    button(page, "Step back").click()
    page.wait_for_function("answers => backscope.t === 17 && backscope.stats().answer.count > answers", arg=answers)
    expect(view(page).locator(".without")).to_have_count(1)
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    at(page, 36)
    expect(view(page).locator(".without")).to_have_count(0)
