"""A micro-step: one equation of a training step, bound to the tensors that it reads and writes."""

import re
from dataclasses import dataclass
from typing import Any

from engine.base.tensors import LAYERED, split, symbol
from engine.methods.convention import formula_in_columns, textbook_in_columns
from engine.methods.equation import Equation, Operand


@dataclass(frozen=True)
class MicroStep:
    """One equation, bound to tensors.

    Attributes:
        phase: "forward", "loss", "backward" or "update".
        layer: the number of the layer; 0 where the equation belongs to none.
        equation: the equation.
        reads: the names of the tensors that are read, in the order of the equation's arguments.
        writes: the names of the tensors that are written.
        settings: the names and values of the equation's settings.
    """

    phase: str
    layer: int
    equation: Equation
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    settings: tuple[tuple[str, Any], ...] = ()

    def compute(self, *arrays: Any, out: Any = None) -> Any:
        """The equation's result with this step's settings. An equation that draws takes a ``Draw`` first."""
        return self.equation(*arrays, out=out, **dict(self.settings))

    @property
    def arguments(self) -> tuple[tuple[str, str], ...]:
        """Pairs of an argument of the equation and its tensor: written tensors first, then the read ones."""
        return tuple(
            (argument.lstrip("*"), name)
            for names, operands in ((self.writes, self.equation.writes), (self.reads, self.equation.reads))
            for (argument, _), name in zip(_spread(operands, len(names)), names, strict=True)
        )

    @property
    def operands(self) -> tuple[tuple[Operand, ...], tuple[Operand, ...]]:
        """The read and the written operands, as pairs of a tensor's name and its index letters."""
        bound = [
            tuple(
                (name, text.replace("*", _letters(name)))
                for name, (_, text) in zip(names, _spread(operands, len(names)), strict=True)
            )
            for names, operands in ((self.reads, self.equation.reads), (self.writes, self.equation.writes))
        ]
        return bound[0], bound[1]

    @property
    def letters(self) -> str:
        """The equation's declaration with the tensors of this network, such as ``a0:ik, W1:jk, b1:j -> z1:ij``."""
        reads, writes = (", ".join(f"{name}:{text}" for name, text in side) for side in self.operands)
        return f"{reads} -> {writes}".strip()

    @property
    def formula(self) -> str:
        """The equation in LaTeX with this network's symbols, each with the name of its tensor as its class."""
        return self._with_symbols(self.equation.formula)

    @property
    def formula_in_columns(self) -> str:
        """The same for examples in columns."""
        return self._with_symbols(formula_in_columns(self.equation))

    @property
    def textbook(self) -> str:
        """The equation's textbook lines with this network's tensors and settings, such as ``z1 = a0 @ W1.T + b1``."""
        return self._with_names(self.equation.textbook)

    @property
    def textbook_in_columns(self) -> str:
        """The same for examples in columns."""
        return self._with_names(textbook_in_columns(self.equation))

    def _several(self) -> tuple[str, list[str]]:
        """The argument that takes any number of tensors, and these; "" where there is none."""
        argument = next((each[1:] for each, _ in self.equation.reads if each.startswith("*")), "")
        return argument, [name for each, name in self.arguments if each == argument]

    def _with_symbols(self, formula: str) -> str:
        names, (several, each) = dict(self.arguments), self._several()
        text = re.sub(
            r"\[\[(.*?)\]\]",
            lambda match: " + ".join(_named(match[1], {**names, several: name}) for name in each),
            formula,
        )
        return _named(text, names)

    def _with_names(self, code: str) -> str:
        """The code with the names of tensors as arguments, a list of them for a starred one, and values as settings."""
        several, each = self._several()
        named = {name: repr(value) for name, value in self.settings} | dict(self.arguments)
        named[f"*{several}"] = ", ".join(each)
        return re.sub(r'(?<![.\w"])\*?[A-Za-z]\w*\b(?!=[^=])', lambda match: named.get(match[0], match[0]), code)


def _spread(operands: tuple[Operand, ...], count: int) -> tuple[Operand, ...]:
    """The operands, the one that takes any number of tensors repeated so that there are ``count`` operands."""
    extra = count - len(operands) + 1
    return tuple(each for operand in operands for each in [operand] * (extra if operand[0].startswith("*") else 1))


def _letters(name: str) -> str:
    kind, layer = split(name)
    return "jk"[: len(LAYERED[kind][0])] if layer is not None else ""


def _named(text: str, names: dict[str, str]) -> str:
    """The text with each ``\\argument`` replaced by the symbol of its tensor."""
    if not names:
        return text
    choices = "|".join(sorted(names, key=len, reverse=True))
    pattern = re.compile(rf"\\({choices})(?![A-Za-z])(?:\^(\\top))?(_\{{\w+\}})?")
    return pattern.sub(lambda m: symbol(names[m[1]], m[2] or "", m[3] or ""), text)
