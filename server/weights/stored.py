"""An array of a file as it is stored, and its numbers as NumPy has them."""

from collections.abc import Callable
from dataclasses import dataclass
from math import prod

import numpy as np

FLOATS = {"F16": "<f2", "BF16": "<u2", "F32": "<f4", "F64": "<f8"}  # what weights may be, by its name in safetensors
MOST_ARRAYS = 512  # of a file
NAME = 200  # the most characters of an array's name


@dataclass(frozen=True)
class Stored:
    """An array that has not been read yet.

    Attributes:
        name: its name in the file.
        shape: its shape.
        dtype: the dtype, as safetensors names it; that of an array that holds no floating-point numbers is not read.
        bits: reads the array, with bfloat16 as whole numbers of its 16 bits.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    bits: Callable[[], np.ndarray]

    @property
    def size(self) -> int:
        """How many numbers it has."""
        return prod(self.shape)

    def read(self) -> np.ndarray:
        """Its numbers: float64 as they are, all narrower ones exactly as float32."""
        found = self.bits()
        if self.dtype == "BF16":  # the upper half of a float32
            return (found.astype("<u4") << 16).view("<f4")
        return np.ascontiguousarray(found, np.float64 if self.dtype == "F64" else np.float32)
