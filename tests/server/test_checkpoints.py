"""A checkpoint is the same when it is read as when it was written, starts a run where the other one was, and is refused
where it does not fit.
"""

import json
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import httpx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load, save
from websockets.sync.client import connect

from engine import Experiment, Refusal, Timeline
from engine.experiment.presets import PRESETS
from engine.run.segments import RATES
from server.capacity import Capacity
from server.checkpoints.codec import Checkpoint, decode, encode
from server.checkpoints.store import Checkpoints
from server.limits import CHECKPOINT_BYTES
from server.session import Session
from tests.helpers.networks import plain, same_bits
from tests.helpers.serving import Running, serving

XOR = PRESETS["xor"]
EVERYTHING = plain((5, "tanh"), (5, "relu"), (2, "softmax"), dataset="moons", mini_batch_size=32) | {
    "optimizer": {"name": "adam", "learning_rate": 0.01},
    "schedule": {"name": "cosine"},
    "regularization": {"l2": 0.01},
}
EVERYTHING["layers"][0] |= {"batch_norm": True}
EVERYTHING["layers"][1] |= {"dropout": 0.2, "residual": True}


def trained(form: dict[str, Any], training_steps: int = 40) -> Timeline:
    timeline = Timeline(Experiment.from_dict(form))
    timeline.seek(timeline.t_of(training_steps))
    return timeline


def parts(data: bytes) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """The tensors and the metadata of a file."""
    (length,) = struct.unpack_from("<Q", data)
    return load(data), json.loads(data[8 : 8 + length])["__metadata__"]


def begun(opened: Checkpoint) -> Timeline:
    return Timeline(Experiment.from_dict(opened.experiment, {opened.start.name: opened.start}))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("form", [XOR, EVERYTHING], ids=["xor", "everything"])
def test_a_run_from_a_checkpoint_begins_with_the_bits_that_were_saved(form, dtype):
    timeline = trained(form | {"dtype": dtype})
    before = timeline.seek(timeline.t)
    opened = decode(encode(timeline))
    assert opened.t == timeline.t
    after = begun(opened).seek(0)
    assert same_bits(after, {name: before[name] for name in timeline.segments[0].carried})


def test_the_same_bytes_have_the_same_name_and_others_have_another():
    other = encode(trained(XOR, 4))
    assert decode(GOOD).start.name == decode(bytes([*GOOD])).start.name
    assert decode(GOOD).start.name != decode(other).start.name
    assert len(decode(GOOD).start.name) == 16


def test_the_experiment_of_a_checkpoint_is_the_one_in_force_at_its_moment():
    timeline = trained(XOR, 3)
    timeline.change(timeline.t, learning_rate=0.1)
    layers = [{"units": 4, "activation": "gelu", "batch_norm": True}, XOR["layers"][1]]
    timeline.change(timeline.t, layers=layers)
    timeline.seek(timeline.t + 200)
    opened = decode(encode(timeline))
    assert opened.experiment["layers"] == layers
    assert "changes" not in opened.experiment
    assert opened.experiment["optimizer"]["learning_rate"] == 0.1
    saved, first = timeline.seek(timeline.t), begun(opened).seek(0)
    assert same_bits(first, {name: saved[name] for name in first})


def test_the_learning_rate_of_a_run_from_a_checkpoint_can_be_set_anew():
    opened = decode(encode(trained(EVERYTHING)))
    assert not RATES & opened.start.tensors.keys()
    opened.experiment["optimizer"]["learning_rate"] = 0.25
    assert begun(opened).seek(0)["base_rate"] == 0.25


def test_another_optimizer_begins_without_the_state_of_the_one_before():
    opened = decode(encode(trained(XOR | {"optimizer": {"name": "momentum", "learning_rate": 0.1}})))
    assert begun(opened).seek(0)["vW1"].any()
    opened.experiment["optimizer"] = {"name": "adam", "learning_rate": 0.1}
    state = begun(opened).seek(0)
    assert not state["vW1"].any()
    assert state["updates"] == 0
    assert same_bits({"W1": state["W1"]}, {"W1": opened.start.tensors["W1"]})


