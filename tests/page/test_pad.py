"""The digit pad: what one draws is what the network reads, as it is at this moment."""

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from engine import Experiment
from engine.digits.drawing import centred, to_bytes
from engine.digits.rejection import rejection_by_ink
from engine.digits.saliency import saliency
from engine.evaluate import evaluation as questions
from engine.experiment.presets import PRESETS
from server.trained.shipped import SHIPPED, described
from tests.helpers.browsing import Moment, at, button, colour, eventually, look, now, numbers, region, say, slider
from tests.helpers.gallery import expect_example
from tests.helpers.pad import DRAWINGS, draw, drawing, opened, prediction, read

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

DIGITS, WIDE = PRESETS["digits_100"], described("digits_best").experiment
STEP = 18
OF_THE_STAGE = ("activation", "pixel", "contribution", "weight", "bias", "nudge", "delta", "target")
READ = ("bar", "drawing", *OF_THE_STAGE)


def answer(moment: Moment) -> np.ndarray:
    """What the engine answers to that drawing at this moment."""
    experiment = Experiment.from_dict(moment.experiment, SHIPPED)
    arrays = questions.predict(experiment, moment.engine, drawing(moment).reshape(1, 784))
    return arrays[f"a{len(experiment.layers)}"][0]


def answered(page: Page) -> tuple[Moment, np.ndarray]:
    """Wait until the bars are the engine's answer at the moment that is shown."""
    found: list[tuple[Moment, np.ndarray]] = []

    def true() -> bool:
        if not (bars := (moment := look(page, *READ)).of("bar")):
            return False
        found.append((moment, answer(moment)))
        return np.allclose([mark.value for mark in bars], found[-1][1], rtol=1e-5, atol=1e-7)

    eventually(true)
    return found[-1]


def inked(page: Page) -> int:
    """How many pixels of the pad have ink; to be asked but once a page."""
    data = "canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data"
    pad = page.get_by_role("application", name="Drawing pad")
    return int(pad.evaluate(f"canvas => {data}.filter((value, i) => i % 4 === 3 && value).length"))


def hint(page: Page) -> str:
    return page.locator("[data-region=pad] [data-part=hint]").inner_text()


def tab(page: Page, name: str) -> None:
    region(page, "Digit pad").get_by_role("tab", name=name).click()


def state_of(moment: Moment) -> tuple[Experiment, Mapping[str, np.ndarray], np.ndarray]:
    """The experiment, what the engine has at this moment, and the drawing as the network's input."""
    return Experiment.from_dict(moment.experiment, SHIPPED), moment.engine, drawing(moment).reshape(1, 784)


@pytest.fixture
def trained(pages) -> Page:
    """A page on the network that reads drawings best; the pad is empty."""
    return pages.open(WIDE)


def test_drawings_are_answered_as_the_engine_answers_them_and_read_right(trained):
    right, chosen = 0, (0, 2, 4)
    for digit in chosen:
        draw(trained, DRAWINGS[digit])
        _, output = answered(trained)
        assert prediction(trained) == str(output.argmax())
        right += int(output.argmax() == digit)
        button(trained, "Clear drawing").click()
        expect(trained.get_by_role("status", name="Prediction")).to_have_text("—")
    assert right == len(chosen)


def test_a_network_that_has_trained_at_full_speed_for_a_few_seconds_reads_a_drawing(pages):
    page = pages.open(DIGITS)
    button(page, "Full speed").click()
    page.wait_for_function(f"backscope.t > {600 * STEP}")
    button(page, "Pause").click()
    draw(page, DRAWINGS[1])
    _, output = answered(page)
    assert prediction(page) == str(output.argmax()) == "1"


def test_the_bars_are_the_output_activations(trained):
    draw(trained, DRAWINGS[3])
    moment, output = answered(trained)
    assert [mark.index for mark in moment.of("bar")] == [(0, digit) for digit in range(10)]
    rows = trained.get_by_role("list", name="Output activations").get_by_role("listitem")
    assert rows.count() == 10
    for digit, value in enumerate(output):
        label, shown = numbers(rows.nth(digit).inner_text())
        assert label == digit
        assert shown == pytest.approx(value, abs=0.0051)
        bar, room = (rows.nth(digit).locator(part).bounding_box()["width"] for part in ("i", "span"))
        assert bar / room == pytest.approx(value, abs=0.02)
    longest = max(moment.of("bar"), key=lambda mark: mark.value)
    assert [mark.index[1] for mark in moment.of("bar") if mark.colour == longest.colour] == [output.argmax()]


