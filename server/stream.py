"""One page's websocket: its commands are worked off one after the other, in a thread of their own.

The thread begins with the next command as soon as it is done with one, while the answer is still on its way.
"""

import asyncio
from queue import SimpleQueue
from threading import Thread

from fastapi import WebSocket, WebSocketDisconnect
from fastapi.requests import HTTPConnection

from server.checkpoints.store import Checkpoints
from server.limits import PENDING, Capacity
from server.session import Message, Session

UNSUPPORTED_DATA, POLICY_VIOLATION, TRY_AGAIN_LATER = 1003, 1008, 1013


def same_origin(asking: HTTPConnection) -> bool:
    """Whether the page that asks was served by this server; programs send no origin and are welcome."""
    origin = asking.headers.get("origin")
    return origin is None or origin.partition("://")[2] == asking.headers.get("host")


class Worker:
    """A session in a thread of its own: commands go in, and their answers come out in the same order."""

    def __init__(self, session: Session) -> None:
        self._session, self._loop = session, asyncio.get_running_loop()
        self._commands: SimpleQueue[str | None] = SimpleQueue()
        self.answers: asyncio.Queue[Message] = asyncio.Queue()
        self._thread = Thread(target=self._work, daemon=True)
        self._thread.start()

    def put(self, text: str) -> None:
        """Leave a command to be worked off."""
        self._commands.put(text)

    async def stop(self) -> None:
        """End after the command that is under way; those that wait are let go."""
        while not self._commands.empty():
            self._commands.get()
        self._commands.put(None)
        await asyncio.to_thread(self._thread.join)

    def _work(self) -> None:
        while (text := self._commands.get()) is not None:
            answer = self._session.reply(text)
            self._loop.call_soon_threadsafe(self.answers.put_nowait, answer)


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
    worker = Worker(session)
    room = asyncio.Semaphore(PENDING)
    sending = asyncio.create_task(_send(socket, worker, room))
    try:
        await socket.accept()
        while True:
            await room.acquire()
            worker.put(await socket.receive_text())
    except WebSocketDisconnect:
        pass
    except KeyError:  # it sent bytes where text belongs
        await socket.close(UNSUPPORTED_DATA)
    finally:
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        await worker.stop()
        capacity.leave(id(session))


async def _send(socket: WebSocket, worker: Worker, room: asyncio.Semaphore) -> None:
    """Send the answers. Each makes room for another command when it is sent, so nothing piles up for a slow page."""
    while True:
        message = await worker.answers.get()
        if isinstance(message, bytes):
            await socket.send_bytes(message)
        else:
            await socket.send_text(message)
        room.release()
