"""What a homework has and returns, in plain form: its constants, the arrays of a step, and its errors."""

import traceback
from pathlib import Path
from typing import Any

import numpy as np

NAMES = 4  # the most lists of arrays that a step returns


class Unfit(Exception):
    """What a homework has or returns is not of the form that is due; the message says what is."""


def plain(value: Any) -> Any:
    """A constant in plain form: tuples and arrays as lists, NumPy's numbers as Python's; other things as their text."""
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    return value if value is None or isinstance(value, bool | int | float | str) else repr(value)


def returned(found: Any, layers: int, most: int) -> dict[str, np.ndarray]:
    """The arrays that a step returned, by their names.

    Raises:
        Unfit: they are not (W, b) or (W, b, dW, db), each a list with one array of numbers for each layer.
    """
    if not isinstance(found, tuple | list) or len(found) not in (2, NAMES):
        what = f"{len(found)} values" if isinstance(found, tuple | list) else f"a {type(found).__name__}"
        raise Unfit(f"step returns {what}; (W, b) or (W, b, dW, db) is due")
    arrays: dict[str, np.ndarray] = {}
    for kind, each in zip(("W", "b", "dW", "db"), found, strict=False):
        if not isinstance(each, list | tuple | np.ndarray) or len(each) != layers:
            count = f" of {len(each)}" if isinstance(each, list | tuple | np.ndarray) else ""
            raise Unfit(
                f"the {kind} that step returns is a {type(each).__name__}{count}; a list of {layers} arrays is due"
            )
        for l, array in enumerate(each, 1):
            arrays[f"{kind}{l}"] = numbers(f"{kind}{l}", array, most)
    return arrays


def numbers(name: str, array: Any, most: int) -> np.ndarray:
    """An array in float64.

    Raises:
        Unfit: it is none of real numbers, or far too large.
    """
    try:
        found = np.asarray(array)
        if found.dtype.kind not in "fiub":
            raise ValueError
    except ValueError:
        raise Unfit(f"{name} is a {type(array).__name__}; an array of real numbers is due") from None
    if found.size > most:
        raise Unfit(f"{name} has the shape {found.shape}, which is far too large")
    return found.astype(float)


def told(error: BaseException, path: Path) -> dict[str, Any]:
    """An error in plain form: its kind, its message, and the line of the homework that it comes from."""
    if isinstance(error, Unfit):
        return {"kind": "", "message": str(error), "line": None}
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    line = error.lineno if isinstance(error, SyntaxError) else lines[-1] if lines else None
    message = error.msg if isinstance(error, SyntaxError) else str(error)
    return {"kind": type(error).__name__, "message": message[:500], "line": line}
