"""A line that falls silent, is cut or finds no room: the page notices, says so, and goes on from where it was."""

import pytest
from playwright.sync_api import Page, expect

from engine.experiment.presets import PRESETS
from tests.helpers.browsing import Pages, at, button, eventually, link, now, pass_time
from tests.helpers.interception import held_back
from tests.helpers.interruption import lost
from tests.helpers.tcp_proxy import tcp_proxy

pytestmark = pytest.mark.without_chart

SPIRALS = PRESETS["spirals"]
NOTICED = 15  # seconds within which a silent line must be noticed


def timed(pages: Pages) -> Page:
    """A page whose clock `pass_time` moves on."""
    pages.server_may_stop = True
    return pages.blank(alone=True, clock=True)


def test_a_page_that_plays_notices_in_time_that_the_line_is_open_but_silent_and_plays_on(pages):
    page = timed(pages)
    with tcp_proxy(pages.address) as line:
        page.goto(link(line.address, SPIRALS, 1091))
        at(page, 1091)
        button(page, "Play").click()
        line.silence()
        pass_time(page, NOTICED, lost(page).is_visible)
        expect(lost(page)).to_be_visible(timeout=1000)
        t = now(page)
        assert t >= 1091
        line.mend()
        pass_time(page, NOTICED, lost(page).is_hidden)
        expect(lost(page)).to_be_hidden(timeout=1000)
        page.wait_for_function("t => backscope.t > t", arg=t)
        assert page.evaluate("backscope.experiment.seed") == 0


def test_a_quiet_page_asks_for_few_signs_of_life_and_notices_a_silent_line_and_goes_on_with_its_run(pages):
    page = timed(pages)
    with tcp_proxy(pages.address) as line:
        page.goto(link(line.address, SPIRALS, 1091))
        at(page, 1091)
        pass_time(page, 2)
        before = -1
        while line.passed != before:  # until no further bytes pass
            before = line.passed
            page.wait_for_timeout(300)
        pass_time(page, 9)
        eventually(lambda: line.passed > before)
        assert line.passed - before < 300
        expect(lost(page)).to_be_hidden()
        line.silence()
        pass_time(page, NOTICED, lost(page).is_visible)
        expect(lost(page)).to_be_visible(timeout=1000)
        assert now(page) == 1091
        line.mend()
        expect(lost(page)).to_be_hidden(timeout=NOTICED * 1000)
        button(page, "Step forward").click()
        page.wait_for_function("backscope.t > 1091")
        assert page.evaluate("backscope.experiment.seed") == 0


def test_a_far_moment_is_reached_though_the_line_falls_silent_on_the_way(pages):
    page = timed(pages)
    far = 500_000
    with tcp_proxy(pages.address) as line:
        page.goto(link(line.address, SPIRALS, far))
        page.wait_for_function("window.backscope?.t > 1000")
        line.silence()
        pass_time(page, NOTICED, lost(page).is_visible)
        expect(lost(page)).to_be_visible(timeout=1000)
        assert now(page) < far
        line.mend()
        at(page, far)


def test_a_page_that_is_seen_again_does_not_wait_for_a_line_that_opens_into_silence(pages):
    page = timed(pages)
    with tcp_proxy(pages.address) as line:
        page.goto(link(line.address, SPIRALS, 20))
        at(page, 20)
        line.silence()
        opened = line.opened
        line.cut()
        expect(lost(page)).to_be_visible()
        eventually(lambda: line.opened > opened)
        pass_time(page, 4)
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
