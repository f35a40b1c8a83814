"""The limits of the process that runs a homework, and the guard of what is outside of its folder.

The guard keeps mistakes from doing harm. It is no wall against a program that means to do harm.
"""

import os
import sys
from pathlib import Path
from typing import Any

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
