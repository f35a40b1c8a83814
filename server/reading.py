"""What the network reads: a drawing on the way to 28 x 28 pixels and through the network as it is at a moment."""

import base64
import binascii
from typing import Any

import numpy as np

from engine import Experiment, Refusal, Timeline, questions
from engine.drawing import SIDE, Drawing, drawn, to_bytes
from engine.refusal import known, whole, yes_or_no
from server.answer import Tensors, moment

PIXELS = SIDE * SIDE
PAD = 280  # the most pixels on a side of a drawing
FIELDS = ("side", "ink", "centred", "picture")


def read(timeline: Timeline, t: int, fields: dict[str, Any]) -> Tensors:
    """What the network makes of a drawing, or of a ``picture`` that is taken as it is.

    A drawing is ``ink``, bytes in base64, ``side`` pixels on a side; it is ``centred`` as MNIST's digits are (the
    default) or only made smaller. A picture is 784 bytes.

    Returns:
        ``a0`` to ``aL``, (1, units): the pass of what is read, whose input is whole bytes / 255. Of a drawing also its
        steps ``raw``, ``box``, ``fitted``, ``centre``, ``corner`` and ``placed``, and the outputs ``as_drawn`` and
        ``as_centred`` to either picture. Nothing where nothing is drawn.
    """
    known("", fields, FIELDS)
    experiment = timeline.segment_at(t).experiment
    _looks_at_pictures(experiment)
    centred = yes_or_no("centred", "centred", fields.get("centred", True))
    drawing = None if "picture" in fields else _drawing(fields)
    if drawing is None and "picture" not in fields:
        return Tensors({})
    state = moment(timeline, t)
    if drawing is None:
        return Tensors(_pass(experiment, state, _bytes("picture", fields["picture"], SIDE)[None]))
    pictures = np.stack([to_bytes(drawing.raw), to_bytes(drawing.placed)])
    both = questions.predict(experiment, state, _inputs(experiment, pictures))[f"a{len(experiment.layers)}"]
    steps = _steps(drawing, pictures / 255)
    outputs = {"as_drawn": both[:1], "as_centred": both[1:]}
    return Tensors(_pass(experiment, state, pictures[[int(centred)]]) | outputs | steps)


def _looks_at_pictures(experiment: Experiment) -> None:
    inputs = experiment.sizes[0]
    if inputs != PIXELS:
        raise Refusal("unfit", "ink", "drawing", "28 x 28", f"this network has {inputs} inputs", "inputs", count=inputs)


def _drawing(fields: dict[str, Any]) -> Drawing | None:
    known("", fields, FIELDS, required=("side", "ink"))
    side = whole("side", "side", fields["side"], SIDE, PAD)
    return drawn(_bytes("ink", fields["ink"], side).reshape(side, side) / 255)


def _inputs(experiment: Experiment, pictures: np.ndarray) -> np.ndarray:
    """Bytes as the network sees them, by the arithmetic with which a mini-batch is drawn."""
    scale = np.array(experiment.data.scale, experiment.numpy_dtype)
    return np.multiply(pictures.astype(experiment.numpy_dtype), scale)


def _pass(experiment: Experiment, state: Any, picture: np.ndarray) -> dict[str, np.ndarray]:
    arrays = questions.predict(experiment, state, _inputs(experiment, picture))
    return {name: array for name, array in arrays.items() if name.startswith("a")}


def _steps(drawing: Drawing, pictures: np.ndarray) -> dict[str, np.ndarray]:
    """The steps as tensors; what may be read as whole bytes, as it would be."""
    raw, placed = pictures.reshape(2, SIDE, SIDE)
    places = {name: np.array(getattr(drawing, name), float) for name in ("box", "centre", "corner")}
    return {"raw": raw, "fitted": drawing.fitted, "placed": placed, **places}


def _bytes(field: str, text: Any, side: int) -> np.ndarray:
    """The bytes of a picture of so many pixels on a side."""
    try:
        found = np.frombuffer(base64.b64decode(text, validate=True), np.uint8)
    except (TypeError, ValueError, binascii.Error):
        raise Refusal("invalid", field, "drawing", text, "bytes in base64", "base64") from None
    if found.size != side * side:
        expected = f"{side} x {side} bytes"
        raise Refusal("invalid", field, "drawing", f"{found.size} bytes", expected, "bytes", count=side * side)
    return found
