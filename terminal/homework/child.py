"""The process that runs a homework: it is started by its path, imports NumPy alone, and writes what it finds.

Its arguments are the homework, a folder for what goes to and fro, and in JSON the limits and the names of constants. In
the folder lie, perhaps, ``given.npz`` with what each step starts from, and ``instead.json`` with constants to be
replaced. It writes ``constants.json``, and for each step ``0.npz`` with the arrays that were returned, or ``0.json``
with what went wrong.
"""

import json
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = (
    "os.chmod", "os.chown", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink", "os.truncate",
    "os.utime", "shutil.move", "shutil.rmtree",
)  # fmt: skip
PROCESSES = (
    "os.exec", "os.fork", "os.forkpty", "os.kill", "os.killpg", "os.posix_spawn", "os.spawn", "os.startfile",
    "os.system", "pty.spawn", "socket.__new__", "subprocess.Popen",
)  # fmt: skip
FILES = 64  # the most times that a file is opened for writing
NAMES = 4  # the arrays' lists that a step returns at most


class Unfit(Exception):
    """What a homework has or returns is not of the form that is due; the message says what is."""


def limit(limits: dict[str, int]) -> None:
    """Limit time, memory and the size of files of this process, where the system can."""
    try:
        import resource
    except ImportError:  # on Windows
        return
    used = int(Path("/proc/self/statm").read_text().split()[0]) if Path("/proc/self/statm").exists() else 0
    memory = used * resource.getpagesize() + limits["memory"]
    for name, most in (
        ("RLIMIT_AS", memory),
        ("RLIMIT_CPU", limits["seconds"] + 1),
        ("RLIMIT_FSIZE", limits["file"]),
        ("RLIMIT_CORE", 0),
    ):
        try:
            resource.setrlimit(getattr(resource, name), (most, most))
        except (AttributeError, OSError, OverflowError, ValueError):  # a system without it, or with a lower one
            continue


def guard(own: Path, exchange: Path) -> None:
    """Refuse, from now on, to change files outside of a folder, to start processes and to use the network."""
    opened = [0]

    def inside(path: Any, folder: Path) -> bool:
        return Path(os.path.realpath(os.fsdecode(path))).is_relative_to(folder)

    def refuse_write(path: Any) -> None:
        if isinstance(path, int) or path is None or os.fsdecode(path) == os.devnull or inside(path, exchange):
            return
        opened[0] += 1
        if not inside(path, own):
            raise PermissionError(f"a homework may not change files: {os.fsdecode(path)}")
        if opened[0] > FILES:
            raise PermissionError(f"a homework may not write more than {FILES} files")

    def watch(event: str, given: tuple[Any, ...]) -> None:
        if event == "open" and (set(given[1] or "") & set("wax+") or (given[2] or 0) & WRITING):
            refuse_write(given[0])
        elif event in CHANGES:
            for path in given[: 2 if event in ("os.link", "os.rename", "os.symlink", "shutil.move") else 1]:
                refuse_write(path)
        elif event in PROCESSES:
            raise PermissionError(f"a homework may neither start processes nor use the network: {event}")

    sys.addaudithook(watch)


def load(path: Path) -> dict[str, Any]:
    """Run the homework as a module; returns its names."""
    sys.path.insert(0, str(path.parent))
    module = sys.modules["homework"] = ModuleType("homework")
    module.__file__ = str(path)
    exec(compile(path.read_bytes(), str(path), "exec"), vars(module))
    return vars(module)


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

    if not attempt(exchange / "error.json", declare, path):
        return
    found = {name: plain(space[name]) for name in constants if name in space}
    (exchange / "constants.json").write_text(json.dumps(found), encoding="utf-8")
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


if __name__ == "__main__":
    homework, exchange, settings = Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3])
    np.seterr(all="ignore")
    limit(settings)
    guard(Path.cwd().resolve(), exchange)
    run(homework, exchange, settings["constants"])
