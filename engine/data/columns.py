"""What the columns of a table are taken for, and cells that do not fit it."""

from typing import Any

import numpy as np

from engine.base.refusal import Refusal, listed, one_of
from engine.data.table import COLUMNS, Column, Table, row_refused

FEW = 10  # whole numbers of so many different values are taken for classes
TARGETS = ("target", "label", "class", "y")  # names that columns of targets often have


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


def inputs_of(plain: dict[str, Any], table: Table, target: str) -> tuple[str, ...]:
    """The columns of inputs of a plain form: those that it names, or all of numbers.

    Raises:
        Refusal: a column is not there, or none has numbers.
    """
    if "inputs" not in plain:
        found = number_columns(table, target)
        if not found:  # then the first text says why
            raise text_refused(table, next(name for name in table.columns if name != target), "dataset.inputs")
        return found
    names = listed("dataset.inputs", plain["inputs"], COLUMNS)
    choices = [name for name in table.columns if name != target]
    for name in names:
        one_of("dataset.inputs", "column", name, choices)
    if not names or len({*names}) < len(names):
        raise Refusal("invalid", "dataset.inputs", "inputs", names, "different columns, at least one", "columns_unlike")
    return tuple(names)


def missing_in(table: Table, names: tuple[str, ...]) -> np.ndarray:
    """Whether any of these cells of each row is missing, (rows,)."""
    found = np.zeros(len(table.rows), bool)
    for name in names:
        found |= table.columns[name].missing
    return found


def refuse_missing(table: Table, names: tuple[str, ...]) -> None:
    """Refuse a table in which one of these cells is missing, by the first row that lacks one.

    Raises:
        Refusal: it names the row and the column.
    """
    places = np.flatnonzero(missing_in(table, names))
    if len(places):
        column = next(name for name in names if table.columns[name].missing[places[0]])
        row, count = int(table.rows[places[0]]), len(places)
        expected = f"its {column!r} is missing, and so it is in {count} rows in all; fill them in or leave them out"
        raise row_refused(row, expected, "cell_missing", "dataset.skip_missing", name=column, count=count)


def text_refused(table: Table, name: str, field: str) -> Refusal:
    """The refusal of a column of texts where numbers are needed, which names the first cell that is none."""
    column = table.columns[name]
    cell, row = column.cell(column.odd), int(table.rows[column.odd])
    expected = f"its {name!r} is {cell!r}, where a number is needed"
    return row_refused(row, expected, "cell_number", field, name=name, found=cell)
