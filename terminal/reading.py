"""What the commands read: their words, an experiment's file, a checkpoint."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from engine import Experiment, Refusal
from engine.experiment.experiment import Start
from server.checkpoints.codec import Checkpoint, decode
from server.trained.shipped import SHIPPED

BAD_INPUT = 2  # the exit status


class Unreadable(Exception):
    """Bad input, said in one line."""


class Words(argparse.ArgumentParser):
    """The words of a command; what is wrong with them is said in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"{self.prog}: {message}\n")


def words(command: str, description: str) -> Words:
    """The words that every command on an experiment takes."""
    found = Words(prog=f"backscope {command}", description=description, allow_abbrev=False)
    found.add_argument("experiment", type=Path, metavar="EXPERIMENT.json", help="the experiment")
    found.add_argument("--seed", type=count(0), help="another seed than the experiment's")
    help = f"start from this checkpoint's parameters: a file, or one that comes along ({', '.join(SHIPPED)})"
    found.add_argument("--start", type=Path, metavar="CHECKPOINT", help=help)
    return found


def count(low: int) -> Callable[[str], int]:
    """The reader of a whole number that is not below ``low``."""

    def read(text: str) -> int:
        if not text.isdecimal() or int(text) < low:
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {low} up")
        return int(text)

    return read


def experiment(path: Path, seed: int | None = None, checkpoint: Path | None = None) -> Experiment:
    """The experiment of a file, with another seed or from a checkpoint where they are given.

    Raises:
        Unreadable: a file cannot be read, or what it says does not fit.
    """
    plain = _json(path)
    start = _start(checkpoint) if checkpoint else None
    if isinstance(plain, dict):
        plain |= {} if seed is None else {"seed": seed}
        plain |= {"start": start.name} if start else {}
    try:
        return Experiment.from_dict(plain, {start.name: start} if start else SHIPPED)
    except Refusal as refusal:
        raise Unreadable(f"{path}: {refusal.field + ': ' if refusal.field else ''}{refusal}") from None


def _start(path: Path) -> Start:
    """The checkpoint of a name that comes along, or else of a file."""
    if str(path) in SHIPPED:
        return SHIPPED[str(path)]
    return opened(path).start


def opened(path: Path) -> Checkpoint:
    """The checkpoint of a file.

    Raises:
        Unreadable: it is none.
    """
    try:
        return decode(_bytes(path))
    except Refusal as refusal:
        raise Unreadable(f"{path}: {refusal}") from None


def _json(path: Path) -> Any:
    try:
        return json.loads(_bytes(path))
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{path}: it is not JSON: {error}") from None


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror or error}") from None
