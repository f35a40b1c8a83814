"""The keys of predictions by an independent computation: by autograd, differences and sums over a run's tensors."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine import Experiment
from engine.base.tensors import split
from engine.evaluate.evaluation import chosen_rows
from engine.predictions.prediction import Found
from engine.run.source import Source
from tests.helpers.autodiff import (
    ACTIVATIONS,
    mean_loss,
    parameters_of,
    per_example_gradients_of,
    true_gradients,
)
from tests.helpers.networks import State

GRID = np.linspace(-6, 6, 1201)[:, None]
H = 1e-6


@dataclass
class Case:
    """A prediction in its run.

    Attributes:
        found: the prediction.
        source: the run.
        noise: how far, as a share, each true gradient is moved by chance.
    """

    found: Found
    source: Source
    noise: float = 0.0

    @cached_property
    def begin(self) -> int:
        return self.source.t_of(self.source.locate(self.found.t).training_step)

    @cached_property
    def end(self) -> int:
        return self.source.t_of(self.source.locate(self.found.t).training_step + 1)

    @cached_property
    def chosen(self) -> Experiment:
        return self.source.segment_at(self.begin).experiment

    @cached_property
    def before(self) -> State:
        """The last state before the update."""
        program = self.source.segment_at(self.begin).program
        return dict(self.source.seek(self.begin + sum(step.phase != "update" for step in program)))

    @cached_property
    def true(self) -> State:
        """The gradients by autograd."""
        rng = np.random.default_rng(0)
        found = true_gradients(self.chosen, self.before)
        return {name: array * (1 + self.noise * rng.uniform(-1, 1, array.shape)) for name, array in found.items()}

    @property
    def depth(self) -> int:
        return len(self.chosen.layers)

    def gradient(self) -> float:
        """The gradient of the parameter that the prediction is about."""
        tensor, index = self.found.subject[0]
        return float(self.true[f"d{tensor}"][index])

    def own(self) -> np.ndarray:
        """The gradients of that parameter for each example."""
        found = per_example_gradients_of(self.chosen, self.before, *self.found.subject[0])
        return found * (1 + self.noise * np.random.default_rng(1).uniform(-1, 1, found.shape))

    def slopes(self, layer: int) -> tuple[np.ndarray, float]:
        """The slopes of a layer's activation by differences, (examples, units), and the largest there is."""
        function, z = ACTIVATIONS[self.chosen.layers[layer - 1].activation], self.before[f"z{layer}"].astype(float)
        slopes = (function(z + H) - function(z - H)) / (2 * H)
        return slopes, float(((function(GRID + H) - function(GRID - H)) / (2 * H)).max())


def _sign(gradient: float) -> str:
    return "up" if gradient < 0 else "down"


def arrow_sign(case: Case) -> str:
    tensor, example = case.found.subject[0][0], case.found.example
    layer, own = split(tensor)[1] or 0, float(case.own()[example])
    errors, inputs = case.true[f"delta{layer}"][example], case.before[f"a{layer - 1}"][example]
    return "zero" if abs(own) < 0.01 * np.abs(np.outer(errors, inputs)).max() else _sign(own)


def bias_move(case: Case) -> str:
    ((tensor, index),) = case.found.subject
    moved = case.source.seek(case.end)[tensor][index] - case.before[tensor][index]
    assert moved * case.gradient() < 0
    return _sign(case.gradient())


def longest_arrow(case: Case) -> str:
    sizes = {
        choice.name: abs(case.true[f"d{choice.element[0]}"][choice.element[1]])
        for choice in case.found.choices
        if choice.element
    }
    return max(sizes, key=sizes.__getitem__)


def larger_input(case: Case) -> float:
    return abs(float(case.own()[case.found.example]))


def smallest_factor(case: Case) -> str:
    state, example = case.before, case.found.example
    factors = {"a0[{}, 0]": state["a0"][example, 0]}
    for layer in range(1, case.depth + 1):
        if layer > 1:
            factors[f"W{layer}[0, 0]"] = state[f"W{layer}"][0, 0]
        factors[f"slope{layer}[{{}}, 0]"] = case.slopes(layer)[0][example, 0]
    off = state[f"a{case.depth}"] - state["y"]
    factors[f"da{case.depth}[{{}}, 0]"] = 2 * off[example, 0]
    if case.chosen.loss != "squared_error":  # cross-entropy, which cancels the slope of the output
        del factors[f"slope{case.depth}[{{}}, 0]"], factors[f"da{case.depth}[{{}}, 0]"]
        factors[f"delta{case.depth}[{{}}, 0]"] = off[example, 0]
    np.testing.assert_allclose(np.prod([*factors.values()]), case.own()[example], rtol=1e-4)
    return min(factors, key=lambda name: abs(factors[name])).format(example)


