"""The facts of the glossary's entries, the same in every language: what each stands for, and where it is seen."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
KINDS = ("view", "chart", "stage", "control", "lesson", "scene")  # of places where something is seen
Place = tuple[str, str]  # its kind, and which one of that kind


@dataclass(frozen=True)
class Fact:
    """What an entry is in every language.

    Attributes:
        name: its name in links.
        group: the group of the list that it is in.
        symbol: how formulas write it, in LaTeX; empty where they do not.
        formula: what it is, in LaTeX; empty where no formula says so.
        tensors: the kinds of tensors that are it, or the name of one.
        signs: the signs of formulas, beside tensors, that stand for it.
        see: where it is seen.
        related: the names of entries that go with it.
    """

    name: str
    group: str
    symbol: str = ""
    formula: str = ""
    tensors: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    see: tuple[Place, ...] = ()
    related: tuple[str, ...] = ()


def _place(text: str) -> Place:
    kind, _, which = text.partition(":")
    return kind, which


@cache
def facts() -> dict[str, Fact]:
    """The facts of all entries by their names, in the order of the list."""
    groups = tomllib.loads((FOLDER / "terms.toml").read_text(encoding="utf-8"))
    return {
        name: Fact(
            name,
            group,
            given.get("symbol", ""),
            given.get("formula", ""),
            tuple(given.get("tensors", ())),
            tuple(given.get("signs", ())),
            tuple(_place(text) for text in given.get("see", ())),
            tuple(given.get("related", ())),
        )
        for group, entries in groups.items()
        for name, given in entries.items()
    }
