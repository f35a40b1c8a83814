"""Digits drawn with a real pointer, in every style, anywhere and with every pen, are read right by the best network."""

from math import hypot

import numpy as np
import pytest
from playwright.sync_api import Page

from server.trained.shipped import described
from tests.helpers.browsing import button, say
from tests.helpers.handwriting import DIGITS, Strokes, written
from tests.helpers.pad import opened, prediction, read

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

PENS = ["Thin pen", "Medium pen", "Thick pen"]
LEAST = 0.95
APART = 0.07  # of the pad


def put_down(page: Page, strokes: Strokes) -> None:
    """Draw with the mouse, quickly: what is told of a stroke lies apart."""
    box = page.get_by_role("application", name="Drawing pad").bounding_box()
    assert box
    for stroke in strokes:
        told = [stroke[0]]
        for x, y in stroke[1:-1]:
            if hypot(x - told[-1][0], y - told[-1][1]) > APART:
                told.append((x, y))
        places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in [*told, stroke[-1]]]
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place)
        page.mouse.up()


@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.long)], ids=["a few", "all"])
def test_at_least_19_of_20_digits_drawn_in_every_style_place_size_and_pen_are_read_right(pages, every):
    page, rng = pages.open(described("digits_best").experiment), np.random.default_rng(5)
    opened(page).scroll_into_view_if_needed()
    shown = page.get_by_role("checkbox", name=say("pad.stage"))
    shown.check()
    shown.uncheck()  # the network is not drawn with every point
    answers = []
    styles = [(digit, strokes) for digit, each in DIGITS.items() for strokes in each]
    drawings = [
        (digit, written(strokes, rng, rng.uniform(0.5, 1.0), rng.uniform(-15, 15), 0.01)) for digit, strokes in styles
    ][::every]
    for first, pen in enumerate(PENS):
        page.get_by_role("radio", name=pen).check()
        for digit, strokes in drawings[first :: len(PENS)]:
            with read(page):
                put_down(page, strokes)
            answers.append((digit, prediction(page)))
            button(page, "Clear drawing").click()
    wrong = [pair for pair in answers if not pair[1].startswith(str(pair[0]))]
    assert len(answers) == len(drawings) >= 40 // every
    assert len(wrong) <= (1 - LEAST) * len(answers), wrong
