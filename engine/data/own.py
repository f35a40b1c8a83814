"""A data set of one's own: a table of which one column is the target, split by the seed and standardized."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from engine.base.refusal import Described, Refusal, known, number, one_of, yes_or_no
from engine.data.columns import (
    inputs_of,
    likely_kind,
    likely_target,
    missing_in,
    number_columns,
    refuse_missing,
    text_refused,
)
from engine.data.dataset import Dataset
from engine.data.examples import made
from engine.data.record import LOOKS, DatasetRecord
from engine.data.recorded import Recording
from engine.data.table import Table, unlike

KINDS = ("classes", "values")
CLASSES = 64  # the most classes of a target
LARGEST_SHARE = 0.9  # of examples that are held out
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
    def from_dict(cls, plain: dict[str, Any], tables: Mapping[str, Table | Recording]) -> "OwnData":
        """Read ``{"name": "own", "content": "<name of a table>", ...}``. Every other field has a default: the target is
        a column of a usual name or the last one, and the inputs are all other columns of numbers.

        Raises:
            Refusal: there is no such table or column, or its cells do not fit.
        """
        known("dataset", plain, FIELDS, required=("content",))
        content = plain["content"]
        table = tables.get(content) if isinstance(content, str) else None
        if not isinstance(table, Table):
            raise Refusal("unknown", "dataset.content", "table", content, "give its file again", "give_again")
        columns = table.columns
        if len(columns) < 2:
            raise Refusal("unfit", "dataset.content", "table", *_ONE_COLUMN)
        target = one_of("dataset.target", "column", plain.get("target", likely_target(table)), columns)
        kind = one_of("dataset.kind", "kind of targets", plain.get("kind", likely_kind(columns[target])), KINDS)
        share = plain.get("held_out", 0.25)
        own = cls(
            content, table, target, kind, inputs_of(plain, table, target),
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

    @property
    def tables(self) -> dict[str, Table]:
        """The table that the plain form names, by its name."""
        return {self.content: self.table}

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
            self._examples,
            classes=self.classes, columns=self.inputs, target=self.target,
        )  # fmt: skip

    def _examples(self, seed: int, _examples: int, _noise: float, outputs: int) -> Dataset:
        return made(self, seed, outputs).data

    @property
    def size(self) -> int:
        """The bytes that its examples take."""
        return 8 * len(self.table.rows) * (len(self.inputs) + max(1, len(self.classes)))

    @cached_property
    def rows(self) -> np.ndarray:
        """The places of the rows that are examples, in the order of the table."""
        return np.flatnonzero(~missing_in(self.table, (*self.inputs, self.target)))

    def _check(self) -> None:
        columns = self.table.columns
        for name in self.inputs:
            if columns[name].is_text:
                raise text_refused(self.table, name, "dataset.inputs")
        if self.kind == "values" and columns[self.target].is_text:
            raise text_refused(self.table, self.target, "dataset.kind")
        if not self.skip_missing:
            refuse_missing(self.table, (*self.inputs, self.target))
        if len(self.rows) < 2:
            raise Refusal("unfit", "dataset.content", "table", *_FEW_ROWS)
        if self.kind == "classes":
            _refuse_classes(*columns[self.target].labels, self.rows)


def _refuse_classes(names: tuple[str, ...], labels: np.ndarray, rows: np.ndarray) -> None:
    """Refuse a target with a single class in these rows, and one with too many classes."""
    found = np.unique(labels[rows])
    value = Described(f"{len(names)} different", "different", count=len(names))
    if len(found) == 1:
        value, name = Described("1 different", "different", count=1), names[found[0]]
        expected = f"all are {name!r}; at least two"
        raise Refusal("unfit", "dataset.target", "classes", value, expected, "one_class", name=name)
    if len(names) > CLASSES:
        expected = f"2 to {CLASSES}"
        raise Refusal("unfit", "dataset.target", "classes", value, expected, "range", low=2, high=CLASSES)


_ONE_COLUMN = (
    Described("one column", "columns", count=1), "a target and at least one input", "columns_two",
)  # fmt: skip
_FEW_ROWS = (Described("fewer than 2 rows", "rows_few"), "at least 2 without a missing cell", "rows_two")
