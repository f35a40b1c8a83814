"""The time of lanes in lockstep, divided by their number and by the time of a single run; and the time of a fork."""

import json
from collections.abc import Callable
from time import perf_counter

from bench.report import Row
from bench.rounds import ratio, rounds
from engine.experiment.presets import PRESETS
from server.capacity import Capacity
from server.limits import RUNS
from server.protocol.frame import decode
from server.session import Message, Session

LANES = RUNS - 2  # as many as a page has
NETWORKS = ("xor", "spirals", "digits_13002")
STEPS = 40  # training steps from one moment that is shown to the next, at full speed
FORKED = 20_000  # the training step up to which a run has been when it is forked
DEAR, SLOW = 1.15, 100.0  # times; milliseconds


def _say(session: Session, **command: object) -> Message:
    return session.reply(json.dumps({"id": 1, **command}))


def _reach(session: Session, run: str, t: int) -> None:
    """Have a run's moment t sent, as a page has each moment that it shows."""
    while True:
        message = _say(session, command="seek", run=run, t=t)
        assert isinstance(message, bytes)
        if decode(message)[1]["t"] == str(t):
            return


def _lanes(name: str, count: int) -> Callable[[float], float]:
    """So many lanes of one session, each with a seed of its own: a turn gives the seconds of a moment of one."""
    session = Session(Capacity())
    program = 0
    for lane in range(count):
        listing = _say(session, command="start", run=f"lane{lane}", experiment={**PRESETS[name], "seed": lane})
        program = len(json.loads(listing)["listing"]["segments"][0]["program"])
    tick = 0

    def turn(seconds: float) -> float:
        nonlocal tick
        began, ticks = perf_counter(), 0
        while not ticks or perf_counter() - began < seconds:
            tick, ticks = tick + 1, ticks + 1
            for lane in range(count):
                _reach(session, f"lane{lane}", tick * STEPS * program)
        return (perf_counter() - began) / ticks / count

    return turn


def _fork(name: str) -> float:
    """The milliseconds that a fork takes at a moment that is kept, with its listing."""
    session = Session(Capacity())
    listing = json.loads(_say(session, command="start", experiment=PRESETS[name]))["listing"]
    t = FORKED * len(listing["segments"][0]["program"])
    _reach(session, "first", t)
    took = []
    for number in range(9):
        began = perf_counter()
        _say(session, command="fork", t=t, **{"as": f"f{number}"})
        took.append(perf_counter() - began)
        _say(session, command="stop", run=f"f{number}")
    return 1000 * sorted(took)[len(took) // 2]


def measure(say: Callable[[str], None], count: int) -> list[Row]:
    """A row for each network: lanes in lockstep, and a fork of XOR."""
    rows = []
    for name in NETWORKS:
        say(f"{LANES} lanes of {name}")
        times = rounds({"lanes": _lanes(name, LANES), "one": _lanes(name, 1)}, count, 0.1)
        what = f"{name}: {LANES} lanes in lockstep / {LANES} times one"
        rows.append(Row(what, ratio(times, "lanes", "one"), DEAR, most=True))
    say("fork")
    what = f"xor: a fork after {FORKED:,} training steps, ms"
    return [*rows, Row(what, _fork("xor"), SLOW, most=True, form="{:.1f}")]
