"""The output file of a command: moved to its place when it is complete, or written to a device or pipe."""

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from terminal.reading import Unreadable


class Output(Protocol):
    """The place of one file."""

    path: Path

    def save(self, data: bytes) -> None:
        """Write the bytes of the file.

        Raises:
            Unreadable: they cannot be written.
        """


@contextmanager
def output(path: Path) -> Iterator[Output]:
    """The place for a file, which is tested before any work begins. Nothing but the file is left there.

    A symbolic link stays, and its target is written. A file without write permission is refused, even where its folder
    would allow to replace it.

    Raises:
        Unreadable: nothing can be written there.
    """
    with one_line_errors(path):
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
    """A file that is written beside its final place, and takes that place in one move when it is complete.

    Args:
        path: the final place.
        mode: the mode of the file that is there; None where there is none.

    Raises:
        OSError: the file may not be written there.
    """

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
        """Write the bytes and move the file to its place; a reader finds either the old file or the new one."""
        with one_line_errors(self.path):
            with self._part.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if self._place.exists():
                shutil.copymode(self._place, self._part)
            os.replace(self._part, self._place)

    def close(self) -> None:
        """Remove the unfinished file, if there is one."""
        self._part.unlink(missing_ok=True)


class Stream:
    """A device, or a pipe that has a reader."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = os.open(path, os.O_WRONLY | os.O_NONBLOCK)  # a blocking open would wait for a reader
        os.set_blocking(self._file, True)

    def save(self, data: bytes) -> None:
        """Write the bytes."""
        with one_line_errors(self.path), os.fdopen(os.dup(self._file), "wb") as file:
            file.write(data)

    def close(self) -> None:
        """Close the device or the pipe."""
        os.close(self._file)


@contextmanager
def one_line_errors(path: Path) -> Iterator[None]:
    """Turn errors in writing to this path into a message of one line.

    Raises:
        Unreadable: an ``OSError`` was raised inside.
    """
    try:
        yield
    except OSError as error:
        raise Unreadable(f"{path}: cannot be written: {error.strerror or error}") from None
