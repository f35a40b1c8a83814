"""What the tests of the page share."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.helpers.browsing import Pages
from tests.helpers.interruption import Interrupted


@pytest.fixture
def interrupted(pages: Pages) -> Iterator[Interrupted]:
    """A server of the test's own, to be stopped and started again; the page may complain that it cannot reach it."""
    pages.server_may_stop = True
    with ExitStack() as running:
        yield Interrupted(running)
