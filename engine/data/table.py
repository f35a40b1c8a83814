"""A table as a person has it: text with separators, read into named columns of numbers or of texts."""

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

import numpy as np

from engine.base.refusal import Described, Refusal, cut
from engine.data.notation import MISSING, Notation, lines_of, notation_of

ROWS, COLUMNS = 100_000, 128  # the most of a table
NAME = 60  # the most characters of a column's name
PART = 4096  # rows that are converted at once
ENCODINGS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
Row = tuple[int, list[str]]  # its number as a spreadsheet counts, from 1, and its cells


@dataclass(frozen=True, eq=False)
class Column:
    """A column of numbers, or of texts where one of its cells is no number.

    Attributes:
        name: its name, which no other column has.
        numbers: the numbers, (rows,), NaN where a cell is missing; empty for texts.
        codes: for texts the place of each cell in ``texts``, (rows,), -1 where it is missing; empty for numbers.
        texts: the different texts, sorted.
        odd: for texts the place of the first row whose cell is no number; -1 for numbers.
    """

    name: str
    numbers: np.ndarray
    codes: np.ndarray
    texts: tuple[str, ...] = ()
    odd: int = -1

    @property
    def is_text(self) -> bool:
        return self.odd >= 0

    @cached_property
    def missing(self) -> np.ndarray:
        """Whether each cell is missing, (rows,)."""
        found: np.ndarray = self.codes == -1 if self.is_text else np.isnan(self.numbers)
        return found

    @cached_property
    def labels(self) -> tuple[tuple[str, ...], np.ndarray]:
        """The different values as names, in order, and the place of each row's among them, (rows,), -1 for none."""
        if self.is_text:
            return self.texts, self.codes
        values, places = np.unique(self.numbers[~self.missing], return_inverse=True)
        found = np.full(len(self.numbers), -1)
        found[~self.missing] = places
        return tuple(map(written, values)), found

    def cell(self, place: int) -> str:
        """A cell as text; empty where it is missing."""
        if self.missing[place]:
            return ""
        return self.texts[self.codes[place]] if self.is_text else written(self.numbers[place])


@dataclass(frozen=True, eq=False)
class Table:
    """A table by columns, in their order.

    Attributes:
        columns: the columns by their names.
        rows: the number of each row as a spreadsheet counts, from 1, (rows,).
        notation: how the table was written.
    """

    columns: dict[str, Column]
    rows: np.ndarray
    notation: Notation

    @property
    def size(self) -> int:
        """The bytes that the columns take."""
        return sum(each.numbers.nbytes + each.codes.nbytes for each in self.columns.values())


def written(value: float) -> str:
    """A number as text."""
    return f"{value + 0.0:.12g}"  # so that −0 is 0


def read(data: bytes, separator: str | None = None, header: bool | None = None) -> Table:
    """The table of a file. What is not said of its notation is found in its first rows.

    Args:
        data: text in UTF-8, with or without a byte order mark, in UTF-16 with one, or in Windows-1252.
        separator: what stands between cells.
        header: whether the first row has the names of the columns.

    Raises:
        Refusal: it is no text, has too many rows or columns, or a row has more or fewer cells than the first.
    """
    text = text_of(data)
    notation = notation_of(text, separator, header)
    names, rows, parts = list[str](), list[int](), list[list[np.ndarray | None]]()
    for names, part in _parts(text, notation):
        rows += [number for number, _ in part]
        columns = [*zip(*(cells for _, cells in part), strict=True)]
        texts = {i for i, found in enumerate(parts[-1]) if found is None} if parts else set[int]()
        parts.append([None if i in texts else notation.numbers(columns[i]) for i in range(len(names))])
    if not rows:
        raise refused("it has no rows", "table_rows_none")
    places = [i for i, last in enumerate(parts[-1]) if last is None]
    found = {i: _numeric(names[i], [part[i] for part in parts]) for i in range(len(names)) if i not in places}
    found |= _textual(text, notation, places)
    whole = [found[i] for i in range(len(names)) if names[i] or not found[i].missing.all()]
    named = unlike([each.name or f"x{i + 1}" for i, each in enumerate(whole)])
    return Table(
        {name: replace(each, name=name) for name, each in zip(named, whole, strict=True)}, np.array(rows), notation
    )


