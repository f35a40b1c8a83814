"""``backscope rebuild``: train the shipped networks anew, on MNIST and by their recipes."""

import argparse
from pathlib import Path
from time import perf_counter
from typing import Any

from engine import Experiment, Timeline
from engine.base.refusal import one_of
from engine.evaluate.evaluation import evaluate
from server.trained.recipes import RECIPES
from server.trained.shipped import FOLDER, file_of, packed
from terminal.output import output
from terminal.reading import Parser, count
from terminal.train import DONE, ENDED, HISTORY_BYTES, interruptions, run


def main(argv: list[str]) -> int:
    """Train each network, print its accuracy and write its file in one move; returns the exit status.

    Raises:
        Unreadable: a file cannot be written.
        Refusal: there is no network of a name.
    """
    options = _parser().parse_args(argv)
    names = [one_of("name", "trained network", name, RECIPES) for name in options.names or RECIPES]
    for name in names:
        if ended := rebuild(name, options.output, options.steps):
            print(f"interrupted: {file_of(name, options.output)} is as it was")
            return ENDED + ended
    return DONE


def _parser() -> Any:
    about = "Train the networks that come along anew, from MNIST, with the fixed seeds of their recipes."
    found = Parser(prog="backscope rebuild", description=about, allow_abbrev=False)
    found.add_argument("names", nargs="*", metavar="NAME", help=f"which (default: all, {', '.join(RECIPES)})")
    found.add_argument(
        "--output", type=Path, default=FOLDER, metavar="DIR", help="where to (default: over the old ones)"
    )
    found.add_argument("--steps", type=count(1), help=argparse.SUPPRESS)  # fewer than in the recipe, for a trial
    return found


def rebuild(name: str, folder: Path = FOLDER, steps: int | None = None) -> int:
    """Train a network by its recipe and write its file.

    Args:
        name: the name of the recipe.
        folder: the folder of the file.
        steps: the number of training steps in place of the recipe's.

    Returns:
        0, or the number of the signal that has ended the training; then nothing is written.
    """
    recipe, began = RECIPES[name], perf_counter()
    timeline = Timeline(Experiment.from_dict(recipe.trained), HISTORY_BYTES)
    with output(file_of(name, folder)) as file, interruptions() as interrupted:
        planned = recipe.epochs * timeline.experiment.steps_per_epoch
        state = run(timeline, planned if steps is None else steps, interrupted, name)
        if interrupted:
            return interrupted[0]
        accuracy = evaluate(timeline.experiment, state, "held_out")["accuracy"]
        data = packed(recipe, state, accuracy)
        file.save(data)
    seconds = perf_counter() - began
    print(f"{name}: {accuracy:.2%} of 10,000 held-out digits right, after {seconds:.0f} s")
    print(f"{file.path} holds it in {len(data) / 1000:.0f} kB")
    return 0
