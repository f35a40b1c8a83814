"""Where two runs part: the first micro-step after which they do not hold the same numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain
from time import perf_counter

import numpy as np

from engine.run.history import State
from engine.run.micro_step import MicroStep
from engine.run.source import Source

NOT_LEARNED = ("learning_rate", "base_rate", "updates")  # set or counted: runs part where what they learn does


@dataclass(frozen=True)
class Parting:
    """The first difference of two runs.

    Attributes:
        training_step: the training step in which they part.
        t: the moments at which they differ, of the one run and of the other.
        tensor: the tensor that differs, or the one that only one of them computes there.
        index: the first element of it that differs; None where it has no such element in both.
        values: its values; None where there is no such element.
        shapes: the shapes of the tensor in both; None for a run that has not computed it there.
    """

    training_step: int
    t: tuple[int, int]
    tensor: str
    index: tuple[int, ...] | None
    values: tuple[float, float] | None
    shapes: tuple[tuple[int, ...] | None, tuple[int, ...] | None]


def parting(
    one: Source, other: Source, since: int, upto: int, seconds: float = float("inf")
) -> tuple[Parting | None, int | None]:
    """Compare two runs by training steps, and by micro-steps in the first training step that ends otherwise.

    Args:
        one: a run.
        other: another run.
        since: the training step from which on they are compared; before it they are the same.
        upto: the last training step.
        seconds: the time after which the comparison ends early, after one training step at least.

    Returns:
        The first difference, or None; and where time was over, the training step to go on with, or else None.
    """
    deadline = perf_counter() + seconds
    for step in range(since, upto + 1):
        found = _within(one, other, step) if _ends_apart(one, other, step) else None
        if found:
            return found, None
        if perf_counter() > deadline:
            return None, step + 1
    return None, None


def _ends_apart(one: Source, other: Source, step: int) -> bool:
    """Whether a training step leaves two runs with different tensors or different numbers."""
    ends = [run.seek(run.t_of(step + 1)) for run in (one, other)]
    return _names(ends[0]) != _names(ends[1]) or any(_apart(ends[0], ends[1], name) for name in _names(ends[0]))


def _within(one: Source, other: Source, step: int) -> Parting | None:
    """The first difference in a training step."""
    begins = (one.t_of(step), other.t_of(step))
    programs = [run.segment_at(begin).program for run, begin in zip((one, other), begins, strict=True)]
    parameters = one.segment_at(begins[0]).experiment.parameters
    states = [run.seek(begin) for run, begin in zip((one, other), begins, strict=True)]
    for name in parameters:
        if _apart(states[0], states[1], name):
            return _found(step, begins, states, name)
    for done, written in _side_by_side(*programs):
        t = (begins[0] + done[0], begins[1] + done[1])
        states = [one.seek(t[0]), other.seek(t[1])]
        for name in dict.fromkeys((*written, *parameters)):
            if _apart(states[0], states[1], name):
                return _found(step, t, states, name)
    return None


def _side_by_side(
    one: tuple[MicroStep, ...], other: tuple[MicroStep, ...]
) -> Iterator[tuple[tuple[int, int], tuple[str, ...]]]:
    """Go through two programs together: micro-steps that write the same at once, those of only one of them alone.

    Yields:
        How many micro-steps of each are done, and the tensors that have just been written and are learned.
    """
    writes = [
        [tuple(name for name in step.writes if name not in NOT_LEARNED) for step in each] for each in (one, other)
    ]
    common = {*chain(*writes[0])} & {*chain(*writes[1])}
    done = [0, 0]
    for kind, *ends in SequenceMatcher(a=writes[0], b=writes[1], autojunk=False).get_opcodes():
        blocks = [(0, writes[0][ends[0] : ends[1]]), (1, writes[1][ends[2] : ends[3]])]
        if kind == "equal":
            for written in blocks[0][1]:
                done = [done[0] + 1, done[1] + 1]
                yield (done[0], done[1]), written
            continue
        # what only one of them computes is met before what both do in other ways
        for side, block in sorted(blocks, key=lambda each: next(chain(*each[1]), None) in common):
            for written in block:
                done[side] += 1
                yield (done[0], done[1]), written


def _names(state: State) -> set[str]:
    return {name for name in state if name not in NOT_LEARNED}


def _apart(one: State, other: State, name: str) -> bool:
    """Whether a tensor is not the same in two states: not there, of another shape, or of other numbers. NaN is NaN."""
    a, b = one.get(name), other.get(name)
    if a is None or b is None:
        return a is not b
    return a.shape != b.shape or not np.array_equal(a, b, equal_nan=True)


def _found(step: int, t: tuple[int, int], states: list[State], name: str) -> Parting:
    a, b = (state.get(name) for state in states)
    shapes = (None if a is None else a.shape, None if b is None else b.shape)
    if a is None or b is None or a.shape != b.shape:
        return Parting(step, t, name, None, None, shapes)
    apart = np.argwhere((a != b) & ~(np.isnan(a) & np.isnan(b)))
    index = tuple(int(i) for i in apart[0])
    return Parting(step, t, name, index, (float(a[index]), float(b[index])), shapes)
