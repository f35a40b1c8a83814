"""``backscope prove``: a recorded run is run again, and every tensor is held against the recording."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from backscope.recording import Arrays, Recording, read
from backscope.recording import Unreadable as NoRecording
from engine import Refusal
from engine.marking.agreement import SINGLE, STRICT
from engine.marking.assignment import Assignment
from engine.marking.case import Case
from engine.marking.given import Given
from engine.marking.recognition import recognise
from engine.marking.textbook import Result
from terminal.mark import RIGHT, WRONG
from terminal.reading import Parser, Unreadable


def main(argv: list[str]) -> int:
    """Run a recording again and print what agrees; returns the exit status.

    Raises:
        Unreadable: the file is no recording, or what is said of the run is not understood.
    """
    options = _parser().parse_args(argv)
    recording = recorded(options.recording)
    try:
        assignment = assigned(recording)
        case = case_of(assignment, recording)
    except Refusal as refusal:
        raise Unreadable(f"{options.recording}: {refusal.field}: {refusal}") from None
    if recording.cut:
        print(f"{options.recording}: it was cut off; {len(recording.steps)} steps are whole")
    verdict = recognise(case)
    tensors = sum(len(each.parameters) + len(each.gradients) for each in case.found)
    if verdict.verdict == "right":
        steps = f"{tensors:,} tensors of {len(case.found):,} training steps"
        print(f"{options.recording}: every tensor agrees: {steps}, to {case.precision}")
        return RIGHT
    print(f"{options.recording}: {verdict.tensor} disagrees, in training step {verdict.step}: {verdict.seen}")
    print(f"  cause: {verdict.cause}\n  what:  {verdict.says}")
    return WRONG


def _parser() -> Any:
    about = (
        "Is a recorded run what it was said to be? It is run again from its own mini-batches. Exit status: 0 if every "
        "tensor agrees, 1 if one does not, 2 if the recording is not understood."
    )
    found = Parser(prog="backscope prove", description=about, allow_abbrev=False)
    found.add_argument("recording", type=Path, metavar="RECORDING", help="a file that backscope.record has written")
    return found


def recorded(path: Path) -> Recording:
    """Read a recording.

    Raises:
        Unreadable: it cannot be read.
    """
    try:
        return read(path)
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror or error}") from None
    except NoRecording as error:
        raise Unreadable(f"{path}: {error}") from None


def assigned(recording: Recording) -> Assignment:
    """What the run was said to be, with the sizes of its layers, which the shapes of the weights show.

    Raises:
        Refusal: something is malformed or missing.
    """
    steps = recording.steps
    if len(steps) < 2:
        raise Refusal("invalid", "steps", "number of training steps", len(steps), "at least 2, of which the last ends")
    first = steps[0]
    names = [f"W{l}" for l in range(1, 1 + sum(name.startswith("W") for name in first))]
    sizes = [first[name].shape for name in names if name in first and first[name].ndim == 2]
    if not sizes or len(sizes) != len(names):
        raise Refusal("invalid", "W", "weights", [*first], "a matrix for each layer")
    return Assignment.from_constants({**recording.said, "LAYERS": [sizes[0][1], *(units for units, _ in sizes)]})


def case_of(assignment: Assignment, recording: Recording) -> Case:
    """The case of a recording: what each step started from, and what it has left for the next one.

    Updates are held against those from the recorded gradients, so that the optimizer does not make more of what these
    were rounded to.

    Raises:
        Refusal: an array is missing, or has another shape.
    """
    steps = recording.steps
    for i, step in enumerate(steps):
        _check(assignment, step, i, last=i == len(steps) - 1)
    names = [f"{kind}{l}" for l in assignment.layers for kind in "Wb"]
    given, found = list[Given](), list[Result]()
    for step, after in pairwise(steps):
        gradients = {name: _exact(step[f"d{name}"]) for name in names if f"d{name}" in step}
        rate = float(step["learning_rate"]) if "learning_rate" in step else None
        W, b = ([_exact(step[f"{kind}{l}"]) for l in assignment.layers] for kind in "Wb")
        given.append(Given(W, b, _exact(step["x"]), _exact(step["y"]), gradients, rate))
        found.append(Result({name: _exact(after[name]) for name in names}, gradients))
    single = any(array.dtype == np.float32 for array in steps[0].values())
    return Case.of(assignment, given, found, SINGLE if single else STRICT)


def _exact(array: np.ndarray) -> np.ndarray:
    return array.astype(np.float64)


def _check(assignment: Assignment, step: Arrays, number: int, last: bool) -> None:
    """Refuse a step that lacks an array, or has one of another shape. The last one has parameters at least."""
    sizes = assignment.sizes
    shapes: dict[str, tuple[int, ...]] = {}
    for l in assignment.layers:
        shapes |= {f"W{l}": (sizes[l], sizes[l - 1]), f"b{l}": (sizes[l],)}
    m = len(step["x"]) if "x" in step and step["x"].ndim else 0
    batch = {"x": (m, sizes[0]), "y": (m, sizes[-1])}
    for name, shape in (shapes if last else shapes | batch).items():
        if name not in step:
            raise Refusal("missing", f"step {number}", name, expected=f"an array of the shape {shape}")
        if step[name].shape != shape or 0 in shape:
            raise Refusal("invalid", f"step {number}", name, step[name].shape, f"the shape {shape}")
    if "learning_rate" in step and step["learning_rate"].shape != ():
        raise Refusal("invalid", f"step {number}", "learning_rate", step["learning_rate"].shape, "one number")
    for name in shapes:
        if f"d{name}" in step and step[f"d{name}"].shape != shapes[name]:
            expected = f"the shape {shapes[name]}"
            raise Refusal("invalid", f"step {number}", f"d{name}", step[f"d{name}"].shape, expected)
