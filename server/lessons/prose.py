"""The prose of a lesson: paragraphs and lists with numbers of the engine, words that light marks, and mathematics."""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from latex2mathml.converter import convert

from engine import Experiment, Refusal
from engine.base.refusal import index_in
from engine.base.tensors import axes, shape_of
from server.glossary.facts import facts
from server.lessons.expressions import TENSOR, Expression, no_element, no_tensor, parse
from server.lessons.moments import OfShapes

Plain = dict[str, Any]
Line = tuple[int, str]  # its number in the file, and its text

LATEX = 300  # letters of a formula at most
MATH = {
    "mrow", "mi", "mn", "mo", "mtext", "mspace", "msub", "msup", "msubsup", "mfrac", "msqrt", "mroot", "mover",
    "munder", "munderover", "mtable", "mtr", "mtd", "mstyle", "mpadded", "mphantom",
}  # fmt: skip
INNER = r"(?:[^*\[\]{}$\\]|\\.|\{[^{}]*\}|\$[^$]*\$)+"  # of a link or of emphasis
PART = re.compile(
    rf"\\(?P<plain>[*{{}}\[\]$\\#`])|\{{(?P<value>[^{{}}]*)\}}|\$(?P<math>[^$]+)\$"
    rf"|\[(?P<words>{INNER})\]\((?P<cells>[^()]*)\)|\*{{1,2}}(?P<emphasis>{INNER})\*{{1,2}}"
)
VALUE = re.compile(r"(?P<expression>.*?)(?::(?P<format>\+?(?:\.[0-6][f%]|d)|\+))?", re.DOTALL)
CELL = re.compile(rf"(?P<tensor>{TENSOR.pattern})(?:\[(?P<index>[^\[\]]*)\])?")
TERM = "?"  # begins a link to an entry of the glossary
ITEM = re.compile(r"\s*-\s+(.*)", re.DOTALL)


@dataclass
class Prose:
    """Reads the prose of a step, whose expressions and cells must go with the ``experiment``, where that is known.

    Attributes:
        told: hears of what is wrong, with the number of its line.
        expressions: all expressions that have been read.
        digits: the numbers of the lines with digits that are no reference.
    """

    experiment: Experiment | None
    told: Callable[[int, Refusal], None]
    expressions: list[tuple[int, Expression]] = field(default_factory=list)
    digits: list[int] = field(default_factory=list)
    _in_link: bool = False
    _shapes: OfShapes | None = None

    def blocks(self, lines: list[Line]) -> list[Plain]:
        """The paragraphs, ``{"paragraph": parts}``, and lists, ``{"list": [parts, ...]}``."""
        found: list[Plain] = []
        for block in _paragraphs(lines):
            if not ITEM.fullmatch(block[0][1]):
                found.append({"paragraph": self._several(block)})
                continue
            items: list[list[Line]] = []
            for number, text in block:
                item = ITEM.fullmatch(text)
                if item:
                    items.append([])
                items[-1].append((number, item[1] if item else text))
            found.append({"list": [self._several(item) for item in items]})
        return found

    def _several(self, block: list[Line]) -> list[Plain]:
        return self.parts(block[0][0], " ".join(text.strip() for _, text in block), [number for number, _ in block])

    def parts(self, line: int, text: str, lines: list[int] | None = None) -> list[Plain]:
        """The parts of a line: ``{"text"}``, ``{"value", "format"}``, ``{"math"}``, ``{"emphasis": parts}``,
        ``{"lights": cells, "words": parts}`` and ``{"term": name, "words": parts}``. What is wrong stays as it is
        written, and is told.
        """
        found: list[Plain] = []
        end = 0
        for match in PART.finditer(text):
            self._plain(line, text[end : match.start()], found)
            end = match.end()
            try:
                part = self._part(line, match)
            except Refusal as refusal:
                self.told(line, refusal)
                part = {"text": match[0]}
            _add(part, found)
        self._plain(line, text[end:], found)
        return found

    def _plain(self, line: int, text: str, found: list[Plain]) -> None:
        if any(letter.isdigit() for letter in (CELL.sub("", text) if self._in_link else text)):
            self.digits.append(line)
        if text:
            _add({"text": text}, found)

    def _part(self, line: int, match: re.Match[str]) -> Plain:
        if match["plain"]:
            return {"text": match["plain"]}
        if match["value"] is not None:
            return self._value(line, match["value"])
        if match["math"]:
            return {"math": formula(match["math"])}
        if match["emphasis"]:
            return {"emphasis": self.parts(line, match["emphasis"])}
        if match["cells"].startswith(TERM):
            term = term_of(match["cells"].removeprefix(TERM))
            return {"term": term, "words": self.parts(line, match["words"])}
        cells = cells_of(match["cells"], self.experiment, "link")
        self._in_link = True  # where a tensor may be called by its name
        words = self.parts(line, match["words"])
        self._in_link = False
        return {"lights": cells, "words": words}

    def _value(self, line: int, text: str) -> Plain:
        given = VALUE.fullmatch(text)
        assert given, text
        expression = self.expression(line, given["expression"].strip())
        return {"value": expression.text, "format": given["format"] or ""}

    def expression(self, line: int, text: Any, is_truth: bool = False, field: str = "expression") -> Expression:
        """The expression, which goes with the experiment.

        Raises:
            Refusal: it does not, cannot be read, or comes to a number where a comparison is to stand, or the reverse.
        """
        found = parse(text, field)
        if found.is_truth != is_truth:
            expected, form = ("a comparison", "comparison") if is_truth else ("a number", "a_number")
            raise Refusal("invalid", field, "expression", text, expected, form)
        if self.experiment:
            self._shapes = self._shapes or OfShapes(self.experiment)
            found.value(self._shapes, field)
        self.expressions.append((line, found))
        return found


