"""One page's websocket: its commands are worked off one after the other, in a thread of their own.

The thread begins with the next command as soon as it is done with one, while the answer is still on its way.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue
from threading import Condition, Thread

from fastapi import WebSocket, WebSocketDisconnect

from server.capacity import Capacity
from server.checkpoints.store import Checkpoints
from server.limits import PENDING, WAITING_BYTES
from server.maps.desk import Desk
from server.opened import Several
from server.recordings.store import Recordings
from server.session import Message, Session, sign_of_life
from server.tables.store import Tables
from server.telemetry.log import event
from server.telemetry.observer import Observer

UNSUPPORTED_DATA, TRY_AGAIN_LATER = 1003, 1013


class Worker:
    """A session in a thread of its own: commands go in, and their answers come out in the same order.

    ``ended`` is called in that thread when the session holds nothing any more. Where more than WAITING_BYTES wait to be
    sent, the next command is not begun.
    """

    def __init__(self, session: Session, ended: Callable[[], None]) -> None:
        self._session, self._ended, self._loop = session, ended, asyncio.get_running_loop()
        self._commands: SimpleQueue[str | Callable[[], None] | None] = SimpleQueue()
        self.answers: asyncio.Queue[Message] = asyncio.Queue()
        self._waiting, self._less = 0, Condition()  # bytes that wait to be sent, and word that there are less
        self._stopped = False
        self._thread = Thread(target=self._work, daemon=True)
        self._thread.start()

    def put(self, text: str) -> None:
        """Leave a command to be worked off."""
        self._commands.put(text)

    def thin(self) -> None:
        """Have the session's histories thinned, from any thread."""
        self._commands.put(self._session.thin)

    def answer(self, message: Message) -> None:
        """Leave an answer to be sent that is not the session's; to be called in the event loop."""
        with self._less:
            self._waiting += len(message)
        self.answers.put_nowait(message)

    def sent(self, message: Message) -> None:
        """An answer does not wait any more."""
        with self._less:
            self._waiting -= len(message)
            self._less.notify()

    def stop(self) -> None:
        """End after the command that is under way, which nobody waits for; those that have not begun are let go."""
        while not self._commands.empty():
            self._commands.get()
        self._commands.put(None)
        with self._less:
            self._stopped = True
            self._less.notify()

    def _work(self) -> None:
        while (command := self._commands.get()) is not None:
            if callable(command):
                command()
                continue
            answer = self._session.reply(command)
            with suppress(RuntimeError):  # the server has ended meanwhile
                self._loop.call_soon_threadsafe(self.answers.put_nowait, answer)
            with self._less:
                self._waiting += len(answer)
                self._less.wait_for(lambda: self._stopped or self._waiting <= WAITING_BYTES)
        self._ended()


@dataclass(frozen=True)
class House:
    """What all pages of a process share: the count of them, what was opened, who looks on, maps, and the end."""

    capacity: Capacity
    checkpoints: Checkpoints
    tables: Tables
    recordings: Recordings
    observer: Observer
    desk: Desk
    closing: asyncio.Event  # set when the server begins to end

    @property
    def given(self) -> Several:
        """The tables and recordings that experiments may name."""
        return Several(self.tables, self.recordings)


async def stream(socket: WebSocket, house: House) -> None:
    """Serve one page until it goes, in whichever direction its line breaks first, or until the server ends."""
    session = Session(house.capacity, house.checkpoints, house.given, house.observer, house.desk)
    await socket.accept()
    worker = Worker(session, partial(house.capacity.leave, id(session)))
    if not house.capacity.enter(id(session), worker.thin):
        worker.stop()
        event("info", "no room for another page", sessions=house.capacity.sessions)
        await socket.close(TRY_AGAIN_LATER, "the server has no room for another page")
        return
    event("info", "page came", sessions=house.capacity.sessions)
    room = asyncio.Semaphore(PENDING)
    ends = [_receive(socket, worker, room), _send(socket, worker, room), house.closing.wait()]
    tasks = [asyncio.create_task(end) for end in ends]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        worker.stop()
        event("info", "page went")


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
            worker.answer(alive)
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
        worker.sent(message)
        room.release()
