"""The tables that pages have given, by names that follow from their content and from how it is read."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from engine.data.columns import likely_kind, likely_target
from engine.data.table import Column, Table, read
from server.limits import TABLES, TABLES_BYTES
from server.opened import Opened
from server.tables.codec import content_of, packed, unpacked

SHOWN = 8  # rows and classes of the preview


class Tables(Mapping[str, Table]):
    """The tables that were given, bounded, and shared by all sessions."""

    def __init__(self, most: int = TABLES, most_bytes: int = TABLES_BYTES, folder: Path | None = None) -> None:
        self._opened = Opened[Table](unpacked, lambda table: table.size, most, most_bytes, folder)

    def open(self, data: bytes, separator: str | None = None, header: bool | None = None) -> dict[str, Any]:
        """Keep the table of a file, and give its name, its notation, its columns and its first rows.

        Raises:
            Refusal: it is no table; nothing has changed then.
        """
        name, table = content_of(data, separator, header), read(data, separator, header)
        self._opened.keep(name, table, packed(data, separator, header))
        return {"content": name, **told(table)}

    @property
    def size(self) -> int:
        """The bytes that they take."""
        return self._opened.size

    def __getitem__(self, name: str) -> Table:
        return self._opened[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._opened)

    def __len__(self) -> int:
        return len(self._opened)


def told(table: Table) -> dict[str, Any]:
    """What a page is told of a table: its notation, its columns, its first rows, and the most likely target."""
    notation = table.notation
    first = range(min(SHOWN, len(table.rows)))
    return {
        "separator": notation.separator,
        "decimal": notation.decimal,
        "header": notation.header,
        "rows": len(table.rows),
        "columns": [_column(column) for column in table.columns.values()],
        "first": [
            {"row": int(table.rows[i]), "cells": [each.cell(i) for each in table.columns.values()]} for i in first
        ],
        "target": likely_target(table),
    }


def _column(column: Column) -> dict[str, Any]:
    labels = column.labels[0]
    return {
        "name": column.name,
        "text": column.is_text,
        "missing": int(column.missing.sum()),
        "different": len(labels),
        "labels": [*labels[:SHOWN]],
        "kind": likely_kind(column),
    }
