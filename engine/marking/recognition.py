"""The recognition of a mistake: likely causes are tried out, and the one with the program's own numbers is named."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from engine.base.tensors import split
from engine.marking.agreement import (
    LOOSE,
    Precision,
    differing,
    differing_gradients,
    differing_parameters,
)
from engine.marking.case import Case
from engine.marking.causes.besides import besides
from engine.marking.causes.precedence import CAUSES, CONVENTIONS, PAIRED, Cause
from engine.marking.given import Given
from engine.marking.learner import Learner
from engine.marking.textbook import Result
from engine.marking.variation import Variation

UNKNOWN, LATE = "unknown", "not_found_in_time"
Compare = Callable[[Result, Result, Given, Precision], Iterator[str]]  # the names of the tensors that differ


@dataclass(frozen=True)
class Verdict:
    """What is said of a program.

    Attributes:
        verdict: "right", "wrong" or "not understood".
        step: the first training step with a wrong tensor, from 0; None where there is none.
        tensor: the first wrong tensor in it, in the order of the backward pass, gradients before parameters.
        cause: the name of the cause; None where nothing is wrong.
        says: the same in words.
        seen: the first element that is off most in the tensor, with the number that is found and the right one.
    """

    verdict: str
    step: int | None = None
    tensor: str | None = None
    cause: str | None = None
    says: str = ""
    seen: str = ""


def recognise(case: Case) -> Verdict:
    """What is to be said of a case whose arrays are all there."""
    conventions = (each for convention in CONVENTIONS for each in convention(case))
    if _matches(case, Learner(case.assignment), differing) or _any(case, conventions, differing):
        return Verdict("right", says=f"all {len(case.given)} steps agree, every tensor to {case.precision}")
    step, tensor = first_difference(case)
    seen = _seen(case, step, tensor)
    if found := _cause(case):
        return Verdict("wrong", step, tensor, found.cause, found.says, seen)
    if _matches(case, Learner(case.assignment), _loosely):
        return Verdict("right", says=f"all {len(case.given)} steps agree, every tensor to {LOOSE}")
    if perf_counter() > case.deadline:
        return Verdict("wrong", step, tensor, LATE, f"no cause was found in time: {seen}", seen)
    wrong = _wrong_tensors(case)
    if not _biases(wrong) and (found := _two_causes(case)):
        return Verdict("wrong", step, tensor, found.cause, found.says, seen)
    return Verdict("wrong", step, tensor, *_told_by_where(case, wrong, seen), seen)


def first_difference(case: Case) -> tuple[int, str]:
    """The first step with a wrong tensor, and the first such tensor in it."""
    for i, (found, expected, given) in enumerate(zip(case.found, case.expected, case.given, strict=True)):
        if wrong := next(differing(found, expected, given, case.precision), None):
            return i, wrong
    raise ValueError("every tensor agrees")


def _cause(case: Case) -> Variation | None:
    """The first cause with the same numbers: in all tensors, or else in the parameters, or in the gradients alone.

    Where gradients are given, a program may have changed them after it had told them; so others are tried at last.
    """
    for mode in _modes(case):
        if found := _any(case, _variations(case), mode):
            return found
    return _cause(case.computed()) if any(each.gradients for each in case.given) else None


def _two_causes(case: Case) -> Variation | None:
    """The first cause that has the same numbers with a second one beside it."""
    if not all(np.isfinite(each).all() for found in case.found for each in found.parameters.values()):
        return None
    pairs = (both for each in _variations(case, PAIRED) for both in besides(each))
    return _any(case, pairs, _modes(case)[-1])


def _modes(case: Case) -> list[Compare]:
    """What is compared: all tensors, and then those that a mistake may be seen in alone."""
    if not any(each.gradients for each in case.found):
        return [differing]
    right_parameters = _matches(case, Learner(case.assignment), differing_parameters)
    return [differing, _gradients if right_parameters else differing_parameters]


def _variations(case: Case, causes: Iterable[Cause] = CAUSES) -> Iterator[Variation]:
    return (each for cause in causes for each in cause(case))


def _gradients(found: Result, expected: Result, given: Given, precision: Precision) -> Iterator[str]:
    return differing_gradients(found, expected, given, precision)


def _loosely(found: Result, expected: Result, given: Given, precision: Precision) -> Iterator[str]:
    return differing(found, expected, given, max(precision, LOOSE, key=lambda each: each.tolerance))


def _any(case: Case, variations: Iterable[Variation], compare: Compare) -> Variation | None:
    for each in variations:
        if perf_counter() > case.deadline:
            return None
        if _matches(case, Learner(case.assignment, each.parts), compare, each):
            return each
    return None


def _matches(case: Case, learner: Learner, compare: Compare, variation: Variation | None = None) -> bool:
    """Whether a learner's steps agree with those of the case. Of several possible targets, any may agree at a step."""
    for given, found in zip(case.given, case.found, strict=True):
        targets = variation.targets(given.y) if variation else iter([given.y])
        for y in targets:
            trial = learner.copy()
            try:
                result = trial.step(given, y)
            except (ValueError, FloatingPointError):  # arrays that do not fit each other, as transposed ones
                continue
            if next(compare(found, result, given, case.precision), None) is None:
                learner = trial
                break
        else:
            return False
    return True


def _wrong_tensors(case: Case) -> set[str]:
    triples = zip(case.found, case.expected, case.given, strict=True)
    return {name for each in triples for name in differing(*each, case.precision)}


def _biases(wrong: set[str]) -> bool:
    return all(split(name)[0] in ("b", "db") for name in wrong)


def _told_by_where(case: Case, wrong: set[str], seen: str) -> tuple[str, str]:
    """A cause by the tensors that are wrong alone, and what is seen at the first one."""
    if _biases(wrong):
        return "bias_gradient", f"the weights are right, the biases are not: {seen}"
    if any(found.gradients for found in case.found) and not any(name[0] == "d" for name in wrong):
        return UNKNOWN, f"the gradients are right, what the update makes of them is not: {seen}"
    return UNKNOWN, seen


def _seen(case: Case, step: int, tensor: str) -> str:
    """The first element that is wrong, with both numbers."""
    found, expected = case.found[step], case.expected[step]
    if tensor[0] == "d":
        a, b = found.gradients[tensor[1:]], expected.gradients[tensor[1:]]
    else:
        a, b = ((each.parameters | each.running)[tensor] for each in (found, expected))
    if np.shape(a) != np.shape(b):
        return f"{tensor} has the shape {np.shape(a)}, it should have {np.shape(b)}"
    off = np.abs(a - b)
    worst = np.unravel_index(int(np.argmax(np.where(np.isfinite(off), off, np.inf))), off.shape)
    place = ", ".join(str(int(i)) for i in worst)
    return f"{tensor}[{place}] is {a[worst]:.9g}, it should be {b[worst]:.9g}"
