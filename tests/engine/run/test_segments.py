"""A change of structure takes effect at the next training step and opens a segment of the run with its own program."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Experiment, Refusal, Timeline
from engine.evaluate.evaluation import first_not_finite
from engine.run.segments import segments
from engine.run.workspace import initial
from tests.helpers.networks import experiment, layers_of, optimizers, plain, same_bits, schedules, straight_run, table

XOR = plain((2, "tanh"), (1, "sigmoid"))
NORMALIZED = layers_of((2, "relu", {"batch_norm": True, "dropout": 0.5, "residual": True}), (1, "sigmoid"))
ADAM = {"name": "adam", "learning_rate": 0.01}
MOMENTUM = {"name": "momentum", "learning_rate": 0.1}


def timeline_of(form: dict[str, Any] = XOR, **fields: Any) -> Timeline:
    return Timeline(Experiment.from_dict(form | fields))


def assert_straight(timeline: Timeline, *moments: int) -> None:
    straight = straight_run(timeline.experiment, max(moments))
    for t in moments:
        assert same_bits(timeline.seek(t), straight[t]), t


def test_a_segment_begins_where_the_next_training_step_does():
    timeline = timeline_of()
    per_step = len(timeline.program)
    for t, begins in ((0, 0), (1, 1), (per_step - 1, 1), (per_step, 1), (per_step + 1, 2), (5 * per_step, 5)):
        chosen = Experiment.from_dict(XOR | {"changes": [{"t": t, "optimizer": ADAM}]})
        found = segments(chosen)
        assert (found[-1].t, found[-1].training_step) == (begins * per_step, begins)
        assert len(found) == (2 if begins else 1)
        assert [part.experiment.training.optimizer for part in found][-2:] == ["gradient_descent", "adam"][
            -len(found) :
        ]


def test_time_counts_on_through_segments_and_every_moment_has_its_place():
    timeline = timeline_of()
    first = len(timeline.program)
    timeline.change(2 * first + 3, optimizer=ADAM)
    second = len(timeline.segments[1].program)
    timeline.change(3 * first + 2 * second, optimizer={"name": "gradient_descent"}, layers=NORMALIZED)
    third = len(timeline.segments[2].program)
    assert len({first, second, third}) == 3
    places = [(0, step, k) for step in range(3) for k in range(first)]
    places += [(1, step, k) for step in (3, 4) for k in range(second)]
    places += [(2, step, k) for step in (5, 6) for k in range(third)]
    assert [timeline.locate(t) for t in range(len(places))] == places
    for t, (_, step, k) in enumerate(places):
        assert timeline.t_of(step) == t - k
    for t, (part, _, _) in enumerate(places):
        timeline.seek(t)
        assert timeline.program == timeline.segments[part].program


def test_before_a_segment_begins_the_structure_is_the_old_one():
    timeline, plain_run = timeline_of(), timeline_of()
    per_step = len(timeline.program)
    timeline.change(per_step + 1, layers=NORMALIZED, optimizer=ADAM)
    for t in range(2 * per_step):
        assert same_bits(timeline.seek(t), plain_run.seek(t))
    after = timeline.seek(2 * per_step)
    assert {"gamma1", "running_var1", "mW1", "updates"} <= after.keys()
    assert {"a1", "dW1", "loss"} <= after.keys()  # what the training step before has computed is still there
    assert after["a1"] is timeline.seek(2 * per_step - 1)["a1"]


CHANGES: list[dict[str, Any]] = [
    {"optimizer": ADAM},
    {"optimizer": ADAM, "layers": NORMALIZED},
    {"layers": NORMALIZED},
    {"layers": layers_of((2, "gelu"), (1, "identity"))},
    {"loss": "squared_error"},
    {"regularization": {"l2": 0.1}, "clip_norm": 0.5},
    {"augment": {"noise": 0.1}},
    {"schedule": {"name": "exponential"}},
]


@pytest.mark.parametrize("write", CHANGES, ids=lambda write: "-".join(write))
def test_weights_and_biases_continue_and_new_tensors_begin_as_in_a_new_run(write):
    timeline = timeline_of()
    t = 4 * len(timeline.program)
    before = timeline.seek(t)
    timeline.change(t, **write)
    after, part = timeline.seek(t), timeline.segments[-1]
    fresh = initial(part.experiment, part.carried)
    for name in part.carried:
        goes_on = name in before and not (name == "learning_rate" and "optimizer" in write)
        assert after[name].tobytes() == (before if goes_on else fresh)[name].tobytes()
    assert_straight(timeline, t + 90, t, t - 1, t + 7)


def test_a_tensor_that_the_new_structure_does_not_need_is_dropped_and_later_begins_anew():
    timeline = timeline_of(XOR | {"layers": NORMALIZED})
    per_step = len(timeline.program)
    timeline.change(3 * per_step, layers=XOR["layers"])
    assert not {"gamma1", "beta1", "running_mean1"} & timeline.seek(3 * per_step).keys()
    t = timeline.t_of(5)
    timeline.change(t, layers=NORMALIZED)
    assert timeline.seek(t)["gamma1"].tolist() == timeline.seek(t)["running_var1"].tolist() == [1, 1]
    assert_straight(timeline, t, t + 50, 3 * per_step - 1)


def test_scales_and_running_statistics_continue_through_other_changes():
    timeline = timeline_of(XOR | {"layers": NORMALIZED})
    t = 5 * len(timeline.program)
    before = timeline.seek(t)
    timeline.change(t, regularization={"l2": 0.5})
    for name in ("gamma1", "beta1", "running_mean1", "running_var1"):
        assert timeline.seek(t)[name].tobytes() == before[name].tobytes()
        assert before[name].tolist() not in ([0, 0], [1, 1])


@pytest.mark.parametrize(
    ("optimizer", "restarts"),
    [
        ({"name": "adam", "learning_rate": 0.3, "beta1": 0.5}, False),
        ({"name": "adamw", "learning_rate": 0.01}, True),
        ({"name": "rmsprop", "learning_rate": 0.01}, True),
        (None, False),
    ],
)
def test_the_optimizers_state_begins_anew_just_when_the_optimizers_name_changes(optimizer, restarts):
    timeline = timeline_of(optimizer=ADAM)
    t = 5 * len(timeline.program)
    before = timeline.seek(t)
    timeline.change(t, **({"optimizer": optimizer} if optimizer else {"clip_norm": 1}))
    after = timeline.seek(t)
    assert before["updates"] == 5
    states = {f"{letter}{name}" for letter in "mv" for name in ("W1", "b1", "W2", "b2")}
    kept = before.keys() & after.keys() & {*states, "updates"}
    assert {"vW1", "vb2", "updates"} <= kept
    for name in kept:
        assert before[name].all()
        assert after[name].tolist() == (0 * before[name] if restarts else before[name]).tolist()


def test_an_optimizer_that_is_changed_there_and_back_within_a_training_step_goes_on():
    timeline = timeline_of(optimizer=ADAM)
    t = 5 * len(timeline.program)
    timeline.change(t - 3, optimizer=MOMENTUM)
    timeline.change(t - 2, optimizer=ADAM)
    assert timeline.seek(t)["updates"] == 5
    assert_straight(timeline, t, t + 40)


def test_the_learning_rate_goes_on_unless_the_change_names_the_optimizer():
    timeline = timeline_of()
    per_step = len(timeline.program)
    timeline.change(7, learning_rate=0.25)
    timeline.change(per_step, regularization={"l2": 0.1})
    assert timeline.seek(per_step)["learning_rate"] == 0.25
    t = timeline.t_of(3)
    timeline.change(t, schedule={"name": "step", "every": 1})
    assert timeline.seek(t)["base_rate"] == 0.25
    timeline.change(t, schedule=None)
    assert timeline.seek(t)["learning_rate"] == 0.25
    timeline.change(t, optimizer=MOMENTUM)
    assert timeline.seek(t)["learning_rate"] == np.float32(0.1)
    timeline.change(t, optimizer={"name": "momentum"})
    usual = Experiment.from_dict(XOR | {"optimizer": {"name": "momentum"}}).training.learning_rate
    assert timeline.seek(t)["learning_rate"] == np.float32(usual)


def test_after_a_schedule_the_base_rate_goes_on():
    timeline = timeline_of(schedule={"name": "step", "every": 1})
    t = 4 * len(timeline.program)
    assert timeline.seek(t)["learning_rate"] == 0.5 * 0.5**3
    timeline.change(t, schedule=None)
    assert timeline.seek(t)["learning_rate"] == 0.5


def test_a_schedule_counts_anew_just_when_the_change_names_it():
    timeline = timeline_of(schedule={"name": "step", "every": 1})
    t = 4 * len(timeline.program)
    timeline.change(t, optimizer=MOMENTUM)
    assert timeline.seek(t)["rate_step"] == 4
    assert timeline.seek(timeline.t_of(5))["learning_rate"] == np.float32(0.1) * np.float32(0.5**4)
    timeline.change(t, schedule={"name": "step", "every": 1})
    assert timeline.seek(t)["rate_step"] == 0
    assert timeline.seek(timeline.t_of(5))["learning_rate"] == np.float32(0.1)


def test_an_initializer_draws_all_weights_anew_and_begins_all_else_anew_but_the_rate():
    timeline = timeline_of(XOR | {"layers": NORMALIZED}, optimizer=ADAM)
    t = 5 * len(timeline.program)
    timeline.change(t - 1, learning_rate=0.125)
    timeline.change(t, initializer="he")
    fresh = Timeline(Experiment.from_dict(XOR | {"layers": NORMALIZED, "optimizer": ADAM, "initializer": "he"})).seek(0)
    after = timeline.seek(t)
    for name in fresh.keys() - {"learning_rate"}:
        assert after[name].tobytes() == fresh[name].tobytes(), name
    assert after["learning_rate"] == 0.125
    assert_straight(timeline, t + 60, t)


def test_a_change_at_the_very_beginning_is_the_experiment_itself():
    timeline = timeline_of()
    timeline.change(0, layers=NORMALIZED, optimizer=ADAM, initializer="he")
    other = timeline_of(XOR | {"layers": NORMALIZED, "optimizer": ADAM, "initializer": "he"})
    assert len(timeline.segments) == 1
    for t in (0, 1, 30, 200):
        assert same_bits(timeline.seek(t), other.seek(t))


def test_two_changes_within_a_training_step_take_effect_together():
    timeline, together = timeline_of(), timeline_of()
    per_step = len(timeline.program)
    timeline.change(per_step + 2, optimizer=ADAM)
    timeline.change(per_step + 9, layers=NORMALIZED)
    together.change(per_step + 9, optimizer=ADAM, layers=NORMALIZED)
    assert [part.t for part in timeline.segments] == [0, 2 * per_step]
    for t in (2 * per_step, 2 * per_step + 60):
        assert same_bits(timeline.seek(t), together.seek(t))
    assert_straight(timeline, 2 * per_step - 1, 2 * per_step, 2 * per_step + 60)


def test_changing_something_before_a_change_of_structure_drops_it():
    timeline = timeline_of()
    timeline.change(200, optimizer=ADAM)
    timeline.seek(300)
    timeline.change(150, learning_rate=0.25)
    assert len(timeline.segments) == 1
    assert [change.t for change in timeline.experiment.changes] == [150]
    assert_straight(timeline, 300, 200, 150)


def test_a_change_between_a_change_of_structure_and_its_effect_keeps_it():
    timeline = timeline_of()
    per_step = len(timeline.program)
    timeline.change(per_step + 2, optimizer=ADAM)
    timeline.change(per_step + 5, tensor="b2", value=[0.5])
    assert [part.t for part in timeline.segments] == [0, 2 * per_step]
    assert_straight(timeline, per_step + 5, 2 * per_step, 200)


def test_the_same_field_set_twice_at_one_moment_is_one_change():
    timeline = timeline_of()
    timeline.change(30, optimizer=ADAM)
    timeline.change(30, optimizer=MOMENTUM, clip_norm=1)
    timeline.change(30, clip_norm=2)
    assert [change.structure for change in timeline.experiment.changes] == [
        {"optimizer": MOMENTUM, "clip_norm": 1},
        {"clip_norm": 2},
    ]
    assert timeline.segments[-1].experiment.training.clip_norm == 2


def test_a_number_changed_later_in_a_segment_does_not_begin_the_segment_again():
    timeline = timeline_of()
    timeline.change(20, initializer="he", optimizer=MOMENTUM)
    timeline.seek(60)
    timeline.change(70, learning_rate=0.25)
    assert timeline.seek(300)["learning_rate"] == 0.25
    assert_straight(timeline, 69, 70, 100, 300)


def test_a_reset_at_a_boundary_is_not_overwritten_by_earlier_writes_there():
    timeline = timeline_of()
    t = 3 * len(timeline.program)
    timeline.change(t, learning_rate=0.375)
    timeline.change(t, tensor="b2", value=[3])
    timeline.change(t, optimizer=ADAM)
    assert timeline.seek(t)["learning_rate"] == np.float32(0.01)
    assert timeline.seek(t)["b2"] == 3
    timeline.change(t, initializer="zeros")
    assert timeline.seek(t)["b2"] == 0
    timeline.change(t, learning_rate=0.25)
    assert timeline.seek(t)["learning_rate"] == 0.25
    assert_straight(timeline, t, t + 30)


def test_a_write_to_a_parameter_that_the_new_structure_lacks_is_dropped():
    timeline = timeline_of(XOR | {"layers": NORMALIZED})
    t = 3 * len(timeline.program)
    timeline.change(t - 1, tensor="gamma1", value=[4, 5])
    timeline.change(t, tensor="gamma1", value=[2, 3])
    timeline.change(t, layers=XOR["layers"])
    assert [change.t for change in timeline.experiment.changes] == [t - 1, t]
    assert_straight(timeline, t - 1, t, t + 30)


def test_a_rate_that_is_set_within_a_training_step_holds_to_its_end():
    timeline = timeline_of()
    timeline.change(5, learning_rate=0.25)
    timeline.change(5, optimizer=ADAM)
    assert timeline.seek(len(timeline.program) - 1)["learning_rate"] == 0.25
    assert_straight(timeline, 5, len(timeline.segments[0].program), 60)


def test_a_parameter_can_be_written_from_the_moment_on_at_which_it_is_there():
    timeline = timeline_of()
    per_step = len(timeline.program)
    timeline.change(5, layers=NORMALIZED)
    before = timeline.experiment
    for t in (6, per_step - 1):
        with pytest.raises(Refusal) as refusal:
            timeline.change(t, tensor="gamma1", value=[2, 3])
        assert str(refusal.value) == "unknown tensor: 'gamma1' (one of: W1, W2, b1, b2)"
        assert timeline.experiment is before
    timeline.change(per_step, tensor="gamma1", value=[2, 3])
    assert timeline.seek(per_step)["gamma1"].tolist() == [2, 3]
    assert_straight(timeline, per_step - 1, per_step, 100)


def test_changes_whose_parameter_an_earlier_change_has_removed_are_refused_with_the_list():
    form = XOR | {"layers": NORMALIZED}
    changes = [{"t": 300, "tensor": "gamma1", "value": [2, 3]}, {"t": 30, "layers": XOR["layers"]}]
    with pytest.raises(Refusal) as refusal:
        Timeline(Experiment.from_dict(form | {"changes": changes}))
    assert refusal.value.field == "changes.0.tensor"


def test_a_change_of_layers_keeps_the_loss_if_it_goes_with_the_output_and_else_takes_the_usual_one():
    timeline = timeline_of(loss="squared_error")
    timeline.change(0, layers=NORMALIZED)
    assert timeline.segments[-1].experiment.loss == "squared_error"
    timeline = timeline_of()
    timeline.change(30, layers=layers_of((2, "tanh"), (1, "tanh")))
    assert timeline.segments[-1].experiment.loss == "squared_error"
    timeline.change(30, layers=layers_of((2, "tanh"), (1, "tanh")), loss="squared_error")
    assert timeline.segments[-1].experiment.loss == "squared_error"


def test_null_sets_a_field_back_to_its_default():
    form = XOR | {"clip_norm": 0.5, "regularization": {"l1": 0.1}, "augment": {"noise": 0.1}}
    timeline = timeline_of(form, schedule={"name": "step"})
    timeline.change(30, clip_norm=None, regularization=None, augment=None, schedule=None)
    assert timeline.segments[-1].program == timeline_of().program


FIELDS = (
    "augment, clip_norm, coupled_weight_decay, drawings, initial_scale, initializer, layers, loss, next_mini_batch, "
    "optimizer, regularization, schedule, t"
)
WIDTHS = "a change keeps the widths of all layers"
ACTIVATIONS = "elu, gelu, hardswish, identity, leaky_relu, mish, relu, sigmoid, silu, softmax, softplus, tanh"
REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"layers": layers_of((3, "tanh"), (1, "sigmoid"))}, "layers", f"unfit layers: [3, 1] ({WIDTHS})"),
    ({"layers": layers_of((1, "sigmoid"))}, "layers", f"unfit layers: [1] ({WIDTHS})"),
    ({"layers": None}, "layers", "invalid layers: None (a list of 1 to 12 layers)"),
    ({"layers": layers_of((2, "relo"), (1, "tanh"))}, "layers.0.activation",
     f"unknown activation: 'relo' (one of: {ACTIVATIONS})"),
    ({"loss": "cross_entropy"}, "loss", "unfit loss: 'cross_entropy' (the output is sigmoid; this loss needs softmax)"),
    ({"optimizer": {"name": "adam", "momentum": 0.9}}, "optimizer.momentum",
     "unknown field: 'momentum' (one of: beta1, beta2, epsilon, learning_rate, name)"),
    ({"clip_norm": 0}, "clip_norm", "invalid limit of the norm: 0 (1e-06 to 1e+06)"),
    ({"seed": 3, "clip_norm": 1}, "change.seed",
     f"unknown field: 'seed' (one of: {FIELDS})"),
    ({"clip_norm": 1, "learning_rate": 1}, "change.learning_rate",
     f"unknown field: 'learning_rate' (one of: {FIELDS})"),
]  # fmt: skip


@pytest.mark.parametrize(("write", "field", "message"), REFUSED, ids=[message[:40] for _, _, message in REFUSED])
def test_a_change_of_structure_that_does_not_fit_is_refused_and_nothing_has_changed(write, field, message):
    timeline = timeline_of()
    state, before = timeline.seek(40), timeline.experiment
    with pytest.raises(Refusal) as refusal:
        timeline.change(30, **write)
    assert str(refusal.value) == message
    assert refusal.value.field == field
    assert timeline.experiment is before
    assert timeline.seek(40) is state


@settings(max_examples=60)
@given(
    st.lists(
        st.fixed_dictionaries({"t": st.integers(0, 2**53 - 1), "optimizer": optimizers()})
        | st.fixed_dictionaries({"t": st.integers(0, 200), "schedule": schedules(), "layers": st.just(NORMALIZED)})
        | st.fixed_dictionaries({"t": st.integers(0, 200), "learning_rate": st.floats(0, 10)}),
        max_size=4,
    )
)
def test_changes_of_structure_come_back_from_the_plain_form_as_they_were(changes):
    chosen = Experiment.from_dict(XOR | {"changes": changes})
    through_json = json.loads(json.dumps(chosen.to_dict(), allow_nan=False))
    again = Experiment.from_dict(through_json)
    assert again == chosen
    assert again.to_dict() == chosen.to_dict()
    assert through_json.get("changes", []) == changes
    assert segments(again) == segments(chosen)


def test_a_blow_up_that_a_new_segment_hides_is_found_all_the_same():
    depth = 7
    layers = [*[(1, "identity")] * (depth - 1), (1, "sigmoid")]
    weights = [{"t": 0, "tensor": f"W{l}", "value": [[1e6]]} for l in range(1, depth + 1)]
    rescue = {"t": 3, "initializer": "zeros", "optimizer": {"name": "gradient_descent", "learning_rate": 0}}
    chosen = experiment(*layers, dataset=table([[0]], [[1]]), rate=1e6, changes=[*weights, rescue])
    timeline = Timeline(chosen)
    per_step = len(timeline.program)
    blow_up = 1 + next(k for k, step in enumerate(timeline.program) if "b1" in step.writes)
    assert np.isinf(timeline.seek(blow_up)["b1"])
    assert timeline.seek(per_step)["b1"] == 0
    assert first_not_finite(Timeline(chosen), 2 * per_step) == {"t": blow_up, "tensor": "b1"}
