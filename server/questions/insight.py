"""The questions behind the inspector's views: where a gradient comes from, in the numbers of a moment."""

from typing import Annotated, Any

from engine.base.refusal import listed, one_of
from engine.explain.parameter_update import parameter_updates
from engine.explain.passes import passes
from engine.run.source import Source
from server.protocol.kinds import Given, Message, YesOrNo
from server.questions.answer import Tensors, moment


class TensorsAsked(Message):
    """Which tensors."""

    names: Annotated[Any, Given("list of tensors' names", "string[]"), "what is wanted whole"]


def tensors(timeline: Source, t: int, asked: TensorsAsked) -> Tensors:
    """Whole tensors of the moment by their ``names``; those that have not been computed yet are left out."""
    names = [one_of("names", "tensor", name, timeline.tensors) for name in listed("names", asked.names)]
    state = moment(timeline, t)
    return Tensors({name: state[name] for name in names if name in state})


class ColumnAsked(Message):
    """Which column."""

    updates: Annotated[bool, YesOrNo("updates"), "updates instead of gradients"] = False


def column(timeline: Source, t: int, asked: ColumnAsked) -> Tensors:
    """The gradients of all parameters, in the order of the program, or with ``updates`` the updates that are applied;
    those that have not been computed yet are left out.
    """
    state = moment(timeline, t)
    if asked.updates:
        return Tensors(parameter_updates(timeline, t))
    names = [f"d{name}" for name in passes(timeline, t).experiment.parameters]
    return Tensors({name: state[name] for name in names if name in state})
