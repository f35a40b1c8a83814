"""How the browser tests read what is written on the stage's canvas."""

from typing import NamedTuple

from playwright.sync_api import Page

from tests.helpers.browsing import eventually, resized

# Keep the texts that are painted on the stage's canvas since it was last cleared.
RECORD = """() => {
  const pen = document.querySelector("canvas.scene").getContext("2d");
  const { fillRect, fillText } = CanvasRenderingContext2D.prototype;
  window.written = [];
  pen.fillRect = (...box) => {
    if (!box[0] && !box[1]) window.written = [];
    fillRect.apply(pen, box);
  };
  pen.fillText = (text, x, y) => {
    window.written.push([text, Number(/([\\d.]+)px/.exec(pen.font)[1])]);
    fillText.call(pen, text, x, y);
  };
}"""


class Written(NamedTuple):
    """A text on the stage, and how many pixels its type has."""

    text: str
    size: float


def written(page: Page) -> list[Written]:
    """What stands on the stage, which is painted anew for it."""
    page.evaluate("document.fonts.ready")
    page.evaluate(RECORD)
    size = page.viewport_size
    assert size is not None
    for width in (size["width"] - 1, size["width"]):  # one after the other, so that both are seen
        page.evaluate("window.written = []")
        resized(page, width, size["height"])
        eventually(lambda: len(page.evaluate("written")) > 3)
    return [Written(*each) for each in page.evaluate("written")]
