"""A map says of each of its runs what the run alone says, and opens just that run."""

from dataclasses import replace

import numpy as np
import pytest

from engine import Experiment, Refusal, Timeline
from engine.experiment.experiment import Start
from engine.experiment.presets import PRESETS
from engine.maps.axes import axes, axis
from engine.maps.map import SIDES, Map
from engine.maps.outcome import DIVERGED, OUTCOMES, SLOW, SOLVED, STUCK, level, outcomes
from tests.helpers.experiments import ADAM
from tests.helpers.maps import losses_alone, map_of
from tests.helpers.networks import plain, table

MOMENTUM = {**PRESETS["xor"], "optimizer": {"name": "momentum"}}
LOOKED_AT = [
    (PRESETS["xor"], ("optimizer.learning_rate", "initial_scale")),
    (MOMENTUM, ("optimizer.learning_rate", "optimizer.momentum")),
    (ADAM, ("optimizer.learning_rate", "clip_norm")),
    (PRESETS["sine"], ("regularization.l2", "regularization.l1")),
]


def expected_outcome(losses, chance):
    """The outcome by its definition, in Python's own numbers."""
    losses = [float(loss) for loss in losses]
    if not all(np.isfinite(losses)):
        return DIVERGED
    tenth = max(1, len(losses) // 10)
    first = (len(losses) - tenth) // 2
    end, middle = sum(losses[-tenth:]) / tenth, sum(losses[first : first + tenth]) / tenth
    if end > 2 * max(chance, losses[0]):
        return DIVERGED
    reference = chance or losses[0]
    if end <= 0.1 * reference:
        return SOLVED
    return SLOW if middle - end >= 0.01 * reference else STUCK


def assert_as_alone(form, fields, count):
    """So many random runs of a map of 64 x 64 become what they become alone; the others' last bits have decided."""
    found = map_of(form, 64, 200, fields)
    cells = np.random.default_rng(7).integers(0, 64, (count, 2))
    part, other = found.part(cells), 0
    for k, (column, row) in enumerate(cells):
        alone = losses_alone(found.opened(column, row), 200)
        curve = alone[found.steps_of_curves]
        same = OUTCOMES[part.outcomes[k]] == expected_outcome(alone, level(found.experiment))
        if part.curves[k] == pytest.approx(curve, rel=0.05, abs=1e-3, nan_ok=True):
            assert same, (column, row)
        else:
            assert curve[:2] == pytest.approx(part.curves[k][:2], rel=1e-3)  # it is the same run at first
            other += not same
    assert other <= max(1, 0.1 * count)


@pytest.mark.parametrize(("form", "fields"), LOOKED_AT)
def test_runs_of_a_map_become_what_they_become_alone(form, fields):
    assert_as_alone(form, fields, 8)


@pytest.mark.long
@pytest.mark.parametrize(("form", "fields"), [*LOOKED_AT, (PRESETS["ring"], LOOKED_AT[0][1])])
def test_200_random_runs_of_a_map_become_what_they_become_alone(form, fields):
    assert_as_alone(form, fields, 200)


def test_a_map_of_xor_has_all_outcomes():
    found = map_of(PRESETS["xor"], 16)
    all_there_are = np.concatenate([found.part(cells).outcomes for cells in found.parts])
    assert {*all_there_are} == {0, 1, 2, 3}


@pytest.mark.parametrize(
    ("losses", "expected"),
    [
        (np.linspace(1, 0, 100), SOLVED),
        (np.linspace(1, 0.5, 100), SLOW),
        (np.full(100, 0.9), STUCK),
        (np.full(100, 50.0), STUCK),  # it has begun there
        (np.linspace(0.9, 2.5, 100), DIVERGED),
        (np.where(np.arange(100) == 50, np.nan, 0.0), DIVERGED),
        (np.where(np.arange(100) == 99, np.inf, 0.0), DIVERGED),
        (np.array([1.0]), STUCK),
    ],
)
def test_an_outcome_follows_from_the_losses(losses, expected):
    assert OUTCOMES[outcomes(losses[:, None], 1.0)[0]] == expected == expected_outcome(losses, 1.0)


def test_where_one_answer_is_right_for_all_a_run_is_compared_with_its_first_loss():
    chosen = Experiment.from_dict(PRESETS["one_neuron_a_layer"])
    assert level(chosen) == 0
    assert OUTCOMES[outcomes(np.linspace(4, 0, 50)[:, None], 0.0)[0]] == SOLVED
    assert OUTCOMES[outcomes(np.linspace(4, 3, 50)[:, None], 0.0)[0]] == SLOW


@pytest.mark.parametrize("side", SIDES)
def test_the_parts_of_a_map_hold_every_run_once_from_coarse_to_fine(side):
    found = map_of(PRESETS["xor"], side)
    cells = np.concatenate(found.parts)
    assert sorted(map(tuple, cells)) == [(i, j) for i in range(side) for j in range(side)]
    assert {tuple(each) for each in cells[:64] % (side // 8)} == {(0, 0)}


def test_a_larger_network_has_smaller_parts():
    small, large = map_of(PRESETS["xor"], 64), map_of(PRESETS["digits_13002"], 64)
    assert max(map(len, large.parts)) < max(map(len, small.parts))


def test_a_run_is_opened_with_both_of_its_values():
    found = map_of(MOMENTUM, 8, fields=("optimizer.momentum", "initial_scale"))
    opened = found.opened(3, 6)
    assert dict(opened.training.optimizer_settings)["momentum"] == found.values[0][3]
    assert opened.initial_scale == found.values[1][6]


def test_both_axes_may_be_of_what_the_experiment_does_without():
    found = map_of(PRESETS["xor"], 8, fields=("regularization.l2", "clip_norm"))
    opened = found.opened(0, 7)
    assert opened.training.l2 == found.values[0][0]
    assert opened.training.clip_norm == found.values[1][7]


def test_axes_are_the_numbers_that_the_methods_in_use_take():
    chosen = Experiment.from_dict({**PRESETS["xor"], "optimizer": {"name": "adamw"}, "schedule": {"name": "cosine"}})
    known = axes(chosen)
    assert {*known} == {
        "optimizer.learning_rate", "initial_scale", "optimizer.beta1", "optimizer.beta2", "optimizer.epsilon",
        "optimizer.weight_decay", "schedule.steps", "schedule.warm_up", "regularization.l2", "regularization.l1",
        "coupled_weight_decay", "clip_norm",
    }  # fmt: skip
    for each in known.values():
        values = each.values(each.low, each.high, 64)
        assert values == sorted(values)
        for value in (values[0], values[-1]):
            assert each.of(each.put(chosen, value)) == value


def test_runs_that_start_from_a_checkpoint_have_its_weights_and_no_initial_scale():
    chosen = Experiment.from_dict(PRESETS["xor"])
    assert "initial_scale" in axes(chosen)
    timeline = Timeline(chosen)
    start = Start("own", {name: timeline.seek(timeline.t_of(50))[name] for name in chosen.parameters})
    trained = replace(chosen, start=start)
    assert "initial_scale" not in axes(trained)
    rate, limit = (axis(trained, "x.field", field) for field in ("optimizer.learning_rate", "clip_norm"))
    found = Map(trained, (rate, limit), (tuple(rate.values(0.1, 1, 8)), tuple(limit.values(1, 9, 8))), 10)
    part = found.part(np.array([[3, 5]]))
    assert part.curves[0] == pytest.approx(losses_alone(found.opened(3, 5), 10), rel=1e-5)
    assert part.curves[0][0] == pytest.approx(timeline.seek(timeline.t_of(51))["loss"])


def test_what_no_axis_can_be_is_refused_by_name():
    chosen = Experiment.from_dict(PRESETS["xor"])
    with pytest.raises(Refusal, match=r"unknown axis: 'seed' \(one of: clip_norm, coupled_weight_decay, "):
        axis(chosen, "x.field", "seed")
    rate = axis(chosen, "x.field", "optimizer.learning_rate")
    with pytest.raises(Refusal, match=r"invalid number: -1 \(1e-09 to 1e\+06\)"):
        rate.values(-1, 1, 8)
    with pytest.raises(Refusal, match=r"invalid number: 0.1 \(more than 0.1\)"):
        rate.values(0.1, 0.1, 8)
    with pytest.raises(Refusal, match="another setting"):
        Map(chosen, (rate, rate), ((1.0, 2.0), (1.0, 2.0)), 10)


def test_an_initial_scale_multiplies_the_drawn_weights_and_leaves_the_plain_form_as_it_was():
    one = Timeline(Experiment.from_dict(PRESETS["xor"]))
    three = Timeline(Experiment.from_dict({**PRESETS["xor"], "initial_scale": 3}))
    for name in ("W1", "W2"):
        assert three.seek(0)[name] == pytest.approx(3 * one.seek(0)[name])
    assert "initial_scale" not in one.experiment.to_dict()
    assert three.experiment.to_dict()["initial_scale"] == 3
    with pytest.raises(Refusal, match=r"invalid initial scale: -1 \(0 to 100\)"):
        Experiment.from_dict(plain((1, "identity"), dataset=table([[1.0]], [[1.0]]), initial_scale=-1))


def test_a_change_of_the_initial_scale_draws_the_weights_anew():
    timeline = Timeline(Experiment.from_dict(PRESETS["xor"]))
    begun, t = timeline.seek(0)["W1"], timeline.t_of(5)
    timeline.seek(t)
    timeline.change(t, initial_scale=2)
    assert timeline.seek(t)["W1"] == pytest.approx(2 * begun)
