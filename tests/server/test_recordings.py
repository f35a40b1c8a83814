"""Recorded runs at the server: one is given, proven, and run, and each of its tensors is compared."""

import json
import re
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import numpy as np
import pytest
from websockets.sync.client import connect

import backscope
from backscope.recording import FORM, parsed
from engine.recorded.rebuilt import rebuilt
from engine.run.timeline import Timeline
from server.capacity import Capacity
from server.protocol.frame import decode
from server.recordings.store import Recordings
from server.session import Session
from tests.helpers.homework import COLUMNS, GENERAL, changed
from tests.helpers.recorded import recording
from tests.helpers.serving import Running, serving
from tests.helpers.session import say
from tests.helpers.wrong_homework import SEEDED


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with serving() as running:
        yield running
        assert running.words.count("\n") == 1, running.words


def post(running: Running, content: bytes) -> httpx.Response:
    return httpx.post(running.address + "checkpoints", content=content, timeout=60)


def test_a_recording_that_is_given_runs_as_any_other_run(running):
    data = recording(GENERAL)
    told = post(running, data).json()
    found = parsed(data)
    assert told["recording"] == {
        "agrees": True, "tensors": 160, "steps": 20, "tolerance": 1e-9, "cut": False, "tensor": None, "number": None,
        "cause": None,
    }  # fmt: skip
    assert (told["t"], told["view"]) == (0, {"view": "recorded"})
    content = told["experiment"]["start"]
    timeline = Timeline(rebuilt(content, found).experiment)
    with connect(running.websocket) as websocket:

        def ask(**command: Any) -> Any:
            websocket.send(json.dumps({"id": 1} | command))
            answer = websocket.recv(timeout=60)
            return json.loads(answer) if isinstance(answer, str) else decode(answer)

        listing = ask(command="start", experiment=told["experiment"])["listing"]
        assert listing["steps_per_epoch"] == 20
        length = len(timeline.program)
        for t in (3 * length, length, 0, 2 * length + 3):  # both ways in time
            tensors, _ = ask(command="seek", t=t)
            for name, tensor in timeline.seek(t).items():
                assert np.array_equal(tensors[name], np.asarray(tensor, tensors[name].dtype)), name
        t = 2 * length
        ask(command="seek", t=t)
        tensors, metadata = ask(command="ask", t=t, question="recorded", tensor="dW2")
        facts = json.loads(metadata["facts"])
        assert np.array_equal(tensors["recorded"], found.steps[1]["dW2"].astype(np.float32))
        assert np.abs(tensors["difference"]).max() <= facts["allowed"]
        assert (facts["agrees"], facts["number"], facts["first"], facts["count"]) == (True, 1, 0, 20)
        assert facts["names"][:2] == ["dW2", "db2"]
        ask(command="seek", t=t + 1)
        early = json.loads(ask(command="ask", t=t + 1, question="recorded", tensor="dW2")[1]["facts"])
        assert (early["agrees"], early["worst"]) == (None, None)
        assert early["due"] > t + 1
        ask(command="change", t=t + 1, learning_rate=0.5)
        assert ask(command="fork", t=t, **{"as": "other"})["listing"]["experiment"]["dataset"]["content"] == content
        for question, fields in (
            ("proof", {"elements": [["W1", [0, 0]]]}),
            ("chain_rule", {"tensor": "W1", "index": [0, 0]}),
            ("evaluate", {}),
            ("diagnose", {}),
            ("cost", {}),
            ("script", {"form": "numpy", "steps": 5}),
        ):
            answer = ask(command="ask", t=t, question=question, **fields)
            assert isinstance(answer, tuple) or "answer" in answer, answer


def test_a_recording_that_disagrees_opens_where_it_does(running):
    told = post(running, recording(changed(*SEEDED["gradients_accumulate"]))).json()
    assert not told["recording"]["agrees"]
    assert (told["recording"]["cause"], told["recording"]["tensor"], told["recording"]["number"]) == (
        "gradients_accumulate", "W2", 1,
    )  # fmt: skip
    chosen = told["view"]["selected"]
    assert (chosen["kind"], chosen["tensor"], len(chosen["index"])) == ("parameter", "W2", 2)
    assert told["t"] > 0
    linked = parse_qs(told["address"].removeprefix("#"))
    assert json.loads(linked["experiment"][0]) == told["experiment"]
    assert json.loads(linked["view"][0]) == told["view"]
    assert linked["t"] == [str(told["t"])]


@pytest.mark.parametrize("data", [FORM, FORM + bytes(16), FORM.replace(b"2", b"3") + bytes(99)])
def test_what_is_no_recording_of_this_form_is_refused_by_name(running, data):
    answer = post(running, data)
    assert answer.status_code == 400
    assert answer.json()["field"] == "recording"
    assert re.match("invalid recording: the file", answer.json()["refused"])


