"""Small experiments for the tests, written briefly or drawn by Hypothesis, and their straight run."""

from typing import Any

import numpy as np
from hypothesis import strategies as st

from engine import Experiment
from engine.datasets import Draw
from engine.losses import LOSSES
from engine.segments import segments
from engine.tensors import parameter_of

HIDDEN = ("elu", "gelu", "identity", "leaky_relu", "relu", "sigmoid", "silu", "softplus", "tanh")
ENDINGS = [(activation, name) for name, loss in LOSSES.items() for activation in loss.activations]
State = dict[str, np.ndarray]


def plain(*layers: tuple[int, str], dataset: Any = "xor", rate: float = 0.5, **fields: Any) -> dict[str, Any]:
    """An experiment in plain form: ``plain((4, "tanh"), (1, "sigmoid"), dataset="moons", rate=0.1)``."""
    return {
        "dataset": {"name": dataset} if isinstance(dataset, str) else dataset,
        "layers": [{"units": units, "activation": activation} for units, activation in layers],
        "optimizer": {"name": "gradient_descent", "learning_rate": rate},
    } | fields


def table(x: list[Any], y: list[Any]) -> dict[str, Any]:
    """A data set given row by row, in plain form."""
    return {"name": "table", "x": x, "y": y}


def experiment(*layers: tuple[int, str], **fields: Any) -> Experiment:
    """The experiment of such a plain form."""
    return Experiment.from_dict(plain(*layers, **fields))


def targets(loss: str, shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Targets that go with the loss; those that are fractions are often exactly 0 or 1."""
    if loss == "squared_error":
        return rng.normal(size=shape)
    y = np.where(rng.random(shape) < 0.5, rng.random(shape), rng.integers(0, 2, shape))
    if loss == "binary_cross_entropy":
        return y
    y[:, 0] += 1e-3
    return y / y.sum(axis=1, keepdims=True)


@st.composite
def table_experiments(draw: st.DrawFn, **fields: Any) -> Experiment:
    """Any network of up to five layers of up to seven units, on up to six random examples, its biases not 0."""
    activation, loss = draw(st.sampled_from(ENDINGS))
    sizes = draw(st.lists(st.integers(1, 7), min_size=2, max_size=6))
    hidden = [draw(st.sampled_from(HIDDEN)) for _ in sizes[2:]]
    rng = np.random.default_rng(draw(st.integers(0, 2**20)))
    examples = draw(st.integers(1, 6))
    x, y = rng.normal(size=(examples, sizes[0])), targets(loss, (examples, sizes[-1]), rng)
    data = table(x.tolist(), y.tolist())
    return experiment(
        *zip(sizes[1:], [*hidden, activation], strict=True),
        **{"dataset": data, "loss": loss, "mini_batch_size": examples, "seed": int(rng.integers(2**20))} | fields,
        changes=[{"t": 0, "tensor": f"b{l}", "value": rng.normal(size=n).tolist()} for l, n in enumerate(sizes[1:], 1)],
    )


def straight_run(chosen: Experiment, last: int) -> list[State]:
    """The states from t = 0 to the last, by the simplest loop: every micro-step called as a pure function, in order."""
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
            draw = Draw(chosen.data, chosen.seed, chosen.mini_batch_size, chosen.numpy_dtype, training_step)
            found = step.compute(*([draw] if step.equation.draws else []), *(before[name] for name in step.reads))
            written = found if isinstance(found, tuple) else (found,)
            after = {**before, **dict(zip(step.writes, map(stored, step.writes, written), strict=True))}
            if part + 1 < len(parts) and parts[part + 1].t == t + 1:
                part += 1
                left = {name: array for name, array in after.items() if name not in segment.carried}
                carried = {name: after[name] for name in segment.carried}
                after = left | parts[part].enter(carried, segment.experiment.training.optimizer)
            states.append(_changed(chosen, t + 1, after))
    return states


def stored(name: str, array: Any) -> np.ndarray:
    """The array as the engine stores it: parameters and what goes with them by columns. Products depend on it."""
    return np.asfortranarray(array) if parameter_of(name) else np.asarray(array)


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
