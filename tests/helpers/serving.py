"""A Backscope server in a process of its own, for the duration of a test."""

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 90  # seconds for a server to start, which it does in one or two where the machine is not busy


@dataclass(frozen=True)
class Running:
    """A running server: its address, and its standard output and error so far."""

    address: str
    said: Path
    process: subprocess.Popen[bytes]

    @property
    def websocket(self) -> str:
        return self.address.replace("http", "ws", 1) + "ws"

    @property
    def words(self) -> str:
        return self.said.read_text(encoding="utf-8")

    @property
    def megabytes(self) -> float:
        """What the server's process holds, and those that it has begun."""
        return _megabytes(self.process.pid)


def _megabytes(process: int) -> float:
    folder = Path(f"/proc/{process}")
    found = re.search(r"VmRSS:\s+(\d+) kB", (folder / "status").read_text(encoding="utf-8"))
    children = (folder / "task" / str(process) / "children").read_text(encoding="utf-8").split()
    return (int(found[1]) / 1024 if found else 0) + sum(_megabytes(int(child)) for child in children)


COMMAND = "import sys; from server.__main__ import main; sys.exit(main())"


@contextmanager
def serving(port: int = 0, *options: str, folder: Path = ROOT, first: str = "") -> Iterator[Running]:
    """Start the server from the sources in a folder, wait for its address, and end it afterwards. Its process runs the
    Python code ``first`` before anything else, which may change it.
    """
    program = ["-c", f"{first}\n{COMMAND}"] if first else ["-m", "server"]
    command = [sys.executable, *program, "--port", str(port), "--no-browser", *options]
    with tempfile.TemporaryDirectory() as made:
        said = Path(made) / "said"
        with said.open("wb") as output:
            process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=subprocess.STDOUT)
        try:
            yield Running(_address(process, said), said, process)
        finally:
            process.terminate()
            process.wait(10)


def with_room_for(sessions: int = 256, total: int = 8 << 30) -> str:
    """Code that runs first in a server that has room for so many pages, and bytes of all their runs."""
    return f"import server.app as app; app.SESSIONS, app.TOTAL_BYTES = {sessions}, {total}"


def _address(process: subprocess.Popen[bytes], said: Path) -> str:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        if match := re.search(r"http://\S+/", said.read_text(encoding="utf-8")):
            return match[0]
        time.sleep(0.02)
    raise RuntimeError(f"the server did not start: {said.read_text(encoding='utf-8')}")
