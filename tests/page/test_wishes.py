"""The page shows what one example asks of every layer, and an independent autodiff gives the same numbers."""

import re
from functools import lru_cache, partial
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from engine import Experiment, Timeline
from engine.experiment.presets import PRESETS
from tests.helpers.autodiff import true_gradients
from tests.helpers.browsing import (
    at,
    bring,
    button,
    eventually,
    explored,
    micro_steps,
    now,
    numbers,
    region,
    say,
    words,
)
from tests.helpers.gallery import open_example
from tests.helpers.networks import State, plain, table
from tests.helpers.words import chinese, foreign

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

XOR, DIGITS, WIDE = PRESETS["xor"], PRESETS["digits_13002"], PRESETS["digits_100"]
FEW = table([[0.3, -1.2, 0.7], [0.8, 0.4, 0.1], [-0.5, 2.0, -0.9], [1.1, 0.2, 0.4]], [[1, 0], [0, 1], [0, 1], [1, 0]])
PARTS = plain(
    (4, "tanh", {"batch_norm": True}), (4, "relu", {"dropout": 0.3}), (4, "tanh", {"residual": True}), (2, "softmax"),
    dataset=FEW, loss="squared_error", mini_batch_size=4, seed=5, optimizer={"name": "adam", "learning_rate": 0.05},
)  # fmt: skip
SKIPPING = plain(
    (3, "sigmoid", {"residual": True, "batch_norm": True}), (2, "softmax"),
    dataset=FEW, loss="cross_entropy", mini_batch_size=4, seed=2,
)  # fmt: skip
NETWORKS = {"xor": XOR, "parts": PARTS, "skipping": SKIPPING}
PART = {name: say(f"wishes.part.{name}") for name in ("asked", "strip", "skip", "total")}


@lru_cache
def truth(name: str, step: int) -> State:
    """What an independent autodiff says of a training step, and the tensors of its passes: before the update."""
    chosen = Experiment.from_dict({**NETWORKS, "digits": DIGITS, "wide": WIDE}[name])
    timeline = Timeline(chosen)
    state = dict(timeline.seek(timeline.t_of(step) + sum(each.phase != "update" for each in timeline.program)))
    return state | true_gradients(chosen, state)


def opened(pages: Any, name: str, step: int, example: int = 0, **options: Any) -> Page:
    """The page at the end of a training step, its wishes in front."""
    form = {**NETWORKS, "digits": DIGITS, "wide": WIDE}[name]
    page: Page = pages.open(form, (step + 1) * micro_steps(form), **options)
    bring(page, "wishes")
    show(page, example)
    return page


def wishes(page: Page) -> Locator:
    return page.locator("[data-part=wishes]")


def show(page: Page, example: int) -> None:
    """Choose an example in the view."""
    shown = wishes(page).get_by_role("group", name=say("example.label"))
    while not re.match(rf"example {example + 1} of", shown.locator("span").inner_text()):
        shown.get_by_role("button", name=say("example.next")).click()
    settled(page)


def settled(page: Page) -> None:
    expect(wishes(page).locator(".wish-body")).to_have_attribute("aria-busy", "false")


def stops(page: Page) -> Locator:
    return wishes(page).get_by_role("group", name=say("wishes.stops")).get_by_role("listitem").get_by_role("button")


def go(page: Page, back: int) -> None:
    stop = page.locator(f"[data-key=stop{back}]")
    stop.click()
    expect(stop).to_have_attribute("aria-current", "step")
    settled(page)


def listed(page: Page) -> list[list[float]]:
    """The rows of the list: the unit, then all its numbers in full."""
    cells: list[list[str]] = page.evaluate("""[...document.querySelectorAll(".wish-list tbody tr")].map((row) =>
        [row.cells[0].textContent, ...[...row.cells].filter((cell) => cell.title).map((cell) => cell.title)])""")
    return [[(numbers(cell) or [np.nan])[0] for cell in row] for row in cells]


def near(found: Any, true: Any) -> bool:
    """Whether numbers in full are the true ones, as far as float32 goes."""
    return bool(np.allclose(found, true, rtol=2e-3, atol=1e-6))


