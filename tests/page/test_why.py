"""Click anything and read the chain rule: the numbers are the network's own, and they multiply to the truth."""

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from engine import Experiment, Timeline
from engine.experiment.presets import PRESETS
from tests.helpers.autodiff import per_example_gradients_of
from tests.helpers.browsing import (
    at,
    button,
    eventually,
    explored,
    look,
    look_inside,
    now,
    number_field,
    numbers,
    region,
    say,
    slider,
)
from tests.helpers.networks import plain
from tests.helpers.sights import Sight, sight, sights
from tests.helpers.why import before_update, choose, full

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

XOR = PRESETS["xor"]
DEEP = plain(
    (3, "sigmoid"), (3, "tanh", {"residual": True}), (2, "softmax"), dataset="moons", mini_batch_size=6, seed=5
)
NORMED = plain(
    (4, "relu", {"batch_norm": True}), (3, "elu", {"dropout": 0.5}), (2, "softmax"), dataset="moons", mini_batch_size=5
)
SQUARED = plain((3, "gelu"), (2, "softmax"), dataset="moons", loss="squared_error", mini_batch_size=4)
STEP = 18  # micro-steps of a training step of the first network


def view(page: Page) -> Locator:
    return page.get_by_role("tabpanel", name=say("view.why"))


def parameters(page: Page) -> dict[str, Sight]:
    """Where weights and biases can be clicked, by their names, such as "W1[2, 1]"."""
    found = {}
    for each in sights(page, 10, clicked=True):
        if match := re.match(r"(?:Weight|Bias) (\w)(.)\[([\d, ]+)\]", each.why):
            found[f"{match[1]}{'⁰¹²³⁴⁵⁶⁷⁸⁹'.index(match[2])}[{match[3]}]"] = each
    return found


def total(panel: Locator) -> float:
    """What the factors come to, in full."""
    return full(panel.locator(".why > .factors > .total > .number"))


@pytest.mark.parametrize("experiment", [XOR, DEEP, NORMED, SQUARED], ids=["xor", "residual", "batch norm", "softmax"])
def test_the_product_is_what_an_independent_autodiff_gives_for_that_example(pages, experiment):
    chosen = Experiment.from_dict(experiment)
    t = 3 * len(Timeline(chosen).program)
    page = pages.open(experiment, t)
    sighted = parameters(page)
    before = before_update(chosen, t)
    rng = np.random.default_rng(t)
    for name in rng.choice(sorted(sighted), 3, replace=False):
        tensor, index = choose(page, name, sighted)
        true = per_example_gradients_of(chosen, before, tensor, index)
        panel = view(page)
        heading = panel.get_by_role("heading", name=re.compile("^Example"))
        expect(heading).to_have_text(say("chain_rule.of", example=2, examples=len(true)))
        near = 2e-5 * max(1e-3, float(np.abs(before[f"delta{tensor[1:]}"]).max()))
        assert total(panel) == pytest.approx(true[1], rel=2e-4, abs=near)
        factors = [full(each) for each in panel.locator(".why > .factors > .line:not(.total) > .number").all()]
        assert np.prod(factors) == pytest.approx(total(panel), rel=1e-5, abs=1e-12)


def test_each_factor_is_the_element_of_the_array_that_it_names(pages):
    page = pages.open(XOR, STEP)
    choose(page, "W1[2, 1]")
    moment = look(page)
    rows = view(page).locator(".why > .factors > .line:not(.total)")
    expect(rows).to_have_count(3)
    shown = [np.float32(full(row.locator("> .number"))) for row in rows.all()]
    true = [moment.tensors[name][1, k] for name, k in (("a0", 1), ("slope1", 2), ("da1", 2))]
    assert [f"{a:.6g}" for a in shown] == [f"{a:.6g}" for a in true]


