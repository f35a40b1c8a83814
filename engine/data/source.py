"""A source: what a data set offers by its name, and how it is made."""

from collections.abc import Callable
from dataclasses import dataclass

from engine.data.dataset import Dataset

Make = Callable[[int, int, float, int], Dataset]


@dataclass(frozen=True)
class Source:
    """A data set's facts.

    Attributes:
        kind: what its targets are: "classes" or "values".
        looks: how an example looks: a "picture", a point of the "plane" or of a "line".
        inputs: how many inputs an example has.
        outputs: the numbers of outputs that it can be learned with, the usual one first.
        output_activation: the output activation that suits it, for the usual number of outputs.
        make: makes it from a seed, a number of examples, the standard deviation of its noise, and a number of outputs;
            what it has no use for it does not look at.
        examples: how many there are unless it is said otherwise; None where they cannot be chosen, and ``noise`` too.
        noise: the standard deviation of its noise unless it is said otherwise.
        exact: how many examples there are without noise, where those are always the same; None where they are not.
        cloud: the noise to offer besides, where it has exact examples.
        classes: the names of its classes, where they have other names than their numbers.
        others: the most pictures of no class that there can be to learn from; 0 where there are none.
    """

    kind: str
    looks: str
    inputs: int
    outputs: tuple[int, ...]
    output_activation: str
    make: Make
    examples: int | None = None
    noise: float | None = None
    exact: int | None = None
    cloud: float | None = None
    classes: tuple[str, ...] = ()
    others: int = 0
