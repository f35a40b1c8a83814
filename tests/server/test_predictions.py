"""Predictions over the wire: asked without a key, answered, and revealed by computing them again."""

import json
from dataclasses import replace
from time import thread_time
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

from engine.predictions.kinds import CONCEPTS, KINDS
from engine.predictions.search import generate
from server.words import LATER, at_start, catalogue
from tests.helpers.networks import plain
from tests.helpers.session import reach, say, started

XOR = plain((4, "tanh"), (1, "sigmoid"))


def asked(websocket: ClientConnection, question: str, t: int = 0, **fields: Any) -> Any:
    websocket.send(json.dumps({"id": 1, "command": "ask", "t": t, "question": question, **fields}))
    return json.loads(websocket.recv(timeout=60))["answer"]


def test_a_reader_is_asked_answers_and_is_told_why_over_a_real_websocket(server):
    with connect(server.replace("http", "ws") + "ws") as websocket:
        websocket.send(json.dumps({"id": 0, "command": "start", "experiment": XOR}))
        websocket.recv(timeout=60)
        for kind in ("arrow_sign", "larger_input"):
            prediction = asked(websocket, "predict", kind=kind, seed=5)["prediction"]
            true = generate(kind, 5).found
            assert "key" not in json.dumps(prediction["choices"])
            assert not {"key", "why", "line", "margin"} & prediction.keys()
            assert (prediction["t"], prediction["reveal_t"], prediction["here"]) == (true.t, true.reveal_t, False)
            told = asked(websocket, "reveal", kind=kind, seed=5, answer=true.key)
            assert (told["key"], told["right"], told["t"]) == (true.key, True, true.reveal_t)
            assert asked(websocket, "reveal", kind=kind, seed=5)["right"] is None
        silent = asked(websocket, "reveal", kind="arrow_sign", seed=3)["why"]["blanks"]["gradient"]
        assert str(silent) == "0.0"
        websocket.send(json.dumps({"id": 2, "command": "start", "experiment": prediction["experiment"]}))
        assert "listing" in json.loads(websocket.recv(timeout=60))
        here, since = None, 0
        while not here:  # on a busy machine it is not found in the first slice
            told = asked(websocket, "predict", kind="longest_arrow", seed=1, here=True, since=since)
            here, since = told["prediction"], told["searched"]
        assert (here["here"], here["experiment"]) == (True, None)
        keys = [choice["name"] for choice in here["choices"]]
        answers = [
            asked(websocket, "reveal", here["t"], kind="longest_arrow", seed=1, here=True, answer=key) for key in keys
        ]
        assert [told["right"] for told in answers].count(True) == 1
        assert {told["key"] for told in answers} == {keys[[told["right"] for told in answers].index(True)]}


@pytest.mark.parametrize("kind", KINDS)
def test_all_that_is_said_of_a_prediction_is_in_the_catalogues_with_its_blanks(kind):
    session = started()
    cases = {""}
    for seed in range(8 if KINDS[kind].keys else 1):
        about = {"command": "ask", "t": 0, "kind": kind, "seed": seed}
        prediction = say(session, question="predict", **about)["answer"]["prediction"]
        told = say(session, question="reveal", **about)["answer"]
        cases.add(told["why"]["word"])
        for language in ("en", "zh"):
            words = catalogue(language)
            assert f"concept.{prediction['concept']}" in words
            assert f"prediction.{kind}" in words
            for said in (prediction["asks"], told["why"], *prediction["choices"]):
                assert set(_blanks(words[said["word"]])) <= said["blanks"].keys()
        assert (prediction["form"] == "amount") == (prediction["choices"] == [])
    found = {name for name in catalogue("en") if name.startswith(f"prediction.{kind}.why")}
    assert found == cases - {""}


def _blanks(text: str) -> list[str]:
    return [part.partition("}")[0].partition("|")[0] for part in text.split("{")[1:]]


def test_a_run_is_searched_in_slices_and_what_it_does_not_have_is_refused():
    session, since, slices = started(plain((16, "tanh"), (16, "tanh"), (1, "sigmoid"), dataset="moons")), 0, 0
    while "answer" in (
        told := say(session, command="ask", t=0, question="predict", kind="dead_neuron", seed=0, here=True, since=since)
    ):
        assert told["answer"]["prediction"] is None
        assert told["answer"]["searched"] >= since
        since, slices = told["answer"]["searched"], slices + 1
    assert slices > 1
    assert told["refused"].startswith("unfit prediction: 'dead_neuron' (no moment of this run from 0 up to ")
    assert (told["field"], told["details"]["form"]) == ("kind", "no_moment")
    reach(session, 9)


