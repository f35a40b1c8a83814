"""Mistakes in how far parameters move: another learning rate, and layers that do not move."""

from collections.abc import Iterator

import numpy as np

from engine.marking.agreement import before
from engine.marking.case import Case
from engine.marking.textbook import Step
from engine.marking.update import Update
from engine.marking.variation import Variation, choices, named, varied

Named = dict[str, np.ndarray]


def frozen_layer(case: Case) -> Iterator[Variation]:
    """Layers do not move."""
    top = case.assignment.depth
    for kinds, what in (("Wb", ""), ("W", "the weights of ")):
        for layers in choices(case.assignment.layers):
            if all(_stays(case, f"{kind}{l}") for kind in kinds for l in layers):
                says = f"{what}{named(layers, top)} {'do not move' if what or len(layers) > 1 else 'does not move'}"
                yield varied("frozen_layer", says, updates=lambda s, u, k=kinds, n=layers: _still(u, k, n))


def _stays(case: Case, name: str) -> bool:
    """Whether a parameter is returned as it was given, at every step."""
    pairs = zip(case.found, case.given, strict=True)
    return all(np.array_equal(found.parameters[name], before(given)[name]) for found, given in pairs)


def _still(updates: Named, kinds: str, layers: frozenset[int]) -> Named:
    chosen = {f"{kind}{l}" for kind in kinds for l in layers}
    return {name: np.zeros_like(u) if name in chosen else u for name, u in updates.items()}


def other_rate(case: Case) -> Iterator[Variation]:
    """The learning rate is another one: for all, for some parameters, or in the course of the steps."""
    rate = case.assignment.training.learning_rate
    ratio = case.ratio(0) or 0.0
    if ratio > 0:
        says = f"the learning rate is {rate * ratio:.6g}, not {rate:g}"
        yield varied("other_rate", says, update=Update(rate=lambda name, k: ratio))
    names = [*case.updates(0)[0]]
    each = {name: case.ratio(0, [name]) or 0.0 for name in names}
    if len(each) == 2 * case.assignment.depth:
        listed = ", ".join(f"{rate * factor:.6g} for {name}" for name, factor in each.items() if abs(factor - 1) > 1e-6)
        says = f"the learning rate is not the same for all: {listed}; it should be {rate:g}"
        yield varied("other_rate", says, update=Update(rate=lambda name, k: each[name]))
    ratios = [case.ratio(step) or 0.0 for step in range(len(case.given))]
    says = f"the learning rate changes from step to step: {', '.join(f'{rate * ratio:.4g}' for ratio in ratios)}"
    yield varied("other_rate", says, updates=lambda s, u: _times(s, u, ratios))


def _times(s: Step, updates: Named, ratios: list[float]) -> Named:
    return {name: u * ratios[s.number - 1] for name, u in updates.items()}
