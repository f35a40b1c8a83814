"""The user's drawings in mini-batches, alone or mixed with other examples, and steps back from them."""

import base64
import json
from typing import Any

import numpy as np
import pytest

from engine import Experiment, Refusal, Timeline
from engine.data import Drawings
from tests.helpers.networks import experiment, same_bits, straight_run

RNG = np.random.default_rng(0)
PICTURES = RNG.integers(0, 256, (3, 784), np.uint8)
LABELS = [2, 7, 2]


def drawings(count: int = 3, share: float = 1.0) -> dict[str, Any]:
    pictures = [base64.b64encode(each.tobytes()).decode() for each in PICTURES[:count]]
    return {"pictures": pictures, "labels": LABELS[:count], "share": share}


def digits(**fields: Any) -> Experiment:
    return experiment((4, "tanh"), (10, "softmax"), dataset="digits", **{"mini_batch_size": 5} | fields)


def batch(chosen: Experiment, training_step: int) -> tuple[np.ndarray, np.ndarray]:
    timeline = Timeline(chosen)
    state = timeline.seek(timeline.t_of(training_step) + 1)
    return state["a0"], state["y"].argmax(axis=1)


def test_the_plain_form_gives_the_same_drawings_back():
    chosen = digits(drawings=drawings(share=0.5))
    assert Experiment.from_dict(json.loads(json.dumps(chosen.to_dict()))) == chosen
    assert Drawings.from_dict(drawings()).to_dict() == drawings()
    assert "drawings" not in digits().to_dict()


def test_drawings_alone_are_the_mini_batch():
    for training_step in (0, 7):
        a0, labels = batch(digits(drawings=drawings(1)), training_step)
        assert np.array_equal(a0, PICTURES[:1] * np.float32(1 / 255))
        assert labels.tolist() == [2]
    a0, labels = batch(digits(drawings=drawings(3), mini_batch_size=2), 1)
    assert np.array_equal(a0, PICTURES[[2, 0]] * np.float32(1 / 255))
    assert labels.tolist() == [2, 2]


@pytest.mark.parametrize(("share", "drawn"), [(0.001, 1), (0.2, 1), (0.5, 2), (0.8, 4)])
def test_mixed_in_drawings_replace_the_first_examples_and_leave_the_others_as_they_are(share, drawn):
    usual, usual_labels = batch(digits(), 3)
    a0, labels = batch(digits(drawings=drawings(share=share)), 3)
    assert a0.shape == usual.shape
    assert np.array_equal(a0[drawn:], usual[drawn:])
    assert np.array_equal(labels[drawn:], usual_labels[drawn:])
    rows = [(3 * drawn + i) % 3 for i in range(drawn)]
    assert np.array_equal(a0[:drawn], PICTURES[rows] * np.float32(1 / 255))
    assert labels[:drawn].tolist() == [LABELS[row] for row in rows]


def test_a_smaller_mini_batch_at_the_end_of_an_epoch_keeps_its_size():
    chosen = digits(drawings=drawings(share=0.8), mini_batch_size=7)
    last = 60_000 // 7
    assert [chosen.examples_in(step) for step in (last - 1, last, last + 1)] == [7, 60_000 % 7, 7]
    a0, _ = batch(chosen, last)
    assert len(a0) == 60_000 % 7


@pytest.mark.parametrize("share", [1.0, 0.4])
@pytest.mark.parametrize("more", [{}, {"augment": {"shift": 2, "stroke": 0.5, "noise": 0.1}}])
def test_teaching_is_a_change_that_can_be_undone_replayed_and_ended(share, more):
    before = digits(**more)
    steps = len(Timeline(before).program)
    timeline = Timeline(before)
    untaught = [timeline.seek(t) for t in range(4 * steps)]
    timeline.change(2 * steps, drawings=drawings(2, share))
    timeline.change(5 * steps, drawings=None)
    taught = straight_run(timeline.experiment, 7 * steps)
    for t in (7 * steps, 2 * steps, 3 * steps + 4, 5 * steps, 5 * steps + 1, 0, 6 * steps + 3, 2 * steps + 1):
        assert same_bits(timeline.seek(t), taught[t]), t
    for t in range(2 * steps):
        assert same_bits(timeline.seek(t), untaught[t])
    assert not np.array_equal(taught[3 * steps]["W1"], untaught[3 * steps]["W1"])
    again = Timeline(Experiment.from_dict(timeline.experiment.to_dict()))
    assert same_bits(again.seek(6 * steps), taught[6 * steps])


@pytest.mark.parametrize(
    ("change", "message", "field"),
    [
        ({"pictures": []}, "invalid number of drawings: 0 (1 to 200)", "drawings.pictures"),
        ({"labels": [1]}, "unfit labels: 1 (as many as there are drawings: 3)", "drawings.labels"),
        ({"labels": [1, 2, 10]}, "invalid label: 10 (0 to 9)", "drawings.labels.2"),
        ({"share": 0}, "invalid share: 0 (0.001 to 1)", "drawings.share"),
        ({"pictures": ["A", "", ""]}, "invalid drawing: 'A' (bytes in base64)", "drawings.pictures.0"),
        ({"pictures": ["AAAA"] * 3}, "invalid drawing: 3 bytes (784 bytes)", "drawings.pictures.0"),
        ({"pen": 1}, "unknown field: 'pen' (one of: labels, pictures, share)", "drawings.pen"),
    ],
)
def test_malformed_drawings_are_refused(change, message, field):
    with pytest.raises(Refusal) as refused:
        digits(drawings=drawings() | change)
    assert str(refused.value) == message
    assert refused.value.field == field
