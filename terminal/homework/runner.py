"""A homework's run in a process of its own, with limits of time, memory and output, in a folder that is removed."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import IO, Any

import numpy as np

from engine.marking.assignment import CONSTANTS

CHILD = Path(__file__).with_name("child.py")
KEPT = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "LANG", "LC_ALL")  # variables of the environment that it is given
FILE = 16 << 20  # the most bytes of a file that it writes
CHUNK = 1 << 16
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


def run(
    homework: Path,
    limits: Limits,
    given: Arrays | None = None,
    instead: dict[str, Any] | None = None,
) -> Outcome:
    """Run a homework, and its step on what is given.

    Args:
        homework: the file.
        limits: what it may take.
        given: what each step starts from: arrays by names such as ``0/W1`` and ``0/x``; None to load the file alone.
        instead: constants that replace those of the file, once it is loaded.
    """
    with tempfile.TemporaryDirectory(prefix="homework-", ignore_cleanup_errors=True) as folder:
        own, exchange = (Path(folder).resolve() / name for name in ("own", "exchange"))
        own.mkdir()
        exchange.mkdir()
        if given is not None:
            np.savez(exchange / "given.npz", **given)  # type: ignore[arg-type]
        if instead is not None:
            (exchange / "instead.json").write_text(json.dumps(instead), encoding="utf-8")
        trouble = _watched(homework.resolve(), own, exchange, limits)
        return _outcome(exchange, trouble, sum(name.endswith("/x") for name in given or ()), limits)


def _watched(homework: Path, own: Path, exchange: Path, limits: Limits) -> Trouble | None:
    """Run the process to its end, or end it at a limit; what ended it too early, if anything did."""
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    environment |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    plain = {"seconds": limits.seconds, "memory": limits.memory, "file": FILE, "constants": CONSTANTS}
    process = subprocess.Popen(
        [sys.executable, "-I", "-B", CHILD, homework, exchange, json.dumps(plain)],
        cwd=own,
        env=environment | {"HOME": str(own), "TMPDIR": str(own), "TEMP": str(own)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    assert process.stdout is not None
    reader = Reader(process, process.stdout, limits.output)
    try:
        process.wait(limits.seconds)
    except subprocess.TimeoutExpired:
        return Trouble(f"it takes more than {limits.seconds} seconds, and was stopped")
    finally:
        end(process)
        reader.join(1)
    if reader.too_much:
        return Trouble(f"it prints more than {limits.output:,} bytes, and was stopped")
    return _ended(process.returncode)


def _ended(status: int) -> Trouble | None:
    if status == 0:
        return None
    if status > 0:
        return Trouble(f"it ended the process by itself, with exit status {status}")
    name = signal.Signals(-status).name if -status in {*signal.Signals} else str(-status)
    return Trouble(f"the process was ended by signal {name}")


class Reader(Thread):
    """Reads what a process prints and throws it away; where it is too much, the process is ended."""

    def __init__(self, process: "subprocess.Popen[bytes]", stream: IO[bytes], most: int) -> None:
        super().__init__(daemon=True)
        self.too_much = False
        self._process, self._stream, self._most = process, stream, most
        self.start()

    def run(self) -> None:
        """Read to the end."""
        count = 0
        while part := os.read(self._stream.fileno(), CHUNK):
            count += len(part)
            if count > self._most:
                self.too_much = True
                end(self._process)
                return


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a process with all that it has started, and take leave of it."""
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def _outcome(exchange: Path, trouble: Trouble | None, steps: int, limits: Limits) -> Outcome:
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
