"""The answers of a session to the question ``read``."""

import base64
import json
from typing import Any

import numpy as np
import pytest

from engine import Experiment, Timeline
from engine.digits.contributions import contributions
from engine.digits.drawing import drawn, to_bytes
from engine.digits.saliency import saliency
from engine.evaluate import evaluation as questions
from engine.experiment.presets import PRESETS
from tests.helpers.networks import same_bits
from tests.helpers.session import look, say, started


def ink_of(rows: slice, columns: slice) -> dict[str, Any]:
    """A pad of 56 x 56 pixels with a full rectangle on it, as a question has it."""
    ink = np.zeros((56, 56), np.uint8)
    ink[rows, columns] = 255
    return {"side": 56, "ink": base64.b64encode(ink.tobytes()).decode()}


@pytest.mark.parametrize("centred", [True, False])
def test_asking_read_gives_the_drawing_as_the_network_sees_it_all_activations_and_the_steps_to_it(centred):
    session = started(PRESETS["digits_13002"])
    fields = ink_of(slice(10, 40), slice(20, 28))
    answer, metadata = look(session, command="ask", question="read", t=0, centred=centred, **fields)
    assert metadata["t"] == "0"
    steps = drawn(np.frombuffer(base64.b64decode(fields["ink"]), np.uint8).reshape(56, 56) / 255)
    assert steps is not None
    chosen = Experiment.from_dict(PRESETS["digits_13002"])
    scale = np.float32(1 / 255)
    inputs = [to_bytes(picture)[None].astype(np.float32) * scale for picture in (steps.raw, steps.placed)]
    raw, placed = (questions.predict(chosen, Timeline(chosen).seek(0), x) for x in inputs)
    used = placed if centred else raw
    assert same_bits(
        {name: answer[name] for name in ("a0", "a1", "a2", "a3")}, {n: used[n] for n in ("a0", "a1", "a2", "a3")}
    )
    assert np.allclose(answer["as_drawn"], raw["a3"], atol=1e-6)
    assert np.allclose(answer["as_centred"], placed["a3"], atol=1e-6)
    assert np.allclose(answer["raw"].ravel(), raw["a0"][0])
    assert np.allclose(answer["placed"].ravel(), placed["a0"][0])
    assert answer["box"].tolist() == [10, 20, 40, 28]
    assert np.allclose(answer["fitted"], steps.fitted)
    assert answer["corner"].tolist() == list(steps.corner)
    assert np.allclose(answer["centre"], steps.centre)


def test_asking_read_about_a_picture_takes_it_as_it_is():
    session, chosen = started(PRESETS["digits_13002"]), Experiment.from_dict(PRESETS["digits_13002"])
    picture = np.random.default_rng(0).integers(0, 256, 784).astype(np.uint8)
    fields = {"picture": base64.b64encode(picture.tobytes()).decode()}
    answer, _ = look(session, command="ask", question="read", t=0, **fields)
    x = picture[None].astype(np.float32) * np.float32(1 / 255)
    expected = questions.predict(chosen, Timeline(chosen).seek(0), x)
    assert same_bits({name: answer[name] for name in ("a0", "a3")}, {name: expected[name] for name in ("a0", "a3")})
    assert "raw" not in answer


def test_asking_read_with_a_target_tells_the_saliency_and_with_shown_the_contributions():
    session, chosen = started(PRESETS["digits_100"]), Experiment.from_dict(PRESETS["digits_100"])
    fields = {"command": "ask", "question": "read", "t": 0, **ink_of(slice(4, 52), slice(20, 30))}
    state = Timeline(chosen).seek(0)
    for target, shown in [(None, [784, 12, 10]), (7, None)]:
        extra = {"target": target} | ({"shown": shown} if shown else {})
        answer, metadata = look(session, **fields, **extra)
        facts = json.loads(metadata["facts"])
        best = int(answer["a2"].argmax())
        assert (facts["best"], facts["target"]) == (best, best if target is None else target)
        expected = saliency(chosen, state, answer["a0"], np.eye(10)[[facts["target"]]])["da0"]
        assert np.array_equal(answer["da0"], expected)
        assert ("c1" in answer) == (shown is not None)
        if shown:
            found = contributions(chosen, state, questions.predict(chosen, state, answer["a0"]), shown)
            assert found["units1"].size == 12
            assert all(np.array_equal(answer[name], found[name]) for name in ("c1", "c2", "units1"))


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        ({"target": 10}, "invalid unit: 10 (0 to 9)"),
        ({"target": "7"}, "invalid unit: '7' (0 to 9)"),
        ({"shown": 3}, "invalid shown: 3 (a list)"),
        ({"shown": [1, 2]}, "invalid units: [1, 2] (a list of 3)"),
        ({"shown": [784, 0, 10]}, "invalid number of units: 0 (1 to 784)"),
        ({"centred": 1}, "invalid centred: 1 (true or false)"),
        ({"picture": "AAAA"}, "invalid drawing: 3 bytes (28 x 28 bytes)"),
        ({"pen": 1}, "unknown field: 'pen' (one of: centred, ink, picture, shown, side, target)"),
    ],
)
def test_a_question_about_a_drawing_that_does_not_fit_is_refused(extra, message):
    fields = ink_of(slice(4, 52), slice(20, 30)) | extra
    answer = say(started(PRESETS["digits_100"]), command="ask", question="read", t=0, **fields)
    assert answer["refused"] == message


@pytest.mark.parametrize(
    ("rows", "columns", "reason"), [(slice(8, 14), slice(8, 14), "dot"), (slice(4, 52), slice(4, 52), "blot")]
)
def test_asking_read_about_a_drawing_that_is_no_digit_gives_the_reason(rows, columns, reason):
    session = started(PRESETS["digits_100"])
    _, metadata = look(session, command="ask", question="read", t=0, **ink_of(rows, columns))
    assert json.loads(metadata["facts"])["rejection"]["reason"] == reason


def test_asking_read_about_an_empty_pad_gives_nothing():
    drawing = {"side": 28, "ink": base64.b64encode(bytes(784)).decode()}
    tensors, _ = look(started(PRESETS["digits_13002"]), command="ask", question="read", t=0, **drawing)
    assert tensors == {}


@pytest.mark.parametrize(
    ("side", "ink", "message"),
    [
        (27, "", "invalid side: 27 (28 to 280)"),
        (281, "", "invalid side: 281 (28 to 280)"),
        (28, "AAAA", "invalid drawing: 3 bytes (28 x 28 bytes)"),
        (28, "A", "invalid drawing: 'A' (bytes in base64)"),
        (28, "é", "invalid drawing: 'é' (bytes in base64)"),
        (28, [0], "invalid drawing: [0] (bytes in base64)"),
        (28, None, "invalid drawing: None (bytes in base64)"),
    ],
)
def test_a_drawing_of_the_wrong_form_is_refused(side, ink, message):
    answer = say(started(PRESETS["digits_13002"]), command="ask", question="read", t=0, side=side, ink=ink)
    assert answer["refused"] == message
