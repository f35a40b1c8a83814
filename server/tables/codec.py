"""A table's file with how it is to be read, and the name that follows from both."""

import hashlib
import json

from engine.data.table import Table, read


def content_of(data: bytes, separator: str | None = None, header: bool | None = None) -> str:
    """The name of a table of these bytes that is to be read so."""
    return hashlib.sha256(packed(data, separator, header)).hexdigest()[:16]


def packed(data: bytes, separator: str | None, header: bool | None) -> bytes:
    """The bytes of a table with how they are to be read, as processes share them."""
    return json.dumps([separator, header]).encode() + b"\n" + data


def unpacked(kept: bytes) -> Table:
    """The table of what ``packed`` gave."""
    how, data = kept.split(b"\n", 1)
    return read(data, *json.loads(how))
