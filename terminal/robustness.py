"""``backscope robustness``: how well networks read digits that are distorted, and digits of other collections."""

import gzip
import zlib
from pathlib import Path
from typing import Any

from engine import Experiment
from engine.digits.collection import Collection, read_collection
from engine.digits.robustness import Network, Row, on_collection, robustness
from server.trained.shipped import SHIPPED, described
from terminal.check import table
from terminal.reading import Parser, Unreadable, count, read_bytes, read_checkpoint

DONE = 0
GZIP = b"\x1f\x8b"  # how compressed files begin


def main(argv: list[str]) -> int:
    """Print the accuracy of networks on distorted held-out digits, or on those of a file, without centring and with;
    returns the exit status.

    Raises:
        Unreadable: a file is no checkpoint of a network that reads digits, or holds no digits.
    """
    options = _parser().parse_args(argv)
    names = options.names or [*SHIPPED]
    networks = [network(name) for name in names]
    if options.digits:
        what, rows = "digits of a file", [on_collection(networks, options.digits.name, collection(options.digits))]
    else:
        what, rows = "held-out digits", [*robustness(networks, options.most)]
    print("\n".join(table([(what, *headings(names)), *map(line, rows)])))
    return DONE


def _parser() -> Any:
    about = "How well networks read digits that are distorted, or those of a file: as they are, and centred first."
    found = Parser(prog="backscope robustness", description=about, allow_abbrev=False)
    known = ", ".join(SHIPPED)
    found.add_argument("names", nargs="*", metavar="NAME|FILE", help=f"checkpoints (default: {known})")
    help = (
        "digits of other people: a line for each, with the grey values of a square picture (0 is paper), and its label"
    )
    found.add_argument("--digits", type=Path, metavar="FILE.csv", help=help)
    found.add_argument("--most", type=count(1), help="look at no more than so many digits")
    return found


def network(name: str) -> Network:
    """The experiment and the parameters of a shipped network, or of a checkpoint's file.

    Raises:
        Unreadable: the file is no checkpoint of a network that reads digits.
    """
    if name in SHIPPED:
        return Experiment.from_dict(described(name).experiment, SHIPPED), SHIPPED[name].tensors
    found = read_checkpoint(Path(name))
    experiment = Experiment.from_dict(found.experiment, {found.start.name: found.start})
    if experiment.dataset.looks != "picture":
        raise Unreadable(f"{name}: it has learned {experiment.dataset.name}, not digits")
    return experiment, found.start.tensors


def collection(path: Path) -> Collection:
    """The digits of a CSV file, which may be compressed by gzip.

    Raises:
        Unreadable: the file cannot be read, or holds something else.
    """
    data = read_bytes(path)
    try:
        return read_collection((gzip.decompress(data) if data.startswith(GZIP) else data).decode())
    except (ValueError, EOFError, OSError, zlib.error) as error:
        raise Unreadable(f"{path}: {error}") from None


def headings(names: list[str]) -> list[str]:
    """The headings of two columns for each network."""
    return [heading for name in names for heading in (Path(name).stem, "centred")]


def line(row: Row) -> tuple[str, ...]:
    """The table's cells for one distortion."""
    pairs = zip(row.raw, row.centred, strict=True)
    return row.name, *(f"{accuracy:.2%}" for pair in pairs for accuracy in pair)
