"""What the arrows mean is chosen: the nudge, the gradient or the update; each is true, and the legend says it."""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from engine import Experiment, Timeline
from engine.experiment.presets import PRESETS
from engine.explain.parameter_update import parameter_updates
from engine.explain.passes import passes
from engine.explain.per_example_gradients import example_gradients
from tests.helpers.browsing import (
    Mark,
    Moment,
    at,
    button,
    channels,
    choose_arrows,
    chooser,
    colour,
    eventually,
    legend,
    look,
    micro_steps,
    numbers,
    region,
    same,
    say,
    slider,
    words,
)
from tests.helpers.sights import sight, sights

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

XOR, SPIRALS, DIGITS = PRESETS["xor"], PRESETS["spirals"], PRESETS["digits_13002"]
ADAM = {**SPIRALS, "optimizer": {"name": "adam", "learning_rate": 0.01}}
NORMED = {
    **SPIRALS, "optimizer": {"name": "gradient_descent", "learning_rate": 0.2}, "clip_norm": 0.1,
    "layers": [{"units": 5, "activation": "tanh", "batch_norm": True}, *SPIRALS["layers"][1:]],
}  # fmt: skip
ARROWS = "backscope.marks().filter(({ kind }) => kind === 'nudge')"
SIGN = {"nudge": -1, "gradient": 1, "update": 1}


def shows(page: Page, name: str) -> None:
    """Have the arrows show something else, and wait until they do."""
    choose_arrows(page, "Arrows show", name)
    expect(page.locator("[data-control=arrows]")).to_have_value(name)


def saying(page: Page) -> Locator:
    return page.locator("[data-legend=saying]")


@lru_cache(maxsize=2)
def run(experiment: str) -> Timeline:
    return Timeline(Experiment.from_dict(json.loads(experiment)))


def truth(moment: Moment) -> dict[str, np.ndarray]:
    """All that arrows may show at this moment, as the engine has it in this process."""
    timeline = run(json.dumps(moment.experiment))
    return {**timeline.seek(moment.t), **parameter_updates(timeline, moment.t)}


def arrows(moment: Moment) -> list[Mark]:
    """The arrows, and the cells of the pictures that show the same."""
    return [*moment.of("nudge"), *(mark for mark in moment.of("pixel") if mark.tensor not in ("a0", "W1"))]


def false(moment: Moment) -> list[Mark]:
    engine = truth(moment)
    return [
        mark
        for mark in arrows(moment)
        if mark.tensor not in engine
        or (mark.value != (true := engine[mark.tensor][mark.index]) and not same(mark.value, true))
    ]


def drawn(page: Page, tensor: str) -> None:
    """Wait until there are marks of a tensor."""
    page.wait_for_function("name => backscope.marks().some(({ tensor }) => tensor === name)", arg=tensor)


@pytest.mark.parametrize("experiment", [SPIRALS, ADAM, NORMED], ids=["descent", "adam", "normed and clipped"])
def test_each_arrow_is_an_element_of_the_engines_arrays_and_blue_where_what_it_shows_is_positive(pages, experiment):
    steps = micro_steps(experiment)
    page = pages.open(experiment, 3 * steps)
    up, down = colour(page, "up"), colour(page, "down")
    for name, t in product(SIGN, (3 * steps, steps)):
        shows(page, name)
        letter = "u" if name == "update" else "d"
        drawn(page, f"{letter}W3")
        slider(page, "Timeline").fill(str(t))
        at(page, t)
        moment = look(page)
        shown = arrows(moment)
        assert false(moment) == []
        expected = {f"{letter}{each}" for each in Experiment.from_dict(experiment).parameters}
        if experiment is NORMED:
            expected -= {f"{letter}b1"}  # the shift stands where the bias, which it takes the place of, would
        assert {mark.tensor for mark in shown} == expected
        assert {mark.colour for mark in shown if mark.value} == {up, down}
        for mark in shown:
            if mark.value:
                assert mark.colour == (up if SIGN[name] * mark.value > 0 else down)


