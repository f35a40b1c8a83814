"""The browser that `make bench` measures in."""

import socket

import pytest

from bench.tab import tab


def test_a_browser_ends_with_its_measurement_so_that_its_page_takes_nothing_from_the_next():
    with tab() as opened:
        assert opened.evaluate("1 + 1") == 2
        where = opened.address
        socket.create_connection(where).close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(where)
