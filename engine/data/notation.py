"""How a table is written: what separates its cells, how its numbers look, and whether its first row has names."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

SEPARATORS = ("\t", ";", "|", ",")  # the first that fits as well as any other is taken
SAMPLE = 200  # rows that are looked at
MISSING = frozenset({"", "na", "n/a", "nan", "null", "?"})  # what a cell that has no value may say, in small letters
LARGEST = 1e30  # of a number; its square is still finite
POINT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
COMMA = re.compile(r"[+-]?(\d+,?\d*|,\d+)(e[+-]?\d+)?", re.IGNORECASE)
GROUPS_COMMA = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")  # such as 1,234,567.8
GROUPS_POINT = re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d*)?")  # such as 1.234.567,8
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
Cells = Sequence[str]


@dataclass(frozen=True)
class Notation:
    """How a table is written.

    Attributes:
        separator: what stands between two cells.
        decimal: the sign between whole and decimal digits, "." or ",".
        header: whether the first row has the names of the columns.
    """

    separator: str
    decimal: str
    header: bool

    def number(self, cell: str) -> float:
        """The number that a cell says; NaN where it is missing.

        Raises:
            ValueError: it says no number.
        """
        text = cell.strip()
        if text.lower() in MISSING:
            return float("nan")
        plain, groups = (COMMA, GROUPS_POINT) if self.decimal == "," else (POINT, GROUPS_COMMA)
        if groups.fullmatch(text):
            text = text.replace("." if self.decimal == "," else ",", "")
        elif not plain.fullmatch(text):
            raise ValueError(cell)
        found = float(text.replace(",", "."))
        if abs(found) > LARGEST:
            raise ValueError(cell)
        return found

    def numbers(self, cells: Cells) -> np.ndarray | None:
        """The numbers of cells, (cells,), NaN where one is missing; None where one of them says no number."""
        if (found := self._plain(cells)) is not None:
            return found
        try:
            return np.fromiter(map(self.number, cells), float, len(cells))
        except ValueError:
            return None

    def is_of_numbers(self, *cells: str) -> bool:
        """Whether none of the cells says anything but a number, and not all are missing."""
        found = self.numbers(cells)
        return found is not None and not np.isnan(found).all()

    def _plain(self, cells: Cells) -> np.ndarray | None:
        """The same at once, where all cells say numbers as Python writes them; None where one does not."""
        text = "\n".join(cells)
        if "_" in text or (self.decimal == "," and "." in text) or text.count("\n") >= len(cells):
            return None
        try:
            found = np.fromiter(map(float, text.replace(self.decimal, ".").split("\n")), float, len(cells))
        except ValueError:
            return None
        return found if (np.abs(found) <= LARGEST).all() else None


def notation_of(text: str, separator: str | None = None, header: bool | None = None) -> Notation:
    """The notation of a table, found in its first rows where it is not given."""
    chosen = separator or max(SEPARATORS, key=lambda each: _fit(_sample(text, each)))
    sample = _sample(text, chosen)
    found = Notation(chosen, _decimal(sample, chosen), False)
    return Notation(chosen, found.decimal, _has_names(sample, found) if header is None else header)


def lines_of(text: str) -> Iterator[str]:
    """The lines of a text with their ends, without a copy of the whole."""
    return (found[0] for found in LINE.finditer(text))


def _sample(text: str, separator: str) -> list[list[str]]:
    """The first rows that are not empty; those before the first that cannot be read."""
    found: list[list[str]] = []
    try:
        for row in islice(filter(None, csv.reader(lines_of(text), delimiter=separator)), SAMPLE):
            found.append(row)
    except csv.Error:
        pass
    return found


def _fit(sample: list[list[str]]) -> tuple[float, float]:
    """How well rows fit together: the share that has the usual number of cells, above 1, and of cells with numbers."""
    if not sample:
        return 0, 0
    width, count = Counter(map(len, sample)).most_common(1)[0]
    cells = [cell.strip() for row in sample for cell in row]
    numbers = sum(bool(POINT.fullmatch(cell) or COMMA.fullmatch(cell)) for cell in cells)
    return (count / len(sample) if width > 1 else 0, numbers / len(cells))


def _decimal(sample: list[list[str]], separator: str) -> str:
    """The decimal sign: a comma where numbers have one more often than a point."""
    cells = [cell.strip() for row in sample for cell in row]
    points = sum("." in cell and bool(POINT.fullmatch(cell)) for cell in cells)
    commas = sum(
        "," in cell
        and bool(COMMA.fullmatch(cell) or GROUPS_POINT.fullmatch(cell))
        and not (separator == "," and GROUPS_COMMA.fullmatch(cell))
        for cell in cells
    )
    return "," if commas > points else "."


def _has_names(sample: list[list[str]], notation: Notation) -> bool:
    """Whether the first row has names: no cell of it is a number, and where no column has numbers alone, none of its
    cells stands in its own column again.
    """
    if len(sample) < 2 or any(map(notation.is_of_numbers, sample[0])) or not any(map(str.strip, sample[0])):
        return False
    columns = [[row[i] for row in sample[1:] if i < len(row)] for i in range(len(sample[0]))]
    if any(notation.is_of_numbers(*column) for column in columns):
        return True
    return all(name not in column for name, column in zip(sample[0], columns, strict=True))
