"""Mistakes in clipping."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from engine.marking.case import Case
from engine.marking.textbook import Step
from engine.marking.variation import Variation, varied
from engine.methods.regularization import gradient_norm

Named = dict[str, np.ndarray]
GUARD = 1e-6  # what PyTorch adds to the norm before it divides by it


@dataclass(frozen=True)
class Way:
    """A way of clipping arrays.

    Attributes:
        says: the way in words.
        clip: the arrays, clipped to a limit.
        size: what is compared with the limit.
    """

    says: str
    clip: Callable[[Named, float], Named]
    size: Callable[[Named], float]


def together(arrays: Named, limit: float) -> Named:
    """Arrays, shortened by one factor so that their norm is within the limit."""
    norm = size(arrays)
    return {name: each * (limit / max(limit, norm)) for name, each in arrays.items()}


def size(arrays: Named) -> float:
    """The norm of all arrays together."""
    return float(gradient_norm(*arrays.values())) if arrays else 0.0


TOGETHER = Way("by the norm of all together", together, size)
OF_ALL = (
    TOGETHER,
    Way(
        "by the norm of each tensor",
        lambda arrays, limit: {name: together({name: each}, limit)[name] for name, each in arrays.items()},
        lambda arrays: max((size({name: each}) for name, each in arrays.items()), default=0.0),
    ),
    Way(
        "element by element",
        lambda arrays, limit: {name: np.clip(each, -limit, limit) for name, each in arrays.items()},
        lambda arrays: max((float(np.abs(each).max()) for each in arrays.values()), default=0.0),
    ),
)


def _of_weights(way: Way) -> Way:
    def weights(arrays: Named) -> Named:
        return {name: each for name, each in arrays.items() if name[0] == "W"}

    return Way(
        f"{way.says}, weights alone",
        lambda arrays, limit: arrays | way.clip(weights(arrays), limit),
        lambda arrays: way.size(weights(arrays)),
    )


WAYS = (*OF_ALL, *map(_of_weights, OF_ALL))


def clip_after_step(case: Case) -> Iterator[Variation]:
    """Not the gradient is clipped, but the update or the parameters; or it is clipped in another way, or not at all."""
    own, moved = case.assignment.training.clip_norm, [found for found, _ in _updates(case)]
    if own is not None:
        says = "the gradient is not clipped before the step: the parameters are updated with the whole gradient"
        yield varied("clip_after_step", says, clipped=_unclipped)
    for way in WAYS:
        for limit in _limits(case, way, moved):
            says = f"the update is clipped to {limit:.6g} after the optimizer's step, {way.says}; the gradient is not"
            yield varied("clip_after_step", says, clipped=_unclipped, updates=_updates_by(way, limit))
        for limit in _limits(case, way, [found.parameters for found in case.found]):
            says = f"the parameters are clipped to {limit:.6g} after the step, {way.says}; the gradient is not"
            yield varied("clip_after_step", says, clipped=_unclipped, updates=_parameters_by(way, limit))
        if own is None or way is not TOGETHER:
            rate = case.assignment.training.learning_rate or 1.0
            for limit in dict.fromkeys([*_told(case, way), *_limits(case, way, [_over(each, rate) for each in moved])]):
                says = f"the gradient is clipped to {limit:.6g}, {way.says}" + (
                    "" if own else "; CLIP_NORM is not said"
                )
                yield varied("clip_after_step", says, clipped=_gradients_by(way, limit))


def guarded_clipping(case: Case) -> Iterator[Variation]:
    """The norm with a small number added, as PyTorch divides by it: a convention, no mistake."""
    limit = case.assignment.training.clip_norm
    if limit is not None:
        says = f"{GUARD:g} is added to the norm before it is divided by"
        yield varied("", says, clipped=lambda s, g: {name: each * _share(g, limit) for name, each in g.items()})


def _share(gradients: Named, limit: float) -> float:
    return min(1.0, limit / (size(gradients) + GUARD))


def _limits(case: Case, way: Way, arrays: list[Named]) -> list[float]:
    """The limit that was said; else the largest size that there is, which is a limit where arrays have been clipped."""
    own = case.assignment.training.clip_norm
    if own is not None:
        return [own]
    sizes = [way.size(each) for each in arrays if each]
    return [max(sizes)] if sizes and all(np.isfinite(each) and each > 0 for each in sizes) else []


def _told(case: Case, way: Way) -> list[float]:
    """The limit that the returned gradients show."""
    return _limits(case, way, [found.gradients for found in case.found])


def _updates(case: Case) -> list[tuple[Named, Named]]:
    return [case.updates(step) for step in range(len(case.given))]


def _over(arrays: Named, rate: float) -> Named:
    return {name: each / rate for name, each in arrays.items()}


def _unclipped(s: Step, gradients: Named) -> Named:
    return gradients


def _gradients_by(way: Way, limit: float) -> Callable[[Step, Named], Named]:
    return lambda s, gradients: way.clip(gradients, limit)


def _updates_by(way: Way, limit: float) -> Callable[[Step, Named], Named]:
    return lambda s, updates: way.clip(updates, limit)


def _parameters_by(way: Way, limit: float) -> Callable[[Step, Named], Named]:
    def updates(s: Step, moves: Named) -> Named:
        clipped = way.clip({name: s.parameter(name) + u for name, u in moves.items()}, limit)
        return {name: each - s.parameter(name) for name, each in clipped.items()}

    return updates
