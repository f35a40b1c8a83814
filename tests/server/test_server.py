"""The server over real websockets: pages are answered and kept apart; one that misbehaves is closed, and no other."""

import gzip
import json
import re
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import numpy as np
import pytest
from starlette.testclient import TestClient
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from engine import Experiment
from server.__main__ import listen, main
from server.assets import Assets
from server.limits import MESSAGE_BYTES, SESSIONS
from server.protocol.frame import decode
from tests.helpers.networks import plain, same_bits, straight_run
from tests.helpers.serving import ROOT, Running, serving

XOR = plain((4, "tanh"), (1, "sigmoid"))
HEAVY = plain((1024, "relu"), (1024, "relu"), (10, "softmax"), dataset="digits", mini_batch_size=4000)


@contextmanager
def page(running: Running, **options: Any) -> Iterator[ClientConnection]:
    with connect(running.websocket, max_size=None, **options) as websocket:
        yield websocket


def send(websocket: ClientConnection, **command: Any) -> None:
    websocket.send(json.dumps({"id": 1} | command))


def say(websocket: ClientConnection, **command: Any) -> Any:
    """The answer to a command: a mapping, or the tensors of a frame with their moment."""
    send(websocket, **command)
    message = websocket.recv(timeout=60)
    if isinstance(message, str):
        return json.loads(message)
    tensors, metadata = decode(message)
    return tensors, int(metadata["t"])


def reach(websocket: ClientConnection, t: int, **fields: Any) -> dict[str, np.ndarray]:
    """The state at t, asked for until it is there: on a busy machine a seek may come back earlier."""
    while True:
        tensors, reached = say(websocket, command="seek", t=t, **fields)
        if reached == t:
            return dict(tensors)


def sessions(running: Running) -> int:
    health = httpx.get(running.address + "healthz").json()
    assert health["status"] == "ok"
    return int(health["sessions"])


def wait_for_sessions(running: Running, count: int) -> None:
    deadline = time.monotonic() + 30
    while sessions(running) != count:
        assert time.monotonic() < deadline, f"{sessions(running)} sessions instead of {count}"
        time.sleep(0.02)


@pytest.fixture(scope="module")
def server_of_its_own() -> Iterator[Running]:
    """A server for these tests alone, which must have had nothing to complain about in the end."""
    with serving() as running:
        yield running
        assert running.words.count("\n") == 1, running.words


@pytest.fixture
def running(server_of_its_own: Running) -> Iterator[Running]:
    """That server, on which a test must leave no session behind."""
    yield server_of_its_own
    wait_for_sessions(server_of_its_own, 0)


def test_a_page_can_start_seek_change_and_ask(running):
    with page(running) as websocket:
        listing = say(websocket, command="start", experiment=XOR)["listing"]
        assert listing["sizes"] == [2, 4, 1]
        assert same_bits(reach(websocket, 9), straight_run(Experiment.from_dict(XOR), 9)[9])
        changed = say(websocket, command="change", t=4, learning_rate=0.125)
        assert changed["listing"]["experiment"]["changes"] == [{"t": 4, "learning_rate": 0.125}]
        assert reach(websocket, 4)["learning_rate"] == 0.125
        assert say(websocket, command="ask", question="evaluate", t=4)["answer"]["training"]["examples"] == 4
        assert "refused" in say(websocket, command="seek", t=-1)


def test_a_page_can_hold_several_runs_that_go_their_own_ways(running):
    with page(running) as websocket:
        say(websocket, command="start", experiment=XOR)
        reach(websocket, 60)
        say(websocket, command="fork", t=40, **{"as": "other"})
        changed = say(websocket, command="change", run="other", t=40, learning_rate=0.01)["listing"]["experiment"]
        ways = {
            "first": straight_run(Experiment.from_dict(XOR), 90),
            "other": straight_run(Experiment.from_dict(changed), 90),
        }
        for t in (90, 40, 12):
            for run, states in ways.items():
                assert same_bits(reach(websocket, t, run=run), states[t])
        assert say(websocket, command="stop", run="other")["stopped"] == "other"
        assert "unknown run" in say(websocket, command="seek", run="other", t=0)["refused"]


def test_a_seek_that_ends_on_its_condition_says_so_in_the_frame(running):
    diverges = plain((2, "identity"), (1, "identity"), dataset="sine", rate=30.0)
    with page(running) as websocket:
        say(websocket, command="start", experiment=diverges)
        metadata: dict[str, str] = {}
        while "until" not in metadata:
            send(websocket, command="seek", t=10**6, until={"name": "not_finite"})
            message = websocket.recv(timeout=60)
            assert isinstance(message, bytes)
            tensors, metadata = decode(message)
        assert metadata["until"] == "not_finite"
        assert not np.isfinite(tensors["loss"])


def test_a_command_nested_too_deep_is_refused_without_an_id_and_the_page_goes_on(running):
    with page(running) as websocket:
        for depth in (600, 990, 5000):
            websocket.send(f'{{"id": {"[" * depth}{"]" * depth}, "command": "seek", "t": 0}}')
            refused = json.loads(websocket.recv(timeout=10))
            assert refused["id"] is None
            assert "refused" in refused
        assert "listing" in say(websocket, command="start", experiment=XOR)


