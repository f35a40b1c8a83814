"""A local Ray computes the runs of a map as this process does, and what it cannot is told."""

import json

import numpy as np
import pytest
from websockets.sync.client import connect

from engine.experiment.presets import PRESETS
from server.__main__ import arguments
from server.capacity import Capacity
from server.limits import MAP_WORK
from server.maps import job
from server.maps.desk import Desk
from server.maps.on_ray import LOCAL, Cluster
from server.protocol.frame import decode
from server.session import Session
from tests.helpers.maps import map_of
from tests.helpers.serving import serving
from tests.helpers.session import look, say

RATE, SCALE = "optimizer.learning_rate", "initial_scale"
FORM = PRESETS["spirals"]
QUESTION = {
    "command": "ask",
    "question": "map",
    "t": 0,
    "x": {"field": RATE, "low": 0.01, "high": 10},
    "y": {"field": SCALE, "low": 0.1, "high": 10},
    "side": 16,
    "training_steps": 40,
}


pytestmark = pytest.mark.timeout(400)  # a Ray of its own takes a minute to begin where the machine is busy


@pytest.fixture
def cluster():
    found = Cluster(LOCAL)
    yield found
    found.end()


def expected():
    found = map_of(FORM, 16, 40)
    across, up = found.axes
    chosen = type(found)(
        found.experiment, found.axes, (tuple(across.values(0.01, 10, 16)), tuple(up.values(0.1, 10, 16))), 40
    )
    outcomes = np.zeros((16, 16), int)
    for cells in chosen.parts:
        outcomes[cells[:, 1], cells[:, 0]] = chosen.part(cells).outcomes
    return outcomes


def whole_map(ask):
    """All outcomes of the map, asked for part by part."""
    outcomes, start = np.full((16, 16), -1), 0
    while start < 256:
        tensors = ask(start)
        outcomes[tensors["row"].astype(int), tensors["column"].astype(int)] = tensors["outcome"].astype(int)
        start += len(tensors["outcome"])
    return outcomes


def test_a_cluster_computes_the_runs_of_a_map(cluster, monkeypatch):
    monkeypatch.setattr(job, "MAP_SMALL", 0)
    session = Session(Capacity(), desk=Desk(cluster))
    say(session, command="start", experiment=FORM)
    found = whole_map(lambda start: look(session, **QUESTION, start=start)[0])
    assert (found == expected()).all()
    assert cluster.hands >= 1


def test_a_cluster_has_room_for_larger_maps():
    assert Cluster(LOCAL).work > MAP_WORK


def test_a_server_told_the_address_of_a_cluster_asks_it():
    first = "import server.maps.job as job; job.MAP_SMALL = 0"
    with serving(0, "--ray", LOCAL, first=first) as server, connect(server.websocket) as line:
        line.send(json.dumps({"command": "start", "experiment": FORM}))
        line.recv()

        def ask(start):
            line.send(json.dumps({**QUESTION, "start": start}))
            answer = line.recv()
            assert isinstance(answer, bytes), answer
            return decode(answer)[0]

        assert (whole_map(ask) == expected()).all()


def test_a_cluster_that_is_not_there_is_told_with_its_address(monkeypatch):
    monkeypatch.setattr(job, "MAP_SMALL", 0)
    session = Session(Capacity(), desk=Desk(Cluster("127.0.0.1:1")))
    say(session, command="start", experiment=FORM)
    answer: str | bytes = b""
    while isinstance(answer, bytes):
        answer = session.reply(json.dumps(QUESTION))
    told = "unfit map: 16 x 16 runs (no answer: Ray at 127.0.0.1:1: nobody listens there)"
    assert json.loads(answer)["refused"] == told


def test_the_command_refuses_the_address_of_no_cluster(capsys):
    with pytest.raises(SystemExit):
        arguments(["--ray", "127.0.0.1:1"])
    assert "--ray: nobody listens at 127.0.0.1:1" in capsys.readouterr().err
