"""Equations at work, each bound to tensors of an experiment, and random arrays for what they read."""

import numpy as np

from engine.base.tensors import parameter_of, split
from engine.data import Draw
from engine.experiment.experiment import Experiment
from engine.run.program import MicroStep, program
from tests.helpers.experiments import EXPERIMENTS
from tests.helpers.networks import shape

STEPS: dict[str, tuple[Experiment, MicroStep]] = {
    f"{step.equation}-{'-'.join((*step.reads[:2], '-', *step.writes))}": (chosen, step)
    for chosen in EXPERIMENTS
    for step in program(chosen)
}
POSITIVE = {"var", "running_var", "norm", "learning_rate", "base_rate", "decayed_rate"}


def inputs(chosen: Experiment, step: MicroStep, dtype: type = np.float64) -> list[np.ndarray]:
    """A random array for each tensor that the step reads: above 0 or a whole number where it always is that."""
    rng = np.random.default_rng(0)
    arrays = list[np.ndarray]()
    for name in step.reads:
        kind, array = split(name)[0], np.asarray(rng.normal(size=shape(chosen, name, 3)))
        positive = kind in POSITIVE or (kind[0] == "v" and parameter_of(name))
        counts = kind in ("updates", "rate_step")
        arrays.append(np.asarray(4 if counts else np.abs(array) + 0.75 if positive else array, dtype))
    return arrays


def compute(chosen: Experiment, step: MicroStep, arrays: list[np.ndarray], **out: np.ndarray) -> np.ndarray:
    """What the step makes of these arrays."""
    draw = Draw(chosen.data, chosen.seed, chosen.mini_batch_size, arrays[0].dtype, training_step=2)
    with np.errstate(all="ignore"):
        found: np.ndarray = step.compute(*([draw] if step.equation.draws else []), *arrays, **out)
    return found


def related(cell: tuple[int, ...], letters: str, other: tuple[int, ...], other_letters: str) -> bool:
    """Whether two cells agree in every index letter that they share."""
    index = dict(zip(letters, cell, strict=True))
    return all(index.get(letter, i) == i for letter, i in zip(other_letters, other, strict=True))