def reads(found: float, true: float) -> bool:
    """Whether a number in brief is the true one, as far as its digits go."""
    size = abs(float(true))
    digits = min(4, 2 - int(np.floor(np.log10(size)))) if size else 0
    return abs(found - true) <= (0.051 * size + 1e-9 if size < 0.00101 else 0.51 * 10.0**-digits)


def true_rows(true: State, name: str, layer: int, example: int) -> list[list[float]]:
    """What the list should say of a layer."""
    chosen = Experiment.from_dict(NETWORKS[name])
    columns: list[Any] = []
    if layer == len(chosen.layers):
        columns += [true[f"a{layer}"], true["y"]]
    if layer < len(chosen.layers) or chosen.loss == "squared_error":
        columns.append(-true[f"da{layer}"])
    columns += [true[each] for each in (f"mask{layer}", f"slope{layer}") if each in true]
    if chosen.layers[layer - 1].batch_norm:
        columns.append(-true[f"dztilde{layer}"])
    columns.append(-true[f"delta{layer}"])
    return [[unit, *(column[example][unit] for column in columns)] for unit in range(chosen.sizes[layer])]


def lists(page: Page, rows: list[list[float]]) -> bool:
    found = listed(page)
    return np.shape(found) == np.shape(rows) and near(found, rows)


@pytest.mark.parametrize(("name", "step", "example"), [("xor", 7, 3), ("parts", 2, 2), ("skipping", 3, 0)])
def test_every_layer_lists_what_is_asked_of_its_neurons_and_what_they_wish(pages, name, step, example):
    page = opened(pages, name, step, example)
    true, depth = truth(name, step), len(NETWORKS[name]["layers"])
    for back in range(depth):
        go(page, back)
        rows = true_rows(true, name, depth - back, example)
        eventually(partial(lists, page, rows))
    go(page, depth)
    expect(page.locator(".wish-list")).to_have_count(0)  # inputs wish nothing themselves


def walk(page: Page, part: str, rows: int, columns: int) -> list[list[list[float]]]:
    """The numbers that are read out at each cell of a grid, reached with the arrow keys."""
    grid = wishes(page).get_by_role("slider", name=PART[part], exact=True)
    grid.focus()
    for key, count in (("ArrowUp", rows), ("ArrowLeft", columns)):
        for _ in range(count):
            page.keyboard.press(key)
    found = []
    for row in range(rows):
        line = []
        for column in range(columns):
            line.append(numbers(wishes(page).locator(".wish-readout:visible").inner_text()))
            if column + 1 < columns:
                page.keyboard.press("ArrowRight" if row % 2 == 0 else "ArrowLeft")
        found.append(line if row % 2 == 0 else line[::-1])
        page.keyboard.press("ArrowDown")
    return found


@pytest.mark.parametrize(("name", "step", "example"), [("xor", 4, 2), ("parts", 1, 3)])
def test_each_cell_is_one_neurons_wish_for_another_and_their_sum_is_what_is_asked(pages, name, step, example):
    page = opened(pages, name, step, example)
    true, chosen = truth(name, step), Experiment.from_dict(NETWORKS[name])
    moment = now(page)
    for back in range(1, len(chosen.sizes)):
        go(page, back)
        layer = len(chosen.layers) - back
        units, above = chosen.sizes[layer], chosen.sizes[layer + 1]
        wish, weights = -true[f"delta{layer + 1}"][example], true[f"W{layer + 1}"]
        skip = -true[f"da{layer + 1}"][example] if chosen.layers[layer].residual else np.zeros(units)
        asked = walk(page, "asked", units, above)
        for k in range(units):
            for p in range(above):
                value, own, w = asked[k][p][-3:]
                assert all(map(reads, (own, w, value), (wish[p], weights[p, k], wish[p] * weights[p, k])))
        sums = [cell[0][-1] for cell in walk(page, "total", units, 1)]
        assert all(map(reads, sums, wish @ weights + skip))
        if skip.any():
            assert all(map(reads, [cell[0][-1] for cell in walk(page, "skip", units, 1)], skip))
        expect(wishes(page).get_by_role("slider", name=PART["skip"], exact=True)).to_have_count(int(skip.any()))
        strip = walk(page, "strip", 1, above)
        assert all(map(reads, [cell[-1] for cell in strip[0]], wish))
    assert now(page) == moment  # the keys that step elsewhere did not step here


