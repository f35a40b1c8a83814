"""The digit pad: what one draws is what the network reads, as it is at this moment."""

import base64
import json
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from engine import Experiment, questions
from engine.drawing import centred, to_bytes
from engine.presets import PRESETS
from tests.browsing import Moment, at, button, eventually, look, numbers, region, say, slider

DIGITS = PRESETS["digits_100"]
STEP = 18
TRAINED = 1500 * STEP
Points = list[tuple[float, float]]

# Digits as people write them, in strokes of points from 0 to 1.
DRAWINGS: dict[int, list[Points]] = {
    0: [[(0.5, 0.15), (0.3, 0.3), (0.27, 0.55), (0.37, 0.8), (0.55, 0.85), (0.7, 0.68), (0.72, 0.4), (0.5, 0.15)]],
    1: [[(0.5, 0.12), (0.5, 0.88)]],
    2: [[(0.28, 0.3), (0.38, 0.17), (0.58, 0.15), (0.68, 0.3), (0.6, 0.48), (0.4, 0.66), (0.26, 0.84), (0.74, 0.84)]],
    3: [[(0.3, 0.2), (0.5, 0.14), (0.66, 0.26), (0.45, 0.48), (0.62, 0.54), (0.68, 0.7), (0.55, 0.85), (0.3, 0.82)]],
    4: [[(0.36, 0.14), (0.28, 0.52), (0.7, 0.52)], [(0.62, 0.2), (0.6, 0.88)]],
    7: [[(0.26, 0.18), (0.72, 0.18), (0.56, 0.5), (0.44, 0.86)]],
}  # fmt: skip


def draw(page: Page, strokes: list[Points]) -> None:
    """Draw with the mouse on the drawing pad."""
    pad = page.get_by_role("img", name="Drawing pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    for points in strokes:
        for place, (x, y) in enumerate(points):
            page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=1 if place == 0 else 6)
            if place == 0:
                page.mouse.down()
        page.mouse.up()


def drawing(moment: Moment) -> np.ndarray:
    """The drawing as the page says that the network sees it."""
    pixels = sorted(moment.of("drawing"), key=lambda mark: mark.index)
    assert [mark.index for mark in pixels] == [(0, k) for k in range(784)]
    return np.array([mark.value for mark in pixels], np.float32)


def answer(moment: Moment) -> np.ndarray:
    """What the engine answers to that drawing at this moment."""
    experiment = Experiment.from_dict(moment.experiment)
    arrays = questions.predict(experiment, moment.engine, drawing(moment).reshape(1, 784))
    return arrays[f"a{len(experiment.layers)}"][0]


def answered(page: Page) -> tuple[Moment, np.ndarray]:
    """Wait until the bars are the engine's answer at the moment that is shown."""

    def true() -> bool:
        moment = look(page)
        bars = moment.of("bar")
        return bool(bars) and np.allclose([mark.value for mark in bars], answer(moment), rtol=1e-5, atol=1e-7)

    eventually(true)
    return (moment := look(page)), answer(moment)


def prediction(page: Page) -> str:
    return page.get_by_role("status", name="Prediction").inner_text().strip()


def inked(page: Page) -> int:
    """How many pixels of the pad have ink; to be asked but once a page."""
    data = "canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data"
    pad = page.get_by_role("img", name="Drawing pad")
    return int(pad.evaluate(f"canvas => {data}.filter((value, i) => i % 4 === 3 && value).length"))


@pytest.fixture
def trained(pages) -> Page:
    """A page on a network that has learned for a while; the pad is empty."""
    return pages.open(DIGITS, TRAINED)


def test_drawings_are_answered_as_the_engine_answers_them_and_most_are_read_right(trained):
    right = 0
    for digit, strokes in DRAWINGS.items():
        draw(trained, strokes)
        _, output = answered(trained)
        assert prediction(trained) == str(output.argmax())
        right += int(output.argmax() == digit)
        button(trained, "Clear drawing").click()
        expect(trained.get_by_role("status", name="Prediction")).to_have_text("—")
    assert right >= len(DRAWINGS) - 1


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
    page = pages.blank(alone=True)
    sent: list[dict[str, Any]] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda text: sent.append(json.loads(text))))
    page.goto(pages.address)
    button(page, "784-100-10").click()
    at(page, 0)
    draw(page, [[(0.25, 0.2), (0.25, 0.8), (0.75, 0.8)]])
    moment, _ = answered(page)
    asked = [command for command in sent if command.get("question") == "read"]
    ink = np.frombuffer(base64.b64decode(asked[-1]["ink"]), np.uint8).reshape(asked[-1]["side"], -1) / 255
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


