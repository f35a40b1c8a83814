"""What pages have opened: shared by all sessions, bounded, and lost when the server ends."""

import os
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, get_ident
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(eq=False)
class Opened(Mapping[str, T], Generic[T]):
    """Opened files by names that follow from their bytes. Where there are too many, those go that nobody asked for the
    longest. Worker processes share them through a ``folder``.

    Attributes:
        read: makes of a file's bytes what is kept of it.
        bytes_of: the bytes that this takes.
        most: the most that are kept.
        most_bytes: what they may take.
        folder: where several processes keep the files; None for memory alone.
    """

    read: Callable[[bytes], T]
    bytes_of: Callable[[T], int]
    most: int
    most_bytes: int
    folder: Path | None = None
    _kept: OrderedDict[str, T] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def keep(self, name: str, opened: T, data: bytes) -> None:
        """Keep what was read of a file's bytes under a name that follows from them."""
        if self.folder:
            _write(self.folder / name, data)
        self._keep(name, opened)

    def _keep(self, name: str, opened: T) -> None:
        with self._lock:
            self._kept[name] = opened
            self._kept.move_to_end(name)
            while len(self._kept) > 1 and (len(self._kept) > self.most or self.size > self.most_bytes):
                gone, _ = self._kept.popitem(last=False)
                if self.folder:
                    (self.folder / gone).unlink(missing_ok=True)

    @property
    def size(self) -> int:
        """The bytes that all of them take."""
        return sum(map(self.bytes_of, self._kept.values()))

    def __getitem__(self, name: str) -> T:
        if name not in self._kept and name in self._shared():
            self._keep(name, self.read((self.folder / name).read_bytes()))  # type: ignore[operator]
        with self._lock:
            self._kept.move_to_end(name)
            return self._kept[name]

    def _shared(self) -> list[str]:
        """The names of those that any worker process has opened."""
        return [path.name for path in self.folder.iterdir() if not path.suffix] if self.folder else []

    def __iter__(self) -> Iterator[str]:
        with self._lock:
            return iter(dict.fromkeys([*self._kept, *self._shared()]))

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Several(Mapping[str, Any]):
    """Opened files of several kinds as one mapping; names that follow from different bytes differ."""

    def __init__(self, *kinds: Mapping[str, Any]) -> None:
        self._kinds = kinds

    def __getitem__(self, name: str) -> Any:
        for kind in self._kinds:
            if name in kind:
                return kind[name]
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return (name for kind in self._kinds for name in kind)

    def __len__(self) -> int:
        return sum(map(len, self._kinds))


def _write(path: Path, data: bytes) -> None:
    """Write a file that is there whole or not at all, whoever looks meanwhile."""
    part = path.with_suffix(f".{os.getpid()}-{get_ident()}")
    part.write_bytes(data)
    part.replace(path)