WAYS = """list => [...list.children].map(way => {
  const lines = [...way.querySelectorAll(".wish-way")].map(line => {
    const [unit, factor, output] = ["span", ".wish-factor", "output"].map(each => line.querySelector(each));
    return [unit.textContent, factor.title, output.title];
  });
  return lines.length ? lines : [[way.querySelector("output").title]];
})"""


def ways(page: Page) -> tuple[float, list[list[float]], list[list[float]]]:
    """The three ways: of the bias, of each weight and of each activation, these as [unit, factor, wish]."""
    found = wishes(page).locator(".wish-ways").evaluate(WAYS)
    ((bias,),), weights, activations = ([[numbers(text)[0] for text in line] for line in way] for way in found)
    return bias, weights, activations


def assert_ways(page: Page, true: State, layer: int, example: int, neuron: int) -> None:
    own = -true[f"delta{layer}"][example, neuron]
    eventually(lambda: near(ways(page)[0], own))
    _, weights, activations = ways(page)
    for found, factors in ((weights, true[f"a{layer - 1}"][example]), (activations, true[f"W{layer}"][neuron])):
        order = np.argsort(-np.abs(own * factors), kind="stable")[:5]
        sizes = [abs(wish) for _, _, wish in found]
        assert sizes == sorted(sizes, reverse=True)
        assert len(found) == len(order)
        assert near(sizes, np.abs(own * factors)[order])
        assert all(near([factor, wish], [factors[int(k)], own * factors[int(k)]]) for k, factor, wish in found)


@pytest.mark.parametrize(("name", "step", "example"), [("xor", 1, 1), ("parts", 3, 1)])
def test_the_neuron_that_is_chosen_has_three_ways_to_what_it_wishes_strongest_first(pages, name, step, example):
    page = opened(pages, name, step, example)
    true, chosen = truth(name, step), Experiment.from_dict(NETWORKS[name])
    for back in range(len(chosen.layers)):
        go(page, back)
        layer = len(chosen.layers) - back
        for neuron in range(chosen.sizes[layer]):
            pick = page.locator(".wish-list tbody tr").nth(neuron)
            pick.click()
            expect(pick.get_by_role("button")).to_have_attribute("aria-pressed", "true")
            if true[f"delta{layer}"][example, neuron]:
                assert_ways(page, true, layer, example, neuron)


def test_the_right_class_is_followed_until_another_output_is_chosen_by_keyboard(pages):
    page = opened(pages, "digits", 0, 3)
    true = truth("digits", 0)
    a, right = true["a3"][3], int(true["y"][3].argmax())
    sentence = wishes(page).locator(".wish-sentence")
    expect(sentence).to_contain_text(f"utput {right} is ")
    text = sentence.inner_text()
    assert numbers(text)[0] == right
    assert numbers(text)[1] == pytest.approx(a[right], rel=0.01)
    assert numbers(text)[2] == 1
    assert "up" in text
    assert "↑" in text
    other = (right + 1) % 10
    button(page, say("wishes.output", unit=other)).focus()
    page.keyboard.press("Enter")
    expect(sentence).to_contain_text(f"utput {other} is ")
    expect(sentence).to_contain_text("should be 0: down")
    expect(button(page, say("wishes.output", unit=other))).to_be_focused()
    assert_ways(page, true, 3, 3, other)


