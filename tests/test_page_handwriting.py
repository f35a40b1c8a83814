"""Digits drawn with a real pointer, in every style, anywhere and with every pen, are read right by the best network."""

from math import hypot

import numpy as np
from playwright.sync_api import Page

from server.trained.shipped import described
from tests.browsing import button, say
from tests.handwriting import DIGITS, Strokes, written
from tests.test_page_pad import prediction

PENS = ["Thin pen", "Medium pen", "Thick pen"]
LEAST = 0.95
APART = 0.07  # of the pad


def put_down(page: Page, strokes: Strokes) -> None:
    """Draw with the mouse, quickly: what is told of a stroke lies apart."""
    box = page.get_by_role("img", name="Drawing pad").bounding_box()
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


def test_at_least_19_of_20_digits_drawn_in_every_style_place_size_and_pen_are_read_right(pages):
    page, rng = pages.open(described("digits_best").experiment), np.random.default_rng(5)
    page.get_by_role("img", name="Drawing pad").scroll_into_view_if_needed()
    shown = page.get_by_role("checkbox", name=say("pad.stage"))
    shown.check()
    shown.uncheck()  # the network is not drawn with every point
    read = []
    styles = [(digit, strokes) for digit, each in DIGITS.items() for strokes in each]
    for place, (digit, strokes) in enumerate(styles):
        page.get_by_role("radio", name=PENS[place % 3]).check()
        put_down(page, written(strokes, rng, rng.uniform(0.5, 1.0), rng.uniform(-15, 15), 0.01))
        page.wait_for_timeout(150)  # until all of the last stroke is read
        read.append((digit, prediction(page)))
        button(page, "Clear drawing").click()
    wrong = [pair for pair in read if not pair[1].startswith(str(pair[0]))]
    assert len(read) == len(styles) >= 40
    assert len(wrong) <= (1 - LEAST) * len(read), wrong
