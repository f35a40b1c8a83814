"""Why a gradient is small: the chain-rule factors that let hardly any of the error through, with a name for each."""

from typing import Any

from engine.explain.chain_rule import ChainRuleTerms, Factor

HARDLY = 1 / 10  # of the size of a factor of that kind that lets the error through
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


def reasons(terms: ChainRuleTerms) -> list[dict[str, Any]]:
    """At most ``MOST`` factors that make the product small, the smallest first.

    Returns:
        For each reason its name ``kind``, the place ``factor`` of the factor in the terms, and the factor's ``value``.
        A factor that has not been computed yet or is NaN is no reason.
    """
    found = []
    for place, factor in enumerate(terms.factors):
        smallness = _smallness(factor)
        if smallness is not None and smallness < HARDLY:
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
