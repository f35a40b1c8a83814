"""Mistakes in the way back through the layers: one is skipped, or counted twice."""

from collections.abc import Callable, Iterator

import numpy as np

from engine.marking.case import Case
from engine.marking.causes.errors import Delta, at
from engine.marking.causes.gradients import gradients
from engine.marking.textbook import Part, Parts, Step
from engine.marking.variation import TEXTBOOK, Layers, Variation, choices, named, scaled, varied, within


def extra_delta(case: Case) -> Iterator[Variation]:
    """A layer is skipped or counted twice on the way back."""
    top = case.assignment.depth
    for layers in choices(case.assignment.layers):
        if len(layers) < top:
            for times, how in {2: "twice", 3: "three times"}.items():
                says = f"the error of {named(layers, top)} is counted {how}"
                yield varied("extra_delta", says, **scaled("Wb", layers, lambda s, l, times=times: times))  # type: ignore[misc]
    for how, delta in MISLED.items():
        for layers in choices(case.hidden):
            if how in FAR and min(layers) + 2 > top:
                continue
            where = "every hidden layer" if len(layers) == len(case.hidden) > 1 else named(layers, top)
            yield varied("extra_delta", f"the error of {where} {how}", delta=at(layers, delta))
    for l in case.hidden[1:]:
        twice = within({l - 1}, lambda s, n: _again(s, n + 1) @ s.W[n + 1], TEXTBOOK.pass_back)
        says = f"the error goes back through layer {l} twice on its way to those before"
        yield varied("extra_delta", says, pass_back=twice)
        for how, delta in MISLED.items():
            if how in FAR and l + 2 > top:
                continue
            part = lambda s, n, delta=delta: delta(s, n + 1, TEXTBOOK) @ s.W[n + 1]  # noqa: E731
            says = f"on its way to the layers before, the error of layer {l} {how}"
            yield varied("extra_delta", says, pass_back=within({l - 1}, part, TEXTBOOK.pass_back))
    for layers in choices(case.assignment.layers):
        yield from _mixed(layers, top)


def _mixed(layers: Layers, top: int) -> Iterator[Variation]:
    """Gradients of these layers from arrays of other layers: activations, or errors."""
    chosen = sorted(layers)
    for off, first in ((1, 0), (-1, 2)):
        if min(layers) >= first:
            used, due = (" and ".join(f"a{l + shift}" for l in chosen) for shift in (off - 1, -1))
            part = lambda s, l, off=off: s.delta[l].T @ s.a[l + off - 1] / s.m  # noqa: E731
            says = f"{gradients('W', layers)} computed from {used}, not from {due}"
            yield varied("extra_delta", says, weight_gradient=within(layers, part, TEXTBOOK.weight_gradient))
    for source in (lambda l: l + 1, lambda l: l - 1, lambda l: top, lambda l: l + 2):
        sources = [source(l) for l in chosen]
        if not all(1 <= other <= top and other != l for l, other in zip(chosen, sources, strict=True)):
            continue
        used, due = (" and ".join(f"delta{l}" for l in each) for each in (sources, chosen))
        for kinds in ("W", "Wb", "b"):
            says = f"{gradients(kinds, layers)} computed from {used}, not from {due}"
            yield varied("extra_delta", says, **_from_errors(kinds, layers, source))


def _from_errors(kinds: str, layers: Layers, source: Callable[[int], int]) -> dict[str, Part]:
    """The gradients of these layers from the errors of others."""
    parts: dict[str, tuple[str, Part, Part]] = {
        "W": (
            "weight_gradient",
            lambda s, l: _error(s, source(l)).T @ s.a[l - 1] / s.m,
            TEXTBOOK.weight_gradient,
        ),
        "b": ("bias_gradient", lambda s, l: _error(s, source(l)).mean(axis=0), TEXTBOOK.bias_gradient),
    }
    return {name: within(layers, part, right) for kind, (name, part, right) in parts.items() if kind in kinds}


def _error(s: Step, l: int) -> np.ndarray:
    """The error of layer l, which may not have been reached yet."""
    return s.delta[l] if l in s.delta else TEXTBOOK.delta(s, l, TEXTBOOK)


def _again(s: Step, l: int) -> np.ndarray:
    """The error of hidden layer l, taken back through that layer once more."""
    return s.delta[l] @ s.W[l] * TEXTBOOK.slope(s, l)


def _skipping(s: Step, l: int, p: Parts) -> np.ndarray:
    """The error of the layer after the next one, taken back as if the next were not there."""
    return _after_next(s, l) @ s.W[min(l + 2, s.top)] * p.slope(s, l)


def _after_next(s: Step, l: int) -> np.ndarray:
    """The error of the layer after the next one; where there is none, that of the next."""
    return s.delta[min(l + 2, s.top)]


FAR: dict[str, Delta] = {  # where there is a layer after the next one
    "skips the next layer": _skipping,
    "comes from the output layer, past those between": lambda s, l, p: s.delta[s.top] @ s.W[s.top] * p.slope(s, l),
    "comes from the layer after the next one, through the weights of the next": lambda s, l, p: (
        _after_next(s, l) @ s.W[l + 1] * p.slope(s, l)
    ),
    "comes from the output layer, through the weights of the next": lambda s, l, p: (
        s.delta[s.top] @ s.W[l + 1] * p.slope(s, l)
    ),
    "goes back through the weights of the layer after the next": lambda s, l, p: (
        s.delta[l + 1] @ s.W[min(l + 2, s.top)] * p.slope(s, l)
    ),
    "has that of the layer after the next one added to it, past the next": lambda s, l, p: (
        (p.pass_back(s, l) + _after_next(s, l) @ s.W[min(l + 2, s.top)]) * p.slope(s, l)
    ),
    "has that of the layer after the next one added to it before the weights": lambda s, l, p: (
        (s.delta[l + 1] + _after_next(s, l)) @ s.W[l + 1] * p.slope(s, l)
    ),
}
MISLED: dict[str, Delta] = FAR | {
    "is taken back without the weights of the next layer": lambda s, l, p: s.delta[l + 1] * p.slope(s, l),
    "has that of the next layer added to it before the slope": lambda s, l, p: (
        (p.pass_back(s, l) + s.delta[l + 1]) * p.slope(s, l)
    ),
    "goes back through its own layer besides": lambda s, l, p: TEXTBOOK.delta(s, l, p) @ s.W[l] * p.slope(s, l),
    "is taken back twice, with weights and slope": lambda s, l, p: TEXTBOOK.delta(s, l, p) @ s.W[l + 1] * p.slope(s, l),
    "has that of the next layer added to it": lambda s, l, p: TEXTBOOK.delta(s, l, p) + s.delta[l + 1],
    "goes back through the weights of the next layer twice": lambda s, l, p: (
        p.pass_back(s, l) @ s.W[l + 1] * p.slope(s, l)
    ),
    "goes back through its own weights, not those of the next layer": lambda s, l, p: (
        s.delta[l + 1] @ s.W[l] * p.slope(s, l)
    ),
    "goes back through the absolute values of the weights": lambda s, l, p: (
        s.delta[l + 1] @ np.abs(s.W[l + 1]) * p.slope(s, l)
    ),
    "goes back through the squares of the weights": lambda s, l, p: s.delta[l + 1] @ s.W[l + 1] ** 2 * p.slope(s, l),
    "is multiplied by the slope of the next layer, not by its own": lambda s, l, p: (
        p.pass_back(s, l) * p.slope(s, l + 1)
    ),
    "has its own activations added to it": lambda s, l, p: TEXTBOOK.delta(s, l, p) + s.a[l],
}
