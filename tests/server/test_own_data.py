"""One's own data over the wire: a table is kept by its content, and runs, links and checkpoints name it."""

import json
import socket
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import httpx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.sync.client import connect

from engine import Refusal, Timeline
from server.capacity import Capacity
from server.checkpoints.codec import encode
from server.checkpoints.store import Checkpoints
from server.limits import TABLE_BYTES
from server.protocol.frame import decode
from server.session import Session
from server.tables.codec import content_of
from server.tables.store import Tables
from server.tables.upload import described
from tests.helpers.serving import Running, serving
from tests.helpers.session import look, say
from tests.helpers.tables import CONTENT, FLOWERS, PRICES, TABLES, experiment, of_flowers, of_prices


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with serving() as running:
        yield running
        assert running.words.count("\n") == 1, running.words


def post(running: Running, content: Any, address: str = "tables", **asked: str) -> httpx.Response:
    return httpx.post(running.address + address, content=content, params=asked, timeout=60)


def test_a_table_that_is_given_is_told_about(running):
    told = post(running, FLOWERS).json()
    assert told["content"] == CONTENT[FLOWERS]
    assert (told["separator"], told["decimal"], told["header"], told["rows"]) == (";", ",", True, 60)
    assert told["target"] == "species"
    assert told["first"][0] == {"row": 2, "cells": ["1", "0.25", "setosa"]}
    length, width, species = told["columns"]
    assert (length["name"], length["text"], length["different"]) == ("petal length", False, 60)
    assert width["labels"][:2] == ["0.25", "1.25"]
    assert (species["kind"], species["labels"]) == ("classes", ["setosa", "versicolor", "virginica"])


def test_what_is_found_of_the_notation_can_be_changed(running):
    told = post(running, b"a;b\n1;2\n", header="no", separator="comma").json()
    assert (told["header"], told["separator"], len(told["columns"])) == (False, ",", 1)
    assert told["content"] != post(running, b"a;b\n1;2\n").json()["content"]
    assert post(running, FLOWERS, separator="dash").json()["field"] == "separator"


def test_a_run_on_it_begins_trains_and_answers_questions(running):
    assert post(running, FLOWERS).status_code == 200
    with connect(running.websocket) as websocket:

        def ask(**command: Any) -> Any:
            websocket.send(json.dumps({"id": 1} | command))
            answer = websocket.recv(timeout=60)
            return json.loads(answer) if isinstance(answer, str) else decode(answer)[0]

        listing = ask(command="start", experiment=of_flowers())["listing"]
        assert listing["classes"] == ["setosa", "versicolor", "virginica"]
        assert (listing["columns"], listing["target"]) == (["petal length", "petal width"], "species")
        timeline = Timeline(experiment(of_flowers()))
        for name, tensor in timeline.seek(40).items():
            assert np.array_equal(ask(command="seek", t=40)[name], np.asarray(tensor, np.float32)), name
        data = timeline.experiment.data
        examples = ask(command="ask", t=0, question="examples")
        np.testing.assert_allclose(examples["x_training"], data.x_train, rtol=1e-6)
        assert examples["y_held_out"].shape == (15, 3)
        found = ask(command="ask", t=40, question="predictions", split="training")
        assert found["confusion"].shape == (3, 3)
        changed = ask(command="change", t=40, optimizer={"name": "adam"})["listing"]
        assert changed["experiment"]["dataset"]["content"] == CONTENT[FLOWERS]


def test_a_data_set_is_described_before_a_run_begins(running):
    post(running, PRICES)
    found = post(running, json.dumps({"dataset": of_prices()["dataset"], "seed": 3}), "tables/described").json()
    assert found["dataset"] == experiment(of_prices()).to_dict()["dataset"]
    assert found["record"] == {
        "kind": "values", "looks": "row", "inputs": 3, "outputs": [1], "output_activation": "identity", "classes": [],
    }  # fmt: skip
    assert found["examples"] == {"training": 30, "held_out": 10}
    assert [each["name"] for each in found["standardized"]] == ["area", "rooms", "age", "price"]
    area = found["standardized"][0]
    first = experiment(of_prices() | {"seed": 3}).data.x_train[0, 0]
    assert (area["value"] - area["mean"]) / area["deviation"] == pytest.approx(first)
    assert area["value"] == area["row"] - 1  # the table's areas count its rows


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "dataset"),
        (b"[]", "dataset"),
        (b'{"dataset": 1}', "dataset"),
        (b'{"dataset": {"name": "xor"}}', "dataset.name"),
        (b'{"dataset": {"name": "own", "content": "0123456789abcdef"}}', "dataset.content"),
        (b"[" * 100_000, "dataset"),
    ],
)
def test_what_cannot_be_described_is_refused(running, body, field):
    answer = post(running, body, "tables/described")
    assert (answer.status_code, answer.json()["field"]) == (400, field)