def test_the_ink_that_is_sent_is_what_was_drawn_and_what_is_seen_is_that_ink_brought_into_place(pages):
    page = pages.open(DIGITS)
    draw(page, [[(0.25, 0.2), (0.25, 0.8), (0.75, 0.8)]])
    moment, _ = answered(page)
    asked = page.evaluate("reads.last")
    ink = np.frombuffer(base64.b64decode(asked["ink"]), np.uint8).reshape(asked["side"], -1) / 255
    side = len(ink)
    for x, y, inked in [(0.25, 0.5, 1), (0.5, 0.8, 1), (0.25, 0.78, 1), (0.5, 0.5, 0), (0.75, 0.2, 0), (0.05, 0.95, 0)]:
        assert ink[round(y * side), round(x * side)] == inked
    seen = centred(ink)
    assert seen is not None
    assert np.array_equal(drawing(moment), (to_bytes(seen) * np.float32(1 / 255)))
    painted = page.get_by_role("img", name="The drawing as the network sees it").evaluate(
        "canvas => [...canvas.getContext('2d').getImageData(0, 0, 28, 28).data].filter((_, i) => i % 4 === 3)"
    )
    assert np.allclose(np.array(painted) / 255, seen.ravel(), atol=0.01)


def test_an_empty_pad_predicts_nothing_and_clearing_empties_it(trained):
    def assert_empty() -> None:
        expect(trained.get_by_role("status", name="Prediction")).to_have_text("—")
        assert hint(trained) == say("pad.empty")
        rows = trained.get_by_role("list", name="Output activations").get_by_role("listitem")
        assert [row.split()[-1] for row in rows.all_inner_texts()] == ["—"] * 10
        for name in ("Clear drawing", "Undo stroke"):
            expect(button(trained, name)).to_be_disabled()
        assert not look(trained, "bar", "drawing", "contribution").marks

    assert_empty()
    draw(trained, DRAWINGS[7])
    answered(trained)
    button(trained, "Clear drawing").click()
    assert_empty()
    assert inked(trained) == 0


def test_dots_are_answered_with_a_question_mark_and_a_reason_and_strokes_can_be_taken_back(trained):
    places = [(0.5, 0.5), (0.2, 0.2), (0.8, 0.3)]
    said = []
    for place in places:
        draw(trained, [[place]])
        expect(trained.get_by_role("status", name="Prediction")).to_have_text("?")
        eventually(lambda: hint(trained) not in said)
        said.append(hint(trained))
    assert all(text.startswith("I don't know: ") for text in said)
    assert numbers(said[0]) == [pytest.approx(9, abs=1)]  # per cent of the pad
    assert said[1:] == [say("pad.rejection.pieces", pieces=2), say("pad.rejection.pieces", pieces=3)]
    trained.keyboard.press("Control+z")
    eventually(lambda: hint(trained) == said[1])
    button(trained, "Undo stroke").click()
    eventually(lambda: hint(trained) == said[0])
    trained.keyboard.press("Control+z")
    expect(trained.get_by_role("status", name="Prediction")).to_have_text("—")


POINTER = """([kind, fields]) => {
  const pad = document.querySelector("canvas.pad");
  const { left, top, width } = pad.getBoundingClientRect();
  const { x, y, ...rest } = fields;
  const place = { clientX: left + x * width, clientY: top + y * width };
  const options = { bubbles: true, pointerId: 1, buttons: 1, pointerType: "touch", ...place, ...rest };
  (rest.on ? document.querySelector(rest.on) : pad).dispatchEvent(new PointerEvent(kind, options));
}"""


def test_quick_strokes_other_fingers_pens_and_strokes_from_outside(pages):
    page = pages.open(WIDE, device_scale_factor=2)
    opened(page)
    page.evaluate("HTMLCanvasElement.prototype.setPointerCapture = () => {}")  # these pointers are made up

    def pointer(kind: str, x: float, y: float, **fields: Any) -> None:
        page.evaluate(POINTER, [kind, {"x": x, "y": y, **fields}])

    def seen() -> np.ndarray:
        return drawing(answered(page)[0]).reshape(28, 28) > 0.3

    with read(page):
        pointer("pointerdown", 0.3, 0.2)
        pointer("pointerdown", 0.9, 0.9, pointerId=2)  # another finger
        pointer("pointermove", 0.9, 0.1, pointerId=2)
        pointer("pointermove", 0.7, 0.25)
        pointer("pointerup", 0.4, 0.8)
        pointer("pointermove", 0.1, 0.8)  # it is up already
    quick = seen()
    assert not list(rejection_by_ink(quick.astype(float)) or {})  # of three events one connected line, and nothing else
    assert quick.any(axis=1).sum() >= 19

    medium = int(quick.sum())
    button(page, "Clear drawing").click()
    page.get_by_role("radio", name="Thick pen").check()
    with read(page):
        for kind, x, y in [("pointerdown", 0.3, 0.2), ("pointermove", 0.7, 0.25), ("pointercancel", 0.4, 0.8)]:
            pointer(kind, x, y)
        pointer("pointermove", 0.7, 0.8)  # what came after it was cancelled is not drawn
    expect(button(page, "Undo stroke")).to_be_enabled()
    cancelled = seen()
    assert cancelled.sum() > medium

    button(page, "Clear drawing").click()
    box = page.get_by_role("application", name="Drawing pad").bounding_box()
    assert box
    with read(page):
        page.mouse.move(box["x"] - 6, box["y"] + box["height"] / 2)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] / 2, steps=5)
        page.mouse.up()
    expect(page.get_by_role("status", name="Prediction")).to_have_text("?")
    assert hint(page).startswith("I don't know: it is ")  # so much wider than high


