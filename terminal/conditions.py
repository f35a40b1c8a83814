"""Conditions on the command line, and what is told where one has stopped the training."""

import json
from typing import Any

from engine import Experiment, Refusal
from engine.run.source import Source
from engine.run.until import Until
from engine.until.reading import plain_of, until_of
from terminal.reading import Unreadable


def conditions_of(text: str, experiment: Experiment) -> Until:
    """Read conditions, in JSON or as a text such as ``loss < 0.1 or dead(2)``.

    Raises:
        Unreadable: they are none, or can never be true in this experiment.
    """
    try:
        return until_of(_plain(text), experiment)
    except Refusal as refusal:
        raise Unreadable(f"--until: {refusal.field}: {refusal}") from None


def _plain(text: str) -> Any:
    if not text.lstrip().startswith(("{", "[")):
        return plain_of(text)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"--until: it is not JSON: {error}") from None


def told(timeline: Source) -> str:
    """The line that says which condition has stopped the training, where, and what it has measured."""
    condition = timeline.ended_by
    assert condition is not None
    measured = [f"{each:.6g}" for each in condition.kind.tells(timeline.measured(timeline.t, condition))]
    step = timeline.locate(max(timeline.t - 1, 0)).training_step
    settings = ", ".join(f"{name} {value}" for name, value in condition.to_dict().items() if name != "name")
    what = f"{condition.name} ({settings})" if settings else condition.name
    numbers = f": {', '.join(measured)}" if measured else ""
    return f"stopped in training step {step:,}, t {timeline.t}, by {what}{numbers}"
