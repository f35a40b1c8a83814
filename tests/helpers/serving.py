"""A Backscope server in a process of its own, for as long as a test needs it."""

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


@dataclass(frozen=True)
class Running:
    """The server's address, and what it has said so far on standard output and error."""

    address: str
    said: Path
    process: subprocess.Popen[bytes]

    @property
    def websocket(self) -> str:
        return self.address.replace("http", "ws", 1) + "ws"

    @property
    def words(self) -> str:
        return self.said.read_text(encoding="utf-8")


COMMAND = "import sys; from server.__main__ import main; sys.exit(main())"


@contextmanager
def serving(port: int = 0, *options: str, folder: Path = ROOT, first: str = "") -> Iterator[Running]:
    """Start the server of the sources in a folder, wait until it says its address, and end it afterwards. Python that
    is run ``first`` in its process may make it another one than it is.
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
    """What is run first for a server that has room for so many pages, and bytes of all their runs."""
    return f"from server.limits import Capacity; Capacity.__init__.__defaults__ = ({sessions}, {total})"


def _address(process: subprocess.Popen[bytes], said: Path) -> str:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        if match := re.search(r"http://\S+/", said.read_text(encoding="utf-8")):
            return match[0]
        time.sleep(0.02)
    raise RuntimeError(f"the server did not start: {said.read_text(encoding='utf-8')}")
