"""The page proves gradients: a nudge to both sides, the true curve along a weight that can be dragged, random ones."""

import re
from functools import partial
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from engine import Experiment
from engine.experiment.presets import PRESETS
from tests.helpers.autodiff import mean_loss, parameters_of, penalty, true_gradients
from tests.helpers.browsing import (
    Plain,
    at,
    bring,
    button,
    eventually,
    link,
    look,
    look_inside,
    micro_steps,
    now,
    numbers,
    region,
    resized,
    say,
    slider,
    state,
    words,
)
from tests.helpers.experiments import DIVERGES
from tests.helpers.interception import answered_otherwise
from tests.helpers.networks import State, plain
from tests.helpers.sights import sight
from tests.helpers.words import chinese, foreign

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

XOR, SPIRALS = PRESETS["xor"], PRESETS["spirals"]
STEP = micro_steps(XOR)
KINKED = plain((4, "relu"), (1, "sigmoid"))
PENALIZED = plain((4, "tanh"), (1, "sigmoid"), regularization={"l2": 0.3})


def panel(page: Page) -> Locator:
    return page.get_by_role("tabpanel", name=say("view.proof"))


def opened(page: Page) -> Page:
    """Bring the proof to the front."""
    return bring(page, "proof")


def chosen(page: Page, name: str) -> Page:
    """Click a line of the network, found by what the inspector calls it, and bring the proof to the front."""
    there = sight(page, 6, name)
    page.mouse.click(there.x, there.y)
    return opened(page)


def used(experiment: Plain, t: int) -> State:
    """The state at the end of a training step, in float64, its parameters as its passes used them."""
    before, after = state(experiment, t - micro_steps(experiment)), state(experiment, t)
    parameters = Experiment.from_dict(experiment).parameters
    return {name: np.array((before if name in parameters else after)[name], np.float64) for name in after}


def true_cost(experiment: Plain, given: State, tensor: str, index: tuple[int, ...], value: float) -> float:
    """What is minimized, by another way, where one element has another value."""
    form = Experiment.from_dict(experiment)
    parameters = parameters_of(form, given)
    parameters[tensor][index] = value
    return float(mean_loss(parameters, form, given) + penalty(parameters, form))


def known(places: Locator, text: str, count: int) -> list[float]:
    """The numbers in so many places, read at once when all are there: before that, some have a dash or nothing."""
    found: list[list[float]] = []

    def are_there() -> bool:
        found[:] = map(numbers, places.evaluate_all(f"places => places.map({text})"))
        return len(found) == count and all(found)

    eventually(are_there)
    return [first for first, *_ in found]


def nudged(page: Page) -> list[float]:
    """w, h and the two values of C, in full."""
    return known(panel(page).locator("dd.number"), "cell => cell.innerText", 4)


def gradients(page: Page) -> list[float]:
    """The quotient and the gradient, in full."""
    return known(panel(page).locator(".compared output"), "output => output.title", 2)


def readout(page: Page) -> list[float]:
    """The values of w and of C that are shown under the plot."""
    shown = panel(page).locator(".readout")
    shown.wait_for()
    return numbers(shown.inner_text())


def rows(page: Page) -> list[list[str]]:
    table = panel(page).get_by_role("table")
    table.wait_for()
    found: list[list[str]] = table.evaluate(
        "table => [...table.tBodies[0].rows].map(row => [...row.cells].map(cell => cell.textContent))"
    )
    return found


def draw_random(page: Page) -> None:
    button(page, say("proof.draw", count=20)).click()


def element(name: str) -> tuple[str, tuple[int, ...]]:
    tensor, index = name.rstrip("]").split("[")
    return tensor, tuple(map(int, index.split(",")))


# A chosen weight.