def test_a_checkpoint_of_a_run_that_started_from_a_checkpoint_stands_alone():
    opened = decode(encode(trained(XOR)))
    second = begun(opened)
    second.seek(180)
    again = decode(encode(second))
    assert again.experiment["start"] == again.start.name != opened.start.name


def test_what_predicts_is_enough_and_then_the_optimizer_begins_anew():
    data = encode(trained(EVERYTHING))
    tensors, metadata = parts(data)
    few = {name: array for name, array in tensors.items() if predicts(name)}
    state = begun(decode(save(few, metadata))).seek(0)
    assert same_bits({name: state[name] for name in few}, few)
    assert not state["mW1"].any()
    assert state["updates"] == 0


def predicts(name: str) -> bool:
    return name in Experiment.from_dict(EVERYTHING).parameters or name.startswith("running")


@pytest.mark.parametrize("without", ["running_mean1", "running_var1", "gamma1", "mW1", "vb2", "updates"])
def test_a_part_of_what_belongs_together_is_refused_by_the_name_of_what_is_missing(without):
    tensors, metadata = parts(encode(trained(EVERYTHING)))
    del tensors[without]
    with pytest.raises(Refusal, match=f"its {without} is missing"):
        decode(save(tensors, metadata))


IMPOSSIBLE = [
    ("running_var1", -1e-3, "has numbers below 0"),
    ("vW1", -1e-3, "has numbers below 0"),
    ("updates", -1.0, "is no count"),
    ("updates", 2.5, "is no count"),
    ("updates", 2.0**54, "is no count"),
    ("rate_step", 0.5, "is no count"),
    ("W1", 1e39, "has numbers that are not finite"),  # in float32 it is infinite
    ("mW1", np.inf, "has numbers that are not finite"),
]


@pytest.mark.parametrize(("name", "value", "wrong"), IMPOSSIBLE)
def test_a_number_that_no_run_comes_to_is_refused_by_its_tensor(name, value, wrong):
    tensors, metadata = parts(encode(trained(EVERYTHING | {"schedule": {"name": "cosine", "steps": 100}})))
    with pytest.raises(Refusal, match=f"its {name} {wrong}"):
        decode(save(tensors | {name: np.full(tensors[name].shape, value)}, metadata))


def test_a_velocity_may_be_below_0_and_so_may_a_mean():
    velocity = trained(XOR | {"optimizer": {"name": "momentum"}})
    assert (velocity.seek(velocity.t)["vW1"] < 0).any()
    assert decode(encode(velocity)).start.tensors.keys() >= {"vW1"}
    adam = trained(XOR | {"optimizer": {"name": "adam"}})
    assert (adam.seek(adam.t)["mW1"] < 0).any()
    assert decode(encode(adam)).start.tensors.keys() >= {"mW1"}


# What is refused.

GOOD = encode(trained(XOR))
TENSORS, METADATA = parts(GOOD)


def file(metadata: dict[str, str] | None = None, without: str = "", **tensors: np.ndarray) -> bytes:
    """The good file with other metadata, without a tensor, or with other tensors."""
    kept = {name: array for name, array in TENSORS.items() if name != without}
    return bytes(save(kept | tensors, METADATA | (metadata or {})))


def described(**fields: Any) -> dict[str, str]:
    return {"experiment": json.dumps(json.loads(METADATA["experiment"]) | fields)}


