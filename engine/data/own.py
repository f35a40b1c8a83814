"""A data set of one's own: a table of which one column is the target, split by the seed and standardized."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from engine.base.refusal import Described, Refusal, known, listed, number, one_of, yes_or_no
from engine.data.dataset import Dataset, one_hot
from engine.data.record import LOOKS, DatasetRecord
from engine.data.table import COLUMNS, Column, Table, row_refused, unlike

KINDS = ("classes", "values")
CLASSES = 64  # the most classes of a target
FEW = 10  # whole numbers of so many different values are taken for classes
LARGEST_SHARE = 0.9  # of examples that are held out
SPLIT = 0x0D  # part of the seed by which examples are held out
TARGETS = ("target", "label", "class", "y")  # names that columns of targets often have
FIELDS = ("name", "content", "target", "kind", "inputs", "held_out", "standardize", "skip_missing")


@dataclass(frozen=True)
class OwnData:
    """Examples from a table. It is made with ``from_dict``.

    Attributes:
        content: the name of the table, which follows from its bytes.
        table: the table itself.
        target: the column of targets.
        kind: what targets are: "classes" or "values".
        inputs: the columns of inputs, in order.
        held_out: the share of examples that is held out.
        standardize: whether inputs, and targets that are values, are standardized.
        skip_missing: whether rows in which a cell is missing are left out; else they are refused.
    """

    content: str
    table: Table
    target: str
    kind: str
    inputs: tuple[str, ...]
    held_out: float = 0.25
    standardize: bool = True
    skip_missing: bool = False

    @classmethod
    def from_dict(cls, plain: dict[str, Any], tables: Mapping[str, Table]) -> "OwnData":
        """Read ``{"name": "own", "content": "<name of a table>", ...}``. Every other field has a default: the target is
        a column of a usual name or the last one, and the inputs are all other columns of numbers.

        Raises:
            Refusal: there is no such table or column, or its cells do not fit.
        """
        known("dataset", plain, FIELDS, required=("content",))
        content = plain["content"]
        if not isinstance(content, str) or content not in tables:
            raise Refusal("unknown", "dataset.content", "table", content, "give its file again", "give_again")
        table = tables[content]
        columns = table.columns
        if len(columns) < 2:
            raise Refusal("unfit", "dataset.content", "table", *_ONE_COLUMN)
        target = one_of("dataset.target", "column", plain.get("target", likely_target(table)), columns)
        kind = one_of("dataset.kind", "kind of targets", plain.get("kind", likely_kind(columns[target])), KINDS)
        share = plain.get("held_out", 0.25)
        own = cls(
            content, table, target, kind, _inputs(plain, table, target),
            number("dataset.held_out", "share", share, 0, LARGEST_SHARE),
            yes_or_no("dataset.standardize", "standardize", plain.get("standardize", True)),
            yes_or_no("dataset.skip_missing", "skip_missing", plain.get("skip_missing", False)),
        )  # fmt: skip
        own._check()
        return own

    def to_dict(self) -> dict[str, Any]:
        """The plain form; ``from_dict`` gives the same back."""
        all_inputs = self.inputs == number_columns(self.table, self.target)
        return {
            "name": "own", "content": self.content, "target": self.target, "kind": self.kind,
            **({} if all_inputs else {"inputs": [*self.inputs]}),
            "held_out": self.held_out, "standardize": self.standardize,
            **({"skip_missing": True} if self.skip_missing else {}),
        }  # fmt: skip

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes; empty where targets are values."""
        return tuple(unlike([*self.table.columns[self.target].labels[0]])) if self.kind == "classes" else ()

    @cached_property
    def record(self) -> DatasetRecord:
        """Its facts, as other data sets have them."""
        outputs = {0: (1,), 2: (1, 2)}.get(len(self.classes), (len(self.classes),))
        activation = {0: "identity", 2: "sigmoid"}.get(len(self.classes), "softmax")
        return DatasetRecord(
            self.kind, LOOKS.get(len(self.inputs), "row"), len(self.inputs), outputs, activation,
            lambda seed, _examples, _noise, outputs: made(self, seed, outputs).data,
            classes=self.classes, columns=self.inputs, target=self.target,
        )  # fmt: skip

    @property
    def size(self) -> int:
        """The bytes that its examples take."""
        return 8 * len(self.table.rows) * (len(self.inputs) + max(1, len(self.classes)))

    @cached_property
    def rows(self) -> np.ndarray:
        """The places of the rows that are examples, in the order of the table."""
        return np.flatnonzero(~_missing(self.table, (*self.inputs, self.target)))

    def _check(self) -> None:
        columns = self.table.columns
        for name in (*self.inputs, *((self.target,) if self.kind == "values" else ())):
            if columns[name].is_text:
                raise _text_refused(self.table, name)
        if not self.skip_missing:
            _refuse_missing(self.table, (*self.inputs, self.target))
        if len(self.rows) < 2:
            raise Refusal("unfit", "dataset.content", "table", *_FEW_ROWS)
        found = len(self.classes)
        if self.kind == "classes" and not 2 <= found <= CLASSES:
            value = Described(f"{found} different", "different", count=found)
            if found == 1:
                expected = f"all are {self.classes[0]!r}; at least two"
                raise Refusal("unfit", "dataset.target", "classes", value, expected, "one_class", name=self.classes[0])
            expected = f"2 to {CLASSES}"
            raise Refusal("unfit", "dataset.target", "classes", value, expected, "range", low=2, high=CLASSES)


