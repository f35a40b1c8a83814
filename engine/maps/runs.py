"""Many runs of one experiment side by side, which differ in the values of settings."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from engine.base.tensors import dtype_of, shape_of
from engine.experiment.experiment import Experiment
from engine.maps.batched import batched
from engine.run.micro_step import MicroStep
from engine.run.program import carried, program
from engine.run.until import LOSS
from engine.run.workspace import initial

Varied = Sequence[tuple[Sequence[Experiment], np.ndarray]]


class Runs:
    """The runs, which all have the same data, mini-batches, random numbers and equations.

    Each differs from the experiment in some settings. What a setting changes is seen from the experiments themselves:
    settings of their micro-steps, and tensors that they begin with.

    Args:
        experiment: what the runs share.
        varied: for each setting that differs, the experiments with its values, and for each run which of them it has;
            no two of them may change the same tensor or the same setting of a micro-step.
    """

    def __init__(self, experiment: Experiment, varied: Varied) -> None:
        self.count = len(varied[0][1])
        self._draw, self._dtype = experiment.draw(), experiment.numpy_dtype
        programs = [[program(each) for each in experiments] for experiments, _ in varied]
        steps = programs[0][0]
        names = carried(steps)
        used = {LOSS, *names}.union(*(step.reads for step in steps))
        self._steps = [
            (step, self._settings(k, programs, [of for _, of in varied]))
            for k, step in enumerate(steps)
            if used.intersection(step.writes)
        ]
        self._carried = self._beginning(names, varied, experiment.sizes)
        self.training_step = 0

    def losses(self, training_steps: int) -> np.ndarray:
        """Train for so many steps; the loss of each run in each of them, (training_steps, runs)."""
        with np.errstate(all="ignore"):
            found = [np.broadcast_to(self._train()[LOSS], self.count) for _ in range(training_steps)]
        return np.array(found)

    def _train(self) -> Mapping[str, Any]:
        """Carry out one training step; all tensors that it has computed."""
        self._draw.training_step = self.training_step
        arrays = {**self._carried}
        for step, settings in self._steps:
            arrays |= self._drawn(step, arrays) if step.equation.draws else self._computed(step, settings, arrays)
        self._carried = {name: arrays[name] for name in self._carried}
        self.training_step += 1
        return arrays

    def _drawn(self, step: MicroStep, arrays: Mapping[str, Any]) -> dict[str, np.ndarray]:
        """What a micro-step draws, or makes of what is drawn: the same in all runs."""
        found = step.compute(self._draw, *(arrays[name][..., 0] for name in step.reads))
        several = found if len(step.writes) > 1 else (found,)
        return {name: array[..., None] for name, array in zip(step.writes, several, strict=True)}

    def _computed(self, step: MicroStep, settings: Mapping[str, Any], arrays: Mapping[str, Any]) -> dict[str, Any]:
        dtypes = [dtype_of(name, self._dtype) for name in step.writes]
        reads = [_precise(arrays[name]) if dtypes[0] != self._dtype else arrays[name] for name in step.reads]
        if step.equation.takes_any_number:
            ((argument, _),) = step.equation.reads
            named: dict[str, Any] = {argument[1:]: reads}
        else:
            named = {argument: array for (argument, _), array in zip(step.equation.reads, reads, strict=True)}
        found = batched(step.equation)(**named, **settings, m=self._draw.examples)
        return {
            name: _as_kept(found[argument], dtype)
            for (argument, _), name, dtype in zip(step.equation.writes, step.writes, dtypes, strict=True)
            if argument in found
        }

    def _settings(self, k: int, programs: list[list[tuple[MicroStep, ...]]], places: list[np.ndarray]) -> dict[str, Any]:
        """The settings of micro-step k: a number, or an array of those of each run."""
        found = dict(programs[0][0][k].settings)
        for of_setting, place in zip(programs, places, strict=True):
            for name in found:
                values = [dict(each[k].settings)[name] for each in of_setting]
                if len(set(values)) > 1:
                    found[name] = np.array(values, float)[place]
        return found

    def _beginning(self, names: tuple[str, ...], varied: Varied, sizes: tuple[int, ...]) -> dict[str, Any]:
        """The carried tensors at the beginning."""
        found: dict[str, Any] = {}
        for experiments, place in varied:
            begun = [initial(each, names) for each in experiments]
            for name in names:
                values = np.stack([each[name] for each in begun], axis=-1)
                if (values != values[..., :1]).any():
                    found[name] = values[..., place]
                elif name not in found:
                    found[name] = values[..., :1]
        return {
            name: np.repeat(array, self.count // array.shape[-1], -1)
            if shape_of(name, sizes, 0)
            else float(array[0]) if array.shape[-1] == 1 else array
            for name, array in found.items()
        }


def _precise(array: Any) -> Any:
    return array.astype(float, copy=False) if isinstance(array, np.ndarray) else array


def _as_kept(array: Any, dtype: np.dtype) -> Any:
    return array.astype(dtype, copy=False) if isinstance(array, np.ndarray) else array
