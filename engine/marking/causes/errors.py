"""Mistakes in the error that is taken back: slopes, softmax, weights that have moved."""

from collections.abc import Callable, Iterator

import numpy as np

from engine.marking.case import Case
from engine.marking.textbook import Parts, Step
from engine.marking.variation import TEXTBOOK, Layers, Variation, choices, named, varied, within

Error = Callable[[Step, Parts], np.ndarray]
Delta = Callable[[Step, int, Parts], np.ndarray]


def softmax_twice(case: Case) -> Iterator[Variation]:
    """Softmax, or its derivative, is applied twice."""
    record = case.assignment.activation(case.assignment.depth)
    chain = record.backward
    if chain is None:
        return
    again = within({case.assignment.depth}, lambda s, l: record.value(record.value(s.z[l])), TEXTBOOK.activation)

    def inner(s: Step) -> np.ndarray:
        return record.value(s.z[s.top])

    forward = "the output is softmax of softmax: the loss, or the last layer, applies it a second time"
    slope = "the error is multiplied by the derivative of softmax a second time: a - y has it in it already"
    diagonal = "the error is multiplied by a (1 - a) besides: a - y has the derivative of softmax in it already"
    right = TEXTBOOK.error
    yield varied("softmax_twice", forward, activation=again)
    yield varied("softmax_twice", forward, activation=again, error=lambda s, p: chain(inner(s), right(s, p)))
    yield varied("softmax_twice", slope, error=lambda s, p: chain(s.a[s.top], right(s, p)))
    yield varied("softmax_twice", diagonal, error=lambda s, p: right(s, p) * s.a[s.top] * (1 - s.a[s.top]))
    for of in (inner, lambda s: s.a[s.top]):
        yield varied(
            "softmax_twice",
            forward,
            activation=again,
            error=lambda s, p, of=of: right(s, p) * of(s) * (1 - of(s)),
        )
    yield varied("softmax_twice", forward, activation=again, error=lambda s, p: chain(s.a[s.top], right(s, p)))


def missing_slope(case: Case) -> Iterator[Variation]:
    """The error is not multiplied by the slope of a layer's activation."""
    top = case.assignment.depth
    for layers in choices(case.hidden):
        says = f"the error of {named(layers, top)} is not multiplied by the slope f'(z)"
        yield varied("missing_slope", says, delta=at(layers, lambda s, l, p: p.pass_back(s, l)))
    if says := _without_output(case):
        error = bare_error(case)
        yield varied("missing_slope", says, error=error)
        for layers in choices(case.hidden):
            also = f"{says}, nor is that of {named(layers, top)}"
            yield varied("missing_slope", also, error=error, delta=at(layers, lambda s, l, p: p.pass_back(s, l)))
    for layers in choices(case.hidden):
        says = (
            f"the error is taken back from {named(layers, top)} without its slope f'(z), which only the gradients have"
        )
        passed = within({l - 1 for l in layers}, lambda s, l: bare(s, l + 1) @ s.W[l + 1], TEXTBOOK.pass_back)
        yield varied("missing_slope", says, pass_back=passed)


def _without_output(case: Case) -> str:
    record, cost = case.assignment.activation(case.assignment.depth), case.assignment.cost
    if cost.cancelled is not None:
        return "the error of the output layer is dC/da alone, without the slope of the output's activation"
    return "the error of the output layer is not multiplied by the slope f'(z)" if record.kinks is not None else ""


def bare_error(case: Case) -> Error:
    """The derivative of the loss by the output, without the slope of its activation."""
    cancelled, gradient = case.assignment.cost.cancelled, case.assignment.cost.gradient
    if cancelled is not None:
        return lambda s, p: np.stack([cancelled.values(z, y)[0] for z, y in zip(s.z[s.top], s.y, strict=True)])
    assert gradient is not None
    return lambda s, p: gradient(s.a[s.top], s.y)


def bare(s: Step, l: int) -> np.ndarray:
    """The error of hidden layer l before its slope."""
    return s.delta[l + 1] @ s.W[l + 1]


def slope_twice(case: Case) -> Iterator[Variation]:
    """The error is multiplied by the slope of a layer's activation twice."""
    top, record = case.assignment.depth, case.assignment.activation(case.assignment.depth)
    for layers in choices(case.hidden):
        says = f"the error of {named(layers, top)} is multiplied by the slope f'(z) twice"
        yield varied("slope_twice", says, delta=at(layers, lambda s, l, p: TEXTBOOK.delta(s, l, p) * p.slope(s, l)))
    if record.slope is not None:
        says = "the error of the output layer is multiplied by the slope f'(z) twice"
        if case.assignment.collapses:
            says = "the error of the output layer is multiplied by f'(z), which a - y has in it already"
        error: Error = lambda s, p: TEXTBOOK.error(s, p) * p.slope(s, s.top)  # noqa: E731
        yield varied("slope_twice", says, error=error)
        for layers in choices(case.hidden):
            delta = at(layers, lambda s, l, p: TEXTBOOK.delta(s, l, p) * p.slope(s, l))
            yield varied("slope_twice", f"{says}; so is that of {named(layers, top)}", error=error, delta=delta)
    for layers in choices(case.hidden):
        says = f"the gradients of {named(layers, top)} are multiplied by the slope f'(z), which the error has already"
        yield varied(
            "slope_twice",
            says,
            weight_gradient=within(layers, lambda s, l: sloped(s, l).T @ s.a[l - 1] / s.m, TEXTBOOK.weight_gradient),
            bias_gradient=within(layers, lambda s, l: sloped(s, l).mean(axis=0), TEXTBOOK.bias_gradient),
        )


def sloped(s: Step, l: int) -> np.ndarray:
    """The error of layer l times its slope once more."""
    return s.delta[l] * TEXTBOOK.slope(s, l)


def updated_weights(case: Case) -> Iterator[Variation]:
    """The error is taken back through weights that the update has changed already."""
    if case.assignment.training.clip_norm is None:
        for layers in choices([*case.assignment.layers][1:]):
            weights = " and ".join(f"W{l}" for l in sorted(layers))
            says = (
                f"the error is taken back through {weights} after the update: take it back through the weights before"
            )
            yield varied("updated_weights", says, early=layers)


def at(layers: Layers, delta: Delta) -> Delta:
    """The error of these hidden layers by this function, and of the others as in a textbook."""
    return lambda s, l, p: delta(s, l, p) if l in layers else TEXTBOOK.delta(s, l, p)