def test_an_empty_pad_predicts_nothing(trained):
    assert prediction(trained) == "—"
    assert not look(trained).of("bar", "drawing")
    expect(region(trained, "Digit pad")).to_contain_text(say("pad.empty"))
    rows = trained.get_by_role("list", name="Output activations").get_by_role("listitem")
    assert [row.split()[-1] for row in rows.all_inner_texts()] == ["—"] * 10
    expect(button(trained, "Clear drawing")).to_be_disabled()


def test_clearing_empties_the_pad_and_takes_the_prediction_back(trained):
    draw(trained, DRAWINGS[7])
    answered(trained)
    button(trained, "Clear drawing").click()
    expect(trained.get_by_role("status", name="Prediction")).to_have_text("—")
    eventually(lambda: not look(trained).of("bar", "drawing"))
    assert inked(trained) == 0


def test_a_dot_is_a_drawing(trained):
    draw(trained, [[(0.5, 0.5)]])
    answered(trained)
    assert inked(trained) > 20
    assert prediction(trained) in set("0123456789")


def test_another_moment_answers_the_same_drawing_as_it_is_then(trained):
    draw(trained, DRAWINGS[4])
    late, _ = answered(trained)
    slider(trained, "Timeline").fill("0")
    at(trained, 0)
    early, output = answered(trained)
    assert prediction(trained) == str(output.argmax())
    assert np.array_equal(drawing(early), drawing(late))
    assert not np.allclose([mark.value for mark in early.of("bar")], [mark.value for mark in late.of("bar")])
    expect(region(trained, "Digit pad")).to_contain_text(say("pad.untrained"))
    trained.locator("h1").click()
    trained.keyboard.press("Shift+ArrowRight")
    at(trained, STEP)
    answered(trained)


def test_drawing_while_the_network_trains_follows_it(pages):
    page = pages.open(DIGITS)
    button(page, "Full speed").click()
    page.wait_for_function("backscope.t > 0")
    draw(page, DRAWINGS[0])
    page.wait_for_function(f"backscope.t > {300 * STEP} && backscope.marks().some(({{ kind }}) => kind === 'bar')")
    button(page, "Pause").click()
    _, output = answered(page)
    assert prediction(page) == str(output.argmax())


def test_the_pad_works_before_anything_is_learned(pages):
    page = pages.open(PRESETS["digits_13002"])
    draw(page, DRAWINGS[2])
    _, output = answered(page)
    assert prediction(page) == str(output.argmax())
    expect(region(page, "Digit pad")).to_contain_text(say("pad.untrained"))


def test_the_page_does_not_scroll_under_a_finger_that_draws(pages):
    page = pages.open(DIGITS, viewport={"width": 390, "height": 700}, has_touch=True, is_mobile=True)
    pad = page.get_by_role("img", name="Drawing pad")
    page.evaluate("scrollTo(0, 250)")
    scrolled = page.evaluate("scrollY")
    assert scrolled > 0
    box = pad.bounding_box()
    assert box
    finger = page.context.new_cdp_session(page)
    x, top = box["x"] + box["width"] / 2, box["y"] + 20

    def touch(kind: str, *points: tuple[float, float]) -> None:
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    touch("touchStart", (x, top))
    for step in range(1, 12):
        touch("touchMove", (x, top + 10 * step))
    touch("touchEnd")
    answered(page)
    assert page.evaluate("scrollY") == scrolled
    assert pad.evaluate("canvas => getComputedStyle(canvas).touchAction") == "none"
    rows = np.nonzero(drawing(look(page)).reshape(28, 28).max(axis=1))[0]
    assert len(rows) >= 19  # a long stroke, not the dot that the beginning of a scroll would have left


def test_a_network_that_does_not_look_at_pictures_says_so_and_offers_one_that_does(page):
    panel = region(page, "Digit pad")
    expect(panel).to_contain_text(say("pad.elsewhere"))
    expect(page.get_by_role("img", name="Drawing pad")).to_be_hidden()
    button(page, say("pad.open")).click()
    expect(page.get_by_role("img", name="Drawing pad")).to_be_visible()
    expect(button(page, "784-100-10")).to_have_attribute("aria-pressed", "true")
