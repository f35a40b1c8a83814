"""The marking of one homework: it is run on weights and mini-batches, and its steps are held against the textbook's."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from engine import Refusal
from engine.marking.assignment import Assignment
from engine.marking.case import Case
from engine.marking.given import Given, mini_batches, parameters
from engine.marking.learner import following
from engine.marking.recognition import UNKNOWN, Verdict, recognise
from engine.marking.textbook import Result
from terminal.homework.outcome import Arrays, Limits, Outcome, Trouble
from terminal.homework.runner import run

SEED = 0
NARROW, WIDE = 2, 16  # the least and the largest width of the square layers that a homework is tried with again
NOT_UNDERSTOOD = "not understood"


def mark(homework: Path, limits: Limits) -> Verdict:
    """Mark a homework; one that cannot be run, or does not end, is "not understood", and the verdict says why."""
    loaded = run(homework, limits)
    if loaded.constants is None or loaded.trouble:
        assert loaded.trouble is not None
        return Verdict(NOT_UNDERSTOOD, says=loaded.trouble.says)
    try:
        assignment = Assignment.from_constants(loaded.constants)
    except Refusal as refusal:
        return Verdict(NOT_UNDERSTOOD, says=f"{refusal.field}: {refusal}")
    given = given_of(assignment)
    if not all(np.isfinite(each).all() for step in given for each in (*step.W, *step.b)):
        return Verdict(NOT_UNDERSTOOD, says="LEARNING_RATE: with it the numbers of a right step overflow")
    outcome = run(homework, limits, named(given))
    failed = first_trouble(outcome)
    if failed and failed[1].kind == ValueError.__name__:
        return squared(homework, limits, loaded.constants, assignment) or judged(assignment, given, outcome)
    return judged(assignment, given, outcome)


def given_of(assignment: Assignment) -> list[Given]:
    """What each step of a homework starts from: the same for all that have the same assignment."""
    rng = np.random.default_rng(SEED)
    return following(assignment, *parameters(assignment, rng), mini_batches(assignment, rng))


def named(given: list[Given]) -> Arrays:
    """What each step starts from, as arrays by the step's number and their name."""
    found: Arrays = {}
    for i, each in enumerate(given):
        for kind, arrays in (("W", each.W), ("b", each.b)):
            found |= {f"{i}/{kind}{l}": array for l, array in enumerate(arrays, 1)}
        found |= {f"{i}/x": each.x, f"{i}/y": each.y}
    return found


def first_trouble(outcome: Outcome) -> tuple[int, Trouble] | None:
    """The first step that went wrong, by its number, with what went wrong; a division by 0 is no trouble, but NaN."""
    for i, each in enumerate(outcome.steps):
        if isinstance(each, Trouble) and each.kind != ZeroDivisionError.__name__:
            return i, each
    return (len(outcome.steps), outcome.trouble) if outcome.trouble else None


def judged(assignment: Assignment, given: list[Given], outcome: Outcome) -> Verdict:
    """The verdict on what a homework's steps have returned."""
    if failed := first_trouble(outcome):
        return Verdict(NOT_UNDERSTOOD, failed[0], says=f"in training step {failed[0]}: {failed[1].says}")
    verdict = recognise(Case.of(assignment, given, [result(assignment, each) for each in outcome.steps]))
    for i, each in enumerate(outcome.steps):
        if isinstance(each, Trouble):
            if verdict.cause == UNKNOWN:
                return Verdict(NOT_UNDERSTOOD, i, says=f"in training step {i}: {each.says}")
            return replace(verdict, says=f"{verdict.says}; {each.says}")
    return verdict


def result(assignment: Assignment, found: Arrays | Trouble) -> Result:
    """What a step returned, in the form of the textbook's; NaN where it has divided by 0.

    A bias that is a row or a column is taken as the list of numbers that it is.
    """
    units = dict(enumerate(assignment.sizes))
    if isinstance(found, Trouble):
        W = {f"W{l}": np.full((units[l], units[l - 1]), np.nan) for l in assignment.layers}
        return Result(W | {f"b{l}": np.full(units[l], np.nan) for l in assignment.layers}, {})
    flat = dict(found)
    for name, array in found.items():
        l = int(name.lstrip("dWb"))
        if "b" in name and array.shape in ((1, units[l]), (units[l], 1)):
            flat[name] = array.ravel()
    gradients = {name[1:]: array for name, array in flat.items() if name[0] == "d"}
    return Result({name: array for name, array in flat.items() if name[0] != "d"}, gradients)


def squared(homework: Path, limits: Limits, constants: dict[str, object], assignment: Assignment) -> Verdict | None:
    """The verdict with layers of one width, where transposed arrays have the right shape; None if it has no cause."""
    width = min(max(NARROW, *assignment.sizes), WIDE)
    instead = {"LAYERS": [width] * len(assignment.sizes)}
    square = Assignment.from_constants({**constants, **instead})
    given = given_of(square)
    verdict = judged(square, given, run(homework, limits, named(given), instead))
    if verdict.cause in (None, UNKNOWN):
        return None
    says = f"{verdict.says} (the shapes do not fit; seen in layers of {width} units each)"
    return replace(verdict, says=says)
