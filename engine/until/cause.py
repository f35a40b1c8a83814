"""Why a run has stopped: what was measured, the element in which the cause is seen best, and its chain-rule terms."""

from typing import Any

import numpy as np

from engine.base.tensors import parameter_of
from engine.explain.chain_rule import chain_rule_terms
from engine.explain.passes import passes
from engine.explain.per_example_gradients import per_example_gradients
from engine.health.remedies import fitting, remedy
from engine.health.troubles import TROUBLES, in_force
from engine.run.source import Source
from engine.run.until import Condition


def cause(timeline: Source, t: int, condition: Condition) -> dict[str, Any]:
    """Why a condition is true at the moment t.

    The chain-rule terms are those of the training step that leads to t; where its gradients have not been computed yet,
    of the one before, which has made the parameters that are in force.

    Returns:
        ``measured``, the measurements that it looks at, the newest last; ``bounds``, what they are compared with;
        ``at``, the moment that has the gradients; the element's ``tensor``, ``index``, ``value``, ``gradient`` and
        ``update``; the ``example`` whose gradient is the largest, with its ``terms`` (see ``ChainRuleTerms``); and the
        ``remedies`` that fit. Without such an element, or before the first gradients, what belongs to it is None.
    """
    place = timeline.locate(max(t - 1, 0))
    segment = timeline.segments[place.segment]
    experiment = segment.experiment
    cures = [name for trouble in condition.kind.troubles for name in TROUBLES[trouble][1]]
    with np.errstate(all="ignore"):
        measured = timeline.measured(t, condition)
        state = timeline.seek(t)
        at = t if f"d{experiment.parameters[0]}" in state else timeline.t_of(place.training_step)
        found = condition.source(experiment, timeline.seek(at), measured if condition.remembers else measured[-1])
        plain = in_force(experiment, state)
        told: dict[str, Any] = {
            "measured": condition.kind.tells(measured),
            "bounds": list(condition.bounds),
            "at": at,
            "tensor": found and found[0],
            "index": found and list(found[1]),
            **dict.fromkeys(("value", "gradient", "update", "example", "terms")),
            "remedies": [remedy(name, plain) for name in cures if fitting(name, plain)],
        }
        return told | (_element(timeline, at, *found) if found else {})


def _element(timeline: Source, at: int, tensor: str, index: tuple[int, ...]) -> dict[str, Any]:
    """The numbers and the chain-rule terms of an element."""
    past, state = passes(timeline, at), timeline.seek(at)
    numbers = {
        name: float(array[index]) for name, array in state.items() if parameter_of(name) == tensor and array.ndim
    }
    told: dict[str, Any] = {
        "value": numbers.get(tensor),
        "gradient": numbers.get(f"d{tensor}"),
        "update": numbers.get(f"u{tensor}"),
    }
    each = per_example_gradients(past, tensor, index)
    if each is None:
        return told
    example = int(np.nan_to_num(np.abs(each.astype(float)), nan=np.inf).argmax())
    return told | {"example": example, "terms": chain_rule_terms(past, tensor, index, example).to_dict()}
