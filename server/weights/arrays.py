"""The arrays of a file that may belong to layers, by their names and shapes."""

from collections.abc import Sequence

from server.weights.names import Name, is_of_an_optimizer, read
from server.weights.stored import FLOATS, Stored

Shape = tuple[int, ...]


class Arrays:
    """The arrays that may belong to layers.

    Attributes:
        shapes: their shapes by their names, in the order of the file.
        names: their names, taken apart.
        left_out: why each other array belongs to none, whatever the others are.
        kept_order: whether the order of the file is that in which they were saved.
    """

    def __init__(self, stored: Sequence[Stored], kept_order: bool) -> None:
        all_names = {each.name for each in stored}
        reasons = {each.name: _unusable(each, all_names) for each in stored}
        self.left_out = {name: why for name, why in reasons.items() if why}
        self.shapes: dict[str, Shape] = {each.name: each.shape for each in stored if not reasons[each.name]}
        self.names: dict[str, Name] = {name: read(name) for name in self.shapes}
        self.kept_order = kept_order

    def matrices(self, rows: Sequence[str]) -> list[str]:
        """The arrays that may be weights, in their most likely order: those whose names say so, if any do.

        Args:
            rows: those of two axes that are taken for biases.
        """
        two = [name for name, shape in self.shapes.items() if len(shape) == 2 and name not in rows]
        said = [name for name in two if self.names[name].part == "weights"]
        found = said or [name for name in two if self.names[name].part is None]
        if self.numbered(found):
            return sorted(found, key=lambda name: self.names[name].numbers)
        return found if self.kept_order else sorted(found, key=lambda name: self.names[name].rank)

    def vectors(self, rows: Sequence[str]) -> list[str]:
        """The arrays that may be biases or belong to batch norm; some are stored as one row or one column."""
        return [name for name, shape in self.shapes.items() if len(shape) == 1 or name in rows or self._is_row(name)]

    def _is_row(self, name: str) -> bool:
        shape = self.shapes[name]
        return len(shape) == 2 and min(shape) == 1 and self.names[name].part not in ("weights", None)

    def length(self, name: str) -> int:
        """How many numbers a vector has."""
        return max(self.shapes[name])

    def numbered(self, names: Sequence[str]) -> bool:
        """Whether the names differ in their numbers alone, and so say their order."""
        words = {(self.names[name].words, self.names[name].part) for name in names}
        return len(words) < 2 and len({self.names[name].numbers for name in names}) == len(names)

    def rows(self, transposed: bool) -> list[str]:
        """Arrays without a telling name that follow a matrix and may be its biases, as one row or one column."""
        found, outputs = [], 0
        for name, shape in self.shapes.items():
            if len(shape) != 2 or self.names[name].part is not None:
                continue
            if outputs and shape == ((1, outputs) if transposed else (outputs, 1)):
                found.append(name)
                outputs = 0
            else:
                outputs = shape[1] if transposed else shape[0]
        return found


def _unusable(each: Stored, names: set[str]) -> str | None:
    """Why an array belongs to no layer, whatever the others are."""
    if is_of_an_optimizer(each.name, names):
        return "optimizer"
    if not each.shape:
        return "number"
    if each.dtype not in FLOATS:
        return "dtype"
    return None if len(each.shape) <= 2 and each.size else "axes"
