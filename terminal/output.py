"""Where a command's file goes: to its place in one move when it is whole, or through a device or pipe that is there."""

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from terminal.reading import Unreadable


class Output(Protocol):
    """Takes the bytes of one file."""

    path: Path

    def save(self, data: bytes) -> None:
        """Write them.

        Raises:
            Unreadable: they cannot be written.
        """


@contextmanager
def output(path: Path) -> Iterator[Output]:
    """The place for a file, tried out before any work begins; nothing but the file is left there.

    A link stays, and the file it leads to is written. A file that may not be written is refused, though its folder
    would let it be replaced.

    Raises:
        Unreadable: nothing can be written there.
    """
    with told(path):
        mode = path.stat().st_mode if path.exists() else None
        if mode is not None and (stat.S_ISCHR(mode) or stat.S_ISFIFO(mode)):
            made: File | Stream = Stream(path)
        else:
            made = File(path, mode)
    try:
        yield made
    finally:
        made.close()


class File:
    """A file beside its final place, which takes that place in one move when it is whole."""

    def __init__(self, path: Path, mode: int | None) -> None:
        self.path, self._place = path, Path(os.path.realpath(path))
        self._part = self._place.parent / f".{self._place.name}.{os.getpid()}.part"
        if mode is not None:
            if stat.S_ISDIR(mode):
                raise IsADirectoryError(None, "Is a directory")
            if not stat.S_ISREG(mode):
                raise OSError(None, "It is no file")
            if not mode & 0o222 or not os.access(self._place, os.W_OK):
                raise PermissionError(None, "Permission denied")
        self._part.touch()

    def save(self, data: bytes) -> None:
        """Write the bytes and put them in their place; whoever reads there finds the old file or the new one."""
        with told(self.path):
            with self._part.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if self._place.exists():
                shutil.copymode(self._place, self._part)
            os.replace(self._part, self._place)

    def close(self) -> None:
        """Leave nothing behind but what was saved."""
        self._part.unlink(missing_ok=True)


class Stream:
    """A device, or a pipe that somebody reads already."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = os.open(path, os.O_WRONLY | os.O_NONBLOCK)  # or it would wait for a reader that may never come
        os.set_blocking(self._file, True)

    def save(self, data: bytes) -> None:
        """Write the bytes."""
        with told(self.path), os.fdopen(os.dup(self._file), "wb") as file:
            file.write(data)

    def close(self) -> None:
        """Let the reader know that this is all."""
        os.close(self._file)


@contextmanager
def told(path: Path) -> Iterator[None]:
    """What goes wrong in writing is said in one line."""
    try:
        yield
    except OSError as error:
        raise Unreadable(f"{path}: cannot be written: {error.strerror or error}") from None
