"""Penalties, clipping, dropout and noise, whose random numbers depend on seed and training step alone."""

from typing import Any

import numpy as np
import pytest

from engine import Experiment, Timeline
from engine.evaluate.evaluation import evaluate, predict
from engine.run.segments import segments
from tests.helpers.networks import State, experiment, plain, table

MOONS = {"name": "moons", "examples": 40}


def last_of(timeline: Timeline, training_step: int) -> State:
    """The tensors at the end of a training step."""
    return dict(timeline.seek(timeline.t_of(training_step + 1)))


def timeline_of(*layers: tuple[Any, ...], **fields: Any) -> Timeline:
    return Timeline(experiment(*layers, **{"dataset": MOONS, "dtype": "float64", "mini_batch_size": 10} | fields))


TWO = [(3, "tanh"), (1, "sigmoid")]


def test_penalties_are_counted_apart_from_the_loss_and_change_only_the_gradients_of_weights():
    bare, penalized = timeline_of(*TWO), timeline_of(*TWO, regularization={"l1": 0.1, "l2": 0.5})
    one, other = bare.seek(len(bare.program) - 4), penalized.seek(len(penalized.program) - 4)
    assert other["loss"] == one["loss"]
    for name in ("dW1", "db1", "dW2", "db2", "delta1"):
        assert other[name].tobytes() == one[name].tobytes()
    for l in (1, 2):
        w = one[f"W{l}"]
        assert float(other[f"penalty{l}"]) == pytest.approx(sum(0.1 * abs(x) + 0.25 * x * x for x in w.flat))
        np.testing.assert_allclose(other[f"gW{l}"], one[f"dW{l}"] + 0.1 * np.sign(w) + 0.5 * w, rtol=1e-14)
    assert float(other["penalty"]) == pytest.approx(float(other["penalty1"] + other["penalty2"]))
    assert not {"gb1", "gb2"} & other.keys()


def test_the_update_follows_the_gradient_with_the_penalty():
    timeline = timeline_of(*TWO, regularization={"l1": 0.1, "l2": 0.5})
    before, after = timeline.seek(0), last_of(timeline, 0)
    for l in (1, 2):
        np.testing.assert_allclose(after[f"W{l}"], before[f"W{l}"] - 0.5 * after[f"gW{l}"], rtol=1e-14)
        np.testing.assert_allclose(after[f"b{l}"], before[f"b{l}"] - 0.5 * after[f"db{l}"], rtol=1e-14)


def test_l1_leaves_a_weight_of_exactly_0_unchanged():
    timeline = timeline_of(*TWO, regularization={"l1": 0.1}, initializer="zeros")
    state = last_of(timeline, 0)
    assert state["gW2"].tobytes() == state["dW2"].tobytes()
    assert state["penalty"] == 0


def test_without_data_to_learn_from_l2_lets_weights_fade_by_their_share():
    weights = [{"t": 0, "tensor": "W1", "value": [[8.0]]}]
    chosen = experiment(
        (1, "identity"), dataset=table([[0]], [[0]]), regularization={"l2": 0.5}, rate=1.0, changes=weights
    )
    timeline = Timeline(chosen)
    assert [timeline.seek(timeline.t_of(step))["W1"].item() for step in range(4)] == [8, 4, 2, 1]


@pytest.mark.parametrize("fields", [{}, {"regularization": {"l1": 0.1, "l2": 0.5}}])
@pytest.mark.parametrize("limit", [0.01, 0.2])
def test_a_gradient_longer_than_the_limit_is_shortened_to_it_and_keeps_its_direction(fields, limit):
    timeline = timeline_of(*TWO, clip_norm=limit, rate=0.0, changes=[{"t": 0, "tensor": "b2", "value": [30]}], **fields)
    state = last_of(timeline, 0)
    names = timeline.experiment.parameters
    before = np.concatenate([state.get(f"g{name}", state[f"d{name}"]).ravel() for name in names])
    after = np.concatenate([state[f"c{name}"].ravel() for name in names])
    assert float(state["norm"]) == pytest.approx(np.sqrt((before**2).sum()))
    assert state["norm"] > limit
    assert np.sqrt((after**2).sum()) == pytest.approx(limit)
    np.testing.assert_allclose(after * np.linalg.norm(before), before * limit, rtol=1e-12)


def test_a_gradient_within_the_limit_is_left_as_it_is():
    state = last_of(timeline_of(*TWO, clip_norm=1000.0), 0)
    assert 0 < state["norm"] < 1000
    for name in ("W1", "b1", "W2", "b2"):
        assert state[f"c{name}"].tobytes() == state[f"d{name}"].tobytes()


def test_clipping_limits_the_step_itself():
    timeline = timeline_of(*TWO, clip_norm=0.125, rate=4.0, changes=[{"t": 0, "tensor": "b2", "value": [30]}])
    before, after = timeline.seek(0), last_of(timeline, 0)
    moved = np.concatenate([(after[name] - before[name]).ravel() for name in ("W1", "b1", "W2", "b2")])
    assert np.linalg.norm(moved) == pytest.approx(0.5)


WIDE = [(200, "tanh", {"dropout": 0.3}), (200, "relu", {"dropout": 0.3}), (1, "sigmoid")]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_mask_drops_its_share_and_scales_the_other_units_up(dtype):
    timeline = timeline_of(*WIDE, dtype=dtype, mini_batch_size=30)
    masks = np.stack([last_of(timeline, step)[f"mask{l}"] for step in range(5) for l in (1, 2)])
    assert masks.dtype == dtype
    assert {*np.unique(masks)} == {0, masks.dtype.type(1 / 0.7)}
    assert np.mean(masks == 0) == pytest.approx(0.3, abs=4 * np.sqrt(0.21 / masks.size))
    for axis in (1, 2):  # the shares are spread evenly over examples and over units
        shares = np.mean(masks == 0, axis=axis)
        assert np.abs(shares - 0.3).max() < 6 * np.sqrt(0.21 / masks.shape[axis])


