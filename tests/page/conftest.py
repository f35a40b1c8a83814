"""Fixtures of the tests of the page."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.helpers.browsing import Pages
from tests.helpers.interruption import Interrupted


@pytest.fixture
def interrupted(pages: Pages) -> Iterator[Interrupted]:
    """A server of the test's own, which it may stop and start; errors about an unreachable server are allowed."""
    pages.server_may_stop = True
    with ExitStack() as running:
        yield Interrupted(running)