@dataclass(frozen=True, eq=False)
class Made:
    """The examples, and what they were standardized with.

    Attributes:
        data: the data set, in which training examples come first as the seed shuffles the rows.
        order: the places in the table of all examples, the training examples first.
        mean: of each input over the training examples, (inputs,); with the target's as the last one for values.
        deviation: their standard deviations; 1 where all values are alike.
    """

    data: Dataset
    order: np.ndarray
    mean: np.ndarray
    deviation: np.ndarray


@lru_cache(maxsize=4)  # one may take 100 MB
def made(own: OwnData, seed: int, outputs: int) -> Made:
    """The examples for a seed and a number of outputs; means and deviations are those of the training examples."""
    columns, is_values = own.table.columns, own.kind == "values"
    order = np.random.default_rng([seed, SPLIT]).permutation(own.rows)
    first = max(1, len(order) - int(len(order) * own.held_out))
    names = (*own.inputs, own.target) if is_values else own.inputs
    x = np.stack([columns[name].numbers[order] for name in names], axis=1)
    mean, deviation = x[:first].mean(axis=0), x[:first].std(axis=0)
    deviation[deviation < 1e-12 * np.abs(mean)] = 0
    deviation[deviation == 0] = 1
    if own.standardize:
        x -= mean
        x /= deviation
    y = x[:, -1:].copy() if is_values else one_hot(columns[own.target].labels[1][order], outputs)
    x = x[:, : len(own.inputs)]
    data = Dataset(own.kind, x[:first], y[:first], x[first:], y[first:])
    return Made(data, order, mean, deviation)


def likely_target(table: Table) -> str:
    """The column that is most likely the target: one of a usual name, else the last one."""
    names = [*table.columns]
    return next((name for usual in TARGETS for name in names if name.lower() == usual), names[-1])


def likely_kind(column: Column) -> str:
    """What targets of a column most likely are: texts and a few whole numbers are classes."""
    if column.is_text:
        return "classes"
    numbers = column.numbers[~column.missing]
    whole = bool((numbers == np.floor(numbers)).all())
    return "classes" if whole and len(column.labels[0]) <= FEW else "values"


def number_columns(table: Table, target: str) -> tuple[str, ...]:
    """The columns of numbers beside the target, which are the inputs where nothing is said of them."""
    return tuple(name for name, column in table.columns.items() if name != target and not column.is_text)


def _inputs(plain: dict[str, Any], table: Table, target: str) -> tuple[str, ...]:
    if "inputs" not in plain:
        found = number_columns(table, target)
        if not found:  # then the first text says why
            raise _text_refused(table, next(name for name in table.columns if name != target))
        return found
    names = listed("dataset.inputs", plain["inputs"], COLUMNS)
    choices = [name for name in table.columns if name != target]
    for name in names:
        one_of("dataset.inputs", "column", name, choices)
    if not names or len({*names}) < len(names):
        raise Refusal("invalid", "dataset.inputs", "inputs", names, "different columns, at least one", "columns_unlike")
    return tuple(names)


def _missing(table: Table, names: tuple[str, ...]) -> np.ndarray:
    """Whether any of these cells of each row is missing, (rows,)."""
    found = np.zeros(len(table.rows), bool)
    for name in names:
        found |= table.columns[name].missing
    return found


def _refuse_missing(table: Table, names: tuple[str, ...]) -> None:
    places = np.flatnonzero(_missing(table, names))
    if len(places):
        column = next(name for name in names if table.columns[name].missing[places[0]])
        row, count = int(table.rows[places[0]]), len(places)
        expected = f"its {column!r} is missing, and so it is in {count} rows in all; fill them in or leave them out"
        raise row_refused(row, expected, "cell_missing", "dataset.skip_missing", name=column, count=count)


def _text_refused(table: Table, name: str) -> Refusal:
    """The refusal of a column of texts where numbers are needed, which names the first cell that is none."""
    column = table.columns[name]
    cell, row = column.cell(column.odd), int(table.rows[column.odd])
    expected = f"its {name!r} is {cell!r}, where a number is needed"
    return row_refused(row, expected, "cell_number", "dataset.inputs", name=name, found=cell)


_ONE_COLUMN = (
    Described("one column", "columns", count=1), "a target and at least one input", "columns_two",
)  # fmt: skip
_FEW_ROWS = (Described("fewer than 2 rows", "rows_few"), "at least 2 without a missing cell", "rows_two")
