"""A session: one page's own runs. A command's text goes in, one message comes out; it does no I/O and never raises."""

import json
import math
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np

from engine import Experiment, Refusal, Timeline
from engine.base.refusal import one_of
from engine.data.choice import Tables
from engine.experiment.experiment import Start as StartingPoint
from engine.explain.parameter_update import parameter_updates
from engine.explain.passes import passes
from engine.explain.per_example_gradients import example_gradients
from engine.run.parting import parting
from engine.run.source import Source
from engine.until.reading import until_of
from server.capacity import Capacity
from server.checkpoints import landmark
from server.limits import DEPTH, FIRST, PART_SECONDS, RUNS, SEEK_SECONDS
from server.maps.desk import Desk
from server.protocol.frame import encode
from server.protocol.kinds import parsed
from server.protocol.listing import listing
from server.protocol.messages import (
    COMMANDS,
    Ask,
    Compare,
    Fork,
    Identity,
    Metadata,
    Ping,
    Resume,
    Seek,
    Start,
    Stop,
    change_of,
    identity_of,
    run_of,
)
from server.protocol.watch import Watch
from server.questions.answer import Tensors, moment
from server.questions.answers import answer
from server.telemetry.log import event
from server.telemetry.observer import Observer, Unobserved

Message = str | bytes
PING_LENGTH = 128  # letters of a ping at most, with its id
FAILED, NO_COMMAND = "failed", "none"  # metric labels: a failure of the server; a message that is not a command


@dataclass
class Held:
    """A run and the moment that it was last answered to be at; what is asked about other moments does not move it."""

    timeline: Source
    t: int = 0
    parts: landmark.Parts | None = None  # of a landmark that is being handed back


