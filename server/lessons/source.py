"""The source of a lesson: what a person wrote, apart by the fields of its blocks and its prose, to be edited."""

import json
import re
import tomllib
from typing import Any

from server.lessons.prose import Line, Plain
from server.lessons.reader import apart, lines_of, split_steps

READS = 10  # times its own length that a block is read at most, until its fields are told apart
# The page writes one more \ before what would begin a block, a step or a title; here it is taken away again.
SEVERAL = re.compile(r"""\s*[\w"'-]+\s*=\s*(\"{3}|'{3})""")  # how a field begins whose text has several lines
GUARD = re.compile(r"([ \t]*)\\(?=\\*```)|\\(?=\\*##?(?: |$))")


def source_of(text: str) -> Plain:
    """A lesson's file as the page edits it: ``{title, says, block, raw, steps: [{title, body, block, raw}]}``.

    A block is ``{"fields": [{name, value, text}], "rest"}``, where ``text`` are the lines of a field with the comments
    above it, or ``{"text"}`` where it cannot be read. ``raw`` are all lines as they stand, which the page writes as
    long as nothing in them is edited; None where they cannot stand before others.
    """
    head, *steps = split_steps(lines_of(text))
    found, lines = _part(head, "lesson")
    title = next((i for i, line in enumerate(lines) if line.startswith("# ")), None)
    says = [line for i, line in enumerate(lines) if i != title]
    return {
        **found,
        "title": "" if title is None else lines[title][2:].strip(),
        "says": _prose(says),
        "steps": [_step(each) for each in steps],
    }


def _step(lines: list[Line]) -> Plain:
    heading = lines[0][1]
    found, rest = _part(lines, "step")
    return {**found, "title": heading[2:].strip(), "body": _prose(rest[1:])}


def _part(lines: list[Line], name: str) -> tuple[Plain, list[str]]:
    """The block of that name with all lines as they stand, and the lines outside of it."""
    inside, outside, closed = apart(lines, name)
    raw = "\n".join(text for _, text in lines) if closed else None
    return {"block": _block([text for _, text in inside]), "raw": raw}, [text for _, text in outside]


def _prose(lines: list[str]) -> str:
    return "\n".join(GUARD.sub(r"\1", line, count=1) if GUARD.match(line) else line for line in lines).strip("\n")


def _block(lines: list[str]) -> Plain:
    """The fields of a block in their order; the text alone where it is no TOML, or its fields cannot be told apart."""
    text = "\n".join(lines)
    table = _read(text)
    fields: list[Plain] = []
    waiting: list[str] = []
    budget = READS * (len(text) + 1)
    ends = ""  # what the text of several lines that is being read ends with
    for line in lines if table is not None else []:
        waiting.append(line)
        if not ends and (not line.strip() or line.lstrip().startswith("#")):
            continue
        begun = None if ends else SEVERAL.match(line)
        ends = begun[1] if begun else ends
        if ends and ends not in (line[begun.end() :] if begun else line):
            continue
        ends = ""
        given = "\n".join(waiting)
        budget -= len(given)
        found = _read(given)
        if budget < 0 or (found and found != {name: table.get(name) for name in found}):  # type: ignore[union-attr]
            return {"text": text}  # such as a table under a heading of its own
        if found:
            (name,) = found
            fields.append({"name": name, "value": _plain(found[name]), "text": given})
            waiting = []
    if table is None or {each["name"] for each in fields} != {*table}:
        return {"text": text}
    return {"fields": fields, "rest": "\n".join(waiting)}


def _read(text: str) -> Plain | None:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return None


def _plain(value: Any) -> Any:
    """The value as JSON has it; None where JSON has no such value."""
    try:
        return json.loads(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError, RecursionError):
        return None
