"""Messages are typed once: their documentation is made from the types, and sessions behave as it says."""

import json
from timeit import repeat
from typing import Any

import pytest

from server.capacity import Capacity
from server.protocol.document import FILES, ROOT
from server.protocol.frame import decode
from server.protocol.kinds import parsed
from server.protocol.messages import COMMANDS, Listing, Metadata, Seek
from server.questions.answers import FIELDS, QUESTIONS
from server.session import Session
from tests.helpers.session import say, started


@pytest.mark.parametrize("name", FILES)
def test_what_is_written_from_the_types_is_up_to_date(name):
    hint = "run: python -m server.protocol.document"
    assert (ROOT / name).read_text(encoding="utf-8") == FILES[name](), hint


def answers(session: Session, name: str, fields: dict[str, Any]) -> dict[str, Any]:
    """What the session answers to a command: its JSON, or of a frame the metadata."""
    message = session.reply(json.dumps({"id": 1, "command": name, **fields}))
    return dict(json.loads(message)) if isinstance(message, str) else dict(decode(message)[1])


def test_every_example_of_a_command_is_carried_out_and_every_example_of_a_refusal_refused_in_its_words():
    session = Session(Capacity())
    for name, command in COMMANDS.items():
        found = answers(session, name, command.example)
        assert "refused" not in found, found
        assert command.answer.split()[0].strip("`,") in {*found, "a"}
        for fields, words in command.refused:
            assert answers(session, name, fields)["refused"] == words


def test_a_listing_and_the_metadata_of_a_frame_have_the_fields_of_their_types():
    session = started()
    listing = say(session, command="fork", t=0, **{"as": "b"})["listing"]
    assert listing.keys() == Listing.__annotations__.keys()
    watch = {"example": 0, "units": [None, None, None], "updates": True, "gradients_of": 0}
    metadata: set[str] = set()
    for fields in ({"t": 100, "watch": watch}, {"t": 200, "until": {"name": "loss_below", "value": 1e9}}):
        metadata |= answers(session, "seek", fields).keys()
    assert metadata == Metadata.__annotations__.keys() - {"facts"}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_refuses_fields_that_are_not_its_own_and_asks_for_those_that_it_needs(name):
    session, fields = started(), FIELDS[name].model_fields
    known = ", ".join(sorted(fields))
    refused = say(session, command="ask", question=name, t=0, nothing=1)["refused"]
    assert refused == f"unknown field: 'nothing' (one of: {known})"
    needed = [field for field, each in fields.items() if each.is_required()]
    if needed:
        assert say(session, command="ask", question=name, t=0)["refused"] == f"missing field ({needed[0]})"


def test_to_read_a_seek_costs_microseconds():
    fields = {"t": 12345, "seconds": 0.012, "watch": {"example": 1}, "until": {"name": "not_finite"}}
    assert min(repeat(lambda: parsed(Seek, fields), number=1000, repeat=7)) / 1000 < 20e-6
