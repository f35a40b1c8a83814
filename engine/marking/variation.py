"""A variation: the textbook's training step with one mistake in it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np

from engine.marking.names import layer_of
from engine.marking.textbook import Part, Parts, Step

TEXTBOOK = Parts()
FEW = 4  # layers of which all choices are tried
Layers = frozenset[int]


def _as_given(y: np.ndarray) -> Iterator[np.ndarray]:
    yield y


@dataclass(frozen=True)
class Variation:
    """A mistake.

    Attributes:
        cause: its name.
        says: what is wrong, in words.
        parts: the parts of the step with the mistake.
        targets: the targets that it may have taken, from those that are given.
    """

    cause: str
    says: str
    parts: Parts
    targets: Callable[[np.ndarray], Iterator[np.ndarray]] = _as_given


def varied(cause: str, says: str, **parts: Any) -> Variation:
    """The variation of the textbook's step that has these parts in place of its own."""
    return Variation(cause, says, replace(TEXTBOOK, **parts))


def within(layers: Iterable[int], part: Part, otherwise: Part) -> Part:
    """The part for these layers, and another one for the rest."""
    chosen = frozenset(layers)
    return lambda s, l: part(s, l) if l in chosen else otherwise(s, l)


def choices(layers: Sequence[int]) -> Iterator[Layers]:
    """The layers that may have a mistake: all of them, those up to one, those from one on, each alone, any others."""
    layers = sorted(layers)
    first = [layers, *(layers[:i] for i in range(1, len(layers))), *(layers[i:] for i in range(1, len(layers)))]
    single = [[l] for l in layers]
    others = [each for n in range(2, len(layers)) for each in combinations(layers, n)] if len(layers) <= FEW else []
    yield from dict.fromkeys(frozenset(each) for each in (*first, *single, *others) if each)


def named(layers: Iterable[int], top: int) -> str:
    """Layers in words: "every layer", "layer 2" or "layers 1 and 2"."""
    chosen = sorted(layers)
    if len(chosen) == top and top > 1:
        return "every layer"
    if len(chosen) == 1:
        return f"layer {chosen[0]}"
    return f"layers {', '.join(map(str, chosen[:-1]))} and {chosen[-1]}"


def scaled(kinds: str, layers: Layers, factor: Callable[[Step, int], float]) -> dict[str, Any]:
    """The gradients of these layers times a factor, of weights (W), of biases (b) or of both (Wb)."""

    def times(part: Part) -> Part:
        return within(layers, lambda s, l: part(s, l) * factor(s, l), part)

    parts = {"W": ("weight_gradient", TEXTBOOK.weight_gradient), "b": ("bias_gradient", TEXTBOOK.bias_gradient)}
    found: dict[str, Any] = {name: times(part) for kind, (name, part) in parts.items() if kind in kinds}
    if "b" in kinds:
        found["norm_gradient"] = lambda s, name, g: g * (factor(s, layer_of(name)) if layer_of(name) in layers else 1)
    return found
