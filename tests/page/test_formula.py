"""The formulas of what has just been computed are whole: nothing of them is hidden, and they stay in their room."""

import pytest
from playwright.sync_api import Locator, Page

from engine import Experiment
from engine.experiment.presets import PRESETS
from engine.run.program import grains, program
from tests.helpers.browsing import Plain, at, resized, slider
from tests.helpers.experiments import ADAM

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

XOR, DIGITS = PRESETS["xor"], PRESETS["digits_100"]
VALUES = {**XOR, "loss": "squared_error"}
CLIPPED = {**ADAM, "clip_norm": 1.0}
NARROWEST = (320, 640)  # where a formula may scroll
SIZES = [(1440, 900), (1024, 700), (390, 844), NARROWEST]

LOOKS = """symbols => symbols.map(symbol => {
  const { display, borderTopWidth, borderRightWidth, paddingTop, paddingLeft } = getComputedStyle(symbol);
  return [display === "none", borderTopWidth, borderRightWidth, paddingTop, paddingLeft].join();
})"""
CUT = """formulas => formulas.filter(({ scrollWidth, clientWidth, classList }) =>
  scrollWidth > clientWidth && !classList.contains("scrolls")).map(({ textContent }) => textContent)"""


def formulas(page: Page) -> Locator:
    return page.locator("[data-part=now] .equations > li > .formula")


def loss_of(experiment: Plain) -> int:
    """The moment at which the loss has just been computed."""
    return next(t for t, step in enumerate(program(Experiment.from_dict(experiment)), 1) if step.writes == ("loss",))


@pytest.mark.parametrize("experiment", [XOR, DIGITS, VALUES], ids=["binary", "softmax", "squares"])
def test_the_formula_of_a_loss_wraps_or_shrinks_until_it_fits_and_its_symbols_look_like_no_panel(pages, experiment):
    page = pages.open(experiment, loss_of(experiment))
    for size in SIZES:
        resized(page, *size)
        symbols = formulas(page).locator("[data-tensor]")
        assert symbols.count() >= 3, size
        assert set(symbols.evaluate_all(LOOKS)) == {"false,0px,0px,0px,0px"}, size
        if size != NARROWEST:
            page.wait_for_function(f"() => ({CUT})([...document.querySelectorAll('.equations .formula')]).length === 0")
            assert not formulas(page).evaluate_all("all => all.some(each => each.classList.contains('scrolls'))"), size


def test_a_formula_that_does_not_fit_shows_that_it_scrolls(pages):
    page = pages.open(CLIPPED)
    resized(page, 320, 640)
    scrolling = 0
    for t in grains(program(Experiment.from_dict(CLIPPED)))["layer"]:
        slider(page, "Timeline").fill(str(t))
        at(page, t)
        assert formulas(page).evaluate_all(CUT) == []
        scrolling += formulas(page).evaluate_all("all => all.filter(each => each.matches('.scrolls')).length")
    assert scrolling