def test_the_same_mask_is_used_on_the_way_forward_and_back():
    state = last_of(timeline_of(*WIDE), 3)
    for l in (1, 2):
        mask = state[f"mask{l}"]
        np.testing.assert_array_equal(state[f"a{l}"], state[f"f{l}"] * mask)
        np.testing.assert_array_equal(state[f"df{l}"], state[f"da{l}"] * mask)
        assert not state[f"delta{l}"][mask == 0].any()
        assert state[f"f{l}"][mask == 0].any()
        assert state[f"da{l}"][mask == 0].any()


def test_a_mask_is_a_function_of_seed_training_step_and_layer_alone():
    def mask(training_step: int = 3, layer: int = 1, layers: Any = WIDE, **fields: Any) -> bytes:
        return last_of(timeline_of(*layers, **fields), training_step)[f"mask{layer}"].tobytes()

    same = mask()
    assert mask() == same
    assert mask(optimizer={"name": "adam"}) == same
    assert mask(initializer="zeros", augment={"noise": 0.2}) == same
    assert mask(layers=[(200, "gelu", {"dropout": 0.3, "batch_norm": True}), *WIDE[1:]]) == same
    assert mask(changes=[{"t": 20, "clip_norm": 1}]) == same
    assert mask(changes=[{"t": 20, "tensor": "b3", "value": [7]}]) == same
    different = [mask(training_step=4), mask(layer=2), mask(seed=1)]
    assert len({same, *different}) == 4


def test_a_mask_has_a_row_for_each_example_of_the_last_smaller_mini_batch():
    timeline = timeline_of(*WIDE, mini_batch_size=7)  # 30 to train on: the last mini-batch of an epoch has two
    shapes = [last_of(timeline, step)["mask1"].shape for step in range(6)]
    assert shapes == [(7, 200)] * 4 + [(2, 200), (7, 200)]


def test_dropout_and_noise_are_for_training_alone():
    bare = timeline_of((200, "tanh"), (200, "relu"), (1, "sigmoid"))
    noisy = timeline_of(*WIDE, augment={"noise": 0.5})
    state = dict(bare.seek(0))
    x, y = bare.experiment.data.split("training")
    one, other = (predict(timeline.experiment, state, x, y) for timeline in (bare, noisy))
    assert one.keys() == other.keys()
    assert all(one[name].tobytes() == other[name].tobytes() for name in one)
    assert evaluate(bare.experiment, state, "held_out") == evaluate(noisy.experiment, state, "held_out")
    assert last_of(noisy, 0)["loss"] != last_of(bare, 0)["loss"]


def test_dropout_keeps_the_mean_of_activations():
    timeline = timeline_of((1000, "sigmoid", {"dropout": 0.5}), (1, "sigmoid"), mini_batch_size=30)
    state = last_of(timeline, 0)
    assert state["a1"].mean() == pytest.approx(state["f1"].mean(), rel=0.05)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_noise_is_normal_with_the_deviation_that_was_asked_for_and_leaves_x_as_it_was(dtype):
    timeline = timeline_of(*TWO, dataset={"name": "moons", "examples": 4000}, mini_batch_size=3000,
                           augment={"noise": 0.25}, dtype=dtype)  # fmt: skip
    state = last_of(timeline, 0)
    noise = state["a0"].astype(float) - state["x"]
    assert state["a0"].dtype == dtype
    assert state["x"].tobytes() == timeline.experiment.data.x_train.astype(dtype).tobytes()
    assert noise.std() == pytest.approx(0.25, rel=0.05)
    assert abs(noise.mean()) < 4 * 0.25 / np.sqrt(noise.size)
    assert np.mean(np.abs(noise) < 1.96 * 0.25) == pytest.approx(0.95, abs=0.015)
    assert abs(np.corrcoef(noise.T)[0, 1]) < 0.08


def test_noise_is_a_function_of_seed_and_training_step_alone():
    def noise(training_step: int = 3, **fields: Any) -> bytes:
        state = last_of(timeline_of(*TWO, augment={"noise": 0.25}, **fields), training_step)
        return (state["a0"] - state["x"]).round(9).tobytes()

    def drawn(training_step: int = 3, **fields: Any) -> bytes:
        return last_of(timeline_of(*TWO, augment={"noise": 0.25}, **fields), training_step)["a0"].tobytes()

    assert drawn() == drawn(optimizer={"name": "adam"}, initializer="he") == drawn(changes=[{"t": 9, "clip_norm": 1}])
    assert len({noise(), noise(training_step=4), noise(training_step=2), noise(seed=1)}) == 4


def test_digits_are_scaled_before_noise_is_added():
    timeline = Timeline(experiment((10, "softmax"), dataset="digits", mini_batch_size=20, augment={"noise": 0.1}))
    state = last_of(timeline, 0)
    assert state["x"].max() == 1
    assert np.std(state["a0"] - state["x"]) == pytest.approx(0.1, rel=0.05)


def test_methods_that_are_not_in_use_add_no_tensors():
    nothing: dict[str, Any] = {"regularization": {"l1": 0, "l2": 0}, "clip_norm": None, "augment": {"noise": 0}}
    form = plain((3, "tanh", {"dropout": 0, "batch_norm": False, "residual": False}), (1, "sigmoid"), **nothing)
    chosen, bare = Experiment.from_dict(form), experiment((3, "tanh"), (1, "sigmoid"))
    assert chosen == bare
    assert chosen.to_dict() == bare.to_dict()
    assert segments(chosen) == segments(bare)
