"""The questions of a map: its runs are the engine's, part by part, in this thread or by a crew."""

import json
import signal
from concurrent.futures import BrokenExecutor, Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from websockets.sync.client import connect

from engine import Experiment
from engine.experiment.presets import PRESETS
from engine.maps.map import SIDES
from server import __main__ as command
from server.capacity import Capacity
from server.maps import job
from server.maps.crew import Cores, begun
from server.maps.desk import Desk
from server.maps.hand import compute
from server.protocol.frame import decode
from server.session import Session
from tests.helpers.browsing import eventually
from tests.helpers.maps import map_of
from tests.helpers.serving import serving
from tests.helpers.session import XOR, look, reach, say, started

RATE, SCALE = "optimizer.learning_rate", "initial_scale"


class Hands:
    """A crew that computes a part when it is begun; the first ``broken`` times it breaks."""

    hands, work = 2, 5e11

    def __init__(self, broken=0):
        self.begun, self.broken = [], broken

    def begin(self, task, cells):
        self.begun.append(len(cells))
        future: Future[Any] = Future()
        if self.broken:
            self.broken -= 1
            raise BrokenExecutor("a process has ended")
        future.set_result(compute(task, cells))
        return future

    def end(self):
        pass


def settings_of(session, t=0):
    return say(session, command="ask", question="map_settings", t=t)["answer"]


def axis_of(settings, field):
    found = next(each for each in settings["axes"] if each["field"] == field)
    return {name: found[name] for name in ("field", "low", "high")}


def asked(session, fields=(RATE, SCALE), t=0, **more):
    x, y = (axis_of(settings_of(session, t), field) for field in fields)
    return {"command": "ask", "question": "map", "t": t, "x": x, "y": y, "side": 8, **more}


def map_from(session, **question):
    """All runs of a map, part by part: outcomes and curves by row and column, and the facts."""
    side, start = question["side"], 0
    outcomes = np.full((side, side), -1)
    curves: dict[tuple[int, int], Any] = {}
    while start < side**2:
        tensors, metadata = look(session, **question, start=start)
        places = tensors["row"].astype(int), tensors["column"].astype(int)
        outcomes[places] = tensors["outcome"].astype(int)
        curves |= dict(zip(zip(*places, strict=True), tensors["curves"], strict=True))
        start += len(tensors["outcome"])
    return outcomes, curves, json.loads(metadata["facts"])


def engine_map(form, side=8, **more):
    found = map_of(form, side, **more)
    outcomes = np.full((side, side), -1)
    curves: dict[tuple[int, int], Any] = {}
    for cells in found.parts:
        part = found.part(cells)
        outcomes[cells[:, 1], cells[:, 0]] = part.outcomes
        curves |= {(row, column): curve for (column, row), curve in zip(cells, part.curves, strict=True)}
    return found, outcomes, curves


def started_by(crew, form=XOR):
    session = Session(Capacity(), desk=Desk(crew))
    say(session, command="start", experiment=form)
    return session


def test_the_runs_of_a_map_are_the_engines():
    session = started(PRESETS["xor"])
    outcomes, curves, facts = map_from(session, **asked(session))
    found, expected, expected_curves = engine_map(PRESETS["xor"])
    assert (outcomes == expected).all()
    for place, curve in expected_curves.items():
        assert curves[place] == pytest.approx(curve, rel=1e-5)
    assert facts["values"] == [[*found.values[0]], [*found.values[1]]]
    assert facts["steps"] == found.steps_of_curves.tolist()
    assert facts["of"] == 64


def test_settings_say_what_the_axes_are_and_where_the_run_stands():
    session = started({**XOR, "initial_scale": 2})
    settings = settings_of(session)
    by_field = {each["field"]: each for each in settings["axes"]}
    assert by_field[RATE]["value"] == 0.5
    assert by_field[SCALE]["value"] == 2
    assert by_field["clip_norm"]["value"] is None
    assert by_field[RATE]["low"] < by_field[RATE]["high"]
    assert settings["sides"] == [*SIDES]
    assert settings["outcomes"]["names"] == ["solved", "slow", "stuck", "diverged"]
    assert Experiment.from_dict(settings["experiment"]).to_dict() == settings["experiment"]


