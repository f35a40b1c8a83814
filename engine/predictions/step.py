"""A training step of a run, done to its end: what a prediction may be about."""

from collections.abc import Iterator
from functools import cached_property
from math import prod

import numpy as np

from engine.explain.passes import passes
from engine.methods.activations import ACTIVATIONS
from engine.run.source import Source

Element = tuple[str, tuple[int, ...]]
MANY, SEVERAL = 40, 1000  # elements that are looked at; from how many on they are drawn one by one
AT_KINK = 1e-6  # the distance from a kink up to which a pre-activation stands at it


class Step:
    """A training step, with its tensors as its micro-steps have read or written them, in double precision.

    Args:
        source: the run.
        training_step: the number of the training step.
    """

    def __init__(self, source: Source, training_step: int) -> None:
        self.source, self.training_step = source, training_step
        self.begin, self.end = source.t_of(training_step), source.t_of(training_step + 1)
        self.passes = passes(source, self.end)
        self.experiment, self.program = self.passes.experiment, self.passes.program
        self.depth, self.parameters = len(self.experiment.layers), self.experiment.parameters
        self._after = {name: self.begin + k + 1 for k, step in enumerate(self.program) for name in step.writes}
        self._found: dict[str, np.ndarray] = {}

    def after(self, name: str) -> int:
        """The moment at which the tensor has been written."""
        return self._after[name]

    @property
    def backward_end(self) -> int:
        """The moment at which the backward pass is done."""
        return self.begin + sum(step.phase != "update" for step in self.program)

    def array(self, name: str) -> np.ndarray:
        """The tensor in double precision; a parameter before its update."""
        if name not in self._found:
            self._found[name] = self.own(name).astype(np.float64)
        return self._found[name]

    def own(self, name: str) -> np.ndarray:
        """The tensor as the run has it; a parameter before its update."""
        array = self.passes.value(name)
        assert array is not None
        return array

    @property
    def examples(self) -> int:
        """The number of examples in the mini-batch."""
        return len(self.array("y"))

    def untouched(self, until: int) -> bool:
        """Whether nobody has written a number or changed the structure between its beginning and this moment."""
        return not any(self.begin < change.t <= until for change in self.source.experiment.changes)

    @cached_property
    def sound(self) -> bool:
        """Whether its numbers are its own and tell something: nothing has been written within it, loss and gradients
        are finite, and no pre-activation stands at a kink, where the derivative is a matter of custom.
        """
        if not self.untouched(self.end):
            return False
        with np.errstate(all="ignore"):
            sums = [self.own(name).sum() for name in ("loss", *(f"d{each}" for each in self.parameters))]
            apart = (self.from_kinks(layer).min() for layer in range(1, self.depth + 1))
            return bool(np.isfinite(sums).all()) and all(distance > AT_KINK for distance in apart)

    def from_kinks(self, layer: int) -> np.ndarray:
        """The distances of a layer's pre-activations from the kinks of its activation, (examples, units)."""
        chosen = self.experiment.layers[layer - 1]
        z = self.array(f"{'ztilde' if chosen.batch_norm else 'z'}{layer}")
        nearest = np.full(z.shape, np.inf)
        for kink in ACTIVATIONS[chosen.activation].kinks:
            np.minimum(nearest, np.abs(z - kink), out=nearest)
        return nearest

    def layers(self, rng: np.random.Generator) -> Iterator[int]:
        """The numbers of all layers in any order."""
        yield from (int(layer) for layer in rng.permutation(self.depth) + 1)


def some(rng: np.random.Generator, shape: tuple[int, ...], most: int = MANY) -> Iterator[tuple[int, ...]]:
    """The indices of some elements of an array, in any order."""
    size = prod(shape)
    places = rng.permutation(size)[:most] if size <= SEVERAL else rng.integers(size, size=most)
    for place in dict.fromkeys(int(each) for each in places):
        yield tuple(int(i) for i in np.unravel_index(place, shape))
