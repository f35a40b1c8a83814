"""A program in parts: each a heading and its code, so that it can be written as one file or as cells."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from textwrap import fill
from typing import Any

import numpy as np

INLINE = 400  # the most numbers of an array that stands in the program itself
CARRIED = "backscope.npz"  # the file beside the program that has its larger arrays


@dataclass(frozen=True)
class Part:
    """A part of a program: its heading, and its code without empty lines around it."""

    title: str
    code: str


@dataclass
class Script:
    """A program.

    Attributes:
        about: what it is, as the program's first words.
        parts: its parts, in order.
        arrays: the arrays that it reads from the file ``CARRIED``, by their names there.
        files: the names of other files that it reads, which come with this package.
    """

    about: str
    parts: list[Part] = field(default_factory=list)
    arrays: dict[str, np.ndarray] = field(default_factory=dict)
    files: tuple[str, ...] = ()

    def add(self, title: str, *lines: str) -> None:
        """Add a part, if it has any lines."""
        if code := "\n".join(lines).strip("\n"):
            self.parts.append(Part(title, code))

    def carry(self, name: str, array: np.ndarray) -> str:
        """The expression that gives an array: its numbers where they are few, or else its place in ``CARRIED``."""
        if array.size <= INLINE:
            return f"np.array({listed(array)})"
        self.arrays[name] = array
        return f'carried["{name}"]'

    @property
    def text(self) -> str:
        """The whole program as one file."""
        return self.text_of(self.parts)

    def text_of(self, parts: Iterable[Part]) -> str:
        """Some of its parts as one file."""
        about = "\n\n".join(fill(each, 110) for each in self.about.split("\n\n"))
        codes = (f"# {part.title}\n{part.code}" for part in parts)
        return f'"""{about}\n"""\n\n' + "\n\n\n".join(codes) + "\n"


def listed(array: np.ndarray) -> Any:
    """The numbers of an array as nested lists; those of a lower precision with no more digits than tell them apart."""
    if array.dtype == np.float32:
        return np.array([float(str(each)) for each in array.ravel()]).reshape(array.shape).tolist()
    return array.tolist()