def test_a_weight_that_is_clicked_is_nudged_and_the_numbers_are_true(pages):
    page = chosen(pages.open(XOR, STEP), "Weight W²[0, 1]")
    given = used(XOR, STEP)
    w, h, above, below = nudged(page)
    assert w == pytest.approx(given["W2"][0, 1], rel=1e-6)
    assert h == pytest.approx(1e-5, rel=1e-2)
    truth = [true_cost(XOR, given, "W2", (0, 1), given["W2"][0, 1] + by) for by in (h, -h)]
    assert [above, below] == pytest.approx(truth, rel=1e-10)
    numeric, analytic = gradients(page)
    assert analytic == pytest.approx(true_gradients(Experiment.from_dict(XOR), given)["dW2"][0, 1], rel=1e-9)
    assert numeric == pytest.approx((above - below) / (2 * h), rel=1e-4)
    assert analytic == pytest.approx(look_inside(page).tensors["dW2"][0, 1], rel=1e-5)  # the arrow
    expect(panel(page).locator(".verdict")).to_contain_text("The two agree")
    formula = panel(page).locator("math").first.text_content()
    assert formula == "C(w+h)−C(w−h)2h"


def test_where_the_update_has_moved_the_weight_to_is_told_and_drawn(pages):
    page = chosen(pages.open(XOR, STEP), "Weight W²[0, 1]")
    after = float(look_inside(page).tensors["W2"][0, 1])
    told = panel(page).get_by_text(re.compile("after the update"))
    eventually(lambda: numbers(told.inner_text())[:1] == pytest.approx([after], rel=1e-4))  # a dash comes first
    expect(panel(page).locator("circle.moved")).to_have_count(1)
    button(page, "Step back").click()
    button(page, "Step back").click()
    expect(panel(page).locator("circle.here")).to_have_count(1)
    expect(panel(page).locator("circle.moved")).to_have_count(0)


def test_before_the_backward_pass_it_says_that_the_gradient_is_worked_out_ahead(pages):
    page = chosen(pages.open(XOR, 3), "Weight W²[0, 1]")
    due = next(t for t in range(STEP) if "dW2" in state(XOR, t))
    expect(panel(page)).to_contain_text(say("proof.ahead", t=due))
    at_the_end = gradients(page)
    page.locator("h1").click()
    page.keyboard.press("Shift+ArrowRight")
    at(page, STEP)
    expect(panel(page)).not_to_contain_text(say("proof.ahead", t=due))
    assert gradients(page) == at_the_end


def test_with_a_penalty_what_is_minimized_is_the_loss_and_the_penalty(pages):
    t = micro_steps(PENALIZED)
    page = chosen(pages.open(PENALIZED, t), "Weight W²[0, 1]")
    expect(panel(page)).to_contain_text(say("proof.about.penalty", step=0))
    given = used(PENALIZED, t)
    _, h, above, _ = nudged(page)
    assert above == pytest.approx(true_cost(PENALIZED, given, "W2", (0, 1), given["W2"][0, 1] + h), rel=1e-8)
    _, analytic = gradients(page)
    assert analytic == pytest.approx(look_inside(page).tensors["gW2"][0, 1], rel=1e-5)
    expect(panel(page).locator("dt").nth(2)).to_have_text("J(w + h)")


def test_a_kink_is_named_in_words(pages):
    page = opened(pages.open(KINKED))
    draw_random(page)
    page.get_by_role("button", name="b1[1]", exact=True).click()
    expect(panel(page)).to_contain_text(say("proof.kink.activation", unit=1, layer=1, place=0, example=1))
    expect(panel(page).locator(".verdict")).to_have_text(say("proof.says.none"))


def test_numbers_that_differ_are_said_to_differ(pages):
    def differ(answer: dict[str, Any]) -> None:
        for row in answer["rows"] + answer["drawn"][:3]:
            row |= {"verdict": "wrong", "error": 0.25}

    page = pages.blank(fresh=True)
    answered_otherwise(page, "drawn", differ)
    page.goto(link(pages.address, XOR, STEP))
    at(page, STEP)
    chosen(page, "Weight W²[0, 1]")
    expect(panel(page).locator(".verdict")).to_have_text(say("proof.says.wrong", error="0.250"))
    draw_random(page)
    assert [row[-1] for row in rows(page)] == ["differs"] * 3 + ["agrees"] * 14
    expect(panel(page)).to_contain_text(say("proof.drawn.wrong", t=STEP, wrong=3, count=17, right=14, kinks=0))


