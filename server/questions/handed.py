"""What a page hands to the network to read: a drawing on its way to 28 x 28 pixels, or a picture of that size."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.base.refusal import bytes_in, known, whole, yes_or_no
from engine.digits.drawing import SIDE, box_of, drawn, to_bytes
from engine.digits.rejection import Rejection, rejection_by_ink

PAD = 280  # the most pixels on a side of a drawing
FIELDS = ("side", "ink", "centred", "picture")


@dataclass(frozen=True)
class Handed:
    """The ``picture`` that the network is given, (784,) bytes, and the ``rejection`` of its ink, if any.

    Of a drawing also both ``ways``, (2, 784) bytes, that it could be given, as drawn and centred; and the ``steps`` to
    these, as tensors.
    """

    picture: np.ndarray
    rejection: Rejection | None
    ways: np.ndarray | None = None
    steps: dict[str, np.ndarray] = field(default_factory=dict)


def handed(fields: Mapping[str, Any]) -> Handed | None:
    """What the fields of a question hand over; None for an empty pad.

    Raises:
        Refusal: it is neither a drawing nor a picture.
    """
    centred = yes_or_no("centred", "centred", fields.get("centred", True))
    if "picture" in fields:
        return _picture(_bytes("picture", fields["picture"], SIDE))
    known("", dict(fields), fields, required=("side", "ink"))
    side = whole("side", "side", fields["side"], SIDE, PAD)
    return _drawing(_bytes("ink", fields["ink"], side).reshape(side, side) / 255, centred)


def _picture(picture: np.ndarray) -> Handed:
    square = picture.reshape(SIDE, SIDE) / 255
    box = box_of(square)
    return Handed(picture, rejection_by_ink(square[box[0] : box[2], box[1] : box[3]]) if box else {"reason": "empty"})


def _drawing(ink: np.ndarray, centred: bool) -> Handed | None:
    drawing = drawn(ink)
    if drawing is None:
        return None
    top, left, bottom, right = drawing.box
    ways = np.stack([to_bytes(drawing.raw), to_bytes(drawing.placed)])
    raw, placed = ways.reshape(2, SIDE, SIDE) / 255
    places = {name: np.array(getattr(drawing, name), float) for name in ("box", "centre", "corner")}
    return Handed(
        ways[int(centred)],
        rejection_by_ink(drawing.fitted, max(bottom - top, right - left) / len(ink)),
        ways,
        {"raw": raw, "fitted": drawing.fitted, "placed": placed, **places},
    )


def _bytes(name: str, text: Any, side: int) -> np.ndarray:
    """The bytes of a picture of so many pixels on a side."""
    return np.frombuffer(bytes_in(name, "drawing", text, side, side), np.uint8)
