"""Of what has just been computed formula, code and cells light each other, and where a cell came from is true."""

import json
import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from engine import Experiment
from engine.base.tensors import shape_of
from engine.experiment.presets import PRESETS
from engine.run.program import MicroStep, program
from tests.helpers.browsing import (
    Plain,
    at,
    button,
    channels,
    chooser,
    colour,
    eventually,
    explored,
    micro_steps,
    now,
    numbers,
    region,
    resized,
    same,
    say,
    slider,
    state,
    words,
)
from tests.helpers.cells import OVERLAY, aim, in_sight, point
from tests.helpers.equations import compute, related
from tests.helpers.experiments import ADAM

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

XOR, DIGITS = PRESETS["xor"], PRESETS["digits_100"]
Index = tuple[int, ...]


def panel(page: Page) -> Locator:
    return page.locator("[data-part=now]")


def operand(page: Page, step: MicroStep, name: str, side: str) -> Locator:
    """The cells of an operand; one that is read and written is there twice."""
    letters = dict(step.operands[0] + step.operands[1])[name]
    twice = name in step.reads and name in step.writes
    title = say(f"step.{side}", tensor=name) if twice else name
    title += f" [{', '.join(letters)}]" if letters else ""
    return panel(page).get_by_role("slider", name=title, exact=True)


def filled(canvas: Locator) -> Locator:
    """The same cells, once their numbers are there."""
    expect(canvas).to_be_visible()
    expect(canvas).not_to_have_class(re.compile(r"\bunread\b"))
    return canvas


def step_at(experiment: Plain, t: int) -> MicroStep:
    steps = program(Experiment.from_dict(experiment))
    return steps[(t - 1) % len(steps)]


def lit(canvas: Locator, shape: Index) -> set[Index]:
    """The cells that are outlined on a canvas."""
    found = set()
    for place in json.loads(canvas.get_attribute("data-lit") or "[]"):
        for cell in np.ndindex(shape):
            row, column = (0, 0, *cell)[-2:]
            if place["row"] in (None, row) and place["column"] in (None, column):
                found.add(cell)
    return found


def shows(canvas: Locator, shape: Index, cells: set[Index]) -> None:
    """Wait until just these cells are outlined."""
    eventually(lambda: lit(canvas, shape) == cells)


def operands(step: MicroStep) -> list[tuple[str, str, str]]:
    return [(side, *each) for side, of in zip(("reads", "writes"), step.operands, strict=True) for each in of]


