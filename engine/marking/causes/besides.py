"""A second mistake beside another one: a factor of every gradient."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from engine.marking.textbook import Part, Step
from engine.marking.variation import Variation


def besides(variation: Variation) -> Iterator[Variation]:
    """A variation with a second mistake, a factor of every gradient."""
    factors: tuple[tuple[str, str, Callable[[Step], float]], ...] = (
        ("every gradient is a sum where a mean is due", "Wb", lambda s: s.m),
        ("every dW is a sum where a mean is due", "W", lambda s: s.m),
        ("every db is a sum where a mean is due", "b", lambda s: s.m),
        ("every gradient is half of what it should be", "Wb", lambda s: 0.5),
        ("every gradient is twice what it should be", "Wb", lambda s: 2.0),
        ("every gradient has the wrong sign", "Wb", lambda s: -1.0),
    )
    for says, kinds, factor in factors:
        parts = replace(
            variation.parts,
            weight_gradient=_times(variation.parts.weight_gradient, factor, "W" in kinds),
            bias_gradient=_times(variation.parts.bias_gradient, factor, "b" in kinds),
        )
        yield replace(variation, parts=parts, says=f"{variation.says}; besides, {says}")


def _times(part: Part, factor: Callable[[Step], float], does: bool) -> Part:
    return (lambda s, l: part(s, l) * factor(s)) if does else part
