"""The checkpoints that there are: those that come along, and those that pages have opened, which are shared by all
sessions, bounded, and lost when the server ends.
"""

import os
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Lock, get_ident
from types import MappingProxyType
from typing import Any

from engine.experiment.experiment import Start
from server.checkpoints.codec import decode
from server.limits import CHECKPOINTS, CHECKPOINTS_BYTES

NONE: Mapping[str, Start] = MappingProxyType({})


class Checkpoints(Mapping[str, Start]):
    """Those that come along by their own names, and those that were opened by names that follow from their bytes, so
    that neither can take the other's place. Where too many were opened, those go that nobody asked for the longest.

    Worker processes share those that were opened through a ``folder``.
    """

    def __init__(
        self,
        shipped: Mapping[str, Start] = NONE,
        most: int = CHECKPOINTS,
        most_bytes: int = CHECKPOINTS_BYTES,
        folder: Path | None = None,
    ) -> None:
        self._shipped, self._folder = shipped, folder
        self._most, self._most_bytes = most, most_bytes
        self._kept: OrderedDict[str, Start] = OrderedDict()
        self._lock = Lock()

    def open(self, data: bytes) -> dict[str, Any]:
        """Keep the checkpoint of a file, and give the ``experiment`` that starts from it and its ``t``.

        Raises:
            Refusal: the file is no checkpoint, or does not fit itself; nothing has changed then.
        """
        opened = decode(data)
        if self._folder:
            _write(self._folder / opened.start.name, data)
        self._keep(opened.start)
        return {"experiment": opened.experiment, "t": opened.t}

    def _keep(self, start: Start) -> None:
        with self._lock:
            self._kept[start.name] = start
            self._kept.move_to_end(start.name)
            while len(self._kept) > 1 and (len(self._kept) > self._most or self.size > self._most_bytes):
                gone, _ = self._kept.popitem(last=False)
                if self._folder:
                    (self._folder / gone).unlink(missing_ok=True)

    @property
    def size(self) -> int:
        """The bytes that those take that were opened."""
        return sum(array.nbytes for start in self._kept.values() for array in start.tensors.values())

    def __getitem__(self, name: str) -> Start:
        if name in self._shipped:
            return self._shipped[name]
        if name not in self._kept and name in self._shared():
            self._keep(decode((self._folder / name).read_bytes()).start)  # type: ignore[operator]
        with self._lock:
            self._kept.move_to_end(name)
            return self._kept[name]

    def _shared(self) -> list[str]:
        """The names of those that any worker process has opened."""
        return [path.name for path in self._folder.iterdir() if not path.suffix] if self._folder else []

    def __iter__(self) -> Iterator[str]:
        with self._lock:
            return iter(dict.fromkeys([*self._shipped, *self._kept, *self._shared()]))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _write(path: Path, data: bytes) -> None:
    """Write a file that is there whole or not at all, whoever looks meanwhile."""
    part = path.with_suffix(f".{os.getpid()}-{get_ident()}")
    part.write_bytes(data)
    part.replace(path)