@pytest.mark.parametrize(("experiment", "ts"), [(XOR, (2, 8, 9, 15)), (ADAM, (3, 20))], ids=["xor", "adam"])
def test_pointing_at_a_cell_lights_the_cells_that_it_came_from_or_goes_to(pages, experiment, ts):
    page = pages.open(experiment, ts[0])
    chosen = Experiment.from_dict(experiment)
    for t in ts:
        slider(page, "Timeline").fill(str(t))
        at(page, t)
        step = step_at(experiment, t)
        for side, name, letters in operands(step):
            shape = shape_of(name, chosen.sizes, 4)
            box = in_sight(filled(operand(page, step, name, side)))
            for index in list(np.ndindex(shape))[:: max(1, int(np.prod(shape)) // 3)]:
                aim(page, box, shape, index)
                for other_side, other, of in operands(step):
                    other_shape = shape_of(other, chosen.sizes, 4)
                    cells = {
                        cell for cell in np.ndindex(other_shape)
                        if other_side != side and related(index, letters, cell, of)
                    }  # fmt: skip
                    if (other_side, other) == (side, name):
                        cells = {index}
                    found = operand(page, step, other, other_side)
                    shows(found, other_shape, cells)
        page.mouse.move(5, 5)


def test_nudging_a_cell_changes_just_the_cells_that_it_is_said_to_flow_into(pages):
    page, rng = pages.open(XOR, 2), np.random.default_rng(2)
    chosen = Experiment.from_dict(XOR)
    for t in (2, 6, 8, 9, 10, 12):
        slider(page, "Timeline").fill(str(t))
        at(page, t)
        step = step_at(XOR, t)
        ((written, _),) = step.operands[1]
        arrays = [rng.normal(size=state(XOR, t)[name].shape) for name in step.reads]  # a 0 would hide a change
        before = compute(chosen, step, arrays)
        for place, (name, array) in enumerate(zip(step.reads, arrays, strict=True)):
            index = tuple(size // 2 for size in array.shape)
            nudged = [each.copy() for each in arrays]
            nudged[place][index] += 0.3
            changed = {tuple(map(int, cell)) for cell in np.argwhere(compute(chosen, step, nudged) != before)}
            assert changed, (t, name)
            point(page, filled(operand(page, step, name, "reads")), array.shape, index)
            shows(operand(page, step, written, "writes"), before.shape, changed)
        page.mouse.move(5, 5)


def test_the_letters_are_told_with_their_values(pages):
    page = pages.open(XOR, 2)
    step = step_at(XOR, 2)
    trail = panel(page).locator(".trail")
    expect(trail).to_have_text(say("step.point"))
    point(page, operand(page, step, "z1", "writes"), (4, 4), (2, 0))
    expect(trail).to_contain_text("z1[i=2, j=0] = ")
    expect(trail).to_contain_text("from a0[i=2, k=0..1], W1[j=0, k=0..1], b1[j=0].")
    point(page, operand(page, step, "a0", "reads"), (4, 2), (3, 1))
    expect(trail).to_contain_text("a0[i=3, k=1] = 1 flows into z1[i=3, j=0..3].")
    page.mouse.move(5, 5)
    expect(trail).to_have_text(say("step.point"))
    slider(page, "Timeline").fill("1")
    at(page, 1)
    point(page, operand(page, step_at(XOR, 1), "y", "writes"), (4, 1), (0, 0))
    expect(trail).to_contain_text(say("step.alone", cell="y[i=0, j=0]", value="0").split(". ")[1])


@pytest.mark.parametrize(("experiment", "steps"), [(XOR, 2), (ADAM, 3)], ids=["xor", "adam"])
def test_each_operand_shows_what_was_read_before_and_what_was_written_after(pages, experiment, steps):
    """A parameter's update reads and writes the same tensor: both are shown, each as it was."""
    count = micro_steps(experiment)
    page = pages.open(experiment, count * steps)
    for t in range(count * (steps - 1) + 1, count * steps + 1, 4 if experiment == XOR else 9):
        slider(page, "Timeline").fill(str(t))
        at(page, t)
        step = step_at(experiment, t)
        for side, name, _ in operands(step):
            array = np.asarray(state(experiment, t - 1 if side == "reads" else t)[name], np.float32)
            index = tuple(size - 1 for size in array.shape)
            point(page, filled(operand(page, step, name, side)), array.shape, index)
            tells(page, array[index])
        page.mouse.move(5, 5)


def test_the_operands_of_a_large_network_are_whole_and_say_how_they_are_shrunk(pages):
    page = pages.open(DIGITS, 2)
    step = step_at(DIGITS, 2)
    canvas = filled(operand(page, step, "W1", "reads"))
    expect(panel(page)).to_contain_text(say("step.pooled", down=2, across=8))
    engine = state(DIGITS, 2)
    canvas.focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    value = str(canvas.get_attribute("aria-valuetext")).split(" = ")[1].split(" ")[0]
    assert same(numbers(value)[0], np.float32(engine["W1"][3, 0]))
    assert lit(operand(page, step, "z1", "writes"), (32, 100)) == {(i, 3) for i in range(32)}
    assert page.evaluate(OVERLAY)


ALIGHT = "all => all.map(each => [each.dataset.tensor, each.closest('.formula, code, pre, figure').tagName])"


def reads_as(page: Page, text: str) -> None:
    """The code on the page is this, letter by letter."""
    expect(panel(page).locator("code")).to_have_text(text, use_inner_text=False)
    assert panel(page).locator("code").evaluate("code => code.textContent") == text


def test_the_textbook_lines_come_first_and_behind_a_switch_the_exact_source_with_comments_in_the_pages_language(pages):
    page = pages.open(XOR, 9, fresh=True)
    rows, ran = (panel(page).get_by_label(say(f"now.{name}")) for name in ("columns", "ran"))
    step = step_at(XOR, 9)
    reads_as(page, "db2 = delta2.mean(axis=0)")
    expect(panel(page)).to_contain_text(say("rounds.order"))
    rows.check()
    reads_as(page, "db2 = delta2.mean(axis=1, keepdims=True)")
    expect(panel(page)).to_contain_text(say("now.columns.says"))
    expect(panel(page).locator("pre i")).to_contain_text("delta2 (1, 4)   db2 (1, 1)")
    ran.check()
    reads_as(page, step.equation.source)
    expect(panel(page).locator("pre i")).to_contain_text("delta2 (4, 1)   db2 (1)")
    chooser(page, "Language").select_option("zh")
    expect(panel(page).locator("code .comment")).to_have_text(f"# {words('zh')['comment.bias_gradient.1']}")
    view = page.evaluate("backscope.view")  # the scene
    assert (view["convention"], view["ran"]) == ("columns", True)


def test_the_names_of_the_code_light_with_the_formulas_symbols(pages):
    page = pages.open(XOR, 2)
    for t in (2, 7, 8, 15):
        slider(page, "Timeline").fill(str(t))
        at(page, t)
        step = step_at(XOR, t)
        reads_as(page, step.textbook)
        for name in {*step.reads, *step.writes}:
            symbol = panel(page).locator(f".formula [data-tensor='{name}']").first
            symbol.hover()
            expect(symbol).to_have_class(re.compile(r"\balight\b"))
            alight = panel(page).locator(".alight").evaluate_all(ALIGHT)
            assert {tensor for tensor, _ in alight} == {name}
            kinds = {kind for _, kind in alight}
            assert {"DIV", "PRE", "FIGURE"} <= kinds
            code = panel(page).locator(f"code [data-tensor='{name}']")
            assert ("CODE" in kinds) == (code.count() > 0)
            if code.count():
                page.mouse.move(5, 5)
                expect(panel(page).locator(".alight")).to_have_count(0)
                code.first.hover()
                expect(symbol).to_have_class(re.compile(r"\balight\b"))
        page.mouse.move(5, 5)
        expect(panel(page).locator(".alight")).to_have_count(0)


def test_a_symbol_lights_its_tensor_in_the_network_and_the_network_lights_the_symbol(pages):
    page = pages.open(XOR, 8)
    assert not page.evaluate(OVERLAY)
    symbols = panel(page).locator(".formula [tabindex='0']")
    symbols.first.focus()
    expect(panel(page).locator(".formula .alight")).to_have_count(2)  # delta2, as it is computed and as dW2 reads it
    assert page.evaluate(OVERLAY)
    symbols.first.evaluate("symbol => symbol.blur()")
    page.wait_for_function(f"() => !({OVERLAY})()")
    explored(page).focus()
    page.keyboard.press("ArrowLeft")
    expect(panel(page).locator(".formula [data-tensor=a1]")).to_have_class(re.compile(r"\balight\b"))
    expect(panel(page).locator(".formula [data-tensor=delta2]").first).not_to_have_class(re.compile(r"\balight\b"))


def test_a_step_of_a_layer_shows_all_its_equations_in_the_order_in_which_they_ran(pages):
    page = pages.open(XOR, 6)
    equations = panel(page).locator(".equations > li")
    expect(equations).to_have_count(1)
    button(page, "Step forward").click()
    at(page, 9)
    names = ("output_error", "weight_gradient", "bias_gradient")
    expect(equations.locator(".title")).to_have_text([say(f"equation.{name}") for name in names])
    for place, t in enumerate((7, 8, 9)):
        step = step_at(XOR, t)
        for name in (*step.reads, *step.writes):
            expect(equations.nth(place).locator(f".formula [data-tensor={name}]").first).to_be_visible()
    chooser(page, "Grain").select_option("equation")
    expect(equations).to_have_count(1)
    expect(equations.locator(".title")).to_have_text(say("equation.bias_gradient"))


@pytest.mark.parametrize(("experiment", "t", "place"), [(XOR, 9, 0), (ADAM, 0, 1)], ids=["xor", "adam"])
def test_an_earlier_equation_of_the_step_can_be_opened_with_its_code_and_its_cells_as_they_were(
    pages, experiment, t, place
):
    end = t or micro_steps(experiment)
    page = pages.open(experiment, end)
    equations = panel(page).locator(".equations > li")
    opened = end - equations.count() + 1 + place
    step = step_at(experiment, opened)
    button(page, say(f"equation.{step.equation}")).nth(0).click()
    reads_as(page, step.textbook)
    for side, name, _ in operands(step):
        array = np.asarray(state(experiment, opened - 1 if side == "reads" else opened)[name], np.float32)
        index = tuple(size - 1 for size in array.shape)
        point(page, filled(operand(page, step, name, side)), array.shape, index)
        tells(page, array[index])
    page.mouse.move(5, 5)


def test_keys_walk_through_the_cells_of_an_operand(pages):
    page = pages.open(XOR, 8)
    step = step_at(XOR, 8)
    canvas = filled(operand(page, step, "dW2", "writes"))
    canvas.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    value = str(canvas.get_attribute("aria-valuetext"))
    assert value.startswith("dW2[j=0, k=2] = ")
    assert value.endswith("from delta2[i=0..3, j=0], a1[i=0..3, k=2].")
    assert lit(operand(page, step, "a1", "reads"), (4, 4)) == {(i, 2) for i in range(4)}
    assert now(page) == 8
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=why]")).to_contain_text("W²[0, 2]")


def test_at_full_speed_it_is_never_wrong_and_at_rest_it_is_complete(pages):
    page = pages.open(XOR)
    chooser(page, "Grain").select_option("layer")
    slider(page, "Speed").fill("70")
    button(page, "Play").click()
    page.wait_for_function("backscope.t > 400")
    seen = page.evaluate("""async () => {
      const seen = [];
      for (let i = 0; i < 40; i++) {
        await new Promise((done) => setTimeout(done, 25));
        const trail = document.querySelector(".trail");
        seen.push([trail.textContent, document.querySelectorAll(".operand .cells:not(.unread)").length]);
      }
      return seen;
    }""")
    assert all(count or text == say("step.resting") for text, count in seen), seen
    button(page, "Pause").click()
    t = now(page)
    at(page, t)
    step = step_at(XOR, t)
    for side, name, _ in operands(step):
        array = np.asarray(state(XOR, t - 1 if side == "reads" else t)[name], np.float32)
        point(page, filled(operand(page, step, name, side)), array.shape, tuple(0 for _ in array.shape))
        tells(page, array.flat[0])


def said(page: Page) -> float:
    """The number that the panel tells of the cell that is pointed at."""
    text = panel(page).locator(".trail").inner_text()
    return numbers(text.split(" = ")[1].split(" ")[0].rstrip(".,"))[0] if " = " in text else float("nan")


def tells(page: Page, value: Any) -> None:
    """Wait until it tells this number."""
    eventually(lambda: same(said(page), value))


def luminance(rgb: Any) -> float:
    parts = np.asarray(rgb) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_code_can_be_read_in_both_themes(pages, scheme):
    page = pages.open(XOR, 8, color_scheme=scheme)
    paper = luminance(channels(colour(page, "surface")))
    panel(page).locator(".formula [tabindex='0']").first.focus()
    parts = panel(page).locator("code, code span, pre i span, figcaption, .across, .alight")
    found = parts.evaluate_all("all => all.map(each => [getComputedStyle(each).color, each.innerText])")
    assert len(found) > 8
    for text_colour, text in found:
        ink = luminance(channels(text_colour))
        assert (max(ink, paper) + 0.05) / (min(ink, paper) + 0.05) >= 4.5, text


def test_no_operand_sticks_out_of_the_inspector_at_any_width(pages):
    page = pages.open(DIGITS, 8)
    for width, height in ((1024, 768), (1440, 900), (1920, 1080), (390, 844)):
        resized(page, width, height)
        if width < 861:
            page.get_by_role("tab", name="Look closer").click()
        expect(panel(page).locator(".operand").first).to_be_visible()
        assert panel(page).evaluate("""(now) => [...now.querySelectorAll(".operand, canvas, .trail")]
          .filter((each) => each.getBoundingClientRect().right > now.getBoundingClientRect().right)
          .map((each) => each.outerHTML.slice(0, 80))""") == []  # fmt: skip
    assert region(page, "Inspector").is_visible()
