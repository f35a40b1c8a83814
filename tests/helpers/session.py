"""How the tests send commands to a session."""

import json
from typing import Any

import numpy as np

from server.capacity import Capacity
from server.protocol.frame import decode
from server.session import Session
from tests.helpers.networks import plain

XOR = plain((3, "tanh"), (1, "sigmoid"))
Frame = tuple[dict[str, np.ndarray], dict[str, str]]


def say(session: Session, **command: Any) -> dict[str, Any]:
    """The session's answer in JSON to a command."""
    message = session.reply(json.dumps({"id": 7} | command))
    assert isinstance(message, str)
    answer: dict[str, Any] = json.loads(message)
    assert answer.pop("id") == 7
    return answer


def look(session: Session, **command: Any) -> Frame:
    """The session's answer in a frame to a command."""
    message = session.reply(json.dumps({"id": 7} | command))
    assert isinstance(message, bytes), message
    tensors, metadata = decode(message)
    assert metadata["id"] == "7"
    return tensors, metadata


def started(form: dict[str, Any] = XOR, **fields: Any) -> Session:
    session = Session(Capacity())
    assert "listing" in say(session, command="start", experiment=form, **fields)
    return session


def reach(session: Session, t: int, **fields: Any) -> Frame:
    while True:
        tensors, metadata = look(session, command="seek", t=t, **fields)
        if metadata["t"] == str(t):
            return tensors, metadata
