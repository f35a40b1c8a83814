"""Why a gradient is so small: the factors of a ledger that let hardly anything through, named."""

from typing import Any

from engine.explain.chain_rule import ChainRuleTerms, Factor

HARDLY = 1 / 10  # of what a factor of that kind usually is
MOST = 3
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


def reasons(ledger: ChainRuleTerms) -> list[dict[str, Any]]:
    """The factors that make the product tiny, the worst first: ``kind`` (a name for the reason), ``factor`` (its place
    in the ledger) and its ``value``. Factors that are not known yet, or no finite numbers, are not among them.
    """
    found = []
    for place, factor in enumerate(ledger.factors):
        smallness = _smallness(factor)
        if smallness is not None and smallness < HARDLY:
            kind = ZERO.get(factor.kind) if factor.value == 0 else None
            found.append((smallness, {"kind": kind or SMALL.get(factor.kind), "factor": place, "value": factor.value}))
    named = [reason for _, reason in sorted(found, key=lambda item: item[0]) if reason["kind"]]
    return named[:MOST]


def _smallness(factor: Factor) -> float | None:
    """How large a factor is beside what it usually is; None where nothing can be said."""
    if factor.value is None or factor.value != factor.value:
        return None
    if factor.near == 0:
        return 0.0 if factor.kind == "input" else None
    return abs(factor.value) / factor.near
