"""Mistakes in the optimizer: momentum of another kind, Adam's correction left out, updates counted from 0."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from engine.marking.case import Case, quotient
from engine.marking.names import layer_of, of_kinds
from engine.marking.update import Update, by_kind
from engine.marking.variation import Variation, varied
from engine.methods.optimizers import OPTIMIZERS, Optimizer

SHARES = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999, 1.0, 0.1, 0.3, 0.6, 0.7)
FEW_SHARES = (0.0, 0.5, 0.9, 0.95, 0.99, 0.999)
EPSILONS = (1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-10, 1e-12, 1e-15, 0.0)
GUARDS = (1e-8, 1e-7, 1e-10, 1e-12, 1e-6, 1e-15)  # what programs add to what they divide by
INFINITE = float("inf")
Corrections = Callable[[float, str, dict[str, float]], tuple[float, float]]


def no_bias_correction(case: Case) -> Iterator[Variation]:
    """Running means that begin at 0 are not corrected for it, or in another way."""
    if not _record(case).adapts:
        return
    says = "there is no bias correction: m and v begin at 0 and are too small at first, and nothing makes up for it"
    yield varied("no_bias_correction", says, update=Update(count=lambda k, name: INFINITE))
    for letter, setting in (("m", "beta1"), ("v", "beta2")):
        says = f"there is no bias correction of {letter}: it begins at 0 and is too small at first"
        update = Update(at_step=lambda k, settings, setting=setting: {setting: 0.0})  # type: ignore[misc]
        yield varied("no_bias_correction", says, update=update)
    for letters in ("mv", "m", "v"):
        says = f"{' and '.join(letters)} kept as corrected: the next step begins from what is corrected already"
        yield varied("no_bias_correction", says, update=Update(corrected=letters))
    for says, corrections in CORRECTIONS.items():
        yield varied("no_bias_correction", says, update=Update(corrections=corrections))


def _due(k: float, settings: dict[str, float]) -> tuple[float, float]:
    """What Adam's means are to be divided by at update number k, which may be 0."""
    return 1 - settings["beta1"] ** k, 1 - settings["beta2"] ** k


def _turned(k: float, name: str, settings: dict[str, float]) -> tuple[float, float]:
    first, second = _due(k, settings)
    return 1 / first, 1 / second


def _swapped(k: float, name: str, settings: dict[str, float]) -> tuple[float, float]:
    first, second = _due(k, settings)
    return second, first


def _after_root(k: float, name: str, settings: dict[str, float]) -> tuple[float, float]:
    first, second = _due(k, settings)
    return first, second**2


CORRECTIONS: dict[str, Corrections] = {
    "m and v are multiplied by 1 - beta^k, not divided by it": _turned,
    "the bias correction of m has beta2, and that of v has beta1": _swapped,
    "the root of v is divided by 1 - beta2^k: the bias correction is of v, before the root": _after_root,
}


def step_from_zero(case: Case) -> Iterator[Variation]:
    """Updates are counted from 0, or not once a step."""
    if not _record(case).adapts:
        return
    for says, count in _counts(case).items():
        yield varied("step_from_zero", says, update=Update(count=count))
    says = "updates are counted from 0: the first one divides by 0, and is lost; the first is number 1"
    yield varied("step_from_zero", says, update=Update(count=lambda k, name: k - 1, loses=True))
    for says, corrections in _from_zero():
        for at_step in (_as_said, _before_correction):
            update = Update(count=lambda k, name: k - 1, corrections=corrections, at_step=at_step)
            yield varied("step_from_zero", says, update=update)
    for says, count in _counts(case).items():
        for at_step in (_before_correction, _no_epsilon):
            under = None if at_step is _before_correction else _under_root
            yield varied("step_from_zero", says, update=Update(count=count, at_step=at_step, denominator=under))
    for letter, at in (("m", (1, 0)), ("v", (0, 1))):
        for off, how in ((-1, "counted from 0"), (1, "one ahead")):
            corrections = _apart(at[0] * off, at[1] * off)
            says = f"the number of the update is {how} in the bias correction of {letter}"
            yield varied("step_from_zero", says, update=Update(corrections=corrections))


