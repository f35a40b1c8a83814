"""Mistakes in an activation: another one than was said, or its slope at the wrong place."""

from collections.abc import Callable, Iterator

import numpy as np

from engine.marking.case import Case
from engine.marking.textbook import Parts, Step
from engine.marking.variation import TEXTBOOK, Variation, choices, named, varied, within
from engine.methods.activations import ACTIVATIONS, Activation

LEAKS = (0.1, 0.2, 0.3, 0.05, 0.02, 0.001)
Array = np.ndarray
Place = Callable[[Step, int], Array]


def other_activation(case: Case) -> Iterator[Variation]:
    """Layers have another activation than was said, forwards, backwards or both."""
    top = case.assignment.depth
    everywhere = frozenset(case.assignment.layers)
    chosen = [*choices(case.hidden), frozenset({top}), *([everywhere] if top > 1 else [])]
    for layers in chosen:
        for name, record in ACTIVATIONS.items():
            if record.slope is not None or layers == {top}:
                yield from _another(case, layers, name, record)
    if case.assignment.activation(top).shares:
        over = within({top}, lambda s, l: case.assignment.activation(l).value(s.z[l].T).T, TEXTBOOK.activation)
        yield varied(
            "other_activation", "softmax adds up to 1 over the examples, not over the outputs", activation=over
        )
    for l in case.hidden:
        part = within({l + 1}, lambda s, n: s.delta[n].T @ s.z[n - 1] / s.m, TEXTBOOK.weight_gradient)
        yield varied("other_activation", f"dW{l + 1} is computed from z{l}, not from a{l}", weight_gradient=part)
    for layers in chosen:
        yield from _misplaced(case, layers)
        yield from _leaking(case, layers)
        yield from _repeated(case, layers)


def _another(case: Case, layers: frozenset[int], name: str, record: Activation) -> Iterator[Variation]:
    where = named(layers, case.assignment.depth)
    said = " and ".join(dict.fromkeys(case.assignment.activations[l - 1] for l in sorted(layers)))
    forward = within(layers, lambda s, l: record.value(s.z[l]), TEXTBOOK.activation)
    both = f"the activation of {where} is {name}, not {said}"
    if record.slope is None:
        yield varied("other_activation", both, activation=forward)
        return
    slope = record.slope
    own = within(layers, lambda s, l: slope(record.slope_source(s.z[l], s.f[l])), TEXTBOOK.slope)
    yield varied("other_activation", both, activation=forward, slope=own)
    says = f"the activation of {where} is {name}, not {said}, but its slope is that of {said}"
    yield varied("other_activation", says, activation=forward)
    yield varied("other_activation", says, activation=forward, slope=within(layers, _inner, TEXTBOOK.slope))
    says = f"the slope of {where} is that of {name}, not of {said}"
    yield varied("other_activation", says, slope=own)
    at_z = within(layers, lambda s, l: slope(record.slope_source(s.z[l], record.value(s.z[l]))), TEXTBOOK.slope)
    yield varied("other_activation", says, slope=at_z)


def _misplaced(case: Case, layers: frozenset[int]) -> Iterator[Variation]:
    """The slope is taken at a instead of z, or a formula in a is given z."""
    where = named(layers, case.assignment.depth)
    places: dict[str, Callable[[Activation, Step, int], Array]] = {
        "at a, not at z: f is applied once more": lambda r, s, l: r.slope_source(s.f[l], r.value(s.f[l])),
        "by a formula in a, but is given z": lambda r, s, l: s.z[l],
    }
    for how, place in places.items():
        slope = within(layers, lambda s, l, place=place: _slope(s, l, place), TEXTBOOK.slope)  # type: ignore[misc]
        yield varied("other_activation", f"the slope of {where} is computed {how}", slope=slope)


def _slope(s: Step, l: int, place: Callable[[Activation, Step, int], Array]) -> Array:
    record = s.assignment.activation(l)
    if record.slope is None:
        return TEXTBOOK.slope(s, l)
    return record.slope(place(record, s, l))


def _leaking(case: Case, layers: frozenset[int]) -> Iterator[Variation]:
    """A ReLU that leaks another share than it should."""
    if not all(case.assignment.activation(l).kinks == (0,) for l in layers):
        return
    for leak in LEAKS:
        says = f"the activation of {named(layers, case.assignment.depth)} leaks {leak:g} of what is below 0"
        value = within(layers, lambda s, l, leak=leak: np.where(s.z[l] > 0, 1, leak) * s.z[l], TEXTBOOK.activation)  # type: ignore[misc]
        slope = within(layers, lambda s, l, leak=leak: np.where(s.z[l] > 0, 1, leak), TEXTBOOK.slope)  # type: ignore[misc]
        yield varied("other_activation", says, activation=value, slope=slope)
        yield varied("other_activation", f"{says}, in its slope alone", slope=slope)


def _repeated(case: Case, layers: frozenset[int]) -> Iterator[Variation]:
    """An activation that is applied twice, with the slope of the outer one, of both, or of the inner one."""
    if any(case.assignment.activation(l).shares for l in layers):
        return
    says = f"the activation of {named(layers, case.assignment.depth)} is applied twice"
    twice = within(layers, lambda s, l: _value(s, l, _value(s, l, s.z[l])), TEXTBOOK.activation)
    yield varied("other_activation", says, activation=twice)
    for slope in (_both, _inner, _outer):
        yield varied("other_activation", says, activation=twice, slope=within(layers, slope, TEXTBOOK.slope))
    if case.assignment.depth in layers and case.assignment.collapses:

        def error(s: Step, parts: Parts) -> Array:
            return TEXTBOOK.error(s, parts) * _inner(s, s.top)

        yield varied("other_activation", says, activation=twice, error=error)


def _value(s: Step, l: int, z: Array) -> Array:
    return s.assignment.activation(l).value(z)


def _slope_at(s: Step, l: int, z: Array) -> Array:
    record = s.assignment.activation(l)
    if record.slope is None:
        return TEXTBOOK.slope(s, l)
    return record.slope(record.slope_source(z, record.value(z)))


def _inner(s: Step, l: int) -> Array:
    return _slope_at(s, l, s.z[l])


def _outer(s: Step, l: int) -> Array:
    return _slope_at(s, l, _value(s, l, s.z[l]))


def _both(s: Step, l: int) -> Array:
    return _inner(s, l) * _outer(s, l)
