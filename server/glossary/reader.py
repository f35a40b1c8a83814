"""The reader of the glossary: a text file a language, whose entries are put together with their facts."""

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from engine import Refusal
from server.glossary.facts import FOLDER, Fact, facts
from server.lessons.prose import Line, Plain, Prose, formula
from server.lessons.reader import Fault
from server.lessons.shelf import SHIPPED
from server.words import FALLBACK, languages

HEADING = re.compile(r"## (?P<title>.+?) \{#(?P<name>\w+)\}\s*")
NAMES = "= "  # begins the line of the other names that an entry is found by


@dataclass(frozen=True)
class Entry:
    """What a language says of an entry.

    Attributes:
        title: its name on the page.
        names: what else it is called, here and elsewhere.
        body: its sentences, in blocks of prose.
        line: the line of its heading.
    """

    title: str
    names: tuple[str, ...]
    body: list[Plain]
    line: int


@dataclass
class Glossary:
    """The glossary of a language, as far as it could be read.

    Attributes:
        entries: the entries by their names.
        faults: what is wrong in the file.
        digits: the lines with numbers, which no entry may have.
    """

    entries: dict[str, Entry] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    digits: list[int] = field(default_factory=list)


def read(text: str) -> Glossary:
    """Read the glossary of a language. It never raises: what is wrong is among its faults."""
    found = Glossary()
    parts: list[list[Line]] = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        if line.startswith("## "):
            parts.append([])
        if parts:
            parts[-1].append((number, line))
    for (number, heading), *lines in parts:
        match = HEADING.fullmatch(heading)
        if not match:
            refusal = Refusal("invalid", "", "term", heading, "a heading such as ## Name {#name}", "term_heading")
            found.faults.append(Fault(number, refusal))
            continue
        found.entries[match["name"]] = _entry(found, number, match["title"].strip(), lines)
    return found


def _entry(glossary: Glossary, line: int, title: str, lines: list[Line]) -> Entry:
    prose = Prose(None, lambda at, refusal: glossary.faults.append(Fault(at, refusal)), digits=glossary.digits)
    names = [name.strip() for _, text in lines if text.startswith(NAMES) for name in text[len(NAMES) :].split(",")]
    body = prose.blocks([each for each in lines if not each[1].startswith(NAMES)])
    glossary.digits += [at for at, _ in prose.expressions]
    return Entry(title, tuple(names), body, line)


@cache
def glossary(language: str) -> Glossary:
    """The glossary of a language that comes along; without entries where there is no such file."""
    path = FOLDER / f"{language}.md"
    return read(path.read_text(encoding="utf-8")) if path.is_file() else Glossary()


@cache
def told(language: str) -> list[Plain]:
    """All entries as the page reads them, each in the language, or in the fallback where that has not got it."""
    return [_told(fact, language) for fact in facts().values()]


def _told(fact: Fact, language: str) -> Plain:
    said_in = language if fact.name in glossary(language).entries else FALLBACK
    entry = glossary(said_in).entries[fact.name]
    others = [glossary(each).entries.get(fact.name) for each in languages()]
    return {
        "name": fact.name,
        "group": fact.group,
        "language": said_in,
        "title": entry.title,
        "names": entry.names,
        "found": [name for each in others if each for name in (each.title, *each.names)],
        "symbol": formula(fact.symbol) if fact.symbol else None,
        "formula": formula(fact.formula) if fact.formula else None,
        "tensors": fact.tensors,
        "signs": fact.signs,
        "see": [_seen(kind, which, language) for kind, which in fact.see],
        "related": fact.related,
        "body": entry.body,
    }


def _seen(kind: str, which: str, language: str) -> Plain:
    """A place where something is seen; that of a lesson has its title."""
    title: dict[str, Any] = {"title": _lesson_title(which, language)} if kind == "lesson" else {}
    return {"kind": kind, "which": which, **title}


def _lesson_title(name: str, language: str) -> str:
    files = [SHIPPED / name / f"{each}.md" for each in (language, FALLBACK)]
    path = next(path for path in files if path.is_file())
    with path.open(encoding="utf-8") as lines:
        return next(lines).removeprefix("# ").strip()
