"""The process that runs a homework: it imports NumPy, but no engine, and writes what it finds.

Its arguments are the homework, a folder for what goes to and fro, and in JSON the limits and the names of constants. In
the folder lie, perhaps, ``given.npz`` with what each step starts from, and ``instead.json`` with constants to be
replaced. It writes ``constants.json``, and for each step ``0.npz`` with the arrays that were returned, or ``0.json``
with what went wrong.
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from terminal.homework.guard import guard, limit
from terminal.homework.returned import Unfit, plain, returned, told


def main() -> None:
    """Run the homework of the process's arguments."""
    homework, exchange, settings = Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3])
    sys.argv = [str(homework)]
    np.seterr(all="ignore")
    limit(settings)
    guard(Path.cwd().resolve(), exchange)
    run(homework, exchange, settings["constants"])


def load(path: Path) -> dict[str, Any]:
    """Run the homework as a module; returns its names."""
    sys.path.append(str(path.parent))
    module = sys.modules["homework"] = ModuleType("homework")
    module.__file__ = str(path)
    exec(compile(path.read_bytes(), str(path), "exec"), vars(module))
    return vars(module)


def attempt(file: Path, work: Callable[[], None], path: Path) -> bool:
    """Do some work of the homework's; whether it went well. If not, the file says why."""
    try:
        work()
    except BaseException as error:
        file.write_text(json.dumps(told(error, path)), encoding="utf-8")
        return False
    return True


def run(path: Path, exchange: Path, constants: list[str]) -> None:
    """Load the homework, tell its constants, and run its steps on what is given."""
    space: dict[str, Any] = {}

    def declare() -> None:
        nonlocal space
        space = load(path)
        if not callable(space.get("step")):
            raise Unfit("it has no function step(W, b, x, y, state)")
        found = {name: plain(space[name]) for name in constants if name in space}
        (exchange / "constants.json").write_text(json.dumps(found), encoding="utf-8")

    if not attempt(exchange / "error.json", declare, path):
        return
    if not (exchange / "given.npz").exists():
        return
    if (exchange / "instead.json").exists():
        space.update(json.loads((exchange / "instead.json").read_text(encoding="utf-8")))
    with np.load(exchange / "given.npz") as file:
        given = {name: file[name] for name in file.files}
    steps(space["step"], given, path, exchange)


def steps(step: Callable[..., Any], given: dict[str, np.ndarray], path: Path, exchange: Path) -> None:
    """Run the homework's step on what each step starts from; the state is kept. A step may fail, the next is run."""
    state: dict[Any, Any] = {}
    layers = sum(name.startswith("0/W") for name in given)
    most = 10_000 + 4 * max(array.size for array in given.values())
    for i in range(sum(name.endswith("/x") for name in given)):

        def one(i: int = i) -> None:
            W, b = ([given[f"{i}/{kind}{l}"] for l in range(1, layers + 1)] for kind in "Wb")
            found = returned(step(W, b, given[f"{i}/x"], given[f"{i}/y"], state), layers, most)
            np.savez(exchange / "part.npz", **found)  # type: ignore[arg-type]
            os.replace(exchange / "part.npz", exchange / f"{i}.npz")

        attempt(exchange / f"{i}.json", one, path)
