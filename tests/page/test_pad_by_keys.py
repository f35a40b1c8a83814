"""A digit can be drawn by keys alone, and a drawing is read whatever a canvas lets be read back."""

from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from server.trained.shipped import described
from tests.helpers.browsing import button, look, now, say
from tests.helpers.pad import DRAWINGS, draw, drawing, opened, prediction, read

pytestmark = pytest.mark.without_chart

WIDE = described("digits_best").experiment
SQUARES = 28
# A browser that guards against being recognized lets a page read noise.
NOISE = """() => {
  for (const { prototype } of [CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D]) {
    const read = prototype.getImageData;
    prototype.getImageData = function (...box) {
      const image = read.apply(this, box);
      crypto.getRandomValues(image.data.subarray(0, 65536));
      return image;
    };
  }
}"""


def pressed(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def traced(page: Page, points: list[tuple[float, float]]) -> None:
    """Draw a stroke by keys, from the middle of the top: square by square, aslant where both ways remain."""
    squares = [(round(x * SQUARES), round(y * SQUARES)) for x, y in points]
    for number, ((x, y), (to_x, to_y)) in enumerate(pairwise([(SQUARES // 2, SQUARES // 4), *squares])):
        right, down = to_x - x, to_y - y
        across, along = "ArrowRight" if right > 0 else "ArrowLeft", "ArrowDown" if down > 0 else "ArrowUp"
        corner = {(True, True): "PageDown", (True, False): "PageUp", (False, True): "End", (False, False): "Home"}
        both = min(abs(right), abs(down))
        pressed(page, *[corner[right > 0, down > 0]] * both)
        pressed(page, *[across] * (abs(right) - both), *[along] * (abs(down) - both))
        if not number:
            page.keyboard.press("Space")


def test_a_digit_is_drawn_and_read_by_keys_which_say_where_the_pen_is(pages):
    page = pages.open(WIDE, 3)
    pad = opened(page)
    pad.focus()
    expect(page.get_by_text(say("pad.keys"))).to_be_visible()
    told = page.locator("[data-part=penned]")
    expect(told).to_have_attribute("aria-live", "polite")
    expect(told).to_have_text(say("pad.pen.up", column=15, row=8))
    with read(page):
        traced(page, DRAWINGS[3][0])
    expect(told).to_have_text(say("pad.pen.down", column=round(0.3 * SQUARES) + 1, row=round(0.82 * SQUARES) + 1))
    assert prediction(page) == "3"
    drawn = page.evaluate("JSON.stringify(backscope.view.drawn)")
    pressed(page, "Escape", "ArrowLeft", "Shift+ArrowUp")  # the pen is up: nothing is drawn
    expect(told).to_have_text(say("pad.pen.up", column=round(0.3 * SQUARES), row=round(0.82 * SQUARES) - 3))
    assert page.evaluate("JSON.stringify(backscope.view.drawn)") == drawn
    pressed(page, "Enter", "ArrowRight", "Control+z", "ArrowRight")  # of a stroke that is taken back nothing goes on
    assert page.evaluate("JSON.stringify(backscope.view.drawn)") == drawn
    with read(page):
        page.keyboard.press("Backspace")
    expect(button(page, "Clear drawing")).to_be_disabled()
    expect(told).to_contain_text(say("pad.pen.undone", column="", row="").split(".")[0])
    for _ in range(9):
        page.keyboard.press("Shift+Home")
    expect(told).to_have_text(say("pad.pen.up", column=1, row=1))
    assert now(page) == 3  # no key has moved the run

    page.keyboard.press("Tab")
    expect(told).to_have_text("")
    draw(page, DRAWINGS[1])
    page.keyboard.press("ArrowLeft")  # after a pointer has drawn, the keys are the page's
    page.wait_for_function("backscope.t < 3")


def test_a_drawing_is_read_where_the_browser_lets_only_noise_be_read_back(pages):
    page = pages.blank(fresh=True)
    page.add_init_script(f"({NOISE})()")
    pages.go(page, WIDE)
    opened(page)
    draw(page, DRAWINGS[4])
    assert prediction(page) == "4"
    assert (drawing(look(page, "drawing")) > 0.5).sum() < 160
