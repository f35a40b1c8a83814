"""A line that falls silent, is cut or finds no room: the page notices, says so, and goes on from where it was."""

import time

import pytest
from playwright.sync_api import expect

from engine.experiment.presets import PRESETS
from tests.helpers.browsing import at, button, link, now
from tests.helpers.interception import held_back
from tests.helpers.interruption import lost
from tests.helpers.tcp_proxy import tcp_proxy

pytestmark = pytest.mark.without_chart

SPIRALS = PRESETS["spirals"]
NOTICED = 15_000  # milliseconds within which a silent line must be noticed


@pytest.mark.parametrize("playing", [False, True])
def test_a_line_that_is_open_but_silent_is_noticed_in_time_and_the_page_goes_on_with_its_run(pages, playing):
    pages.server_may_stop = True
    page = pages.blank(alone=True)
    with tcp_proxy(pages.address) as line:
        page.goto(link(line.address, SPIRALS, 1091))
        at(page, 1091)
        if playing:
            button(page, "Play").click()
        line.silence()
        expect(lost(page)).to_be_visible(timeout=NOTICED)
        t = now(page)
        assert t >= 1091
        line.mend()
        expect(lost(page)).to_be_hidden(timeout=NOTICED)
        if playing:
            page.wait_for_function("t => backscope.t > t", arg=t)
        else:
            button(page, "Step forward").click()
            page.wait_for_function("t => backscope.t > t", arg=t)
        assert page.evaluate("backscope.experiment.seed") == 0


def test_a_quiet_page_asks_for_few_signs_of_life_and_one_that_ends_for_none(pages):
    page = pages.blank(alone=True)
    with tcp_proxy(pages.address) as line:
        page.goto(link(line.address, SPIRALS, 20))
        at(page, 20)
        time.sleep(1)
        before = line.passed
        time.sleep(9)
        assert 0 < line.passed - before < 300
        expect(lost(page)).to_be_hidden()


def test_a_far_moment_is_reached_though_the_line_falls_silent_on_the_way(pages):
    pages.server_may_stop = True
    page = pages.blank(alone=True)
    far = 6_000_000
    with tcp_proxy(pages.address) as line:
        page.goto(link(line.address, SPIRALS, far))
        page.wait_for_function("window.backscope?.t > 1000")
        line.silence()
        expect(lost(page)).to_be_visible(timeout=NOTICED)
        assert now(page) < far
        line.mend()
        at(page, far)


def test_a_page_that_is_seen_again_does_not_wait_for_a_line_that_opens_into_silence(pages):
    pages.server_may_stop = True
    page = pages.blank(alone=True)
    with tcp_proxy(pages.address) as line:
        page.goto(link(line.address, SPIRALS, 20))
        at(page, 20)
        line.silence()
        line.cut()
        expect(lost(page)).to_be_visible()
        page.wait_for_timeout(3500)
        line.mend()
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(lost(page)).to_be_hidden(timeout=2000)
        button(page, "Step forward").click()
        page.wait_for_function("backscope.t > 20")


def test_a_moment_is_reached_though_the_line_breaks_again_while_the_run_is_resumed(pages):
    pages.server_may_stop = True
    page = pages.blank(alone=True)
    holding = [False]
    held = held_back(page, lambda command: command["command"] == "start" and holding[0])
    with tcp_proxy(pages.address) as line:
        page.goto(link(line.address, SPIRALS, 20))
        at(page, 20)
        line.silence()
        page.keyboard.press("ArrowRight")
        holding[0] = True
        line.mend()
        line.cut()
        while not held:
            page.wait_for_timeout(30)
        holding[0] = False
        line.cut()
        page.wait_for_function("backscope.t > 20")
