"""How the tests draw on the digit pad, and read the network's answer."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from playwright.sync_api import Locator, Page

from engine import Experiment
from engine.evaluate.evaluation import predict
from tests.helpers.browsing import Moment, Plain, state, words

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
# The page asks about a drawing with one question at a time; the next one follows the last answer.
HEAR = """() => {
  if (window.reads) return;
  window.reads = { last: null, waiting: new Set() };
  const { send } = WebSocket.prototype;
  const headerOf = (data) => new Uint8Array(data, 8, Number(new DataView(data).getBigUint64(0, true)));
  const metadataOf = (data) => JSON.parse(new TextDecoder().decode(headerOf(data))).__metadata__;
  const idOf = (data) => String((typeof data === "string" ? JSON.parse(data) : metadataOf(data)).id);
  WebSocket.prototype.send = function (text) {
    const command = JSON.parse(text);
    const hear = ({ data }) => { // after the page has heard it, and asked again
      if (idOf(data) !== command.id) return;
      reads.waiting.delete(command.id);
      this.removeEventListener("message", hear);
    };
    if (command.question === "read") {
      reads.last = command;
      reads.waiting.add(command.id);
      this.addEventListener("message", hear);
    }
    send.call(this, text);
  };
}"""


@contextmanager
def read(page: Page) -> Iterator[None]:
    """A context at whose end the page has an answer to the drawing, or while it plays, to part of it."""
    page.evaluate(HEAR)
    yield
    page.wait_for_function("reads.waiting.size === 0")


def opened(page: Page, language: str = "en") -> Locator:
    """The pad's drawing surface, once the page has fetched the pad."""
    page.get_by_role("tablist", name=words(language)["pad.tabs"]).get_by_role("tab").first.wait_for()
    return page.get_by_role("application", name=words(language)["pad.canvas"])


def draw(page: Page, strokes: list[Points], language: str = "en") -> None:
    """Draw with the mouse on the pad, and wait for the answer."""
    pad = opened(page, language)
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    with read(page):
        for points in strokes:
            for place, (x, y) in enumerate(points):
                page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=2 if place else 1)
                if place == 0:
                    page.mouse.down()
            page.mouse.up()


def drawing(moment: Moment) -> np.ndarray:
    """The network's input for the drawing, as the page shows it."""
    pixels = sorted(moment.of("drawing"), key=lambda mark: mark.index)
    assert [mark.index for mark in pixels] == [(0, k) for k in range(784)]
    return np.array([mark.value for mark in pixels], np.float32)


def prediction(page: Page) -> str:
    return page.get_by_role("status", name="Prediction").inner_text().strip()


def share_right(experiment: Plain, t: int) -> np.ndarray:
    """The share of each held-out digit that is read right at t, in per cent, and of all."""
    chosen = Experiment.from_dict(experiment)
    x, y = chosen.data.split("held_out")
    output = predict(chosen, state(experiment, t), x * np.float32(1 / 255))[f"a{len(chosen.layers)}"]
    good, labels = output.argmax(axis=1) == y.argmax(axis=1), y.argmax(axis=1)
    return 100 * np.array([*(good[labels == digit].mean() for digit in range(10)), good.mean()])
