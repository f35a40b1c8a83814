"""The questions behind the inspector's views: where a gradient comes from, in the numbers of a moment."""

from typing import Any

from engine import Timeline
from engine.base.refusal import known, listed, one_of, yes_or_no
from engine.explain.parameter_update import applied
from engine.explain.passes import passes
from server.protocol.listing import tensors as names_of
from server.questions.answer import Tensors, moment


def tensors(timeline: Timeline, t: int, fields: dict[str, Any]) -> Tensors:
    """Whole tensors of the moment by their ``names``; those that have not been computed yet are left out."""
    known("", fields, ("names",), required=("names",))
    names = [one_of("names", "tensor", name, names_of(timeline)) for name in listed("names", fields["names"])]
    state = moment(timeline, t)
    return Tensors({name: state[name] for name in names if name in state})


def column(timeline: Timeline, t: int, fields: dict[str, Any]) -> Tensors:
    """The gradients of all parameters, in the order of the program, or with ``updates`` the updates that are applied;
    those that have not been computed yet are left out.
    """
    known("", fields, ("updates",))
    wanted = yes_or_no("updates", "updates", fields.get("updates", False))
    state = moment(timeline, t)
    if wanted:
        return Tensors(applied(timeline, t))
    names = [f"d{name}" for name in passes(timeline, t).experiment.parameters]
    return Tensors({name: state[name] for name in names if name in state})
