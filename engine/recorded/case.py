"""A recorded run as a case: what each step started from, and what it has left."""

from itertools import pairwise
from typing import Any

import numpy as np

from engine.base.refusal import Refusal
from engine.base.tensors import split
from engine.data.recorded import Arrays, Recording, is_step, number_of, updates_before
from engine.experiment.training import LEARNING_RATE
from engine.marking.agreement import SINGLE, STRICT
from engine.marking.assignment import Assignment
from engine.marking.case import Case
from engine.marking.given import Given
from engine.marking.textbook import Result

COUNTS = {"number", "updates"}
LARGEST_COUNT = 2**53 - 1


def assigned(recording: Recording) -> Assignment:
    """What the run was said to be, with the sizes of its layers, which the shapes of the weights show.

    Raises:
        Refusal: something is malformed or missing.
    """
    steps = recording.steps
    if not isinstance(recording.said, dict):
        raise Refusal("invalid", "said", "description of the run", recording.said, "a mapping", "recorded_mapping")
    if len(steps) < 2:
        expected = "at least 2, of which the last ends"
        raise Refusal("invalid", "steps", "number of training steps", len(steps), expected, "recorded_two")
    first = steps[0]
    names = [f"W{l}" for l in range(1, 1 + sum(name.startswith("W") for name in first))]
    sizes = [first[name].shape for name in names if name in first and first[name].ndim == 2]
    if not sizes or len(sizes) != len(names):
        raise Refusal("invalid", "W", "weights", [*first], "a matrix for each layer", "recorded_matrices")
    return Assignment.from_constants({**recording.said, "LAYERS": [sizes[0][1], *(units for units, _ in sizes)]})


def case_of(assignment: Assignment, recording: Recording) -> tuple[Case, list[int]]:
    """The case of a recording, and the numbers of its training steps.

    Updates are held against those from the recorded gradients, so that the optimizer does not make more of what these
    were rounded to.

    Raises:
        Refusal: an array is missing, or has another shape.
    """
    steps = recording.steps
    for i, step in enumerate(steps):
        _check(assignment, step, i, last=i == len(steps) - 1)
    names, running = [*assignment.parameters], assignment.running
    others = [*(name for name in names if split(name)[0] not in "Wb"), *running, *assignment.masks]
    given, found, numbers = list[Given](), list[Result](), list[int]()
    for i, (step, after) in enumerate(pairwise(steps)):
        if not is_step(steps, i):
            continue
        gradients = {name: _exact(step[f"d{name}"]) for name in names if f"d{name}" in step}
        rate = float(step["learning_rate"]) if "learning_rate" in step else None
        W, b = ([_exact(step[f"{kind}{l}"]) for l in assignment.layers] for kind in "Wb")
        follows = i > 0 and is_step(steps, i - 1)
        updates, states = (None, {}) if follows else (updates_before(step), _states(step, names))
        beside = {name: _exact(step[name]) for name in others}
        given.append(Given(W, b, _exact(step["x"]), _exact(step["y"]), gradients, rate, updates, states, beside))
        left = {name: _exact(step[f"new_{name}"]) for name in running}
        found.append(Result({name: _exact(after[name]) for name in names}, gradients, running=left))
        numbers.append(number_of(steps, i))
    if not given:
        expected = "one that is followed by what it has left"
        raise Refusal("invalid", "steps", "number of training steps", len(steps), expected, "recorded_followed")
    single = any(array.dtype == np.float32 for array in steps[0].values())
    return Case.of(assignment, given, found, SINGLE if single else STRICT), numbers


def _states(step: Arrays, names: list[str]) -> dict[str, dict[str, np.ndarray]]:
    """The optimizer's states of each parameter, by the letters of those that were recorded."""
    found = {name: {key[0]: _exact(step[key]) for key in step if key in (f"m{name}", f"v{name}")} for name in names}
    return {name: states for name, states in found.items() if states}


def _exact(array: np.ndarray) -> np.ndarray:
    return array.astype(np.float64)


def _check(assignment: Assignment, step: Arrays, number: int, last: bool) -> None:
    """Refuse a step that lacks an array, or has one of another shape. The last one has parameters at least."""
    sizes, due = assignment.sizes, dict(assignment.parameters)
    beside: dict[str, tuple[int, ...]] = {"learning_rate": (), "number": (), "updates": ()}
    beside |= {f"{letter}{name}": shape for name, shape in due.items() for letter in "dmv"}
    if not last and ("x" in step or "number" not in step):
        m = len(step["x"]) if "x" in step and step["x"].ndim else 0
        due |= {"x": (m, sizes[0]), "y": (m, sizes[-1])}
        due |= {name: (m, units) for name, units in assignment.masks.items()}
        due |= {f"{when}{name}": shape for name, shape in assignment.running.items() for when in ("", "new_")}
    for name, shape in due.items():
        if name not in step:
            expected = f"an array of the shape {shape}"
            raise _refused("missing", name, number, None, expected, shape)
    for name, shape in (due | beside).items():
        if name in step and (step[name].shape != shape or 0 in shape):
            raise _refused("invalid", name, number, step[name].shape, f"the shape {shape}", shape)
    for name in COUNTS & step.keys():
        if not 0 <= step[name] <= LARGEST_COUNT or step[name] != np.floor(step[name]):
            expected = "a whole number, at least 0"
            raise Refusal("invalid", f"step {number}", name, float(step[name]), expected, "recorded_count")
    if "learning_rate" in step and not 0 <= step["learning_rate"] <= LEARNING_RATE:
        value = float(step["learning_rate"])
        expected = f"0 to {LEARNING_RATE:g}"
        raise Refusal("invalid", f"step {number}", "learning rate", value, expected, "range", low=0, high=LEARNING_RATE)


def _refused(kind: str, name: str, number: int, value: Any, expected: str, shape: tuple[int, ...]) -> Refusal:
    """What is said of an array of a step that is not there, or not of its shape."""
    return Refusal(kind, f"step {number}", name, value, expected, "recorded_array", shape=str(shape), step=number)
