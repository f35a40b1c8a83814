"""Many runs of one experiment side by side, which differ in the values of settings."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import numpy as np

from engine.base.tensors import dtype_of, shape_of
from engine.experiment.experiment import Experiment
from engine.maps.batched import batched
from engine.run.micro_step import MicroStep
from engine.run.program import carried, program
from engine.run.until import LOSS
from engine.run.workspace import initial

Varied = Sequence[Sequence[Experiment]]
Places = Sequence[np.ndarray]
Table = tuple[int, np.ndarray]  # the number of a setting, and what there is for each of its values, on the last axis


class Runs:
    """Runs that have the same data, mini-batches, random numbers and equations.

    What a setting changes is seen from the experiments that have its values: settings of their micro-steps, and tensors
    that they begin with. Each of these follows from one setting alone.

    Args:
        varied: for each setting that differs, the experiments with its values, all else the same.
    """

    def __init__(self, varied: Varied) -> None:
        experiment = varied[0][0]
        self._draw, self._dtype, self._sizes = experiment.draw(), experiment.numpy_dtype, experiment.sizes
        programs = [[program(each) for each in experiments] for experiments in varied]
        self._steps = [(step, _settings(k, programs)) for k, step in _needed(programs[0][0])]
        self._begin = _beginnings(carried(programs[0][0]), varied)

    def losses(self, places: Places, training_steps: int) -> np.ndarray:
        """Train from the beginning on; the loss in each training step, (training_steps, runs).

        Args:
            places: for each setting that differs, which of its values each run has, (runs,).
            training_steps: how many there are to be.
        """
        arrays = self._beginning(places)
        steps = [
            (step, {name: _at(value, places) for name, value in settings.items()}) for step, settings in self._steps
        ]
        found = np.empty((training_steps, len(places[0])))
        with np.errstate(all="ignore"):
            for training_step in range(training_steps):
                self._draw.training_step = training_step
                arrays = self._trained(steps, arrays)
                found[training_step] = arrays[LOSS]
        return found

    def _beginning(self, places: Places) -> dict[str, Any]:
        """The carried tensors: each parameter for every run, since they part; a number that all have once."""
        found: dict[str, Any] = {}
        for name, (setting, values) in self._begin.items():
            if shape_of(name, self._sizes, 0):
                found[name] = values[..., places[setting] % values.shape[-1]]
            else:
                found[name] = float(values[0]) if len(values) == 1 else values[places[setting]]
        return found

    def _trained(self, steps: list[tuple[MicroStep, dict[str, Any]]], before: Mapping[str, Any]) -> dict[str, Any]:
        """All tensors of a training step, from what is carried into it."""
        arrays = {name: before[name] for name in self._begin}
        for step, settings in steps:
            arrays |= self._drawn(step, arrays) if step.equation.draws else self._computed(step, settings, arrays)
        return arrays

    def _drawn(self, step: MicroStep, arrays: Mapping[str, Any]) -> dict[str, np.ndarray]:
        """The result of a micro-step that draws at random, or reads only drawn numbers: the same in all runs."""
        found = step.compute(self._draw, *(arrays[name][..., 0] for name in step.reads))
        several = found if len(step.writes) > 1 else (found,)
        return {name: array[..., None] for name, array in zip(step.writes, several, strict=True)}

    def _computed(self, step: MicroStep, settings: Mapping[str, Any], arrays: Mapping[str, Any]) -> dict[str, Any]:
        dtypes = [dtype_of(name, self._dtype) for name in step.writes]
        reads = [
            _of_dtype(arrays[name], dtypes[0]) if dtypes[0] != self._dtype else arrays[name] for name in step.reads
        ]
        (first, _), *others = step.equation.reads
        if step.equation.takes_any_number:
            named = {first[1:]: reads}
        else:
            named = dict(zip([first, *(argument for argument, _ in others)], reads, strict=True))
        found = batched(step.equation)({**named, **settings}, self._draw.examples)
        written = zip(step.equation.writes, step.writes, dtypes, strict=True)
        return {name: _of_dtype(found[each], dtype) for (each, _), name, dtype in written if each in found}


def work(experiment: Experiment) -> int:
    """How many numbers a run computes or multiplies in a training step, by the index letters of its equations."""
    sizes, examples = experiment.sizes, experiment.mini_batch_size
    return sum(_cells(step, sizes, examples) for _, step in _needed(program(experiment)))


def _needed(steps: tuple[MicroStep, ...]) -> list[tuple[int, MicroStep]]:
    """The micro-steps, with their numbers, that write what is carried, the loss, or what another one reads."""
    used = {LOSS, *carried(steps)}.union(*(step.reads for step in steps))
    return [(k, step) for k, step in enumerate(steps) if used.intersection(step.writes)]


def _settings(k: int, programs: list[list[tuple[MicroStep, ...]]]) -> dict[str, Any]:
    """The settings of micro-step k by their names: each a number, or a table where it differs."""
    found: dict[str, Any] = dict(programs[0][0][k].settings)
    for setting, of_values in enumerate(programs):
        every = [dict(each[k].settings) for each in of_values]
        for name in found:
            values = [each[name] for each in every]
            if len(set(values)) > 1:
                found[name] = setting, np.array(values, float)
    return found


def _beginnings(names: tuple[str, ...], varied: Varied) -> dict[str, Table]:
    """The carried tensors at the beginning by their names, as tables; with one value where all runs have the same."""
    found: dict[str, Table] = {}
    for setting, experiments in enumerate(varied):
        begun = [initial(each, names) for each in experiments]
        for name in names:
            values = np.stack([each[name] for each in begun], axis=-1)
            if (values != values[..., :1]).any():
                found[name] = setting, values
            elif name not in found:
                found[name] = setting, values[..., :1]
    return found


def _at(value: Any, places: Places) -> Any:
    """A setting of each run: what its table has there, or the number that all have."""
    return value[1][places[value[0]]] if isinstance(value, tuple) else value


def _cells(step: MicroStep, sizes: tuple[int, ...], examples: int) -> int:
    """The product of the sizes of all index letters of a micro-step."""
    found: dict[str, int] = {}
    for name, letters in (operand for side in step.operands for operand in side):
        found |= dict(zip(letters, shape_of(name, sizes, examples), strict=True))
    return prod(found.values())


def _of_dtype(array: Any, dtype: np.dtype) -> Any:
    """An array in this dtype; a number as it is."""
    return array.astype(dtype, copy=False) if isinstance(array, np.ndarray) else array
