"""What the network reads, at a moment, in a drawing or a picture."""

from typing import Annotated, Any

import numpy as np

from engine import Experiment, Refusal
from engine.base.refusal import Described, listed, whole
from engine.digits.contributions import contributions
from engine.digits.drawing import SIDE
from engine.digits.rejection import rejection_by_outputs
from engine.digits.saliency import saliency
from engine.evaluate import evaluation as questions
from engine.run.source import Source
from server.protocol.kinds import Given, Message
from server.questions import handed
from server.questions.answer import Answer, Tensors, moment


class Read(Message):
    """What is handed over, and what is wanted of it."""

    side: Annotated[
        Any,
        Given(f"whole number, {SIDE} to {handed.PAD}", "number"),
        "pixels on a side of a drawing",
    ] = None
    ink: Annotated[Any, Given("bytes in base64", "string"), "the drawing, row by row, 255 is full ink"] = None
    centred: Annotated[Any, Given("true or false", "boolean"), "as the digits that were trained on are"] = True
    picture: Annotated[
        Any,
        Given(f"{SIDE * SIDE} bytes in base64", "string"),
        "taken as it is, instead of a drawing",
    ] = None
    target: Annotated[
        Any,
        Given("whole number: an output, or null for the one that is answered", "number | null"),
        "the digit whose saliency is wanted",
    ] = None
    shown: Annotated[
        Any,
        Given("list of a whole number for each layer", "number[]"),
        "for how many neurons there is room",
    ] = None


def read(timeline: Source, t: int, asked: Read) -> Tensors:
    """What the network makes of a drawing, or of a ``picture`` that is taken as it is.

    A drawing is ``ink``, bytes in base64, ``side`` pixels on a side; it is ``centred`` as MNIST's digits are (the
    default) or only made smaller. A picture is 784 bytes. With a ``target``, a digit or null for the one that is
    answered, it also tells how that digit's loss changes with the ink; with ``shown``, for each layer how many neurons
    there is room for, what each of these adds to those above.

    Returns:
        ``a0`` to ``aL``, (1, units): the pass of what is read, whose input is whole bytes / 255. Of a drawing also its
        steps ``raw``, ``box``, ``fitted``, ``centre``, ``corner`` and ``placed``, and the outputs ``as_drawn`` and
        ``as_centred`` to either picture. With a target ``da0``, (1, 784); with ``shown`` the contributions ``c1`` to
        ``cL``, and the ``units`` of hidden layers that they are of. The facts are the ``best`` digit, the ``target``,
        the ``rejection``, if any, and of both ``ways``, as drawn and centred, the best digit and whether that is
        unsure. Nothing where nothing is drawn.
    """
    fields = asked.model_dump(exclude_unset=True)
    experiment = timeline.segment_at(t).experiment
    _looks_at_pictures(experiment)
    _check(experiment, fields)
    found = handed.handed(fields)
    if found is None:
        return Tensors({})
    state, depth = moment(timeline, t), len(experiment.layers)
    x = experiment.data.seen(found.picture[None], experiment.numpy_dtype)
    answer = questions.predict(experiment, state, x)
    output = answer[f"a{depth}"][0]
    best = int(output.argmax())
    methods = experiment.layers[-1].activation, experiment.loss
    rejection = found.rejection or rejection_by_outputs(output, *methods)
    facts: Answer = {"best": best, "rejection": rejection}
    tensors = {name: array for name, array in answer.items() if name.startswith("a")} | found.steps
    if found.ways is not None:
        both = questions.predict(experiment, state, experiment.data.seen(found.ways, experiment.numpy_dtype))[
            f"a{depth}"
        ]
        tensors |= {"as_drawn": both[:1], "as_centred": both[1:]}
        unsure = [bool(found.rejection or rejection_by_outputs(each, *methods)) for each in both]
        facts["ways"] = [{"best": int(each.argmax()), "unsure": i} for each, i in zip(both, unsure, strict=True)]
    target = best if fields.get("target") is None else int(fields["target"])
    if "target" in fields:
        tensors["da0"] = saliency(experiment, state, x, np.eye(experiment.sizes[-1])[[target]])["da0"]
    if "shown" in fields:
        tensors |= contributions(experiment, state, answer, fields["shown"])
    return Tensors(tensors, facts | {"target": target})


def _looks_at_pictures(experiment: Experiment) -> None:
    inputs = experiment.sizes[0]
    if inputs != SIDE * SIDE:
        value, expected = Described("28 x 28", "picture"), f"this network has {inputs} inputs"
        raise Refusal("unfit", "ink", "drawing", value, expected, "inputs", count=inputs)


def _check(experiment: Experiment, fields: dict[str, Any]) -> None:
    """Check the target and how many neurons are to be shown."""
    sizes = experiment.sizes
    if fields.get("target") is not None:
        whole("target", "unit", fields["target"], 0, sizes[-1] - 1)
    if "shown" in fields:
        shown = listed("shown", fields["shown"])
        if len(shown) != len(sizes):
            expected = f"a list of {len(sizes)}"
            raise Refusal("invalid", "shown", "units", shown, expected, "list_of", count=len(sizes))
        for count in shown:
            whole("shown", "number of units", count, 1, max(sizes))
