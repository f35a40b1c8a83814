"""In Firefox and in WebKit the page plays, steps there and back with equal bits, reads drawings, and shows all."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from engine import Experiment
from engine.experiment.presets import PRESETS
from engine.run.program import grains, program
from server.trained.shipped import SHIPPED
from tests.helpers.browsing import FIRST, LOOK, Moment, micro_steps, read_moment, say, untrue
from tests.helpers.driving import BROWSERS, Driven
from tests.helpers.layout import NARROW_CHOICES, OVERFLOW
from tests.helpers.pad import DRAWINGS

VIEWS = ["why", "examples", "wishes", "column", "proof", "matrix", "activations", "cost", "pytorch"]
NETWORK = ["weight", "nudge", "activation", "bias", "delta"]  # kinds of marks
SAYS = """() => [...document.querySelectorAll("[role=tabpanel]")]
  .some((each) => each.checkVisibility() && each.innerText.length > 40)"""
WIDTHS = [(1440, 1000), (1024, 868)]
# The formulas with hidden signs, or wider than their containers.
CUT = """() => [...document.querySelectorAll("math")].filter((each) => each.checkVisibility()).flatMap((each) => {
  const room = each.closest(".formula, .signs, .caption-equation, p, li, div");
  const hidden = [...each.querySelectorAll("mi, mn, mo")].filter((sign) => {
    const { width, height } = sign.getBoundingClientRect();
    return sign.textContent.trim() && !(width && height) && !/[\\u2061-\\u2064]/u.test(sign.textContent);
  });
  const wide = room && room.scrollWidth > room.clientWidth + 1 && !room.classList.contains("scrolls");
  return wide || hidden.length ? [`${each.textContent}: ${hidden.map((sign) => sign.textContent)}`] : [];
})"""


@pytest.fixture(scope="module", params=BROWSERS)
def browser(request: pytest.FixtureRequest) -> Iterator[Driven]:
    with BROWSERS[request.param]() as driven:
        yield driven


def look(browser: Driven) -> Moment:
    return read_moment(browser.evaluate(LOOK, [None, True]))


def open_preset(browser: Driven, server: str, name: str, t: int = 0, **view: Any) -> None:
    """Open a preset at a moment, in a page that is loaded anew."""
    browser.open("about:blank")
    browser.go(f"{server}#preset={name}&t={t}&view={quote(json.dumps(view))}", t)


def test_it_opens_alive_plays_and_has_the_engines_bits_wherever_it_is_paused(browser: Driven, server: str):
    browser.go(server, FIRST)
    assert untrue(look(browser)) == []
    browser.click("button", say("play"))
    browser.wait_for("t => backscope.t > t", FIRST + 100)
    browser.click("button", say("pause"))
    browser.box("button", say("play"))
    moment = look(browser)
    assert len(moment.marks) > 20
    assert untrue(moment) == []
    assert browser.said == []


@pytest.mark.parametrize("name", ["xor", "digits_13002"])
def test_steps_there_and_back_have_equal_bits(browser: Driven, server: str, name: str):
    steps = micro_steps(PRESETS[name])
    open_preset(browser, server, name, grain="equation")
    seen = {}
    browser.press("ArrowRight", shift=True)
    browser.at(steps)
    seen[steps] = look(browser)
    for back in range(1, 4):
        browser.press("ArrowLeft")
        browser.at(steps - back)
        seen[steps - back] = look(browser)
    assert [untrue(moment) for moment in seen.values()] == [[]] * 4
    for t in range(steps - 2, steps + 1):
        browser.press("ArrowRight")
        browser.at(t)
        again = look(browser)
        assert again.tensors.keys() == seen[t].tensors.keys()
        assert again.of(*NETWORK) == seen[t].of(*NETWORK)
    assert browser.said == []


def test_digits_that_are_drawn_are_read(browser: Driven, server: str):
    open_preset(browser, server, "digits_best")
    for digit in (3, 1, 7):
        browser.click("button", say("pad.clear"))
        left, top, width, height = browser.box("application", say("pad.canvas"))
        for stroke in DRAWINGS[digit]:
            browser.drag([(left + x * width, top + y * height) for x, y in stroke])
        browser.wait_for("read => document.querySelector('.prediction').innerText.trim().startsWith(read)", str(digit))
    assert browser.said == []


def test_every_view_opens_and_says_something_about_what_is_chosen(browser: Driven, server: str):
    open_preset(browser, server, "xor", 18, selected={"kind": "weight", "tensor": "W1", "index": [0, 0]})
    for name in VIEWS:
        browser.click("tab", say(f"view.{name}"))
        shown = (
            "() => [...document.querySelectorAll('[role=tabpanel]')].find((each) => each.checkVisibility())?.innerText"
        )
        browser.wait_for(f"() => ({shown})()?.length > 40")
    browser.click("tab", say("stage.learned"))
    browser.wait_for("() => /75|100/.test(document.querySelector('.figure')?.innerText)")
    browser.click("tab", say("stage.network"))
    assert browser.said == []


def test_every_formula_is_whole_and_nothing_is_wider_than_its_room(browser: Driven, server: str):
    for name in ("xor", "digits_100", "spirals"):
        experiment = Experiment.from_dict(PRESETS[name], SHIPPED)
        open_preset(browser, server, name)
        for size in WIDTHS:
            browser.resize(*size)
            for t in grains(program(experiment))["layer"]:
                browser.open(f"{server}#preset={name}&t={t}")
                browser.at(t)
                browser.wait_for(f"() => ({CUT})().length === 0")
            assert browser.evaluate(OVERFLOW) == {"page": 0, "wide": []}
            assert browser.evaluate(NARROW_CHOICES) == []
