"""A change that a person makes to a run at a moment t. It is part of the experiment."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.base.refusal import Refusal, index_in, known, number, one_of, whole

LARGEST_T = 2**53 - 1
LARGEST_VALUE = 1e6
REDRAWING = frozenset({"initializer", "initial_scale"})  # fields of which a change draws the weights anew
Shape = tuple[int, ...]


@dataclass(frozen=True)
class Change:
    """A change of numbers or of structure.

    A change of numbers writes the learning rate, a parameter, or one element of a parameter; the state at t includes
    it. A change of structure sets fields of the experiment, from the next training step on.

    Attributes:
        t: the moment, in micro-steps.
        tensor: the name of the tensor that is written; empty for a change of structure.
        value: a number, or nested tuples of the tensor's shape.
        index: the element that is written; None for the whole tensor.
        structure: the fields of the experiment's plain form that are set.
    """

    t: int
    tensor: str = ""
    value: Any = None
    index: tuple[int, ...] | None = None
    structure: dict[str, Any] = field(default_factory=dict, hash=False)

    @classmethod
    def of_structure(cls, plain: dict[str, Any], field: str) -> "Change":
        """Read a change of structure: ``t`` and fields of the experiment's plain form, which the experiment checks.

        Raises:
            Refusal: ``t`` is no moment.
        """
        dot = field + "." if field else ""
        t = whole(f"{dot}t", "t", plain["t"], 0, LARGEST_T)
        return cls(t, structure={name: value for name, value in plain.items() if name != "t"})

    @classmethod
    def from_dict(cls, plain: Any, field: str, shapes: dict[str, Shape], largest_rate: float) -> "Change":
        """Read a change of numbers: ``{"t", "learning_rate"}`` or ``{"t", "tensor", "value"}``, perhaps with ``index``.

        Args:
            plain: the plain form.
            field: the path of the plain form, for refusals.
            shapes: the shapes of the tensors that may be written, by name.
            largest_rate: the largest learning rate.

        Raises:
            Refusal: the tensor is not among ``shapes``, or the index or the value does not fit its shape.
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

    @property
    def redraws(self) -> bool:
        """Whether it is a change of structure that draws the weights anew."""
        return not REDRAWING.isdisjoint(self.structure)

    def hides(self, earlier: "Change") -> bool:
        """Whether this change overwrites everything that an earlier change at the same moment set."""
        if self.structure or earlier.structure:
            return self.t == earlier.t and bool(earlier.structure) and earlier.structure.keys() <= self.structure.keys()
        same = (self.t, self.tensor) == (earlier.t, earlier.tensor)
        return same and self.index in (None, earlier.index)

    def undoes(self, earlier: "Change", parameters: tuple[str, ...]) -> bool:
        """Whether this change of structure undoes an earlier change of numbers at the same moment.

        Args:
            earlier: the earlier change.
            parameters: the names of the network's parameters after this change.
        """
        if self.t != earlier.t or earlier.structure:
            return False
        if earlier.tensor == "learning_rate":
            return "optimizer" in self.structure
        return self.redraws or earlier.tensor not in parameters

    def apply(self, array: np.ndarray) -> None:
        """Write the value into the array of the tensor."""
        array[... if self.index is None else self.index] = self.value


def _value(field: str, plain: Any, shape: Shape) -> Any:
    if not shape:
        return number(field, "value", plain, -LARGEST_VALUE, LARGEST_VALUE)
    if not isinstance(plain, list) or len(plain) != shape[0]:
        raise Refusal("invalid", field, "value", plain, f"a list of {shape[0]}", "list_of", count=shape[0])
    return tuple(_value(field, item, shape[1:]) for item in plain)


def _lists(value: Any) -> Any:
    return [*map(_lists, value)] if isinstance(value, tuple) else value