# The triangles that the stage paints, full or hollow, each with its colour and whether it points up: the arrows' heads.
RECORD_HEADS = """
window.heads = [];
const pen = CanvasRenderingContext2D.prototype;
const { beginPath, moveTo, lineTo, fill, stroke, fillRect } = pen;
const recording = (name, method) => { pen[name] = function (...given) {
  if (this.canvas.matches(".scene")) {
    if (name === "fillRect" && given[2] === this.canvas.clientWidth) window.heads = [];
    if (name === "beginPath") this.points = [];
    if (name === "moveTo" || name === "lineTo") this.points?.push(given);
    if ((name === "fill" || name === "stroke") && this.points?.length === 3) {
      const [[, base], , [, tip]] = this.points;
      window.heads.push([this[`${name}Style`], tip < base]);
    }
  }
  return method.apply(this, given);
}; };
const methods = { beginPath, moveTo, lineTo, fill, stroke, fillRect };
Object.entries(methods).forEach(([name, method]) => recording(name, method));
"""


def test_blue_arrows_are_painted_upwards_and_red_ones_downwards(pages):
    page = pages.open(SPIRALS, fresh=True)
    page.evaluate(RECORD_HEADS)
    slider(page, "Timeline").fill(str(micro_steps(SPIRALS)))
    at(page, micro_steps(SPIRALS))
    up, down = colour(page, "up"), colour(page, "down")
    for name in SIGN:
        shows(page, name)
        drawn(page, "uW3" if name == "update" else "dW3")
        page.wait_for_function("heads.length > 0")
        moment = look(page)
        heads = page.evaluate("heads")
        assert len(heads) == len([mark for mark in moment.of("nudge") if mark.value])
        assert {(each, upwards) for each, upwards in heads} == {(up, True), (down, False)}
        positive = sum(SIGN[name] * mark.value > 0 for mark in moment.of("nudge"))
        assert sum(upwards for _, upwards in heads) == positive


# Canvas text with a sign is the number beside an arrow, and a full circle is a neuron, its rim, or an error's ring.
PAINTED = """
window.painted = { numbers: [], circles: [] };
const { fillText, arc } = CanvasRenderingContext2D.prototype;
const isScene = ({ canvas }) => canvas.matches(".scene");
CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
  if (isScene(this) && this.textAlign === "left") painted.numbers.push([text, x, x + this.measureText(text).width, y]);
  return fillText.call(this, text, x, y);
};
CanvasRenderingContext2D.prototype.arc = function (...at) {
  if (isScene(this) && at[2] > 10) painted.circles.push(at.slice(0, 3));
  return arc.apply(this, at);
};
"""


@pytest.mark.parametrize("width", [1024, 1440])
def test_no_number_beside_an_arrow_runs_into_a_neuron(pages, width):
    page = pages.blank(fresh=True, viewport={"width": width, "height": 768})
    page.add_init_script(PAINTED)
    pages.go(page, XOR, micro_steps(XOR))
    page.evaluate("document.fonts.ready.then(() => { painted.numbers.length = painted.circles.length = 0; })")
    page.keyboard.press("Shift+ArrowRight")
    at(page, 2 * micro_steps(XOR))
    signed = [each for each in page.evaluate("painted.numbers") if each[0][0] in "+−"]
    circles = page.evaluate("painted.circles")
    assert len({text for text, *_ in signed}) > 3
    assert len({(x, y) for x, y, _ in circles}) == 7
    for (text, left, right, y), (cx, cy, radius) in product(signed, circles):
        gap = np.hypot(max(left - cx, 0, cx - right), max(abs(cy - (y - 4)) - 4, 0)) - radius
        assert gap > 0, (text, cx, cy)


def test_the_number_beside_an_arrow_has_the_sign_that_the_arrow_shows(pages):
    page = pages.blank(fresh=True)
    page.add_init_script(PAINTED)
    pages.go(page, XOR, micro_steps(XOR))
    for name in ("gradient", "update", "nudge"):
        page.evaluate("painted.numbers.length = 0")
        shows(page, name)
        eventually(lambda: any(text[0] in "+−" for text, *_ in page.evaluate("painted.numbers")))
        values = {np.float32(SIGN[name] * mark.value) for mark in look(page, "nudge").marks}
        for text in {text for text, *_ in page.evaluate("painted.numbers") if text[0] in "+−"}:
            (number,) = numbers(text)
            assert min(abs(number - value) for value in values) <= 0.006 * abs(number) + 5.1e-5, (name, text)


