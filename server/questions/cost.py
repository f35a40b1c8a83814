"""The questions about the cost of a training step: counted, and measured a part at a time."""

from typing import Annotated

from engine.explain import cost as costs
from engine.run.source import Source
from server.limits import PART_SECONDS
from server.protocol.kinds import Message, Nothing, OneOf, Whole
from server.questions.answer import Answer, examples_of, moment, passes_to

MINI_BATCH, FULL_BATCH, LOOP = "mini_batch", "full_batch", "loop"


def cost(timeline: Source, t: int, asked: Nothing) -> Answer:
    """What a training step costs: multiply-adds by phase and layer, bytes that are kept for the backward pass, and how
    many forward passes central differences would take for the same gradient.
    """
    found = passes_to(timeline, t)
    return costs.cost(found, examples_of(found))


class TimesAsked(Message):
    """What is measured."""

    of: Annotated[str, OneOf("measurement", (MINI_BATCH, FULL_BATCH, LOOP)), "what is measured"]
    start: Annotated[int, Whole("part", 0, 10**6), "of a full batch, the first part that is measured"] = 0


def times(timeline: Source, t: int, asked: TimesAsked) -> Answer:
    """How long a training step takes on the server: of a `mini_batch`, by phase and layer; of a `full_batch`, so many
    of its parts as there is time for, so that others can be answered between them; or of a `loop` over the neurons of
    the largest layer, beside its matrix product.
    """
    found = passes_to(timeline, t)
    moment(timeline, found.begin)
    if asked.of == MINI_BATCH:
        return costs.mini_batch_times(found, PART_SECONDS)
    if asked.of == LOOP:
        return costs.loop_times(found, PART_SECONDS)
    return costs.full_batch_times(found, asked.start, PART_SECONDS)
