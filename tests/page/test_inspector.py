"""The inspector asks about a view as soon as its tab is pressed, and once for each moment."""

import json
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from engine.experiment.presets import PRESETS
from tests.helpers.browsing import at, bring, eventually, link, look, say
from tests.helpers.examples import mean, view
from tests.helpers.why import choose, full

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

XOR, STEP = PRESETS["xor"], 18


def true(page: Page, name: str, index: tuple[int, ...]) -> None:
    """Wait until the mean of the examples is against the gradient of the moment that is shown."""
    expect(mean(page)).to_be_visible()
    gradient = float(np.float32(look(page).engine[f"d{name}"][index]))
    eventually(lambda: full(mean(page)) == pytest.approx(-gradient, rel=1e-6))


def test_a_view_is_asked_about_when_its_tab_is_pressed_and_never_twice_at_one_moment(pages):
    page = pages.blank(fresh=True)
    sent: list[dict[str, Any]] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda text: sent.append(json.loads(text))))

    def asked() -> list[int]:
        page.evaluate("0")  # until then nothing that was sent is heard of here
        return [command["t"] for command in sent if command.get("question") == "per_example_gradients"]

    page.goto(link(pages.address, XOR, STEP))
    at(page, STEP)
    page.wait_for_function("document.fonts.status === 'loaded'")  # which may move what is chosen
    name, index = choose(page, "W1[2, 1]")
    page.get_by_role("tab", name=say("view.examples"), exact=True).hover()
    page.mouse.down()
    eventually(lambda: asked() == [STEP])
    expect(view(page)).to_be_hidden()
    page.mouse.up()
    true(page, name, index)
    for other in ("why", "examples", "matrix", "examples"):
        bring(page, other)
    true(page, name, index)
    assert asked() == [STEP]
    bring(page, "why")
    page.locator("h1").click()
    page.keyboard.press("Shift+ArrowRight")
    at(page, 2 * STEP)
    bring(page, "examples")
    true(page, name, index)
    assert asked() == [STEP, 2 * STEP]