def test_a_recording_that_is_cut_off_opens_as_far_as_it_goes(running):
    told = post(running, recording(COLUMNS)[:-20]).json()
    assert told["recording"]["cut"]
    assert (told["recording"]["agrees"], told["recording"]["steps"]) == (True, 19)


def test_a_run_that_was_not_recorded_has_no_recorded_tensors(running):
    with connect(running.websocket) as websocket:
        for command in (
            {
                "command": "start",
                "experiment": {"dataset": {"name": "xor"}, "layers": [{"units": 1, "activation": "tanh"}]},
            },
            {"command": "ask", "t": 0, "question": "recorded", "tensor": "W1"},
        ):
            websocket.send(json.dumps(command))
            answer = json.loads(websocket.recv(timeout=60))
        assert answer["refused"] == "unfit question: 'recorded' (this run was not recorded)"


def train(path: Any, to: str) -> backscope.recorder.Recorder:
    W, b = [np.ones((1, 2))], [np.zeros(1)]
    said: dict[str, Any] = {"activations": ["identity"], "loss": "squared_error", "learning_rate": 0.1}
    with backscope.record(path, **said, to=to) as scope:
        for _ in range(3):
            x, y = np.eye(2), np.ones((2, 1))
            delta = 2 * (x @ W[0].T + b[0] - y)
            scope.step(W, b, x, y)
            W, b = [W[0] - 0.1 * delta.T @ x / 2], [b[0] - 0.1 * delta.mean(axis=0)]
        scope.step(W, b)
    return scope


def test_a_training_loop_sends_its_recording_and_prints_the_address_that_opens_it(running, tmp_path, capsys):
    scope = train(tmp_path / "run.backscope", running.address)
    assert scope.address
    assert capsys.readouterr().out == f"backscope: the recording opens at {scope.address}\n"
    assert scope.address.startswith(running.address + "#t=0&experiment=")
    experiment = json.loads(parse_qs(urlsplit(scope.address).fragment)["experiment"][0])
    with connect(running.websocket) as websocket:
        websocket.send(json.dumps({"command": "start", "experiment": experiment}))
        assert "listing" in json.loads(websocket.recv(timeout=60))


def test_where_nobody_takes_a_recording_it_is_kept_and_the_loop_goes_on(running, tmp_path, capsys):
    with socket.create_server(("127.0.0.1", 0)) as found:
        free = found.getsockname()[1]
    path = tmp_path / "run.backscope"
    for to, why in (
        (f"http://127.0.0.1:{free}", "no answer"),
        (running.address + "lessons.json", "it answers 404"),
        ("http://nowhere.invalid", "no answer"),
    ):
        assert train(path, to).address is None
        said = capsys.readouterr().err
        assert said.startswith(f"backscope: the recording is kept in {path}; it was not sent: {why}"), said
        assert len(parsed(path.read_bytes()).steps) == 4
    with pytest.raises(ValueError, match=r"invalid to: '127\.0\.0\.1:8000'"):
        backscope.record(path, activations=["tanh"], loss="squared_error", learning_rate=1, to="127.0.0.1:8000")


def test_a_server_that_asks_for_a_token_takes_a_recording_with_it_alone(tmp_path, capsys):
    with serving(0, "--host", "0.0.0.0") as running:
        found = re.search(r"http://\S+:(\d+)/\?token=(\S+)", running.words)
        assert found
        address = f"http://127.0.0.1:{found[1]}/"
        scope = train(tmp_path / "run.backscope", f"{address}?token={found[2]}")
        assert scope.address
        assert scope.address.startswith(f"{address}?token={found[2]}#t=0")
        capsys.readouterr()
        assert train(tmp_path / "run.backscope", address).address is None
        assert "it answers 403: open the address with its token" in capsys.readouterr().err


def test_a_map_needs_one_learning_rate_for_all_steps(tmp_path):
    W, b, path = [np.ones((1, 2))], [np.zeros(1)], tmp_path / "run.backscope"
    said: dict[str, Any] = {"activations": ["identity"], "loss": "squared_error", "learning_rate": 0.1}
    with backscope.record(path, **said) as scope:
        for rate in (0.1, 0.2):
            delta = 2 * (np.eye(2) @ W[0].T + b[0] - 1)
            scope.step(W, b, np.eye(2), np.ones((2, 1)), learning_rate=rate)
            W, b = [W[0] - rate * delta.T / 2], [b[0] - rate * delta.mean(axis=0)]
        scope.step(W, b)
    recordings = Recordings()
    told = recordings.open(path.read_bytes())
    assert told["recording"]["agrees"]
    session = Session(Capacity(), tables=recordings)
    say(session, command="start", experiment=told["experiment"])
    refused = say(session, command="ask", t=0, question="map_settings")
    assert "its learning rate changes from step to step" in refused["refused"]
    say(session, command="change", t=0, learning_rate=0.3)
    assert "answer" in say(session, command="ask", t=0, question="map_settings")