def test_one_goes_from_the_outputs_to_the_input_and_back_by_keyboard_and_time_stands_still(pages):
    page = opened(pages, "parts", 0)
    moment = now(page)
    names = [stop.inner_text() for stop in stops(page).all()]
    assert names == ["outputs", "layer 3", "layer 2", "layer 1", "input"]
    further, earlier = button(page, say("wishes.further")), button(page, say("wishes.earlier"))
    expect(earlier).to_be_disabled()
    for place in range(1, 5):
        further.focus()
        page.keyboard.press("Enter")
        expect(stops(page).nth(place)).to_have_attribute("aria-current", "step")
    expect(further).to_be_disabled()
    expect(wishes(page)).to_contain_text("only wished for")
    stops(page).nth(2).focus()
    page.keyboard.press("Enter")
    expect(stops(page).nth(2)).to_have_attribute("aria-current", "step")
    expect(stops(page).nth(2)).to_be_focused()
    earlier.click()
    expect(wishes(page)).to_contain_text(say("wishes.above.outputs"))
    assert now(page) == moment


def test_the_stage_and_the_view_show_the_same_example(pages):
    page = opened(pages, "xor", 2, 0)
    true = truth("xor", 2)
    for example in (0, 1, 2, 3):
        show(page, example)
        expect(region(page, "Network")).to_contain_text(say("example", example=example + 1, count=4))
        eventually(partial(lists, page, true_rows(true, "xor", 2, example)))
    x, y = true["a0"][3], true["y"][3]
    expect(wishes(page)).to_contain_text(f"({x[0]:g}, {x[1]:g}), target: ({y[0]:g})")


OVERLAY = 'document.querySelector("canvas.overlay").toDataURL()'


def test_what_is_pointed_at_is_lit_in_the_network_and_the_other_way_round(pages):
    page = opened(pages, "xor", 0, 1)
    go(page, 1)
    unlit = page.evaluate(OVERLAY)
    grid = wishes(page).get_by_role("slider", name=PART["asked"], exact=True)
    grid.hover(position={"x": 10, "y": 10})
    expect(wishes(page).locator(".wish-readout:visible")).to_contain_text("asks neuron 0 of layer 1")
    eventually(lambda: page.evaluate(OVERLAY) != unlit)
    page.mouse.move(5, 5)
    eventually(lambda: page.evaluate(OVERLAY) == unlit)
    page.locator(".wish-list tbody tr").nth(2).hover()
    eventually(lambda: page.evaluate(OVERLAY) != unlit)
    page.mouse.move(5, 5)
    explored(page).focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".wish-list tbody tr.lit")).to_have_count(1)


def test_what_has_not_been_computed_yet_is_a_dash_and_says_what_will_compute_it(pages):
    page = pages.open(XOR)
    bring(page, "wishes")
    settled(page)
    expect(page.locator(".wish-list tbody")).to_contain_text("—")
    assert not re.search(r"\d\.\d|↑|↓", page.locator(".wish-body").inner_text())
    expect(wishes(page)).to_contain_text("delta2")
    go(page, 1)
    expect(wishes(page)).to_contain_text("da1")
    expect(wishes(page).get_by_role("slider")).to_have_count(0)
    timeline = Timeline(Experiment.from_dict(XOR))
    written = [step.writes[0] for step in timeline.program]
    page.get_by_role("combobox", name="Grain").select_option("equation")
    for moment in range(written.index("delta1")):
        button(page, "Step forward").click()
        at(page, moment + 1)
        drawn = "da1" in written[: moment + 1]
        expect(wishes(page).get_by_role("slider", name=PART["asked"], exact=True)).to_have_count(int(drawn))
    expect(wishes(page)).to_contain_text("delta1")
    assert not numbers(page.locator(".wish-list tbody tr td.wish").first.inner_text())