def cancelling_paths(case: Case) -> str:
    tensor, (example, unit) = case.found.subject[0]
    layer = split(tensor)[1] or 0
    parts = case.before[f"W{layer + 1}"][:, unit] * case.true[f"delta{layer + 1}"][example]
    total = float(case.true[f"da{layer}"][example, unit])
    assert min(parts) < 0 < max(parts)
    sides = parts[parts > 0].sum(), -parts[parts < 0].sum()
    return "zero" if abs(total) < 0.2 * min(sides) else _sign(total)


def slope_gate(case: Case) -> str:
    tensor, (example, unit) = case.found.subject[0]
    slopes, largest = case.slopes(split(tensor)[1] or 0)
    return "passes" if slopes[example, unit] > 0.3 * largest else "blocks"


def dead_neuron(case: Case) -> str:
    layer = int(case.found.asks["layer"])
    (dead,) = np.flatnonzero((case.true[f"delta{layer}"] == 0).all(axis=0))
    return f"b{layer}[{dead}]"


def wrong_and_flat(case: Case) -> str:
    tensor, (example, unit) = case.found.subject[0]
    slopes, largest = case.slopes(case.depth)
    assert abs(case.before[tensor][example, unit] - case.before["y"][example, unit]) > 0.85
    assert slopes[example, unit] < 0.42 * largest
    return "strong" if abs(case.true[f"delta{case.depth}"][example, unit]) > 0.4 else "faint"


def mean_sign(case: Case) -> str:
    assert case.own().min() < 0 < case.own().max()
    return _sign(float(case.own().mean()))


def heaviest_example(case: Case) -> str:
    return str(np.abs(case.own()).argmax())


def digit_that_pays(case: Case) -> str:
    data, source = case.chosen.data, case.source
    rows = chosen_rows(len(data.x_train), 200)
    x, label = data.seen(data.x_train[rows], case.chosen.numpy_dtype), data.y_train[rows].argmax(axis=1)
    taught = set(case.before["y"].argmax(axis=1))
    losses = []
    for t in (case.begin, case.end):
        state, a = source.seek(t), x.astype(float)
        for l, layer in enumerate(case.chosen.layers, 1):
            a = ACTIVATIONS[layer.activation](a @ state[f"W{l}"].T.astype(float) + state[f"b{l}"])
        losses.append(-np.log(a[np.arange(len(a)), label]))
    rises = {str(c): (losses[1] - losses[0])[label == c].mean() for c in {*map(int, label)} - taught}
    return max(rises, key=rises.__getitem__)


def loss_after_step(case: Case) -> str:
    after = parameters_of(case.chosen, dict(case.source.seek(case.end)))
    losses = [
        mean_loss(parameters, case.chosen, case.before)
        for parameters in (parameters_of(case.chosen, case.before), after)
    ]
    assert abs(losses[1] / losses[0] - 1) > 0.015
    return "rises" if losses[1] > losses[0] else "falls"


def follows_arrow(case: Case) -> str:
    ((tensor, index),) = case.found.subject
    moved = case.source.seek(case.end)[tensor][index] - case.before[tensor][index]
    return "follows" if moved * case.gradient() < 0 else "against"


def smallest_layer(case: Case) -> str:
    sizes = [np.sqrt(np.mean(case.true[f"dW{layer}"] ** 2)) for layer in range(1, case.depth + 1)]
    return str(np.argmin(sizes) + 1)


def largest_wish(case: Case) -> str:
    return str(np.abs(case.true[f"delta{case.depth}"][case.found.example]).argmax())


def zero_or_waiting(case: Case) -> str:
    ((tensor, _),) = case.found.subject
    there = f"d{tensor}" in case.source.seek(case.found.t)
    assert there == (case.gradient() == 0)
    return "zero" if there else "waiting"


ORACLES: dict[str, Callable[[Case], str | float]] = {
    each.__name__: each
    for each in (
        arrow_sign,
        bias_move,
        longest_arrow,
        larger_input,
        smallest_factor,
        cancelling_paths,
        slope_gate,
        dead_neuron,
        wrong_and_flat,
        mean_sign,
        heaviest_example,
        digit_that_pays,
        loss_after_step,
        follows_arrow,
        smallest_layer,
        largest_wish,
        zero_or_waiting,
    )
}
