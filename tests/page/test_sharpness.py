"""On a screen with other pixels every canvas is drawn anew, at the same size."""

from typing import Any

import pytest
from playwright.sync_api import Page

from engine.experiment.presets import PRESETS
from tests.helpers.browsing import DESKTOP, bring, eventually, explored
from tests.helpers.pad import DRAWINGS, draw

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

# How many of the screen's pixels each canvas in sight has for one of the page, but for pictures of a size of their own.
RATIOS = """() => [...document.querySelectorAll("canvas")]
  .filter((each) => each.clientWidth && ![28, 112].includes(each.width) && each.className !== "ramp")
  .map((each) => [each.className, each.getAttribute("aria-label"), each.width, each.clientWidth])"""
# Whether anything has been painted on it.
BLANK = """() => {
  const scene = document.querySelector("canvas.scene");
  const copy = new OffscreenCanvas(scene.width, scene.height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(scene, 0, 0);
  return copy.getImageData(0, 0, scene.width, scene.height).data.every((byte) => byte === 0);
}"""


def moved(page: Page, ratio: float) -> None:
    """Move the window to a screen with so many pixels."""
    session = page.context.new_cdp_session(page)
    screen = {**DESKTOP, "deviceScaleFactor": ratio, "mobile": False}
    session.send("Emulation.setDeviceMetricsOverride", screen)
    motion = page.evaluate("matchMedia('(prefers-reduced-motion)').matches")
    page.emulate_media(reduced_motion="no-preference" if motion else "reduce")  # else it looks at no media query again
    page.wait_for_function("ratio => devicePixelRatio === ratio", arg=ratio)


def blurred(page: Page, ratio: float) -> list[Any]:
    """The canvases that have another number of pixels than the screen."""
    return [each for each in page.evaluate(RATIOS) if abs(each[2] - ratio * each[3]) > 1]


def sharp(page: Page, ratio: float) -> None:
    """Wait until all canvases have the screen's pixels."""

    def are() -> bool:
        assert blurred(page, ratio) == []
        return True

    eventually(are, patience=5)


@pytest.mark.parametrize(
    ("name", "view"),
    [("xor", "matrix"), ("digits_13002", "wishes"), pytest.param("spirals", "wishes", marks=pytest.mark.long)],
)
def test_every_canvas_has_the_pixels_of_the_screen_that_the_window_is_moved_to(pages, name, view):
    page = pages.blank(alone=True)
    pages.go(page, PRESETS[name], 40)
    bring(page, view)
    explored(page).focus()
    page.keyboard.press("ArrowRight")
    if name == "digits_13002":
        draw(page, DRAWINGS[2])
        page.get_by_role("tab", name="Ink").click()
    eventually(lambda: len(page.evaluate(RATIOS)) >= 4)
    sharp(page, 1)
    for ratio in (2, 1.5):
        moved(page, ratio)
        sharp(page, ratio)
        assert not page.evaluate(BLANK)
    page.goto("about:blank")