def test_wishes_for_a_picture_are_pictures_one_a_neuron_and_their_sum(pages):
    page = opened(pages, "digits", 1, 2)
    go(page, 3)
    true = truth("digits", 1)
    wish, weights = -true["delta1"][2], true["W1"]
    readout = wishes(page).locator(".wish-readout:visible")
    tiles = wishes(page).get_by_role("slider", name=say("wishes.tiles"), exact=True)
    tiles.hover(position={"x": 61 + 2 * 14 + 1, "y": 2 * 9 + 1})  # in the second picture
    expect(readout).not_to_have_text(say("wishes.point"))
    row, column, value, own, w = numbers(readout.inner_text())[2:]
    assert (row, column) == (9, 14)
    k = int(28 * row + column)
    assert all(map(reads, (own, w, value), (wish[1], weights[1, k], wish[1] * weights[1, k])))
    tiles.focus()
    page.keyboard.press("ArrowRight")
    assert numbers(readout.inner_text())[0] in range(16)
    total = wishes(page).get_by_role("slider", name=PART["total"], exact=True)
    total.focus()
    for key, count in (("ArrowDown", 11), ("ArrowRight", 13)):
        for _ in range(count):
            page.keyboard.press(key)
    assert all(map(reads, numbers(readout.inner_text()), [11, 13, (wish @ weights)[11 * 28 + 13]]))
    wishes(page).get_by_role("slider", name=say("wishes.given"), exact=True).focus()
    for key, count in (("ArrowDown", 14), ("ArrowRight", 14)):
        for _ in range(count):
            page.keyboard.press(key)
    assert all(map(reads, numbers(readout.inner_text()), [14, 14, true["a0"][2, 14 * 28 + 14]]))


def test_of_more_neurons_than_there_is_room_for_the_strongest_are_shown_and_it_says_so(pages):
    form = plain((12, "tanh"), (300, "tanh"), (1, "sigmoid"), dataset="moons", mini_batch_size=4)
    timeline = Timeline(Experiment.from_dict(form))
    page = pages.open(form, len(timeline.program))
    bring(page, "wishes")
    show(page, 0)
    go(page, 2)
    state = timeline.seek(len(timeline.program) - 1)
    sizes = np.abs(state["delta2"][0])
    shown, count = (int(each) for each in re.findall(r"Shown are the (\d+).*?of (\d+)", wishes(page).inner_text())[0])
    assert count == 300
    assert shown < 300
    strongest = set(np.argsort(-sizes)[:shown].tolist())
    box = wishes(page).get_by_role("slider", name=PART["asked"], exact=True)
    readout = wishes(page).locator(".wish-readout:visible")
    read = set()
    for x in range(3, 30, 3):
        box.hover(position={"x": x, "y": 10})
        expect(readout).not_to_have_text(say("wishes.point"))
        read.add(int(numbers(readout.inner_text())[0]))
    assert len(read) > 5
    assert read <= strongest
    go(page, 1)
    rows = listed(page)
    assert len(rows) == 16
    assert {int(row[0]) for row in rows} == set(np.argsort(-sizes)[:16].tolist())


def test_another_network_begins_at_its_outputs_again(pages):
    page = opened(pages, "xor", 0, 1)
    go(page, 2)
    open_example(page, words()["preset.spirals"])
    expect(stops(page)).to_have_count(4)
    expect(stops(page).nth(0)).to_have_attribute("aria-current", "step")


def test_while_it_plays_the_wishes_follow(pages):
    page = opened(pages, "xor", 0, 1)
    before = listed(page)
    button(page, "Play").click()
    eventually(lambda: listed(page) and listed(page) != before)
    button(page, "Pause").click()
    step = now(page) // 18
    button(page, "Step forward").focus()
    page.keyboard.press("Shift+ArrowRight")
    at(page, (step + 1) * 18)
    eventually(partial(lists, page, true_rows(truth("xor", step), "xor", 2, 1)))


def test_the_wishes_are_chinese_where_the_page_is(pages):
    page = chinese(pages, XOR, micro_steps(XOR))
    bring(page, "wishes", "zh")
    for form in (XOR, PARTS, DIGITS):
        if form is not XOR:  # which is there already
            pages.go(page, form, micro_steps(form))
            bring(page, "wishes", "zh")
        for back in range(len(form["layers"]) + 1):
            go(page, back)
            grids = wishes(page).get_by_role("slider").all()
            for grid in grids:
                grid.focus()
            assert {text for text in foreign(page) if "learning" not in text and "rate" not in text} == set()
