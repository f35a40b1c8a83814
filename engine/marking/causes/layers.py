"""Mistakes in the way back through the layers: one is skipped, or counted twice."""

from collections.abc import Iterator

import numpy as np

from engine.marking.case import Case
from engine.marking.causes.errors import Delta, at
from engine.marking.textbook import Parts, Step
from engine.marking.variation import TEXTBOOK, Variation, choices, named, scaled, varied, within


def extra_delta(case: Case) -> Iterator[Variation]:
    """A layer is skipped or counted twice on the way back."""
    top = case.assignment.depth
    for layers in choices(case.assignment.layers):
        if len(layers) < top:
            for times, how in {2: "twice", 3: "three times"}.items():
                says = f"the error of {named(layers, top)} is counted {how}"
                yield varied("extra_delta", says, **scaled("Wb", layers, lambda s, l, times=times: times))  # type: ignore[misc]
    for l in case.hidden:
        for how, delta in MISLED.items():
            says = f"the error of layer {l} {how}"
            yield varied("extra_delta", says, delta=at(frozenset({l}), delta))
    for how, delta in MISLED.items():
        if len(case.hidden) > 1:
            yield varied("extra_delta", f"the error of every hidden layer {how}", delta=delta)
    for l in case.hidden[1:]:
        twice = within({l - 1}, lambda s, n: _again(s, n + 1) @ s.W[n + 1], TEXTBOOK.pass_back)
        says = f"the error goes back through layer {l} twice on its way to those before"
        yield varied("extra_delta", says, pass_back=twice)
    for l in case.assignment.layers:
        for how, below, above in _mixed(l, top):
            part = lambda s, n, below=below, above=above: s.delta[above].T @ s.a[below] / s.m  # noqa: E731
            yield varied("extra_delta", f"dW{l} {how}", weight_gradient=within({l}, part, TEXTBOOK.weight_gradient))


def _mixed(l: int, top: int) -> Iterator[tuple[str, int, int]]:
    """A gradient of layer l from other layers' arrays: in words, the layer of its activations, that of its error."""
    yield f"is computed from a{l}, not from a{l - 1}", l, l
    if l > 1:
        yield f"is computed from a{l - 2}, not from a{l - 1}", l - 2, l
    if l < top:
        yield f"is computed from delta{l + 1}, not from delta{l}", l - 1, l + 1


def _again(s: Step, l: int) -> np.ndarray:
    """The error of hidden layer l, taken back through that layer once more."""
    return s.delta[l] @ s.W[l] * TEXTBOOK.slope(s, l)


def _skipping(s: Step, l: int, p: Parts) -> np.ndarray:
    """The error of the layer after the next one, taken back as if the next were not there."""
    return s.delta[min(l + 2, s.top)] @ s.W[min(l + 2, s.top)] * p.slope(s, l)


MISLED: dict[str, Delta] = {
    "is taken back without the weights of the next layer": lambda s, l, p: s.delta[l + 1] * p.slope(s, l),
    "skips the next layer": _skipping,
    "comes from the output layer, past those between": lambda s, l, p: s.delta[s.top] @ s.W[s.top] * p.slope(s, l),
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
    "is multiplied by the slope of the next layer, not by its own": lambda s, l, p: (
        p.pass_back(s, l) * p.slope(s, l + 1)
    ),
    "has its own activations added to it": lambda s, l, p: TEXTBOOK.delta(s, l, p) + s.a[l],
}
