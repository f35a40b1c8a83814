"""Writes docs/protocol.md and the types of the page's scripts from the typed messages: this module as a command."""

import json
from collections.abc import Iterator
from inspect import cleandoc, getdoc
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints, is_typeddict

from pydantic.fields import FieldInfo

from server.bounds import bounds_in_markdown
from server.limits import MESSAGE_BYTES, PENDING, RUNS
from server.protocol import messages
from server.protocol.kinds import Kind, Message
from server.protocol.messages import COMMANDS, NAME_WORDS, WRITES, Command, Id
from server.questions.answer import Tensors
from server.questions.answers import FIELDS, QUESTIONS

ROOT = Path(__file__).resolve().parent.parent.parent
SHAPES = (messages.Listing, messages.Segment, messages.MicroStep, messages.Examples, messages.Parting)
SCRIPTS = {str: "string", int: "number", float: "number", bool: "boolean", Any: "unknown", type(None): "null"}

INTRODUCTION = f"""# The protocol

*Written by `python -m server.protocol.document` from the types in `server/protocol/messages.py` and in
`server/questions`.*

A page talks to the server over one websocket, `/ws`. It sends commands as JSON texts of at most {MESSAGE_BYTES:,} bytes
and gets exactly one message for each, in the same order (but for `ping`): a JSON text, or a frame of bytes. At most
{PENDING} commands wait; more are read when those are answered.

```json
{{"id": 1, "command": "seek", "t": 40}}
```

**`id`** ({Id.words}) comes back with the answer; without one it is null.
**`command`** is one of {", ".join(f"`{name}`" for name in COMMANDS)}.
**`run`** ({NAME_WORDS}) is the run that the command is for; without it, `first`. A session holds at most {RUNS} runs,
and each counts for what all sessions may take together.
The other fields are the command's own; a field that is not known is refused.

A **moment** `t` counts micro-steps: one equation of one layer. `seek` is the only motion, and the state at t depends on
nothing but the experiment and t.

JSON has no NaN and no infinity: in answers they are the texts `"NaN"`, `"Infinity"` and `"-Infinity"`.
"""

FRAMES = """## Frames

A frame is one valid safetensors file: eight bytes with the length of the header (little-endian), the header as JSON,
and the values of the tensors, little-endian, NaN and infinity as they are. Of each tensor the header has `shape`,
`data_offsets` and `dtype`: `F32`, but for counters, losses, penalties and norms, which are `F64` as in the engine.
What goes with parameters has one row a neuron; examples are rows.
With a watch, axes keep their places and have only the entries that are watched. `__metadata__` has:
"""

REFUSALS = """## Refusals

What cannot be done changes nothing, and the answer says so:
"""


def fields_of(model: type[Message]) -> Iterator[tuple[str, FieldInfo, Kind, str]]:
    """Of each field: its name as it is written, its declaration, its kind, and what it is for."""
    for name, field in model.model_fields.items():
        parts = [*field.metadata, *(part for each in get_args(field.annotation) for part in get_args(each))]
        kind = next(part for part in parts if isinstance(part, Kind))
        yield field.alias or name, field, kind, next(part for part in parts if isinstance(part, str))


def table_of(model: type[Message]) -> str:
    """The fields of a message as a table; nothing where there are none."""
    rows = [
        f"| `{name}` | {kind.words} | {'required' if field.is_required() else _default(field.default)} | {about} |"
        for name, field, kind, about in fields_of(model)
    ]
    return "\n".join(["| field | type | default | |", "|---|---|---|---|", *rows, ""]) if rows else ""


def _default(value: Any) -> str:
    return "none" if value is None else f"`{json.dumps(value)}`"


def shape(shaped: Any) -> str:
    """The fields of a mapping that is answered as a table."""
    rows = [
        f"| `{name}` | {_type(get_args(hint)[0])} | {hint.__metadata__[0]} |"
        for name, hint in get_type_hints(shaped, include_extras=True).items()
    ]
    return "\n".join(["| field | type | |", "|---|---|---|", *rows, ""])


def _type(hint: Any) -> str:
    """A Python type in a reader's words."""
    if get_origin(hint) is list:
        return f"list of {_type(get_args(hint)[0])}"
    if get_origin(hint) is dict:
        return "mapping"
    if len(get_args(hint)) > 1:
        return " or ".join(map(_type, get_args(hint)))
    return {str: "text", int: "whole number", float: "number", Any: "any", type(None): "null"}.get(hint) or str(
        hint.__name__
    )


def _json(plain: Any) -> str:
    return f"```json\n{json.dumps(plain)}\n```\n"


