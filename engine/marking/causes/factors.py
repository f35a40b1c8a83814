"""Mistakes in the factor of a gradient: the mean over the examples, the 2 of a square, another number."""

from collections.abc import Callable, Iterator

from engine.marking.case import Case, quotient
from engine.marking.causes.gradients import gradients, single
from engine.marking.names import of_kinds
from engine.marking.textbook import Step
from engine.marking.variation import Variation, choices, scaled, varied

LARGEST = 1e6  # the largest number of examples that a program may be thought to divide by


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
        ratios.append(case.ratio(0, [name for name in case.updates(0)[0] if of_kinds(name, kinds)]))
        names = [name for name, g in first.items() if of_kinds(name, kinds) and g.shape == expected[name].shape]
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
