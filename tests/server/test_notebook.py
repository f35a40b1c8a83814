"""A view in a notebook, as its kernel has it: what cells read and do, and what pages are told. No widget is needed."""

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backscope.recording import FORM, parsed
from engine import Experiment, Refusal, Timeline
from engine.recorded.rebuilt import rebuilt
from server.notebook.application import application
from server.notebook.document import document
from server.notebook.view import View
from server.protocol.frame import decode
from tests.helpers.browsing import state
from tests.helpers.homework import COLUMNS
from tests.helpers.networks import plain
from tests.helpers.recorded import recording
from tests.helpers.serving import ROOT

XOR = plain((3, "tanh"), (1, "sigmoid"))
Sent = list[tuple[dict[str, Any], list[bytes]]]


class Told:
    """A page of a view: what it sends, and what it is sent."""

    def __init__(self, view: View, name: str = "page") -> None:
        self.view, self.name, self.order, self.sent = view, name, 0, Sent()
        others = view._send

        def send(content: dict[str, Any], buffers: list[bytes]) -> None:
            others(content, buffers)
            if content.get("page") == name:
                self.sent.append((content, buffers))

        view._send = send
        self.hear("open")
        self.order = self.sent[-1][0]["order"]

    def hear(self, kind: str, **content: Any) -> tuple[dict[str, Any], list[bytes]]:
        self.view.hear({"kind": kind, "page": self.name, "order": self.order, **content}, [])
        return self.sent[-1] if self.sent else ({}, [])

    def command(self, command: str, **fields: Any) -> tuple[dict[str, Any], list[bytes]]:
        return self.hear("command", text=json.dumps({"id": 1, "command": command, **fields}))

    def of(self, kind: str) -> Sent:
        return [each for each in self.sent if each[0]["kind"] == kind]


@pytest.fixture
def view() -> View:
    return View(XOR)


@pytest.fixture
def page(view: View) -> Told:
    told = Told(view)
    told.command("start", experiment=view.experiment)
    told.command("seek", t=14)
    return told


def is_the_engines(view: View) -> None:
    true, found = state(view.experiment, view.t), view.tensors
    assert found.keys() == true.keys()
    assert all(found[name].tobytes() == true[name].tobytes() for name in true)
    assert all(found[name].dtype == true[name].dtype for name in true)


def test_cells_go_to_moments_and_read_the_engines_own_bits(view: View):
    for go, t in [
        (lambda: setattr(view, "t", 120), 120),
        (view.step, 121),
        (lambda: view.step(-100), 21),
        (lambda: view.step(-100), 0),
    ]:
        go()
        assert view.t == t
        is_the_engines(view)
    assert view.train(40) == view.training_step == 40
    is_the_engines(view)
    assert [*view.steps(3)] == [41, 42, 43]
    kept = view.tensors["W1"]
    before = kept.copy()
    view.train(5)
    assert np.array_equal(kept, before)  # an array that a cell keeps stays as it was


def test_training_ends_where_a_condition_is_true(view: View):
    steps = view.train(100_000, until={"name": "loss_below", "value": 0.5})
    assert steps < 100_000
    assert view.tensors["loss"] < 0.5


def test_a_change_becomes_part_of_the_experiment_and_what_is_refused_changes_nothing(view: View):
    view.t = 50
    view.change(learning_rate=0.125)
    assert view.experiment["changes"] == [{"t": 50, "learning_rate": 0.125}]
    view.train(3)
    is_the_engines(view)
    before = view.scene
    for refused in (
        lambda: view.change(learning_rate="x"),
        lambda: view.seek(-1),
        lambda: view.train(2, until={"name": "none"}),
        lambda: view.steps(True),
        lambda: setattr(view, "experiment", "none"),
        lambda: setattr(view, "scene", {"experiment": XOR, "view": 3}),
    ):
        with pytest.raises(Refusal):
            refused()
    assert view.scene == before


def test_every_form_of_what_is_asked_for_is_shown(tmp_path: Path):
    run = Timeline(Experiment.from_dict(XOR))
    run.change(90, learning_rate=0.25)
    run.seek(40)
    scene = {"format": 1, "experiment": XOR, "t": 9, "view": {"tab": "loss"}}
    (tmp_path / "scene.json").write_text(json.dumps(scene))
    forms: list[tuple[Any, int, str]] = [
        ("sine", 0, "sine"),
        (XOR, 0, "xor"),
        (Experiment.from_dict(XOR), 0, "xor"),
        (run, 40, "xor"),
        (scene, 9, "xor"),
        (str(tmp_path / "scene.json"), 9, "xor"),
        ("http://elsewhere/#preset=sine&t=30&view=%7B%22tab%22%3A%22loss%22%7D", 30, "sine"),
    ]
    for form, t, dataset in forms:
        view = View(form)
        assert (view.t, view.experiment["dataset"]["name"]) == (t, dataset)
        assert (view.scene["view"] == {"tab": "loss"}) == (t in (9, 30))
        view.close()
    shown = View(run, t=100)
    assert [each["t"] for each in shown.experiment["changes"]] == [90]
    is_the_engines(shown)
    assert run.t == 40


