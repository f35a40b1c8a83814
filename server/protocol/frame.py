"""A frame: named tensors with a moment and an id, as one valid safetensors file.

Tensors are little-endian float32, but for counters, losses, penalties and norms, which are float64 as in the engine.
"""

import json
import struct
from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from engine.base.tensors import dtype_of
from server.protocol.messages import Metadata

Shapes = tuple[tuple[str, tuple[int, ...]], ...]  # by name
Data = tuple[tuple[str, np.dtype], ...]  # names and dtypes, in the order of the data
DTYPES = {4: "F32", 8: "F64"}  # by the bytes of an element


@lru_cache(maxsize=256)
def _layout(tensors: Shapes) -> tuple[str, Data]:
    """The part of the header that does not change from frame to frame, and how the data follow: the largest elements
    first, so that each array begins where a browser can look at it in place.
    """
    dtypes = {name: dtype_of(name, np.dtype("<f4")).newbyteorder("<") for name, _ in tensors}
    data = sorted(dtypes.items(), key=lambda each: -each[1].itemsize)
    shapes, places, end = dict(tensors), {}, 0
    for name, dtype in data:
        start, end = end, end + dtype.itemsize * int(np.prod(shapes[name], dtype=np.int64))
        places[name] = [start, end]
    entries = {
        name: {"dtype": DTYPES[dtypes[name].itemsize], "shape": list(shape), "data_offsets": places[name]}
        for name, shape in tensors
    }
    return json.dumps(entries, separators=(",", ":"))[1:], tuple(data)


def encode(tensors: Mapping[str, np.ndarray], metadata: Metadata) -> bytes:
    """The frame's bytes. NaN and infinity are sent as they are."""
    shapes = tuple((name, array.shape) for name, array in tensors.items())
    entries, order = _layout(shapes)
    comma = "," if shapes else ""
    header = ('{"__metadata__":' + json.dumps(dict(metadata), separators=(",", ":")) + comma + entries).encode()
    header += b" " * (-len(header) % 8)
    with np.errstate(over="ignore"):
        data = [np.ascontiguousarray(tensors[name], dtype).data for name, dtype in order]
    return b"".join([struct.pack("<Q", len(header)), header, *data])


def decode(frame: bytes) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """The tensors and the metadata of a frame."""
    (length,) = struct.unpack_from("<Q", frame)
    header = json.loads(frame[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        size = 8 if entry["dtype"] == DTYPES[8] else 4
        flat = np.frombuffer(frame, f"<f{size}", (end - start) // size, 8 + length + start)
        tensors[name] = flat.reshape(entry["shape"])
    return tensors, metadata
