"""Fixtures of all tests. Hypothesis draws the same examples each time, and the tests share one server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from engine.base.threads import one_thread
from tests.helpers.browsing import Pages
from tests.helpers.chromium import launch
from tests.helpers.serving import serving

TESTS = Path(__file__).parent
AGAIN = ("page", "server")  # folders of tests that wait for other processes, which may come late on a busy machine

settings.register_profile("backscope", deadline=None, derandomize=True)
settings.load_profile("backscope")
one_thread()  # as in the server, whose bits the tests compare


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test of the page or of the server that fails is run once more; the summary names it as one that was."""
    for item in items:
        if item.path.is_relative_to(TESTS) and item.path.relative_to(TESTS).parts[0] in AGAIN:
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a running server, such as ``http://127.0.0.1:54321/``."""
    with serving() as running:
        yield running.address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def tabs() -> dict[str, Page]:
    """The browser's tabs by their options."""
    return {}


@pytest.fixture(scope="session")
def spare() -> dict[str, list[BrowserContext]]:
    """Contexts of the browser by their options, which no page is open in."""
    return {}


@pytest.fixture
def pages(
    browser: Browser,
    tabs: dict[str, Page],
    spare: dict[str, list[BrowserContext]],
    server: str,
    request: pytest.FixtureRequest,
) -> Iterator[Pages]:
    """Opens pages with ``pages.open(experiment, t)``. The test fails if one of them has reported an error."""
    has = request.node.get_closest_marker
    chart = bool(has("with_chart") or not has("without_chart"))
    pages = Pages(browser, tabs, spare, server, chart, motion=bool(has("with_motion")), same=bool(has("same_page")))
    yield pages
    pages.close()
    assert pages.complaints == []


@pytest.fixture
def page(pages: Pages) -> Page:
    """A page that shows XOR at t 0."""
    return pages.open()
