"""The web application within this process: its answers are handed to a notebook's page without any socket."""

import asyncio
import gzip
from collections.abc import Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from threading import Thread
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from server.app import create_app
from server.stream import House

T = TypeVar("T")
LARGE = 4096  # bytes of a body that is worth compressing


@dataclass(frozen=True)
class Answer:
    """The answer to a request.

    Attributes:
        status: its HTTP status.
        media: the media type of its body.
        packed: whether the body is compressed by gzip.
        body: its bytes.
    """

    status: int
    media: str
    packed: bool
    body: bytes


class Application:
    """The application of this process, in an event loop and a thread of its own, begun with the first request."""

    def __init__(self) -> None:
        self._app = create_app()
        self._work = ThreadPoolExecutor(1, "backscope-work")
        self._loop = asyncio.new_event_loop()
        Thread(target=self._loop.run_forever, name="backscope", daemon=True).start()

    @property
    def house(self) -> House:
        """What all pages of the process share."""
        house: House = self._app.state.house
        return house

    def do(self, work: Callable[[], T]) -> T:
        """Have work done after what has been begun before, in a thread of its own: so no two threads are in one
        session, each comes in its turn, and an interrupt of a cell leaves nothing half done.
        """
        return self._work.submit(work).result()

    def later(self, work: Callable[[], object]) -> None:
        """Have work done in its turn, which nobody waits for; from any thread, also the one that does the work."""
        self._work.submit(work)

    def answer(self, method: str, address: str, body: bytes = b"") -> Answer:
        """The answer to a request of a page, from any thread. An error of the application is status 500."""
        return asyncio.run_coroutine_threadsafe(self._answer(method, address, body), self._loop).result()

    async def _answer(self, method: str, address: str, body: bytes) -> Answer:
        parts = urlsplit(address)
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "scheme": "http",
            "method": method,
            "path": unquote(parts.path),
            "raw_path": parts.path.encode(),
            "query_string": parts.query.encode(),
            "root_path": "",
            "headers": [(b"host", b"localhost"), (b"accept-encoding", b"gzip"), (b"content-length", b"%d" % len(body))],
            "client": None,
            "server": None,
        }
        came, started, data = False, dict[str, Any](), bytearray()

        async def receive() -> dict[str, Any]:
            nonlocal came
            if came:
                await asyncio.Future()  # the page does not go before its answer has come
            came = True
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                started.update(message)
            data.extend(message.get("body", b""))

        try:
            await self._app(scope, receive, send)
        except Exception:  # the application has logged it, and told it where it could
            started.setdefault("status", 500)
        headers = {name.decode().lower(): value.decode() for name, value in started.get("headers", ())}
        packed, content = headers.get("content-encoding") == "gzip", bytes(data)
        if not packed and len(content) > LARGE:
            packed, content = True, gzip.compress(content, mtime=0)
        return Answer(started["status"], headers.get("content-type", ""), packed, content)


@cache
def application() -> Application:
    """The one application of this process."""
    return Application()
