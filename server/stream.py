"""One page's websocket: each command is answered with one message, computed in a thread beside the event loop."""

import asyncio
from urllib.parse import urlsplit

from fastapi import WebSocket, WebSocketDisconnect

from server.limits import Capacity
from server.session import Session

TRY_AGAIN_LATER, POLICY_VIOLATION = 1013, 1008


def same_origin(socket: WebSocket) -> bool:
    """Whether the page that asks was served by this server; programs send no origin and are welcome."""
    origin = socket.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == socket.headers.get("host")


async def stream(socket: WebSocket, capacity: Capacity) -> None:
    """Serve one page until it goes."""
    if not same_origin(socket):
        await socket.close(POLICY_VIOLATION)
        return
    session = Session(capacity)
    if not capacity.enter(id(session)):
        await socket.accept()
        await socket.close(TRY_AGAIN_LATER, "the server has no room for another page")
        return
    try:
        await socket.accept()
        while True:
            message = await asyncio.to_thread(session.reply, await socket.receive_text())
            if isinstance(message, bytes):
                await socket.send_bytes(message)
            else:
                await socket.send_text(message)
    except (WebSocketDisconnect, KeyError):  # gone, or it sent bytes where text belongs
        pass
    finally:
        capacity.leave(id(session))