def _counts(case: Case) -> dict[str, Callable[[int, str], float]]:
    """Ways of counting updates, in words, each from the true number and the parameter's name."""
    order = [f"{kind}{l}" for l in case.assignment.layers for kind in "Wb"]
    examples = dict(zip(case.numbers, np.cumsum([len(each.y) for each in case.given]).tolist(), strict=True))
    counts: dict[str, Callable[[int, str], float]] = {
        "updates are counted from 0: the bias correction of the first one divides by 0; the first is number 1": (
            lambda k, name: k - 1
        ),
        "updates are counted from 0, and the first two are both number 1": lambda k, name: max(k - 1, 1),
        "updates are counted from 0, and the first is not corrected": lambda k, name: k - 1 if k > 1 else INFINITE,
        "the first update is counted as number 2": lambda k, name: k + 1,
        "every update is counted as number 0": lambda k, name: 0,
        "every update is counted as number 1": lambda k, name: 1,
        "updates are counted twice a step": lambda k, name: 2 * k,
        "updates are counted twice a step, the second time after the update": lambda k, name: 2 * k - 1,
        "updates are counted twice a step, and from 0": lambda k, name: 2 * k - 2,
        "examples are counted, not updates": lambda k, name: examples.get(k, k),
    }
    for first in (1, 0):
        begun = "" if first else ", and from 0"
        for each in (order, order[::-1], *_by_kind(order)):
            counts[f"updates are counted at each parameter, not once a step{begun} ({', '.join(each)})"] = (
                lambda k, name, each=each, first=first: (k - 1) * len(each) + each.index(name) + first  # type: ignore[misc]
            )
        for kinds, listed in (("Wb", "weights, biases"), ("bW", "biases, weights")):
            counts[f"updates are counted twice a step{begun}: {listed}"] = (
                lambda k, name, kinds=kinds, first=first: 2 * (k - 1) + (not of_kinds(name, kinds[0])) + first  # type: ignore[misc]
            )
        for layers in (list(case.assignment.layers), list(reversed(case.assignment.layers))):
            where = f"{begun}, from layer {layers[0]} on"
            counts[f"updates are counted at each layer, not once a step{where}"] = (
                lambda k, name, layers=layers, first=first: (  # type: ignore[misc]
                    (k - 1) * len(layers) + layers.index(layer_of(name)) + first
                )
            )
            counts[f"updates are counted at each layer, and anew in each step{where}"] = (
                lambda k, name, layers=layers, first=first: layers.index(layer_of(name)) + first  # type: ignore[misc]
            )
            counts[f"updates are counted at each layer, from the number of the step{where}"] = (
                lambda k, name, layers=layers, first=first: k - 1 + layers.index(layer_of(name)) + first  # type: ignore[misc]
            )
    return counts


def _from_zero() -> Iterator[tuple[str, Corrections]]:
    """What keeps the first update from dividing by 0 where updates are counted from 0."""
    begin = "updates are counted from 0"
    for small in GUARDS:
        yield f"{begin}, and {small:g} is added to 1 - beta^k: the first is number 1", _added(small)
        yield f"{begin}, and 1 - beta^k is {small:g} at least: the first is number 1", _at_least(small)
    yield f"{begin}: the first one moves nothing; the first is number 1", _nothing_first
    for small in GUARDS:
        yield f"{begin}: the first one moves nothing, and {small:g} is added to 1 - beta^k", _added_to_first(small)


def _added(small: float) -> Corrections:
    return lambda k, name, settings: (_due(k, settings)[0] + small, _due(k, settings)[1] + small)


def _at_least(small: float) -> Corrections:
    return lambda k, name, settings: (max(_due(k, settings)[0], small), max(_due(k, settings)[1], small))


def _nothing_first(k: float, name: str, settings: dict[str, float]) -> tuple[float, float]:
    return _due(k, settings) if k else (INFINITE, 1.0)


def _added_to_first(small: float) -> Corrections:
    return lambda k, name, settings: (_due(k, settings)[0] + small, _due(k, settings)[1]) if k else (INFINITE, 1.0)


def _apart(first: int, second: int) -> Corrections:
    """Corrections whose numbers of the update are off by these."""
    return lambda k, name, settings: (_due(k + first, settings)[0], _due(k + second, settings)[1])


def _by_kind(order: Sequence[str]) -> list[list[str]]:
    weights, biases = ([name for name in order if name[0] == kind] for kind in "Wb")
    return [[*weights, *biases], [*biases, *weights]]


def other_momentum(case: Case) -> Iterator[Variation]:
    """The optimizer is of another kind, or has other settings; for all parameters, or for weights or biases alone."""
    right = Update()
    for says, update in _optimizers(case):
        yield varied("other_momentum", says, update=update)
    for says, update in _optimizers(case):
        yield varied("other_momentum", f"{says}; for the weights alone", update=by_kind(update, right))
        yield varied("other_momentum", f"{says}; for the biases alone", update=by_kind(right, update))


