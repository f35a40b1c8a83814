"""Ten updates of every optimizer against the textbook formulas, written as sums over all gradients so far."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from engine import Experiment, Timeline
from engine.methods.optimizers import OPTIMIZERS
from engine.run.program import program
from tests.helpers.autodiff import mean_loss, parameters_of, true_gradients
from tests.helpers.drawn import drawn
from tests.helpers.networks import HIDDEN, State, experiment, methods, plain, same_bits, table, table_experiments

UPDATES = 10
Gradients = list[np.ndarray]


def weighted(gradients: Gradients, keep: float, power: int = 1) -> Any:
    """The sum of all gradients (or their squares) so far, each weighted by keep^(its age)."""
    return sum(keep**age * g**power for age, g in enumerate(reversed(gradients)))


def adam(w: np.ndarray, gradients: Gradients, beta1: float, beta2: float, epsilon: float) -> Any:
    """The means with weights that add up to 1, which is the purpose of Adam's bias correction."""
    ones = [np.ones_like(g) for g in gradients]
    mean = weighted(gradients, beta1) / weighted(ones, beta1)
    square = weighted(gradients, beta2, 2) / weighted(ones, beta2)
    return mean / (np.sqrt(square) + epsilon)


STEPS: dict[str, Any] = {  # what is subtracted, times the rate
    "gradient_descent": lambda w, gs: gs[-1],
    "momentum": lambda w, gs, momentum: weighted(gs, momentum),
    "averaged_momentum": lambda w, gs, momentum: (1 - momentum) * weighted(gs, momentum),
    "dampened_momentum": lambda w, gs, momentum, dampening: (
        (1 - dampening) * weighted(gs, momentum) + dampening * momentum ** (len(gs) - 1) * gs[0]
    ),
    "nesterov": lambda w, gs, momentum: gs[-1] + momentum * weighted(gs, momentum),
    "rmsprop": lambda w, gs, decay, epsilon: gs[-1] / (np.sqrt((1 - decay) * weighted(gs, decay, 2)) + epsilon),
    "adam": adam,
    "adamw": lambda w, gs, weight_decay, **rest: adam(w, gs, **rest) + weight_decay * w,
    "adagrad": lambda w, gs, epsilon: gs[-1] / (np.sqrt(weighted(gs, 1, 2)) + epsilon),
    "lion": lambda w, gs, beta1, beta2: np.sign(beta1 * (1 - beta2) * weighted(gs[:-1], beta2) + (1 - beta1) * gs[-1]),
}


