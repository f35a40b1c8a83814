"""One page's websocket: each command is answered with one message, computed in a thread beside the event loop."""

import asyncio

from fastapi import WebSocket, WebSocketDisconnect
from fastapi.requests import HTTPConnection

from server.checkpoints import Checkpoints
from server.limits import Capacity
from server.session import Session

UNSUPPORTED_DATA, POLICY_VIOLATION, TRY_AGAIN_LATER = 1003, 1008, 1013


def same_origin(asking: HTTPConnection) -> bool:
    """Whether the page that asks was served by this server; programs send no origin and are welcome."""
    origin = asking.headers.get("origin")
    return origin is None or origin.partition("://")[2] == asking.headers.get("host")


async def stream(socket: WebSocket, capacity: Capacity, checkpoints: Checkpoints) -> None:
    """Serve one page until it goes."""
    if not same_origin(socket):
        await socket.close(POLICY_VIOLATION)
        return
    session = Session(capacity, checkpoints)
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
    except WebSocketDisconnect:
        pass
    except KeyError:  # it sent bytes where text belongs
        await socket.close(UNSUPPORTED_DATA)
    finally:
        capacity.leave(id(session))
