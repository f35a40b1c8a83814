"""A page in a notebook as the kernel has it: its runs, what it watches, and its view."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from engine import Experiment, Refusal
from engine.run.source import Source
from server.limits import FIRST
from server.notebook.application import Application
from server.protocol.frame import decode
from server.protocol.messages import Identity
from server.session import Held, Message, Session

MOVES, BEGINS = ("seek",), ("start", "change")
NOTHING = object()  # it has not asked for a moment yet
Plain = dict[str, Any]


class Runs(Session):
    """A session that need not begin a run anew which is there already: the one that the cells have. A run may be
    shared, and so a change makes another one, which has the same moments before it.

    Args:
        application: the application of this process.
        there: the run of the cells.
    """

    def __init__(self, application: Application, there: Callable[[], Source]) -> None:
        house = application.house
        super().__init__(house.capacity, house.checkpoints, house.given, house.observer, house.desk)
        self._there = there
        house.capacity.enter(id(self), lambda: application.later(self.thin))

    def hold(self, timeline: Source, t: int) -> None:
        """Have a run as the first one, which is to be at a moment.

        Raises:
            Refusal: it is more than there is room for.
        """
        self._reserve(timeline.experiment, FIRST, timeline)
        self._runs[FIRST] = Held(timeline, t)
        timeline.limit_history(self._capacity.allowance)

    def leave(self) -> None:
        """Give all memory free; the session is of no use any more."""
        self._runs.clear()
        self._capacity.leave(id(self))

    def _begun(self, experiment: Experiment, name: str) -> Source:
        there = self._there()
        if name == FIRST and there.experiment.to_dict() == experiment.to_dict():
            return there
        return super()._begun(experiment, name)

    def _change(self, held: Held, name: str, identity: Identity, t: int, write: Plain) -> Message:
        before, held.timeline = held.timeline, held.timeline.fork(t)
        try:
            return super()._change(held, name, identity, t, write)
        except Refusal:
            held.timeline = before
            raise


@dataclass(eq=False)
class Page:
    """A page, or the cells in place of one, and its runs; nothing of it is called by two threads at once.

    Attributes:
        session: its runs; the first one is what the page shows.
        watch: what it watches of a moment, as it asked last.
        runs: how many runs it has begun or changed; moments that it is sent are of the last one.
        view: what of its view it has told.
        experiment: the plain form of its run's experiment; empty before there is a run.
    """

    session: Runs
    watch: Any = NOTHING
    runs: int = 0
    view: Plain = field(default_factory=dict)
    experiment: Plain = field(default_factory=dict)

    @property
    def t(self) -> int:
        """The moment that its run is at."""
        return self.session.run().t

    @property
    def timeline(self) -> Source:
        """Its run."""
        return self.session.run().timeline

    def hold(self, timeline: Source, t: int) -> None:
        """Have another run, which is to be at a moment.

        Raises:
            Refusal: it is more than there is room for; then nothing has changed.
        """
        self.session.hold(timeline, t)
        self.experiment = timeline.experiment.to_dict()

    def follow(self, other: "Page") -> None:
        """Have the run of another one, and be where that is."""
        if self.timeline is other.timeline:
            self.session.run().t = other.t
        else:
            self.hold(other.timeline, other.t)

    def reply(self, text: str) -> tuple[Message, bool]:
        """The answer to a command of the page, and whether it has moved or begun the page's own run."""
        message = self.session.reply(text)
        try:
            command = json.loads(text)
        except ValueError:
            return message, False
        if command.get("run", FIRST) != FIRST:
            return message, False
        if command["command"] in BEGINS and isinstance(message, str) and "listing" in json.loads(message):
            self.runs += 1
            self.experiment = self.timeline.experiment.to_dict()
            return message, True
        if command["command"] in MOVES and isinstance(message, bytes):
            self.watch = command.get("watch")
            return message, True
        return message, False

    def go(self, t: int, until: Any = None) -> tuple[int, bool]:
        """Go towards t for a short while. Gives the moment that is reached, and whether a condition has ended the way.

        Raises:
            Refusal: t or the condition is malformed.
        """
        metadata = decode(self._tell(t=t, watch={"tensors": []}, until=until))[1]
        return int(metadata["t"]), "until" in metadata

    def frame(self, watch: Any) -> bytes:
        """The moment that its run is at, as a page asks for it that watches so."""
        return self._tell(t=self.t, watch=watch)

    def _tell(self, **seek: Any) -> bytes:
        message = self.session.reply(json.dumps({"command": "seek", **seek}))
        if isinstance(message, str):
            raise Refusal.from_dict(json.loads(message))
        return message