def _optimizers(case: Case) -> Iterator[tuple[str, Update]]:
    """Other optimizers, in words and as updates."""
    record, training = _record(case), case.assignment.training
    own = dict(training.optimizer_settings)
    if record.states:
        yield "the optimizer's state is not kept from one step to the next: there is no momentum", Update(keeps=False)
    if record.states:
        yield "the update is computed from the state before this gradient is in it", Update(late=True)
    if "dampening" in own:
        yield "the first gradient is dampened too", Update(count=lambda k, name: k + 1)
    if record.squares:
        yield "the root of the mean square is missing", Update(denominator=lambda v, settings: v * v)
    others = sorted(OPTIMIZERS.items(), key=lambda each: len(each[1].settings))  # the plainest first
    for name, other in others:
        shared = {each.name: own[each.name] for each in other.settings if each.name in own}
        if name != training.optimizer:
            yield f"the optimizer is {_spoken(name)}, not {_spoken(training.optimizer)}", Update(name, shared)
    if record.adapts:
        yield from _sums(own)
    for name, other in others:
        for settings in _settings(other, case):
            listed = ", ".join(f"{key} {value:.6g}" for key, value in settings.items())
            says = f"the optimizer is {_spoken(name)} with {listed}"
            yield says, Update(name, settings)
            if other is record and record.adapts:
                yield f"{says}, but for the bias correction", Update(name, settings, at_step=lambda k, settings: own)


def _sums(own: dict[str, float]) -> Iterator[tuple[str, Update]]:
    """Adam's means as sums: what is added to them is not multiplied by 1 - beta."""
    first, second = 1 - own["beta1"], (1 - own["beta2"]) ** 0.5
    for names, rate, share in (("m", 1 / first, 1.0), ("v", second, second), ("m and v", second / first, second)):
        update = Update(
            rate=lambda name, k, rate=rate: rate,  # type: ignore[misc]
            at_step=lambda k, settings, share=share: {"epsilon": settings["epsilon"] * share},  # type: ignore[misc]
        )
        yield f"what is added to {names} is not multiplied by 1 - beta", update


def _settings(record: Optimizer, case: Case) -> Iterator[dict[str, float]]:
    """Other settings of an optimizer that are likely, or that the second update shows."""
    names = [each.name for each in record.settings]
    own = dict(case.assignment.training.optimizer_settings)
    shares = [each.name for each in record.settings if each.high <= 1 and each.name != "epsilon"]
    if len(shares) == 1:
        fitted = _fitted(case)
        for share in dict.fromkeys([*SHARES, *(1 - each for each in own.values() if 0 < each < 1), *fitted]):
            yield {shares[0]: share}
    elif shares:
        for first in FEW_SHARES:
            for second in FEW_SHARES:
                yield {shares[0]: first, shares[1]: second}
    if "epsilon" in names and record is _record(case):
        yield from ({"epsilon": each} for each in EPSILONS if each != own["epsilon"])


def _fitted(case: Case) -> Iterator[float]:
    """The share of the first update that the second one has in it besides its own gradient: a momentum."""
    if len(case.given) < 2:
        return
    first, second, right = case.updates(0)[0], case.updates(1)[0], case.expected[1].gradients
    rate = case.assignment.training.learning_rate
    for kinds in ("Wb", "W", "b"):
        names = [name for name in right if of_kinds(name, kinds) and name in first and name in second]
        share = quotient([second[name] + rate * right[name] for name in names], [first[name] for name in names])
        if share is not None:
            yield float(np.round(share, 9))


def epsilons(case: Case) -> Iterator[Variation]:
    """Places of epsilon that books differ in: under the root, or added before the bias correction of the root."""
    record = _record(case)
    if record.squares and any(each.name == "epsilon" for each in record.settings):
        under = Update(denominator=_under_root, at_step=_no_epsilon)
        yield varied("", "epsilon is under the root", update=under)
        says = "epsilon is added before the bias correction"
        yield varied("", says, update=Update(at_step=_before_correction))


def _under_root(v: np.ndarray, settings: dict[str, float]) -> np.ndarray:
    return v + settings["epsilon"]


def _as_said(k: int, settings: dict[str, float]) -> dict[str, float]:
    return {}


def _no_epsilon(k: int, settings: dict[str, float]) -> dict[str, float]:
    return {"epsilon": 0.0}


def _before_correction(k: int, settings: dict[str, float]) -> dict[str, float]:
    corrected: Any = 1 - settings.get("beta2", 0.0) ** (k or INFINITE)
    return {"epsilon": settings["epsilon"] / corrected**0.5}


def _record(case: Case) -> Optimizer:
    return OPTIMIZERS[case.assignment.training.optimizer]


def _spoken(name: str) -> str:
    return name.replace("_", " ")
