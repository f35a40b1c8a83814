"""Equations bound to tensors of experiments, with random arrays for these tensors."""

from typing import Any

import numpy as np

from engine.base.tensors import dtype_of, parameter_of, split
from engine.data import Draw
from engine.experiment.experiment import Experiment
from engine.run.program import MicroStep, program
from tests.helpers.experiments import EXPERIMENTS
from tests.helpers.networks import shape

Bound = tuple[Experiment, MicroStep]


def letters(step: MicroStep) -> str:
    """The index letters of a micro-step's operands, which differ between updates of weights and of biases."""
    reads, writes = (",".join(letters for _, letters in side) for side in step.operands)
    return f"{reads}->{writes}"


def lengths(bound: Bound) -> int:
    """The number of different lengths of the axes; tests cannot tell axes of equal length apart."""
    chosen, step = bound
    return len({length for name in (*step.reads, *step.writes) for length in shape(chosen, name, 3)})


# For each equation and each form of its operands, the micro-step whose axes have the most different lengths.
BINDINGS: dict[str, Bound] = {
    f"{bound[1].equation} {letters(bound[1])}": bound
    for bound in sorted(((chosen, step) for chosen in EXPERIMENTS for step in program(chosen)), key=lengths)
}
POSITIVE = {"var", "running_var", "norm", "learning_rate", "base_rate", "decayed_rate"}


def inputs(chosen: Experiment, step: MicroStep, dtype: type = np.float64) -> list[np.ndarray]:
    """A random array for each tensor that the micro-step reads: positive or whole where the tensor always is."""
    rng = np.random.default_rng(0)
    arrays = list[np.ndarray]()
    for name in step.reads:
        kind, array = split(name)[0], np.asarray(rng.normal(size=shape(chosen, name, 3)))
        positive = kind in POSITIVE or (kind[0] == "v" and parameter_of(name))
        counts = kind in ("updates", "rate_step")
        number = 4 if counts else np.abs(array) + 0.75 if positive else array
        arrays.append(np.asarray(number, dtype_of(name, np.dtype(dtype))))
    return arrays


def compute(chosen: Experiment, step: MicroStep, arrays: list[np.ndarray], **out: Any) -> Any:
    """The result of a micro-step for these arrays; a tuple where it writes several tensors."""
    draw = Draw(chosen.data, chosen.seed, chosen.mini_batch_size, arrays[0].dtype, training_step=2)
    with np.errstate(all="ignore"):
        return step.compute(*([draw] if step.equation.draws else []), *arrays, **out)


def each_of(found: Any) -> tuple[np.ndarray, ...]:
    """A result as a tuple of arrays."""
    return found if isinstance(found, tuple) else (found,)


def related(cell: tuple[int, ...], letters: str, other: tuple[int, ...], other_letters: str) -> bool:
    """Whether two cells agree in every index letter that they share."""
    index = dict(zip(letters, cell, strict=True))
    return all(index.get(letter, i) == i for letter, i in zip(other_letters, other, strict=True))