NAN = np.full((4, 2), np.nan, np.float32)
WHOLE = np.zeros((4, 2), np.int64)
NOTHING = "unfit checkpoint: the file (its metadata holds no experiment and t)"
BAD: list[tuple[bytes, str]] = [
    (b"", "invalid checkpoint: the file (its 0 bytes are no safetensors file)"),
    (b"{}", "invalid checkpoint: the file (its 2 bytes are no safetensors file)"),
    (GOOD[:-1], f"invalid checkpoint: the file (its {len(GOOD) - 1} bytes are no safetensors file)"),
    (GOOD + b"x", f"invalid checkpoint: the file (its {len(GOOD) + 1} bytes are no safetensors file)"),
    (b"\xff" * 100, "invalid checkpoint: the file (its 100 bytes are no safetensors file)"),
    (struct.pack("<Q", 2) + b"[]", "invalid checkpoint: the file (its 10 bytes are no safetensors file)"),
    (bytes(save(TENSORS)), NOTHING),
    (file({"experiment": "{"}), NOTHING),
    (file({"t": "-1"}), NOTHING),
    (file({"experiment": " " * (1 << 20) + "1"}), NOTHING),
    (file({"t": "9" * 5000}), "invalid t: 99999999999999999999 (0 to 9007199254740991)"),
    (file({"experiment": "[]"}), "invalid experiment: [] (a mapping of: .*"),
    (file(described(seed=-1)), "invalid seed: -1 (0 to 4294967295)"),
    (file(described(layers=[{"units": 5, "activation": "tanh"}, XOR["layers"][1]])),
     "unfit checkpoint: the file (its W1 is (4, 2), this network needs (5, 2))"),
    (file(without="b2"), "unfit checkpoint: the file (its b2 is missing)"),
    (file(W3=NAN), "unknown tensor: 'W3' (one of: W1, W2, b1, b2, learning_rate)"),
    (file(W1=NAN), "unfit checkpoint: the file (its W1 has numbers that are not finite)"),
    (file(W1=NAN[:3]), "unfit checkpoint: the file (its W1 is (3, 2), this network needs (4, 2))"),
    (file(W1=WHOLE), "unknown dtype: 'I64' (one of: F32, F64)"),
    (file(W1=WHOLE.astype(np.float16)), "unknown dtype: 'F16' (one of: F32, F64)"),
    (file(learning_rate=np.array(-1.0)), "invalid learning rate: -1.0 (0 to 1e+06)"),
]  # fmt: skip


def agrees(message: str, expected: str) -> bool:
    return message.startswith(expected[:-2]) if expected.endswith(".*") else message == expected


@pytest.mark.parametrize(("data", "message"), BAD, ids=[message[:60] for _, message in BAD])
def test_a_file_that_does_not_fit_is_refused_by_name_and_nothing_is_kept(data, message):
    kept = Checkpoints()
    with pytest.raises(Refusal) as refused:
        kept.open(data)
    assert agrees(str(refused.value), message), refused.value
    assert len(kept) == 0


@settings(max_examples=300)
@given(st.integers(0, len(GOOD) - 1), st.binary(max_size=8), st.integers(0, 8))
def test_a_file_with_any_damage_is_opened_or_refused(place, instead, taken):
    with suppress(Refusal):
        decode(GOOD[:place] + instead + GOOD[place + taken :])


# The store.


def files(count: int) -> list[bytes]:
    return [encode(trained(XOR, steps)) for steps in range(count)]


def test_the_store_keeps_so_many_and_lets_those_go_that_nobody_asked_for_the_longest():
    kept = Checkpoints(most=3)
    names = [kept.open(data)["experiment"]["start"] for data in files(3)]
    assert list(kept) == names
    assert kept[names[0]].name == names[0]
    kept.open(files(4)[3])
    assert names[1] not in kept
    assert names[0] in kept
    assert names[2] in kept
    kept.open(files(1)[0])
    assert len(kept) == 3


def test_the_store_keeps_no_more_bytes_than_it_may_but_always_the_last():
    one = Checkpoints()
    one.open(GOOD)
    assert one.size == sum(array.nbytes for name, array in TENSORS.items() if name != "learning_rate")
    kept = Checkpoints(most_bytes=2 * one.size)
    for data in files(5):
        kept.open(data)
    assert len(kept) == 2
    small = Checkpoints(most_bytes=1)
    small.open(GOOD)
    assert len(small) == 1


def test_a_session_goes_on_from_a_checkpoint_after_the_store_has_let_it_go():
    kept = Checkpoints(most=1)
    form = kept.open(GOOD)["experiment"]
    session = Session(Capacity(), kept)
    start = json.dumps({"id": 1, "command": "start", "experiment": form})
    assert "listing" in json.loads(session.reply(start))
    kept.open(files(1)[0])
    change = {"id": 1, "command": "change", "t": 0, "optimizer": {"name": "adam"}}
    listing = json.loads(session.reply(json.dumps(change)))["listing"]
    assert listing["experiment"]["start"] == form["start"]
    assert json.loads(session.reply(start))["refused"].startswith("unknown checkpoint: ")


# Over the wire.


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with serving() as running:
        yield running
        assert running.words.count("\n") == 1, running.words


