"""``backscope mark``: is the training step of a homework right, and if not, which mistake is in it?"""

import csv
import io
import json
import sys
from argparse import RawDescriptionHelpFormatter
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from engine.marking.recognition import Verdict
from terminal.homework.marking import mark
from terminal.homework.outcome import Limits
from terminal.reading import BAD_INPUT, Parser, Unreadable, count, read_bytes

RIGHT, WRONG = 0, 1  # exit statuses; BAD_INPUT where something is not understood
FIELDS = ("verdict", "step", "tensor", "cause", "says")
FORM = """
A homework is a Python file with
  LAYERS = [2, 4, 1]                  units of each layer, the inputs first
  ACTIVATIONS = ["tanh", "sigmoid"]   of each layer after the inputs
  LOSS = "binary_cross_entropy"
  LEARNING_RATE = 0.5
  OPTIMIZER = {"name": "momentum", "momentum": 0.9}     if it is not gradient descent
  REGULARIZATION = {"l2": 0.01}, CLIP_NORM = 1.0, COUPLED_WEIGHT_DECAY = 0.1     if there are any
  def step(W, b, x, y, state):        returns (W, b) or (W, b, dW, db)
W, b, dW, db are lists of float64 arrays, W[l] of shape (units, units before); examples are rows; state is a
dictionary of its own, which is kept from one step to the next.

Exit status: 0 if all are right, 1 if one is wrong, 2 if one is not understood and none is wrong.
"""


def main(argv: list[str]) -> int:
    """Mark homework and print what is found; returns the exit status.

    Raises:
        Unreadable: there is no such file, or a folder has none.
    """
    options = _parser().parse_args(argv)
    files = [file for path in options.homework for file in homework_in(path)]
    limits = Limits(options.seconds, options.memory << 20)
    if find_spec("resource") is None:
        print("backscope mark: this system does not limit the memory of a run", file=sys.stderr)
    alone = len(files) == 1 and options.homework[0].is_file()
    verdicts = []
    if options.csv:
        print(row(("file", *FIELDS)))
    for file in files:
        verdicts.append(verdict := mark(file, limits))
        if options.csv:
            print(row((str(file), *plain(verdict).values())), flush=True)
        elif not options.json:
            print("\n".join(report(file, verdict)), flush=True)
    if options.json:
        named = [{"file": str(file), **plain(verdict)} for file, verdict in zip(files, verdicts, strict=True)]
        print(json.dumps(plain(verdicts[0]) if alone else named, ensure_ascii=False))
    return status([each.verdict for each in verdicts])


def _parser() -> Any:
    about = (
        "Is the training step of a homework right? If not, likely mistakes are tried out, and the one is named that\n"
        "has the same numbers. Each homework runs in a process of its own, with limits."
    )
    found = Parser(
        prog="backscope mark",
        description=about,
        epilog=FORM,
        allow_abbrev=False,
        formatter_class=RawDescriptionHelpFormatter,
    )
    found.add_argument("homework", nargs="+", type=Path, metavar="HOMEWORK.py|FOLDER", help="files, or folders of them")
    form = found.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON: an object, or a list of them for several files")
    form.add_argument("--csv", action="store_true", help="print a table with one row for each file")
    help = "the time that each run may take (default: %(default)s)"
    found.add_argument("--seconds", type=count(1), default=Limits.seconds, help=help)
    help = "the memory that each run may take, in megabytes (default: %(default)s)"
    found.add_argument("--memory", type=count(1), default=Limits.memory >> 20, help=help)
    return found


def homework_in(path: Path) -> list[Path]:
    """The homework of a path: the file itself, or all Python files of a folder, by name.

    Raises:
        Unreadable: there is no such file, or a folder without any.
    """
    if not path.is_dir():
        read_bytes(path)
        return [path]
    found = sorted(each for each in path.glob("*.py") if each.is_file())
    if not found:
        raise Unreadable(f"{path}: no Python file is in this folder")
    return found


def plain(verdict: Verdict) -> dict[str, Any]:
    """A verdict for programs."""
    return {name: getattr(verdict, name) for name in FIELDS}


def report(file: Path, verdict: Verdict) -> list[str]:
    """The lines of a verdict for people."""
    if verdict.verdict != "wrong":
        return [f"{file}: {verdict.verdict}: {verdict.says}"]
    return [
        f"{file}: wrong",
        f"  where: in training step {verdict.step}, {verdict.seen}",
        f"  cause: {verdict.cause}",
        f"  what:  {verdict.says}",
    ]


def row(cells: tuple[Any, ...]) -> str:
    """A row of CSV, without the end of its line; None is an empty cell."""
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(cells)
    return text.getvalue()


def status(verdicts: list[str]) -> int:
    """The exit status."""
    if "wrong" in verdicts:
        return WRONG
    return RIGHT if {*verdicts} == {"right"} else BAD_INPUT
