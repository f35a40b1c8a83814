"""The outcome of a homework's run: what it has left in the folder, or what ended it."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class Limits:
    """What a run may take.

    Attributes:
        seconds: the time, by the clock on the wall.
        memory: the memory in bytes, besides what Python and NumPy take.
        output: the most bytes that it prints.
    """

    seconds: int = 10
    memory: int = 512 << 20
    output: int = 1 << 20


@dataclass(frozen=True)
class Trouble:
    """Something that went wrong in a run.

    Attributes:
        says: what, in words.
        kind: the name of the exception, if it was one.
    """

    says: str
    kind: str = ""


@dataclass(frozen=True)
class Outcome:
    """What a run has left.

    Attributes:
        constants: the homework's constants; None where it did not come to tell them.
        steps: what each step returned, by name, or what went wrong in it.
        trouble: what ended the run before its end; None where nothing did.
    """

    constants: dict[str, Any] | None
    steps: list[Arrays | Trouble] = field(default_factory=list)
    trouble: Trouble | None = None


def outcome(exchange: Path, trouble: Trouble | None, steps: int, limits: Limits) -> Outcome:
    error, constants = exchange / "error.json", exchange / "constants.json"
    if error.exists():
        return Outcome(None, trouble=_trouble(error, limits))
    if not constants.exists():
        return Outcome(None, trouble=trouble or Trouble("it ended before it was loaded"))
    try:
        told = json.loads(constants.read_bytes())
        found = [_step(exchange, i, limits) for i in range(steps)]
    except (OSError, ValueError, RecursionError, MemoryError) as broken:
        return Outcome(None, trouble=Trouble(f"what it has left cannot be read: {broken}"))
    done = [each for each in found if each is not None]
    if trouble is None and len(done) < steps:
        trouble = Trouble("it ended the process by itself, with exit status 0")
    return Outcome(told, done, trouble)


def _step(exchange: Path, i: int, limits: Limits) -> Arrays | Trouble | None:
    failed, done = exchange / f"{i}.json", exchange / f"{i}.npz"
    if failed.exists():
        return _trouble(failed, limits)
    if not done.exists():
        return None
    with np.load(done, allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def _trouble(file: Path, limits: Limits) -> Trouble:
    plain = json.loads(file.read_bytes())
    line = f" (line {plain['line']})" if plain["line"] else ""
    said = ": ".join(part for part in (plain["kind"], plain["message"]) if part)
    if plain["kind"] == MemoryError.__name__:
        said = f"it takes more memory than the {limits.memory >> 20:,} MB that it may"
    return Trouble(said + line, plain["kind"])
