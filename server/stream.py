"""One page's websocket: its commands are worked off one after the other, in a thread of their own.

The thread begins with the next command as soon as it is done with one, while the answer is still on its way.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from queue import SimpleQueue
from threading import Thread

from fastapi import WebSocket, WebSocketDisconnect

from server.checkpoints.store import Checkpoints
from server.limits import PENDING, Capacity
from server.session import Message, Session, sign_of_life

UNSUPPORTED_DATA, TRY_AGAIN_LATER = 1003, 1013


class Worker:
    """A session in a thread of its own: commands go in, and their answers come out in the same order.

    ``ended`` is called in that thread when the session holds nothing any more.
    """

    def __init__(self, session: Session, ended: Callable[[], None]) -> None:
        self._session, self._ended, self._loop = session, ended, asyncio.get_running_loop()
        self._commands: SimpleQueue[str | None] = SimpleQueue()
        self.answers: asyncio.Queue[Message] = asyncio.Queue()
        self._thread = Thread(target=self._work, daemon=True)
        self._thread.start()

    def put(self, text: str) -> None:
        """Leave a command to be worked off."""
        self._commands.put(text)

    def stop(self) -> None:
        """End after the command that is under way, which nobody waits for; those that have not begun are let go."""
        while not self._commands.empty():
            self._commands.get()
        self._commands.put(None)

    def _work(self) -> None:
        while (text := self._commands.get()) is not None:
            answer = self._session.reply(text)
            with suppress(RuntimeError):  # the server has ended meanwhile
                self._loop.call_soon_threadsafe(self.answers.put_nowait, answer)
        self._ended()


async def stream(socket: WebSocket, capacity: Capacity, checkpoints: Checkpoints, closing: asyncio.Event) -> None:
    """Serve one page until it goes, in whichever direction its line breaks first, or until the server ends."""
    session = Session(capacity, checkpoints)
    await socket.accept()
    if not capacity.enter(id(session)):
        await socket.close(TRY_AGAIN_LATER, "the server has no room for another page")
        return
    worker = Worker(session, partial(capacity.leave, id(session)))
    room = asyncio.Semaphore(PENDING)
    ends = [_receive(socket, worker, room), _send(socket, worker, room), closing.wait()]
    tasks = [asyncio.create_task(end) for end in ends]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        worker.stop()


async def _receive(socket: WebSocket, worker: Worker, room: asyncio.Semaphore) -> None:
    """Hand on the commands, each when there is room for it, until the page goes."""
    while True:
        await room.acquire()
        try:
            text = await socket.receive_text()
        except WebSocketDisconnect:
            return
        except KeyError:  # it sent bytes where text belongs
            await socket.close(UNSUPPORTED_DATA)
            return
        if (alive := sign_of_life(text)) is not None:  # however long the command that is under way may take
            worker.answers.put_nowait(alive)
        else:
            worker.put(text)


async def _send(socket: WebSocket, worker: Worker, room: asyncio.Semaphore) -> None:
    """Send the answers. Each makes room for another command when it is sent, so nothing piles up for a slow page."""
    while True:
        message = await worker.answers.get()
        try:
            if isinstance(message, bytes):
                await socket.send_bytes(message)
            else:
                await socket.send_text(message)
        except (WebSocketDisconnect, RuntimeError):  # it has gone
            return
        room.release()