def test_the_numbers_follow_the_run_while_it_plays(pages):
    page = chosen(pages.open(XOR, STEP), "Weight W²[0, 1]")
    before = nudged(page)
    slider(page, "Speed").fill("50")
    button(page, "Play").click()
    page.wait_for_function("t => backscope.t >= t", arg=2 * STEP)
    button(page, "Pause").click()
    page.locator("h1").click()
    page.keyboard.press("Shift+ArrowRight")

    def follows() -> bool:
        moment = look(page)
        if moment.t % STEP or moment.t < 3 * STEP:
            return False
        value, arrow = used(XOR, moment.t)["W2"][0, 1], moment.tensors["dW2"][0, 1]
        return [nudged(page)[0], gradients(page)[1]] == pytest.approx([value, arrow], rel=1e-5)

    eventually(follows)
    assert nudged(page) != before


def test_a_run_that_has_diverged_says_why_nothing_can_be_proved(pages):
    page = opened(pages.open(DIVERGES, 1800))
    draw_random(page)
    expect(region(page, "Inspector")).to_contain_text("unfit moment: 1800 (its numbers are not finite)")
    expect(panel(page).get_by_role("table")).to_have_count(0)


def test_a_parameter_that_another_structure_had_is_said_to_be_gone(pages):
    normed = [{"units": 3, "activation": "tanh", "batch_norm": True}, {"units": 1, "activation": "sigmoid"}]
    bare = [{"units": 3, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}]
    form = {"dataset": {"name": "xor"}, "layers": normed, "changes": [{"t": 30, "layers": bare}]}
    begins = next(t for t in range(30, 99) if "gamma1" not in state(form, t))
    page = opened(pages.open(form, begins))
    draw_random(page)
    page.get_by_role("button", name="gamma1[2]", exact=True).click()
    expect(panel(page).locator(".verdict")).to_contain_text("The two agree")
    page.locator("h1").click()
    page.keyboard.press("Shift+ArrowRight")
    expect(panel(page)).to_contain_text(say("proof.gone", tensor="gamma1"))
    expect(slider(page, say("proof.slider", w="γ"))).to_have_count(0)


# Random ones.


def test_with_nothing_chosen_it_explains_itself_and_random_parameters_are_proved_by_keyboard_alone(pages):
    page = opened(pages.open(SPIRALS, 40))
    expect(panel(page)).to_contain_text(say("proof.empty"))
    expect(panel(page).get_by_role("slider")).to_have_count(0)
    button(page, say("proof.draw", count=20)).focus()
    page.keyboard.press("Enter")
    first = rows(page)
    assert len(first) == 20
    page.keyboard.press("Enter")
    eventually(lambda: [row[0] for row in rows(page)] != [row[0] for row in first])
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    name = rows(page)[0][0]
    expect(panel(page).get_by_role("button", name=name, exact=True)).to_have_attribute("aria-pressed", "true")
    expect(panel(page).get_by_role("button", name=name, exact=True)).to_be_focused()
    expect(panel(page).locator(".verdict")).to_be_visible()


def test_every_row_of_the_random_ones_is_true_and_chooses_its_parameter(pages):
    t = 3 * micro_steps(SPIRALS)
    page = opened(pages.open(SPIRALS, t))
    draw_random(page)
    truth = true_gradients(Experiment.from_dict(SPIRALS), used(SPIRALS, t))
    found = rows(page)
    assert len({name for name, *_ in found}) == 20
    for name, analytic, numeric, error, verdict in found:
        tensor, index = element(name)
        true = float(truth[f"d{tensor}"][index])
        assert [*numbers(analytic), *numbers(numeric)] == pytest.approx([true, true], rel=0.06, abs=6e-5)
        assert (numbers(error)[0] < 1e-4, verdict) == (True, "agrees")
    expect(panel(page)).to_contain_text(say("proof.drawn", t=t, count=20))
    name = found[7][0]
    page.get_by_role("button", name=name, exact=True).click()
    tensor, index = element(name)
    eventually(lambda: nudged(page)[0] == pytest.approx(used(SPIRALS, t)[tensor][index], rel=1e-6))
    assert gradients(page)[1] == pytest.approx(truth[f"d{tensor}"][index], rel=1e-6)


def test_random_ones_of_a_large_network_come_at_once(pages):
    page = opened(pages.open(PRESETS["digits_100"], 30))
    draw_random(page)
    assert len(rows(page)) == 20
    page.get_by_role("button", name=rows(page)[12][0], exact=True).click()
    expect(panel(page).locator(".verdict")).to_be_visible()