def test_what_is_no_table_is_refused_and_nothing_is_kept(running):
    for data, says in ((b"", "it has no rows"), (b"\0\1\2", "it is no text"), (b"a,b\n1\n", "row 2")):
        answer = post(running, data)
        assert (answer.status_code, answer.json()["field"]) == (400, "table")
        assert says in answer.json()["refused"]


def test_a_table_of_two_gigabytes_is_refused_before_it_comes(running):
    host, port = running.address.removeprefix("http://").rstrip("/").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as line:
        line.sendall(b"POST /tables HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n\r\n" % (host.encode(), 2 << 30))
        answer = line.recv(10_000)
        answer += line.recv(10_000)
    assert answer.startswith(b"HTTP/1.1 413 "), answer
    assert b"at most %d MB" % (TABLE_BYTES >> 20) in answer


def test_a_run_on_a_table_that_is_not_there_is_refused_and_begins_when_it_is_given_again():
    tables = Tables()
    session = Session(Capacity(), tables=tables)
    answer = say(session, command="start", experiment=of_flowers())
    assert answer["field"] == "dataset.content"
    assert answer["details"]["form"] == "give_again"
    tables.open(FLOWERS)
    assert "listing" in say(session, command="start", experiment=of_flowers())


def test_the_store_lets_the_oldest_go_and_a_run_that_has_begun_goes_on():
    tables = Tables(most=1)
    assert tables.open(FLOWERS)["content"] == CONTENT[FLOWERS]
    session = Session(Capacity(), tables=tables)
    assert "listing" in say(session, command="start", experiment=of_flowers())
    tables.open(PRICES)
    assert [*tables] == [CONTENT[PRICES]]
    assert "listing" in say(session, command="change", t=0, optimizer={"name": "adam"})
    assert look(session, command="seek", t=20)[1]["t"] == "20"


def test_processes_share_what_one_of_them_was_given(tmp_path):
    one, other = Tables(folder=tmp_path), Tables(folder=tmp_path)
    content = one.open(b"a;b\n1;2\n3;4\n", ",", False)["content"]
    assert other[content].columns.keys() == {"x1"}
    assert content == content_of(b"a;b\n1;2\n3;4\n", ",", False)


def test_a_checkpoint_of_a_run_on_it_is_opened_where_the_table_is():
    timeline = Timeline(experiment(of_flowers()))
    timeline.seek(60)
    data = encode(timeline)
    with pytest.raises(Refusal, match="unknown table"):
        Checkpoints().open(data)
    kept = Checkpoints(tables=TABLES)
    opened = kept.open(data)
    session = Session(Capacity(), kept, tables=TABLES)
    assert "listing" in say(session, command="start", experiment=opened["experiment"])
    assert np.array_equal(look(session, command="seek", t=0)[0]["W1"], timeline.seek(60)["W1"])


def test_the_examples_of_a_run_are_counted():
    capacity = Capacity()
    capacity.reserve(1, experiment(of_flowers()), "first")
    alone = Capacity()
    alone.reserve(1, experiment(of_flowers(inputs=["petal length"])), "first")
    assert capacity.taken - alone.taken >= 8 * 60


JUNK = [None, True, -1, 0.5, 1e300, "", "area", "price", "x" * 1000, [], ["area"], ["area", 7], {}, {"a": 1}]
FIELDS = ["content", "target", "kind", "inputs", "held_out", "standardize", "skip_missing", "name", "rows"]


@given(st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(JUNK), max_size=4), st.sampled_from([0, *JUNK]))
def test_whatever_is_described_is_answered_or_refused(fields, seed):
    body = json.dumps({"dataset": of_prices()["dataset"] | fields, "seed": seed}).encode()
    with suppress(Refusal):
        assert described(body, TABLES)["record"]["inputs"] >= 1
