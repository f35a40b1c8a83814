"""A page in a notebook as the kernel has it: its runs, what it watches, and its view."""

import json
from dataclasses import dataclass, field
from typing import Any

from engine import Experiment, Refusal
from engine.run.source import Source
from server.limits import FIRST
from server.notebook.application import Application
from server.protocol.frame import decode
from server.session import Held, Message, Session

MOVES, BEGINS = ("seek",), ("start", "change")
NOTHING = object()  # it has not asked for a moment yet
Plain = dict[str, Any]


class Runs(Session):
    """A session in which a run goes on where it is begun once more: its moments are there already."""

    def hold(self, timeline: Source, t: int) -> None:
        """Have a run as the first one, at a moment.

        Raises:
            Refusal: it is more than there is room for.
        """
        timeline.limit_history(self._capacity.allowance)
        self._reserve(timeline.experiment, FIRST, timeline)
        self._runs[FIRST] = Held(timeline)
        self.reply(json.dumps({"command": "seek", "t": t, "watch": {"tensors": []}}))

    def _begun(self, experiment: Experiment, name: str) -> Source:
        there = self._runs.get(name)
        if there and there.timeline.experiment.to_dict() == experiment.to_dict():
            return there.timeline
        return super()._begun(experiment, name)


@dataclass(eq=False)
class Page:
    """A page and its runs, which lie in the kernel; nothing of it is called by two threads at once.

    Attributes:
        session: its runs; the first one is what the page shows.
        watch: what it watches of a moment, as it asked last.
        runs: how many runs it has begun or changed; moments that it is sent are of the last one.
        view: what of its view it has told.
        experiment: the plain form of its run's experiment.
    """

    session: Runs
    watch: Any = NOTHING
    runs: int = 0
    view: Plain = field(default_factory=dict)
    experiment: Plain = field(default_factory=dict)

    @classmethod
    def of(cls, application: Application, timeline: Source, t: int, view: Plain) -> "Page":
        """A page that shows a run.

        Raises:
            Refusal: it is more than there is room for.
        """
        house = application.house
        session = Runs(house.capacity, house.checkpoints, house.tables, house.observer, house.desk)
        session.hold(timeline, t)
        house.capacity.enter(id(session), lambda: application.later(session.thin))
        return cls(session, view=view, experiment=timeline.experiment.to_dict())

    @property
    def t(self) -> int:
        """The moment that its run is at."""
        return self.session.run().t

    @property
    def timeline(self) -> Source:
        """Its run."""
        return self.session.run().timeline

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
            self._begins()
            return message, True
        if command["command"] in MOVES and isinstance(message, bytes):
            self.watch = command.get("watch")
            return message, True
        return message, False

    def tell(self, command: str, **fields: Any) -> Plain:
        """Have a command of a cell carried out, and give its answer, or of a frame the metadata.

        Raises:
            Refusal: it is refused.
        """
        message = self.session.reply(json.dumps({"command": command, **fields}))
        if isinstance(message, bytes):
            return dict(decode(message)[1])
        answer: Plain = json.loads(message)
        if "refused" in answer:
            raise Refusal.from_dict(answer)
        if command in BEGINS:
            self._begins()
        return answer

    def become(self, timeline: Source, t: int) -> None:
        """Have another run in place of the one there is.

        Raises:
            Refusal: it is more than there is room for.
        """
        self.session.hold(timeline, t)
        self._begins()

    def frame(self, t: int, watch: Any) -> bytes:
        """The moment t of its run, which is the one that it is at, as a page asks for it that watches so."""
        message = self.session.reply(json.dumps({"command": "seek", "t": t, "watch": watch}))
        assert isinstance(message, bytes)
        return message

    def _begins(self) -> None:
        self.runs += 1
        self.experiment = self.timeline.experiment.to_dict()
