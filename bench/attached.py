"""The cost of a page: the speed of training with a page attached, against the same run without one."""

import json
from collections.abc import Callable
from time import perf_counter
from typing import Any

from websockets.sync.client import ClientConnection, connect

from bench.contenders import ours
from bench.networks import DIGITS_16, DIGITS_100, XOR, Network
from bench.report import Row
from bench.rounds import ratio, rounds
from engine import Experiment, Timeline
from engine.experiment.changes import LARGEST_T
from server.capacity import state_bytes
from server.protocol.frame import decode
from tests.helpers.serving import serving

NETWORKS = (XOR, DIGITS_16, DIGITS_100)
TARGET = 0.85
# These numbers are those of static/transport/clock.js and static/ask/watch.js.
UNDER_WAY = 0.06  # seconds of requests in flight
SHORTEST, LONGEST = 0.6, 0.92  # the share of a frame's time that a seek takes
MUCH_WHEN_PLAYING = 200_000
RATES = {50_000: 65, MUCH_WHEN_PLAYING: 46}
LEAST_RATE = 32
DRAWN = 30  # the units of a wide layer that are drawn


class Page:
    """A client that seeks as a page does at full speed: with a few requests in flight, for 60 frames a second."""

    def __init__(self, socket: ClientConnection, network: Network) -> None:
        experiment = Experiment.from_dict(network.plain)
        self._socket, self._part, self._t, self._last = socket, LONGEST, 0, 0
        much = state_bytes(experiment)
        self._rate = next((rate for most, rate in RATES.items() if much <= most), LEAST_RATE)
        self._micro_steps = len(Timeline(experiment).program)
        self._watch = _watch(experiment)
        self._command("start", experiment=network.plain)
        socket.recv()

    def _command(self, command: str, **fields: Any) -> None:
        self._last += 1
        self._socket.send(json.dumps({"id": str(self._last), "command": command, **fields}))

    def _ask(self) -> None:
        step = int(self._t * 1.2) // self._micro_steps + 1
        t = min(step * self._micro_steps, LARGEST_T)
        self._command("seek", t=t, seconds=self._part / self._rate, **self._watch)

    def play(self, seconds: float) -> float:
        """Play for some seconds; returns the seconds that a training step took."""
        began, first, requests = perf_counter(), self._t, round(UNDER_WAY * self._rate / LONGEST)
        for _ in range(requests):
            self._ask()
        answered = perf_counter()
        while perf_counter() - began < seconds:
            self._show()
            interval, answered = perf_counter() - answered, perf_counter()
            self._part = min(LONGEST, max(SHORTEST, self._part + (1 - interval * self._rate) * 0.02))
            self._ask()
        took, reached = perf_counter() - began, self._t
        for _ in range(requests):
            self._show()
        return took / ((reached - first) / self._micro_steps)

    def _show(self) -> None:
        message = self._socket.recv()
        assert isinstance(message, bytes), message
        self._t = max(self._t, int(decode(message)[1]["t"]))


def _watch(experiment: Experiment) -> dict[str, Any]:
    """The watched part of a state, as a field of a seek: of a large network, one example and the drawn units."""
    if state_bytes(experiment) <= MUCH_WHEN_PLAYING:
        return {}
    half = DRAWN // 2
    hidden = [[*range(half), *range(units - half, units)] if units > DRAWN else None for units in experiment.sizes[1:]]
    return {"watch": {"example": 1, "units": [None, *hidden]}}


def measure(say: Callable[[str], None], count: int) -> list[Row]:
    """For each network, the speed with the client attached as a share of the speed without it."""
    found = []
    with serving() as server:
        for network in NETWORKS:
            say(f"{network.label} with a program that asks as a page does")
            with connect(server.websocket, max_size=None, compression=None) as socket:
                page, alone = Page(socket, network), ours(Experiment.from_dict(network.plain))
                times = rounds({"page": page.play, "alone": alone}, count, 0.5)
            share = ratio(times, "alone", "page")
            found.append(Row(f"{network.label}: asked as a page asks / alone", share, TARGET, form="{:.0%}"))
    return found
