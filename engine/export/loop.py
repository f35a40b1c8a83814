"""The training loop of a program: the textbook lines of every micro-step, in the order in which they run."""

import re
import sys
from collections.abc import Iterator
from inspect import isfunction
from itertools import groupby
from textwrap import indent
from types import ModuleType
from typing import Any

import numpy as np

from engine.experiment.changes import Change
from engine.experiment.experiment import Experiment
from engine.run.micro_step import MicroStep
from engine.run.segments import Segment

TAB = "    "
TARGETS = "y"
Lines = list[str]


def loop(segment: Segment, end: int | str, changes: dict[tuple[int, int], list[Change]]) -> str:
    """The loop over the training steps of a segment.

    Args:
        segment: the segment.
        end: the training step before which it ends, or the name of a constant.
        changes: the changes of numbers, by the training step and by how many of its micro-steps are done.
    """
    lines = [*rows(segment), ""]
    numbered = enumerate(segment.program)
    for (phase, layer), group in groupby(numbered, key=lambda each: (each[1].phase, each[1].layer)):
        lines.append(f"# {phase}{f', layer {layer}' if layer else ''}")
        for k, step in group:
            lines += [*written(changes, k, segment), *step_lines(step, segment.experiment)]
        lines.append("")
    lines.append("print(step, float(loss))")
    span = f"{segment.training_step}, {end}" if segment.training_step else f"{end}"
    return f"for step in range({span}):\n" + indent("\n".join(lines), TAB)


def step_lines(step: MicroStep, experiment: Experiment) -> Lines:
    """The textbook lines of a micro-step.

    In single precision the loss is computed in double precision, as it is in a run, and what is drawn in double
    precision is rounded.
    """
    lines = step.textbook.replace("draw.random(", "random(").splitlines()
    if experiment.numpy_dtype == np.dtype(float):
        return lines
    if step.equation.rounds == "precision" and TARGETS in step.reads:
        return [re.sub(rf"\b{TARGETS}\b", f"np.float64({TARGETS})", line) for line in lines]
    mask = step.equation.draws and step.layer
    return [*lines, *(f"{name} = {name}.astype(dtype)" for name in step.writes if mask)]


def rows(segment: Segment) -> Lines:
    """The lines that find the rows B of a mini-batch, those K of the drawings, and the number m of examples."""
    experiment = segment.experiment
    seed, size, drawings = experiment.seed, experiment.mini_batch_size, experiment.drawings
    if experiment.next_mini_batch:
        chosen = experiment.draw(segment.training_step).chosen_rows()
        return [f"B = np.array({chosen.tolist()})", "m = len(B)"]
    lines = ["B = np.arange(len(X))"]
    if experiment.dataset.recorded:
        lines = ["number = step % (len(ENDS) - 1)", "B = ORDER[ENDS[number] : ENDS[number + 1]]"]
    elif size < len(experiment.data.x_train):
        lines = [
            f"epoch, number = divmod(step, {experiment.steps_per_epoch})",
            f"order = np.random.default_rng([{seed}, 0xE, epoch]).permutation(len(X))",
            f"B = order[number * {size} : (number + 1) * {size}]",
        ]
    if not drawings:
        return [*lines, "m = len(B)"]
    if drawings.alone:
        return [f"m = min({size}, len(D))", "K = (step * m + np.arange(m)) % len(D)", "B = np.arange(0)"]
    return [
        *lines,
        "m = len(B)",
        f"drawn = max(1, round({drawings.share} * m))",
        "K = (step * drawn + np.arange(drawn)) % len(D)",
        "B = B[drawn:]",
    ]


def written(changes: dict[tuple[int, int], list[Change]], k: int, segment: Segment) -> Lines:
    """The lines that write a person's changes of numbers where k micro-steps of a training step are done.

    Those at the beginning of the segment stand before its loop.
    """
    lines = Lines()
    for (training_step, done), made in changes.items():
        if done == k and (training_step > segment.training_step or (done and training_step == segment.training_step)):
            lines += [f"if step == {training_step}:", *(TAB + assignment(each, segment) for each in made)]
    return lines


def assignment(change: Change, segment: Segment) -> str:
    """The line that writes a change of numbers."""
    if change.tensor == "learning_rate":
        rate = "base_rate" if "base_rate" in segment.carried else "learning_rate"
        return f"{rate} = {change.value!r}"
    where = "..." if change.index is None else ", ".join(map(str, change.index))
    return f"{change.tensor}[{where}] = {np.array(change.value).tolist()!r}"


def helpers(step: MicroStep) -> Iterator[Any]:
    """The functions of this package that the textbook lines of a micro-step call."""
    module: ModuleType = sys.modules[step.equation.function.__module__]
    names = compile(step.equation.textbook, step.equation.name, "exec").co_names
    for name in names:
        found = getattr(module, name, None)
        if isfunction(found) and name not in dict(step.arguments):
            yield found