# The curve, and dragging.


DRAWN = """plot => {
  const of = (name, attribute) => plot.querySelector(name).getAttribute(attribute);
  return [of("path.cost", "d"), of("path.tangent", "d"), `${of("circle.here", "cx")} ${of("circle.here", "cy")}`];
}"""


def test_the_curve_is_the_true_one(pages):
    page = chosen(pages.open(XOR, STEP), "Weight W²[0, 1]")
    given = used(XOR, STEP)
    value = given["W2"][0, 1]
    expect(panel(page).locator("path.cost")).to_have_count(1)
    drawn = panel(page).get_by_role("img").evaluate(DRAWN)
    cost, tangent, here = ([float(each) for each in re.findall(r"[-\d.e]+", part)] for part in drawn)
    points = np.reshape(cost, (-1, 2))
    assert 9 <= len(points) <= 61  # as many as there was time for
    true = np.array([true_cost(XOR, given, "W2", (0, 1), value + by) for by in np.linspace(-1, 1, len(points))])
    assert np.allclose(np.diff(points[:, 0]), np.diff(points[:, 0])[0], atol=0.02)
    tall = np.ptp(points[:, 1]) / np.ptp(true)  # pixels a unit of C
    heights = (points[:, 1].max() - points[:, 1]) / np.ptp(points[:, 1])
    assert np.allclose(heights, (true - true.min()) / np.ptp(true), atol=2e-4)
    stands = true_cost(XOR, given, "W2", (0, 1), value)
    middle = points[[0, -1], 0].mean()
    assert here == pytest.approx([middle, points[:, 1].max() - (stands - true.min()) * tall], abs=0.02)
    slope = -(tangent[3] - tangent[1]) / (tangent[2] - tangent[0]) * (np.ptp(points[:, 0]) / 2) / tall
    assert slope == pytest.approx(true_gradients(Experiment.from_dict(XOR), given)["dW2"][0, 1], rel=1e-2)


def stands_at(page: Page, value: float, about: float = 2e-4) -> bool:
    """Whether w is shown at a value, and what C is there."""
    found = readout(page)
    return len(found) == 2 and found[0] == pytest.approx(value, abs=about)


def grabbed(page: Page, share: float) -> None:
    """Press the mouse on the plot and drag to a share of its width."""
    plot = panel(page).get_by_role("img")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * share, box["y"] + 60, steps=6)


def test_dragging_in_the_plot_shows_the_true_cost_and_lets_go_where_it_was(pages):
    page = chosen(pages.open(XOR, STEP), "Weight W²[0, 1]")
    given, rest = used(XOR, STEP), readout(page)
    knob = slider(page, say("proof.slider", w="w"))
    for share in (0.35, 0.8):
        grabbed(page, share)
        by = int(knob.input_value()) / 100
        assert (by < 0) == (share < 0.5)
        eventually(partial(stands_at, page, rest[0] + by, 0.006))
        w, cost = readout(page)
        assert cost == pytest.approx(true_cost(XOR, given, "W2", (0, 1), w), rel=2e-5)
        page.mouse.up()
        eventually(lambda: readout(page) == rest)
    assert look(page).experiment.get("changes", []) == []
    assert now(page) == STEP


def test_the_slider_moves_by_keys_and_escape_puts_it_back(pages):
    page = chosen(pages.open(XOR, STEP), "Weight W²[0, 1]")
    rest, given = readout(page), used(XOR, STEP)
    knob = slider(page, say("proof.slider", w="w"))
    knob.focus()
    for _ in range(25):
        page.keyboard.press("ArrowRight")
    expect(panel(page)).to_contain_text(say("proof.by_keys"))
    there = given["W2"][0, 1] + 0.25
    truth = pytest.approx([there, true_cost(XOR, given, "W2", (0, 1), there)], rel=2e-4)
    eventually(lambda: readout(page) == truth)
    assert readout(page)[1] == pytest.approx(true_cost(XOR, given, "W2", (0, 1), there), rel=2e-6)
    assert numbers(str(knob.get_attribute("aria-valuetext"))) == readout(page)
    assert now(page) == STEP
    page.keyboard.press("Escape")
    assert (readout(page), knob.input_value()) == (rest, "0")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    assert (readout(page), knob.input_value()) == (rest, "0")
    assert look(page).experiment.get("changes", []) == []


