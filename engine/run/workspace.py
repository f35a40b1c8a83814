"""A workspace: one buffer a tensor, and the program bound to them once, ready to run."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import groupby
from typing import Any

import numpy as np

from engine.base.tensors import PARAMETERS, dtype_of, parameter_of, shape_of, split
from engine.experiment.experiment import Experiment
from engine.methods.equations import mini_batch
from engine.methods.initializers import initial_weights
from engine.run.micro_step import MicroStep
from engine.run.until import LOSS

Arrays = Mapping[str, np.ndarray]
Runs = list[Callable[[], Any]]
LINE = 64  # bytes of a cache line
FEW = 1 << 15  # cells


def allocate(names: Iterable[str], sizes: tuple[int, ...], examples: int, dtype: np.dtype) -> dict[str, np.ndarray]:
    """A buffer of zeros for each tensor.

    Parameters lie one after the other in one stretch of memory, and so do their gradients, their moments and so on:
    what an optimizer does to each by itself can then be done to all of them in one call. Matrices of this kind are
    stored by columns, so that W^T, which the forward pass needs, lies in one piece.
    """
    buffers, families = {}, dict[str, list[str]]()
    for name in dict.fromkeys(names):
        parameter = parameter_of(name)
        if parameter is None:
            buffers[name] = _aligned(shape_of(name, sizes, examples), dtype_of(name, dtype))
        else:
            families.setdefault(name.removesuffix(parameter), []).append(name)
    for members in families.values():
        members.sort(key=_place)
        shapes = [shape_of(name, sizes, examples) for name in members]
        ends = np.cumsum([np.prod(shape, dtype=int) for shape in shapes])
        stretch = _aligned((ends[-1],), dtype)
        for name, shape, part in zip(members, shapes, np.split(stretch, ends[:-1]), strict=True):
            buffers[name] = part.reshape(shape[::-1]).T
    return buffers


def _aligned(shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """Zeros that begin where a cache line does, so that wide registers load them whole."""
    stretch = np.zeros(np.prod(shape, dtype=int) * dtype.itemsize + LINE, np.uint8)
    return np.ndarray(shape, dtype, stretch, -_address(stretch) % LINE)


def _place(name: str) -> tuple[int, int]:
    """All weights come first, then all biases, and so on."""
    kind, layer = split(parameter_of(name) or "")
    return list(PARAMETERS).index(kind), layer or 0


def initial(experiment: Experiment, names: Iterable[str]) -> dict[str, np.ndarray]:
    """The carried tensors before any training: those of the checkpoint that it starts from, else weights as the
    initializer draws them, scales and running variances 1, and all else 0.
    """
    arrays = allocate(names, experiment.sizes, 0, experiment.numpy_dtype)
    start = experiment.start.tensors_for(experiment.training.optimizer) if experiment.start else {}
    for name, array in arrays.items():
        kind, layer = split(name)
        if name in start and start[name].shape == array.shape:
            array[...] = start[name]
        elif kind == "W":
            array[...] = initial_weights(experiment.initializer, experiment.seed, layer or 0, array.shape)
        elif kind in ("learning_rate", "base_rate"):
            array[...] = experiment.training.learning_rate
        elif kind in ("gamma", "running_var"):
            array[...] = 1
    return arrays


class Workspace:
    """Buffers for mini-batches of one size. Workspaces of one segment share the carried buffers."""

    def __init__(self, experiment: Experiment, steps: tuple[MicroStep, ...], carried: Arrays, examples: int) -> None:
        dtype = experiment.numpy_dtype
        self.draw = experiment.draw()
        written = [name for step in steps for name in step.writes if name not in carried]
        self.buffers = {**carried, **allocate(written, experiment.sizes, examples, dtype)}
        self.runs: Runs = [self._bind([step]) for step in steps]
        always = [step for step in steps if step.equation is mini_batch and self.draw.always_all]
        self.before_stride: Runs = [self._bind([step]) for step in always]  # what is the same in all training steps
        others = [step for step in steps if step not in always]
        self.stride: Runs = [self._bind(together, unseen=True) for together in self._stretches(others)]
        self.to_loss = 1 + next(place for place, step in enumerate(steps) if LOSS in step.writes)  # micro-steps
        self.early = {name for step in steps[: self.to_loss] for name in step.writes if name in carried}

    def halves(self, runs: Runs) -> tuple[Runs, Runs]:
        """Either list of calls, of all micro-steps or of a stride, as those up to the loss and those after it."""
        place = self.to_loss - (len(self.before_stride) if runs is self.stride else 0)
        return runs[:place], runs[place:]

    def _stretches(self, steps: list[MicroStep]) -> list[list[MicroStep]]:
        """The micro-steps of a training step that nobody watches: the same equation on parameters that are neighbours
        in memory is one call for all of them. The numbers are the same to the last bit.
        """
        update = [step for step in steps if step.phase == "update"]
        found = [[step] for step in steps if step.phase != "update"]
        order = {step.equation.name: place for place, step in reversed([*enumerate(update)])}
        update.sort(key=lambda step: order[step.equation.name])
        for _, group in groupby(update, key=lambda step: (step.equation.name, step.settings)):
            stretches: list[list[MicroStep]] = []
            for step in sorted(group, key=_place_of):
                if stretches and self._follows(step, stretches[-1][-1]):
                    stretches[-1].append(step)
                else:
                    stretches.append([step])
            found += stretches
        return found

    def _follows(self, step: MicroStep, before: MicroStep) -> bool:
        """Whether each tensor of a micro-step comes right after that of another in memory, or is the same number."""
        pairs = zip((*before.reads, *before.writes), (*step.reads, *step.writes), strict=True)
        return all(self._next(one, other) if parameter_of(other) else one == other for one, other in pairs)

    def _next(self, one: str, other: str) -> bool:
        first, second = self.buffers[one], self.buffers[other]
        return first.base is second.base and _address(second) == _address(first) + first.nbytes

    def _bind(self, steps: list[MicroStep], unseen: bool = False) -> Callable[[], Any]:
        """A call of the equation on the buffers of one micro-step, or of several whose tensors are neighbours."""
        step, last = steps[0], steps[-1]
        reads, outs = (
            [
                self._stretch(one, other) if len(steps) > 1 else self.buffers[one]
                for one, other in zip(*sides, strict=True)
            ]
            for sides in ((step.reads, last.reads), (step.writes, last.writes))
        )
        equation = step.equation
        if unseen and equation.scratch:
            outs[-1] = reads[[name for name, _ in equation.reads].index(equation.scratch)]
        out = tuple(outs) if len(outs) > 1 else outs[0]
        places = outs[0].shape if outs[0].size <= FEW else ()  # numbers meet as many numbers quicker than a single one
        constants = [np.full(places, number, self.draw.dtype) for number in equation.constants]
        call = partial(equation.function, *([self.draw] if equation.draws else []), *reads, *constants)
        if equation.settings or equation.takes_any_number:
            return partial(call, out=out, **dict(step.settings))
        return partial(call, out)  # what is handed over in its place costs less than what is handed over by name

    def _stretch(self, one: str, other: str) -> np.ndarray:
        first, second = self.buffers[one], self.buffers[other]
        if one == other:
            return first
        base = first.base
        assert base is not None
        cells = (_address(second) + second.nbytes - _address(first)) // first.itemsize
        return np.ndarray((cells,), first.dtype, base, _address(first) - _address(base))


def _place_of(step: MicroStep) -> tuple[int, int]:
    return _place(step.writes[0]) if parameter_of(step.writes[0]) else (0, 0)


def _address(array: np.ndarray) -> int:
    return int(array.__array_interface__["data"][0])
