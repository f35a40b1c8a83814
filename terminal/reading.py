"""The input of the commands: their arguments, an experiment's file, a checkpoint."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from engine import Experiment, Refusal
from engine.experiment.experiment import Start
from server.checkpoints.codec import Checkpoint, decode
from server.trained.shipped import SHIPPED
from server.weights.start import start_of

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
    found.add_argument("experiment", type=Path, metavar="EXPERIMENT.json", help="the experiment")
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


def experiment(path: Path, seed: int | None = None, checkpoint: Path | None = None) -> Experiment:
    """Read an experiment from a file.

    Args:
        path: the JSON file.
        seed: the seed to use in place of the experiment's.
        checkpoint: the name of a shipped network or the path of a file whose parameters the run starts from.

    Raises:
        Unreadable: a file cannot be read, or is no experiment or no checkpoint that fits.
    """
    plain = _json(path)
    if isinstance(plain, dict):
        plain |= {} if seed is None else {"seed": seed}
        plain |= {"start": None} if checkpoint else {}
    try:
        found = Experiment.from_dict(plain, SHIPPED)
        if not checkpoint:
            return found
        start = _start(checkpoint, found)
        return Experiment.from_dict(plain | {"start": start.name}, {start.name: start})
    except Refusal as refusal:
        raise Unreadable(f"{path}: {refusal.field + ': ' if refusal.field else ''}{refusal}") from None


def _start(path: Path, chosen: Experiment) -> Start:
    """The shipped checkpoint of this name, or else what this file has for the chosen experiment."""
    if str(path) in SHIPPED:
        return SHIPPED[str(path)]
    data = read_bytes(path)
    try:
        return start_of(data, chosen)
    except Refusal as refusal:
        raise Unreadable(f"{path}: {refusal}") from None


def read_checkpoint(path: Path) -> Checkpoint:
    """Read a checkpoint from a file.

    Raises:
        Unreadable: the file cannot be read, or is no checkpoint.
    """
    try:
        return decode(read_bytes(path))
    except Refusal as refusal:
        raise Unreadable(f"{path}: {refusal}") from None


def _json(path: Path) -> Any:
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
