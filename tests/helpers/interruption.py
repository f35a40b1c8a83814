"""A server that tests stop and start again, and the page's message in the meantime."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.helpers.browsing import Pages, Plain, at, link, say
from tests.helpers.serving import Running, serving

_port = 0  # of the server before, which the next one gets, so that the browser keeps its files


@contextmanager
def serving_again(first: str = "") -> Iterator[Running]:
    """A server of a test's own, at the same address as the one before where that is free."""
    global _port
    with ExitStack() as stack:
        try:
            running = stack.enter_context(serving(_port, first=first))
        except RuntimeError:
            running = stack.enter_context(serving(first=first))
        _port = urlsplit(running.address).port or 0
        yield running


class Interrupted:
    """A server of the test's own, which can be stopped, and started again at the same address."""

    def __init__(self, running: ExitStack) -> None:
        self.running = running
        self.address = running.enter_context(serving_again()).address

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
        again = self.running.enter_context(serving_again())
        assert again.address == self.address


def lost(page: Page) -> Locator:
    """The message that the page cannot reach its server."""
    return page.get_by_role("status").filter(has_text=say("lost"))
