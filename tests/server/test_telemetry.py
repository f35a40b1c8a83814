"""What can be seen of a server from outside: its log, whether there is room, and numbers for Prometheus."""

import json
import re
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from websockets.sync.client import connect

from server.__main__ import arguments
from server.bounds import BOUNDS
from server.capacity import Capacity
from server.session import Session
from tests.helpers.networks import plain
from tests.helpers.serving import Running, serving

XOR = plain((4, "tanh"), (1, "sigmoid"))
VALUE = r'(?:"(?:[^"\\]|\\.)*"|\S+)'
LINE = re.compile(rf"time=\S+ level=(?:debug|info|warning|error) event={VALUE}(?: \w+={VALUE})*")
SECRET = "what a person typed"


def told(running: Running, *commands: dict[str, Any]) -> None:
    with connect(running.websocket, max_size=None) as websocket:
        for command in commands:
            websocket.send(json.dumps({"id": 1} | command))
            websocket.recv(timeout=60)


def numbers(running: Running) -> dict[str, float]:
    """All samples of /metrics, each by its name and labels."""
    text = httpx.get(running.address + "metrics").text
    return {
        sample.name + "".join(f",{value}" for name, value in sample.labels.items() if name != "le"): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.mark.parametrize("workers", ["1", "2"])
def test_metrics_count_what_pages_do(workers):
    with serving(0, "--metrics", "--workers", workers) as running:
        seeks = [{"command": "seek", "t": t} for t in (15, 1500, 0)]
        told(running, {"command": "start", "experiment": XOR}, *seeks, {"command": "seek", "t": -1}, {"command": "x"})
        found = numbers(running)
        assert found["backscope_command_seconds_count,start"] == 1
        assert found["backscope_command_seconds_count,seek"] == 4
        assert found["backscope_command_seconds_count,none"] == 1
        assert (found["backscope_refusals_total,invalid"], found["backscope_refusals_total,unknown"]) == (1, 1)
        assert found["backscope_frames_total"] == 3
        assert found["backscope_frame_bytes_total"] > 1000
        assert found["backscope_training_steps_total"] >= 1
        assert found["backscope_sessions"] in (0, 1)


def test_metrics_are_off_where_nobody_asked_for_them():
    with serving() as running:
        assert httpx.get(running.address + "metrics").status_code == 404


def test_a_log_has_one_line_an_event_and_nothing_of_what_a_person_sends():
    with serving(0, "--log-level", "info", "--host", "0.0.0.0") as running:
        token = re.search(r"token=(\S+)", running.words)
        assert token
        headers = {"Authorization": f"Bearer {token[1]}"}
        with connect(running.websocket.replace("0.0.0.0", "127.0.0.1"), additional_headers=headers) as websocket:
            for command in (
                {"command": "start", "experiment": {"secret of a person": 1}},
                {"command": "secret of a person"},
            ):
                websocket.send(json.dumps(command))
                websocket.recv(timeout=60)
        running.process.terminate()
        running.process.wait(10)
        lines = [line for line in running.words.splitlines() if "level=" in line]
        assert [line for line in lines if not LINE.fullmatch(line)] == []
        for event in ("page came", "refused", "page went", "ends"):
            assert re.search(f'level=info event="?{event}', running.words), event
        assert SECRET not in running.words
        assert token[1] not in "".join(lines)


def test_what_the_server_itself_fails_at_is_one_line_with_its_traceback(monkeypatch, capsys):
    from server.telemetry.log import log_to_stderr

    log_to_stderr("warning")
    monkeypatch.setattr("server.session.parsed", lambda *_: 1 / 0)
    answer = json.loads(Session(Capacity()).reply(json.dumps({"command": "start", "experiment": XOR})))
    assert answer["refused"] == "the server failed: ZeroDivisionError"
    (line,) = capsys.readouterr().err.splitlines()
    assert LINE.fullmatch(line)
    assert 'level=error event="a command failed" command=start traceback="Traceback' in line
    assert "ZeroDivisionError" in line


def test_a_server_is_ready_while_there_is_room():
    capacity = Capacity(sessions=1)
    before = capacity.has_room
    capacity.enter(1)
    assert (before, capacity.has_room) == (True, False)
    assert not Capacity(total=1000).has_room
    with serving() as running:
        assert httpx.get(running.address + "readyz").json() == {"status": "ready"}


def test_every_bound_is_told_by_help(capsys):
    with pytest.raises(SystemExit):
        arguments(["--help"])
    words = capsys.readouterr().out
    assert [bound for bound in BOUNDS if bound.what not in words or bound.most not in words] == []
