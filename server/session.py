"""A session: one page's own run. A command's text goes in, one message comes out; it does no I/O and never raises."""

import json
import logging
import math
from collections.abc import Mapping
from typing import Any

from engine import Experiment, Refusal, Timeline
from engine.base.refusal import known, number, one_of, whole
from engine.experiment.changes import LARGEST_T
from engine.experiment.experiment import STRUCTURE, Start
from engine.explain.parameter_update import applied
from server.limits import HISTORY_BYTES, SEEK_SECONDS, Capacity
from server.protocol.frame import encode
from server.protocol.listing import listing, tensors
from server.protocol.watch import Watch
from server.questions.answer import Tensors
from server.questions.answers import answer

Message = str | bytes
COMMANDS = ("start", "seek", "change", "ask")
log = logging.getLogger("backscope")


class Session:
    """Holds a timeline and nothing that a page could not ask for again by (experiment, t)."""

    def __init__(self, capacity: Capacity, checkpoints: Mapping[str, Start] | None = None) -> None:
        self._capacity = capacity
        self._checkpoints = {} if checkpoints is None else checkpoints
        self._timeline: Timeline | None = None

    def reply(self, text: str) -> Message:
        """The one message that answers a command. A refusal changes nothing."""
        identity: Any = None
        try:
            command = _parsed(text)
            identity = command.pop("id", None)
            return self._run(command.pop("command", None), command, identity)
        except Refusal as refusal:
            return _json(identity, refused=str(refusal), field=refusal.field, details=refusal.details)
        except Exception as error:  # the page must hear of it, and the others must not
            log.exception("a command failed")
            return _json(identity, refused=f"the server failed: {type(error).__name__}", field="", details=None)

    def _run(self, name: Any, fields: dict[str, Any], identity: Any) -> Message:
        one_of("command", "command", name, COMMANDS)
        if name == "start":
            return self._start(identity, **known("", fields, ("experiment", "t"), required=("experiment",)))
        if self._timeline is None:
            raise Refusal("invalid", "command", "command", name, "start comes first", "start_first")
        if "t" not in fields:
            raise Refusal("missing", "t", "field", expected="t", form="field", name="t")
        t = whole("t", "t", fields.pop("t"), 0, LARGEST_T)
        if name == "seek":
            return self._seek(self._timeline, identity, t, **known("", fields, ("watch", "seconds")))
        if name == "change":
            return self._change(self._timeline, identity, t, fields)
        found = answer(self._timeline, fields.pop("question", None), t, fields)
        if isinstance(found, Tensors):
            facts = {} if found.facts is None else {"facts": json.dumps(_plain(found.facts), allow_nan=False)}
            return encode(found.tensors, {"t": str(t), "id": str(identity), **facts})
        return _json(identity, answer=found)

    def _start(self, identity: Any, experiment: Any, t: Any = 0) -> Message:
        whole("t", "t", t, 0, LARGEST_T)
        chosen = Experiment.from_dict(experiment, self._checkpoints)
        self._capacity.reserve(id(self), chosen)
        self._timeline = Timeline(chosen, HISTORY_BYTES)
        self._timeline.seek(t, SEEK_SECONDS)
        return _json(identity, listing=listing(self._timeline))

    def _seek(
        self, timeline: Timeline, identity: Any, t: int, watch: Any = None, seconds: Any = SEEK_SECONDS
    ) -> Message:
        sizes = timeline.experiment.sizes
        watching = Watch() if watch is None else Watch.from_dict(watch, tensors(timeline), sizes)
        state = timeline.seek(t, number("seconds", "seconds", seconds, 0, SEEK_SECONDS))
        reached = timeline.t
        metadata = {"t": str(reached), "id": str(identity)}
        if watching.example is not None:
            metadata["example"] = str(watching.example_of(state))
            metadata["examples"] = str(len(state["y"]) if "y" in state else 0)
        if watching.units is not None:
            metadata["units"] = json.dumps(watching.units)
        updates = applied(timeline, reached) if watching.updates else {}
        return encode(watching.view(state, len(sizes) - 1, updates), metadata)

    def _change(self, timeline: Timeline, identity: Any, t: int, write: dict[str, Any]) -> Message:
        known("change", write, ("learning_rate", "tensor", "index", "value", *STRUCTURE))
        changed = timeline.changed(t, **write)
        self._capacity.reserve(id(self), changed)
        timeline.become(changed, t)
        return _json(identity, listing=listing(timeline))


def _parsed(text: str) -> dict[str, Any]:
    try:
        command = json.loads(text)
    except (ValueError, RecursionError):
        raise Refusal("invalid", "", "command", text, "JSON", "json") from None
    if not isinstance(command, dict):
        raise Refusal("invalid", "", "command", command, "a mapping", "mapping")
    return command


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
