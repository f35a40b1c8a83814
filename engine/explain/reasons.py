"""Why a gradient is small among its peers: the examples cancel, or chain-rule factors let hardly any error through."""

from typing import Any

import numpy as np

from engine.explain.chain_rule import ChainRuleTerms, Factor
from engine.explain.passes import Passes
from engine.explain.per_example_gradients import per_example_gradients

HARDLY = 1 / 10  # a factor or a gradient is small below this fraction of its reference size
MOST = 3  # reasons
SMALL = {
    "input": "quiet_input",
    "zhat": "quiet_input",
    "slope": "saturated",
    "paths": "cancelling",
    "outputs": "cancelling",
    "batch": "alike",
    "collapse": "nearly_right",
    "loss": "nearly_right",
}
ZERO = {"input": "silent_input", "slope": "off", "mask": "dropped"}


def reasons(passes: Passes, terms: ChainRuleTerms) -> list[dict[str, Any]]:
    """Why the gradient of a parameter's element is small: at most ``MOST`` reasons, the strongest first.

    The peers of the element are those of its own tensor; those of a whole tensor are all parameters. There is no reason
    where the gradient is not small among them, or has not been computed yet.

    Args:
        passes: the passes of the training step.
        terms: the chain-rule terms of the element, for one example.

    Returns:
        For each reason its name ``kind``, the place ``factor`` of the factor in the terms, and a ``value``. Where the
        gradients of the examples cancel, that is the only reason: its factor is None, and its value is the mean of
        their sizes. Else the reasons are those of the example, each with the value of the factor.
    """
    own = per_example_gradients(passes, terms.tensor, terms.index)
    peers, others = _largest(passes, [terms.tensor]), _largest(passes, [*passes.experiment.parameters])
    if own is None or peers is None or others is None:
        return []
    with np.errstate(all="ignore"):
        gradient, size = abs(float(own.mean(dtype=float))), float(np.abs(own).mean(dtype=float))
    in_tensor = gradient <= HARDLY * peers
    if not in_tensor and not peers <= HARDLY * others:
        return []
    if gradient < HARDLY * size:
        return [{"kind": "examples_cancel", "factor": None, "value": size}]
    if abs(terms.product or 0) > max(HARDLY * peers, gradient) and in_tensor:
        return []  # this example is none of those that make the mean small
    return _of_factors(terms, since=0 if in_tensor else 1)


def _largest(passes: Passes, parameters: list[str]) -> float | None:
    """The largest size of an element of these parameters' gradients; None where none has been computed yet."""
    computed = [array for name in parameters if (array := passes.value(f"d{name}")) is not None]
    return max((float(np.abs(array).max()) for array in computed), default=None)


def _of_factors(terms: ChainRuleTerms, since: int) -> list[dict[str, Any]]:
    """The factors that make the product small. The first one belongs to the element, the others to its neuron."""
    found = []
    for place, factor in enumerate(terms.factors):
        smallness = _smallness(factor)
        if place >= since and smallness is not None and smallness < HARDLY:
            kind = ZERO.get(factor.kind) if factor.value == 0 else None
            found.append((smallness, {"kind": kind or SMALL.get(factor.kind), "factor": place, "value": factor.value}))
    named = [reason for _, reason in sorted(found, key=lambda item: item[0]) if reason["kind"]]
    return named[:MOST]


def _smallness(factor: Factor) -> float | None:
    """The size of a factor relative to one that lets the error through; None where that is not defined."""
    if factor.value is None or factor.value != factor.value:
        return None
    if factor.near == 0:
        return 0.0 if factor.kind == "input" else None
    return abs(factor.value) / factor.near
