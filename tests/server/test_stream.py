"""What waits for a page that does not read is bounded, however large its answers are."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from server.limits import PENDING, WAITING_BYTES
from server.stream import Worker


class Wide:
    """A session whose every answer is as large as half of what may wait."""

    def __init__(self) -> None:
        self.answered = 0

    def reply(self, _: str) -> bytes:
        self.answered += 1
        return bytes(WAITING_BYTES // 2)


async def settled(session: Wide) -> int:
    """How many answers there are, when there come no more."""
    before = -1
    while before != session.answered:
        before = session.answered
        await asyncio.sleep(0.1)
    return before


async def _reads_slowly() -> list[int]:
    session, ended, loop = Wide(), asyncio.Event(), asyncio.get_running_loop()
    worker = Worker(session, lambda: loop.call_soon_threadsafe(ended.set) and None)  # type: ignore[arg-type]
    for _ in range(PENDING):
        worker.put("")
    counts = [await settled(session)]
    for _ in range(2):
        message: Any = await worker.answers.get()
        worker.sent(message)
        counts.append(await settled(session))
    worker.stop()
    await asyncio.wait_for(ended.wait(), 5)
    return counts


def test_no_more_answers_are_made_than_may_wait_and_a_page_that_goes_ends_its_worker():
    with ThreadPoolExecutor() as threads:  # whose loop is none that a browser of these tests has
        assert threads.submit(lambda: asyncio.run(_reads_slowly())).result() == [3, 4, 5]
