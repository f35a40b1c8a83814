"""The recordings that were given, by names that follow from their content."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from backscope.recording import Unreadable, parsed
from engine import Refusal
from engine.base.refusal import Described
from engine.data.recorded import Recording
from engine.recorded.proven import Proven, proven
from engine.recorded.rebuilt import Rebuilt, rebuilt
from server.limits import CAUSE_SECONDS, RECORDINGS, RECORDINGS_BYTES
from server.opened import Opened

THE_FILE = Described("the file", "file")  # in a refusal; whoever sent it knows its name


class Recordings(Mapping[str, Recording]):
    """The recordings that were given, bounded, and shared by all sessions."""

    def __init__(self, most: int = RECORDINGS, most_bytes: int = RECORDINGS_BYTES, folder: Path | None = None) -> None:
        self._opened = Opened[Recording](read, _size, most, most_bytes, folder)

    def open(self, data: bytes) -> dict[str, Any]:
        """Keep a recording, and give the ``experiment`` that it is, the ``t`` and the ``view`` that it is opened at,
        what the proof says of the ``recording``, and the ``address`` of all this, which stands after that of the page.

        Of one that no experiment is, nothing is kept; it has what the proof says, and why it is ``unfit``.

        Raises:
            Refusal: it is no recording, or is not understood; nothing has changed then.
        """
        name, recording = hashlib.sha256(data).hexdigest()[:16], read(data)
        found = proven(recording, CAUSE_SECONDS)
        try:
            run = rebuilt(name, recording)
        except Refusal as refusal:
            return {"recording": told_of(recording, found), "unfit": refusal.to_dict()}
        self._opened.keep(name, recording, data)
        plain, view = run.experiment.to_dict(), _view(run)
        fields = {"t": run.t, "experiment": json.dumps(plain), "view": json.dumps(view)}
        address = "&".join(f"{field}={quote(str(value), safe=',:')}" for field, value in fields.items())
        told = {"recording": told_of(recording, found), "address": f"#{address}"}
        return {"experiment": plain, "t": run.t, "view": view, **told}

    def __getitem__(self, name: str) -> Recording:
        return self._opened[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._opened)

    def __len__(self) -> int:
        return len(self._opened)


def read(data: bytes) -> Recording:
    """The recording of a file's bytes.

    Raises:
        Refusal: it is none, or one of a later form, or it is malformed.
    """
    try:
        return parsed(data)
    except Unreadable as error:
        raise Refusal("invalid", "recording", "recording", THE_FILE, str(error), "recording", why=str(error)) from None


def told_of(recording: Recording, found: Proven) -> dict[str, Any]:
    """What the proof of a recording says, in plain form."""
    verdict = found.verdict
    return {
        "agrees": found.agrees,
        "tensors": found.tensors,
        "steps": len(found.numbers),
        "tolerance": found.case.precision.tolerance,
        "cut": recording.cut,
        "tensor": verdict.tensor,
        "number": found.number,
        "cause": verdict.cause,
    }


def _view(run: Rebuilt) -> dict[str, Any]:
    """What the page looks at: the tensors in both runs, with the element that is off most."""
    chosen = {"kind": "parameter", "tensor": run.tensor, "index": [*run.index]}
    return {"view": "recorded", **({"selected": chosen, "recorded": run.tensor} if run.tensor else {})}


def _size(recording: Recording) -> int:
    return sum(array.nbytes for step in recording.steps for array in step.values())
