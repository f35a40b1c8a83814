"""Parameter updates: what each optimizer adds to a parameter, and no update before it has been computed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Experiment, Timeline
from engine.explain.parameter_update import parameter_updates
from engine.methods.optimizers import OPTIMIZERS
from tests.helpers.networks import State, experiment, straight_run, table_experiments

NETWORK = ((3, "tanh"), (1, "sigmoid"))
EXTRAS = {
    "regularization": {"l2": 0.1},
    "clip_norm": 0.2,
    "coupled_weight_decay": 0.1,
    "schedule": {"name": "cosine", "warm_up": 3},
}


def trained(name: str, **fields: object) -> Experiment:
    return experiment(*NETWORK, optimizer={"name": name, "learning_rate": 0.05}, **fields)


def misses(chosen: Experiment, states: list[State], t: int, found: dict[str, np.ndarray]) -> dict[str, float]:
    """The difference between each parameter and its old value plus its update, in units of rounding."""
    steps = len(Timeline(chosen).program)
    before, after = states[(t - 1) // steps * steps], states[t]
    roundings = {}
    for name in chosen.parameters:
        sums, rounding = before[name] + found[f"u{name}"], np.spacing(np.abs(after[name]).max())
        roundings[name] = float(np.abs(after[name] - sums).max() / rounding)
    return roundings


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("fields", [{}, EXTRAS], ids=["plain", "penalized, clipped, decayed and scheduled"])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_parameter_before_the_training_step_plus_its_update_is_the_parameter_after_it(name, fields, dtype):
    chosen = trained(name, dtype=dtype, **fields)
    timeline = Timeline(chosen)
    steps = len(timeline.program)
    states = straight_run(chosen, 3 * steps)
    for t in (3 * steps, steps, 2 * steps):
        found = parameter_updates(timeline, t)
        assert {array.dtype for array in found.values()} == {np.dtype(dtype)}
        assert any(array.any() for array in found.values())
        assert set(misses(chosen, states, t, found).values()) == {0}


@given(table_experiments(), st.integers(1, 400))
@settings(max_examples=40)
def test_every_network_moves_by_its_updates_at_every_moment(chosen, t):
    timeline = Timeline(chosen)
    steps = timeline.program
    t = 1 + t % (3 * len(steps))
    states, begin = straight_run(chosen, t), (t - 1) // len(steps) * len(steps)
    found, done = parameter_updates(timeline, t), [name for step in steps[: t - begin] for name in step.writes]
    optimizer = chosen.training.optimizer
    due = {name if optimizer == "gradient_descent" else f"u{name}" for name in chosen.parameters}
    assert {f"u{name.removeprefix('u')}" for name in due & {*done}} == found.keys()
    for name in chosen.parameters:
        if name in done:
            assert np.array_equal(states[begin][name] + found[f"u{name}"], states[t][name], equal_nan=True)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_there_is_no_update_before_the_update_phase_nor_in_the_next_forward_pass(name):
    timeline = Timeline(trained(name))
    program = timeline.program
    first = next(k for k, step in enumerate(program) if step.phase == "update")
    assert [t for t in range(first + 1) if parameter_updates(timeline, t)] == []
    assert parameter_updates(timeline, len(program)).keys() == {"uW1", "ub1", "uW2", "ub2"}
    assert parameter_updates(timeline, len(program) + 1) == {}


def test_each_update_of_gradient_descent_appears_with_its_own_micro_step():
    timeline = Timeline(trained("gradient_descent"))
    seen = [list(parameter_updates(timeline, t)) for t in range(len(timeline.program) + 1)]
    assert seen[-5:] == [[], ["uW1"], ["uW1", "ub1"], ["uW1", "ub1", "uW2"], ["uW1", "ub1", "uW2", "ub2"]]


def test_updates_have_the_rate_that_was_read_not_one_that_was_set_later():
    chosen = trained("gradient_descent")
    steps = len(Timeline(chosen).program)
    for late in (0, 1, 2):  # micro-steps before the boundary; W2 and b2 are updated by the last two
        changed = chosen.with_changes([{"t": 2 * steps - late, "learning_rate": 5.0}])
        states, timeline = straight_run(changed, 2 * steps), Timeline(changed)
        found = parameter_updates(timeline, 2 * steps)
        assert set(misses(changed, states, 2 * steps, found).values()) == {0}
        assert np.abs(states[2 * steps]["learning_rate"] - 5) == 0


def test_at_a_boundary_where_another_optimizer_begins_the_updates_are_those_of_the_previous_optimizer():
    chosen = trained("gradient_descent")
    steps = len(Timeline(chosen).program)
    change = {"t": steps, "optimizer": {"name": "adam", "learning_rate": 0.5}}
    changed = chosen.with_changes([change])
    for t, run in ((steps, chosen), (steps, changed)):
        found, states = parameter_updates(Timeline(changed), t), straight_run(run, t)
        assert set(misses(chosen, states, t, found).values()) == {0}


def test_at_a_boundary_reached_in_one_stride_no_earlier_moment_is_sought(monkeypatch):
    timeline = Timeline(trained("gradient_descent"))
    t = 300 * len(timeline.program)
    timeline.seek(t)
    sought: list[int] = []
    seek = timeline.seek

    def seeking(t: int) -> State:
        sought.append(t)
        return dict(seek(t))

    monkeypatch.setattr(timeline, "seek", seeking)
    assert parameter_updates(timeline, t).keys() == {"uW1", "ub1", "uW2", "ub2"}
    assert {*sought} == {t}