def test_a_map_is_of_the_settings_in_force():
    session = started()
    reach(session, 100)
    assert "listing" in say(session, command="change", t=100, learning_rate=0.25)
    assert "listing" in say(session, command="change", t=100, next_mini_batch={"class": 1})
    assert settings_of(session, 50)["experiment"]["optimizer"]["learning_rate"] == 0.5
    settings = settings_of(session, 108)
    assert settings["experiment"]["optimizer"]["learning_rate"] == 0.25
    assert "next_mini_batch" not in settings["experiment"]
    say(session, command="change", t=120, optimizer={"name": "adam"})
    assert "optimizer.beta1" in {each["field"] for each in settings_of(session, 200)["axes"]}


def test_another_page_has_a_map_at_once_that_is_there():
    crew = Hands()
    desk = Desk(crew)
    first, second = Session(Capacity(), desk=desk), Session(Capacity(), desk=desk)
    for session in (first, second):
        say(session, command="start", experiment=PRESETS["ring"])
    one = map_from(first, **asked(first, side=64, training_steps=30))
    begun = len(crew.begun)
    other = map_from(second, **asked(second, side=64, training_steps=30))
    assert len(crew.begun) == begun
    assert (one[0] == other[0]).all()


def test_a_map_that_is_there_is_that_of_each_run_on_it_too():
    crew = Hands()
    session = started_by(crew, PRESETS["ring"])
    question = asked(session, side=64, training_steps=30)
    one = map_from(session, **question)
    begun = len(crew.begun)
    rate = {**PRESETS["ring"]["optimizer"], "learning_rate": 0.25}
    say(session, command="start", experiment={**PRESETS["ring"], "optimizer": rate, "initial_scale": 3})
    assert (map_from(session, **question)[0] == one[0]).all()
    assert len(crew.begun) == begun


def test_a_crew_computes_what_this_thread_computes(monkeypatch):
    monkeypatch.setattr(job, "MAP_SMALL", 0)
    crew = Hands()
    session = started_by(crew, PRESETS["xor"])
    outcomes, _, _ = map_from(session, **asked(session, side=16))
    assert (outcomes == engine_map(PRESETS["xor"], 16)[1]).all()
    assert crew.begun == [64, 192]


def test_parts_are_begun_only_while_somebody_asks(monkeypatch):
    monkeypatch.setattr(job, "MAP_SMALL", 0)
    monkeypatch.setattr("engine.maps.map.TOGETHER", 4)
    crew = Hands()
    session = started_by(crew)
    look(session, **asked(session, training_steps=10))
    assert len(crew.begun) == job.AHEAD * crew.hands < 16


def test_a_part_whose_process_has_ended_is_computed_again(monkeypatch):
    monkeypatch.setattr(job, "MAP_SMALL", 0)
    session = started_by(Hands(broken=job.TRIES - 1))
    outcomes, _, _ = map_from(session, **asked(session, training_steps=10))
    assert (outcomes >= 0).all()


def test_a_crew_that_keeps_breaking_is_told_and_the_next_question_tries_again(monkeypatch):
    monkeypatch.setattr(job, "MAP_SMALL", 0)
    session = started_by(Hands(broken=job.TRIES))
    question = asked(session, training_steps=10)
    for _ in range(job.TRIES - 1):
        look(session, **question)
    refused = say(session, **question)
    assert refused["refused"] == "unfit map: 8 x 8 runs (no answer: a process has ended)"
    assert refused["details"]["form"] == "crew"
    assert (map_from(session, **question)[0] >= 0).all()


def test_the_cores_of_a_machine_compute_a_map_and_replace_a_process_that_has_ended(monkeypatch):
    monkeypatch.setattr(job, "MAP_SMALL", 0)
    processes = []

    def kept():
        processes.append(begun())
        return processes[-1]

    monkeypatch.setattr("server.maps.crew.begun", kept)
    monkeypatch.setattr("server.maps.crew.IDLE", 0.5)
    cores = Cores(2)
    session = started_by(cores)
    try:
        question = asked(session, training_steps=10)
        outcomes, _, _ = map_from(session, **question)
        assert (outcomes >= 0).all()
        for process in [*processes]:
            process.kill()
        outcomes, _, _ = map_from(session, **{**question, "training_steps": 11})
        assert (outcomes >= 0).all()
        eventually(lambda: all(process.poll() is not None for process in processes))  # they have nothing to do
        outcomes, _, _ = map_from(session, **{**question, "training_steps": 12})
        assert (outcomes >= 0).all()
    finally:
        cores.end()


