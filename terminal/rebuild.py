"""``backscope rebuild``: train the networks that come along anew, from MNIST and by their recipes."""

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
from terminal.reading import Words, count
from terminal.train import DONE, ENDED, HISTORY_BYTES, interruptions, run


def main(argv: list[str]) -> int:
    """Train each, say how good it has become, and write its file in one move.

    Raises:
        Unreadable, Refusal: there is no such network, or its file cannot be written.
    """
    options = _words().parse_args(argv)
    names = [one_of("name", "trained network", name, RECIPES) for name in options.names or RECIPES]
    for name in names:
        if ended := rebuild(name, options.output, options.steps):
            print(f"interrupted: {file_of(name, options.output)} is as it was")
            return ENDED + ended
    return DONE


def _words() -> Any:
    about = "Train the networks that come along anew, from MNIST, with the fixed seeds of their recipes."
    found = Words(prog="backscope rebuild", description=about, allow_abbrev=False)
    found.add_argument("names", nargs="*", metavar="NAME", help=f"which (default: all, {', '.join(RECIPES)})")
    found.add_argument(
        "--output", type=Path, default=FOLDER, metavar="DIR", help="where to (default: over the old ones)"
    )
    found.add_argument("--steps", type=count(1), help=argparse.SUPPRESS)  # fewer than the recipe says, to try it out
    return found


def rebuild(name: str, folder: Path = FOLDER, steps: int | None = None) -> int:
    """Train by the recipe of this name, or for so many training steps of it, and write the file. Gives 0, or the number
    of the signal that has ended it, and then nothing is written.
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