def test_commands_sent_ahead_are_answered_in_order_each_with_its_id(running):
    with page(running) as websocket:
        say(websocket, command="start", experiment=XOR)
        for t in range(1, 30):
            send(websocket, command="seek", t=t, id=t)
        for t in range(1, 30):
            message = websocket.recv(timeout=60)
            assert isinstance(message, bytes)
            assert decode(message)[1] == {"t": str(t), "id": str(t)}


def test_two_pages_do_not_influence_each_other(running):
    forms = [XOR, XOR | {"seed": 9}]
    straight = [straight_run(Experiment.from_dict(form), 200) for form in forms]
    with page(running) as one, page(running) as other:
        for websocket, form in zip((one, other), forms, strict=True):
            say(websocket, command="start", experiment=form)
        for t in (3, 150, 40, 200, 0):
            for websocket, states in zip((one, other), straight, strict=True):
                assert same_bits(reach(websocket, t), states[t])
        say(one, command="change", t=0, learning_rate=0)
        assert same_bits(reach(other, 30), straight[1][30])


def test_a_page_that_comes_back_finds_its_moment_again_bit_for_bit(running):
    with page(running) as websocket:
        say(websocket, command="start", experiment=XOR)
        changed = say(websocket, command="change", t=12, tensor="W1", index=[0, 0], value=2)["listing"]["experiment"]
        before = reach(websocket, 77)
    with page(running) as websocket:
        say(websocket, command="start", experiment=changed, t=77)
        assert same_bits(reach(websocket, 77), before)


def test_the_server_answers_others_while_one_page_computes_something_heavy(running):
    with page(running) as busy, page(running) as light:
        say(busy, command="start", experiment=HEAVY)
        for _ in range(3):
            send(busy, command="seek", t=10**6, watch={"tensors": ["loss"]})
        for _ in range(5):
            assert sessions(running) == 2
        say(light, command="start", experiment=XOR)
        reach(light, 5)
        for _ in range(2):
            busy.recv(timeout=60)
        with pytest.raises(TimeoutError):
            busy.recv(timeout=0)  # all that took less time than its third answer
        busy.recv(timeout=60)


def test_a_page_that_vanishes_in_the_middle_of_work_gives_back_its_place(running):
    with ExitStack() as stack:
        websocket = stack.enter_context(page(running))
        say(websocket, command="start", experiment=HEAVY)
        send(websocket, command="seek", t=10**6)
        assert sessions(running) == 1
        websocket.socket.shutdown(socket.SHUT_RDWR)
        wait_for_sessions(running, 0)


@pytest.mark.parametrize("origin", ["http://elsewhere.example", "http://127.0.0.1:1", "null", "http://[::1", ""])
def test_a_page_from_another_origin_is_refused(running, origin):
    with pytest.raises(InvalidStatus) as refusal, page(running, origin=origin):
        pass
    assert refusal.value.response.status_code == 403


def test_a_page_from_this_server_and_a_program_without_an_origin_are_welcome(running):
    for options in ({"origin": running.address.rstrip("/")}, {}):
        with page(running, **options) as websocket:
            assert "listing" in say(websocket, command="start", experiment=XOR)


@pytest.mark.parametrize(("message", "code"), [("x" * (MESSAGE_BYTES + 1), 1009), (b"start", 1003)])
def test_a_message_that_is_too_long_or_of_bytes_closes_its_own_connection_only(running, message, code):
    with page(running) as other:
        say(other, command="start", experiment=XOR)
        with page(running) as websocket:
            websocket.send(message)
            with pytest.raises(ConnectionClosed) as closed:
                websocket.recv(timeout=10)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == code
        reach(other, 3)


def test_a_message_as_long_as_allowed_is_answered(running):
    with page(running) as websocket:
        websocket.send("x" * MESSAGE_BYTES)
        assert "invalid command" in json.loads(websocket.recv(timeout=10))["refused"]


def test_when_all_places_are_taken_the_next_page_is_told_to_come_again(running):
    with ExitStack() as pages:
        for _ in range(SESSIONS):
            pages.enter_context(page(running))
        wait_for_sessions(running, SESSIONS)
        with page(running) as one_too_many, pytest.raises(ConnectionClosed) as closed:
            one_too_many.recv(timeout=10)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1013
        assert closed.value.rcvd.reason == "the server has no room for another page"
        assert sessions(running) == SESSIONS


def test_an_experiment_that_takes_too_much_memory_is_refused_and_the_page_stays(running):
    with page(running) as websocket:
        refused = say(websocket, command="start", experiment=HEAVY | {"mini_batch_size": 60_000})
        assert refused["field"] == "mini_batch_size"
        assert "the limit is" in refused["refused"]
        assert "listing" in say(websocket, command="start", experiment=XOR)


