"""The record of a data set: its facts, and how it is made."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.data.dataset import Dataset

Make = Callable[[int, int, float, int], Dataset]
LOOKS = {1: "line", 2: "plane"}  # how an example of a table looks, by its number of inputs; of more it is a "row"


@dataclass(frozen=True)
class Recipe:
    """How a script that stands alone makes a data set.

    Attributes:
        lines: NumPy lines that make the training examples, inputs ``X`` and targets ``Y``.
        functions: the functions that the lines call.
        files: the names of the files that they read, in the folder of this package's data.
    """

    lines: str
    functions: tuple[Callable[..., Any], ...] = ()
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class DatasetRecord:
    """The facts of a data set.

    Attributes:
        kind: the kind of its targets: "classes" or "values".
        looks: how an example looks: a "picture", a point of the "plane" or of a "line", or a "row" of numbers.
        inputs: the number of inputs of an example.
        outputs: the numbers of outputs that a network for it may have, the usual one first.
        output_activation: the output activation that suits the usual number of outputs.
        make: makes the data set from a seed, a number of examples, the standard deviation of the noise and a number of
            outputs; it ignores those that do not apply.
        recipe: the same for a script, from the same arguments; None where a script carries the examples.
        examples: the default number of examples; None where the number is fixed.
        noise: the default standard deviation of the noise; None where there is no noise.
        exact: the number of examples without noise, where these are fixed points; else None.
        cloud: a noise that the page offers besides, where the examples without noise are fixed points.
        classes: the names of the classes; empty where classes go by their numbers.
        others: the most training pictures that belong to no class; 0 where there are none.
        columns: the names of the inputs; empty where inputs go by their numbers.
        target: the name of the target; empty where it has none.
    """

    kind: str
    looks: str
    inputs: int
    outputs: tuple[int, ...]
    output_activation: str
    make: Make
    recipe: Callable[[int, int, float, int], Recipe] | None = None
    examples: int | None = None
    noise: float | None = None
    exact: int | None = None
    cloud: float | None = None
    classes: tuple[str, ...] = ()
    others: int = 0
    columns: tuple[str, ...] = ()
    target: str = ""