def text_of(data: bytes) -> str:
    """The text of a file.

    Raises:
        Refusal: it is no text.
    """
    encoding = next((name for mark, name in ENCODINGS.items() if data.startswith(mark)), "utf-8")
    for each in (encoding, "cp1252"):
        try:
            text = data.decode(each)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise refused("it is no text", "table_text")


def unlike(names: list[str]) -> list[str]:
    """The names, of which those that another one has before get a number."""
    found = list[str]()
    for name in names:
        again = (name if n == 1 else f"{cut(name, NAME - 6)} ({n})" for n in range(1, len(names) + 2))
        found.append(next(each for each in again if each not in found))
    return found


def refused(expected: str, form: str, **blanks: object) -> Refusal:
    """What is wrong with a table as a whole."""
    return Refusal("invalid", "table", "table", Described("the table", "table"), expected, form, **blanks)


def row_refused(row: int, expected: str, form: str, field: str = "table", **blanks: object) -> Refusal:
    """What is wrong with a row of a table, by its number as a spreadsheet counts."""
    return Refusal("invalid", field, "table", Described(f"row {row}", "table_row", row=row), expected, form, **blanks)


def _rows(text: str, notation: Notation) -> Iterator[Row]:
    """The rows that are not empty, the first with the names included."""
    reader = csv.reader(lines_of(text), delimiter=notation.separator)
    width, count, number = 0, 0, 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise row_refused(number, f"a row that can be read: {error}", "table_csv", found=str(error)) from None
        if not cells:
            continue
        width, count = width or len(cells), count + 1
        if len(cells) != width:
            expected = f"it has {len(cells)} cells, the first row has {width}"
            raise row_refused(number, expected, "table_width", cells=len(cells), count=width)
        if width > COLUMNS:
            raise refused(f"at most {COLUMNS} columns", "table_columns", most=COLUMNS)
        if count > ROWS + notation.header:
            raise refused(f"at most {ROWS:,} rows", "table_rows", most=ROWS)
        yield number, cells


def _parts(text: str, notation: Notation) -> Iterator[tuple[list[str], list[Row]]]:
    """The names of the columns, empty where they have none, and the rows, part by part."""
    rows = _rows(text, notation)
    first = next(rows, None)
    if first is None:
        return
    names = [cut(cell.strip(), NAME) for cell in first[1]] if notation.header else [""] * len(first[1])
    part = [*([] if notation.header else [first]), *islice(rows, PART - 1)]
    while part:
        yield names, part
        part = [*islice(rows, PART)]


def _numeric(name: str, parts: list[np.ndarray | None]) -> Column:
    return Column(name, np.concatenate([part for part in parts if part is not None]), np.empty(0, np.int32))


def _textual(text: str, notation: Notation, places: list[int]) -> dict[int, Column]:
    """The columns of texts at these places, which are read in a second turn: numbers alone are kept from the first."""
    codes: list[list[int]] = [[] for _ in places]
    known: list[dict[str, int]] = [{} for _ in places]
    names, odd = list[str](), dict[int, int]()
    for named, part in _parts(text, notation) if places else ():
        names = named
        for _, cells in part:
            for at, i in enumerate(places):
                cell = cells[i].strip()
                if i not in odd and notation.numbers([cell]) is None:
                    odd[i] = len(codes[at])
                is_missing = cell.lower() in MISSING
                codes[at].append(-1 if is_missing else known[at].setdefault(cell, len(known[at])))
    return {i: _sorted(names[i], codes[at], known[at], odd[i]) for at, i in enumerate(places)}


def _sorted(name: str, codes: list[int], known: dict[str, int], odd: int) -> Column:
    """A column of texts, whose codes follow the order of the texts."""
    texts = sorted(known)
    place = np.empty(len(texts) + 1, np.int32)
    place[[known[each] for each in texts]], place[-1] = np.arange(len(texts)), -1
    return Column(name, np.empty(0), place[np.array(codes)], tuple(cut(each, NAME) for each in texts), odd)