class Session:
    """Holds runs by their names and nothing that a page could not ask for again by (experiment, t), or hand back."""

    def __init__(
        self,
        capacity: Capacity,
        checkpoints: Mapping[str, StartingPoint] | None = None,
        tables: Tables | None = None,
        observer: Observer | None = None,
        desk: Desk | None = None,
    ) -> None:
        self._capacity = capacity
        self._desk = desk or Desk()
        self._observer = observer or Unobserved()
        self._checkpoints = {} if checkpoints is None else checkpoints
        self._tables = {} if tables is None else tables
        self._runs: dict[str, Held] = {}

    def reply(self, text: str) -> Message:
        """The one message that answers a command. A refusal changes nothing."""
        identity: Identity = None
        began, kind, refused = perf_counter(), NO_COMMAND, ""
        try:
            command = _parsed(text)
            identity = identity_of(command.pop("id", None))
            kind = one_of("command", "command", command.pop("command", None), COMMANDS)
            return self._obey(kind, command, identity)
        except Refusal as refusal:
            refused = str(refusal.details["kind"])
            event("info", "refused", command=kind, kind=refused, form=refusal.details["form"])
            return _json(identity, **refusal.to_dict())
        except Exception as error:  # the page must hear of it, and the others must not
            refused = FAILED
            event("error", "a command failed", error, command=kind)
            return _json(identity, refused=f"the server failed: {type(error).__name__}", field="", details=None)
        finally:
            self._observer.command(kind, perf_counter() - began, refused)

    def run(self, name: str = FIRST) -> Held:
        """The run of that name, to be read between two commands.

        Raises:
            KeyError: there is none.
        """
        return self._runs[name]

    def thin(self) -> None:
        """Forget of the runs' histories what is more than each may take now."""
        for held in self._runs.values():
            held.timeline.limit_history(self._capacity.allowance)

    def _obey(self, command: str, fields: dict[str, Any], identity: Identity) -> Message:
        name = run_of(fields.pop("run", FIRST))
        if command == "start":
            return self._start(identity, name, parsed(Start, fields))
        if command == "ping":
            parsed(Ping, fields)
            return _json(identity, alive=True)
        held = self._held(command, name)
        if command == "seek":
            return self._seek(held, identity, parsed(Seek, fields))
        if command == "change":
            return self._change(held, name, identity, *change_of(fields))
        if command == "fork":
            return self._fork(held, identity, parsed(Fork, fields))
        if command == "compare":
            return self._compare(held, identity, parsed(Compare, fields))
        if command == "resume":
            return self._resume(held, identity, parsed(Resume, fields))
        if command == "stop":
            parsed(Stop, fields)
            return self._stop(identity, name)
        about: dict[str, Any] = {each: fields.pop(each) for each in ("t", "question") if each in fields}
        asked = parsed(Ask, {"question": None, **about})
        runs = {name: each.timeline for name, each in self._runs.items()}
        found = answer(held.timeline, asked.question, asked.t, fields, runs, self._desk)
        if isinstance(found, Tensors):
            metadata: Metadata = {"t": str(asked.t), "id": str(identity)}
            if found.facts is not None:
                metadata["facts"] = json.dumps(_plain(found.facts), allow_nan=False)
            return self._frame(found.tensors, metadata)
        return _json(identity, answer=found)

    def _held(self, command: str, name: str) -> Held:
        if not self._runs:
            raise Refusal("invalid", "command", "command", command, "start comes first", "start_first")
        return self._runs[one_of("run", "run", name, self._runs)]

    def _room(self, field: str, name: str) -> None:
        """There must be room for one more run."""
        if len(self._runs) >= RUNS:
            raise Refusal("invalid", field, "run", name, f"at most {RUNS} at once", "at_once", limit=RUNS)

    def _start(self, identity: Identity, name: str, asked: Start) -> Message:
        if name not in self._runs:
            self._room("run", name)
        chosen = Experiment.from_dict(asked.experiment, self._checkpoints, self._tables)
        timeline = self._begun(chosen, name)
        self._reserve(chosen, name, timeline)
        held = self._runs[name] = Held(timeline)
        timeline.seek(asked.t, SEEK_SECONDS)
        held.t = timeline.t
        return _json(identity, listing=listing(held.timeline))

    def _begun(self, experiment: Experiment, _name: str) -> Source:
        """The run of an experiment that is to have this name."""
        return Timeline(experiment, self._capacity.allowance)

    def _reserve(self, experiment: Experiment, name: str, timeline: Source) -> None:
        self._capacity.reserve(id(self), experiment, name, lambda: timeline.history_bytes)

    def _fork(self, held: Held, identity: Identity, asked: Fork) -> Message:
        if asked.name in self._runs:
            raise Refusal("invalid", "as", "run", asked.name, "a name that is not taken", "taken")
        self._room("as", asked.name)
        timeline = held.timeline.fork(asked.t)
        self._reserve(timeline.experiment, asked.name, timeline)
        self._runs[asked.name] = Held(timeline)
        return _json(identity, listing=listing(timeline))

    def _compare(self, held: Held, identity: Identity, asked: Compare) -> Message:
        other = self._runs[one_of("with", "run", asked.other, self._runs)]
        for run in (held.timeline, other.timeline):
            moment(run, run.t_of(asked.since))
        found, searched = parting(held.timeline, other.timeline, asked.since, asked.upto, PART_SECONDS)
        return _json(identity, parting=None if found is None else vars(found), searched=searched)

    def _resume(self, held: Held, identity: Identity, asked: Resume) -> Message:
        parts, held.parts = held.parts or landmark.Parts(), None
        parts.add(asked.part, held.timeline)
        if asked.more:
            held.parts = parts
            return _json(identity, resumed=None)
        held.t = landmark.adopt(held.timeline, bytes(parts.data), asked.checksum)
        return _json(identity, resumed=held.t)

    def _stop(self, identity: Identity, name: str) -> Message:
        del self._runs[name]
        self._capacity.release(id(self), name)
        return _json(identity, stopped=name)

    def _seek(self, held: Held, identity: Identity, asked: Seek) -> Message:
        timeline, before = held.timeline, held.t
        sizes = timeline.experiment.sizes
        watching = Watch() if asked.watch is None else Watch.from_dict(asked.watch, list(timeline.tensors), sizes)
        until = None if asked.until is None else until_of(asked.until, timeline.segment_at(before).experiment)
        far = asked.t - before > len(timeline.program)  # a step need not wait for those who train for a while
        with self._capacity.turn if far else nullcontext():
            state = timeline.seek(asked.t, asked.seconds, until, before)
        held.t = reached = timeline.t
        self._observer.trained(max(0, reached - before) // len(timeline.program))
        metadata: Metadata = {"t": str(reached), "id": str(identity)}
        if timeline.ended_by:
            metadata["until"] = timeline.ended_by.name
            metadata["condition"] = json.dumps(timeline.ended_by.to_dict())
        if watching.example is not None:
            metadata["example"] = str(watching.example_of(state))
            metadata["examples"] = str(len(state["y"]) if "y" in state else 0)
        if watching.units is not None:
            metadata["units"] = json.dumps(watching.units)
        added = parameter_updates(timeline, reached) if watching.updates else {}
        if watching.gradients_of is not None:
            metadata["gradients_of"] = str(watching.gradients_of)
            added |= example_gradients(passes(timeline, reached), watching.gradients_of)
        return self._frame(watching.view(state, len(sizes) - 1, added), metadata)

    def _frame(self, tensors: Mapping[str, np.ndarray], metadata: Metadata) -> bytes:
        frame = encode(tensors, metadata)
        self._observer.frame(len(frame))
        return frame

    def _change(self, held: Held, name: str, identity: Identity, t: int, write: dict[str, Any]) -> Message:
        changed = held.timeline.changed(t, **write)
        self._reserve(changed, name, held.timeline)
        held.timeline.become(changed, t)
        held.t = min(held.t, t)
        return _json(identity, listing=listing(held.timeline))


def sign_of_life(text: str) -> Message | None:
    """The answer to a command that is nothing but a ping, which needs no session; None for any other."""
    if len(text) > PING_LENGTH or '"ping"' not in text:
        return None
    try:
        command = _parsed(text)
        identity = identity_of(command.get("id"))
    except Refusal:
        return None
    return _json(identity, alive=True) if command == {"id": identity, "command": "ping"} else None


def _parsed(text: str) -> dict[str, Any]:
    try:
        command = json.loads(text)
    except (ValueError, RecursionError):
        raise Refusal("invalid", "", "command", text, "JSON", "json") from None
    if not isinstance(command, dict):
        raise Refusal("invalid", "", "command", text, "a mapping", "mapping")
    if text.count("[") + text.count("{") > DEPTH and not _shallow(command, DEPTH):
        raise Refusal("invalid", "", "command", text, f"nested at most {DEPTH} deep", "depth", depth=DEPTH)
    return command


def _shallow(plain: Any, depth: int) -> bool:
    """Whether lists and mappings are nested no deeper than this."""
    if not isinstance(plain, list | dict):
        return True
    return depth > 0 and all(
        _shallow(each, depth - 1) for each in (plain if isinstance(plain, list) else plain.values())
    )


def _json(identity: Identity, **content: Any) -> str:
    return json.dumps(_plain({"id": identity, **content}), allow_nan=False)


def _plain(value: Any) -> Any:
    """JSON has no NaN and no infinity: they travel as the text that JavaScript's Number() reads."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value
