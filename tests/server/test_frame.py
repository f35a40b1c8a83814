"""A frame gives back what went into it, and is a safetensors file that anybody can open."""

import json
import struct
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from server.protocol.frame import decode, encode

shapes = arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
tensors = st.dictionaries(
    st.from_regex(r"[a-zA-Z]{1,9}[0-9]?", fullmatch=True), arrays.arrays(np.float32, shapes), max_size=5
)
metadata = st.dictionaries(st.text(max_size=5), st.text(max_size=9), max_size=3)


def same(found: dict[str, np.ndarray], expected: dict[str, np.ndarray]) -> bool:
    return found.keys() == expected.keys() and all(
        found[name].shape == array.shape and found[name].tobytes() == array.astype("<f4").tobytes()
        for name, array in expected.items()
    )


@given(tensors, metadata)
def test_what_is_encoded_is_decoded(sent, about):
    received, said = decode(encode(sent, about))
    assert said == about
    assert same(received, sent)
    assert list(received) == list(sent)


@given(tensors)
def test_a_frame_opens_as_a_safetensors_file(sent):
    frame = encode(sent, {"t": "13", "id": "a"})
    assert same(safetensors.numpy.load(frame), sent)
    assert safetensors.deserialize(frame) is not None


COUNTED = {
    "W1": np.ones((3, 1), np.float32),
    "updates": np.array(2.0**53 - 1),
    "learning_rate": np.array(0.1, np.float32),
    "rate_step": np.array(2.0**24 + 1),
    "loss": np.array(1e-70),
    "penalty1": np.array(1e70),
    "norm": np.array(2e200),
}


@given(tensors, metadata)
@example(COUNTED, {})
def test_tensors_start_where_a_browser_can_look_at_them_in_place(sent, about):
    frame = encode(sent, about)
    (length,) = struct.unpack_from("<Q", frame)
    assert length % 8 == 0
    entries: dict[str, Any] = json.loads(frame[8 : 8 + length])
    entries.pop("__metadata__")
    places = sorted(entry["data_offsets"] for entry in entries.values())
    ends = [0, *(end for _, end in places)]
    assert [start for start, _ in places] == ends[:-1]
    assert ends[-1] == len(frame) - 8 - length
    for entry in entries.values():
        assert entry["data_offsets"][0] % {"F32": 4, "F64": 8}[entry["dtype"]] == 0


def test_counters_losses_penalties_and_norms_travel_exactly():
    frame = encode(COUNTED, {"t": "1"})
    for received in (decode(frame)[0], safetensors.numpy.load(frame)):
        for name, array in COUNTED.items():
            assert received[name].dtype == array.dtype
            assert received[name].tobytes() == array.tobytes()
    assert list(decode(frame)[0]) == list(COUNTED)


def test_nan_and_infinity_travel_as_they_are():
    sent = np.array([np.nan, np.inf, -np.inf, -0.0, 1e-45], np.float32)
    (received,) = decode(encode({"a": sent}, {}))[0].values()
    assert received.tobytes() == sent.tobytes()
    assert safetensors.numpy.load(encode({"a": sent}, {}))["a"].tobytes() == sent.tobytes()


@pytest.mark.parametrize(
    "array",
    [
        np.arange(12.0).reshape(3, 4),
        np.arange(12.0, dtype=np.float32).reshape(3, 4).T,
        np.arange(12.0, dtype=np.float32)[::-3],
        np.arange(12, dtype=np.uint8).reshape(2, 6)[:, 1:3],
        np.arange(12, dtype=">f4"),
        np.float32(3.5),
        np.array(2.5),
    ],
)
def test_any_layout_and_number_type_arrives_as_float32_in_order(array):
    (received,) = decode(encode({"a": array}, {}))[0].values()
    assert received.dtype == np.dtype("<f4")
    assert received.shape == array.shape
    assert np.array_equal(received, array)


def test_a_float64_beyond_float32_becomes_infinity_without_a_warning():
    with np.errstate(all="raise"):
        (received,) = decode(encode({"a": np.array([1e300, -1e300])}, {}))[0].values()
    assert received.tolist() == [np.inf, -np.inf]


def test_frames_of_the_same_layout_keep_their_own_numbers_and_metadata():
    first = encode({"a": np.zeros(3)}, {"t": "1"})
    second = encode({"a": np.ones(3)}, {"t": "2"})
    assert decode(first)[0]["a"].tolist() == [0, 0, 0]
    assert decode(second)[0]["a"].tolist() == [1, 1, 1]
    assert [decode(frame)[1]["t"] for frame in (first, second)] == ["1", "2"]
