"""The questions behind a map: which axes it may have, and what has become of its runs."""

from concurrent.futures import BrokenExecutor
from dataclasses import asdict, replace
from typing import Annotated, Any

import numpy as np

from engine.base.refusal import Refusal, known
from engine.experiment.experiment import Experiment
from engine.maps import outcome
from engine.maps.axes import axes, axis
from engine.maps.map import POINTS, SIDES, Part
from engine.run.source import Source
from server.limits import PART_SECONDS
from server.maps.desk import Desk
from server.protocol.kinds import Given, Message, Nothing, Whole
from server.questions.answer import Answer, Tensors

FEWEST_STEPS, STEPS, MOST_STEPS = 10, 200, 2000
AXIS = Given("mapping: `field` (of `map_settings`), `low` and `high`", "{field: string, low: number, high: number}")


def map_settings(timeline: Source, t: int, asked: Nothing) -> Answer:
    """What a map of the structure in force may be: its ``axes``, each with its ``field`` in the experiment's plain
    form, its ``symbol``, where it begins (``low``, ``high``), how far it can lead (``least``, ``most``), whether it is
    ``logarithmic`` or ``whole``, and the ``value`` that the run has, or null; the ``sides`` and ``training_steps`` that
    are offered; the ``experiment`` that its runs share, without changes; and how its ``outcomes`` are told apart.
    """
    experiment = _experiment(timeline, t)
    known_axes = axes(experiment).values()
    return {
        "axes": [{**asdict(each), "value": each.of(experiment)} for each in known_axes],
        "sides": SIDES,
        "training_steps": {"low": FEWEST_STEPS, "usual": STEPS, "high": MOST_STEPS},
        "experiment": experiment.to_dict(),
        "outcomes": {"names": outcome.OUTCOMES, "low": outcome.LOW, "fallen": outcome.FALLEN, "risen": outcome.RISEN},
    }


class MapAsked(Message):
    """A map, and how much of it is known."""

    x: Annotated[Any, AXIS, "the setting that differs from column to column"]
    y: Annotated[Any, AXIS, "the setting that differs from row to row, the lowest first"]
    side: Annotated[int, Whole("runs on a side", min(SIDES), max(SIDES)), "how many columns and rows"] = max(SIDES)
    training_steps: Annotated[
        int, Whole("number of training steps", FEWEST_STEPS, MOST_STEPS), "how long each run trains"
    ] = STEPS
    start: Annotated[int, Whole("number of runs", 0, max(SIDES) ** 2), "how many runs are known already"] = 0


def map(timeline: Source, desk: Desk, t: int, asked: MapAsked) -> Tensors:
    """What has become of the runs of a map, those that have been computed since the first ``start``: of each its
    ``column``, its ``row``, its ``outcome`` as a place in the list of ``map_settings``, and its ``curves``, the losses
    of some training steps. Ask again until all are there; where the answer has none, they are still being computed.

    All runs are computed side by side, so the last bits of their numbers are not those of the same run alone.

    The facts are: how many runs there will be (``of``), the ``values`` of the columns and of the rows, the training
    ``steps`` of the curves, and the ``level`` that losses are compared with.
    """
    if asked.side not in SIDES:
        choices = [f"{side}" for side in SIDES]
        expected = f"one of: {', '.join(choices)}"
        raise Refusal("unknown", "side", "runs on a side", asked.side, expected, "one_of", choices=choices)
    experiment = _experiment(timeline, t)
    given = {
        field: known(field, plain, ("field", "low", "high"), required=("field", "low", "high"))
        for field, plain in (("x", asked.x), ("y", asked.y))
    }
    across, up = (axis(experiment, f"{field}.field", plain["field"]) for field, plain in given.items())
    columns, rows = (
        tuple(each.values(plain["low"], plain["high"], asked.side, field))
        for each, (field, plain) in zip((across, up), given.items(), strict=True)
    )
    job = desk.job(experiment, (across, up), (columns, rows), asked.training_steps)
    try:
        found = job.since(asked.start, PART_SECONDS)
    except BrokenExecutor as error:
        raise desk.give_up(job, error) from error
    facts: Answer = {
        "of": job.map.side**2,
        "values": job.map.values,
        "steps": job.map.steps_of_curves.tolist(),
        "level": outcome.level(experiment),
    }
    return Tensors(_joined(found), facts)


def _joined(found: list[tuple[np.ndarray, Part]]) -> dict[str, np.ndarray]:
    cells = np.concatenate([np.empty((0, 2), int), *(cells for cells, _ in found)])
    outcomes = np.concatenate([np.empty(0, int), *(part.outcomes for _, part in found)])
    curves = np.concatenate([part.curves for _, part in found]) if found else np.empty((0, POINTS))
    return {"column": cells[:, 0], "row": cells[:, 1], "outcome": outcomes, "curves": curves}


def _experiment(timeline: Source, t: int) -> Experiment:
    """The experiment that runs of a map share: the structure in force at t, and the learning rate that has been set."""
    experiment = replace(timeline.segment_at(t).experiment, next_mini_batch=None)
    rates = [
        change.structure["optimizer"].get("learning_rate") if change.structure else change.value
        for change in timeline.experiment.changes
        if change.t <= t and (change.tensor == "learning_rate" or "optimizer" in change.structure)
    ]
    recorded = experiment.dataset.recorded
    if not rates and recorded and len(recorded.rates) > 1:
        expected = "its learning rate changes from step to step; set one first"
        raise Refusal("unfit", "question", "data set", experiment.dataset.name, expected, "recorded_rates")
    if not rates or rates[-1] is None:
        return experiment
    return replace(experiment, training=replace(experiment.training, learning_rate=rates[-1]))