def changes(page: Page) -> list[dict[str, Any]]:
    return list(look(page).experiment.get("changes", []))


def test_what_is_kept_is_a_change_of_the_run_that_stepping_back_takes_out(pages):
    page = chosen(pages.open(XOR, STEP), "Weight W²[0, 1]")
    given, moved = used(XOR, STEP), float(look_inside(page).tensors["W2"][0, 1])
    page.get_by_role("checkbox", name=say("proof.keep")).check()
    readout(page)
    slider(page, say("proof.slider", w="w")).focus()
    for _ in range(25):
        page.keyboard.press("ArrowRight")
    assert changes(page) == []
    page.keyboard.press("Enter")
    eventually(lambda: len(changes(page)) == 1)
    (change,) = changes(page)
    assert (change["t"], change["tensor"], change["index"]) == (STEP, "W2", [0, 1])
    assert change["value"] == pytest.approx(given["W2"][0, 1] + 0.25, rel=1e-6)
    at(page, STEP)
    eventually(lambda: look_inside(page).tensors["W2"][0, 1] == np.float32(change["value"]))
    expect(panel(page)).to_contain_text("Step back to undo it.")
    button(page, "Step back").click()
    page.wait_for_function("t => backscope.t < t", arg=STEP)
    assert look_inside(page).tensors["W2"][0, 1] in (np.float32(given["W2"][0, 1]), np.float32(moved))
    button(page, "Restart").click()
    at(page, 0)
    assert look_inside(page).tensors["W2"][0, 1] == np.float32(given["W2"][0, 1])


def test_a_drag_of_the_mouse_is_kept_too(pages):
    page = chosen(pages.open(XOR, 3), "Weight W²[0, 1]")
    page.get_by_role("checkbox", name=say("proof.keep")).check()
    grabbed(page, 0.7)
    page.mouse.up()
    eventually(lambda: len(changes(page)) == 1)
    (change,) = changes(page)
    eventually(lambda: readout(page)[:1] == pytest.approx([change["value"]], rel=1e-4))
    expect(panel(page)).to_contain_text(say("proof.by_hand"))


def test_the_range_can_be_made_narrower_and_wider(pages):
    page = chosen(pages.open(XOR, STEP), "Weight W²[0, 1]")
    w = readout(page)[0]
    for name, reach in (("narrower", 0.5), ("narrower", 0.25), ("wider", 0.5), ("wider", 1), ("wider", 2)):
        button(page, say(f"proof.{name}")).click()
        expect(panel(page).locator(".range output")).to_have_text(f"± {reach:g}")
        slider(page, say("proof.slider", w="w")).focus()
        page.keyboard.press("End")
        eventually(partial(stands_at, page, w + reach))
        page.keyboard.press("Escape")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_proof_fits_on_a_phone(pages, scheme):
    page = pages.open(XOR, STEP, color_scheme=scheme)
    resized(page, 390, 844)
    opened(page)
    draw_random(page)
    rows(page)
    page.get_by_role("button", name="W2[0, 1]", exact=True).click()
    expect(panel(page).locator(".verdict")).to_be_visible()
    for part in (panel(page), page.locator("html"), panel(page).locator(".scroll")):
        assert part.evaluate("element => element.scrollWidth <= element.clientWidth")


def test_a_chinese_page_proves_without_a_word_of_english(pages):
    page = chinese(pages, PENALIZED)
    bring(page, "proof", "zh")
    assert foreign(page) == set()
    button(page, words("zh")["proof.draw"].format(count=20)).click()
    page.get_by_role("button", name="W2[0, 1]", exact=True).click()
    expect(page.locator(".verdict")).to_be_visible()
    page.get_by_role("checkbox", name=words("zh")["proof.keep"]).check()
    page.locator(".objective-slider input[type=range]").focus()
    page.keyboard.press("ArrowRight")
    assert foreign(page) == set()
    page.keyboard.press("Enter")
    eventually(lambda: len(changes(page)) == 1)
    assert foreign(page) == set()