def test_the_rings_of_the_errors_keep_to_the_same_words_as_the_arrows(pages):
    page = pages.open(SPIRALS, micro_steps(SPIRALS))
    up, down = colour(page, "up"), colour(page, "down")
    for name, raised in (("nudge", -1), ("gradient", 1), ("update", -1)):
        shows(page, name)
        rings = look(page, "delta").marks
        assert len(rings) == 17
        assert {mark.colour == (up if raised * mark.value > 0 else down) for mark in rings} == {True}


@pytest.mark.parametrize(("name", "scheme"), [("nudge", "light"), ("gradient", "dark"), ("update", "light")])
def test_on_digits_the_pictures_show_what_the_arrows_do(pages, name, scheme):
    page = pages.open(DIGITS, 3 * micro_steps(DIGITS), fresh=True, color_scheme=scheme)
    shows(page, name)
    tensor = "uW1" if name == "update" else "dW1"
    drawn(page, tensor)
    moment = look(page)
    assert false(moment) == []
    pixels = [mark for mark in moment.of("pixel") if mark.tensor == tensor]
    assert len(pixels) == 16 * 784
    assert {mark.tensor for mark in moment.of("pixel")} == {"a0", "W1", tensor}
    up, down = channels(colour(page, "up")), channels(colour(page, "down"))
    largest = max(abs(mark.value) for mark in pixels)
    strong = [mark for mark in pixels if abs(mark.value) > largest / 100]
    assert {channels(mark.colour) for mark in strong} == {up, down}
    for mark in strong:
        assert channels(mark.colour) == (up if SIGN[name] * mark.value > 0 else down)
    found = [each for each in sights(page, 9, up, down) if "W¹[" in each.why]
    assert found  # pointing at a pixel names the weight, whatever the pictures show


def test_the_legend_states_the_linear_scale_of_what_is_shown(pages):
    page = pages.open(DIGITS, 3 * micro_steps(DIGITS))
    choose_arrows(page, "Arrow scale", "linear")
    for name, quantity in (("nudge", "dC/dw"), ("gradient", "dC/dw"), ("update", "Δw")):
        shows(page, name)
        letter = "u" if name == "update" else "d"
        drawn(page, f"{letter}W3")
        expect(page.locator("[data-legend=gradient]")).to_contain_text(f"|{quantity}|")
        expect(page.locator("[data-legend=picture]")).to_contain_text(f"|{quantity}|")
        full = numbers(page.locator("[data-legend=gradient]").inner_text().split("≥")[1])[0]
        moment = look(page)
        true = truth(moment)
        largest = max(np.abs(array).max() for each, array in true.items() if re.fullmatch(rf"{letter}[Wb][23]", each))
        assert largest <= full * 1.00001
        assert full <= largest * 2.1 or full == pytest.approx(largest, rel=1.2)
        longest = max(moment.of("nudge"), key=lambda mark: mark.size)
        assert abs(longest.value) == pytest.approx(largest, rel=0.5)


@dataclass(frozen=True)
class Place:
    """Where a parameter is drawn, and what the inspector calls it."""

    x: float
    y: float
    called: str


def place(page: Page, tensor: str, index: tuple[int, ...]) -> Place:
    """Find a parameter in the picture, by going over the stage."""
    called = f"{tensor[0]}{'⁰¹²³⁴⁵⁶⁷⁸⁹'[int(tensor[1:])]}[{', '.join(map(str, index))}]"
    there = sight(page, 4, called)
    return Place(there.x + 0.5, there.y + 0.5, called)


def point_at(page: Page, there: Place) -> None:
    page.mouse.move(there.x, there.y)
    expect(page.locator("[data-part=why]")).to_contain_text(there.called)


