"""The beginning of a program: its settings, its examples, and the tensors that training starts from."""

from collections.abc import Iterable

import numpy as np

from engine.base.refusal import Refusal
from engine.base.sources import sources
from engine.base.tensors import shape_of, split
from engine.export.script import CARRIED, INLINE, Script
from engine.methods.initializers import INITIALIZERS
from engine.run.segments import RATES, Segment

RANDOM = '''\
def random(purpose, layer=0):
    """A generator that only this purpose, layer and training step share."""
    return np.random.default_rng([{seed}, *purpose.encode(), layer, step])'''


def add_data(script: Script, segment: Segment) -> None:
    """Add the part that makes the training examples X and Y, and the user's own drawings D and E.

    Raises:
        Refusal: the examples include pictures that no script makes.
    """
    chosen, made = segment.experiment.dataset, segment.experiment.data
    if chosen.others:
        expected = "a script has the digits alone; leave the other pictures out"
        raise Refusal("unfit", "dataset.others", "number of examples", chosen.others, expected, "script_others")
    few = made.x_train.size + made.y_train.size <= INLINE
    makes = None if few or chosen.x else chosen.record.recipe
    if makes is None:
        script.add(
            "The training examples: inputs X and targets Y",
            f"X = {script.carry('X', made.x_train)}",
            f"Y = {script.carry('Y', made.y_train)}",
            "X, Y = X.astype(dtype), Y.astype(dtype)",
            *_recorded_lines(script, segment),
        )
        return
    outputs = segment.experiment.layers[-1].units
    recipe = makes(segment.experiment.seed, chosen.examples or 0, chosen.noise or 0.0, outputs)
    script.files += recipe.files
    script.add(
        "The training examples: inputs X and targets Y",
        *([sources(recipe.functions), "", ""] if recipe.functions else []),
        recipe.lines,
        "X, Y = X.astype(dtype), Y.astype(dtype)",
    )


def _recorded_lines(script: Script, segment: Segment) -> list[str]:
    """The lines that give the rows of all recorded mini-batches, and where each of these begins and ends."""
    recorded = segment.experiment.dataset.recorded
    if recorded is None:
        return []
    batches = recorded.batches
    ends = np.concatenate([[0], batches.ends])
    kept = ", ".join(f"{l}: {script.carry(f'KEPT{l}', each)}" for l, each in batches.kept.items())
    return [
        f"ORDER = {script.carry('ORDER', batches.order)}",
        f"ENDS = {script.carry('ENDS', ends)}",
        *([f"KEPT = {{{kept}}}"] if kept else []),
    ]


def add_drawings(script: Script, segment: Segment, name: str) -> list[str]:
    """The lines that make the user's own drawings D and their targets E, which the script carries under this name."""
    drawings, data = segment.experiment.drawings, segment.experiment.data
    if not drawings:
        return []
    dtype = segment.experiment.numpy_dtype
    return [
        f"D = {script.carry(f'{name}_D', drawings.x)}.astype(dtype) * dtype({np.asarray(data.scale, float)})",
        f"E = {script.carry(f'{name}_E', drawings.y.astype(dtype))}.astype(dtype)",
    ]


def initial_lines(script: Script, segment: Segment, names: Iterable[str]) -> list[str]:
    """The lines that give tensors their values at the beginning of a run; the script carries those of a checkpoint."""
    return [f"{name} = {_initial(script, segment, name)}" for name in names]


def _initial(script: Script, segment: Segment, name: str) -> str:
    experiment, (kind, layer) = segment.experiment, split(name)
    start = experiment.start.tensors_for(experiment.training.optimizer) if experiment.start else {}
    shape = shape_of(name, experiment.sizes, 0)
    if name in start and start[name].shape == shape:
        return f"{script.carry(name, start[name])}.astype(dtype)" if shape else f"{float(start[name])!r}"
    if kind == "W":
        rng = f"np.random.default_rng([{experiment.seed}, {layer}])"
        scale = "" if experiment.initial_scale == 1 else f"{experiment.initial_scale!r} * "
        drawn = f"{experiment.initializer}({rng}, {shape})"
        return f"({scale}{drawn}).astype(dtype)" if scale else f"{drawn}.astype(dtype)"
    if name in RATES:
        return repr(experiment.training.learning_rate)
    if kind in ("gamma", "running_var"):
        return f"np.ones({shape[0]}, dtype)"
    return f"np.zeros({shape if len(shape) > 1 else shape[0]}, dtype)" if shape else "0"


def initializer_of(segment: Segment) -> str:
    """The source of the initializer."""
    return sources([INITIALIZERS[segment.experiment.initializer]])


def carried_lines(script: Script) -> list[str]:
    """The lines that read the arrays that a script carries in a file, if there are any."""
    return [f'carried = np.load("{CARRIED}")'] if script.arrays else []
