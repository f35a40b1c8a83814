"""Mistakes in the gradients of a layer: sign, transposition, biases, and what is never set back to 0."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from engine.marking.case import Case
from engine.marking.names import layer_of
from engine.marking.textbook import Part, Step
from engine.marking.update import Update
from engine.marking.variation import TEXTBOOK, Layers, Variation, choices, scaled, varied, within

BIAS: dict[str, Part] = {
    "the sum over the examples, not the mean": lambda s, l: s.delta[l].sum(axis=0),
    "of the first example alone": lambda s, l: s.delta[l][0],
    "of the last example alone": lambda s, l: s.delta[l][-1],
    "one number for all neurons, the mean over examples and neurons": lambda s, l: np.full_like(
        s.b[l], s.delta[l].mean()
    ),
    "one number for all neurons, summed over examples and neurons": lambda s, l: np.full_like(s.b[l], s.delta[l].sum()),
    "one number for all neurons, a sum over them": lambda s, l: np.full_like(s.b[l], s.delta[l].sum() / s.m),
    "of the wrong sign": lambda s, l: -s.delta[l].mean(axis=0),
    "divided by the number of examples twice": lambda s, l: s.delta[l].mean(axis=0) / s.m,
    "0, so that biases never move": lambda s, l: np.zeros_like(s.b[l]),
    "the sum of dW over each row": lambda s, l: TEXTBOOK.weight_gradient(s, l).sum(axis=1),
    "the mean of dW over each row": lambda s, l: TEXTBOOK.weight_gradient(s, l).mean(axis=1),
    "multiplied by the bias": lambda s, l: s.delta[l].mean(axis=0) * s.b[l],
    "the mean of the activations": lambda s, l: s.a[l].mean(axis=0),
}
TRANSPOSED: dict[str, Callable[[np.ndarray, tuple[int, ...]], np.ndarray]] = {
    "the transpose of what it should be": lambda dW, shape: dW.T,
    "the transpose of what it should be, with its numbers filled into the right shape": lambda dW, shape: dW.T.reshape(
        shape
    ),
    "filled with its numbers column by column": lambda dW, shape: dW.ravel().reshape(shape, order="F"),
}


def wrong_sign(case: Case) -> Iterator[Variation]:
    """The gradient points uphill."""
    for kinds in ("Wb", "W"):
        for layers in choices(case.assignment.layers):
            what = (
                f"{gradients(kinds, layers)} {verb(kinds, layers)} the wrong sign: the loss is made larger, not smaller"
            )
            yield varied("wrong_sign", what, **scaled(kinds, layers, lambda s, l: -1))
    for layers in choices(case.assignment.layers):
        what = " and ".join(f"W{l}, b{l}" for l in sorted(layers))
        says = f"{what}: the update has the wrong sign: it goes along the gradient, not against it"
        update = Update(rate=lambda name, k, layers=layers: -1 if layer_of(name) in layers else 1)  # type: ignore[misc]
        yield varied("wrong_sign", says, update=update)


def transposed_gradient(case: Case) -> Iterator[Variation]:
    """A gradient, or the weights that the error is taken back through, are transposed."""
    for layers in choices(case.assignment.layers):
        for how, turn in TRANSPOSED.items():
            part = within(layers, lambda s, l, turn=turn: turned(s, l, turn), TEXTBOOK.weight_gradient)  # type: ignore[misc]
            yield varied(
                "transposed_gradient",
                f"{gradients('W', layers)} {'is' if len(layers) == 1 else 'are each'} {how}",
                weight_gradient=part,
            )
    for layers in choices(case.hidden):
        part = within(layers, lambda s, l: s.delta[l + 1] @ s.W[l + 1].T, TEXTBOOK.pass_back)
        where = " and ".join(f"W{l + 1}" for l in sorted(layers))
        says = f"the error is taken back through the transpose of {where}: da = delta @ W for examples in rows"
        yield varied("transposed_gradient", says, pass_back=part)


def turned(s: Step, l: int, turn: Callable[[np.ndarray, tuple[int, ...]], np.ndarray]) -> np.ndarray:
    """The gradient of layer l's weights, turned."""
    return turn(TEXTBOOK.weight_gradient(s, l), s.W[l].shape)


def bias_gradient(case: Case) -> Iterator[Variation]:
    """The gradients of the biases alone are wrong, or what the update makes of them."""
    for layers in choices(case.assignment.layers):
        for how, part in BIAS.items():
            says = f"{gradients('b', layers)} {'is' if len(layers) == 1 else 'are each'} {how}"
            yield varied("bias_gradient", says, bias_gradient=within(layers, part, TEXTBOOK.bias_gradient))
    for layers in choices(case.assignment.layers):
        for factor, how in ((0, "not updated"), (-1, "updated along the gradient, not against it")):
            names = [f"b{l}" for l in sorted(layers)]
            update = Update(rate=lambda name, k, n=names, factor=factor: factor if name in n else 1)  # type: ignore[misc]
            says = f"{', '.join(names)} {'is' if len(names) == 1 else 'are'} {how}"
            yield varied("bias_gradient", says, update=update)


def gradients_accumulate(case: Case) -> Iterator[Variation]:
    """The gradients of all mini-batches so far are added up, as means or as sums over the examples."""
    parts = {"W": ("weight_gradient", TEXTBOOK.weight_gradient), "b": ("bias_gradient", TEXTBOOK.bias_gradient)}
    for total in (added, summed):
        for kinds, what in (("Wb", ""), ("W", " of the weights"), ("b", " of the biases")):
            says = f"the gradients{what} are never set back to 0: those of all mini-batches so far are added up"
            mistaken: dict[str, Any] = {parts[kind][0]: total(kind, parts[kind][1]) for kind in kinds}
            if "b" in kinds:
                mistaken["norm_gradient"] = lambda s, name, g, total=total: total(name, lambda s, l: g)(s, 0)
            yield varied("gradients_accumulate", says, **mistaken)


def added(kind: str, part: Part) -> Part:
    """The sum of a part's arrays over all steps so far."""

    def total(s: Step, l: int) -> np.ndarray:
        s.memory[f"{kind}{l}"] = s.memory.get(f"{kind}{l}", 0) + part(s, l)
        return s.memory[f"{kind}{l}"]

    return total


def summed(kind: str, part: Part) -> Part:
    """The sum of a part's arrays over all examples so far, divided by those of the mini-batch."""
    total = added(kind, lambda s, l: s.m * part(s, l))
    return lambda s, l: total(s, l) / s.m


def gradients(kinds: str, layers: Layers) -> str:
    """Gradients by their names: "dW1 and db1"."""
    names = [f"d{kind}{l}" for l in sorted(layers) for kind in kinds]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def single(kinds: str, layers: Layers) -> bool:
    """Whether these are the gradients of one parameter."""
    return len(kinds) * len(layers) == 1


def verb(kinds: str, layers: Layers) -> str:
    """ "has" or "have"."""
    return "has" if single(kinds, layers) else "have"
