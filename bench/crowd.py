"""A class at one server, in a process of its own: pages that step now and then, and others that play at full speed.

``python -m bench.crowd ADDRESS --stepping 100 --full-speed 4`` prints the milliseconds that each step took, as JSON.
"""

import argparse
import asyncio
import json
import random
import subprocess
import sys
from time import perf_counter
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from bench.networks import DIGITS_16, XOR
from engine.experiment.changes import LARGEST_T

EVERY = 0.2  # seconds from one step of a page to its next
UNDER_WAY = 3  # requests of a page at full speed
SETTLED = 2  # seconds in which all pages come in and begin their runs, before any step is measured
SLICE = 0.015  # seconds of training that each of them asks for


async def _command(socket: ClientConnection, command: str, **fields: Any) -> str | bytes:
    await socket.send(json.dumps({"id": 1, "command": command, **fields}))
    return await socket.recv()


async def stepping(address: str, seconds: float, seed: int) -> list[float]:
    """Step through an XOR, five times a second; gives the milliseconds from each command to its frame."""
    took, draw = [], random.Random(seed)
    async with connect(address, max_size=None) as socket:
        await _command(socket, "start", experiment=XOR.plain)
        await asyncio.sleep(SETTLED + draw.random() * EVERY)
        ends, t = perf_counter() + seconds, 0
        while (began := perf_counter()) < ends:
            t += 1
            await _command(socket, "seek", t=t)
            took.append((perf_counter() - began) * 1e3)
            await asyncio.sleep(max(0, began + EVERY - perf_counter()))
    return took


async def full_speed(address: str, seconds: float) -> None:
    """Play a small network of digits at full speed, with some requests under way."""
    async with connect(address, max_size=None) as socket:
        await _command(socket, "start", experiment=DIGITS_16.plain)
        ends = perf_counter() + SETTLED + seconds
        request = json.dumps(
            {"id": 1, "command": "seek", "t": LARGEST_T, "seconds": SLICE, "watch": {"tensors": ["loss"]}}
        )
        for _ in range(UNDER_WAY):
            await socket.send(request)
        while perf_counter() < ends:
            await socket.recv()
            await socket.send(request)


async def crowd(address: str, steppers: int, players: int, seconds: float) -> list[float]:
    """All of them at once; gives the milliseconds of all steps."""
    players_too = asyncio.gather(*[full_speed(address, seconds) for _ in range(players)])
    found = await asyncio.gather(*[stepping(address, seconds, seed) for seed in range(steppers)])
    await players_too
    return [each for took in found for each in took]


def measured(address: str, steppers: int, players: int, seconds: float) -> list[float]:
    """The milliseconds of all steps, from a crowd in a process of its own, in order."""
    arguments = ["--stepping", str(steppers), "--full-speed", str(players), "--seconds", str(seconds)]
    command = [sys.executable, "-m", "bench.crowd", address, *arguments]
    return sorted(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def main() -> None:
    """Be a crowd."""
    parser = argparse.ArgumentParser(prog="python -m bench.crowd", description=__doc__)
    parser.add_argument("address", help="of the websocket, such as ws://127.0.0.1:8000/ws")
    parser.add_argument("--stepping", type=int, default=100, help="pages that step (%(default)s)")
    parser.add_argument("--full-speed", type=int, default=4, help="pages at full speed (%(default)s)")
    parser.add_argument("--seconds", type=float, default=10, help="how long (%(default)s)")
    options = parser.parse_args()
    took = asyncio.run(crowd(options.address, options.stepping, options.full_speed, options.seconds))
    print(json.dumps(took))


if __name__ == "__main__":
    main()
