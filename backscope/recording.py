"""A recording: what a run was said to be, and its training steps, in a file that grows by whole steps.

The file is a line that names its form, and then parts, each a safetensors file with its length before it. The first
part has no tensors but what is said of the run. Where the file was cut off, what is whole can be read.
"""

import json
import mmap
import struct
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

KIND = b"backscope recording "
FORM = KIND + b"2\n"  # with the number of its form
LENGTH = struct.Struct("<Q")
DTYPES: dict[str, np.dtype[Any]] = {"F32": np.dtype("<f4"), "F64": np.dtype("<f8")}
SAID = "said"  # the entry of the first part's header that describes the run
Arrays = dict[str, np.ndarray]


class Unreadable(ValueError):
    """A file that is no recording; the message says why."""


@dataclass(frozen=True, eq=False)
class Recording:
    """A recording that was read.

    Attributes:
        said: what the run was said to be, by names such as ``LOSS``.
        steps: the arrays of each training step, by their names; they are read from the file when they are used.
        cut: whether the file ends in the middle of a step.
    """

    said: dict[str, Any]
    steps: list[Arrays]
    cut: bool


def part(arrays: Arrays, said: dict[str, Any] | None = None) -> bytes:
    """The bytes of one part: arrays of float32 or float64, and what is said of the run."""
    forms = tuple((name, array.dtype, array.shape) for name, array in arrays.items())
    begin = _begin(forms, None if said is None else json.dumps(said))
    return b"".join([begin, *(np.ascontiguousarray(array).data for array in arrays.values())])


@lru_cache(maxsize=16)  # steps of one run have the same form
def _begin(forms: tuple[tuple[str, np.dtype[Any], tuple[int, ...]], ...], said: str | None) -> bytes:
    """What stands before the arrays of a part: its length, and the names, dtypes and shapes of its arrays."""
    header: dict[str, Any] = {} if said is None else {"__metadata__": {SAID: said}}
    start = 0
    for name, dtype, shape in forms:
        end = start + dtype.itemsize * prod(shape)
        kind = next(key for key, value in DTYPES.items() if value == dtype)
        header[name] = {"dtype": kind, "shape": list(shape), "data_offsets": [start, end]}
        start = end
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return LENGTH.pack(LENGTH.size + len(text) + start) + LENGTH.pack(len(text)) + text


def read(path: Path) -> Recording:
    """Read a recording.

    Raises:
        OSError: the file cannot be read.
        Unreadable: it is no recording, or something in it is malformed.
    """
    with path.open("rb") as file:
        whole = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if file.read(1) else b""
    return parsed(whole)


def is_recording(data: Any) -> bool:
    """Whether a file's bytes say that they are a recording, perhaps of a later form."""
    return bytes(data[: len(KIND)]) == KIND


def parsed(data: Any) -> Recording:
    """Read a recording from its bytes.

    Raises:
        Unreadable: it is no recording, or one of another form, or something in it is malformed.
    """
    if not is_recording(data):
        raise Unreadable("it is no recording of Backscope")
    form = bytes(data[: len(FORM)])
    if form != FORM:
        raise Unreadable(f"it has another form than this version reads: {form.decode(errors='replace').strip()!r}")
    parts, cut = _parts(memoryview(data))
    if not parts:
        raise Unreadable("it ends before what is said of the run")
    try:
        said = json.loads(_header(parts[0])["__metadata__"][SAID])
        return Recording(said, [_arrays(each) for each in parts[1:]], cut)
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError, struct.error) as error:
        raise Unreadable(f"a part of it is malformed: {error!r}") from None


def _parts(data: memoryview) -> tuple[list[memoryview], bool]:
    """The whole parts after the first line, and whether the data ends in the middle of one."""
    found, place = list[memoryview](), len(FORM)
    while place < len(data):
        start = place + LENGTH.size
        end = start + LENGTH.unpack_from(data, place)[0] if start <= len(data) else len(data) + 1
        if end > len(data):
            return found, True
        found.append(data[start:end])
        place = end
    return found, False


def _header(data: memoryview) -> dict[str, Any]:
    return json.loads(bytes(data[LENGTH.size : LENGTH.size + LENGTH.unpack_from(data)[0]]))


def _arrays(data: memoryview) -> Arrays:
    body = data[LENGTH.size + LENGTH.unpack_from(data)[0] :]
    found: Arrays = {}
    for name, entry in _header(data).items():
        start, end = entry["data_offsets"]
        found[name] = np.frombuffer(body[start:end], DTYPES[entry["dtype"]]).reshape(entry["shape"])
    return found
