"""Small experiments for the tests, in short notation or drawn by Hypothesis, and a simple run of them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from hypothesis import strategies as st

from engine import Experiment
from engine.base.settings import Setting
from engine.base.tensors import dtype_of, parameter_of, shape_of
from engine.methods.activations import ACTIVATIONS
from engine.methods.losses import LOSSES
from engine.methods.optimizers import OPTIMIZERS
from engine.methods.schedules import SCHEDULES
from engine.run.segments import segments

HIDDEN = tuple(name for name, activation in ACTIVATIONS.items() if activation.slope)
ENDINGS = [(activation, name) for name, loss in LOSSES.items() for activation in loss.activations]
State = dict[str, np.ndarray]

# The values that drawn experiments choose from: each setting's usual value, and values far from it.
VALUES: dict[str, tuple[float, ...]] = {
    "momentum": (0.9, 0.5, 0),
    "dampening": (0.9, 0.5, 0, 1),
    "decay": (0.9, 0.5, 0),
    "beta1": (0.9, 0.5, 0),
    "beta2": (0.999, 0.5, 0),
    "epsilon": (1e-8, 1e-2),
    "weight_decay": (0.01, 0.5, 0),
    "factor": (0.5, 0.9, 1),
    "every": (1, 2, 3),
    "steps": (1, 3, 20),
    "warm_up": (0, 1, 4),
}


def plain(*layers: tuple[Any, ...], dataset: Any = "xor", rate: float = 0.5, **fields: Any) -> dict[str, Any]:
    """An experiment in plain form: ``plain((4, "tanh"), (1, "sigmoid"), dataset="moons", rate=0.1)``.

    A layer may have a third part, such as ``(4, "tanh", {"dropout": 0.5})``.
    """
    return {
        "dataset": {"name": dataset} if isinstance(dataset, str) else dataset,
        "layers": layers_of(*layers),
        "optimizer": {"name": "gradient_descent", "learning_rate": rate},
    } | fields


def layers_of(*layers: tuple[Any, ...]) -> list[dict[str, Any]]:
    """Layers in plain form."""
    return [
        {"units": units, "activation": activation, **(extras[0] if extras else {})}
        for units, activation, *extras in layers
    ]


def table(x: list[Any], y: list[Any]) -> dict[str, Any]:
    """A data set of rows, in plain form."""
    return {"name": "table", "x": x, "y": y}


def experiment(*layers: tuple[Any, ...], **fields: Any) -> Experiment:
    """The experiment of such a plain form."""
    return Experiment.from_dict(plain(*layers, **fields))


def targets(loss: str, shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Targets that go with the loss; those that are fractions are often exactly 0 or 1."""
    kinds = [rng.normal(size=shape), np.where(rng.random(shape) < 0.5, rng.random(shape), rng.integers(0, 2, shape))]
    shares = kinds[1] + [1e-3, *[0] * (shape[1] - 1)]
    kinds += [shares / shares.sum(axis=1, keepdims=True), rng.integers(0, 2, shape).astype(float)]
    return next(y for y in kinds if all(need.met(y) for need in LOSSES[loss].needs))