def _about(thing: Any) -> str:
    return (getdoc(thing) or "").replace("``", "`")


def command(name: str, described: Command) -> str:
    """A command's section."""
    refused = [f"- `{json.dumps(each)}`: {words}" for each, words in described.refused]
    extra = f"\nFields of the structure: {', '.join(f'`{each}`' for each in WRITES[4:])}.\n" if name == "change" else ""
    example = _json({"id": 1, "command": name, **described.example})
    table = table_of(described.message) + extra
    parts = [f"### {name}\n", _about(described.message) + "\n", *([table] if table else []), example]
    return "\n".join([*parts, f"Answers {described.answer}\n", "Refused, for example:\n", *refused, ""])


def question(name: str) -> str:
    """A question's section."""
    answers = "a frame" if get_type_hints(QUESTIONS[name])["return"] is Tensors else "`answer`, in JSON"
    table = table_of(FIELDS[name])
    parts = [f"### {name}\n", f"{_about(QUESTIONS[name])}\n", *([table] if table else []), f"Answers {answers}.\n"]
    return "\n".join(parts)


def document() -> str:
    """All of docs/protocol.md."""
    parts = [
        INTRODUCTION,
        "## Commands\n",
        *(command(name, each) for name, each in COMMANDS.items()),
        *(f"## {each.__name__}\n\n{_about(each)}\n\n{table_of(each)}" for each in (messages.Watch, messages.Until)),
        *(f"## {each.__name__}\n\n{_about(each)}\n\n{shape(each)}" for each in SHAPES),
        FRAMES,
        shape(messages.Metadata),
        REFUSALS,
        shape(messages.Refused),
        "## Questions\n\nWhat `ask` may ask about a moment. Tensors' names and shapes are the listing's.\n",
        *(question(name) for name in sorted(QUESTIONS)),
    ]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def _script(hint: Any) -> str:
    """A Python type as one of TypeScript."""
    if get_origin(hint) is list:
        inner = _script(get_args(hint)[0])
        return f"({inner})[]" if "|" in inner else f"{inner}[]"
    if get_origin(hint) is dict:
        return f"Record<string, {_script(get_args(hint)[1])}>"
    if is_typeddict(hint):
        return str(hint.__name__)
    return " | ".join(map(_script, get_args(hint))) if get_args(hint) else SCRIPTS[hint]


def interface(name: str, about: str, fields: list[tuple[str, bool, str, str]]) -> str:
    """A type of TypeScript; of each field its name, whether it has to be there, its type, and what it is for."""
    rows = [f"  /** {about} */\n  {each}{'' if needed else '?'}: {script};" for each, needed, script, about in fields]
    lines = "\n".join(f" * {line}".rstrip() for line in cleandoc(about).splitlines())
    body = "{\n" + "\n".join(rows) + "\n}" if rows else "{}"
    return f"/**\n{lines}\n */\nexport interface {name} {body}\n"


def _of_model(name: str, model: type[Message], about: str) -> str:
    fields = [(each, field.is_required(), kind.script, says) for each, field, kind, says in fields_of(model)]
    return interface(name, about, fields)


def _of_shape(shaped: Any) -> str:
    hints = get_type_hints(shaped, include_extras=True).items()
    needed = shaped.__required_keys__
    fields = [(name, name in needed, _script(get_args(hint)[0]), hint.__metadata__[0]) for name, hint in hints]
    return interface(shaped.__name__, _about(shaped), fields)


def scripts() -> str:
    """All of static/ask/messages.d.ts."""
    parts = [
        "// Types of the messages between page and server, written by `python -m server.protocol.document`.\n",
        *(_of_model(each.message.__name__, each.message, _about(each.message)) for each in COMMANDS.values()),
        *(_of_model(each.__name__, each, _about(each)) for each in (messages.Watch, messages.Until)),
        *map(_of_shape, (*SHAPES, messages.Metadata, messages.Refused)),
        *(
            _of_model("Question" + name.title().replace("_", ""), FIELDS[name], f"The fields of the question {name}.")
            for name in sorted(QUESTIONS)
        ),
    ]
    return "\n".join(parts)


BEGIN, END = "<!-- bounds -->\n", "<!-- /bounds -->"


def serving() -> str:
    """All of docs/serving.md, with the table of bounds as it is now."""
    text = (ROOT / "docs/serving.md").read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    return before + BEGIN + bounds_in_markdown() + END + rest.partition(END)[2]


FILES = {"docs/protocol.md": document, "docs/serving.md": serving, "static/ask/messages.d.ts": scripts}


def main() -> None:
    """Write the files."""
    for name, text in FILES.items():
        (ROOT / name).write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
