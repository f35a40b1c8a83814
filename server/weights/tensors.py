"""The arrays of a safetensors file of any program: its header is checked, and no array is read before it is wanted."""

from itertools import pairwise
from math import prod
from typing import Any

import numpy as np

from server.checkpoints.codec import MOST_AXES, header_of
from server.weights.refused import damaged
from server.weights.stored import FLOATS, Stored

LARGEST_SIDE = 1 << 32


def stored_in(data: bytes) -> list[Stored]:
    """The arrays of a safetensors file, by the order of its header.

    Raises:
        Refusal: it is no such file, or what its header says of an array cannot be.
    """
    header = header_of(data)
    header.pop("__metadata__", None)
    begin = 8 + int.from_bytes(data[:8], "little")
    found, places = [], []
    for name, entry in header.items():
        shape, dtype, (first, last) = _shape(name, entry), entry.get("dtype"), _place(name, entry)
        item = int(FLOATS.get(str(dtype), "1")[-1])
        if not isinstance(dtype, str) or last > len(data) - begin:
            raise damaged(name)
        if dtype in FLOATS and last - first != prod(shape) * item:
            raise damaged(name)
        places.append((first, last, name))
        found.append(Stored(name, shape, dtype, _reader(data, begin + first, shape, dtype)))
    places.sort()
    for (_, end, _), (first, _, name) in pairwise(places):
        if first < end:
            raise damaged(name)
    return found


def _shape(name: str, entry: dict[str, Any]) -> tuple[int, ...]:
    plain = entry.get("shape")
    if not isinstance(plain, list) or len(plain) > MOST_AXES or not all(_whole(side) for side in plain):
        raise damaged(name)
    return tuple(plain)


def _place(name: str, entry: dict[str, Any]) -> tuple[int, int]:
    plain = entry.get("data_offsets")
    if not isinstance(plain, list) or len(plain) != 2 or not all(_whole(end) for end in plain) or plain[0] > plain[1]:
        raise damaged(name)
    return plain[0], plain[1]


def _whole(plain: Any) -> bool:
    return isinstance(plain, int) and not isinstance(plain, bool) and 0 <= plain <= LARGEST_SIDE


def _reader(data: bytes, begin: int, shape: tuple[int, ...], dtype: str) -> Any:
    return lambda: np.frombuffer(data, FLOATS[dtype], prod(shape), begin).reshape(shape)
