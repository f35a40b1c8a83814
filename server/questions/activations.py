"""The question behind the curves of activations: functions and derivatives over z, in the engine's numbers."""

from typing import Annotated, Any

import numpy as np

from engine.base.refusal import listed, one_of, whole
from engine.explain.neuron import Row, over, row_of
from engine.methods.activations import ACTIVATIONS
from engine.run.source import Source
from server.protocol.kinds import EXAMPLE, LAYER, UNIT, Given, Message, Number, Whole
from server.questions.answer import Tensors, examples_of, moment, passes_to

MOST = 401  # points of a curve


class ActivationsAsked(Message):
    """Which activations, over which z."""

    low: Annotated[float, Number("low", -1e6, 1e6), "where the curves begin"]
    high: Annotated[float, Number("high", -1e6, 1e6), "where they end"]
    points: Annotated[int, Whole("number of points", 2, MOST), "of a curve, evenly spaced"]
    names: Annotated[
        Any, Given("list of activations' names", "string[]"), "the activations; without it, those to begin with"
    ] = None
    layer: Annotated[Any, LAYER, "for softmax, the layer whose z stay as they are"] = None
    unit: Annotated[Any, UNIT, "and the one of its units whose own z varies"] = 0
    example: Annotated[Any, EXAMPLE, "the last where there are fewer"] = 0


def activations(timeline: Source, t: int, asked: ActivationsAsked) -> Tensors:
    """Activations ``a`` and their derivatives ``slope`` over ``z``, a row for each of the ``names``, which the facts
    repeat. An output of softmax depends on all z of its row: its curve is that of one ``unit`` of a ``layer`` whose own
    z varies, while the others are those of the ``example`` at this moment; it is left out where there are none. The
    facts name in ``rows`` those of which that is so.
    """
    first = [name for name, item in ACTIVATIONS.items() if item.compared]
    given = first if asked.names is None else listed("names", asked.names, len(ACTIVATIONS))
    names = [one_of("names", "activation", name, ACTIVATIONS) for name in given]
    z = np.linspace(asked.low, asked.high, asked.points)
    row = None if asked.layer is None else _row(timeline, t, asked)
    moment(timeline, t)
    found = {name: curve for name in names if (curve := over(ACTIVATIONS[name], z, row))}
    a, slope = (np.array([curve[i] for curve in found.values()]).reshape(-1, len(z)) for i in (0, 1))
    rows = [name for name in found if ACTIVATIONS[name].slope is None]
    return Tensors({"z": z, "a": a, "slope": slope}, {"names": list(found), "rows": rows})


def _row(timeline: Source, t: int, asked: ActivationsAsked) -> Row | None:
    found = passes_to(timeline, t)
    sizes = found.experiment.sizes
    layer = whole("layer", "layer", asked.layer, 1, len(sizes) - 1)
    unit = whole("unit", "unit", asked.unit, 0, sizes[layer] - 1)
    example = whole("example", "example", asked.example, 0, 2**31)
    return row_of(found, layer, unit, min(example, examples_of(found) - 1))
