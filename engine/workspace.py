"""A workspace: one buffer a tensor, and the program bound to them once, ready to run."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

import numpy as np

from engine.datasets import Draw
from engine.experiment import Experiment
from engine.initializers import initial_weights
from engine.program import MicroStep
from engine.tensors import shape_of, split

Arrays = Mapping[str, np.ndarray]


def initial(experiment: Experiment, names: Iterable[str]) -> dict[str, np.ndarray]:
    """The carried tensors before any training: weights as the initializer draws them, biases 0, the learning rate."""
    arrays = {}
    for name in names:
        kind, layer = split(name)
        shape = shape_of(name, experiment.sizes, 0)
        if kind == "W":
            assert layer is not None
            value: Any = initial_weights(experiment.initializer, experiment.seed, layer, (shape[0], shape[1]))
        else:
            value = experiment.learning_rate if kind == "learning_rate" else np.zeros(shape)
        arrays[name] = np.array(value, experiment.numpy_dtype)
    return arrays


class Workspace:
    """Buffers for mini-batches of one size. Workspaces of one timeline share the carried buffers."""

    def __init__(self, experiment: Experiment, steps: tuple[MicroStep, ...], carried: Arrays, examples: int) -> None:
        dtype = experiment.numpy_dtype
        self.draw = Draw(experiment.data, experiment.seed, experiment.mini_batch_size, dtype)
        self.buffers = dict(carried)
        for name in (name for step in steps for name in step.writes if name not in carried):
            self.buffers[name] = np.zeros(shape_of(name, experiment.sizes, examples), dtype)
        self.runs = [self._bind(step) for step in steps]

    def _bind(self, step: MicroStep) -> Callable[[], Any]:
        outs = tuple(self.buffers[name] for name in step.writes)
        out = outs if len(outs) > 1 else outs[0]
        if step.equation.draws:
            return partial(step.equation.function, self.draw, out=out)
        return partial(step.equation.function, *(self.buffers[name] for name in step.reads), out=out)
