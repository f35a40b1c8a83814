"""Mistakes in how far parameters move: another learning rate, and layers that do not move."""

from collections.abc import Iterator

import numpy as np

from engine.base.tensors import split
from engine.marking.agreement import before
from engine.marking.case import Case
from engine.marking.names import layer_of
from engine.marking.textbook import Step
from engine.marking.update import Update
from engine.marking.variation import Variation, choices, named, varied

Named = dict[str, np.ndarray]
MOST = 8  # numbers that are listed
NORM = ("gamma", "beta")
KINDS = (
    (("W", "b", *NORM), ""),
    (("W", "b"), ""),
    (("W",), "the weights of "),
    (NORM, "scale and shift of the batch norm of "),
)


def frozen_layer(case: Case) -> Iterator[Variation]:
    """Layers do not move."""
    top = case.assignment.depth
    still = {name for name in case.assignment.parameters if _stays(case, name)}
    for kinds, what in KINDS:
        of_kinds = {name for name in case.assignment.parameters if split(name)[0] in kinds}
        found = frozenset(map(layer_of, of_kinds)) - frozenset(map(layer_of, of_kinds - still))
        for layers in (*choices(sorted(found)), found):
            names = {name for name in of_kinds if layer_of(name) in layers}
            if names:
                says = f"{what}{named(layers, top)} {'do not move' if what or len(layers) > 1 else 'does not move'}"
                yield varied("frozen_layer", says, updates=lambda s, u, n=names: _still(u, n))


def _stays(case: Case, name: str) -> bool:
    """Whether a parameter is returned as it was given, at every step."""
    pairs = zip(case.found, case.given, strict=True)
    return all(np.array_equal(found.parameters[name], before(given)[name]) for found, given in pairs)


def _still(updates: Named, chosen: set[str]) -> Named:
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
    if len(each) == len(case.assignment.parameters):
        listed = ", ".join(f"{rate * factor:.6g} for {name}" for name, factor in each.items() if abs(factor - 1) > 1e-6)
        says = f"the learning rate is not the same for all: {listed}; it should be {rate:g}"
        yield varied("other_rate", says, update=Update(rate=lambda name, k: each[name]))
    ratios = {number: case.ratio(step) or 0.0 for step, number in enumerate(case.numbers)}
    rates = [f"{rate * ratio:.4g}" for ratio in ratios.values()]
    more = ["..."] if len(rates) > MOST else []
    says = f"the learning rate changes from step to step: {', '.join([*rates[:MOST], *more])}"
    yield varied("other_rate", says, updates=lambda s, u: _times(s, u, ratios))


def _times(s: Step, updates: Named, ratios: dict[int, float]) -> Named:
    return {name: u * ratios.get(s.number, 0.0) for name, u in updates.items()}
