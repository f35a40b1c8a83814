"""What the network sees of the pad, what is asked about it, and the digit that it reads."""

import base64
from collections.abc import Mapping

import numpy as np
import pytest

from tests.helpers.node import answers, call

SEEN = """
import { askedOf, digitOf, drawingOf, seenMarks } from "./pad/seen.js";
const reading = (values) => ({ tensors: new Map([["a0", { data: Float32Array.from(values) }]]), facts: {}, best: 7 });
const answer = ([name, ...given]) => ({
  asked: (state, untouched, bytes) =>
    askedOf(state, untouched && { picture: Uint8Array.from(untouched) }, 4, () => Uint8Array.from(bytes)),
  drawing: (values, untouched) => drawingOf(values && reading(values), untouched, null),
  again: (first, second, label) => {
    const before = drawingOf(reading(first), null, null);
    return drawingOf(reading(second), label === null ? null : { label }, before) === before;
  },
  marks: (values) => seenMarks(values && reading(values), "#123456"),
})[name](...given);
"""


def asked(state: Mapping[str, object], untouched: list[int] | None, ink: list[int]) -> dict[str, object]:
    (found,) = answers(SEEN, [["asked", state, untouched, ink]])
    assert isinstance(found, dict)
    return found


def test_only_a_network_of_pictures_and_ten_classes_reads_digits():
    sizes = [[784, 30, 10], [784, 10], [784, 30, 9], [2, 3, 1]]
    assert call("pad/seen.js", "reads", [[{"listing": {"sizes": each}}] for each in sizes]) == [
        True, True, False, False,
    ]  # fmt: skip


def test_ink_is_sent_as_bytes_and_an_untouched_picture_as_it_is():
    state = {"networkShows": "moment", "room": None, "centred": True}
    drawn = asked(state, None, [0, 255, 128, 7])
    assert base64.b64decode(str(drawn.pop("ink"))) == bytes([0, 255, 128, 7])
    assert drawn == {"side": 4, "centred": True}
    assert asked(state, [9, 8], [1]) == {"picture": base64.b64encode(bytes([9, 8])).decode()}


def test_neurons_are_told_of_only_where_the_network_shows_the_drawing():
    room: dict[str, object] = {"room": "[784, 12, 10]", "centred": False}
    assert "shown" not in asked(room | {"networkShows": "moment"}, None, [1])
    assert asked(room | {"networkShows": "drawing"}, None, [1])["shown"] == [784, 12, 10]


def test_what_is_seen_is_a_picture_of_bytes_and_where_it_came_from():
    strokes, image, nothing = answers(
        SEEN, [["drawing", [0, 0.5, 1], None], ["drawing", [0, 0.5, 1], {"label": 4}], ["drawing", None, None]]
    )
    assert strokes == {"picture": [0, 128, 255], "from": "strokes", "label": None}
    assert image == {"picture": [0, 128, 255], "from": "image", "label": 4}
    assert nothing is None


@pytest.mark.parametrize(
    ("second", "label", "same"), [([0, 0.5], None, True), ([0, 0.6], None, False), ([0, 0.5], 3, False)]
)
def test_the_same_picture_is_the_same_object(second, label, same):
    assert answers(SEEN, [["again", [0, 0.5], second, label]]) == [same]


def test_every_pixel_of_the_input_is_a_mark():
    values = np.random.default_rng(0).random(784).astype(np.float32)
    marks, none = answers(SEEN, [["marks", values.tolist()], ["marks", None]])
    assert [mark["index"] for mark in marks] == [[0, k] for k in range(784)]
    assert np.array_equal(np.array([mark["value"] for mark in marks], np.float32), values)
    assert none == []


def test_a_rejected_drawing_is_a_question_mark():
    readings = [None, {"best": 7, "facts": {}}, {"best": 7, "facts": {"rejection": {"reason": "small"}}}]
    assert call("pad/seen.js", "digitOf", [[each] for each in readings]) == ["—", "7", "?"]