def _add(part: Plain, found: list[Plain]) -> None:
    """Add a part; texts in a row become one."""
    if found and "text" in part and "text" in found[-1]:
        found[-1]["text"] += part["text"]
    else:
        found.append(part)


def _paragraphs(lines: list[Line]) -> Iterator[list[Line]]:
    """Lines that belong together: between empty lines, and a list apart from the paragraph before it."""
    block: list[Line] = []
    for number, text in [*lines, (0, "")]:
        begins_list = bool(block) and bool(ITEM.fullmatch(text)) and not ITEM.fullmatch(block[0][1])
        if block and (not text.strip() or begins_list):
            yield block
            block = []
        if text.strip():
            block.append((number, text))


def cells_of(text: Any, experiment: Experiment | None, field: str) -> list[Plain]:
    """The cells of tensors that a text names, apart by spaces: ``{"tensor", "index"}``, in whose index None is any.

    Raises:
        Refusal: it names none, or one that the experiment's network does not show.
    """
    if not isinstance(text, str):
        raise Refusal("invalid", field, "cells", text, "text", "text")
    end, found = 0, []
    for match in CELL.finditer(text):
        if text[end : match.start()].strip(" ,"):
            break
        found.append(_cell(match, experiment, field))
        end = match.end()
    if not found or text[end:].strip(" ,"):
        raise Refusal("invalid", field, "cells", text, "elements of tensors, such as W2[0,1]", "cells")
    return found


def term_of(name: str) -> str:
    """The name of an entry of the glossary.

    Raises:
        Refusal: it has no such entry.
    """
    if name not in facts():
        raise Refusal("unknown", "link", "term", name, "an entry of the glossary", "glossary_entry")
    return name


def _cell(match: re.Match[str], experiment: Experiment | None, field: str) -> Plain:
    tensor = match["tensor"]
    depth = len(experiment.layers) if experiment else 10**4
    axes_of = axes(tensor, depth)
    if not axes_of or any(isinstance(axis, int) and axis > depth for axis in axes_of):
        raise no_tensor(tensor, field, "cells", match[0])
    if match["index"] is None:
        return {"tensor": tensor}
    index = [_place(part) for part in match["index"].split(",")]
    if experiment is None:
        return {"tensor": tensor, "index": index}
    shape = shape_of(tensor, experiment.sizes, experiment.examples_in(0))
    try:
        index_in(field, [0 if i is None else i for i in index], shape)
    except Refusal:
        raise no_element(tensor, shape, field, "cells", match[0]) from None
    return {"tensor": tensor, "index": index}


def _place(text: str) -> int | None:
    """A whole number, None for a colon, -1 for what is neither."""
    text = text.strip()
    return None if text == ":" else int(text) if re.fullmatch(r"[0-9]{1,9}", text) else -1


def formula(latex: str) -> list[Any]:
    """A formula as a tree of MathML: ``[tag, child, ...]``, where a child is a tree or a text. It has no attributes.

    Raises:
        Refusal: it cannot be read, is too long, or comes to more than mathematics.
    """
    if len(latex) > LATEX:
        raise Refusal("invalid", "math", "formula", latex, f"at most {LATEX} letters", "letters", most=LATEX)
    try:
        root = ElementTree.fromstring(convert(latex))
        return _tree(root[0])
    except Exception:  # whatever the converter stumbles over, it cannot be read
        raise Refusal("invalid", "math", "formula", latex, "LaTeX", "latex") from None


def _tree(element: ElementTree.Element) -> list[Any]:
    tag = element.tag.rpartition("}")[2]
    if tag not in MATH or (element.text or "").startswith("\\"):
        raise ValueError(tag)
    return [tag, *([element.text] if element.text else []), *map(_tree, element)]