def test_the_kinds_that_suit_a_run_are_told_in_parts_and_each_is_asked_at_once():
    session = started(plain((6, "relu"), (1, "sigmoid"), dataset="moons", mini_batch_size=6))
    found: dict[str, int] = {}
    since: int | None = 0
    while since is not None:
        left = [kind for kind in KINDS if kind not in found]
        told = say(session, command="ask", t=0, question="suiting_kinds", kinds=left, since=since)["answer"]
        found |= told["found"]
        since = told["searched"]
    assert "longest_arrow" in found
    assert "follows_arrow" not in found  # gradient descent remembers nothing
    for kind, t in found.items():
        asked = say(session, command="ask", t=t, question="predict", kind=kind, seed=0, here=True)["answer"]
        assert asked["prediction"]["t"] == t


def test_all_kinds_are_told_by_concept_and_both_tests_by_their_items():
    told = say(started(), command="ask", t=0, question="kinds")["answer"]
    assert [*told["concepts"]] == [*CONCEPTS]
    assert {kind: concept for concept, kinds in told["concepts"].items() for kind in kinds} == {
        name: kind.concept for name, kind in KINDS.items()
    }
    before, after = told["tests"]["before"], told["tests"]["after"]
    assert [each["concept"] for each in before] == [each["concept"] for each in after]


def test_a_seed_cannot_hold_the_server(monkeypatch):
    monkeypatch.setitem(KINDS, "dead_neuron", replace(KINDS["dead_neuron"], find=lambda step, rng: iter(())))
    monkeypatch.setattr("server.questions.predictions.PREDICTION_SECONDS", 0.1)
    session, began = started(), thread_time()
    for question in ("predict", "reveal"):
        told = say(session, command="ask", t=0, question=question, kind="dead_neuron", seed=2**31)
        assert told["refused"] == ("unfit seed: 2147483648 (none was found in 0.1 s of computing, take another seed)")
        assert (told["field"], told["details"]["form"]) == ("seed", "searched_in_vain")
    assert thread_time() - began < 3


@pytest.mark.parametrize(
    ("question", "fields", "refused"),
    [
        ("predict", {"kind": "nothing"}, "unknown prediction: 'nothing'"),
        ("predict", {"seed": -1}, "invalid seed: -1 (0 to 4294967295)"),
        ("predict", {"here": 1}, "invalid here: 1 (true or false)"),
        ("predict", {"here": True, "t": 10**12}, "invalid t: 1000000000000 (a moment that has been sought)"),
        ("reveal", {"answer": "left"}, "unknown answer: 'left' (one of: down, up, zero)"),
        ("reveal", {"answer": 3}, "unknown answer: 3 (one of: down, up, zero)"),
        ("reveal", {"kind": "larger_input", "answer": "up"}, "invalid answer: 'up' (0 to "),
        ("reveal", {"kind": "larger_input", "answer": 1e9}, "invalid answer: 1000000000.0 (0 to "),
        ("reveal", {"here": True, "t": 1}, "unfit prediction: 'arrow_sign' (no moment of this run from 1 up to 1 "),
    ],
)
def test_what_cannot_be_asked_or_answered_is_refused_in_words(question, fields, refused):
    about = {"command": "ask", "t": 0, "question": question, "kind": "arrow_sign", "seed": 0} | fields
    assert say(started(), **about)["refused"].startswith(refused)


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"kinds": ["nothing"]}, "unknown prediction: 'nothing'"),
        ({"kinds": "arrow_sign"}, "invalid prediction: 'arrow_sign' (a list of at most 17)"),
        ({"kinds": ["arrow_sign"] * 18}, "invalid prediction: "),
        ({"t": 10**12}, "invalid t: 1000000000000 (a moment that has been sought)"),
    ],
)
def test_kinds_that_cannot_be_looked_for_are_refused_in_words(fields, refused):
    about = {"command": "ask", "t": 0, "question": "suiting_kinds"} | fields
    assert say(started(), **about)["refused"].startswith(refused)


def test_the_words_of_predictions_come_when_they_are_needed():
    later = catalogue("en").keys() - at_start("en").keys()
    assert {f"prediction.{kind}.asks" for kind in KINDS} | {f"concept.{name}" for name in CONCEPTS} <= later
    assert {name.partition(".")[0] for name in later} == {each.removesuffix(".") for each in LATER}