def test_of_the_parameter_that_is_pointed_at_the_legend_says_the_number_and_which_way_it_goes(pages):
    page = pages.open(XOR, micro_steps(XOR))
    places = {index: place(page, "W2", index) for index in ((0, 0), (0, 1), (0, 2), (0, 3))}
    for name in SIGN:
        shows(page, name)
        letter = "u" if name == "update" else "d"
        drawn(page, f"{letter}W2")
        true = truth(look(page))[f"{letter}W2"]
        for index, there in places.items():
            point_at(page, there)
            value = float(true[index])
            sign = "plus" if value > 0 else "minus"
            text = saying(page).inner_text()
            head, tail = say(
                f"arrows.{name}.{sign}", quantity="Δw" if letter == "u" else "dC/dw", w="w", value="VALUE"
            ).split("VALUE")
            assert text.startswith(head)
            assert text.endswith(tail)
            assert numbers(text)[0] == pytest.approx(value, rel=0.01, abs=6e-5)
            assert ("+" in text) == (value > 0)
        page.mouse.move(5, 5)
        expect(saying(page)).to_have_text(say(f"arrows.{name}.says"))


def test_the_sentences_say_which_way_each_parameter_goes():
    assert say("arrows.nudge.plus", quantity="dC/dw", value="+0.12", w="w") == (
        "dC/dw = +0.12: raising w raises the loss, so w goes ↓"
    )
    assert "goes ↑" in words()["arrows.nudge.minus"]
    assert "lowers the loss" in words()["arrows.nudge.minus"]
    assert "raises the loss" in words()["arrows.gradient.plus"]
    assert words()["arrows.update.minus"].endswith("the optimizer lowers {w}")


def test_what_is_kept_is_said_too_and_of_a_bias_by_its_own_letter(pages):
    page = pages.open(XOR, micro_steps(XOR))
    point_at(page, place(page, "b1", (1,)))
    expect(saying(page)).to_contain_text("dC/db = ")
    page.mouse.down()
    page.mouse.up()
    page.mouse.move(5, 5)
    expect(saying(page)).to_contain_text("dC/db = ")
    shows(page, "update")
    expect(saying(page)).to_contain_text("Δb = ")
    page.keyboard.press("ArrowRight")
    expect(saying(page)).to_have_text(say("arrows.update.due", quantity="Δb"))


@pytest.mark.parametrize("experiment", [XOR, ADAM], ids=["descent", "adam"])
def test_before_the_update_phase_there_is_no_arrow_of_an_update_and_the_legend_says_when(pages, experiment):
    page = pages.open(experiment)
    program = page.evaluate("backscope.listing.program")
    first = next(k for k, step in enumerate(program) if step["phase"] == "update")
    for t in (5, first, len(program) + 3, 0):
        pages.go(page, experiment, t)
        shows(page, "update")
        assert arrows(look(page)) == []
        expect(saying(page)).to_have_text(say("arrows.update.due", quantity="Δw"))
        assert "update phase" in saying(page).inner_text()


def test_arrows_of_updates_appear_parameter_by_parameter_as_they_are_applied(pages):
    page = pages.open(XOR, micro_steps(XOR) - 4)
    shows(page, "update")
    chooser(page, "Grain").select_option("equation")
    for done in range(5):
        t = micro_steps(XOR) - 4 + done
        at(page, t)
        page.wait_for_function(f"new Set({ARROWS}.map(({{ tensor }}) => tensor)).size === {done}")
        moment = look(page)
        assert {mark.tensor for mark in arrows(moment)} == {"uW1", "ub1", "uW2", "ub2"} & {
            *["uW1", "ub1", "uW2", "ub2"][:done]
        }
        assert false(moment) == []
        button(page, "Step forward").click()


def test_a_large_network_is_sent_the_updates_of_what_it_draws_while_it_plays_and_when_it_stops(pages):
    experiment: dict[str, Any] = PRESETS["digits_100"]
    page = pages.open(experiment)
    shows(page, "update")
    button(page, "Full speed").click()
    page.wait_for_function("backscope.t > 400")
    drawn(page, "uW2")
    button(page, "Pause").click()
    page.wait_for_function("backscope.tensor('W1').shape[0] === 100")  # while it plays, only the rows that are drawn
    moment = look(page)
    assert {mark.tensor for mark in arrows(moment)} == {name for name in truth(moment) if name.startswith("u")} - {
        "updates"
    }
    assert false(moment) == []
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_function("t => backscope.t > t", arg=moment.t)
    drawn(page, "ub2")
    moment = look(page)
    assert {mark.tensor for mark in arrows(moment)} == {"uW1", "ub1", "uW2", "ub2"}
    assert false(moment) == []


