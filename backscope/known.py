"""What is understood, and the refusal of everything else by its name."""

from collections.abc import Callable
from typing import Any


class NotUnderstood(ValueError):
    """A module, an optimizer or a setting that cannot be run again; the message names it, and what can be."""


def known(kind: str, noun: str, table: dict[str, Any]) -> Any:
    """The entry of a table.

    Raises:
        NotUnderstood: the table has none.
    """
    if kind not in table:
        raise NotUnderstood(f"the {noun} {kind} is not understood (one of: {', '.join(sorted(table))})")
    return table[kind]


def settled(kind: str, needed: dict[str, Any], setting: Callable[[str], Any]) -> None:
    """Check settings; where one may have several values, they are a tuple.

    Raises:
        NotUnderstood: a setting has another value.
    """
    for name, due in needed.items():
        value, choices = setting(name), due if isinstance(due, tuple) else (due,)
        if value not in choices:
            listed = " or ".join(map(str, choices))
            raise NotUnderstood(f"{kind} with {name} {value} is not understood ({name} {listed} is)")