def test_a_port_that_is_taken_makes_it_take_the_next_free_one_and_say_so():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with serving(port) as running:
            assert int(running.address.rstrip("/").rsplit(":", 1)[1]) > port
            assert f"Port {port} is taken; using " in running.words
            assert sessions(running) == 0


def test_a_port_or_a_host_that_cannot_be_is_said_in_one_line(capsys):
    for argv in (["--port", "70000"], ["--port", "-1"], ["--host", "256.0.0.1", "--port", "0"]):
        assert main([*argv, "--no-browser"]) == 1
        said = capsys.readouterr().err
        assert said.startswith("backscope: cannot listen on ")
        assert said.count("\n") == 1


def test_what_is_sent_in_pieces_is_not_held_back_until_the_first_is_acknowledged():
    """Only of sockets that say that they are TCP does asyncio turn off the delay, which is 40 ms for each file."""
    with listen("127.0.0.1", 8100) as listener:
        assert listener.proto == socket.IPPROTO_TCP
        with socket.create_connection(listener.getsockname()):
            accepted, _ = listener.accept()
            with accepted:
                assert accepted.proto == socket.IPPROTO_TCP


def test_a_file_of_the_present_version_may_be_kept_and_any_other_is_asked_after(server):
    page = httpx.get(server).text
    (module,) = set(re.findall(r'src="(static/v-[0-9a-f]+/main.js)"', page))
    found = httpx.get(f"{server}{module}", headers={"Accept-Encoding": "gzip"})
    assert "immutable" in found.headers["cache-control"]
    assert found.headers["content-encoding"] == "gzip"
    uncompressed = httpx.get(f"{server}{module}", headers={"Accept-Encoding": "identity"})
    assert (uncompressed.text, "content-encoding" in uncompressed.headers) == (found.text, False)
    plain = (ROOT / "static" / "main.js").read_text(encoding="utf-8")
    for other, text in (("static/main.js", plain), ("static/v-0123/main.js", found.text)):
        other_found = httpx.get(f"{server}{other}")
        assert (other_found.text, other_found.headers["cache-control"]) == (text, "no-cache")
    assert httpx.get(f"{server}static/v-0123/nothing.js").status_code == 404


def test_the_charts_script_travels_packed_to_browsers_that_unpack_it(server):
    plain = httpx.get(f"{server}plotly.min.js", headers={"Accept-Encoding": "identity"})
    with httpx.stream("GET", f"{server}plotly.min.js", headers={"Accept-Encoding": "gzip"}) as found:
        packed = b"".join(found.iter_raw())
    assert (found.headers["content-encoding"], "content-encoding" in plain.headers) == ("gzip", False)
    assert gzip.decompress(packed) == plain.content
    assert len(packed) < 0.4 * len(plain.content)


def test_a_changed_file_has_another_address(tmp_path):
    (tmp_path / "one.js").write_text("1")
    before = Assets(tmp_path).version
    assert Assets(tmp_path).version == before
    (tmp_path / "one.js").write_text("12")
    assert Assets(tmp_path).version != before


@pytest.mark.parametrize("path", ["static/%00", "static/v-0123/%00.js", "static/" + "x" * 300, "static/..%2f..%2fx"])
def test_a_path_that_no_file_can_have_is_not_found(server, path):
    assert httpx.get(f"{server}{path}").status_code == 404


def test_a_file_is_only_read(server):
    page = httpx.get(server).text
    (module,) = set(re.findall(r'src="(static/v-[0-9a-f]+/main.js)"', page))
    for path in (module, "static/main.js"):
        assert httpx.post(f"{server}{path}", headers={"Accept-Encoding": "gzip"}).status_code == 405
        head = httpx.head(f"{server}{path}")
        assert (head.status_code, head.text) == (200, "")


def test_what_a_file_is_does_not_follow_from_the_operating_system(monkeypatch, tmp_path):
    (tmp_path / "one.js").write_text("1")
    monkeypatch.setattr("mimetypes.guess_type", lambda *_, **__: ("text/plain", None))
    client = TestClient(Assets(tmp_path))
    for encoding in ("gzip", "identity"):
        found = client.get("/one.js", headers={"Accept-Encoding": encoding})
        assert found.headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize("commands", [8, 20])
def test_a_page_that_goes_with_many_commands_unanswered_gives_back_its_place(running, commands):
    with ExitStack() as stack:
        websocket = stack.enter_context(page(running))
        say(websocket, command="start", experiment=XOR)
        for _ in range(commands):
            send(websocket, command="seek", t=10**8)
        websocket.socket.shutdown(socket.SHUT_RDWR)
        wait_for_sessions(running, 0)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_server_at_once_and_without_a_traceback_though_work_is_under_way(number):
    with serving() as running, page(running) as websocket:
        say(websocket, command="start", experiment=HEAVY)
        for _ in range(8):
            send(websocket, command="seek", t=10**6)
        before = time.monotonic()
        running.process.send_signal(number)
        running.process.wait(10)
        assert time.monotonic() - before < 3
        assert running.words.count("\n") == 1, running.words
