"""A TCP proxy between page and server that can fall silent, cut connections, and count bytes."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from urllib.parse import urlsplit


class TcpProxy:
    """Passes bytes both ways. While it is silent, it accepts connections and bytes, and never passes these on.

    All of them have the same address one after another, as far as they get it, so that a browser keeps its files.
    """

    port = 0  # of the one before

    def __init__(self, address: str) -> None:
        there = urlsplit(address)
        self._to = (there.hostname or "", there.port or 0)
        try:
            self._listener = socket.create_server(("127.0.0.1", TcpProxy.port))
        except OSError:  # another has the port
            self._listener = socket.create_server(("127.0.0.1", 0))
        TcpProxy.port = self._listener.getsockname()[1]
        self._ends: list[socket.socket] = []
        self._silent = Event()
        self._left: int | None = None  # the bytes to the page before the next cut
        self.passed = 0  # the bytes from the page so far
        self.opened = 0  # the connections from the page so far
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"
        Thread(target=self._accept, daemon=True).start()

    def silence(self) -> None:
        """Pass no more bytes, on open connections and on those that are opened until ``mend``."""
        self._silent.set()

    def mend(self) -> None:
        """Pass bytes on connections that are opened from now on."""
        self._silent.clear()

    def cut(self, after: int = 0) -> None:
        """Cut all connections, now or after so many further bytes to the page."""
        if after:
            self._left = after
            return
        self._left = None
        ends, self._ends = self._ends, []
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # ends a wait for a connection, which would keep the address
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                page, _ = self._listener.accept()
                self.opened += 1
                self._ends.append(page)
                if self._silent.is_set():
                    continue
                try:
                    server = socket.create_connection(self._to)
                except OSError:  # the server is not there now
                    page.close()
                    continue
                self._ends.append(server)
                for ends in ((page, server, True), (server, page, False)):
                    Thread(target=self._pass, args=ends, daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket, up: bool) -> None:
        silent = False
        with suppress(OSError):
            while data := one.recv(1 << 16):
                silent = silent or self._silent.is_set()
                if silent:
                    continue
                if up:
                    self.passed += len(data)
                elif self._left is not None:
                    data, self._left = data[: self._left], max(0, self._left - len(data))
                other.sendall(data)
                if not up and self._left == 0:
                    self.cut()
        if not silent:
            with suppress(OSError):
                other.shutdown(socket.SHUT_RDWR)


@contextmanager
def tcp_proxy(address: str) -> Iterator[TcpProxy]:
    """A proxy to the server at this address."""
    proxy = TcpProxy(address)
    try:
        yield proxy
    finally:
        proxy.close()
