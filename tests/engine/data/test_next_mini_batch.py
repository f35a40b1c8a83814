"""A mini-batch that a person chooses: of one class or one example, for one training step, in the middle of a run."""

import json
from typing import Any

import numpy as np
import pytest

from engine import Experiment, Refusal, Timeline
from engine.experiment.presets import PRESETS
from tests.helpers.networks import experiment, plain, same_bits, straight_run, table

MOONS = plain((3, "tanh"), (1, "sigmoid"), dataset={"name": "moons", "examples": 40}) | {"mini_batch_size": 4}
NORMED = plain((3, "tanh", {"batch_norm": True}), (1, "sigmoid"), dataset="moons") | {"mini_batch_size": 4}


def begun(timeline: Timeline, training_step: int) -> Any:
    """The state in which the mini-batch of a training step has just been drawn."""
    return timeline.seek(timeline.t_of(training_step) + 1)


def test_the_first_mini_batches_of_the_preset_hold_no_two_and_the_chosen_one_holds_nothing_else():
    chosen = Experiment.from_dict(PRESETS["digits_13002"])
    usual, timeline = Timeline(chosen), Timeline(chosen)
    assert 2 not in np.concatenate([begun(usual, step)["y"].argmax(1) for step in range(2)])
    timeline.change(3, next_mini_batch={"class": 2})
    data = chosen.data
    for step in (1, 4, 2, 1, 0):  # there, on, and back
        state, known = begun(timeline, step), begun(usual, step)
        if step != 1:
            assert same_bits({name: state[name] for name in ("a0", "y")}, {name: known[name] for name in ("a0", "y")})
            continue
        assert state["y"].argmax(1).tolist() == [2] * 10
        assert timeline.program[0].equation.name == "mini_batch_chosen"
        shuffled = np.random.default_rng([chosen.seed, 0xE, 0]).permutation(60_000)[10:]
        turn = shuffled[data.y_train[shuffled].argmax(1) == 2][:10]
        assert np.array_equal(state["a0"], data.seen(data.x_train[turn], np.dtype("float32")))


def test_a_run_with_chosen_mini_batches_has_the_bits_of_a_straight_run_and_goes_through_its_plain_form():
    timeline = Timeline(Experiment.from_dict(MOONS))
    steps = len(timeline.program)
    timeline.change(2 * steps, next_mini_batch={"example": 17})
    timeline.change(4 * steps + 2, next_mini_batch={"class": 1})
    timeline.change(4 * steps + 5, optimizer={"name": "adam"})  # waits for the same training step
    last = timeline.t_of(9)
    straight = straight_run(timeline.experiment, last)
    for t in (last, 2 * steps + 1, 5 * steps + 1, last - 7, 0, timeline.t_of(6) + 3):
        assert same_bits(timeline.seek(t), straight[t])
    data = timeline.experiment.data
    assert straight[2 * steps + 1]["a0"].tolist() == data.x_train[17:18].astype("float32").tolist()
    assert straight[5 * steps + 1]["y"].tolist() == [[1]] * 4
    assert [part.training_step for part in timeline.segments] == [0, 2, 3, 5, 6]
    assert [part.experiment.training.optimizer for part in timeline.segments][-2:] == ["adam", "adam"]
    again = Experiment.from_dict(json.loads(json.dumps(timeline.experiment.to_dict())))
    assert again == timeline.experiment
    assert same_bits(Timeline(again).seek(last), straight[last])


def test_a_class_that_has_fewer_examples_than_a_mini_batch_gives_all_it_has():
    xor = Experiment.from_dict(PRESETS["xor"])
    timeline = Timeline(xor)
    timeline.change(0, next_mini_batch={"class": 1})
    assert begun(timeline, 0)["y"].tolist() == [[1], [1]]
    assert begun(timeline, 1)["y"].ravel().tolist() == xor.data.y_train.ravel().tolist()
    timeline.change(0, next_mini_batch=None)
    assert begun(timeline, 0)["y"].shape == (4, 1)


def test_what_was_chosen_is_over_when_another_change_comes():
    timeline = Timeline(Experiment.from_dict(NORMED))
    timeline.change(0, layers=MOONS["layers"])
    timeline.change(0, next_mini_batch={"example": 0})
    timeline.change(timeline.t_of(3), layers=NORMED["layers"])  # one example alone would be refused
    assert [part.experiment.next_mini_batch is None for part in timeline.segments] == [False, True, True]


VALUES = plain((1, "identity"), dataset="sine")
EMPTY = plain((1, "sigmoid"), dataset=table([[0], [1], [2]], [[0], [0], [0]]) | {"kind": "classes"})
ALONE = "batch norm needs at least 2 examples: one alone is its own mean, whatever it is"
BAD: list[tuple[dict[str, Any], Any, str, str]] = [
    (MOONS, 2, "invalid next_mini_batch: 2 (a mapping of: class, example)", ""),
    (MOONS, {}, "invalid mini-batch: {} (a class or an example)", ""),
    (MOONS, {"class": 0, "example": 0}, "invalid mini-batch: {'class': 0, 'example': 0} (a class or an example)", ""),
    (MOONS, {"class": 2}, "invalid class: 2 (0 to 1)", ".class"),
    (MOONS, {"class": "1"}, "invalid class: '1' (0 to 1)", ".class"),
    (MOONS, {"example": 30}, "invalid number of an example: 30 (0 to 29)", ".example"),
    (VALUES, {"class": 0}, "unfit class: 0 (its targets are values)", ".class"),
    (EMPTY, {"class": 1}, "unfit class: 1 (no training example is of it)", ".class"),
    (NORMED, {"example": 0}, f"unfit number of examples: 1 ({ALONE})", ""),
]  # fmt: skip


@pytest.mark.parametrize(("form", "chosen", "message", "field"), BAD)
def test_what_the_data_does_not_have_is_refused_and_nothing_changes(form, chosen, message, field):
    timeline = Timeline(Experiment.from_dict(form))
    with pytest.raises(Refusal) as refusal:
        timeline.change(0, next_mini_batch=chosen)
    assert (str(refusal.value), refusal.value.field) == (message, f"next_mini_batch{field}")
    assert timeline.experiment.changes == ()


def test_a_value_to_fit_can_be_chosen_as_an_example():
    timeline = Timeline(experiment((1, "identity"), dataset="sine"))
    timeline.change(0, next_mini_batch={"example": 3})
    assert begun(timeline, 0)["a0"].tolist() == timeline.experiment.data.x_train[3:4].astype("float32").tolist()