def test_a_sum_opens_into_its_paths_and_a_paths_error_into_its_own_factors_down_to_the_loss(pages):
    page = pages.open(DEEP, len(Timeline(Experiment.from_dict(DEEP)).program))
    choose(page, "W1[0, 1]")
    panel = view(page)
    panel.get_by_role("button", name=re.compile("^Open: sum over the paths")).click()
    rows = panel.locator(".sum > .terms > .term")
    expect(rows).to_have_count(4)  # three neurons above, and the skip past them
    values = [full(row.locator("> .number")) for row in rows.all()]
    assert [abs(value) for value in values] == sorted(map(abs, values), reverse=True)
    whole = full(panel.locator(".why > .factors > .line").nth(2).locator("> .number"))
    assert sum(values) == pytest.approx(whole, rel=1e-4, abs=1e-6)
    panel.get_by_role("button", name=re.compile(r"^Open: delta2\[")).first.click()
    nested = panel.locator(".nested").first
    expect(nested).to_contain_text(say("chain_rule.kind.slope"))
    nested.get_by_role("button", name=re.compile("^Open: sum over the paths")).click()
    nested.get_by_role("button", name=re.compile(r"^Open: delta3\[")).first.click()
    deepest = nested.locator(".nested").first
    expect(deepest).to_contain_text(say("chain_rule.kind.collapse"))
    moment = look(page)
    (_, unit) = numbers(str(deepest.locator(".total .meaning").inner_text()).removeprefix("delta3"))
    assert full(deepest.locator(".total > .number")) == pytest.approx(moment.tensors["delta3"][1, int(unit)], rel=1e-5)


def test_for_an_output_the_two_factors_are_shown_that_cancel(pages):
    page = pages.open(XOR, STEP)
    choose(page, "b2[0]")
    panel = view(page)
    panel.get_by_role("button", name=f"Open: {say('chain_rule.kind.collapse')}").click()
    pair = panel.locator(".term").filter(has_text=say("chain_rule.term.pair"))
    expect(pair).to_be_visible()
    loss_slope, slope, product = [full(each) for each in pair.locator(".number").all()]
    moment = look(page)
    a, y = float(moment.tensors["a2"][1, 0]), float(moment.tensors["y"][1, 0])
    assert loss_slope == pytest.approx((a - y) / (a * (1 - a)), rel=1e-4)
    assert slope == pytest.approx(a * (1 - a), rel=1e-4)
    assert product == pytest.approx(a - y, rel=1e-4)
    expect(panel).to_contain_text(say("chain_rule.collapse"))


def test_hovering_a_term_lights_its_place_in_the_picture_and_hovering_the_picture_lights_the_term(pages):
    page = pages.open(XOR, STEP)
    choose(page, "W1[2, 1]")
    panel = view(page)
    line = panel.locator(".why > .factors > .line").nth(0)
    painted = "() => document.querySelector('canvas.overlay').toDataURL()"
    before = page.evaluate(painted)
    line.hover()
    eventually(lambda: page.evaluate(painted) != before)
    page.mouse.move(5, 5)
    eventually(lambda: page.evaluate(painted) == before)
    expect(panel.locator(".lit")).to_have_count(0)
    page.mouse.move(*input_one(page))
    expect(line).to_have_class(re.compile("lit"))
    expect(panel.locator(".lit")).to_have_count(1)


def input_one(page: Page) -> tuple[float, float]:
    """The middle of the second input's circle: where pointing at lights what reads that input."""
    box = explored(page).bounding_box()
    assert box
    x = box["x"] + box["width"] * 0.11
    ys = [box["y"] + y for y in range(int(box["height"] * 0.5), int(box["height"] * 0.9), 6)]
    for y in ys:
        page.mouse.move(x, y)
        if page.locator("canvas.overlay").evaluate("each => each.style.cursor") == "pointer":
            return x, y + 4
    raise AssertionError


@pytest.mark.parametrize(
    ("weight", "kind"),
    [(9.0, "saturated"), (0.3, None)],
)
def test_the_factor_that_makes_the_product_tiny_is_named_in_words(pages, weight, kind):
    experiment = plain((1, "tanh"), (1, "sigmoid"), mini_batch_size=4) | {
        "changes": [{"t": 0, "tensor": "W1", "value": [[weight, weight]]}, {"t": 0, "tensor": "W2", "value": [[1.0]]}]
    }
    page = pages.open(experiment, len(Timeline(Experiment.from_dict(experiment)).program))
    choose(page, "W1[0, 1]")
    expect(view(page).locator(".why > .factors .total")).to_be_visible()
    told = [each.inner_text() for each in view(page).locator(".reason").all()]
    slope = float(look_inside(page).tensors["slope1"][1, 0])
    assert bool(told) == bool(kind)
    if kind:
        assert numbers(told[0]) == [2, pytest.approx(slope, rel=0.01)]
        assert told[0].startswith(say(f"reason.{kind}", example=2, value="").split("(")[0])


