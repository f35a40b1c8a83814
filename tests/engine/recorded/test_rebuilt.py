"""A recorded run rebuilt as an experiment: its tensors are the recorded ones, by every way with the same bits."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import backscope
from backscope.recording import Recording, parsed
from engine import Experiment, Refusal, Timeline
from engine.data.recorded import beginnings, number_of
from engine.export.numpy_script import numpy_script
from engine.recorded.compared import compared, recorded_tensors
from engine.recorded.proven import proven
from engine.recorded.rebuilt import Rebuilt, rebuilt
from tests.helpers.homework import ADAM, COLUMNS, DEEP, GENERAL, LOOPS, changed
from tests.helpers.recorded import recording
from tests.helpers.wrong_homework import SEEDED

RUNS = {"momentum": COLUMNS, "Adam": ADAM, "cross-entropy": DEEP, "general": GENERAL, "loops": LOOPS}
WRONG = {name: SEEDED[name] for name in ("missing_mean", "gradients_accumulate", "wrong_sign", "other_momentum")}


def opened(data: bytes, name: str = "") -> tuple[Recording, Rebuilt]:
    found = parsed(data)
    return found, rebuilt(name or f"{hash(data)}", found)


def loop(folder: Path, sizes: list[int], rates: list[float], every: int = 1, **said: Any) -> bytes:
    """A right run of gradient descent whose mini-batches and learning rates are given."""
    path, rng = folder / "run.backscope", np.random.default_rng(1)
    W, b = [rng.normal(size=(2, 3))], [rng.normal(size=2)]
    said = {"activations": ["identity"], "loss": "squared_error", "learning_rate": 0.5, **said}
    with backscope.record(path, every=every, **said) as scope:
        for size, rate in zip(sizes, rates, strict=True):
            x, y = rng.normal(size=(size, 3)), rng.normal(size=(size, 2))
            delta = 2 * (x @ W[0].T + b[0] - y)
            dW, db = [delta.T @ x / size], [delta.mean(axis=0)]
            scope.step(W, b, x, y, dW, db, learning_rate=rate)
            W, b = [W[0] - rate * dW[0]], [b[0] - rate * db[0]]
        scope.step(W, b)
    return path.read_bytes()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", RUNS)
def test_every_tensor_of_the_rebuilt_run_is_the_recorded_one(name, dtype):
    found, run = opened(recording(RUNS[name], dtype=dtype))
    timeline, proof = Timeline(run.experiment), proven(found)
    assert run.experiment.dtype == dtype.__name__
    assert (run.t, run.tensor) == (0, None)
    for step in range(20):
        for tensor in recorded_tensors(run.experiment):
            both = compared(timeline, timeline.t_of(step + 1), tensor, proof)
            assert both.agrees, (step, tensor, both)


def test_mini_batches_and_learning_rates_are_those_that_were_recorded(tmp_path):
    sizes, rates = [5, 2, 2, 7, 1], [0.1, 0.1, 0.05, 0.05, 0.2]
    found, run = opened(loop(tmp_path, sizes, rates))
    timeline = Timeline(run.experiment)
    for k, (size, rate) in enumerate(zip(sizes, rates, strict=True)):
        begun, ended = timeline.seek(timeline.t_of(k) + 1), timeline.seek(timeline.t_of(k + 1) - 1)
        assert np.array_equal(begun["a0"], found.steps[k]["x"])
        assert np.array_equal(begun["y"], found.steps[k]["y"])
        assert len(begun["y"]) == size
        assert float(ended["learning_rate"]) == rate
    again = timeline.seek(timeline.t_of(5) + 1)
    assert np.array_equal(again["a0"], found.steps[0]["x"])
    assert float(again["learning_rate"]) == 0.2
    assert run.experiment.mini_batch_size == 7
    assert run.experiment.steps_per_epoch == 5


def test_a_moment_has_the_same_bits_by_every_way(tmp_path):
    rates = [0.1, 0.1, 0.05, 0.05, 0.2, 0.02]
    _, run = opened(loop(tmp_path, [5, 2, 2, 7, 1, 3], rates))
    length = len(Timeline(run.experiment).program) * 15
    forward = Timeline(run.experiment)
    states = [dict(forward.seek(t)) for t in range(length)]
    back, straight = Timeline(run.experiment, 1 << 14), Timeline(run.experiment)
    back.seek(length)
    straight.seek(length)
    for t in reversed(range(length)):
        for other in (back, straight, Timeline(run.experiment) if t % 11 == 0 else back):
            state = other.seek(t)
            assert state.keys() == states[t].keys()
            assert all(state[name].tobytes() == array.tobytes() for name, array in states[t].items()), t


def test_recorded_learning_rates_end_where_a_person_sets_one(tmp_path):
    _, run = opened(loop(tmp_path, [2] * 5, [0.1, 0.2, 0.3, 0.4, 0.5]))
    timeline = Timeline(run.experiment)
    timeline.change(timeline.t_of(2), learning_rate=0.7)
    found = [float(timeline.seek(timeline.t_of(k) + 1)["learning_rate"]) for k in range(5)]
    assert found == [0.1, 0.2, 0.7, 0.7, 0.7]
    other = timeline.fork(timeline.t_of(1))
    assert [float(other.seek(other.t_of(k) + 1)["learning_rate"]) for k in range(5)] == [0.1, 0.2, 0.3, 0.4, 0.5]
    timeline.change(timeline.t_of(1) + 1, optimizer={"name": "adam", "learning_rate": 0.9})
    assert float(timeline.seek(timeline.t_of(4))["learning_rate"]) == 0.9


def test_the_plain_form_gives_the_same_experiment_back(tmp_path):
    found, run = opened(recording(ADAM), "abc")
    plain = run.experiment.to_dict()
    assert plain["dataset"] == {"name": "recorded", "content": "abc", "first": 0}
    again = Experiment.from_dict(plain, tables={"abc": found})
    assert again.to_dict() == plain
    assert again.data is run.experiment.data
    changed_loss = again.with_changes([{"t": 0, "optimizer": {"name": "momentum"}}])
    assert changed_loss.structure_at(0).data is again.data
    with pytest.raises(Refusal, match="unknown recording: 'abc'") as refused:
        Experiment.from_dict(plain)
    assert refused.value.field == "dataset.content"
    with pytest.raises(Refusal, match="those that were recorded, of at most 8"):
        Experiment.from_dict(plain | {"mini_batch_size": 4}, tables={"abc": found})
    with pytest.raises(Refusal, match=r"unfit training step: 3 \(one that follows no other recorded one: 0\)"):
        Experiment.from_dict(plain | {"dataset": plain["dataset"] | {"first": 3}}, tables={"abc": found})


def test_examples_are_there_once_however_often_they_were_taken():
    found, _ = opened(recording(COLUMNS))
    once = replace_steps(found, [*found.steps[:1] * 3, found.steps[1]])
    data = rebuilt("twice", once).experiment.data
    assert len(data.x_train) == 8
    assert data.batches
    assert data.batches.per_epoch == 3
    assert data.batches.largest == 8


def replace_steps(found: Recording, steps: list[dict[str, np.ndarray]]) -> Recording:
    return replace(found, steps=steps)


@pytest.mark.parametrize("cause", WRONG)
def test_a_wrong_run_opens_at_the_first_tensor_that_disagrees(cause):
    found, run = opened(recording(changed(*WRONG[cause])))
    proof = proven(found)
    assert proof.verdict.cause == cause
    assert run.tensor == proof.verdict.tensor
    timeline = Timeline(run.experiment)
    both = compared(timeline, run.t, run.tensor or "", proof)
    assert both.agrees is False
    assert both.step == proof.number
    assert both.worst == run.index
    last = timeline.segment_at(run.t).program[timeline.locate(run.t - 1).micro_step]
    assert run.tensor in last.writes
    for step in range(both.step):
        for tensor in recorded_tensors(run.experiment):
            assert compared(timeline, timeline.t_of(step + 1), tensor, proof).agrees


def test_of_every_nth_step_each_can_be_begun_with(tmp_path):
    data = loop(tmp_path, [4] * 11, [0.1 + k / 100 for k in range(11)], every=5)
    found, run = opened(data, "fifth")
    places = beginnings(found.steps)
    assert [number_of(found.steps, i) for i in places] == [0, 5, 10]
    assert run.experiment.steps_per_epoch == 1
    assert proven(found).agrees
    plain = run.experiment.to_dict()
    later = Experiment.from_dict(
        plain | {"dataset": plain["dataset"] | {"first": 5}, "optimizer": {"learning_rate": 0.15}},
        tables={"fifth": found},
    )
    timeline = Timeline(later)
    for tensor in recorded_tensors(later):
        assert compared(timeline, timeline.t_of(1), tensor, proven(found)).agrees
    assert compared(timeline, timeline.t_of(2), "W1", proven(found)).recorded is None


def test_a_single_step_that_disagrees_is_told(tmp_path):
    found = parsed(loop(tmp_path, [4], [0.1]))
    other = [found.steps[0], found.steps[1] | {"b1": found.steps[1]["b1"] + 1}]
    run = rebuilt("single", replace_steps(found, other))
    assert run.tensor == "b1"
    assert run.experiment.steps_per_epoch == 1


def test_what_cannot_be_rebuilt_is_refused():
    found, _ = opened(recording(LOOPS))
    with pytest.raises(Refusal, match="at least 2, of which the last ends"):
        rebuilt("none", replace_steps(found, found.steps[:1]))
    odd = [{name: array for name, array in step.items() if name != "y"} for step in found.steps]
    with pytest.raises(Refusal, match="missing y"):
        rebuilt("odd", replace_steps(found, odd))
    for name, value in (("number", np.nan), ("number", 0.5), ("learning_rate", -1.0), ("learning_rate", np.nan)):
        wrong = [step | {name: np.array(value)} for step in found.steps]
        with pytest.raises(Refusal, match=f"invalid {name.replace('_', ' ')}"):
            rebuilt("value", replace_steps(found, wrong))
    classes, _ = opened(recording(DEEP))
    with pytest.raises(Refusal, match="not averaged"):
        rebuilt("averaged", replace(classes, said=classes.said | {"AVERAGED": True}))


def test_a_script_trains_as_the_recorded_run_did(tmp_path, capsys):
    _, run = opened(loop(tmp_path, [5, 2, 2, 7], [0.1, 0.1, 0.05, 0.2]))
    script = numpy_script(run.experiment, 6)
    assert script.arrays == {}
    exec(compile(script.text, "script", "exec"), {})
    lines = capsys.readouterr().out.split()
    timeline = Timeline(run.experiment)
    true = [float(timeline.seek(timeline.t_of(k + 1))["loss"]) for k in range(6)]
    assert [float(each) for each in lines[1::2]] == pytest.approx(true, rel=1e-9)


def test_the_search_for_a_cause_may_end_before_one_is_found():
    found = parsed(recording(changed(*SEEDED["other_momentum"])))
    early = proven(found, 0.0)
    assert (early.verdict.cause, early.verdict.tensor) == ("not_found_in_time", "W2")
    assert not early.agrees
    assert proven(parsed(recording(COLUMNS)), 0.0).agrees