def test_a_recording_is_shown(tmp_path: Path):
    path = tmp_path / "run.backscope"
    path.write_bytes(recording(COLUMNS))
    shown = View(path)
    assert (shown.experiment["dataset"]["name"], shown.scene["view"]["view"]) == ("recorded", "recorded")
    shown.t = 30
    own = Timeline(rebuilt("a", parsed(path.read_bytes())).experiment).seek(30)
    assert np.array_equal(shown.tensors["W1"], own["W1"])


def test_a_scene_brings_its_table_along():
    data = {"text": "a,b\n1,2\n3,4\n5,7\n6,8\n"}
    assert View({"format": 1, "experiment": XOR, "data": data}).experiment["dataset"]["name"] == "xor"


def test_what_cannot_be_shown_is_told(tmp_path: Path):
    recording, other = tmp_path / "run.backscope", tmp_path / "other.json"
    recording.write_bytes(FORM)
    other.write_text("[")
    refused: list[Any] = [recording, other, 3, "none", {"layers": []}, "#nothing=1"]
    for asked in refused:
        with pytest.raises(Refusal):
            View(asked)
    with pytest.raises(FileNotFoundError):
        View("none.json")
    with pytest.raises(Refusal):
        View("xor", height=10)


def test_a_page_is_answered_as_by_a_server_and_cells_follow_it(view: View, page: Told):
    (about, (frame,)) = page.sent[-1]
    assert (about["kind"], about["runs"], decode(frame)[1]["t"]) == ("answer", 1, "14")
    assert view.t == 14
    is_the_engines(view)
    answer = json.loads(page.command("seek", t=-1)[0]["text"])
    assert "invalid t" in answer["refused"]
    page.command("change", t=14, learning_rate=0.5)
    assert view.experiment["changes"] == [{"t": 14, "learning_rate": 0.5}]
    page.hear("scene", view={"tab": "loss"})
    assert view.scene["view"] == {"tab": "loss"}
    page.command("start", experiment=XOR, run="lane")
    assert view.experiment["changes"] == [{"t": 14, "learning_rate": 0.5}]


def test_what_a_page_does_before_it_has_followed_a_cell_does_not_move_the_cell(view: View, page: Told):
    view.t = 300
    (about, (frame,)) = page.of("reached")[-1]
    assert (about["t"], decode(frame)[1]["t"]) == (300, "300")
    page.command("seek", t=15)  # it was on its way
    page.command("change", t=15, learning_rate=0.5)
    assert (view.t, "changes" in view.experiment) == (300, False)
    page.order = about["order"]
    page.command("seek", t=16)
    assert view.t == 16


def test_pages_are_sent_moments_while_a_cell_trains_and_never_those_of_another_run(view: View, page: Told):
    page.command("seek", t=14, watch={"tensors": ["W1"]})
    view.train(20)
    about, (frame,) = page.of("reached")[-1]
    tensors, metadata = decode(frame)
    assert (int(metadata["t"]), [*tensors], about["watch"]) == (view.t, ["W1"], {"tensors": ["W1"]})
    assert tensors["W1"].tobytes() == view.tensors["W1"].tobytes()
    view.experiment = "sine"
    assert page.of("show")[-1][0]["scene"]["experiment"] == view.experiment
    assert page.of("reached")[-1][1] == []
    page.command("start", experiment=view.experiment)
    view.train(2)
    assert len(page.of("reached")[-1][1]) == 1


def test_several_pages_of_a_view_have_runs_of_their_own(view: View, page: Told):
    other = Told(view, "other")
    other.command("start", experiment=view.experiment)
    other.command("seek", t=3)
    page.command("change", t=14, learning_rate=0.5)
    (_, (frame,)) = other.command("seek", t=30)
    true = state(Experiment.from_dict(XOR).to_dict(), 30)
    assert decode(frame)[0]["W1"].tobytes() == true["W1"].tobytes()
    other.hear("closed")
    view.hear({"kind": "command", "page": "other", "order": 0, "text": "{}"}, [])  # it was on its way
    assert other.sent[-1][0]["kind"] == "answer"


def test_a_view_that_is_closed_gives_its_memory_free(view: View, page: Told):
    capacity = application().house.capacity
    before = capacity.sessions
    assert page.of("answer")
    view.close()
    assert capacity.sessions == before - 2


def test_a_page_is_given_files_and_uploads_come_in_parts(view: View, page: Told):
    about, (body,) = page.hear("fetch", number=1, method="GET", path="/words/zh.json", more=False)
    assert about["status"] == 200
    assert "notebook.saved" in json.loads(gzip.decompress(body) if about["packed"] else body)
    assert page.hear("fetch", number=2, method="GET", path="/none", more=False)[0]["status"] == 404
    for part, more in ((b"a,b\n1,2\n", True), (b"3,4\n", False)):
        view.hear(
            {"kind": "fetch", "page": "page", "number": 3, "method": "POST", "path": "/tables", "more": more}, [part]
        )
    (about, (body,)) = page.sent[-1]
    assert (about["number"], about["status"], json.loads(body)["rows"]) == (3, 200, 2)


def test_the_document_needs_no_other_file():
    text = gzip.decompress(document("en")).decode()
    assert "<link" not in text
    assert "src=" not in text.partition("<body>")[0]
    assert "@import" not in text
    assert 'url("data:font/woff2' in text
    assert 'url("./' not in text


def test_without_its_extra_the_error_names_it():
    code = """
import sys
sys.modules["anywidget"] = None
import backscope
backscope.show("xor")
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1].endswith("pip install 'backscope[notebook]'")
