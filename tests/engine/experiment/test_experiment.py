"""The plain form of an experiment: complete or with defaults it is read, and a bad field is refused by name."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Experiment, Refusal, Timeline
from engine.data import DATASETS
from engine.experiment.changes import Change
from engine.experiment.experiment import CHANGES, STRUCTURES
from engine.experiment.presets import PRESETS
from engine.methods.activations import ACTIVATIONS
from engine.methods.initializers import INITIALIZERS, initial_weights
from engine.methods.losses import LOSSES
from engine.methods.optimizers import OPTIMIZERS
from engine.methods.schedules import SCHEDULES
from tests.helpers.networks import (
    decays,
    experiment,
    hidden_layers,
    limits,
    optimizers,
    penalties,
    plain,
    same_bits,
    schedules,
    table,
    table_experiments,
)

SMALL = {
    "dataset": {"name": "xor"},
    "layers": [{"units": 4, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}],
}


def test_all_but_data_and_layers_has_a_default():
    assert Experiment.from_dict(SMALL).to_dict() == {
        "dataset": {"name": "xor", "examples": 4, "noise": 0.0},
        "layers": SMALL["layers"],
        "loss": "binary_cross_entropy",
        "initializer": "xavier",
        "optimizer": {"name": "gradient_descent", "learning_rate": 0.1},
        "mini_batch_size": 4,
        "seed": 0,
        "dtype": "float32",
    }


@pytest.mark.parametrize("dataset", DATASETS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_whatever_the_data_and_the_output_the_default_loss_goes_with_them(dataset, activation):
    for outputs in DATASETS[dataset].outputs:
        if (activation, outputs) == ("softmax", 1):
            continue  # is refused
        chosen = Experiment.from_dict(
            {"dataset": {"name": dataset}, "layers": [{"units": outputs, "activation": activation}]}
        )
        pairs = {"sigmoid": "binary_cross_entropy", "softmax": "cross_entropy"}
        fitting = dataset != "sine" and (activation == "sigmoid" or outputs > 1)
        assert chosen.loss == (pairs.get(activation, "squared_error") if fitting else "squared_error")


def test_the_default_mini_batch_is_32_or_all_examples():
    assert experiment((1, "sigmoid"), dataset="moons").mini_batch_size == 32
    assert experiment((1, "sigmoid"), dataset={"name": "moons", "examples": 8}).mini_batch_size == 6


@settings(max_examples=60)
@given(table_experiments(dtype="float64"))
def test_the_plain_form_gives_the_same_experiment_back(chosen):
    assert Experiment.from_dict(chosen.to_dict()) == chosen
    through_json = json.loads(json.dumps(chosen.to_dict(), allow_nan=False))
    assert Experiment.from_dict(through_json) == chosen
    assert Experiment.from_dict(through_json).to_dict() == chosen.to_dict()


@st.composite
def plain_forms(draw: st.DrawFn) -> dict[str, Any]:
    name = draw(st.sampled_from(["circles", "gaussians", "moons", "spirals", "xor"]))
    output, loss = draw(st.sampled_from([(a, n) for n, loss in LOSSES.items() for a in loss.activations]))
    hidden = draw(hidden_layers(2))
    given: dict[str, st.SearchStrategy[Any]] = {
        "optimizer": optimizers(draw(st.floats(0, 1e6))),
        "schedule": schedules(),
        "regularization": penalties(),
        "clip_norm": limits(),
        "coupled_weight_decay": decays(),
        "augment": st.fixed_dictionaries({"noise": st.floats(0.01, 10)}),
    }
    return plain(
        *hidden,
        (2, output),
        loss=loss,
        dataset={"name": name, "examples": draw(st.integers(8, 50)), "noise": draw(st.floats(0.01, 10))},
        initializer=draw(st.sampled_from(sorted(INITIALIZERS))),
        **{name: draw(strategy) for name, strategy in given.items()},
        seed=draw(st.integers(0, 2**32 - 1)),
        dtype=draw(st.sampled_from(["float32", "float64"])),
        mini_batch_size=draw(st.integers(2 if any("batch_norm" in each for *_, each in hidden) else 1, 6)),
        changes=draw(
            st.lists(
                st.fixed_dictionaries({"t": st.integers(0, 2**53 - 1), "learning_rate": st.floats(0, 1e6)})
                | st.fixed_dictionaries({"t": st.integers(0, 2**53 - 1)} | given)
                | st.fixed_dictionaries(
                    {
                        "t": st.integers(0, 99),
                        "tensor": st.just("W1"),
                        "index": st.just([0, 1]),
                        "value": st.floats(-1e6, 1e6),
                    }
                ),
                min_size=1,
                max_size=3,
            )
        ),
    )


@settings(max_examples=100)
@given(plain_forms())
def test_a_form_with_every_field_written_out_comes_back_as_it_was(form):
    again = Experiment.from_dict(form).to_dict()
    assert again["changes"] == form["changes"]
    assert again == with_defaults(form)


def with_defaults(form: dict[str, Any]) -> dict[str, Any]:
    """The form with the settings that it leaves out, and without what it says is not in use."""
    full = dict(form)
    for field, named in (("optimizer", OPTIMIZERS), ("schedule", SCHEDULES)):
        defaults = {setting.name: setting.default for setting in named[form[field]["name"]].settings}
        full[field] = defaults | form[field]
    if full["schedule"] == {"name": "constant", "warm_up": 0}:
        del full["schedule"]
    full["regularization"] = {"l1": 0, "l2": 0} | form["regularization"]
    if not form["regularization"]:
        del full["regularization"]
    return full


def with_field(path: str, value: Any) -> dict[str, Any]:
    """The small experiment with one field changed; ``path`` such as ``layers.0.units``."""
    form = json.loads(json.dumps(SMALL))
    place: Any = form
    *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    for parent in parents:
        if not isinstance(place, list) and parent not in place:
            place[parent] = {}
        place = place[parent]
    place[last] = value
    return form


ACTIVATION_CHOICES = "elu, gelu, hardswish, identity, leaky_relu, mish, relu, sigmoid, silu, softmax, softplus, tanh"
OPTIMIZER_CHOICES = ", ".join(sorted(OPTIMIZERS))
DATASET_CHOICES = "checkerboard, circles, digits, gaussians, moons, own, recorded, rings, sine, spirals, table, xor"
LOSS_CHOICES = ", ".join(sorted(LOSSES))
BAD: list[tuple[Any, ...]] = [  # where, what, the message, and the field that it names where that is another one
    ("layers.0.activation", "relo", f"unknown activation: 'relo' (one of: {ACTIVATION_CHOICES})"),
    ("layers.0.activation", None, f"unknown activation: None (one of: {ACTIVATION_CHOICES})"),
    ("layers.0.activation", ["tanh"], f"unknown activation: ['tanh'] (one of: {ACTIVATION_CHOICES})"),
    ("layers.0.activation", "softmax", "unfit activation: 'softmax' (for the output layer only)"),
    ("layers.0.units", 0, "invalid layer width: 0 (1 to 1024)"),
    ("layers.0.units", 1025, "invalid layer width: 1025 (1 to 1024)"),
    ("layers.0.units", 4.0, "invalid layer width: 4.0 (1 to 1024)"),
    ("layers.0.units", True, "invalid layer width: True (1 to 1024)"),
    ("layers.0.units", "4", "invalid layer width: '4' (1 to 1024)"),
    ("layers.1.units", 3, "unfit number of outputs: 3 (xor needs 1 or 2)"),
    (
        "layers.0.activation",
        "step",
        "unfit activation: 'step' (its slope is 0 everywhere, so no error ever gets through it and nothing can learn)",
    ),
    (
        "layers.1.activation",
        "step",
        "unfit activation: 'step' (its slope is 0 everywhere, so no error ever gets through it and nothing can learn)",
    ),
    ("layers.0", 4, "invalid layers.0: 4 (a mapping of: units, activation, batch_norm, dropout, residual)"),
    ("layers.0.batch_norm", 1, "invalid batch norm: 1 (true or false)"),
    ("layers.0.residual", "yes", "invalid residual: 'yes' (true or false)"),
    (
        "layers.0.residual",
        True,
        "unfit residual: True (the layer has 4 units and is given 2; both must be the same)",
    ),
    ("layers.0.dropout", 0.96, "invalid dropout: 0.96 (0 to 0.95)"),
    ("layers.0.dropout", -0.1, "invalid dropout: -0.1 (0 to 0.95)"),
    ("layers.0.dropout", True, "invalid dropout: True (0 to 0.95)"),
    ("layers.0.dropout", None, "invalid dropout: None (0 to 0.95)"),
    ("layers.1.dropout", 0.5, "unfit dropout: 0.5 (for hidden layers only)"),
    ("layers.1.batch_norm", True, "unfit batch norm: True (for hidden layers only)"),
    ("layers.1.residual", True, "unfit residual: True (for hidden layers only)"),
    ("layers.0", {"units": 4}, "missing field (layers.0.activation)", "layers.0.activation"),
    ("layers.0.bias", True, "unknown field: 'bias' (one of: activation, batch_norm, dropout, residual, units)"),
    ("layers", [], "invalid layers: [] (a list of 1 to 12 layers)"),
    ("layers", {}, "invalid layers: {} (a list of 1 to 12 layers)"),
    ("layers", None, "invalid layers: None (a list of 1 to 12 layers)"),
    ("dataset", "xor", "invalid dataset: 'xor' (a mapping of: name)"),
    ("dataset", {}, "missing field (dataset.name)", "dataset.name"),
    ("dataset.name", "mnist", f"unknown dataset: 'mnist' (one of: {DATASET_CHOICES})"),
    ("dataset.nose", 1, "unknown field: 'nose' (one of: examples, name, noise)"),
    ("dataset.noise", -0.1, "invalid noise: -0.1 (0 to 10)"),
    ("dataset.noise", float("nan"), "invalid noise: nan (0 to 10)"),
    ("dataset.noise", "0", "invalid noise: '0' (0 to 10)"),
    ("dataset.examples", 5, "invalid number of examples: 5 (4 to 4)"),
    ("dataset", {"name": "moons", "examples": 7}, "invalid number of examples: 7 (8 to 10000)", "dataset.examples"),
    (
        "dataset",
        {"name": "moons", "examples": 10**4 + 1},
        "invalid number of examples: 10001 (8 to 10000)",
        "dataset.examples",
    ),
    ("dataset", {"name": "digits", "noise": 0}, "unknown field: 'noise' (one of: name, others)", "dataset.noise"),
    ("dataset", {"name": "digits", "others": -1}, "invalid number of examples: -1 (0 to 30000)", "dataset.others"),
    ("dataset", {"name": "table"}, "missing field (dataset.x)", "dataset.x"),
    ("dataset", {"name": "table", "x": [[1]]}, "missing field (dataset.y)", "dataset.y"),
    ("dataset", table([], []), "invalid rows: [] (a list of 1 to 1000 rows)", "dataset.x"),
    ("dataset", table([[1]], [[1], [0]]), "unfit rows: 2 (as many as x has: 1)", "dataset.y"),
    (
        "dataset",
        table([[1], []], [[1], [0]]),
        "invalid row: [] (a list of 1 to 1024 numbers, as long as the first)",
        "dataset.x.1",
    ),
    (
        "dataset",
        table([[1], [1, 2]], [[1], [0]]),
        "invalid row: [1, 2] (a list of 1 to 1024 numbers, as long as the first)",
        "dataset.x.1",
    ),
    ("dataset", table([[1]], [[None]]), "invalid number: None (-1e+06 to 1e+06)", "dataset.y.0.0"),
    ("dataset", table([[1]], [[2000000.0]]), "invalid number: 2000000.0 (-1e+06 to 1e+06)", "dataset.y.0.0"),
    ("dataset", table([[1]], [[1, 0]]), "unfit number of outputs: 1 (table needs 2)", "layers.1.units"),
    ("loss", "log_cosh", f"unknown loss: 'log_cosh' (one of: {LOSS_CHOICES})"),
    ("loss", "hinge", "unfit loss: 'hinge' (the output is sigmoid; this loss needs elu, identity, leaky_relu, tanh)"),
    ("loss", "cross_entropy", "unfit loss: 'cross_entropy' (the output is sigmoid; this loss needs softmax)"),
    ("initializer", "ones", "unknown initializer: 'ones' (one of: he, small_normal, standard_normal, xavier, zeros)"),
    ("optimizer", "sgd", "invalid optimizer: 'sgd' (a mapping of: name, learning_rate)"),
    ("optimizer.name", "sgd", f"unknown optimizer: 'sgd' (one of: {OPTIMIZER_CHOICES})"),
    ("optimizer.name", ["adam"], f"unknown optimizer: ['adam'] (one of: {OPTIMIZER_CHOICES})"),
    ("optimizer.momentum", 0.9, "unknown field: 'momentum' (one of: learning_rate, name)"),
    (
        "optimizer",
        {"name": "adam", "momentum": 0.9},
        "unknown field: 'momentum' (one of: beta1, beta2, epsilon, learning_rate, name)",
        "optimizer.momentum",
    ),
    (
        "optimizer",
        {"name": "adam", "weight_decay": 0.1},
        "unknown field: 'weight_decay' (one of: beta1, beta2, epsilon, learning_rate, name)",
        "optimizer.weight_decay",
    ),
    ("optimizer", {"name": "momentum", "momentum": 1}, "invalid momentum: 1 (0 to 0.9999)", "optimizer.momentum"),
    ("optimizer", {"name": "adam", "beta1": -0.1}, "invalid beta1: -0.1 (0 to 0.9999)", "optimizer.beta1"),
    ("optimizer", {"name": "adam", "beta2": 1}, "invalid beta2: 1 (0 to 0.99999)", "optimizer.beta2"),
    ("optimizer", {"name": "adam", "epsilon": 0}, "invalid epsilon: 0 (1e-12 to 1)", "optimizer.epsilon"),
    ("optimizer", {"name": "rmsprop", "decay": "1"}, "invalid decay: '1' (0 to 0.99999)", "optimizer.decay"),
    (
        "optimizer",
        {"name": "adamw", "weight_decay": 11},
        "invalid weight decay: 11 (0 to 10)",
        "optimizer.weight_decay",
    ),
    ("schedule", "cosine", "invalid schedule: 'cosine' (a mapping of: name, warm_up)"),
    ("schedule.name", "linear", "unknown schedule: 'linear' (one of: constant, cosine, exponential, step)"),
    ("schedule.factor", 0.5, "unknown field: 'factor' (one of: name, warm_up)"),
    (
        "schedule",
        {"name": "cosine", "factor": 0.5},
        "unknown field: 'factor' (one of: name, steps, warm_up)",
        "schedule.factor",
    ),
    ("schedule.warm_up", -1, "invalid warm up: -1 (0 to 1000000)"),
    ("schedule.warm_up", 2.0, "invalid warm up: 2.0 (0 to 1000000)"),
    (
        "optimizer",
        {"name": "dampened_momentum", "momentum": 0},
        "invalid momentum: 0 (0.0001 to 0.9999)",
        "optimizer.momentum",
    ),
    ("schedule", {"name": "step", "every": 0}, "invalid every: 0 (1 to 1000000000)", "schedule.every"),
    ("schedule", {"name": "step", "factor": 1.1}, "invalid factor: 1.1 (0.001 to 1)", "schedule.factor"),
    ("schedule", {"name": "cosine", "steps": 0.5}, "invalid steps: 0.5 (1 to 1000000000)", "schedule.steps"),
    ("regularization", 0.1, "invalid regularization: 0.1 (a mapping of: l1, l2)"),
    ("regularization.l3", 0.1, "unknown field: 'l3' (one of: l1, l2)"),
    ("regularization.l1", -1, "invalid L1 penalty: -1 (0 to 1000)"),
    ("regularization.l2", 1001, "invalid L2 penalty: 1001 (0 to 1000)"),
    ("clip_norm", 0, "invalid limit of the norm: 0 (1e-06 to 1e+06)"),
    ("coupled_weight_decay", -1, "invalid coupled weight decay: -1 (0 to 1000)"),
    ("clip_norm", "1", "invalid limit of the norm: '1' (1e-06 to 1e+06)"),
    ("augment", 1, "invalid augment: 1 (a mapping of: shift, rotation, scale, stroke, uneven, elastic, coarse, noise)"),
    ("augment.noise", 11, "invalid noise: 11 (0 to 10)"),
    ("augment.rotation", -1, "invalid rotation: -1 (0 to 180)"),
    ("augment.elastic", 11, "invalid elastic: 11 (0 to 10)"),
    ("augment.coarse", "fine", "invalid coarse: 'fine' (0 to 13)"),
    ("augment", {"shift": 2}, "unfit data set: 'xor' (only the digits are pictures)"),
    ("drawings", {"pictures": [], "labels": []}, "unfit data set: 'xor' (only the digits are pictures)"),
    (
        "augment.flip",
        True,
        "unknown field: 'flip' (one of: coarse, elastic, noise, rotation, scale, shift, stroke, uneven)",
    ),
    ("optimizer.lr", 1, "unknown field: 'lr' (one of: learning_rate, name)"),
    ("optimizer.learning_rate", -1, "invalid learning rate: -1 (0 to 1e+06)"),
    ("optimizer.learning_rate", 2000000.0, "invalid learning rate: 2000000.0 (0 to 1e+06)"),
    ("optimizer.learning_rate", float("inf"), "invalid learning rate: inf (0 to 1e+06)"),
    ("optimizer.learning_rate", False, "invalid learning rate: False (0 to 1e+06)"),
    ("mini_batch_size", 0, "invalid mini-batch size: 0 (1 to 4)"),
    ("mini_batch_size", 5, "invalid mini-batch size: 5 (1 to 4)"),
    ("seed", -1, "invalid seed: -1 (0 to 4294967295)"),
    ("seed", 2**32, "invalid seed: 4294967296 (0 to 4294967295)"),
    ("seed", 10**80, f"invalid seed: 1{'0' * 56}... (0 to 4294967295)"),
    ("format", 2, "unsupported experiment format: 2 (this version reads up to 1)"),
    ("format", 10**80, f"unsupported experiment format: 1{'0' * 56}... (this version reads up to 1)"),
    ("format", 0, "invalid experiment format: 0 (this version reads up to 1)"),
    ("format", -1, "invalid experiment format: -1 (this version reads up to 1)"),
    ("format", 1.0, "invalid experiment format: 1.0 (this version reads up to 1)"),
    ("format", 2.5, "invalid experiment format: 2.5 (this version reads up to 1)"),
    ("format", True, "invalid experiment format: True (this version reads up to 1)"),
    ("format", "1", "invalid experiment format: '1' (this version reads up to 1)"),
    ("format", None, "invalid experiment format: None (this version reads up to 1)"),
    ("dtype", "float16", "unknown dtype: 'float16' (one of: float32, float64)"),
    ("changes", {}, "invalid changes: {} (a list of at most 2000)"),
    ("changes", [3], "invalid changes.0: 3 (a mapping of: t, learning_rate, tensor, index, value)", "changes.0"),
    (
        "changes",
        [{"t": 0, "learning_rate": 1}, {"t": -1, "learning_rate": 1}],
        f"invalid t: -1 (0 to {2**53 - 1})",
        "changes.1.t",
    ),
    ("changes", [{"learning_rate": 1}], "missing field (changes.0.t)", "changes.0.t"),
    (
        "changes",
        [{"t": 1, "tensor": "W9", "value": 1}],
        "unknown tensor: 'W9' (one of: W1, W2, b1, b2)",
        "changes.0.tensor",
    ),
    (
        "epochs",
        3,
        "unknown field: 'epochs' (one of: augment, changes, clip_norm, coupled_weight_decay, dataset, drawings, dtype, "
        "format, initial_scale, initializer, layers, loss, mini_batch_size, next_mini_batch, optimizer, "
        "regularization, schedule, seed, start)",
    ),
]


@pytest.mark.parametrize("case", BAD, ids=[f"{case[0]}={str(case[1])[:30]}" for case in BAD])
def test_a_bad_field_is_refused_by_name_with_its_value_and_the_choices(case):
    path, value, message, *another = case
    with pytest.raises(Refusal) as refusal:
        Experiment.from_dict(with_field(path, value))
    assert str(refusal.value) == message
    assert [refusal.value.field] == (another or [path])
    assert refusal.value.details["kind"] == message.split()[0]


def test_an_experiment_with_format_1_equals_the_one_without_and_its_plain_form_leaves_format_out():
    named = Experiment.from_dict({"format": 1, **SMALL})
    assert named == Experiment.from_dict(SMALL)
    assert "format" not in named.to_dict()


def test_a_later_format_is_refused_whatever_the_other_fields_are():
    with pytest.raises(Refusal, match="unsupported experiment format: 2") as refusal:
        Experiment.from_dict({"format": 2, "network": {"blocks": []}})
    assert refusal.value.field == "format"


@pytest.mark.parametrize("form", [None, [], "xor", 3])
def test_a_plain_form_that_is_no_mapping_is_refused(form):
    with pytest.raises(Refusal, match=r"^invalid experiment: .* \(a mapping of: dataset, layers, loss, "):
        Experiment.from_dict(form)


@pytest.mark.parametrize("name", ["dataset", "layers"])
def test_data_and_layers_are_required(name):
    with pytest.raises(Refusal, match=rf"^missing field \({name}\)$"):
        Experiment.from_dict({field: value for field, value in SMALL.items() if field != name})


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_loss_goes_with_the_outputs_that_it_names_and_with_no_other(loss, activation):
    form = plain((2, activation), loss=loss)
    if activation in LOSSES[loss].activations:
        assert Experiment.from_dict(form).loss == loss
    else:
        with pytest.raises(Refusal, match=f"the output is {activation}; this loss needs "):
            Experiment.from_dict(form)


def test_the_hinge_loss_needs_targets_that_are_0_or_1():
    for data in ("sine", table([[1], [1]], [[0], [0.5]])):
        with pytest.raises(Refusal, match=r"^unfit loss: 'hinge' \(it needs targets that are 0 or 1\)$"):
            experiment((1, "identity"), dataset=data, loss="hinge")
    with pytest.raises(Refusal, match="it needs targets that are 0 or 1"):
        experiment((10, "identity"), dataset={"name": "digits", "others": 5}, loss="hinge")
    for layers, data in (((1, "tanh"), "moons"), ((2, "identity"), "rings"), ((10, "identity"), "digits")):
        assert experiment(layers, dataset=data, loss="hinge").loss == "hinge"
    assert experiment((2, "tanh"), dataset=table([[1], [1]], [[0, 1], [1, 1]]), loss="hinge").loss == "hinge"


@pytest.mark.parametrize(("activation", "loss"), [("sigmoid", "binary_cross_entropy"), ("softmax", "cross_entropy")])
def test_a_loss_for_probabilities_needs_targets_that_are_probabilities(activation, loss):
    sentence = rf"^unfit loss: '{loss}' \(it needs targets from 0 to 1\)$"
    for data in (
        table([[1]], [[-0.1, 1.1]]),
        table([[1], [1]], [[1, 0], [1.1, 0]]),
    ):
        with pytest.raises(Refusal, match=sentence):
            experiment((2, activation), dataset=data, loss=loss)
    if activation == "sigmoid":
        with pytest.raises(Refusal, match=sentence):
            experiment((1, activation), dataset="sine", loss=loss)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_a_valid_experiment_with_explicit_settings(name):
    chosen = Experiment.from_dict(PRESETS[name])
    assert {"loss", "optimizer", "mini_batch_size"} <= PRESETS[name].keys()
    assert Experiment.from_dict(chosen.to_dict()) == chosen


def test_the_same_seed_gives_the_same_bits_and_another_seed_does_not():
    form = plain((3, "tanh"), (1, "sigmoid"), dataset="moons", mini_batch_size=7)
    one, same, other = (Timeline(Experiment.from_dict(form | {"seed": seed})).seek(100) for seed in (5, 5, 6))
    assert same_bits(one, same)
    assert not np.array_equal(one["W1"], other["W1"])
    assert not np.array_equal(one["a0"], other["a0"])


def test_float32_and_float64_start_from_the_same_weights_and_biases_of_0():
    form = plain((3, "tanh"), (1, "sigmoid"))
    single, double = (
        Timeline(Experiment.from_dict(form | {"dtype": dtype})).seek(0) for dtype in ("float32", "float64")
    )
    for l in (1, 2):
        assert double[f"W{l}"].dtype == np.float64
        assert single[f"W{l}"].tobytes() == double[f"W{l}"].astype(np.float32).tobytes()
        assert not double[f"b{l}"].any()


@pytest.mark.parametrize(
    ("name", "deviation"),
    [
        ("zeros", 0),
        ("small_normal", 0.01),
        ("standard_normal", 1),
        ("xavier", np.sqrt(2 / 700)),
        ("he", np.sqrt(2 / 300)),
    ],
)
def test_an_initializer_draws_from_the_distribution_that_it_names(name, deviation):
    weights = initial_weights(name, seed=1, layer=2, shape=(400, 300))
    assert weights.shape == (400, 300)
    assert abs(weights.mean()) <= 4 * deviation / np.sqrt(weights.size)
    assert weights.std() == pytest.approx(deviation, rel=0.01)
    assert np.mean(np.abs(weights) <= 1.96 * deviation) == pytest.approx(1 if deviation == 0 else 0.95, abs=0.003)


def test_initial_weights_depend_on_the_seed_and_the_layer_alone():
    one = initial_weights("xavier", 3, 1, (4, 4))
    assert np.array_equal(one, initial_weights("xavier", 3, 1, (4, 4)))
    assert not np.array_equal(one, initial_weights("xavier", 4, 1, (4, 4)))
    assert not np.array_equal(one, initial_weights("xavier", 3, 2, (4, 4)))


def with_changes(*changes: dict[str, Any]) -> Experiment:
    return Experiment.from_dict(plain((4, "tanh"), (1, "sigmoid"), changes=list(changes)))


def test_the_numbers_of_changes_and_of_changes_of_structure_are_bounded():
    number, structure = {"t": 0, "learning_rate": 0.1}, {"t": 0, "clip_norm": 1}
    assert len(with_changes(*[number] * CHANGES).changes) == CHANGES
    assert len(with_changes(*[structure] * STRUCTURES).changes) == STRUCTURES
    for too_many, most in (([number] * (CHANGES + 1), CHANGES), ([structure] * (STRUCTURES + 1), STRUCTURES)):
        with pytest.raises(Refusal, match=f"at most {most}") as refused:
            with_changes(*too_many)
        assert refused.value.details["blanks"] == {"most": most}
    with pytest.raises(Refusal, match=f"at most {CHANGES}"):
        with_changes(*[number] * CHANGES).change({"t": 1, "learning_rate": 0.2})


def test_each_change_of_structure_is_made_once_in_the_order_of_moments(monkeypatch):
    made = 0
    restructured = Experiment.restructured

    def counted(self: Experiment, change: Change) -> Experiment:
        nonlocal made
        made += 1
        return restructured(self, change)

    monkeypatch.setattr(Experiment, "restructured", counted)
    with_changes(*[{"t": 9 * t, "clip_norm": 1 + t} for t in range(100)])
    assert made <= 2 * 100


@given(st.lists(st.integers(0, 40), max_size=12), st.integers(0, 50))
def test_the_structure_in_force_follows_the_order_of_moments_not_the_order_of_the_list(times, t):
    changed = with_changes(*[{"t": each, "clip_norm": 1 + place} for place, each in enumerate(times)])
    before = [(each, place) for place, each in enumerate(times) if each <= t]
    assert changed.structure_at(t).training.clip_norm == (1 + max(before)[1] if before else None)