def test_the_steps_show_what_becomes_of_a_drawing_and_what_centring_is_worth(trained):
    corner = [[(0.05 + 0.35 * x, 0.05 + 0.35 * y) for x, y in points] for points in DRAWINGS[3]]
    draw(trained, corner)
    tab(trained, "Steps")
    answers = trained.get_by_role("group", name=say("pad.ways")).get_by_role("button")
    chosen, state, _ = state_of(answered_without_bars(trained))
    told = list[np.ndarray]()
    for way in (answers.nth(0), answers.nth(1)):
        before = np.zeros(784) if way.get_attribute("aria-pressed") == "true" else drawing(look(trained, "drawing"))
        way.click()
        expect(way).to_have_attribute("aria-pressed", "true")
        told.append(changed(trained, before))
        output = questions.predict(chosen, state, told[-1][None])["a3"][0]
        digit, value = numbers(way.inner_text())
        assert (digit, value) == (output.argmax(), pytest.approx(output.max(), abs=0.0051))
    raw, centred = (picture.reshape(28, 28) for picture in told)
    assert not raw[14:].any()
    assert np.argwhere(centred).mean(axis=0) == pytest.approx([14, 14], abs=2)
    assert numbers(answers.nth(1).inner_text())[0] == 3


def changed(page: Page, before: np.ndarray) -> np.ndarray:
    """The drawing as the network sees it, once that is no longer what it was."""
    eventually(lambda: not np.array_equal(drawing(look(page, "drawing")), before))
    return drawing(look(page, "drawing"))


def answered_without_bars(page: Page) -> Moment:
    """What the page shows as soon as there is an answer, whatever tab is in front."""
    eventually(lambda: look(page, "drawing").marks)
    return look(page, *READ)


def test_the_ink_is_coloured_by_how_the_loss_of_a_chosen_digit_changes_with_it(trained):
    draw(trained, DRAWINGS[4])
    tab(trained, "Ink")
    choice = trained.get_by_role("group", name=say("pad.ink.digit"))
    expect(choice.get_by_role("button", pressed=True)).to_have_text("4")
    up, down = colour(trained, "up"), colour(trained, "down")
    for digit in (4, 9):
        choice.get_by_role("button", name=str(digit)).click()
        expect(choice.get_by_role("button", pressed=True)).to_have_text(str(digit))
        eventually(lambda: look(trained, "saliency").marks)
        moment = look(trained)
        true = saliency(*state_of(moment), np.eye(10)[[digit]])["da0"]
        marks = moment.of("saliency")
        assert [mark.tensor for mark in marks] == ["drawing.da0"] * 784
        found = np.array([mark.value for mark in marks])
        assert np.allclose(found, true[0], rtol=1e-3, atol=1e-5 * np.abs(true).max())
        assert all(mark.colour == (up if mark.value < 0 else down) for mark in marks if mark.value)
        (scale,) = numbers(region(trained, "Digit pad").get_by_text("Full colour").inner_text())
        assert np.allclose([mark.size for mark in marks], np.minimum(1, np.abs(found) / scale), rtol=1e-3)
        assert f"“{digit}”" in region(trained, "Digit pad").inner_text()


def on_stage(moment: Moment) -> bool:
    """Whether the drawing that the stage shows is the one that was read last: it is painted with the next frame."""
    pixels = [mark.value for mark in moment.of("pixel") if mark.tensor == "drawing.a0"]
    return bool(moment.of("contribution")) and pixels == [mark.value for mark in moment.of("drawing")]


