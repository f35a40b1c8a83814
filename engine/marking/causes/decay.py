"""Mistakes in weight decay."""

from collections.abc import Callable, Iterator

import numpy as np

from engine.marking.case import Case
from engine.marking.names import layer_of, of_kinds
from engine.marking.textbook import Step
from engine.marking.update import Update, by_kind
from engine.marking.variation import Variation, varied
from engine.methods.optimizers import OPTIMIZERS

DECAY = "weight_decay"  # the setting of optimizers that let parameters decay themselves
LIKELY = (0.1, 0.01, 0.001, 1e-4, 5e-4, 0.05, 0.005, 0.5, 1.0, 1e-5)
Named = dict[str, np.ndarray]


def other_decay(case: Case) -> Iterator[Variation]:
    """Weights decay in another way than was said."""
    training = case.assignment.training
    own, coupled = dict(training.optimizer_settings).get(DECAY, 0.0), training.l2 or training.coupled_weight_decay
    without = Update(settings={DECAY: 0.0}) if own else Update()
    if own or coupled:
        says = "weights do not decay at all"
        yield varied("other_decay", says, update=without, penalized=_as_it_is, decayed=_as_it_is)
    if own:
        yield from _decoupled_should_be(own)
    strengths = [each for each in (own, coupled) if each] or [*LIKELY, *_fitted(case)]
    for strength in dict.fromkeys(strengths):
        for kinds in ("W", "Wb", "b"):
            yield from _coupled(kinds, strength, without, clips=training.clip_norm is not None)
            yield from _decoupled(kinds, strength, without, training.learning_rate)


def _decoupled_should_be(own: float) -> Iterator[Variation]:
    decays, stays = Update(), Update(settings={DECAY: 0.0})
    yield varied("other_decay", "biases do not decay, weights alone do", update=by_kind(decays, stays))
    yield varied("other_decay", "weights do not decay, biases alone do", update=by_kind(stays, decays))
    for factor, how in ((2.0, "twice"), (0.5, "half of"), (-1.0, "the negative of")):
        says = f"the weight decay is {how} what was said"
        yield varied("other_decay", says, update=Update(settings={DECAY: factor * own}))


def _as_it_is(s: Step, name: str, g: np.ndarray) -> np.ndarray:
    return g


def _coupled(kinds: str, strength: float, update: Update, clips: bool) -> Iterator[Variation]:
    """The decay is a part of the gradient, and goes through the optimizer; added before clipping, or after it."""
    which = {"W": "weights", "b": "biases", "Wb": "weights and biases"}[kinds]
    factors: dict[str, Callable[[Step], float]] = {
        "": lambda s: strength,
        ", twice": lambda s: 2 * strength,
        ", half": lambda s: strength / 2,
        ", divided by the number of examples": lambda s: strength / s.m,
        ", with the wrong sign": lambda s: -strength,
    }
    for how, factor in factors.items():
        added, says = _with(kinds, factor), f"{strength:.6g} times the {which} is added to the gradient{how}"
        parts = {"penalized": added, "decayed": _as_it_is}
        yield varied("other_decay", f"{says}, and goes through the optimizer", **parts, update=update)
        if clips:
            parts = {"penalized": _as_it_is, "decayed": added}
            yield varied(
                "other_decay", f"{says} after clipping, and goes through the optimizer", **parts, update=update
            )


def _with(kinds: str, factor: Callable[[Step], float]) -> Callable[[Step, str, np.ndarray], np.ndarray]:
    return lambda s, name, g: g + factor(s) * s.parameter(name) if of_kinds(name, kinds) else g


def _decoupled(kinds: str, strength: float, update: Update, rate: float) -> Iterator[Variation]:
    """The decay is taken from the parameters beside the update."""
    which = {"W": "weights", "b": "biases", "Wb": "weights and biases"}[kinds]
    for share, how in ((rate * strength, "the learning rate times "), (strength, "")):
        for after in (False, True):
            when = "after the update" if after else "beside the update"
            says = f"{how}{strength:.6g} of the {which} is taken off {when}, and does not go through the optimizer"
            less = _less(kinds, share, after)
            yield varied("other_decay", says, penalized=_as_it_is, decayed=_as_it_is, update=update, updates=less)


def _less(kinds: str, share: float, after: bool) -> Callable[[Step, Named], Named]:
    def updates(s: Step, moves: Named) -> Named:
        def less(name: str, u: np.ndarray) -> np.ndarray:
            w = s.parameter(name)
            return u - share * (w + u if after else w)

        return {name: less(name, u) if of_kinds(name, kinds) else u for name, u in moves.items()}

    return updates


def _fitted(case: Case) -> Iterator[float]:
    """The decay that the first update of plain gradient descent shows."""
    rate, found, right = case.assignment.training.learning_rate, *case.updates(0)
    names = [name for name in found if name[0] == "W"]
    if not rate or not names or OPTIMIZERS[case.assignment.training.optimizer].adapts:
        return
    w = np.concatenate([case.given[0].W[layer_of(name) - 1].ravel() for name in names])
    rest = np.concatenate([(found[name] - right[name]).ravel() for name in names])
    strength = float(-(rest @ w) / (w @ w) / rate)
    if np.isfinite(strength) and abs(strength) > 1e-9:
        yield strength
