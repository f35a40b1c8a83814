"""A session: one page's own runs. A command's text goes in, one message comes out; it does no I/O and never raises."""

import json
import logging
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine import Experiment, Refusal, Timeline
from engine.base.refusal import known, number, one_of, whole
from engine.experiment.changes import LARGEST_T
from engine.experiment.experiment import STRUCTURE, Start
from engine.explain.parameter_update import applied
from engine.run.until import Condition
from server.limits import FIRST, HISTORY_BYTES, RUNS, SEEK_SECONDS, Capacity
from server.protocol.frame import encode
from server.protocol.listing import listing, tensors
from server.protocol.watch import Watch
from server.questions.answer import Tensors
from server.questions.answers import answer

Message = str | bytes
COMMANDS = ("start", "seek", "change", "ask", "fork", "stop")
NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")  # of a run
ID_LENGTH = 64
DEPTH = 32  # of lists and mappings in each other
log = logging.getLogger("backscope")


@dataclass
class Held:
    """A run and the moment that it was last answered to be at; what is asked about other moments does not move it."""

    timeline: Timeline
    t: int = 0


class Session:
    """Holds runs by their names and nothing that a page could not ask for again by (experiment, t)."""

    def __init__(self, capacity: Capacity, checkpoints: Mapping[str, Start] | None = None) -> None:
        self._capacity = capacity
        self._checkpoints = {} if checkpoints is None else checkpoints
        self._runs: dict[str, Held] = {}

    def reply(self, text: str) -> Message:
        """The one message that answers a command. A refusal changes nothing."""
        identity: Any = None
        try:
            command = _parsed(text)
            identity = _identity(command.pop("id", None))
            return self._obey(command.pop("command", None), command, identity)
        except Refusal as refusal:
            return _json(identity, refused=str(refusal), field=refusal.field, details=refusal.details)
        except Exception as error:  # the page must hear of it, and the others must not
            log.exception("a command failed")
            return _json(identity, refused=f"the server failed: {type(error).__name__}", field="", details=None)

    def _obey(self, command: Any, fields: dict[str, Any], identity: Any) -> Message:
        one_of("command", "command", command, COMMANDS)
        name = _name("run", fields.pop("run", FIRST))
        if command == "start":
            return self._start(identity, name, **known("", fields, ("experiment", "t"), required=("experiment",)))
        held = self._held(command, name)
        if command == "stop":
            known("", fields, ())
            return self._stop(identity, name)
        if "t" not in fields:
            raise Refusal("missing", "t", "field", expected="t", form="field", name="t")
        t = whole("t", "t", fields.pop("t"), 0, LARGEST_T)
        if command == "seek":
            return self._seek(held, identity, t, **known("", fields, ("watch", "seconds", "until")))
        if command == "change":
            return self._change(held, name, identity, t, fields)
        if command == "fork":
            return self._fork(held, identity, t, known("", fields, ("as",), required=("as",))["as"])
        found = answer(held.timeline, fields.pop("question", None), t, fields)
        if isinstance(found, Tensors):
            facts = {} if found.facts is None else {"facts": json.dumps(_plain(found.facts), allow_nan=False)}
            return encode(found.tensors, {"t": str(t), "id": str(identity), **facts})
        return _json(identity, answer=found)

    def _held(self, command: str, name: str) -> Held:
        if not self._runs:
            raise Refusal("invalid", "command", "command", command, "start comes first", "start_first")
        return self._runs[one_of("run", "run", name, self._runs)]

    def _room(self, field: str, name: str) -> None:
        """There must be room for one more run."""
        if len(self._runs) >= RUNS:
            raise Refusal("invalid", field, "run", name, f"at most {RUNS} at once", "at_once", limit=RUNS)

    def _start(self, identity: Any, name: str, experiment: Any, t: Any = 0) -> Message:
        whole("t", "t", t, 0, LARGEST_T)
        if name not in self._runs:
            self._room("run", name)
        chosen = Experiment.from_dict(experiment, self._checkpoints)
        self._capacity.reserve(id(self), chosen, name)
        held = self._runs[name] = Held(Timeline(chosen, HISTORY_BYTES))
        held.timeline.seek(t, SEEK_SECONDS)
        held.t = held.timeline.t
        return _json(identity, listing=listing(held.timeline))

    def _fork(self, held: Held, identity: Any, t: int, name: Any) -> Message:
        if _name("as", name) in self._runs:
            raise Refusal("invalid", "as", "run", name, "a name that is not taken", "taken")
        self._room("as", name)
        timeline = held.timeline.fork(t)
        self._capacity.reserve(id(self), timeline.experiment, name)
        self._runs[name] = Held(timeline)
        return _json(identity, listing=listing(timeline))

    def _stop(self, identity: Any, name: str) -> Message:
        del self._runs[name]
        self._capacity.release(id(self), name)
        return _json(identity, stopped=name)

    def _seek(
        self,
        held: Held,
        identity: Any,
        t: int,
        watch: Any = None,
        seconds: Any = SEEK_SECONDS,
        until: Any = None,
    ) -> Message:
        timeline = held.timeline
        sizes = timeline.experiment.sizes
        watching = Watch() if watch is None else Watch.from_dict(watch, tensors(timeline), sizes)
        condition = None if until is None else Condition.from_dict(until)
        state = timeline.seek(t, number("seconds", "seconds", seconds, 0, SEEK_SECONDS), condition, held.t)
        held.t = reached = timeline.t
        metadata = {"t": str(reached), "id": str(identity)}
        if timeline.ended_by:
            metadata["until"] = timeline.ended_by.name
        if watching.example is not None:
            metadata["example"] = str(watching.example_of(state))
            metadata["examples"] = str(len(state["y"]) if "y" in state else 0)
        if watching.units is not None:
            metadata["units"] = json.dumps(watching.units)
        updates = applied(timeline, reached) if watching.updates else {}
        return encode(watching.view(state, len(sizes) - 1, updates), metadata)

    def _change(self, held: Held, name: str, identity: Any, t: int, write: dict[str, Any]) -> Message:
        known("change", write, ("learning_rate", "tensor", "index", "value", *STRUCTURE))
        changed = held.timeline.changed(t, **write)
        self._capacity.reserve(id(self), changed, name)
        held.timeline.become(changed, t)
        held.t = min(held.t, t)
        return _json(identity, listing=listing(held.timeline))


def _name(field: str, plain: Any) -> str:
    """The name of a run."""
    if not isinstance(plain, str) or not NAME.fullmatch(plain):
        expected = "1 to 64 letters, digits, - and _"
        raise Refusal("invalid", field, "run", plain, expected, "run_name")
    return plain


def _identity(plain: Any) -> str | int | None:
    """A command's id."""
    fits = plain is None or (isinstance(plain, int) and not isinstance(plain, bool) and abs(plain) <= LARGEST_T)
    if not fits and not (isinstance(plain, str) and len(plain) <= ID_LENGTH):
        expected = f"a text of at most {ID_LENGTH} characters, or a whole number"
        raise Refusal("invalid", "id", "id", plain, expected, "id", length=ID_LENGTH)
    return plain


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


def _json(identity: Any, **content: Any) -> str:
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
