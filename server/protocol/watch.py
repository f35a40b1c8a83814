"""What a page is watching: which tensors, which example, and which units of each layer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.base.refusal import Refusal, known, listed, one_of, whole, yes_or_no
from engine.base.tensors import EXAMPLE, axes

Units = tuple[tuple[int, ...] | None, ...]


@dataclass(frozen=True)
class Watch:
    """None everywhere means everything. ``units`` has one entry a layer, the input first. With ``updates``, the updates
    that are applied are among the tensors, whichever optimizer it is; with ``gradients_of``, the gradients of the loss
    of that example alone.
    """

    tensors: frozenset[str] | None = None
    example: int | None = None
    units: Units | None = None
    updates: bool = False
    gradients_of: int | None = None

    @classmethod
    def from_dict(cls, plain: Any, names: list[str], sizes: tuple[int, ...]) -> "Watch":
        """From its plain form.

        Raises:
            Refusal: it names a tensor, an example or a unit that there cannot be.
        """
        known("watch", plain, ("tensors", "example", "units", "updates", "gradients_of"))
        tensors, example, units, of = (plain.get(field) for field in ("tensors", "example", "units", "gradients_of"))
        updates = yes_or_no("watch.updates", "updates", plain.get("updates", False))
        if tensors is not None:
            tensors = frozenset(
                one_of("watch.tensors", "tensor", name, names) for name in listed("watch.tensors", tensors)
            )
        if example is not None:
            example = whole("watch.example", "example", example, 0, 2**31)
        if of is not None:
            of = whole("watch.gradients_of", "example", of, 0, 2**31)
        if units is not None:
            if len(listed("watch.units", units)) != len(sizes):
                raise Refusal(
                    "invalid", "watch.units", "units", units, f"a list of {len(sizes)}", "list_of", count=len(sizes)
                )
            units = tuple(_units(chosen, size) for chosen, size in zip(units, sizes, strict=True))
        return cls(tensors, example, units, updates, of)

    def example_of(self, state: Mapping[str, np.ndarray]) -> int | None:
        """The example that is shown: the watched one, or the last where the mini-batch has not so many."""
        if self.example is None or "y" not in state:
            return self.example
        return min(self.example, len(state["y"]) - 1)

    def view(
        self, state: Mapping[str, np.ndarray], depth: int, added: Mapping[str, np.ndarray]
    ) -> dict[str, np.ndarray]:
        """The watched parts of the watched tensors, and of those that are added; axes keep their place, with only the
        chosen entries.
        """
        watched = {name: array for name, array in state.items() if self.tensors is None or name in self.tensors}
        return {name: self._part(array, name, depth) for name, array in {**watched, **added}.items()}

    def _part(self, array: np.ndarray, name: str, depth: int) -> np.ndarray:
        for place, axis in enumerate(axes(name, depth)):
            if axis == EXAMPLE:
                if self.example is not None:
                    i = min(self.example, array.shape[place] - 1)
                    array = array[i : i + 1]
            elif self.units is not None and (chosen := self.units[int(axis)]) is not None:
                array = np.take(array, chosen, axis=place)
        return array


def _units(plain: Any, size: int) -> tuple[int, ...] | None:
    if plain is None:
        return None
    whole("watch.units", "number of units", len(listed("watch.units", plain)), 0, size)
    return tuple(whole("watch.units", "unit", unit, 0, size - 1) for unit in plain)
