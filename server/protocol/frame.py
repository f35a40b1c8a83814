"""A frame: named float32 tensors with a moment and an id, as one valid safetensors file."""

import json
import struct
from collections.abc import Mapping
from functools import lru_cache

import numpy as np

Header = tuple[tuple[str, tuple[int, ...]], ...]  # names and shapes, in the order of the data


@lru_cache(maxsize=256)
def _layout(tensors: Header) -> str:
    """The part of the header that does not change from frame to frame."""
    entries, end = {}, 0
    for name, shape in tensors:
        start, end = end, end + 4 * int(np.prod(shape, dtype=np.int64))
        entries[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": [start, end]}
    return json.dumps(entries, separators=(",", ":"))[1:]


def encode(tensors: Mapping[str, np.ndarray], metadata: Mapping[str, str]) -> bytes:
    """The frame's bytes. Values are sent as little-endian float32, NaN and infinity as they are."""
    shapes = tuple((name, array.shape) for name, array in tensors.items())
    comma = "," if shapes else ""
    header = ('{"__metadata__":' + json.dumps(dict(metadata), separators=(",", ":")) + comma + _layout(shapes)).encode()
    header += b" " * (-len(header) % 8)
    with np.errstate(over="ignore"):
        data = [np.ascontiguousarray(array, "<f4").data for array in tensors.values()]
    return b"".join([struct.pack("<Q", len(header)), header, *data])


def decode(frame: bytes) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """The tensors and the metadata of a frame."""
    (length,) = struct.unpack_from("<Q", frame)
    header = json.loads(frame[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        flat = np.frombuffer(frame, "<f4", (end - start) // 4, 8 + length + start)
        tensors[name] = flat.reshape(entry["shape"])
    return tensors, metadata
