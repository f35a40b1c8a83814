"""A session answers every command with one message, and refuses a bad command by name without any change."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

import server.questions.answers
from engine import Experiment, Timeline
from engine.base.tensors import EXAMPLE, axes
from engine.evaluate import evaluation as questions
from engine.experiment.presets import PRESETS
from server.capacity import Capacity
from server.protocol.frame import decode
from server.session import Session
from tests.helpers.drawn import drawn
from tests.helpers.networks import experiment, plain, same_bits, straight_run, table
from tests.helpers.session import XOR, look, reach, say, started


def test_start_answers_with_the_listing_of_the_whole_run():
    listing = say(Session(Capacity()), command="start", experiment=XOR)["listing"]
    timeline = Timeline(Experiment.from_dict(XOR))
    assert listing["experiment"] == timeline.experiment.to_dict()
    assert listing["sizes"] == [2, 3, 1]
    assert listing["kind"] == "classes"
    assert listing["examples"] == {"training": 4, "held_out": 0}
    assert listing["steps_per_epoch"] == 1
    assert listing["tensors"]["dW2"] == [2, 1]
    assert listing["tensors"]["a1"] == ["example", 1]
    (part,) = listing["segments"]
    assert (part["t"], part["training_step"]) == (0, 0)
    assert part["experiment"] == listing["experiment"]
    assert part["grains"]["equation"][-1] == len(timeline.program)
    for said, step in zip(part["program"], timeline.program, strict=True):
        assert said["equation"] == str(step.equation)
        assert [said[name] for name in ("phase", "layer", "letters")] == [step.phase, step.layer, step.letters]
        assert (said["reads"], said["writes"]) == (list(step.reads), list(step.writes))
        assert said["formula"].startswith("<math")
        assert said["source"] == step.equation.source
        assert said["explanation"] == step.equation.explanation


def test_a_change_of_structure_answers_with_the_segments_that_there_are_now():
    session, timeline = started(), Timeline(Experiment.from_dict(XOR))
    write = {"optimizer": {"name": "adam", "learning_rate": 0.01}, "clip_norm": 0.5}
    listing = say(session, command="change", t=20, **write)["listing"]
    timeline.change(20, **write)
    assert listing["experiment"]["changes"] == [{"t": 20, **write}]
    places = [(part.t, part.training_step) for part in timeline.segments]
    assert [(part["t"], part["training_step"]) for part in listing["segments"]] == places
    for said, part in zip(listing["segments"], timeline.segments, strict=True):
        assert said["experiment"] == part.experiment.to_dict()
        assert [step["equation"] for step in said["program"]] == [str(step.equation) for step in part.program]
    assert listing["tensors"]["mW2"] == [2, 1]
    assert listing["tensors"]["norm"] == []
    straight = straight_run(timeline.experiment, 90)
    for t in (90, 20, 36, 35):
        assert same_bits(reach(session, t)[0], straight[t])


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_starts(name):
    started(PRESETS[name])


def test_seek_answers_with_the_moment_as_a_frame():
    session, straight = started(), straight_run(Experiment.from_dict(XOR), 60)
    for t in (0, 7, 60, 3, 0):
        tensors, metadata = reach(session, t)
        assert metadata == {"t": str(t), "id": "7"}
        assert same_bits(tensors, straight[t])


def test_a_seek_that_is_far_answers_with_a_moment_on_the_way():
    session = started()
    _, metadata = look(session, command="seek", t=10**12)
    assert 0 < int(metadata["t"]) < 10**12
    _, later = look(session, command="seek", t=10**12, seconds=0)
    assert int(metadata["t"]) < int(later["t"])


def test_start_may_name_the_moment_to_start_at():
    tensors, _ = reach(started(t=30), 30)
    assert same_bits(tensors, straight_run(Experiment.from_dict(XOR), 30)[30])


def test_starting_again_replaces_the_run():
    session = started()
    other = XOR | {"seed": 5}
    say(session, command="start", experiment=other)
    assert same_bits(reach(session, 9)[0], straight_run(Experiment.from_dict(other), 9)[9])


def test_change_answers_with_the_listing_and_is_met_from_then_on():
    session = started()
    reach(session, 40)
    listing = say(session, command="change", t=20, tensor="W1", index=[2, 1], value=4)["listing"]
    assert listing["experiment"]["changes"] == [{"t": 20, "tensor": "W1", "index": [2, 1], "value": 4.0}]
    say(session, command="change", t=25, learning_rate=0.25)
    say(session, command="change", t=30, tensor="b2", value=[1])
    changes = [{"t": 20, "tensor": "W1", "index": [2, 1], "value": 4}, {"t": 25, "learning_rate": 0.25}]
    changes.append({"t": 30, "tensor": "b2", "value": [1]})
    straight = straight_run(Experiment.from_dict(XOR | {"changes": changes}), 50)
    for t in (50, 19, 20, 25, 29, 30):
        assert same_bits(reach(session, t)[0], straight[t])


units = st.one_of(st.none(), *(st.lists(st.integers(0, size - 1), max_size=size) for size in (2, 3, 1)))


@drawn(
    st.integers(0, 60),
    st.none() | st.lists(st.sampled_from(["W1", "a0", "a1", "delta2", "loss", "y", "dW2", "learning_rate"])),
    st.none() | st.integers(0, 9),
    st.none() | st.tuples(*(st.none() | st.lists(st.integers(0, n - 1), max_size=n) for n in (2, 3, 1))),
    few=60,
    many=80,
)
def test_what_is_watched_is_the_same_part_of_the_whole_frame(t, names, example, units):
    session = started()
    whole, _ = reach(session, t)
    watched, metadata = reach(session, t, watch={"tensors": names, "example": example, "units": units})
    assert watched.keys() == {name for name in whole if names is None or name in names}
    shown = example if example is None or "y" not in whole else min(example, len(whole["y"]) - 1)
    assert metadata.get("example") == (None if shown is None else str(shown))
    assert metadata.get("examples") == (None if shown is None else str(len(whole.get("y", []))))
    assert json.loads(metadata.get("units", "null")) == (None if units is None else [*units])
    for name, part in watched.items():
        expected = whole[name]
        for place, axis in enumerate(axes(name, 2)):
            chosen = None
            if axis == EXAMPLE and example is not None:
                chosen = [min(example, 3)]
            elif axis != EXAMPLE and units is not None:
                chosen = units[axis]
            if chosen is not None:
                expected = expected.take(np.array(chosen, int), axis=place)
        assert part.shape == expected.shape
        assert part.tobytes() == expected.tobytes()


def test_asking_evaluate_gives_both_splits():
    session = started(plain((3, "tanh"), (2, "softmax"), dataset="moons"))
    tensors, _ = reach(session, 200)
    answer = say(session, command="ask", question="evaluate", t=200)["answer"]
    chosen = experiment((3, "tanh"), (2, "softmax"), dataset="moons")
    for split in ("training", "held_out"):
        assert answer[split] == questions.evaluate(chosen, tensors, split)
    few = say(session, command="ask", question="evaluate", t=200, most=10)["answer"]
    assert few["training"]["examples"] == 10


def test_a_split_can_be_evaluated_in_parts_that_come_to_the_whole():
    session = started(plain((3, "tanh"), (10, "softmax"), dataset="digits"))
    tensors, _ = reach(session, 20)
    whole = questions.evaluate(experiment((3, "tanh"), (10, "softmax"), dataset="digits"), tensors, "held_out")
    seen, parts = 0, []
    while seen < 10_000:
        answer = say(session, command="ask", question="evaluate", t=20, split="held_out", start=seen)["answer"]
        assert answer.keys() == {"held_out"}
        parts.append(answer["held_out"])
        seen += parts[-1]["examples"]
    assert seen == 10_000
    for name in ("loss", "accuracy"):
        mean = sum(part[name] * part["examples"] for part in parts) / seen
        assert mean == pytest.approx(whole[name], rel=1e-9)
    past = say(session, command="ask", question="evaluate", t=20, split="held_out", start=10_000)["answer"]
    assert past == {"held_out": {"loss": None, "accuracy": None, "examples": 0, "of": 10_000}}


@pytest.mark.parametrize(
    ("form", "shape"), [(XOR, (5, 5)), (plain((3, "tanh"), (1, "identity"), dataset="sine"), (5,))]
)
def test_asking_response_gives_one_neuron_over_a_grid(form, shape):
    session, chosen = started(form), Experiment.from_dict(form)
    fields = {"layer": 1, "unit": 2, "low": -1, "high": 2, "points": 5}
    answer, _ = look(session, command="ask", question="response", t=0, **fields)
    grid = questions.grid_over(-1, 2, chosen.sizes[0], 5)
    expected = questions.response(chosen, Timeline(chosen).seek(0), 1, 2, grid)
    assert np.array_equal(answer["response"], expected.reshape(shape))


def test_asking_examples_gives_the_data():
    answer, _ = look(started(plain((1, "sigmoid"), dataset="moons")), command="ask", question="examples", t=0)
    data = experiment((1, "sigmoid"), dataset="moons").data
    expected = {"x_training": data.x_train, "y_training": data.y_train}
    expected |= {"x_held_out": data.x_held_out, "y_held_out": data.y_held_out}
    assert same_bits(answer, {name: array.astype(np.float32) for name, array in expected.items()})


def test_asking_for_the_first_number_that_is_not_finite():
    diverging = plain((2, "identity"), (1, "identity"), dataset="sine", rate=30.0)
    session = started(diverging)
    reach(session, 3000)
    first = say(session, command="ask", question="first_not_finite", t=3000)["answer"]["first"]
    assert first == questions.first_not_finite(Timeline(Experiment.from_dict(diverging)), 3000)
    assert first["t"] > 0
    assert say(started(), command="ask", question="first_not_finite", t=0)["answer"]["first"] is None


def test_what_is_not_finite_arrives_in_frames_and_in_json():
    session = started(plain((2, "identity"), (1, "identity"), dataset="sine", rate=30.0))
    tensors, _ = reach(session, 5000)
    assert np.isnan(tensors["loss"])
    assert say(session, command="ask", question="evaluate", t=5000)["answer"]["training"]["loss"] == "NaN"


SEEK: dict[str, Any] = {"command": "seek", "t": 9}
ASK: dict[str, Any] = {"command": "ask", "t": 0}
RESPONSE = ASK | {"question": "response", "layer": 1, "unit": 0, "low": -1, "high": 1, "points": 3}
LATEST = 2**53 - 1
QUESTIONS = ", ".join(sorted(server.questions.answers.QUESTIONS))
REFUSALS: list[tuple[dict[str, Any], str, str]] = [
    ({}, "command", "unknown command: None (one of: ask, change, compare, fork, ping, resume, seek, start, stop)"),
    (
        {"command": "play"},
        "command",
        "unknown command: 'play' (one of: ask, change, compare, fork, ping, resume, seek, start, stop)",
    ),
    (
        {"command": ["seek"]},
        "command",
        "unknown command: ['seek'] (one of: ask, change, compare, fork, ping, resume, seek, start, stop)",
    ),
    ({"command": "start"}, "experiment", "missing field (experiment)"),
    ({"command": "start", "experiment": XOR, "T": 1}, "T", "unknown field: 'T' (one of: experiment, t)"),
    ({"command": "start", "experiment": XOR, "t": -1}, "t", f"invalid t: -1 (0 to {LATEST})"),
    ({"command": "start", "experiment": XOR | {"seed": -1}}, "seed", "invalid seed: -1 (0 to 4294967295)"),
    ({"command": "seek"}, "t", "missing field (t)"),
    (SEEK | {"t": -1}, "t", f"invalid t: -1 (0 to {LATEST})"),
    (SEEK | {"t": 1.5}, "t", f"invalid t: 1.5 (0 to {LATEST})"),
    (SEEK | {"t": 1e300}, "t", f"invalid t: 1e+300 (0 to {LATEST})"),
    (SEEK | {"t": 2**53}, "t", f"invalid t: {2**53} (0 to {LATEST})"),
    (SEEK | {"t": 10**4000}, "t", f"invalid t: 1{'0' * 56}... (0 to {LATEST})"),
    (SEEK | {"T": 1}, "T", "unknown field: 'T' (one of: seconds, t, until, watch)"),
    (SEEK | {"": 1}, "", "unknown field: '' (one of: seconds, t, until, watch)"),
    (SEEK | {"seconds": 60}, "seconds", "invalid seconds: 60 (0 to 0.03)"),
    (SEEK | {"seconds": None}, "seconds", "invalid seconds: None (0 to 0.03)"),
    (SEEK | {"watch": []}, "watch", "invalid watch: [] (a mapping of: tensors, example, units, updates, gradients_of)"),
    (
        SEEK | {"watch": {"tensor": []}},
        "watch.tensor",
        "unknown field: 'tensor' (one of: example, gradients_of, tensors, units, updates)",
    ),
    (SEEK | {"watch": {"tensors": "W1"}}, "watch.tensors", "invalid watch.tensors: 'W1' (a list)"),
    (SEEK | {"watch": {"example": -1}}, "watch.example", "invalid example: -1 (0 to 2147483648)"),
    (SEEK | {"watch": {"units": [None]}}, "watch.units", "invalid units: [None] (a list of 3)"),
    (SEEK | {"watch": {"units": [None, [3], None]}}, "watch.units", "invalid unit: 3 (0 to 2)"),
    (SEEK | {"watch": {"units": [None, 3, None]}}, "watch.units", "invalid watch.units: 3 (a list)"),
    (SEEK | {"watch": {"units": [[0] * 3, None, None]}}, "watch.units", "invalid number of units: 3 (0 to 2)"),
    ({"command": "change", "t": 3}, "change.tensor", "missing field (change.tensor)"),
    ({"command": "change", "learning_rate": 1}, "t", "missing field (t)"),
    (
        {"command": "change", "t": 3, "learning_rate": 1e9},
        "change.learning_rate",
        "invalid learning rate: 1000000000.0 (0 to 1e+06)",
    ),
    (
        {"command": "change", "t": 3, "rate": 1},
        "change.rate",
        "unknown field: 'rate' (one of: augment, clip_norm, coupled_weight_decay, drawings, index, initial_scale, "
        "initializer, layers, learning_rate, loss, next_mini_batch, optimizer, regularization, schedule, tensor, "
        "value)",
    ),
    (ASK, "question", f"unknown question: None (one of: {QUESTIONS})"),
    (ASK | {"question": "why"}, "question", f"unknown question: 'why' (one of: {QUESTIONS})"),
    (ASK | {"question": "evaluate", "most": 0}, "most", "invalid number of examples: 0 (1 to 1000000)"),
    (ASK | {"question": "evaluate", "of": 1}, "of", "unknown field: 'of' (one of: most, split, start)"),
    (ASK | {"question": "evaluate", "split": 1}, "split", "unknown split: 1 (one of: held_out, training)"),
    (ASK | {"question": "evaluate", "start": -1}, "start", "invalid row: -1 (0 to 1000000)"),
    (ASK | {"question": "examples", "": 1}, "", "unknown field: '' (one of: )"),
    (ASK | {"question": "evaluate", "t": 10**12}, "t", "invalid t: 1000000000000 (a moment that has been sought)"),
    (
        ASK | {"question": "read", "side": 28, "ink": ""},
        "ink",
        "unfit drawing: 28 x 28 (this network has 2 inputs)",
    ),
    (RESPONSE | {"layer": 3}, "layer", "invalid layer: 3 (0 to 2)"),
    (RESPONSE | {"unit": 3}, "unit", "invalid unit: 3 (0 to 2)"),
    (RESPONSE | {"points": 101}, "points", "invalid number of points: 101 (2 to 100)"),
    (RESPONSE | {"low": None}, "low", "invalid low: None (-1e+06 to 1e+06)"),
]


@pytest.mark.parametrize(("command", "field", "message"), REFUSALS, ids=[message[:40] for _, _, message in REFUSALS])
def test_a_bad_command_is_refused_by_name_and_changes_nothing(command, field, message):
    session = started()
    before, _ = reach(session, 9)
    answer = say(session, **command)
    assert answer["refused"] == message
    assert answer["field"] == field
    assert answer["details"]["kind"] == message.split()[0]
    assert say(session, command="change", t=9, learning_rate=0.5)["listing"]["experiment"]["changes"] == [
        {"t": 9, "learning_rate": 0.5}
    ]
    assert same_bits(reach(session, 9)[0], before)


@pytest.mark.parametrize("question", ["response", "examples"])
def test_questions_about_the_plane_are_refused_for_digits(question):
    fields = {"layer": 1, "unit": 0, "low": 0, "high": 1, "points": 3} if question == "response" else {}
    answer = say(started(PRESETS["digits_13002"]), command="ask", question=question, t=0, **fields)
    assert answer["refused"] == f"unfit question: '{question}' (this network has 784 inputs)"


@pytest.mark.parametrize("command", ["seek", "change", "ask", "fork", "stop"])
def test_start_comes_first(command):
    answer = say(Session(Capacity()), command=command, t=0)
    assert answer["refused"] == f"invalid command: '{command}' (start comes first)"


def test_a_bad_start_leaves_the_run_that_there_was():
    session = started()
    before, _ = reach(session, 9)
    assert "refused" in say(session, command="start", experiment=plain((3, "relo")))
    large = plain((1024, "tanh"), (1024, "tanh"), (10, "softmax"), dataset="digits", mini_batch_size=60_000)
    assert "refused" in say(session, command="start", experiment=large)
    assert same_bits(reach(session, 9)[0], before)


@pytest.mark.parametrize(
    "text", ["", "{", "null", "[]", "3", '"seek"', "{'id': 1}", "[" * 100_000, "1" * 10_000, "\x00", "🙂"]
)
def test_what_is_no_command_is_refused_without_an_id(text):
    message = Session(Capacity()).reply(text)
    assert isinstance(message, str)
    answer = json.loads(message)
    assert answer["id"] is None
    assert answer["refused"].startswith("invalid command: ")


STRANGE = ["NaN", "Infinity", "-1e999", "1.5", "true", "[[[]]]", '{"a": NaN}', "1" + "0" * 4000, f'"{"x" * 65}"']
DEEP = ["[" * depth + "]" * depth for depth in (600, 990, 3000)]


@pytest.mark.parametrize("identity", [*STRANGE, *DEEP], ids=lambda text: text[:8])
@pytest.mark.parametrize("rest", ['"command": "play"', '"command": "seek", "t": 0'])
def test_an_id_that_is_neither_a_short_text_nor_a_whole_number_is_refused_without_an_id(identity, rest):
    message = started().reply(f'{{"id": {identity}, {rest}}}')
    assert isinstance(message, str)
    answer = json.loads(message, parse_constant=pytest.fail)
    assert answer["id"] is None
    assert answer["refused"].startswith("invalid ")


@pytest.mark.parametrize("identity", [0, -3, 2**53 - 1, "", "a", "x" * 64, "\ud800", None])
def test_every_other_id_comes_back_with_the_answer(identity):
    session = started()
    message = session.reply(json.dumps({"id": identity, "command": "ask", "question": "evaluate", "t": 0}))
    assert json.loads(message)["id"] == identity
    frame = session.reply(json.dumps({"id": identity, "command": "seek", "t": 0}))
    assert isinstance(frame, bytes)
    assert decode(frame)[1]["id"] == str(identity)


@pytest.mark.parametrize("depth", [40, 600, 990, 3000])
@pytest.mark.parametrize("command", ['"command": "start", "experiment"', '"command": "seek", "t": 0, "watch"'])
def test_a_command_that_is_nested_too_deep_is_refused_without_an_id(command, depth):
    message = started().reply(f'{{"id": 7, {command}: {"[" * depth + "]" * depth}}}')
    assert isinstance(message, str)
    assert json.loads(message)["id"] is None
    assert json.loads(message)["refused"].startswith("invalid command: ")


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=3)
    | st.sampled_from(["W1", "loss", XOR]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
names = [
    "experiment",
    "run",
    "as",
    "until",
    "watch",
    "seconds",
    "tensor",
    "index",
    "value",
    "learning_rate",
    "optimizer",
    "layers",
    "schedule",
    "clip_norm",
    "most",
    "side",
    "ink",
    "layer",
    "example",
    "neuron",
    "updates",
    "split",
    "start",
    "rows",
    "units",
    "",
]


ASKED = [
    "averages", "column", "evaluate", "evaluation_history", "examples", "first_not_finite", "inputs", "predictions",
    "read", "response", "response_history", "weights_history", "wishes",
]  # fmt: skip


@drawn(
    st.sampled_from(["start", "seek", "change", "ask", "fork", "stop"]),
    st.sampled_from([0, 9]) | anything,
    st.sampled_from(ASKED) | anything,
    st.dictionaries(st.sampled_from(names), anything, max_size=3),
    few=60,
    many=300,
)
def test_whatever_comes_there_is_one_answer_and_never_a_failure_of_the_server(command, t, question, fields):
    asked = {"question": question} if command == "ask" else {}
    message = started().reply(json.dumps({"id": 7, "command": command, "t": t} | asked | fields))
    if isinstance(message, str):
        answer = json.loads(message, parse_constant=pytest.fail)
        assert answer["id"] == 7
        assert "server failed" not in answer.get("refused", "")
    else:
        assert decode(message)[1]["id"] == "7"


def test_a_failure_inside_is_answered_and_logged(monkeypatch, caplog):
    session = started()
    monkeypatch.setattr(Timeline, "seek", None)
    answer = say(session, command="seek", t=3)
    assert answer["refused"] == "the server failed: TypeError"
    assert "a command failed" in caplog.text


def test_a_table_of_ones_own_trains_like_any_other_data():
    form = plain((2, "tanh"), (1, "identity"), dataset=table([[1, 2], [3, 4]], [[0.5], [-2]]), mini_batch_size=1)
    session = started(form)
    assert same_bits(reach(session, 33)[0], straight_run(Experiment.from_dict(form), 33)[33])