def test_the_step_of_adam_is_told_by_its_numbers(pages):
    experiment = XOR | {"optimizer": {"name": "adam", "learning_rate": 0.01}}
    page = pages.open(experiment, len(Timeline(Experiment.from_dict(experiment)).program))
    choose(page, "W1[2, 1]")
    told = view(page).get_by_text(re.compile("m̂/√v̂"))
    expect(told).to_be_visible()
    rate, mean, size, ratio = numbers(told.inner_text().split(" At ")[0].split("η = ")[1])
    update = float(look(page).tensors["uW1"][2, 1])
    assert rate == pytest.approx(0.01)
    assert -rate * ratio == pytest.approx(update, rel=0.01)
    assert ratio == pytest.approx(mean / size, rel=0.02)


def test_what_is_not_computed_yet_is_a_dash_and_says_which_micro_step_will_compute_it(pages):
    page = pages.open(XOR, 3)
    choose(page, "W1[2, 1]")
    outputs = view(page).locator(".why > .factors > .line > .number")
    expect(outputs).to_have_text(["1.00", "—", "—", "—"])
    assert outputs.nth(1).get_attribute("title") == say("computed_by", step="backward · layer 1 · slope1")
    expect(view(page)).to_contain_text(say("computed_by", step="backward · layer 1 · dW1"))
    expect(view(page)).to_contain_text(say("why.not_yet"))


def test_a_neurons_dash_says_which_micro_step_will_compute_its_number(pages):
    page = pages.open(XOR, 1)
    explored(page).focus()
    row = view(page).locator("dd.number")
    expect(row).to_have_text([re.compile("."), "—", "—", "—"])
    assert row.nth(1).get_attribute("title") == say("computed_by", step="forward · layer 2 · z2")
    assert row.nth(3).get_attribute("title") == say("computed_by", step="backward · layer 2 · delta2")


def test_another_example_has_its_own_factors_and_the_mean_leads_to_all_of_them(pages):
    page = pages.open(XOR, STEP)
    choose(page, "W1[2, 1]")
    expect(view(page)).to_contain_text(say("chain_rule.gradient", example=2))
    first = total(view(page))
    button(page, "Next example").click()
    expect(view(page)).to_contain_text(say("chain_rule.gradient", example=3))
    assert total(view(page)) != first
    button(page, say("chain_rule.all_examples", examples=4)).click()
    expect(page.get_by_role("tabpanel", name=say("view.examples"))).to_be_visible()
    assert page.get_by_role("tab", name=say("view.examples")).get_attribute("aria-selected") == "true"


