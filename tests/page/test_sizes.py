"""At every size of the window the network is drawn whole: without an error, on the canvas, clear of its legend."""

import contextlib
import itertools
import math
from typing import Any

import pytest
from playwright.sync_api import Page

from engine.experiment.presets import PRESETS
from tests.helpers.browsing import eventually, micro_steps, resized
from tests.helpers.layout import OVERFLOW

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

XOR, DIGITS, SPIRALS = (PRESETS[name] for name in ("xor", "digits_100", "spirals"))
WIDE = {**DIGITS, "layers": [{"units": 300, "activation": "relu"}, *DIGITS["layers"]]}
DEEP = {**SPIRALS, "layers": [{"units": 8, "activation": "tanh"}] * 11 + SPIRALS["layers"][-1:]}
SIZES = [
    *itertools.product((320, 844, 1024, 1920, 3840), (320, 390, 768)),
    *((320, 180), (390, 844), (375, 667), (600, 480), (861, 390), (1180, 480)),
    *((1440, 900), (1920, 1080), (2560, 1440), (3840, 2160), (320, 2160)),
]
SAMPLE = [(320, 180), (320, 768), (390, 844), (844, 320), (1440, 900), (3840, 390)]
# Keep the circles that are painted on the stage's canvas, since it was last cleared.
RECORD = """() => {
  const { arc, fillRect } = CanvasRenderingContext2D.prototype;
  const scene = document.querySelector("canvas.scene").getContext("2d");
  window.circles = [];
  scene.fillRect = (...box) => {
    if (!box[0] && !box[1]) window.circles = [];
    fillRect.apply(scene, box);
  };
  scene.arc = (x, y, radius, ...angles) => {
    if (radius >= 5) window.circles.push([x, y, radius]);
    arc.call(scene, x, y, radius, ...angles);
  };
}"""
DRAWN = """async () => {
  await new Promise(requestAnimationFrame);
  const scene = document.querySelector("canvas.scene");
  const legend = document.querySelector(".legend");
  const named = backscope.marks().filter(({ kind }) => kind === "activation");
  return {
    circles,
    told: named.length,
    width: scene.clientWidth,
    height: scene.clientHeight,
    legend: legend.offsetTop + legend.offsetHeight,
  };
}"""


def faults(drawn: dict[str, Any]) -> list[str]:
    """What is wrong with the circles that are drawn."""
    circles = {(x, y): radius for x, y, radius in sorted(drawn["circles"], key=lambda circle: -circle[2])}
    found = [f"{len(circles)} circles of {drawn['told']}"] if len(circles) != drawn["told"] else []
    for (x, y), radius in circles.items():
        if not (radius <= x <= drawn["width"] - radius and drawn["legend"] <= y <= drawn["height"] - radius):
            found.append(f"outside: {x:.0f}, {y:.0f} of {drawn['width']} x {drawn['height']}")
    if len(circles) < 2:
        return found
    near = [math.dist(*pair) - 2 * min(circles.values()) for pair in itertools.combinations(circles, 2)]
    return found + [f"overlap by {-least:.1f}" for least in [min(near)] if least < -0.5]


def drawn_at(page: Page, width: int, height: int) -> list[str]:
    resized(page, width, height)
    with contextlib.suppress(AssertionError):  # a wide layer asks the server for the neurons that there is room for
        eventually(lambda: faults(page.evaluate(DRAWN)) == [], patience=2)
    return faults(page.evaluate(DRAWN))


@pytest.mark.parametrize("sizes", [SAMPLE, pytest.param(SIZES, marks=pytest.mark.long)], ids=["a few", "all"])
@pytest.mark.parametrize("experiment", [XOR, DIGITS, WIDE, DEEP], ids=["xor", "digits", "wide", "deep"])
def test_every_neuron_is_drawn_on_the_canvas_and_apart_from_the_others_at_every_size(pages, experiment, sizes):
    page = pages.open(experiment, micro_steps(experiment), fresh=True)
    page.evaluate(RECORD)
    found = {size: wrong for size in sizes if (wrong := drawn_at(page, *size))}
    assert found == {}


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_the_page_is_no_wider_than_a_narrow_window(pages, locale):
    page = pages.open(DIGITS, 18, locale=locale)
    found = {}
    for width in (320, 344, 360, 375):
        resized(page, width, 640)
        wide = page.evaluate(OVERFLOW)
        if wide != {"page": 0, "wide": []}:
            found[width] = wide
    assert found == {}
