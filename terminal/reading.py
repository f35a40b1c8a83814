"""The input of the commands: their arguments, an experiment's file, a checkpoint."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from engine import Experiment, Refusal
from engine.data.choice import Tables
from engine.experiment.experiment import Start
from server.checkpoints.codec import Checkpoint, decode
from server.trained.shipped import SHIPPED
from server.weights.start import start_of as weights_of

BAD_INPUT = 2  # the exit status


class Unreadable(Exception):
    """An error about a file, with a message of one line."""


class Parser(argparse.ArgumentParser):
    """A parser of arguments that prints errors in one line, without the usage."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"{self.prog}: {message}\n")


def experiment_parser(command: str, description: str) -> Parser:
    """The parser of a command on an experiment, with the arguments that all of these commands have."""
    found = Parser(prog=f"backscope {command}", description=description, allow_abbrev=False)
    found.add_argument("experiment", type=Path, nargs="?", metavar="EXPERIMENT.json", help="the experiment")
    found.add_argument("--data", type=Path, metavar="FILE", help="a table to use instead of its data, or without it")
    found.add_argument("--target", metavar="COLUMN", help="the column of the table that is the target")
    found.add_argument("--seed", type=count(0), help="another seed than the experiment's")
    help = f"start from this checkpoint, or weights of another program: a file, or a name ({', '.join(SHIPPED)})"
    found.add_argument("--start", type=Path, metavar="CHECKPOINT", help=help)
    return found


def count(low: int) -> Callable[[str], int]:
    """A function that reads a whole number from ``low`` up, for ``argparse``."""

    def read(text: str) -> int:
        if not text.isdecimal() or int(text) < low:
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {low} up")
        return int(text)

    return read


def start_of(path: Path, chosen: Experiment) -> Start:
    """The shipped checkpoint of this name, or else what this file has for the chosen experiment.

    Raises:
        Unreadable: the file cannot be read, or has nothing that fits.
    """
    if str(path) in SHIPPED:
        return SHIPPED[str(path)]
    data = read_bytes(path)
    try:
        return weights_of(data, chosen)
    except Refusal as refusal:
        raise Unreadable(f"{path}: {refusal}") from None


def read_checkpoint(path: Path, tables: Tables | None = None) -> Checkpoint:
    """Read a checkpoint from a file, whose experiment may name one of the tables.

    Raises:
        Unreadable: the file cannot be read, or is no checkpoint.
    """
    try:
        return decode(read_bytes(path), tables)
    except Refusal as refusal:
        raise Unreadable(f"{path}: {refusal}") from None


def read_json(path: Path) -> Any:
    """The value of a JSON file.

    Raises:
        Unreadable: it cannot be read, or is no JSON.
    """
    try:
        return json.loads(read_bytes(path))
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{path}: it is not JSON: {error}") from None


def read_bytes(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        Unreadable: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror or error}") from None
