"""The biases of layers: found by their names, by their place after a matrix, or by their length alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from server.weights.arrays import Arrays

NAMED, BESIDE, FITTING = 3, 2, 1  # how much speaks for a bias


@dataclass
class Biases:
    """The biases of layers, by the layers' places.

    Attributes:
        of: the name of the biases of each layer that has some.
        sure: how much speaks for them, together.
        guessed: whether another vector would have been as likely for one of them.
    """

    of: dict[int, str] = field(default_factory=dict)
    sure: int = 0
    guessed: bool = False

    def take(self, place: int, name: str, sure: int) -> None:
        """Have these be the biases of the layer at that place."""
        self.of[place] = name
        self.sure += sure


def biases_of(arrays: Arrays, weights: Sequence[str], outputs: Sequence[int], vectors: Sequence[str]) -> Biases:
    """The biases of a chain of layers.

    Args:
        weights: the names of their matrices.
        outputs: how many neurons each has.
        vectors: the arrays that may be biases.
    """
    found = Biases()
    said = [name for name in vectors if arrays.names[name].part == "bias"]
    for place, matrix in enumerate(weights):
        for name in (name for name in said if arrays.names[name].of == arrays.names[matrix].of):
            if arrays.length(name) == outputs[place]:
                found.take(place, name, NAMED)
                break
            found.sure -= NAMED
    nameless = [] if any(arrays.names[name].part for name in weights) else vectors
    free = said or [name for name in nameless if arrays.names[name].part is None]
    _by_place(arrays, weights, outputs, free, found)
    return found


def _by_place(
    arrays: Arrays, weights: Sequence[str], outputs: Sequence[int], free: Sequence[str], found: Biases
) -> None:
    order = [*arrays.shapes]
    for place, matrix in enumerate(weights):
        left = [name for name in free if name not in found.of.values() and arrays.length(name) == outputs[place]]
        if place in found.of or not left:
            continue
        at = order.index(matrix) + 1
        beside = at < len(order) and order[at] in left
        found.take(place, order[at] if beside else left[0], BESIDE if beside else FITTING)
        found.guessed |= len(left) > 1 and not beside and not arrays.kept_order
