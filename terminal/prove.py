"""``backscope prove``: a recorded run is run again, and every tensor is held against the recording."""

from pathlib import Path
from typing import Any

from engine import Refusal
from engine.marking.recognition import recognise
from terminal.mark import RIGHT, WRONG
from terminal.reading import Parser, Unreadable
from terminal.recorded import assigned, case_of, recorded


def main(argv: list[str]) -> int:
    """Run a recording again and print what agrees; returns the exit status.

    Raises:
        Unreadable: the file is no recording, or what is said of the run is not understood.
    """
    options = _parser().parse_args(argv)
    recording = recorded(options.recording)
    try:
        assignment = assigned(recording)
        case, numbers = case_of(assignment, recording)
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
    assert verdict.step is not None
    number = numbers[verdict.step]
    print(f"{options.recording}: {verdict.tensor} disagrees, in training step {number}: {verdict.seen}")
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
