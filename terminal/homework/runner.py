"""A homework's run in a process of its own, with limits of time, memory and output, in a folder that is removed."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import IO, Any

import numpy as np

from engine.marking.assignment import CONSTANTS
from terminal.homework.outcome import Arrays, Limits, Outcome, Trouble, outcome

ROOT = Path(__file__).parents[2]
CHILD = (  # the folder of this package is there to be imported from while the process begins, and no longer
    "import sys; sys.path.insert(0, sys.argv.pop(1)); from terminal.homework.child import main; sys.path.pop(0); main()"
)
KEPT = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "LANG", "LC_ALL")  # variables of the environment that it is given
FILE = 16 << 20  # the most bytes of a file that it writes
CHUNK = 1 << 16


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
        return outcome(exchange, trouble, sum(name.endswith("/x") for name in given or ()), limits)


def _watched(homework: Path, own: Path, exchange: Path, limits: Limits) -> Trouble | None:
    """Run the process to its end, or end it at a limit; what ended it too early, if anything did."""
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    environment |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    plain = {"seconds": limits.seconds, "memory": limits.memory, "file": FILE, "constants": CONSTANTS}
    process = subprocess.Popen(
        [sys.executable, "-I", "-B", "-c", CHILD, ROOT, homework, exchange, json.dumps(plain)],
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
