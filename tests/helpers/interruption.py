"""A server that tests stop and start again, and the page's message in the meantime."""

from contextlib import ExitStack
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.helpers.browsing import Pages, Plain, at, link, say
from tests.helpers.serving import serving


class Interrupted:
    """A server of the test's own, which can be stopped, and started again at the same address."""

    def __init__(self, running: ExitStack) -> None:
        self.running = running
        self.address = running.enter_context(serving()).address

    def open(self, pages: Pages, experiment: Plain, t: int = 0) -> Page:
        page = pages.blank()
        page.goto(link(self.address, experiment, t))
        at(page, t)
        if pages.chart:
            expect(page.locator(".js-plotly-plot")).to_be_visible()  # all has come that comes later
        return page

    def stop(self) -> None:
        self.running.close()

    def start(self) -> None:
        again = self.running.enter_context(serving(urlsplit(self.address).port or 0))
        assert again.address == self.address


def lost(page: Page) -> Locator:
    """The message that the page cannot reach its server."""
    return page.get_by_role("status").filter(has_text=say("lost"))
