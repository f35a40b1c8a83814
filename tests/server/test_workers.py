"""Several processes that serve at one address: none holds what another needs, and all of them end together."""

import json
import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from typing import Any

import httpx
import pytest
from websockets.sync.client import ClientConnection, connect

from engine import Experiment, Timeline
from server.checkpoints.codec import encode
from server.protocol.frame import decode
from tests.helpers.networks import plain, same_bits
from tests.helpers.serving import Running, serving

XOR = plain((4, "tanh"), (1, "sigmoid"))
OPTIONS = (0, "--workers", "2", "--log-level", "info")


def processes(running: Running, count: int) -> list[int]:
    """The processes that serve, once there are so many."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        found = [int(number) for number in re.findall(r"event=serves process=(\d+)", running.words)]
        if len(found) >= count:
            return found
        time.sleep(0.05)
    raise AssertionError(running.words)


def say(websocket: ClientConnection, **command: Any) -> Any:
    websocket.send(json.dumps({"id": 1} | command))
    message = websocket.recv(timeout=60)
    return json.loads(message) if isinstance(message, str) else decode(message)[0]


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    """Two processes that serve."""
    with serving(*OPTIONS) as running:
        processes(running, 2)
        yield running


def test_a_checkpoint_that_one_process_has_opened_begins_runs_in_all_of_them(running):
    timeline = Timeline(Experiment.from_dict(XOR))
    timeline.seek(150)
    with ExitStack() as stack:
        client = stack.enter_context(httpx.Client(limits=httpx.Limits(max_keepalive_connections=0)))
        opened = httpx.post(running.address + "checkpoints", content=encode(timeline)).json()
        counts, states = {0}, []
        while min(counts) == 0:  # until each process has a page
            websocket = stack.enter_context(connect(running.websocket, max_size=None))
            assert "listing" in say(websocket, command="start", experiment=opened["experiment"])
            states.append(say(websocket, command="seek", t=0))
            counts = {client.get(running.address + "healthz").json()["sessions"] for _ in range(30)}
            assert len(states) < 100, "one process has all pages"
        assert all(same_bits(state, states[0]) for state in states)


def test_a_process_that_dies_is_begun_anew_and_pages_of_the_others_notice_nothing(running):
    first, *others = processes(running, 2)
    os.kill(first, signal.SIGKILL)
    processes(running, 2 + len(others))
    with connect(running.websocket) as websocket:
        assert "listing" in say(websocket, command="start", experiment=XOR)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_of_them_within_two_seconds(number):
    with serving(*OPTIONS) as running:
        found = processes(running, 2)
        with connect(running.websocket) as websocket:
            say(websocket, command="start", experiment=XOR)
            began = time.monotonic()
            running.process.send_signal(number)
            running.process.wait(10)
            assert time.monotonic() - began < 2.5
        for process in found:
            with suppress(ProcessLookupError):
                os.kill(process, 0)
                raise AssertionError("a process is left")
        assert "Traceback" not in running.words
