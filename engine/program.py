"""An experiment as a program: the tuple of micro-steps that make up one training step."""

import re
from dataclasses import dataclass
from itertools import groupby

from engine import equations as eq
from engine.activations import ACTIVATIONS
from engine.equation import Equation, Operand
from engine.experiment import Experiment
from engine.losses import LOSSES
from engine.optimizers import OPTIMIZERS
from engine.tensors import symbol

PHASES = ("forward", "loss", "backward", "update")


@dataclass(frozen=True)
class MicroStep:
    """One equation bound to the tensors that it reads and writes, in its place in the training step."""

    phase: str
    layer: int
    equation: Equation
    reads: tuple[str, ...]
    writes: tuple[str, ...]

    @property
    def operands(self) -> tuple[tuple[Operand, ...], tuple[Operand, ...]]:
        """What is read and what is written, as (tensor, index letters)."""
        letters = {"W": "jk", "b": "j"}
        own = letters.get(self.writes[0][0], "")
        bound = [
            tuple((name, text.replace("*", own)) for name, (_, text) in zip(names, operands, strict=True))
            for names, operands in ((self.reads, self.equation.reads), (self.writes, self.equation.writes))
        ]
        return bound[0], bound[1]

    @property
    def letters(self) -> str:
        """The declaration with this network's names, such as ``a0:ik, W1:jk, b1:j -> z1:ij``."""
        reads, writes = (", ".join(f"{name}:{text}" for name, text in side) for side in self.operands)
        return f"{reads} -> {writes}".strip()

    @property
    def formula(self) -> str:
        """The equation in LaTeX with this network's symbols, each marked with its tensor's name as a class."""
        operands = (*self.equation.writes, *self.equation.reads)
        names = {argument: name for (argument, _), name in zip(operands, (*self.writes, *self.reads), strict=True)}
        choices = "|".join(sorted(names, key=len, reverse=True))
        pattern = re.compile(rf"\\({choices})(?![A-Za-z])(?:\^(\\top))?(_\{{\w+\}})?")
        return pattern.sub(lambda m: symbol(names[m[1]], m[2] or "", m[3] or ""), self.equation.formula)


def program(experiment: Experiment) -> tuple[MicroStep, ...]:
    """The micro-steps of one training step, in order: forward, loss, backward, update.

    No tensor is written twice, and errors go back through the weights that the forward pass used.
    """
    return (*_forward(experiment), _loss(experiment), *_backward(experiment), *_update(experiment))


def _forward(experiment: Experiment) -> list[MicroStep]:
    steps = [MicroStep("forward", 0, eq.mini_batch, (), ("a0", "y"))]
    for l, layer in enumerate(experiment.layers, 1):
        activation = ACTIVATIONS[layer.activation].value
        steps.append(MicroStep("forward", l, eq.affine, (f"a{l - 1}", f"W{l}", f"b{l}"), (f"z{l}",)))
        steps.append(MicroStep("forward", l, activation, (f"z{l}",), (f"a{l}",)))
    return steps


def _output(equation: Equation, depth: int) -> tuple[str, ...]:
    """The tensors that an equation about the output and its targets reads."""
    return tuple(name if name == "y" else f"{name}{depth}" for name, _ in equation.reads)


def _loss(experiment: Experiment) -> MicroStep:
    value, depth = LOSSES[experiment.loss].value, len(experiment.layers)
    return MicroStep("loss", depth, value, _output(value, depth), ("loss",))


def _backward(experiment: Experiment) -> list[MicroStep]:
    loss, depth, steps = LOSSES[experiment.loss], len(experiment.layers), []
    for l in range(depth, 0, -1):
        if l == depth and loss.delta:
            steps.append(MicroStep("backward", l, loss.delta, _output(loss.delta, l), (f"delta{l}",)))
        else:
            if l == depth:
                assert loss.gradient
                steps.append(MicroStep("backward", l, loss.gradient, _output(loss.gradient, l), (f"da{l}",)))
            else:
                steps.append(MicroStep("backward", l, eq.pass_back, (f"delta{l + 1}", f"W{l + 1}"), (f"da{l}",)))
            steps += _through_activation(experiment.layers[l - 1].activation, l)
        steps.append(MicroStep("backward", l, eq.weight_gradient, (f"delta{l}", f"a{l - 1}"), (f"dW{l}",)))
        steps.append(MicroStep("backward", l, eq.bias_gradient, (f"delta{l}",), (f"db{l}",)))
    return steps


def _through_activation(name: str, l: int) -> list[MicroStep]:
    activation = ACTIVATIONS[name]
    if activation.slope is None:
        assert activation.backward
        return [MicroStep("backward", l, activation.backward, (f"a{l}", f"da{l}"), (f"delta{l}",))]
    source = activation.slope.reads[0][0]
    return [
        MicroStep("backward", l, activation.slope, (f"{source}{l}",), (f"slope{l}",)),
        MicroStep("backward", l, eq.chain, (f"da{l}", f"slope{l}"), (f"delta{l}",)),
    ]


def _update(experiment: Experiment) -> list[MicroStep]:
    descent = OPTIMIZERS[experiment.optimizer]
    return [
        MicroStep("update", l, descent, (f"{kind}{l}", f"d{kind}{l}", "learning_rate"), (f"{kind}{l}",))
        for l in range(1, len(experiment.layers) + 1)
        for kind in "Wb"
    ]


def carried(steps: tuple[MicroStep, ...]) -> tuple[str, ...]:
    """The tensors that live from one training step to the next: those read before anything writes them."""
    found: list[str] = []
    written: set[str] = set()
    for step in steps:
        found += [name for name in step.reads if name not in written and name not in found]
        written.update(step.writes)
    return tuple(found)


def grains(steps: tuple[MicroStep, ...]) -> dict[str, list[int]]:
    """For the grains below a training step, after how many of its micro-steps each unit ends."""
    ends = []
    for _, group in groupby(enumerate(steps, 1), key=lambda item: (item[1].phase, item[1].layer)):
        ends.append(max(k for k, _ in group))
    return {"equation": list(range(1, len(steps) + 1)), "layer": ends}
