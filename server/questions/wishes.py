"""The question behind the inspector's wishes: what one example asks of a layer, and of one neuron of it."""

from typing import Annotated, Any

import numpy as np

from engine.base.refusal import whole
from engine.explain import wishes as wished
from engine.run.source import Source
from server.protocol.kinds import EXAMPLE, LAYER, UNIT, Message
from server.questions.answer import Tensors, examples_of, passes_to

COLUMNS = 256  # the most neurons whose wishes travel side by side


class WishesAsked(Message):
    """A layer, an example, and a neuron to follow."""

    layer: Annotated[Any, LAYER, "whose neurons are asked of"]
    example: Annotated[Any, EXAMPLE, "who asks"]
    neuron: Annotated[Any, UNIT, "whose three ways are told"] = None


def wishes(timeline: Source, t: int, asked: WishesAsked) -> Tensors:
    """What one ``example`` asks of the units of a ``layer`` and what each neuron above asks of them, and the three ways
    of one ``neuron`` of that layer, or of the one to follow: see engine.explain.wishes. Of more than 256 neurons above,
    those that ask the most are sent, and ``columns`` says which.
    """
    seen = passes_to(timeline, t)
    sizes = seen.experiment.sizes
    layer = whole("layer", "layer", asked.layer, 0, len(sizes) - 1)
    example = whole("example", "example", asked.example, 0, examples_of(seen) - 1)
    chosen = asked.neuron
    neuron = None if chosen is None else whole("neuron", "unit", chosen, 0, sizes[layer] - 1)
    found = wished.wishes(seen, layer, example)
    if "wish" in found:
        neuron = wished.followed(found) if neuron is None else neuron
        found |= {"neuron": np.array(neuron), **wished.ways(seen, layer, example, neuron)}
    return Tensors(_strongest(found))


def _strongest(found: wished.Arrays) -> wished.Arrays:
    """The same with no more than the strongest columns."""
    if len(found.get("asked", ())) <= COLUMNS:
        return found
    order = np.argsort(-np.abs(found["above"]), kind="stable")
    columns = np.sort(order[:COLUMNS])
    return {**found, "columns": columns, **{name: found[name][columns] for name in ("asked", "W")}}