def test_the_terms_stay_right_while_playing_and_after_every_step(pages):
    page = pages.open(XOR, STEP)
    tensor, index = choose(page, "W1[2, 1]")
    chosen = Experiment.from_dict(XOR)
    ends = page.evaluate("backscope.listing.grains.layer")
    slider(page, "Speed").fill("50")
    button(page, "Play").click()
    page.wait_for_function("backscope.t > 40")
    button(page, "Pause").click()
    end = (now(page) // STEP + 1) * STEP
    lefts = [end - STEP + done for done in [0, *ends][-2:-7:-1]]
    keys = ["Shift+ArrowRight", *["ArrowLeft"] * len(lefts), "Shift+ArrowLeft"]
    for key, t in zip(keys, [end, *lefts, end - STEP], strict=True):
        page.keyboard.press(key)
        at(page, t)
        if "delta1" in look_inside(page).tensors:
            comes_to(page, per_example_gradients_of(chosen, before_update(chosen, t), tensor, index)[1])


def comes_to(page: Page, true: float) -> None:
    """Wait until the factors come to this."""
    eventually(lambda: total(view(page)) == pytest.approx(true, rel=2e-4, abs=1e-7))


def test_a_neuron_shows_what_it_adds_up_and_stands_on_its_curve_with_its_tangent(pages):
    page = pages.open(XOR, STEP)
    explored(page).focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    panel = view(page)
    expect(panel).to_contain_text(say("neuron.on_curve"))
    unit = int(numbers(panel.inner_text())[0])
    moment = look(page)
    before = before_update(Experiment.from_dict(XOR), STEP)
    z, a, slope = (float(moment.tensors[f"{kind}1"][1, unit]) for kind in ("z", "a", "slope"))
    told = numbers(panel.locator("figcaption").inner_text())
    assert told == pytest.approx([z, a, slope], rel=0.01, abs=5e-4)
    rows = panel.locator(".terms .term")
    sums = [full(row.locator("> .number")) for row in rows.all()]
    assert sum(sums[:-1]) == pytest.approx(sums[-1], rel=1e-4, abs=1e-6)
    assert sums[-1] == pytest.approx(z, rel=1e-5)
    products = moment.tensors["a0"][1] * before["W1"][unit]
    assert sorted(sums[:2]) == pytest.approx(sorted(map(float, products)), rel=1e-5, abs=1e-7)
    assert panel.locator("svg .tangent").count() == 1
    panel.get_by_role("button", name="from 1").click()
    expect(panel).to_contain_text(f"Weight W¹[{unit}, 1]")


@pytest.mark.parametrize("updated", [True, False])
def test_a_neuron_says_which_bias_is_before_the_update_and_which_after_it(pages, updated):
    chosen = Timeline(Experiment.from_dict(XOR))
    t = STEP if updated else next(k for k, step in enumerate(chosen.program) if step.phase == "update")
    page = pages.open(XOR, t)
    explored(page).focus()
    page.keyboard.press("Enter")
    panel = view(page)
    now_b = full(panel.locator("dd.number").first)
    meaning = panel.locator("dd.meaning").first
    bias = panel.locator(".terms .term").filter(has_text=re.compile("bias b"))
    used = full(bias.locator("> .number"))
    before, after = chosen.seek(0)["b2"][0], chosen.seek(STEP)["b2"][0]
    assert used == pytest.approx(float(before), abs=1e-7)
    assert now_b == pytest.approx(float(after if updated else before), rel=1e-5, abs=1e-7)
    name = say("tensor.b")
    expect(meaning).to_have_text(say("why.after_update", meaning=name) if updated else name)
    expect(bias.locator(".of")).to_have_text(say("neuron.bias.before" if updated else "neuron.bias"))
    expect(panel.get_by_text(say("neuron.before_update"))).to_have_count(int(updated))


@pytest.mark.parametrize(("name", "value"), [("W1[2, 1]", 0.25), ("b2[0]", -1.5)])
def test_a_typed_value_is_written_into_the_run_and_a_step_back_takes_it_out(pages, name, value):
    page = pages.open(XOR, STEP)
    tensor, index = choose(page, name)
    old = float(look_inside(page).tensors[tensor][index])
    number_field(page, say("setter.value")).fill(str(value))
    button(page, say("setter.set")).click()
    page.wait_for_function("() => (backscope.experiment.changes ?? []).length === 1")
    eventually(lambda: look_inside(page).tensors[tensor][index] == np.float32(value))
    change = look(page).experiment["changes"][0]
    assert change == {"t": STEP, "tensor": tensor, "index": list(index), "value": value}
    page.keyboard.press("Escape")
    page.locator("body").press("ArrowLeft")
    page.wait_for_function(f"backscope.t < {STEP}")
    assert float(look_inside(page).tensors[tensor][index]) != value or old == value


def test_a_weight_of_a_neuron_can_be_set_from_the_neuron(pages):
    page = pages.open(XOR, STEP)
    explored(page).focus()
    page.keyboard.press("Enter")
    choice = page.get_by_role("combobox", name=say("setter.choice"))
    expect(choice.locator("option")).to_have_text(["b2[0]", *(f"W2[0, {k}]" for k in range(4))])
    choice.select_option("W2[0, 3]")
    number_field(page, say("setter.value")).fill("2")
    number_field(page, say("setter.value")).press("Enter")
    eventually(lambda: look_inside(page).tensors["W2"][0, 3] == 2)


def test_on_the_large_network_an_answer_takes_less_than_a_tenth_of_a_second_and_on_xor_hardly_any(pages):
    """The time is printed by the bench; here only that the answer belongs to what was clicked."""
    page = pages.open(PRESETS["digits_100"], 3 * 18)
    there = sight(page, 11, "Weight W²")
    page.mouse.click(there.x + 0.5, there.y + 0.5)
    panel = view(page)
    expect(panel.locator(".why > .factors .total")).to_be_visible()
    name = re.match(r"Weight W²\[(\d+), (\d+)\]", panel.inner_text())
    assert name
    j, k = int(name[1]), int(name[2])
    engine = Timeline(Experiment.from_dict(PRESETS["digits_100"])).seek(54)
    true = float(engine["delta2"][1, j] * engine["a1"][1, k])
    assert total(panel) == pytest.approx(true, rel=1e-4, abs=1e-9)
    assert region(page, "Inspector").is_visible()
