"""A cable between page and server: a TCP proxy that can fall silent, be cut, or count what goes through it."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from urllib.parse import urlsplit


class Cable:
    """Passes bytes both ways. While it is silent it takes connections and bytes, and passes none of them on, ever."""

    def __init__(self, address: str) -> None:
        there = urlsplit(address)
        self._to = (there.hostname or "", there.port or 0)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._ends: list[socket.socket] = []
        self._silent = Event()
        self._left: int | None = None  # bytes to the page until the cut
        self.passed = 0  # bytes from the page
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"
        Thread(target=self._accept, daemon=True).start()

    def silence(self) -> None:
        """Have all that is connected, and will be until `mend`, be silent for ever."""
        self._silent.set()

    def mend(self) -> None:
        """Have what connects from now on go through."""
        self._silent.clear()

    def cut(self, after: int = 0) -> None:
        """Cut what is connected, when so many bytes more have come to the page."""
        if after:
            self._left = after
            return
        self._left = None
        ends, self._ends = self._ends, []
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                page, _ = self._listener.accept()
                self._ends.append(page)
                if self._silent.is_set():
                    continue
                server = socket.create_connection(self._to)
                self._ends.append(server)
                for ends in ((page, server, True), (server, page, False)):
                    Thread(target=self._pass, args=ends, daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket, up: bool) -> None:
        deaf = False
        with suppress(OSError):
            while data := one.recv(1 << 16):
                deaf = deaf or self._silent.is_set()
                if deaf:
                    continue
                if up:
                    self.passed += len(data)
                elif self._left is not None:
                    data, self._left = data[: self._left], max(0, self._left - len(data))
                other.sendall(data)
                if not up and self._left == 0:
                    self.cut()
        if not deaf:
            with suppress(OSError):
                other.shutdown(socket.SHUT_RDWR)


@contextmanager
def cable(address: str) -> Iterator[Cable]:
    """A cable to the server of this address."""
    laid = Cable(address)
    try:
        yield laid
    finally:
        laid.close()
