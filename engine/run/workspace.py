"""A workspace: one buffer for each tensor, and the calls of the program, bound to these buffers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import groupby, pairwise
from typing import Any, NamedTuple

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
FEW = 1 << 15  # the most cells of a result for which constants are arrays of its shape


def allocate(names: Iterable[str], sizes: tuple[int, ...], examples: int, dtype: np.dtype) -> dict[str, np.ndarray]:
    """A buffer of zeros for each tensor.

    All parameters are neighbours in one block of memory, and so are all their gradients, their first moments and so on.
    An optimizer's equation can then be computed for all parameters in one call. These matrices are stored by columns,
    so that W^T, which the forward pass needs, is contiguous.

    Args:
        names: the names of the tensors.
        sizes: the units of each layer, the input first.
        examples: the number of examples in the mini-batch.
        dtype: the dtype of the run.
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
        block = _aligned((ends[-1],), dtype)
        for name, shape, part in zip(members, shapes, np.split(block, ends[:-1]), strict=True):
            buffers[name] = part.reshape(shape[::-1]).T
    return buffers


def _aligned(shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """An array of zeros whose memory begins with a cache line, so that vector registers load it without splits."""
    block = np.zeros(np.prod(shape, dtype=int) * dtype.itemsize + LINE, np.uint8)
    return np.ndarray(shape, dtype, block, -_address(block) % LINE)


def _place(name: str) -> tuple[int, int]:
    """The sort key of a parameter's tensor in its block: weights first, then biases and so on, each layer by layer."""
    kind, layer = split(parameter_of(name) or "")
    return list(PARAMETERS).index(kind), layer or 0


def initial(experiment: Experiment, names: Iterable[str]) -> dict[str, np.ndarray]:
    """The carried tensors at the beginning of a run.

    A tensor of the checkpoint that the run starts from has its value there. Else weights are what the initializer
    draws, times the initial scale; scales and running variances are 1, learning rates are those of the experiment, and
    all other tensors are 0.
    """
    arrays = allocate(names, experiment.sizes, 0, experiment.numpy_dtype)
    start = experiment.start.tensors_for(experiment.training.optimizer) if experiment.start else {}
    for name, array in arrays.items():
        kind, layer = split(name)
        if name in start and start[name].shape == array.shape:
            array[...] = start[name]
        elif kind == "W":
            drawn = initial_weights(experiment.initializer, experiment.seed, layer or 0, array.shape)
            array[...] = experiment.initial_scale * drawn
        elif kind in ("learning_rate", "base_rate"):
            array[...] = experiment.training.learning_rate
        elif kind in ("gamma", "running_var"):
            array[...] = 1
    return arrays


class Call(NamedTuple):
    """A call of a training step, and the tensors that it writes."""

    run: Callable[[], Any]
    writes: frozenset[str]


class Workspace:
    """Buffers for mini-batches of one size, and the calls that run a program on them.

    Workspaces of one segment share the carried buffers.

    Attributes:
        draw: the examples and random numbers of the current training step.
        buffers: the buffer of each tensor.
        runs: a call for each micro-step.
        before_stride: the calls whose results are the same in every training step.
        stride: the other calls of a training step of which no state is kept. What no micro-step reads is left out.
        magnitudes: an array for each tensor that has its absolute values in a stride, right after the call that writes
            it: the tensor's own buffer, or the one in whose place it is written there, perhaps with the opposite sign.
    """

    def __init__(self, experiment: Experiment, steps: tuple[MicroStep, ...], carried: Arrays, examples: int) -> None:
        dtype = experiment.numpy_dtype
        self.draw = experiment.draw()
        written = [name for step in steps for name in step.writes if name not in carried]
        self.buffers = {**carried, **allocate(written, experiment.sizes, examples, dtype)}
        self._blocks: dict[tuple[str, str], np.ndarray] = {}
        self._steps = steps
        self.runs: Runs = [self._bind([step]) for step in steps]
        self._always = [step for step in steps if step.equation is mini_batch and self.draw.always_all]
        self.before_stride: Runs = [self._bind([step]) for step in self._always]
        used = {LOSS, *carried}.union(*(step.reads for step in steps))
        others = [step for step in steps if step not in self._always and used.intersection(step.writes)]
        self._calls = [
            Call(self._bind(together, unseen=True), frozenset(name for step in together for name in step.writes))
            for together in self._merged(others)
        ]
        self.stride: Runs = [call.run for call in self._calls]
        self.magnitudes = self.buffers | {
            step.writes[-1]: self.buffers[dict(step.arguments)[step.equation.scratch]]
            for step in steps
            if step.equation.scratch
        }

    def calls(self, unseen: bool) -> list[Call]:
        """The calls of ``runs``, or with ``unseen`` those of a stride."""
        if unseen:
            return self._calls
        return [Call(run, frozenset(step.writes)) for run, step in zip(self.runs, self._steps, strict=True)]

    def _merged(self, steps: list[MicroStep]) -> list[list[MicroStep]]:
        """The micro-steps of a training step in groups, each for one call.

        A group holds the micro-steps of one update equation whose parameters are neighbours in memory. One call for all
        of them gives the same bits.
        """
        update = [step for step in steps if step.phase == "update"]
        found = [[step] for step in steps if step.phase != "update"]
        order = {step.equation.name: place for place, step in reversed([*enumerate(update)])}
        update.sort(key=lambda step: order[step.equation.name])
        for _, group in groupby(update, key=lambda step: (step.equation.name, step.settings)):
            groups: list[list[MicroStep]] = []
            for step in sorted(group, key=_place_of):
                if groups and self._follows(step, groups[-1][-1]):
                    groups[-1].append(step)
                else:
                    groups.append([step])
            found += groups
        return found

    def _follows(self, step: MicroStep, before: MicroStep) -> bool:
        """Whether each tensor of a micro-step follows the other's tensor in memory, or is the same scalar."""
        pairs = zip((*before.reads, *before.writes), (*step.reads, *step.writes), strict=True)
        return all(self._next(one, other) if parameter_of(other) else one == other for one, other in pairs)

    def _next(self, one: str, other: str) -> bool:
        first, second = self.buffers[one], self.buffers[other]
        return first.base is second.base and _follow(first, second)

    def _bind(self, steps: list[MicroStep], unseen: bool = False) -> Callable[[], Any]:
        """A call of the equation on the buffers of one micro-step, or of several whose tensors are neighbours.

        Args:
            steps: the micro-steps, in the order of their memory.
            unseen: whether the last result takes the place of the equation's ``scratch`` argument.
        """
        step, last = steps[0], steps[-1]
        pairs = [zip(*sides, strict=True) for sides in ((step.reads, last.reads), (step.writes, last.writes))]
        reads, outs = ([self._block(*pair) for pair in side] for side in pairs)
        equation = step.equation
        if unseen and equation.scratch:
            outs[-1] = reads[[name for name, _ in equation.reads].index(equation.scratch)]
        out = tuple(outs) if len(outs) > 1 else outs[0]
        places = outs[0].shape if outs[0].size <= FEW else ()  # arrays of one shape are quicker than a scalar
        constants = [np.full(places, number, self.draw.dtype) for number in equation.constants]
        call = partial(equation.function, *([self.draw] if equation.draws else []), *reads, *constants)
        if equation.settings or equation.takes_any_number:
            return partial(call, out=out, **dict(step.settings))
        return partial(call, out)  # a positional argument costs less than a keyword

    def _block(self, one: str, other: str) -> np.ndarray:
        """The memory from the beginning of one tensor to the end of another, as a flat array, always the same one."""
        if (one, other) not in self._blocks:
            first, last = self.buffers[one], self.buffers[other]
            self._blocks[one, other] = first if one == other else _view(first, last)
        return self._blocks[one, other]


def families(names: Iterable[str]) -> list[list[str]]:
    """Names of tensors by families, such as all gradients, each in the order of a workspace's memory."""
    found: dict[str, list[str]] = {}
    for name in names:
        parameter = parameter_of(name)
        found.setdefault(name.removesuffix(parameter) if parameter else name, []).append(name)
    return [sorted(members, key=_place) if len(members) > 1 else members for members in found.values()]


def one_view(arrays: Sequence[np.ndarray]) -> np.ndarray | None:
    """One array of arrays of one axis, where they are neighbours in memory in this order; else None."""
    base = arrays[0].base
    neighbours = all(other.base is base and _follow(one, other) for one, other in pairwise(arrays))
    if len(arrays) == 1 or (base is not None and neighbours):
        return arrays[0] if len(arrays) == 1 else _view(arrays[0], arrays[-1])
    return None


def _follow(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether an array begins where another one ends."""
    return _address(other) == _address(one) + one.nbytes


def _view(first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """The memory from the beginning of one array to the end of another in the same block, as an array of one axis."""
    base = first.base
    assert base is not None
    cells = (_address(last) + last.nbytes - _address(first)) // first.itemsize
    return np.ndarray((cells,), first.dtype, base, _address(first) - _address(base))


def _place_of(step: MicroStep) -> tuple[str, int, int]:
    """The sort key of a micro-step by the tensor that it writes: its block, and its place there."""
    name = step.writes[0]
    parameter = parameter_of(name)
    return (name.removesuffix(parameter), *_place(name)) if parameter else (name, 0, 0)


def _address(array: np.ndarray) -> int:
    return int(array.__array_interface__["data"][0])
