"""``make fuzz``: commands and files that mean harm at a real server, beside a page that steps on meanwhile.

Every command is answered, nothing of the server's own fails, its memory does not grow, and the other page is answered
in time. What is drawn follows from the seed.
"""

import argparse
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from threading import Event, Thread
from time import perf_counter, sleep
from typing import Any

import httpx
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from server.lessons.shelf import SHIPPED
from server.protocol.frame import decode
from tests.endurance.hostile import (
    EXPERIMENTS,
    TABLE,
    checkpoint,
    dataset,
    file,
    lesson,
    message,
    table,
    weights_file,
    weights_read,
)
from tests.helpers.networks import plain
from tests.helpers.serving import Running, serving

XOR = plain((4, "tanh"), (1, "sigmoid"))
LONGEST = 10  # seconds for an answer
PAGE = 400  # messages of one page before another comes


@dataclass
class Found:
    """What there was to see."""

    commands: int
    files: int
    answers: Counter[str]
    slowest: float  # seconds of an answer
    before: float  # MB of the server, when a tenth was done
    after: float
    beside: list[float]  # milliseconds of each step of the other page, in order

    def beside_at(self, share: float) -> float:
        """The milliseconds within which this share of the other page's steps was answered."""
        return self.beside[min(len(self.beside) - 1, int(len(self.beside) * share))]


class Bystander:
    """Another page, which steps ten times a second and notes how long each answer takes."""

    def __init__(self, running: Running) -> None:
        self.took = list[float]()
        self._over = Event()
        self._thread = Thread(target=self._step, args=(running,), daemon=True)
        self._thread.start()

    def _step(self, running: Running) -> None:
        with connect(running.websocket, max_size=None) as websocket:
            ask(websocket, command="start", experiment=XOR)
            t = 0
            while not self._over.wait(0.1):
                t, began = t + 1, perf_counter()
                ask(websocket, command="seek", t=t)
                self.took.append((perf_counter() - began) * 1e3)

    def end(self) -> list[float]:
        """Go, and give the milliseconds in order."""
        self._over.set()
        self._thread.join()
        return sorted(self.took)


def ask(websocket: ClientConnection, **command: Any) -> str | bytes:
    """Send a command; the answer."""
    websocket.send(json.dumps({"id": 1, **command}))
    return websocket.recv(timeout=LONGEST)


def kind_of(answer: str | bytes) -> str:
    """What sort of an answer it is: a frame, a refusal by its kind, or something else by its name."""
    if isinstance(answer, bytes):
        decode(answer)
        return "frame"
    said = json.loads(answer)
    if "refused" in said:
        assert not said["refused"].startswith("the server failed"), said
        return f"refused: {(said['details'] or {}).get('kind')}"
    return next(name for name in said if name != "id")


def fuzz(running: Running, commands: int, files: int, seed: int) -> Found:
    """So many commands and files; what there was to see.

    Raises:
        AssertionError: the server failed at one of them, or did not answer.
    """
    draw, answers, slowest, before, bystander = Random(seed), Counter[str](), 0.0, 0.0, Bystander(running)
    sent = 0
    while sent < commands:
        with connect(running.websocket, max_size=None) as websocket:
            ask(websocket, command="start", experiment=draw.choice(EXPERIMENTS))
            ask(websocket, command="seek", t=150)
            for _ in range(min(PAGE, commands - sent)):
                text = message(draw)
                sent, began = sent + 1, perf_counter()
                try:
                    websocket.send(text)
                    answers[kind_of(websocket.recv(timeout=LONGEST))] += 1
                except (ConnectionClosed, UnicodeEncodeError):
                    answers["line closed"] += 1
                    break
                except TimeoutError:
                    raise AssertionError(f"no answer to {text[:300]!r}") from None
                slowest = max(slowest, perf_counter() - began)
                if sent == commands // 10:
                    before = running.megabytes
    good, tour = checkpoint(), (SHIPPED / "tour" / "en.md").read_text()
    with httpx.Client(timeout=LONGEST) as client:
        known = client.post(running.address + "tables", content=TABLE.encode()).json()["content"]
        makers: dict[str, Callable[[], bytes]] = {
            "checkpoints": lambda: file(draw, good) if draw.random() < 0.5 else weights_file(draw),
            "lessons": lambda: lesson(draw, tour),
            "tables": lambda: table(draw),
            "tables/described": lambda: dataset(draw, known),
            "weights": lambda: weights_read(draw),
        }
        for _ in range(files):
            place = draw.choice([*makers])
            content, began = makers[place](), perf_counter()
            answer = client.post(running.address + place, content=content)
            slowest = max(slowest, perf_counter() - began)
            assert answer.status_code in (200, 400, 413), answer.text
            answers[f"{place}: {answer.status_code}"] += 1
    sleep(0.5)
    return Found(commands, files, answers, slowest, before, running.megabytes, bystander.end())


def main() -> None:
    """Do it, and print what there was to see as a row of Markdown."""
    parser = argparse.ArgumentParser(prog="python -m tests.endurance.fuzz", description=__doc__)
    parser.add_argument("--commands", type=int, default=50_000)
    parser.add_argument("--files", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with serving() as running:
        found = fuzz(running, options.commands, options.files, options.seed)
        assert "Traceback" not in running.words, running.words
    print(dict(found.answers))
    print(
        f"seed {options.seed}: {found.commands:,} commands, {found.files:,} files; "
        f"slowest answer {found.slowest:.1f} s; memory {found.before:.0f} to {found.after:.0f} MB; "
        f"the other page p50 {found.beside_at(0.5):.0f}, p99 {found.beside_at(0.99):.0f}, "
        f"slowest {found.beside[-1]:.0f} ms"
    )


if __name__ == "__main__":
    main()