def test_the_update_is_there_also_where_the_switch_was_turned_while_playing(pages):
    page = pages.open(XOR)
    slider(page, "Speed").fill("0")  # one moment in two seconds
    chooser(page, "Grain").select_option("training_step")
    button(page, "Play").click()
    page.wait_for_function("steps => backscope.t >= steps", arg=micro_steps(XOR))
    choose_arrows(page, "Arrows show", "update")
    button(page, "Pause").click()
    drawn(page, "ub2")
    moment = look(page)
    assert {mark.tensor for mark in arrows(moment)} == {"uW1", "ub1", "uW2", "ub2"}
    assert false(moment) == []


def test_the_stage_stays_as_high_whatever_is_pointed_at(pages):
    page = pages.open(XOR, micro_steps(XOR))
    places = [place(page, "W2", index) for index in ((0, 0), (0, 3))]
    for name in SIGN:
        shows(page, name)
        drawn(page, "uW2" if name == "update" else "dW2")
        page.mouse.move(5, 5)
        height = region(page, "Legend").bounding_box()
        for there in places:
            point_at(page, there)
            assert region(page, "Legend").bounding_box() == height


def of_whom(page: Page, name: str) -> None:
    """Have the arrows show the gradients of the mini-batch, or of the example that is shown."""
    legend(page).get_by_role("group", name="Arrows of").get_by_role("button", name=name).click()
    button(page, say("legend.more")).click()


def own(moment: Moment, example: int) -> dict[str, np.ndarray]:
    """The gradients of one example, as the engine has them in this process."""
    return example_gradients(passes(run(json.dumps(moment.experiment)), moment.t), example)


@pytest.mark.parametrize("experiment", [XOR, NORMED], ids=["xor", "normed"])
def test_arrows_of_this_example_are_its_own_gradients_and_go_with_it(pages, experiment):
    page = pages.open(experiment, micro_steps(experiment))
    expect(page.locator("[data-legend=of]")).to_contain_text("Mean of the mini-batch")
    mean = look(page).of("nudge")
    assert {mark.tensor[0] for mark in mean} == {"d"}
    choice = page.locator("[data-part=arrows-of]")
    expect(choice.locator("[aria-pressed=true]")).to_have_text("the mini-batch")
    of_whom(page, "this example")
    expect(choice.locator("[aria-pressed=true]")).to_have_text("this example")
    for example in (1, 2):
        drawn(page, "eW2")
        expect(page.locator("[data-legend=of]")).to_contain_text(f"xample {example + 1}")
        page.wait_for_function(
            "of => backscope.marks().every(({ kind, index }) => kind !== 'delta' || index[0] === of)", arg=example
        )
        moment = look(page)
        engine = own(moment, example)
        shown = moment.of("nudge")
        assert len(shown) == len(mean)
        assert [mark for mark in shown if not same(mark.value, engine[mark.tensor][mark.index])] == []
        assert {mark.colour for mark in shown if mark.value > 0} <= {colour(page, "down")}
        button(page, "Next example").click()
    said = page.locator("[data-legend=of]").inner_text()
    assert ("batch norm" in said) == (experiment is NORMED)
    assert page.evaluate("backscope.view.arrowsOf") == "example"
    shows(page, "update")
    expect(page.locator("[data-legend=of]")).to_contain_text("Mean of the mini-batch")
    expect(choice.locator("button").nth(1)).to_be_disabled()


def test_on_digits_arrows_and_pictures_of_this_example_are_its_own_also_after_playing(pages):
    page = pages.open(DIGITS, micro_steps(DIGITS))
    of_whom(page, "this example")
    drawn(page, "eW1")
    button(page, "Full speed").click()
    page.wait_for_function("backscope.t > 100")
    button(page, "Pause").click()
    page.keyboard.press("Shift+ArrowRight")
    drawn(page, "eW1")
    moment = look(page)
    engine = own(moment, 1)
    assert {mark.tensor for mark in moment.of("nudge")} >= {"eW2", "eW3"}
    assert [mark for mark in arrows(moment) if not same(mark.value, engine[mark.tensor][mark.index])] == []
