"""The arrays of NumPy's ``.npz``, a zip archive of ``.npy`` files. Nothing is unpickled, and nothing is unpacked before
its size is known.
"""

import zlib
from io import BytesIO
from math import prod
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

import numpy as np
from numpy.lib import format as npy

from engine import Refusal
from server.checkpoints.codec import MOST_AXES
from server.limits import CHECKPOINT_BYTES
from server.weights.refused import damaged, unreadable
from server.weights.stored import FLOATS, MOST_ARRAYS, Stored

BEGINS = (b"PK\x03\x04", b"PK\x05\x06")  # an archive, and one without files
END, LARGER, END_BYTES = b"PK\x05\x06", b"PK\x06\x07", 22  # of an archive, and of one that has more than 4 GB
COMMENT = 1 << 16  # the most bytes of a comment at the end
ENTRIES_BYTES = 1 << 20  # of the list of an archive's files, which is read at once
HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
# Everything that zipfile raises for a damaged archive or a kind of compression that it does not know.
WRONG = (BadZipFile, zlib.error, ValueError, EOFError, OSError, RuntimeError, NotImplementedError, KeyError)
OBJECTS = "objects"


def stored_in(data: bytes) -> list[Stored]:
    """The arrays of an archive, by their order in it.

    Raises:
        Refusal: it is no such archive, its arrays would be larger than a checkpoint may be, or one of them is damaged.
    """
    _check_end(data)
    try:
        archive = ZipFile(BytesIO(data))
    except WRONG:
        raise _no_archive() from None
    members = archive.infolist()
    if len(members) > MOST_ARRAYS or len({each.filename for each in members}) < len(members):
        raise _no_archive()
    if sum(each.file_size for each in members) > CHECKPOINT_BYTES:
        limit = CHECKPOINT_BYTES >> 20
        raise unreadable("invalid", f"at most {limit} MB", "megabytes", limit=limit)
    return [_stored(archive, each) for each in members]


def _check_end(data: bytes) -> None:
    """Refuse a list of files that is too long to be read."""
    tail = data[-(COMMENT + END_BYTES) :]
    place = len(tail) - END_BYTES if tail[-END_BYTES:].startswith(END) else tail.rfind(END)
    if place < 0 or len(tail) < place + END_BYTES or tail[max(place - 20, 0) :].startswith(LARGER):
        raise _no_archive()
    if int.from_bytes(tail[place + 12 : place + 16], "little") > ENTRIES_BYTES:
        raise _no_archive()


def _no_archive() -> Refusal:
    return unreadable("invalid", "it is no whole .npz archive of NumPy", "npz")


def _stored(archive: ZipFile, member: ZipInfo) -> Stored:
    name = member.filename.removesuffix(".npy")
    if name == member.filename or member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise _no_archive()
    try:
        with archive.open(member) as file:
            shape, fortran, dtype = HEADERS[npy.read_magic(file)](file)
            begin = file.tell()
    except WRONG:
        raise damaged(name) from None
    kind = _kind(dtype)
    if len(shape) > MOST_AXES or any(side < 0 for side in shape):
        raise damaged(name)
    if kind in FLOATS and member.file_size - begin != prod(shape) * dtype.itemsize:
        raise damaged(name)
    order: Any = "F" if fortran else "C"

    def bits() -> np.ndarray:
        try:
            content = archive.read(member)
        except WRONG:
            raise damaged(name) from None
        stored = "<u2" if kind == "BF16" else dtype
        return np.frombuffer(content, stored, prod(shape), begin).reshape(shape, order=order)

    return Stored(name, shape, kind, bits)


def _kind(dtype: np.dtype) -> str:
    """The dtype as safetensors names it. What NumPy knows as two bytes of no kind is bfloat16."""
    if dtype.hasobject:
        return OBJECTS
    if dtype.kind == "V" and dtype.itemsize == 2:
        return "BF16"
    names = {"f2": "F16", "f4": "F32", "f8": "F64"}
    return names.get(f"{dtype.kind}{dtype.itemsize}", dtype.name)