@pytest.mark.parametrize("experiment", [WIDE, PRESETS["digits_13002"]], ids=["wide", "narrow"])
def test_the_network_shows_the_drawings_own_pass_until_training_goes_on(pages, experiment):
    page = pages.open(experiment, 0)
    switch = page.get_by_role("checkbox", name=say("pad.stage"))
    expect(switch).not_to_be_checked()
    draw(page, DRAWINGS[2])
    expect(switch).to_be_checked()
    eventually(lambda: on_stage(look(page, *READ)))
    moment, _ = answered(page)
    chosen, state, x = state_of(moment)
    pass_of = questions.predict(chosen, state, x)
    depth, best = len(chosen.layers), int(pass_of[f"a{len(chosen.layers)}"].argmax())
    truth = {f"drawing.{name}": array for name, array in pass_of.items()}
    for mark in moment.of("activation", "pixel", "contribution"):
        name, (row, column) = mark.tensor.removeprefix("drawing."), mark.index
        if name[0] == "c":
            true = state[f"W{name[1:]}"][row, column] * pass_of[f"a{int(name[1:]) - 1}"][0, column]
        else:
            true = truth[mark.tensor][row, column]
        assert mark.value == pytest.approx(true, rel=1e-4, abs=1e-6), mark
    assert not moment.of("weight", "bias", "nudge", "delta", "target")
    lines = [mark for mark in moment.of("contribution") if mark.tensor == f"drawing.c{depth}"]
    assert {mark.index[0] for mark in lines} == {best}
    into = np.abs(state[f"W{depth}"][best] * pass_of[f"a{depth - 1}"][0])
    shown = {mark.index[1] for mark in lines}
    assert into.argmax() in shown
    assert sorted(into[list(shown)]) == pytest.approx(sorted(into)[-len(shown) :], rel=1e-4)
    colours = {mark.colour for mark in moment.of("contribution")}
    assert not colours & {colour(page, "up"), colour(page, "down")}

    button(page, say("thought.back")).click()
    assert not look(page, "contribution").marks
    assert look(page, "weight").marks
    switch.check()
    eventually(lambda: look(page, "contribution").marks)
    button(page, "Step forward").click()
    expect(switch).not_to_be_checked()
    assert not look(page, "contribution").marks


def test_another_moment_answers_the_same_drawing_as_it_is_then(pages):
    page = pages.open(DIGITS, 10 * STEP)
    draw(page, DRAWINGS[4])
    late, _ = answered(page)
    slider(page, "Timeline").fill("0")
    at(page, 0)
    early, output = answered(page)
    assert prediction(page) in ("?", str(output.argmax()))
    assert np.array_equal(drawing(early), drawing(late))
    assert not np.allclose([mark.value for mark in early.of("bar")], [mark.value for mark in late.of("bar")])
    assert hint(page) == say("pad.untrained")
    page.locator("h1").click()
    page.keyboard.press("Shift+ArrowRight")
    at(page, STEP)
    answered(page)


def test_drawing_while_the_network_trains_follows_it(pages):
    page = pages.open(DIGITS)
    button(page, "Full speed").click()
    page.wait_for_function("backscope.t > 0")
    draw(page, DRAWINGS[0])
    trains = "t => backscope.t > t && backscope.marks().some(({ kind }) => kind === 'bar')"
    page.wait_for_function(trains, arg=now(page) + 50 * STEP)
    button(page, "Pause").click()
    eventually(lambda: prediction(page) in ("?", str(answered(page)[1].argmax())))


def test_the_page_does_not_scroll_under_a_finger_that_draws(pages):
    page = pages.open(DIGITS, viewport={"width": 390, "height": 700}, has_touch=True, is_mobile=True)
    pad = opened(page)
    page.evaluate("scrollTo(0, 250)")
    scrolled = page.evaluate("scrollY")
    assert scrolled > 0
    box = pad.bounding_box()
    assert box
    finger = page.context.new_cdp_session(page)
    x, top = box["x"] + box["width"] / 2, box["y"] + 20

    def touch(kind: str, *points: tuple[float, float]) -> None:
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    with read(page):
        touch("touchStart", (x, top))
        for step in range(1, 12):
            touch("touchMove", (x, top + 10 * step))
        touch("touchEnd")
    moment, _ = answered(page)
    assert page.evaluate("scrollY") == scrolled
    assert pad.evaluate("canvas => getComputedStyle(canvas).touchAction") == "none"
    rows = np.nonzero(drawing(moment).reshape(28, 28).max(axis=1))[0]
    assert len(rows) >= 19  # a long stroke, not the dot that the beginning of a scroll would have left


def test_a_network_that_does_not_look_at_pictures_says_so_and_offers_one_that_does(page):
    panel = region(page, "Digit pad")
    expect(panel).to_contain_text(say("pad.elsewhere"))
    expect(page.get_by_role("application", name="Drawing pad")).to_be_hidden()
    button(page, say("pad.open")).click()
    expect(page.get_by_role("application", name="Drawing pad")).to_be_visible()
    expect_example(page, say("preset.digits_best"))