def methods(named: Mapping[str, Any], **fields: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Any of the optimizers or schedules with any of its settings, in plain form."""

    def form(name: str) -> st.SearchStrategy[dict[str, Any]]:
        settings: tuple[Setting, ...] = named[name].settings
        choices = {each.name: [value for value in VALUES[each.name] if value >= each.low] for each in settings}
        return st.fixed_dictionaries(
            {"name": st.just(name), **{field: st.just(value) for field, value in fields.items()}},
            optional={setting: st.sampled_from(values) for setting, values in choices.items()},
        )

    return st.sampled_from(sorted(named)).flatmap(form)


def optimizers(rate: float = 0.05) -> st.SearchStrategy[dict[str, Any]]:
    return methods(OPTIMIZERS, learning_rate=rate)


def schedules() -> st.SearchStrategy[dict[str, Any]]:
    return methods(SCHEDULES)


def penalties() -> st.SearchStrategy[dict[str, float]]:
    return st.fixed_dictionaries({}, optional={"l1": st.just(0.03), "l2": st.just(0.2)})


def limits() -> st.SearchStrategy[float]:
    """Limits of the gradient's norm: one that clips nearly always, and one that clips hardly ever."""
    return st.sampled_from([0.05, 1.0, 100.0])


def decays() -> st.SearchStrategy[float]:
    """Strengths of coupled weight decay."""
    return st.sampled_from([0.01, 0.3])


def extras(below: int, units: int) -> st.SearchStrategy[dict[str, Any]]:
    """Optional parts of a hidden layer; a residual connection only between equal widths."""
    optional = {"batch_norm": st.just(True), "dropout": st.sampled_from([0.2, 0.5])}
    skip = {"residual": st.just(True)} if below == units else {}
    return st.fixed_dictionaries({}, optional=optional | skip)


@st.composite
def hidden_layers(draw: st.DrawFn, inputs: int) -> list[tuple[int, str, dict[str, Any]]]:
    """Up to four hidden layers of up to seven units, neighbours often of the same width."""
    layers: list[tuple[int, str, dict[str, Any]]] = []
    below = inputs
    for _ in range(draw(st.integers(0, 4))):
        units = draw(st.just(below) | st.integers(1, 7))
        layers.append((units, draw(st.sampled_from(HIDDEN)), draw(extras(below, units))))
        below = units
    return layers


@st.composite
def table_experiments(draw: st.DrawFn, **fields: Any) -> Experiment:
    """Any network of up to five layers of up to seven units, trained by any method on up to six random examples in
    mini-batches of any size; its biases, scales and shifts are not those that a run begins with.
    """
    activation, loss = draw(st.sampled_from(ENDINGS))
    fewest = 2 if activation == "softmax" else 1
    inputs, outputs, examples = draw(st.integers(1, 7)), draw(st.integers(fewest, 7)), draw(st.integers(1, 6))
    hidden = draw(hidden_layers(inputs))
    layers: list[tuple[Any, ...]] = [*hidden, (outputs, activation)]
    # The size of a mini-batch. With batch norm over two examples, float32 gradients are little more than rounding.
    smallest = 3 if any("batch_norm" in each for *_, each in hidden) else 1
    examples = max(examples, smallest)
    rng = np.random.default_rng(draw(st.integers(0, 2**20)))
    x, y = rng.normal(size=(examples, inputs)), targets(loss, (examples, outputs), rng)
    training = {
        "optimizer": optimizers(),
        "schedule": schedules(),
        "regularization": penalties(),
        "clip_norm": limits(),
        "coupled_weight_decay": decays(),
        "augment": st.just({"noise": 0.3}),
        "initial_scale": st.sampled_from([0.3, 2.0]),
    }
    chosen = experiment(
        *layers,
        dataset=table(x.tolist(), y.tolist()),
        rate=0.05,
        loss=loss,
        mini_batch_size=draw(st.just(examples) | st.integers(smallest, examples)),
        seed=int(rng.integers(2**20)),
        **draw(st.fixed_dictionaries({}, optional=training)) | fields,
    )
    moved = [name for name in chosen.parameters if name[0] != "W"]
    values = (rng.normal(1 if name.startswith("gamma") else 0, 0.5, shape(chosen, name)).tolist() for name in moved)
    return chosen.with_changes(
        [{"t": 0, "tensor": name, "value": value} for name, value in zip(moved, values, strict=True)]
    )


def shape(chosen: Experiment, name: str, examples: int = 0) -> tuple[int, ...]:
    """The shape of a tensor of this experiment."""
    return shape_of(name, chosen.sizes, examples)


def straight_run(chosen: Experiment, last: int) -> list[State]:
    """The states from t = 0 to ``last``, by the simplest loop: every micro-step writes new arrays."""
    parts, part = segments(chosen), 0
    state = parts[0].enter()
    states = [_changed(chosen, 0, state)]
    with np.errstate(all="ignore"):
        for t in range(last):
            segment, before = parts[part], states[-1]
            steps, (training_step, k) = segment.program, divmod(t - segment.t, len(segment.program))
            step, training_step = steps[k], training_step + segment.training_step
            if k == 0:
                before = {name: before[name] for name in segment.carried}
            draw = segment.experiment.draw(training_step)
            written = tuple(_stored(chosen, name, draw.examples) for name in step.writes)
            out = written if len(written) > 1 else written[0]
            step.compute(*([draw] if step.equation.draws else []), *(before[name] for name in step.reads), out=out)
            after = {**before, **dict(zip(step.writes, written, strict=True))}
            if part + 1 < len(parts) and parts[part + 1].t == t + 1:
                part += 1
                left = {name: array for name, array in after.items() if name not in segment.carried}
                carried = {name: after[name] for name in segment.carried}
                after = left | parts[part].enter(carried, segment.experiment.training.optimizer)
            states.append(_changed(chosen, t + 1, after))
    return states


def _stored(chosen: Experiment, name: str, examples: int) -> np.ndarray:
    """A new array in the engine's memory order: by columns for parameters and their companions, which products need."""
    order: Any = "F" if parameter_of(name) else "C"
    return np.full(shape(chosen, name, examples), 7, dtype_of(name, chosen.numpy_dtype), order)


def _changed(chosen: Experiment, t: int, state: State) -> State:
    for change in chosen.changes:
        if change.t == t and not change.structure:
            rate = "base_rate" if "base_rate" in state else "learning_rate"
            name = rate if change.tensor == "learning_rate" else change.tensor
            array = state[name].copy(order="K")
            array[... if change.index is None else change.index] = change.value
            state = {**state, name: array}
    return state


def same_bits(one: Any, other: Any) -> bool:
    """Whether two states hold the same names with the same bits; NaN equals NaN."""
    arrays = ((np.asarray(one[name]), np.asarray(other[name])) for name in one)
    return one.keys() == other.keys() and all(
        a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes() for a, b in arrays
    )
