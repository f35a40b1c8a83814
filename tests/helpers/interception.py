"""How the browser tests intercept messages between a page and its server, from before the page opens an address."""

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, WebSocketRoute

from server.protocol.frame import decode
from tests.helpers.browsing import Plain

Send = Callable[[str | bytes], None]


def _between(
    page: Page, to_server: Callable[[Send, str | bytes], None], to_page: Callable[[Send, str | bytes], None]
) -> None:
    """Route commands and answers through these functions, which get a function that sends on, and the message."""

    def join(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        socket.on_message(lambda message: to_server(server.send, message))
        server.on_message(lambda message: to_page(socket.send, message))

    page.route_web_socket("**/ws", join)


def _id(answer: str | bytes) -> str:
    """The id of the command that an answer belongs to."""
    return str(json.loads(answer)["id"] if isinstance(answer, str) else decode(answer)[1]["id"])


def held_back(
    page: Page, wanted: Callable[[Plain], bool], passes: Callable[[Plain], bool] = lambda command: True
) -> list[Callable[[], None]]:
    """Hold back the answers to some commands.

    Args:
        page: the page, before it opens an address.
        wanted: whether the answer to a command is held back.
        passes: whether a command is sent to the server at all.

    Returns:
        A list that grows by a function for each answer held back, which sends the answer on.
    """
    ids: set[str] = set()
    held: list[Callable[[], None]] = []

    def to_server(send: Send, message: str | bytes) -> None:
        command = json.loads(message)
        if wanted(command):
            ids.add(str(command["id"]))
        if passes(command):
            send(message)

    def to_page(send: Send, message: str | bytes) -> None:
        if ids and _id(message) in ids:
            held.append(lambda: send(message))
        else:
            send(message)

    _between(page, to_server, to_page)
    return held


def answered_otherwise(page: Page, name: str, change: Callable[[Plain], Any]) -> None:
    """Change the answers that have a field of this name by ``change``, before the page receives them."""

    def to_page(send: Send, message: str | bytes) -> None:
        if isinstance(message, str) and f'"{name}"' in message:
            reply = json.loads(message)
            change(reply["answer"])
            message = json.dumps(reply)
        send(message)

    _between(page, lambda send, message: send(message), to_page)
