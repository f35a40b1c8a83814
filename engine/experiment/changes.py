"""A change: what a person does to a run at a moment t, kept as part of the experiment."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.base.refusal import Refusal, index_in, known, number, one_of, whole

LARGEST_T = 2**53 - 1
LARGEST_VALUE = 1e6
Shape = tuple[int, ...]


@dataclass(frozen=True)
class Change:
    """A change of numbers or of structure.

    Numbers are a write at t: the learning rate, a whole parameter, or one element of it. The state at t already
    includes it. A change of structure sets fields of the experiment anew, from the next training step on.
    """

    t: int
    tensor: str = ""
    value: Any = None  # a number, or nested tuples of the tensor's shape
    index: tuple[int, ...] | None = None
    structure: dict[str, Any] = field(default_factory=dict, hash=False)  # fields of the experiment's plain form

    @classmethod
    def of_structure(cls, plain: dict[str, Any], field: str) -> "Change":
        """``{"t"}`` and fields of the experiment's plain form, which are checked by whoever knows the experiment."""
        dot = field + "." if field else ""
        t = whole(f"{dot}t", "t", plain["t"], 0, LARGEST_T)
        return cls(t, structure={name: value for name, value in plain.items() if name != "t"})

    @classmethod
    def from_dict(cls, plain: Any, field: str, shapes: dict[str, Shape], largest_rate: float) -> "Change":
        """``{"t", "learning_rate"}`` or ``{"t", "tensor", "value"}``, with ``index`` for one element.

        Raises:
            Refusal: the tensor is not one of those in ``shapes``, or index or value do not fit its shape.
        """
        dot = field + "." if field else ""
        known(field, plain, ("t", "learning_rate", "tensor", "index", "value"), required=("t",))
        t = whole(f"{dot}t", "t", plain["t"], 0, LARGEST_T)
        if "learning_rate" in plain:
            known(field, plain, ("t", "learning_rate"))
            rate = number(f"{dot}learning_rate", "learning rate", plain["learning_rate"], 0, largest_rate)
            return cls(t, "learning_rate", rate)
        known(field, plain, ("t", "tensor", "index", "value"), required=("tensor", "value"))
        tensor = one_of(f"{dot}tensor", "tensor", plain["tensor"], shapes)
        index = index_in(f"{dot}index", plain["index"], shapes[tensor]) if "index" in plain else None
        return cls(t, tensor, _value(f"{dot}value", plain["value"], () if index is not None else shapes[tensor]), index)

    def to_dict(self) -> dict[str, Any]:
        """The plain form; ``from_dict`` gives the same change back."""
        if self.structure:
            return {"t": self.t, **self.structure}
        if self.tensor == "learning_rate":
            return {"t": self.t, "learning_rate": self.value}
        where = {} if self.index is None else {"index": list(self.index)}
        return {"t": self.t, "tensor": self.tensor, **where, "value": _lists(self.value)}

    def hides(self, earlier: "Change") -> bool:
        """Whether it overwrites all that an earlier one of the same moment wrote."""
        if self.structure or earlier.structure:
            return self.t == earlier.t and bool(earlier.structure) and earlier.structure.keys() <= self.structure.keys()
        same = (self.t, self.tensor) == (earlier.t, earlier.tensor)
        return same and self.index in (None, earlier.index)

    def begins_anew(self, earlier: "Change", parameters: tuple[str, ...]) -> bool:
        """Whether, as a change of structure that leaves these parameters, it undoes a write of the same moment."""
        if self.t != earlier.t or earlier.structure:
            return False
        if earlier.tensor == "learning_rate":
            return "optimizer" in self.structure
        return "initializer" in self.structure or earlier.tensor not in parameters

    def apply(self, array: np.ndarray) -> None:
        """Write it into the tensor's array."""
        array[... if self.index is None else self.index] = self.value


def _value(field: str, plain: Any, shape: Shape) -> Any:
    if not shape:
        return number(field, "value", plain, -LARGEST_VALUE, LARGEST_VALUE)
    if not isinstance(plain, list) or len(plain) != shape[0]:
        raise Refusal("invalid", field, "value", plain, f"a list of {shape[0]}", "list_of", count=shape[0])
    return tuple(_value(field, item, shape[1:]) for item in plain)


def _lists(value: Any) -> Any:
    return [*map(_lists, value)] if isinstance(value, tuple) else value
