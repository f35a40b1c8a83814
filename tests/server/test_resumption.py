"""A run is handed back to a server that has lost it, and goes on from there with the same bits; what does not fit is
refused by name and changes nothing.
"""

import base64
import hashlib
import json
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load, save

from engine import Experiment
from engine.experiment.presets import PRESETS
from server.capacity import Capacity
from server.limits import LANDMARK_BYTES
from server.session import Session
from tests.helpers.experiments import ADAM, DIVERGES
from tests.helpers.networks import plain, same_bits, straight_run
from tests.helpers.session import look, reach, say, started

EVERYTHING = plain((5, "tanh", {"batch_norm": True}), (2, "softmax"), dataset="moons", mini_batch_size=8) | {
    "optimizer": {"name": "adam", "learning_rate": 0.01},
    "schedule": {"name": "cosine"},
    "changes": [{"t": 70, "clip_norm": 0.5}, {"t": 133, "learning_rate": 0.02}],
}
Landmark = dict[str, Any]


def kept(session: Session, t: int) -> Landmark:
    """What a page keeps at t."""
    reach(session, t)
    found: Landmark = say(session, command="ask", t=t, question="landmark")["answer"]["landmark"]
    return found


def handed_back(session: Session, landmark: Landmark, parts: int = 1) -> dict[str, Any]:
    """The answer to the last part of a landmark that is handed back in so many."""
    text, size = landmark["file"], 4 * -(-len(landmark["file"]) // (4 * parts))
    pieces = [text[place : place + size] for place in range(0, len(text), size)]
    for piece in pieces[:-1]:
        assert say(session, command="resume", part=piece, checksum=landmark["checksum"], more=True) == {"resumed": None}
    return say(session, command="resume", part=pieces[-1], checksum=landmark["checksum"])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("parts", [1, 3])
def test_a_run_goes_on_from_what_was_kept_of_it_with_the_same_bits(monkeypatch, dtype, parts):
    monkeypatch.setattr("engine.run.timeline.AGAIN", 0)
    form = EVERYTHING | {"dtype": dtype}
    straight = straight_run(Experiment.from_dict(form), 700)
    landmark = kept(started(form), 650)
    assert 500 < landmark["t"] < 650
    session = started(form)
    assert handed_back(session, landmark, parts) == {"resumed": landmark["t"]}
    for t in (650, 649, 700, landmark["t"], 651, 3):
        tensors, _ = reach(session, t)
        shown = {name: array.astype(tensors[name].dtype) for name, array in straight[t].items()}
        assert same_bits(tensors, shown), t


def test_what_is_long_is_back_at_once():
    session, far = started(ADAM), 1_600_000
    landmark = kept(session, far)
    before, _ = reach(session, far)
    other = started(ADAM)
    began = time.perf_counter()
    assert handed_back(other, landmark) == {"resumed": landmark["t"]}
    after, _ = reach(other, far)
    assert time.perf_counter() - began < 1.5
    assert same_bits(before, after)


def test_a_condition_is_asked_of_what_lies_after_the_landmark_alone():
    first = started()
    landmark = kept(first, 1_600_000)
    session = started()
    handed_back(session, landmark)
    _, metadata = look(session, command="seek", t=landmark["t"] + 18, until={"name": "not_finite"})
    assert metadata["t"] == str(landmark["t"] + 18)


def test_at_the_beginning_and_of_what_is_too_large_nothing_is_kept():
    assert kept(started(), 0) is None
    wide = plain((1024, "relu"), (1024, "relu"), (10, "softmax"), dataset="digits", mini_batch_size=1)
    assert LANDMARK_BYTES > 4 * (784 * 1024 + 1024 * 1024)  # of its parameters alone
    session = started(wide | {"optimizer": {"name": "momentum"}})
    assert kept(session, 40) is None


def test_of_a_run_that_has_diverged_what_was_sound_is_kept():
    landmark = kept(started(DIVERGES), 700)
    assert landmark is None or all(
        np.isfinite(each).all() for each in load(base64.b64decode(landmark["file"])).values()
    )


XOR = PRESETS["xor"]


def changed(landmark: Landmark, change: Callable[[dict[str, np.ndarray], dict[str, str]], None]) -> Landmark:
    """The landmark with another file, whose checksum is right."""
    data = base64.b64decode(landmark["file"])
    length = int.from_bytes(data[:8], "little")
    tensors = {name: array.copy() for name, array in load(data).items()}
    metadata = json.loads(data[8 : 8 + length])["__metadata__"]
    change(tensors, metadata)
    return sealed(save(tensors, metadata))


def sealed(data: bytes) -> Landmark:
    return {"file": base64.b64encode(data).decode(), "checksum": hashlib.sha256(data).hexdigest()}


def put(name: str, array: Any) -> Callable[[dict[str, np.ndarray], dict[str, str]], None]:
    return lambda tensors, metadata: tensors.update({name: np.array(array, np.float32)})


def put_metadata(name: str, text: str) -> Callable[[dict[str, np.ndarray], dict[str, str]], None]:
    return lambda tensors, metadata: metadata.update({name: text})


def put_double(tensors: dict[str, np.ndarray], metadata: dict[str, str]) -> None:
    tensors["b1"] = tensors["b1"].astype(float)


WRONG = {
    "missing": (lambda tensors, metadata: tensors.pop("b1"), "its b1 is missing"),
    "unknown": (put("W9", [1]), "unknown tensor: 'W9'"),
    "shape": (put("b1", [0]), "its b1 is [1], this network needs [4]"),
    "not finite": (put("b1", [0, np.nan, 0, 0]), "its b1 has numbers that are not finite"),
    "double": (put_double, "unknown dtype: 'F64' (one of: F32)"),
    "another run": (put_metadata("experiment", "0"), "it is of another run"),
    "no t": (put_metadata("t", "-1"), "invalid t: '-1' (a moment at which a training step begins)"),
    "within a training step": (put_metadata("t", "19"), "a moment at which a training step begins"),
    "at the beginning": (put_metadata("t", "0"), "a moment at which a training step begins"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_does_not_fit_is_refused_by_name_and_the_run_is_replayed(monkeypatch, name):
    monkeypatch.setattr("engine.run.timeline.AGAIN", 0)
    change, words = WRONG[name]
    landmark = kept(started(XOR), 360)
    session = started(XOR)
    answer = handed_back(session, changed(landmark, change))
    assert words in answer["refused"]
    assert same_bits(reach(session, 360)[0], reach(started(XOR), 360)[0])
    assert handed_back(session, landmark) == {"resumed": landmark["t"]}


def test_what_is_damaged_is_no_file_or_too_much_is_refused_and_what_came_before_is_let_go(monkeypatch):
    monkeypatch.setattr("engine.run.timeline.AGAIN", 0)
    landmark = kept(started(XOR), 360)
    session = started(XOR)
    damaged = bytearray(base64.b64decode(landmark["file"]))
    damaged[-1] ^= 1
    said = handed_back(session, {**landmark, "file": base64.b64encode(damaged).decode()})
    assert said["refused"] == "unfit checkpoint: the file (its checksum is another)"
    assert "no safetensors file" in handed_back(session, sealed(b"12345678"))["refused"]
    too_much = base64.b64encode(bytes(3 << 16)).decode()
    assert "at most" in say(session, command="resume", part=too_much, checksum="", more=True)["refused"]
    assert handed_back(session, landmark, 2) == {"resumed": landmark["t"]}


def test_a_landmark_from_before_a_change_serves_the_changed_run_and_one_from_after_it_does_not(monkeypatch):
    monkeypatch.setattr("engine.run.timeline.AGAIN", 0)
    first = started(XOR)
    landmark = kept(first, 360)
    later = {**XOR, "changes": [{"t": 360, "learning_rate": 0.1}]}
    earlier = {**XOR, "changes": [{"t": 20, "learning_rate": 0.1}]}
    assert handed_back(started(later), landmark) == {"resumed": landmark["t"]}
    assert "it is of another run" in handed_back(started(earlier), landmark)["refused"]


def test_the_example_of_a_session_without_a_run_is_refused():
    answer = say(Session(Capacity()), command="resume", part="", checksum="")
    assert "start comes first" in answer["refused"]