@pytest.mark.parametrize(
    ("more", "expected", "field"),
    [
        ({"x": 3}, "invalid x: 3 (a mapping of: field, low, high)", "x"),
        ({"x": {"field": RATE, "low": 1}}, "missing field (x.high)", "x.high"),
        (
            {"x": {"field": "seed", "low": 1, "high": 2}},
            "unknown axis: 'seed' (one of: clip_norm, coupled_weight_decay, initial_scale, optimizer.learning_rate, "
            "regularization.l1, regularization.l2)",
            "x.field",
        ),
        ({"x": {"field": RATE, "low": -1, "high": 2}}, "invalid number: -1 (1e-09 to 1e+06)", "x.low"),
        ({"y": {"field": SCALE, "low": 2, "high": 2}}, "invalid number: 2.0 (more than 2)", "y.high"),
        (
            {"y": {"field": RATE, "low": 1, "high": 2}},
            f"unfit axis: '{RATE}' (another setting than across)",
            "y.field",
        ),
        ({"side": 12}, "unknown runs on a side: 12 (one of: 8, 16, 32, 64)", "side"),
        ({"training_steps": 9}, "invalid number of training steps: 9 (10 to 2000)", "training_steps"),
    ],
)
def test_what_no_map_can_be_is_refused_before_work_begins(more, expected, field):
    crew = Hands()
    session = started_by(crew)
    refused = say(session, **{**asked(session), **more})
    assert (refused["refused"], refused["field"]) == (expected, field)
    assert crew.begun == []


def alive(process):
    """Whether there is a process of this number that has not ended."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_the_processes_of_a_server_end_with_it(number):
    first = "import server.maps.job as job; job.MAP_SMALL = 0"
    with serving(0, first=first) as running, connect(running.websocket) as line:
        line.send(json.dumps({"command": "start", "experiment": PRESETS["spirals"]}))
        line.recv()
        x, y = {"field": RATE, "low": 0.01, "high": 1}, {"field": SCALE, "low": 0.1, "high": 10}
        question = {"command": "ask", "question": "map", "t": 0, "x": x, "y": y}
        found = 0
        while not found:
            line.send(json.dumps(question))
            answer = line.recv()
            assert isinstance(answer, bytes), answer
            found = len(decode(answer)[0]["outcome"])
        tasks = Path(f"/proc/{running.process.pid}/task").glob("*/children")
        children = [int(child) for task in tasks for child in task.read_text(encoding="utf-8").split()]
        assert children
        running.process.send_signal(number)
        running.process.wait(10)
        eventually(lambda: not any(map(alive, children)))
        assert running.words.count("\n") == 1, running.words


def test_the_option_for_a_cluster_says_what_is_missing(monkeypatch, capsys):
    monkeypatch.setattr(command, "find_spec", lambda name: None)
    with pytest.raises(SystemExit):
        command.arguments(["--ray", "auto"])
    assert "--ray needs Ray: pip install 'backscope[ray]'" in capsys.readouterr().err


def test_a_map_of_a_wide_network_is_refused_with_the_sides_that_there_is_room_for():
    crew = Hands()
    session = started_by(crew, PRESETS["digits_100"])
    refused = say(session, **asked(session, side=64))
    assert refused["refused"] == "unfit runs on a side: 64 (this network has room for: 8, 16)"
    assert refused["details"]["blanks"]["choices"] == ["8", "16"]
    wide = {
        "dataset": {"name": "digits"},
        "layers": [{"units": 1024, "activation": "relu"}] * 2 + PRESETS["digits_100"]["layers"][-1:],
        "mini_batch_size": 1000,
    }
    say(session, command="start", experiment=wide)
    refused = say(session, **asked(session, side=8))
    assert refused["refused"].startswith("unfit network: 784-1024-1024-10 (a map needs a narrower network")
    assert crew.begun == []