def post(running: Running, content: Any, **headers: str) -> httpx.Response:
    return httpx.post(running.address + "checkpoints", content=content, headers=headers, timeout=60)


def test_a_checkpoint_that_is_sent_can_be_started_from_by_every_page(running):
    answer = post(running, GOOD)
    assert answer.status_code == 200
    opened = decode(GOOD)
    assert answer.json() == {"experiment": opened.experiment, "t": opened.t}
    with connect(running.websocket) as websocket:
        websocket.send(json.dumps({"id": 1, "command": "start", "experiment": opened.experiment}))
        assert json.loads(websocket.recv(timeout=60))["listing"]["experiment"] == opened.experiment
        websocket.send(json.dumps({"id": 2, "command": "seek", "t": 0}))
        frame = websocket.recv(timeout=60)
        assert isinstance(frame, bytes)
        assert same_bits(load(frame), TENSORS)


def test_a_checkpoint_that_the_server_does_not_know_is_refused_by_name(running):
    with connect(running.websocket) as websocket:
        websocket.send(json.dumps({"id": 1, "command": "start", "experiment": XOR | {"start": "0" * 16}}))
        answer = json.loads(websocket.recv(timeout=60))
    assert answer["refused"] == f"unknown checkpoint: '{'0' * 16}' (open its file again)"
    assert answer["field"] == "start"


def test_what_is_no_checkpoint_is_refused_in_the_form_of_all_refusals(running):
    answer = post(running, b"not a checkpoint")
    assert answer.status_code == 400
    assert answer.json() == {
        "refused": "invalid checkpoint: the file (its 16 bytes are no safetensors file)",
        "field": "checkpoint",
        "details": {
            "kind": "invalid", "noun": "checkpoint", "value": "the file", "form": "safetensors",
            "blanks": {"count": 16}, "described": {"form": "file", "blanks": {}},
        },
    }  # fmt: skip


def chunks() -> Iterator[bytes]:
    for _ in range((CHECKPOINT_BYTES >> 20) + 2):
        yield bytes(1 << 20)


@pytest.mark.parametrize("content", [lambda: bytes(CHECKPOINT_BYTES + 1), chunks], ids=["announced", "in parts"])
def test_a_file_that_is_too_large_is_refused_whether_it_says_so_or_not(running, content: Callable[[], Any]):
    try:
        answer = post(running, content())
    except (httpx.WriteError, httpx.RemoteProtocolError):  # it hung up before all was sent, as it may
        return
    assert answer.status_code == 413
    assert answer.json()["refused"] == "invalid checkpoint: the file (at most 128 MB)"


def test_pages_of_other_servers_may_not_send_checkpoints(running):
    assert post(running, GOOD, origin="http://elsewhere.example").status_code == 403
    assert post(running, GOOD, origin=running.address.rstrip("/")).status_code == 200


def test_a_file_that_breaks_off_does_not_trouble_the_server(running):
    host, port = running.address.removeprefix("http://").rstrip("/").split(":")
    with socket.create_connection((host, int(port))) as line:
        line.sendall(b"POST /checkpoints HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n" + GOOD[:100])
    assert httpx.get(running.address + "healthz").json()["status"] == "ok"


@pytest.mark.parametrize("stored", [np.float32, np.float64])
def test_counters_go_through_a_checkpoint_exactly_also_through_one_that_kept_them_in_float32(stored):
    form = plain((2, "tanh"), (1, "sigmoid"), optimizer={"name": "adam"}, schedule={"name": "cosine"})
    timeline = Timeline(Experiment.from_dict(form))
    saved = load(encode(timeline))
    assert {name: saved[name].dtype for name in ("updates", "rate_step")} == {"updates": float, "rate_step": float}
    saved |= {name: np.array(2**24 - 3, stored) for name in ("updates", "rate_step")}
    about = {"experiment": json.dumps(timeline.experiment.to_dict()), "t": "0"}
    opened = decode(save(saved, about))
    again = Timeline(Experiment.from_dict(opened.experiment, {opened.start.name: opened.start}))
    state = again.seek(again.t_of(7))
    assert int(state["updates"]) == int(state["rate_step"]) == 2**24 + 4
    kept = decode(encode(again)).start.tensors
    assert int(kept["updates"]) == int(kept["rate_step"]) == 2**24 + 4
