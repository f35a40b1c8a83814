"""Mistakes in the gradients of a layer: sign, transposition, mean, factor, biases, and what is never set to 0 again."""

from collections.abc import Callable, Iterator

import numpy as np

from engine.marking.case import Case, quotient
from engine.marking.textbook import Part, Step
from engine.marking.update import Update
from engine.marking.variation import TEXTBOOK, Layers, Variation, choices, scaled, varied, within

LARGEST = 1e6  # the largest number of examples that a program may be thought to divide by
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
        update = Update(rate=lambda name, k, layers=layers: -1 if int(name[1:]) in layers else 1)  # type: ignore[misc]
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


def missing_factor(case: Case) -> Iterator[Variation]:
    """The factor 2 in the derivative of the squared error is missing, or the error is averaged over the outputs too."""
    if not _doubles(case):
        return
    everywhere, outputs = frozenset(case.assignment.layers), case.assignment.sizes[-1]
    for factor, says in (
        (0.5, "every gradient is half of what it should be: the derivative of (a - y)² is 2 (a - y)"),
        (1 / outputs, "every gradient is averaged over the outputs; the squared error is summed over them"),
        (0.5 / outputs, "every gradient lacks the factor 2 of (a - y)² and is averaged over the outputs"),
    ):
        yield varied("missing_factor", says, **scaled("Wb", everywhere, lambda s, l, factor=factor: factor))  # type: ignore[misc]


def _doubles(case: Case) -> bool:
    """Whether the derivative of the loss has a factor 2, as that of the squared error."""
    gradient = case.assignment.cost.gradient
    return gradient is not None and 2 in gradient.constants


def missing_mean(case: Case) -> Iterator[Variation]:
    """The gradients are sums over the examples, or means over something else."""
    sizes = case.assignment.sizes
    factors: dict[str, Callable[[Step, int], float]] = {
        "not divided by the number of examples m: it is a sum where a mean is due": lambda s, l: s.m,
        "divided by the number of examples m twice": lambda s, l: 1 / s.m,
        "divided by m - 1, not by the number of examples m": lambda s, l: s.m / (s.m - 1),
        "divided by the number of outputs, not by the number of examples m": lambda s, l: s.m / sizes[-1],
        "divided by the number of inputs, not by the number of examples m": lambda s, l: s.m / sizes[0],
        "divided by the number of units, not by the number of examples m": lambda s, l: s.m / sizes[l],
        "divided by the number of units before, not by the number of examples m": lambda s, l: s.m / sizes[l - 1],
    }
    if _doubles(case):
        factors["a sum where a mean is due, and lacks the factor 2 of (a - y)²"] = lambda s, l: s.m / 2
    for constant in constants(case):
        factors[f"divided by {constant:g}, not by the number of examples m"] = lambda s, l, n=constant: s.m / n  # type: ignore[misc]
    for kinds in ("Wb", "W"):
        for layers in choices(case.assignment.layers):
            for what, factor in factors.items():
                says = f"{gradients(kinds, layers)} {'is' if single(kinds, layers) else 'are each'} {what}"
                yield varied("missing_mean", says, **scaled(kinds, layers, factor))


def constants(case: Case) -> list[float]:
    """The numbers that the sum of the first mini-batch may have been divided by: what its gradients or updates show."""
    first, expected = case.found[0].gradients, case.expected[0].gradients
    m, ratios = len(case.given[0].y), list[float | None]()
    for kinds in ("Wb", "W"):
        ratios.append(case.ratio(0, [name for name in case.updates(0)[0] if name[0] in kinds]))
        names = [name for name, g in first.items() if name[0] in kinds and g.shape == expected[name].shape]
        ratios.append(quotient([first[name] for name in names], [expected[name] for name in names]))
    return [round(m / ratio, 9) for ratio in ratios if ratio is not None and ratio > 0 and m / ratio < LARGEST]


def other_factor(case: Case) -> Iterator[Variation]:
    """Every gradient has a factor that it should not have, which the returned gradients show."""
    first, expected = case.found[0].gradients, case.expected[0].gradients
    names = [name for name, g in first.items() if g.shape == expected[name].shape]
    factor = quotient([first[name] for name in names], [expected[name] for name in names])
    if factor is not None:
        says = f"every gradient is {factor:.6g} times what it should be"
        yield varied("missing_factor", says, **scaled("Wb", frozenset(case.assignment.layers), lambda s, l: factor))


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
            mistaken = {parts[kind][0]: total(kind, parts[kind][1]) for kind in kinds}
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