def rate_of(chosen: Experiment, step: int) -> float:
    """The rate of a training step under the schedule."""
    training = chosen.training
    given = dict(training.schedule_settings)
    warm = given.get("warm_up", 0)
    warmth = (step + 1) / warm if step < warm else 1.0
    s, name = (0 if step < warm else step - warm), training.schedule
    decayed = {
        None: lambda: 1.0,
        "constant": lambda: 1.0,
        "step": lambda: np.prod([given["factor"]] * (s // int(given["every"]))),
        "exponential": lambda: np.prod([given["factor"]] * s),
        "cosine": lambda: np.cos(np.pi / 2 * s / given["steps"]) ** 2 if s < given["steps"] else 0.0,
    }[name]()
    return float(training.learning_rate * warmth * decayed)


def clipped(gradients: State, limit: float | None) -> State:
    length = np.linalg.norm(np.concatenate([g.ravel() for g in gradients.values()]))
    return {name: g * limit / length if limit and length > limit else g for name, g in gradients.items()}


def train(chosen: Experiment, drawn: list[State], start: State) -> list[State]:
    """An independent training: the parameters after each update.

    Args:
        chosen: the experiment.
        drawn: for each training step the mini-batch and the masks, and the gradients of the loss if they are given.
        start: the initial state.
    """
    numbers, seen = parameters_of(chosen, start), {name: Gradients() for name in chosen.parameters}
    found = []
    for step, draws in enumerate(drawn):
        true = {name: array.copy() for name, array in draws.items() if name[0] == "d"}
        true = true_gradients(chosen, {**draws, **numbers}) if not true else with_penalty(chosen, true, numbers)
        gradients = {name: true.get(f"g{name}", true[f"d{name}"]) for name in numbers}
        gradients = clipped(gradients, chosen.training.clip_norm)
        gradients = {name: g + chosen.training.coupled_weight_decay * numbers[name] for name, g in gradients.items()}
        for name, g in gradients.items():
            seen[name].append(g)
            by = STEPS[chosen.training.optimizer](numbers[name], seen[name], **dict(chosen.training.optimizer_settings))
            numbers[name] = numbers[name] - rate_of(chosen, step) * by
        found.append(dict(numbers))
    return found


def with_penalty(chosen: Experiment, gradients: State, numbers: State) -> State:
    """The gradients of the loss, and for weights those of loss plus penalty."""
    l1, l2 = chosen.training.l1, chosen.training.l2
    pulls = {name: l1 * np.sign(w) + l2 * w for name, w in numbers.items() if name[0] == "W"}
    return gradients | {f"g{name}": gradients[f"d{name}"] + pull for name, pull in pulls.items()}


def assert_trained_alike(chosen: Experiment, relative: float = 1e-6, own_gradients: bool = True) -> None:
    timeline = Timeline(chosen)
    per_step = len(timeline.program)
    start = dict(timeline.seek(0))
    states = [dict(timeline.seek((step + 1) * per_step)) for step in range(UPDATES)]
    kinds = {"a0", "y"} | {f"mask{l}" for l in range(1, len(chosen.layers) + 1)}
    kinds |= set() if own_gradients else {f"d{name}" for name in chosen.parameters}
    drawn = [{name: state[name] for name in kinds & state.keys()} for state in states]
    idle = [f"b{l}" for l, layer in enumerate(chosen.layers, 1) if layer.batch_norm]  # only rounding moves them
    for state, truth in zip(states, train(chosen, drawn, start), strict=True):
        for name in chosen.parameters:
            size = 1 if name in idle else max(1e-3, np.abs(truth[name]).max())
            assert np.abs(state[name] - truth[name]).max() <= relative * size, name


@drawn(table_experiments(dtype="float64"), few=60, many=200)
def test_ten_updates_of_any_experiment_are_those_of_an_independent_training(chosen):
    # Batch normalization cancels whole gradients, and optimizers that measure them against their size would then only
    # measure rounding: there the engine's gradients of the loss are taken, which other tests hold against autodiff; and
    # so they are for Lion, which steps as far for rounding as for any other gradient.
    normalized = any(layer.batch_norm for layer in chosen.layers)
    assert_trained_alike(chosen, own_gradients=not normalized and chosen.training.optimizer != "lion")


FULL = {"batch_norm": True, "dropout": 0.3, "residual": True}
CRAFT: dict[str, dict[str, Any]] = {
    "plain": {},
    "schedule": {"schedule": {"name": "cosine", "steps": 6, "warm_up": 3}},
    "penalties": {"regularization": {"l1": 0.02, "l2": 0.1}},
    "clipping": {"clip_norm": 0.1},
    "weight decay": {"coupled_weight_decay": 0.2},
    "all": {
        "schedule": {"name": "step", "factor": 0.5, "every": 2, "warm_up": 2},
        "regularization": {"l1": 0.02, "l2": 0.1},
        "clip_norm": 0.1,
        "coupled_weight_decay": 0.2,
        "augment": {"noise": 0.1},
    },
}


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("craft", CRAFT)
@pytest.mark.parametrize("extras", [{}, FULL], ids=["bare", "normalized"])
def test_ten_updates_of_every_optimizer_are_those_of_an_independent_one(name, craft, extras):
    data = {"name": "moons", "examples": 12}
    chosen = experiment(
        (2, "tanh", extras), (3, "silu"), (1, "sigmoid"),
        dataset=data, mini_batch_size=4, dtype="float64",
        optimizer={"name": name, "learning_rate": 0.05}, **CRAFT[craft],
    )  # fmt: skip
    decays_rounding = bool(extras) and chosen.training.coupled_weight_decay > 0  # biases that only rounding has moved
    assert_trained_alike(chosen, own_gradients=name != "lion" and not decays_rounding)


def test_the_drawn_experiments_hold_every_equation_and_every_method():
    equations, sizes, seen = set[str](), set[int](), set[str]()

    @settings(max_examples=700)
    @given(table_experiments())
    def look(chosen):
        equations.update(step.equation.name for step in program(chosen))
        sizes.add(len(chosen.data.x_train) % chosen.mini_batch_size)
        seen.update((chosen.training.optimizer, str(chosen.training.schedule), *(e.activation for e in chosen.layers)))

    look()
    assert sizes > {0, 1}
    assert {*OPTIMIZERS, *HIDDEN, "softmax", "None", "constant", "cosine", "exponential", "step"} <= seen
    assert {"dropout_mask", "add_skip", "normalize_back", "add_noise", "clip", "total_penalty"} <= equations
    assert {equation.name for each in OPTIMIZERS.values() for equation in each.equations} <= equations


def one_weight(optimizer: dict[str, Any], dtype: str = "float64", **fields: Any) -> Timeline:
    """One linear neuron whose gradient is far from 0 and of both signs: dW = (-6, 12), db = -6 at first."""
    writes = [{"t": 0, "tensor": "W1", "value": [[1, 1]]}]
    data = table([[1, -2]], [[2]])
    return Timeline(
        experiment((1, "identity"), dataset=data, dtype=dtype, optimizer=optimizer, changes=writes, **fields)
    )


def after(timeline: Timeline, updates: int) -> dict[str, np.ndarray]:
    return dict(timeline.seek(updates * len(timeline.program)))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("beta2", [0.0, 0.9, 0.999, 0.99999])
@pytest.mark.parametrize("beta1", [0.0, 0.9, 0.9999])
@pytest.mark.parametrize("name", ["adam", "adamw"])
def test_the_first_step_of_adam_is_the_rate_times_the_sign_of_the_gradient(name, beta1, beta2, dtype):
    timeline = one_weight({"name": name, "learning_rate": 0.01, "beta1": beta1, "beta2": beta2}, dtype)
    decay = 0.01 * 0.01 if name == "adamw" else 0
    state = after(timeline, 1)
    assert state["dW1"].tolist() == [[-6, 12]]
    assert state["updates"] == 1
    np.testing.assert_allclose(state["uW1"], [[0.01 - decay, -0.01 - decay]], rtol=1e-6)
    np.testing.assert_allclose(state["W1"], [[1.01 - decay, 0.99 - decay]], rtol=1e-6)
    np.testing.assert_allclose(state["b1"], [0.01], rtol=1e-6)


def test_a_large_epsilon_shortens_adams_first_step_as_the_formula_says():
    state = after(one_weight({"name": "adam", "learning_rate": 0.01, "epsilon": 1.0}), 1)
    np.testing.assert_allclose(state["uW1"], [[0.01 * 6 / 7, -0.01 * 12 / 13]], rtol=1e-12)


def test_the_first_step_of_every_kind_of_momentum_is_known():
    rate = {"learning_rate": 0.01, "momentum": 0.75}
    expected = {"momentum": 6.0, "averaged_momentum": 0.25 * 6, "nesterov": 1.75 * 6}
    for name, size in expected.items():
        state = after(one_weight({"name": name, **rate}), 1)
        np.testing.assert_allclose(state["uW1"], [[0.01 * size, -0.02 * size]], rtol=1e-12)
    state = after(one_weight({"name": "rmsprop", "learning_rate": 0.01, "decay": 0.75}), 1)
    np.testing.assert_allclose(state["uW1"], [[0.02, -0.02]], rtol=1e-7)  # 1 / sqrt(1 - 0.75)


def test_the_first_step_of_adagrad_is_the_rate_times_the_sign_and_later_ones_are_ever_shorter():
    timeline = one_weight({"name": "adagrad", "learning_rate": 0.01})
    np.testing.assert_allclose(after(timeline, 1)["uW1"], [[0.01, -0.01]], rtol=1e-9)
    assert after(timeline, 1)["vW1"].tolist() == [[36, 144]]
    sizes = [float(np.abs(after(timeline, updates)["uW1"]).max()) for updates in (1, 2, 5, 20, 80)]
    assert sizes == sorted(sizes, reverse=True)


def test_every_step_of_lion_is_the_rate_or_0():
    timeline = one_weight({"name": "lion", "learning_rate": 0.01})
    assert after(timeline, 1)["uW1"].tolist() == [[0.01, -0.01]]
    np.testing.assert_allclose(after(timeline, 1)["mW1"], [[-0.06, 0.12]], rtol=1e-12)  # 1 - 0.99 of the gradient
    sizes = {abs(float(u)) for updates in range(1, 400) for u in after(timeline, updates)["uW1"].ravel()}
    assert sizes == {0.01}
    still = one_weight({"name": "lion", "learning_rate": 0.01}, loss="absolute_error")
    still.change(0, tensor="W1", value=[[2, 0]])  # the answer is the target: all gradients are 0
    assert not after(still, 1)["uW1"].any()


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9, 0.99])
def test_averaged_momentum_at_the_rate_over_1_minus_beta_is_momentum(momentum):
    form = plain((3, "tanh"), (1, "sigmoid"), dataset="moons", dtype="float64")
    one, other = (
        Timeline(
            Experiment.from_dict(form | {"optimizer": {"name": name, "learning_rate": rate, "momentum": momentum}})
        )
        for name, rate in (("momentum", 0.02), ("averaged_momentum", 0.02 / (1 - momentum)))
    )
    for updates in (1, 2, 40):
        for name in ("W1", "b1", "W2", "b2"):
            np.testing.assert_allclose(after(one, updates)[name], after(other, updates)[name], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", ["momentum", "nesterov", "averaged_momentum"])
def test_without_momentum_all_kinds_of_momentum_are_gradient_descent(name):
    form = plain((3, "tanh"), (1, "sigmoid"), dataset="moons", dtype="float64")
    descent = Timeline(Experiment.from_dict(form))
    other = Timeline(Experiment.from_dict(form | {"optimizer": {"name": name, "learning_rate": 0.5, "momentum": 0.0}}))
    for parameter in ("W1", "b1", "W2", "b2"):
        np.testing.assert_allclose(after(descent, 30)[parameter], after(other, 30)[parameter], rtol=1e-12)


def test_adamw_without_weight_decay_is_adam_and_its_decay_never_enters_the_means():
    adam, undecayed, decayed = (
        one_weight({"name": name, "learning_rate": 0.01} | settings)
        for name, settings in (("adam", {}), ("adamw", {"weight_decay": 0}), ("adamw", {"weight_decay": 0.5}))
    )
    for updates in (1, 9):
        np.testing.assert_allclose(after(adam, updates)["W1"], after(undecayed, updates)["W1"], rtol=1e-12)
    assert after(adam, 1)["mW1"].tobytes() == after(decayed, 1)["mW1"].tobytes()
    np.testing.assert_allclose(after(decayed, 1)["W1"], after(adam, 1)["W1"] - 0.01 * 0.5 * 1, rtol=1e-12)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_rate_of_0_moves_nothing(name):
    timeline = one_weight({"name": name, "learning_rate": 0})
    assert after(timeline, 7)["W1"].tolist() == [[1, 1]]


@pytest.mark.parametrize("name", sorted(OPTIMIZERS))
def test_zero_gradients_keep_every_optimizer_finite_and_still(name):
    chosen = experiment(
        (2, "relu"), (1, "identity"), dataset=table([[0.0]], [[0.0]]), initializer="zeros",
        optimizer={"name": name, "learning_rate": 0.1},
    )  # fmt: skip
    timeline = Timeline(chosen)
    for t in range(3 * len(timeline.program)):
        state = timeline.seek(t)
        assert all(np.isfinite(array).all() for array in state.values())
        assert not any(state[parameter].any() for parameter in chosen.parameters)


def test_the_number_of_updates_is_the_number_of_training_steps_whatever_their_size():
    chosen = experiment(
        (1, "sigmoid"), dataset={"name": "moons", "examples": 9}, mini_batch_size=3, optimizer={"name": "adam"}
    )
    timeline = Timeline(chosen)
    for updates in (0, 1, 2, 3, 50, 300):
        assert after(timeline, updates)["updates"] == updates


def test_numbers_below_1e_30_are_set_to_0_and_none_stays_subnormal():
    chosen = experiment(
        (1, "identity"), dataset=table([[1.0]], [[0.0]]), initializer="zeros",
        optimizer={"name": "momentum", "learning_rate": 0, "momentum": 0.5},
        changes=[{"t": 0, "tensor": "W1", "value": [[1.0]]}],
    )  # fmt: skip
    timeline = Timeline(chosen)
    per_step = len(timeline.program)
    timeline.seek(20 * per_step)
    timeline.change(20 * per_step, tensor="W1", value=[[0.0]])
    small = [float(timeline.seek(step * per_step)["vW1"].item()) for step in (126, 127, 128, 129)]
    assert 0 < small[1] < small[0] < 1e-30
    assert small[2:] == [0, 0]


@pytest.mark.parametrize("form", [{"name": name} for name in OPTIMIZERS], ids=lambda form: form["name"])
def test_settings_have_defaults_and_are_written_out(form):
    plain_form = experiment((1, "sigmoid"), optimizer=form).to_dict()["optimizer"]
    expected = {setting.name: setting.default for setting in OPTIMIZERS[form["name"]].settings}
    assert plain_form == {**form, "learning_rate": OPTIMIZERS[form["name"]].learning_rate, **expected}


@settings(max_examples=50)
@given(methods(OPTIMIZERS, learning_rate=0.1))
def test_the_settings_of_an_optimizer_come_back_as_they_were(form):
    chosen = experiment((1, "sigmoid"), optimizer=form)
    assert form.items() <= chosen.to_dict()["optimizer"].items()
    assert same_bits(Timeline(chosen).seek(60), Timeline(Experiment.from_dict(chosen.to_dict())).seek(60))


def test_the_independent_training_goes_downhill():
    chosen = experiment((3, "tanh"), (1, "sigmoid"), dataset="moons", dtype="float64", mini_batch_size=300)
    timeline = Timeline(chosen)
    start = dict(timeline.seek(len(timeline.program)))
    found = train(chosen, [start] * UPDATES, dict(timeline.seek(0)))
    losses = [float(mean_loss(numbers, chosen, start)) for numbers in found]
    assert losses == sorted(losses, reverse=True)
