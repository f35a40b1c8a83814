"""The checkpoints that there are: those that come along, and those that pages have opened."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from engine.data.choice import Tables
from engine.experiment.experiment import Start
from server.checkpoints.codec import decode
from server.limits import CHECKPOINTS, CHECKPOINTS_BYTES
from server.opened import Opened

NONE: Mapping[str, Start] = MappingProxyType({})
NO_TABLES: Tables = MappingProxyType({})


class Checkpoints(Mapping[str, Start]):
    """Those that come along by their own names, and those that were opened by names that follow from their bytes, so
    that neither can take the other's place. ``tables`` are those that their experiments may name.
    """

    def __init__(
        self,
        shipped: Mapping[str, Start] = NONE,
        most: int = CHECKPOINTS,
        most_bytes: int = CHECKPOINTS_BYTES,
        folder: Path | None = None,
        tables: Tables = NO_TABLES,
    ) -> None:
        self._shipped, self._tables = shipped, tables
        self._opened = Opened[Start](lambda data: decode(data, tables).start, bytes_of, most, most_bytes, folder)

    def open(self, data: bytes) -> dict[str, Any]:
        """Keep the checkpoint of a file, and give the ``experiment`` that starts from it and its ``t``.

        Raises:
            Refusal: the file is no checkpoint, or does not fit itself; nothing has changed then.
        """
        opened = decode(data, self._tables)
        self._opened.keep(opened.start.name, opened.start, data)
        return {"experiment": opened.experiment, "t": opened.t}

    @property
    def size(self) -> int:
        """The bytes that those take that were opened."""
        return self._opened.size

    def __getitem__(self, name: str) -> Start:
        return self._shipped[name] if name in self._shipped else self._opened[name]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys([*self._shipped, *self._opened]))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def bytes_of(start: Start) -> int:
    """The bytes that a checkpoint takes."""
    return sum(array.nbytes for array in start.tensors.values())
