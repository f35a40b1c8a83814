"""A network predicts example by example, and all at once with the same results as in slices; the history of a run."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Experiment, Timeline
from engine.base.refusal import Refusal
from engine.evaluate.evaluation import NO_ANSWER, evaluate, grid_over, predict
from engine.evaluate.histories import evaluation_history, response_history, spread_moments, weights_history
from engine.evaluate.predictions import averages, predictions
from engine.experiment.presets import PRESETS
from engine.methods.losses import LOSSES
from server.questions.answer import Tensors
from server.questions.answers import answer
from tests.helpers.networks import ENDINGS, experiment, plain, straight_run, table, targets

DIGITS = PRESETS["digits_100"]


def learned(name: str, training_steps: int) -> tuple[Experiment, dict[str, np.ndarray]]:
    timeline = Timeline(Experiment.from_dict(PRESETS[name]))
    return timeline.experiment, dict(timeline.seek(training_steps * len(timeline.program)))


def forward(state: dict[str, np.ndarray], x: np.ndarray) -> np.ndarray:
    """The softmax outputs of the ReLU network, in float64."""
    z = np.maximum(x @ state["W1"].T.astype(float) + state["b1"], 0) @ state["W2"].T.astype(float) + state["b2"]
    shares = np.exp(z - z.max(axis=1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


@pytest.mark.parametrize("split", ["training", "held_out"])
def test_predictions_of_digits_agree_with_a_plain_computation(split):
    chosen, state = learned("digits_100", 300)
    pixels, y = chosen.data.split(split)
    x, label = pixels[:3000] / 255, y[:3000].argmax(axis=1)
    a = forward(state, x)
    read = a.argmax(axis=1)
    found = predictions(chosen, state, split, count=3000)
    assert found["row"].tolist() == list(range(3000))
    assert int(found["of"]) == len(y)
    assert found["label"].tolist() == label.tolist()
    assert np.mean(found["answer"] == read) > 0.999  # where two outputs all but tie, float32 may name the other
    sure = np.sort(a, axis=1)[:, -1] - np.sort(a, axis=1)[:, -2] > 1e-4
    assert found["answer"][sure].tolist() == read[sure].tolist()
    np.testing.assert_allclose(found["output"], a.max(axis=1), rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(found["loss"], -np.log(a[range(3000), label]), rtol=1e-2, atol=1e-4)
    counts = [[np.sum((label == i) & (found["answer"] == j)) for j in range(10)] for i in range(10)]
    assert found["confusion"].tolist() == counts
    sums = [x[found["answer"] == j].sum(axis=0) for j in range(10)]
    np.testing.assert_allclose(found["called"], sums, rtol=1e-4, atol=1e-3)


@settings(max_examples=40)
@given(st.integers(0, 120), st.lists(st.integers(1, 60), min_size=1, max_size=6), st.sampled_from([None, 70]))
def test_slices_of_a_split_give_the_same_results_as_the_whole(start, counts, most):
    chosen, state = learned("spirals", 40)
    whole = predictions(chosen, state, "held_out", start, sum(counts), most)
    begins = np.cumsum([start, *counts])[:-1]
    parts = [predictions(chosen, state, "held_out", int(at), n, most) for at, n in zip(begins, counts, strict=True)]
    for name in ("row", "label", "answer", "output", "loss"):
        np.testing.assert_allclose(np.concatenate([part[name] for part in parts]), whole[name], rtol=1e-4, atol=1e-6)
    assert np.sum([part["confusion"] for part in parts], axis=0).tolist() == whole["confusion"].tolist()
    np.testing.assert_allclose(np.sum([part["called"] for part in parts], axis=0), whole["called"], atol=1e-5)


@pytest.mark.parametrize("name", ["digits_13002", "digits_100", "spirals", "sine"])
@pytest.mark.parametrize("most", [None, 30])
def test_loss_and_accuracy_are_those_that_an_evaluation_finds(name, most):
    chosen, state = learned(name, 60)
    found, true = predictions(chosen, state, "held_out", most=most), evaluate(chosen, state, "held_out", most)
    assert found["loss"].mean() == pytest.approx(true["loss"], rel=1e-5)
    assert len(found["row"]) == int(found["of"]) == true["examples"]
    if chosen.data.kind == "classes":
        assert np.trace(found["confusion"]) / len(found["row"]) == pytest.approx(true["accuracy"])


@pytest.mark.parametrize(("activation", "loss"), ENDINGS)
def test_the_loss_of_each_example_is_that_of_a_mini_batch_of_one(activation, loss):
    rng = np.random.default_rng(3)
    y = targets(loss, (7, 3), rng)
    data = table(rng.normal(size=(7, 2)).tolist(), y.tolist())
    chosen = experiment((4, "tanh"), (3, activation), dataset=data, loss=loss, dtype="float64", mini_batch_size=7)
    state = dict(Timeline(chosen).seek(0))
    x, y = chosen.data.split("training")
    alone = [float(predict(chosen, state, x[i : i + 1], y[i : i + 1])["loss"]) for i in range(7)]
    found = predictions(chosen, state, "training", output=2)
    np.testing.assert_allclose(found["loss"], alone, rtol=1e-12)
    assert found["target"].tolist() == y[:, 2].tolist()
    np.testing.assert_allclose(found["answer"], predict(chosen, state, x)["a2"][:, 2], rtol=1e-12)
    assert LOSSES.keys() == {name for _, name in ENDINGS}


def test_a_single_output_names_one_of_two_classes_and_its_activation_is_returned():
    chosen, state = learned("spirals", 400)
    x, y = chosen.data.split("held_out")
    a = predict(chosen, state, x)["a3"][:, 0]
    found = predictions(chosen, state, "held_out")
    assert found["output"].tolist() == pytest.approx(a.tolist())
    assert found["answer"].tolist() == (a > 0.5).astype(int).tolist()
    assert found["confusion"].tolist() == [[np.sum((y[:, 0] == i) & ((a > 0.5) == j)) for j in (0, 1)] for i in (0, 1)]


def test_an_output_that_is_not_finite_is_no_answer_and_not_right():
    chosen, state = learned("digits_100", 0)
    state["b2"] = np.full(10, np.nan, np.float32)
    found = predictions(chosen, state, "held_out", count=50)
    assert set(found["answer"].tolist()) == {NO_ANSWER}
    assert found["confusion"].sum() == 0
    assert np.isnan(found["output"]).all()
    assert evaluate(chosen, state, "held_out", 50)["accuracy"] == 0


def test_an_empty_split_and_a_start_beyond_the_end_give_empty_arrays():
    chosen, state = learned("xor", 0)
    found = predictions(chosen, state, "held_out")
    assert (int(found["of"]), len(found["row"]), found["confusion"].tolist()) == (0, 0, [[0, 0], [0, 0]])
    assert len(predictions(chosen, state, "training", start=4)["row"]) == 0


def test_predictions_stop_in_time_and_continue_from_there():
    wide = plain(*[(1024, "relu")] * 6, (10, "softmax"), dataset="digits", loss="cross_entropy")
    timeline = Timeline(Experiment.from_dict(wide))
    first = predictions(timeline.experiment, timeline.seek(0), "held_out", seconds=0)
    assert 0 < len(first["row"]) < 100
    then = predictions(timeline.experiment, timeline.seek(0), "held_out", start=len(first["row"]), seconds=0)
    assert then["row"][0] == first["row"][-1] + 1


@pytest.mark.parametrize(("name", "scale"), [("digits_100", 255), ("spirals", 1)])
def test_averages_are_the_means_of_the_training_examples_of_each_class(name, scale):
    data = Experiment.from_dict(PRESETS[name]).data
    found = averages(data)
    label = data.y_train.argmax(axis=1) if data.y_train.shape[1] > 1 else data.y_train[:, 0]
    for each, mean in enumerate(found["mean"]):
        np.testing.assert_allclose(mean, data.x_train[label == each].mean(axis=0) / scale, rtol=1e-12, atol=1e-15)
        assert found["count"][each] == np.sum(label == each)


def test_pictures_of_no_class_are_neither_averaged_nor_predicted():
    dataset = {"name": "digits", "others": 50}
    more, chosen = (Experiment.from_dict({**DIGITS, "dataset": each}) for each in (dataset, {"name": "digits"}))
    assert averages(more.data)["mean"].tolist() == averages(chosen.data)["mean"].tolist()
    found = predictions(more, Timeline(more).seek(0), "training", start=59_990)
    assert (int(found["of"]), len(found["row"])) == (60_000, 10)


@pytest.mark.parametrize("name", ["digits_13002", "spirals"])
def test_the_weights_of_a_history_are_those_of_their_moments(name):
    timeline = Timeline(Experiment.from_dict(PRESETS[name]))
    t = 70 * len(timeline.program) + 5
    timeline.seek(t)
    found = weights_history(timeline, t, [0, 3], 7)
    moments = found["t"].tolist()
    assert moments[0] == 0
    assert moments[-1] == t
    assert len(moments) >= 4
    assert sorted(set(moments)) == moments
    states = straight_run(timeline.experiment, t)
    for moment, rows in zip(moments, found["W1"], strict=True):
        assert rows.tobytes() == states[moment]["W1"][[0, 3]].tobytes()


def test_a_history_of_answers_uses_the_structure_in_force_at_each_moment():
    timeline = Timeline(Experiment.from_dict(PRESETS["spirals"]))
    steps = len(timeline.program)
    layers = [{"units": 8, "activation": "relu"}, *PRESETS["spirals"]["layers"][1:]]
    timeline.change(40 * steps, layers=layers)
    t = timeline.t_of(80)
    timeline.seek(t)
    grid = grid_over(-1, 1, 2, 5)
    found = response_history(timeline, t, 0, grid, 6)
    assert any(moment < 40 * steps for moment in found["t"][1:])
    for moment, values in zip(found["t"].tolist(), found["response"], strict=True):
        chosen = timeline.segment_at(moment).experiment
        state = Timeline(timeline.experiment).seek(moment)
        assert values.tobytes() == predict(chosen, state, grid)["a3"][:, 0].tobytes()


def test_a_history_of_answers_that_takes_too_long_keeps_the_latest_moments():
    timeline = Timeline(Experiment.from_dict(PRESETS["spirals"]))
    t = timeline.t_of(80)
    timeline.seek(t)
    found = response_history(timeline, t, 0, grid_over(-1, 1, 2, 5), 6, seconds=0)
    whole = response_history(timeline, t, 0, grid_over(-1, 1, 2, 5), 6)
    assert found["t"].tolist() == [t]
    assert found["response"].tolist() == whole["response"][-1:].tolist()


def test_a_history_runs_no_micro_steps_and_its_moments_lie_ever_farther_apart():
    timeline = Timeline(Experiment.from_dict(PRESETS["spirals"]))
    t = 2000 * len(timeline.program)
    timeline.seek(t)
    moments = spread_moments(timeline, t, 8)
    assert len(moments) <= 8
    assert np.all(np.diff(np.diff(moments)[:-1]) >= 0)
    weights_history(timeline, t, [0], 8)
    assert timeline.t == t


def test_the_server_answers_with_the_engines_arrays():
    timeline = Timeline(Experiment.from_dict(DIGITS))
    timeline.seek(5)
    found = answer(timeline, "predictions", 5, {"split": "held_out", "start": 10, "count": 20})
    true = predictions(timeline.experiment, timeline.seek(5), "held_out", 10, 20)
    assert isinstance(found, Tensors)
    assert {name: array.tolist() for name, array in found.tensors.items()} == {k: v.tolist() for k, v in true.items()}
    seen = answer(timeline, "inputs", 5, {"split": "held_out", "rows": [3, 7]})
    assert isinstance(seen, Tensors)
    assert seen.tensors["x"].tolist() == (timeline.experiment.data.x_held_out[[3, 7]] * (1 / 255)).tolist()
    mean = answer(timeline, "averages", 5, {})
    assert isinstance(mean, Tensors)
    assert mean.tensors["mean"].shape == (10, 784)
    strip = answer(timeline, "weights_history", 5, {"units": [99], "most": 4})
    assert isinstance(strip, Tensors)
    assert strip.tensors["W1"].shape == (2, 1, 784)


def test_the_server_answers_the_history_of_the_plane_and_has_no_averages_of_values():
    timeline = Timeline(Experiment.from_dict(PRESETS["spirals"]))
    fields = {"unit": 0, "low": -1, "high": 1, "points": 6, "most": 4}
    found = answer(timeline, "response_history", 0, fields)
    assert isinstance(found, Tensors)
    assert found.tensors["response"].shape == (1, 6, 6)
    assert answer(Timeline(Experiment.from_dict(PRESETS["sine"])), "averages", 0, {}) == Tensors({})


@pytest.mark.parametrize(
    ("question", "fields", "sentence"),
    [
        ("predictions", {"split": "test"}, "unknown split: 'test' (one of: held_out, training)"),
        ("predictions", {"split": "training", "start": -1}, "invalid row: -1 (0 to 1000000)"),
        ("predictions", {"split": "training", "count": 0}, "invalid number of examples: 0 (1 to 1000000)"),
        ("predictions", {"split": "training", "output": 10}, "invalid unit: 10 (0 to 9)"),
        ("inputs", {"split": "training", "rows": [60_000]}, "invalid row: 60000 (0 to 59999)"),
        ("inputs", {"split": "training", "rows": []}, "invalid rows: '0' (1 to 100)"),
        ("weights_history", {"units": [100], "most": 4}, "invalid unit: 100 (0 to 99)"),
        ("weights_history", {"units": [1], "most": 1}, "invalid number of moments: 1 (2 to 16)"),
        (
            "response_history",
            {"unit": 0, "low": 0, "high": 1, "points": 5, "most": 4},
            "unfit question: 'response_history' (this network has 784 inputs)",
        ),
    ],
)
def test_a_question_that_does_not_fit_is_refused(question, fields, sentence):
    timeline = Timeline(Experiment.from_dict(DIGITS))
    with pytest.raises(Refusal) as refused:
        answer(timeline, question, 0, fields)
    assert str(refused.value) == sentence


def test_a_history_of_evaluations_is_of_kept_moments_from_the_latest_on_in_as_many_parts_as_there_is_time_for():
    timeline = Timeline(Experiment.from_dict(PRESETS["spirals"]))
    t = timeline.t_of(700)
    timeline.seek(t)
    expected = spread_moments(timeline, t, 12)[:-1]
    found, left = evaluation_history(timeline, t, t, 12, 100)
    assert ([each["t"] for each in found], left) == (expected[::-1], 0)
    parts, before, left = list[int](), t, 1
    while left:
        part, left = evaluation_history(timeline, t, before, 12, 100, seconds=0)
        assert len(part) == 1
        before = part[0]["t"]
        parts.append(before)
    assert parts == expected[::-1]
    again = Timeline(timeline.experiment)
    for each in found[::4]:
        state = again.seek(each["t"])
        for split in ("training", "held_out"):
            assert each[split] == evaluate(again.experiment, state, split, 100)
    assert evaluation_history(timeline, t, expected[0], 12, 100) == ([], 0)
