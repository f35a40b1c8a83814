"""The checkpoints that there are: those that come along, and those that pages have opened, which are shared by all
sessions, bounded, and lost when the server ends.
"""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from threading import Lock
from types import MappingProxyType
from typing import Any

from engine.experiment.experiment import Start
from server.checkpoints.codec import decode
from server.limits import CHECKPOINTS, CHECKPOINTS_BYTES

NONE: Mapping[str, Start] = MappingProxyType({})


class Checkpoints(Mapping[str, Start]):
    """Those that come along by their own names, and those that were opened by names that follow from their bytes, so
    that neither can take the other's place. Where too many were opened, those go that nobody asked for the longest.
    """

    def __init__(
        self, shipped: Mapping[str, Start] = NONE, most: int = CHECKPOINTS, most_bytes: int = CHECKPOINTS_BYTES
    ) -> None:
        self._shipped = shipped
        self._most, self._most_bytes = most, most_bytes
        self._kept: OrderedDict[str, Start] = OrderedDict()
        self._lock = Lock()

    def open(self, data: bytes) -> dict[str, Any]:
        """Keep the checkpoint of a file, and give the ``experiment`` that starts from it and its ``t``.

        Raises:
            Refusal: the file is no checkpoint, or does not fit itself; nothing has changed then.
        """
        opened = decode(data)
        with self._lock:
            self._kept[opened.start.name] = opened.start
            self._kept.move_to_end(opened.start.name)
            while len(self._kept) > 1 and (len(self._kept) > self._most or self.size > self._most_bytes):
                self._kept.popitem(last=False)
        return {"experiment": opened.experiment, "t": opened.t}

    @property
    def size(self) -> int:
        """The bytes that those take that were opened."""
        return sum(array.nbytes for start in self._kept.values() for array in start.tensors.values())

    def __getitem__(self, name: str) -> Start:
        if name in self._shipped:
            return self._shipped[name]
        with self._lock:
            self._kept.move_to_end(name)
            return self._kept[name]

    def __iter__(self) -> Iterator[str]:
        with self._lock:
            return iter([*self._shipped, *self._kept])

    def __len__(self) -> int:
        return len(self._shipped) + len(self._kept)
