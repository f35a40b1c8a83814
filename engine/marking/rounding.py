"""How far float32 may take the numbers of a right step: it is measured, by taking the same step in other ways.

One of them computes in float32, which shows what is lost where numbers nearly cancel, as a - y of an output that is
nearly right. In two others all pre-activations and errors are a little larger or smaller: a pre-activation that is
nearly 0 may fall on either side of a ReLU's kink. In two more some are larger and some are smaller: batch norm makes
much of that where the pre-activations of a unit are nearly the same, and errors that add up to 0 do not quite. Where
float32 overflows and the exact number does not, nothing can be said.
"""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import numpy as np

from engine.marking.assignment import Assignment
from engine.marking.given import Given
from engine.marking.learner import Learner
from engine.marking.textbook import Parts, Result, affine, delta

SHIFT = 1e-6  # of the largest pre-activation or error of a unit: what the sum of its terms may be off by
TIMES = 4  # how much farther another order of summation may go than the one that was tried
Named = dict[str, np.ndarray]
Signs = Callable[[tuple[int, ...]], np.ndarray]  # 1 or -1 for each pre-activation, from their shape


def with_rounding(assignment: Assignment, given: list[Given], expected: list[Result]) -> list[Given]:
    """What each step starts from, with how far each of its tensors may be off."""
    single = Learner(assignment)
    shifted = [Learner(assignment, _shifted(signs)) for signs in SIGNS]
    found = list[Given]()
    for each, right in zip(given, expected, strict=True):
        exact, rounded = _named(right), _named(single.step(_single(each)))
        moved = [_named(learner.step(each)) for learner in shifted]
        found.append(replace(each, rounding={name: _off(name, exact, rounded, moved) for name in exact}))
    return found


def _off(name: str, exact: Named, rounded: Named, moved: list[Named]) -> np.ndarray:
    with np.errstate(all="ignore"):
        off = sum(np.abs(other[name] - exact[name]) for other in moved)
        lost = np.abs(rounded[name] - exact[name])
        finite = np.isfinite(lost)
        off = np.nan_to_num(off, nan=0.0, posinf=0.0) + TIMES * lost.max(where=finite, initial=0)
    return np.where(np.isfinite(exact[name]) & ~finite, np.inf, off)


def _named(result: Result) -> Named:
    return result.parameters | result.running | {f"d{name}": each for name, each in result.gradients.items()}


def _mixed(seed: int) -> Signs:
    return lambda shape: np.random.default_rng(seed).choice([-1.0, 1.0], shape)


SIGNS: tuple[Signs, ...] = (np.ones, lambda shape: -np.ones(shape), _mixed(0), _mixed(1))


def _shifted(signs: Signs) -> Parts:
    """The parts of a step whose pre-activations and errors are off by the shift."""

    def off(values: np.ndarray) -> np.ndarray:
        return values + SHIFT * signs(values.shape) * np.abs(values).max(axis=0)

    return replace(
        Parts(),
        affine=lambda s, l: off(affine(s, l)),
        delta=lambda s, l, parts: off(delta(s, l, parts)),
    )


def _single(plain: Any) -> Any:
    """The same with all arrays in float32."""
    if isinstance(plain, np.ndarray):
        return plain.astype(np.float32)
    if isinstance(plain, dict):
        return {name: _single(each) for name, each in plain.items()}
    if isinstance(plain, list):
        return [_single(each) for each in plain]
    if isinstance(plain, Given):
        return Given(**{each.name: _single(getattr(plain, each.name)) for each in fields(plain)})
    return plain
