"""Moments of a run as the page receives them, for its modules in Node."""

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from server.capacity import Capacity
from server.protocol.frame import decode
from server.session import Session

# The beginning of a module that makes the page's moment out of a `Sent`.
READ = """
import { decode, Moment } from "./ask/frame.js";
const momentOf = ({ frame, listing }) =>
  new Moment(decode(Uint8Array.from(Buffer.from(frame, "base64")).buffer), listing.tensors, true);
"""


@dataclass(frozen=True)
class Sent:
    """A moment: its arrays by name, and the arguments of a module, the file with the frame and the run's listing."""

    tensors: dict[str, np.ndarray]
    given: dict[str, Any]


def sent(form: dict[str, Any], moments: Iterable[int]) -> list[Sent]:
    """Moments of a run, with the parameter updates."""
    session = Session(Capacity())
    listing = json.loads(session.reply(json.dumps({"command": "start", "experiment": form})))["listing"]
    found = []
    for t in moments:
        frame = _frame(session, t)
        found.append(Sent(decode(frame)[0], {"frame": base64.b64encode(frame).decode(), "listing": listing}))
    return found


def _frame(session: Session, t: int) -> bytes:
    """The frame of the moment t, which may take several seeks."""
    while True:
        frame = session.reply(json.dumps({"command": "seek", "t": t, "watch": {"updates": True}}))
        assert isinstance(frame, bytes), frame
        if decode(frame)[1]["t"] == str(t):
            return frame
