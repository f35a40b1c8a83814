"""``backscope prove``: a recorded run is run again, and every tensor is held against the recording."""

from pathlib import Path
from typing import Any

from backscope.recording import Recording, read
from backscope.recording import Unreadable as NoRecording
from engine import Refusal
from engine.recorded.proven import proven
from terminal.mark import RIGHT, WRONG
from terminal.reading import Parser, Unreadable


def main(argv: list[str]) -> int:
    """Run a recording again and print what agrees; returns the exit status.

    Raises:
        Unreadable: the file is no recording, or what is said of the run is not understood.
    """
    options = _parser().parse_args(argv)
    recording = _read(options.recording)
    try:
        found = proven(recording)
    except Refusal as refusal:
        raise Unreadable(f"{options.recording}: {refusal.field}: {refusal}") from None
    if recording.cut:
        print(f"{options.recording}: it was cut off; {len(recording.steps)} steps are whole")
    if found.agrees:
        steps = f"{found.tensors:,} tensors of {len(found.numbers):,} training steps"
        print(f"{options.recording}: every tensor agrees: {steps}, to {found.case.precision}")
        return RIGHT
    verdict = found.verdict
    print(f"{options.recording}: {verdict.tensor} disagrees, in training step {found.number}: {verdict.seen}")
    print(f"  cause: {verdict.cause}\n  what:  {verdict.says}")
    return WRONG


def _read(path: Path) -> Recording:
    try:
        return read(path)
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror or error}") from None
    except NoRecording as error:
        raise Unreadable(f"{path}: {error}") from None


def _parser() -> Any:
    about = (
        "Is a recorded run what it was said to be? It is run again from its own mini-batches. Exit status: 0 if every "
        "tensor agrees, 1 if one does not, 2 if the recording is not understood."
    )
    found = Parser(prog="backscope prove", description=about, allow_abbrev=False)
    found.add_argument("recording", type=Path, metavar="RECORDING", help="a file that backscope.record has written")
    return found
