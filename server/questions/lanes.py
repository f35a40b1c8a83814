"""The questions behind lanes, runs that are compared at a moment: their numbers, and the ground that they stand on."""

from typing import Annotated, Any

import numpy as np

from engine import Experiment
from engine.evaluate.evaluation import evaluate
from engine.health.diagnosis import at
from engine.health.ground import ground as ground_of
from engine.health.races import RACES
from engine.run.source import Source
from server.limits import ASK_SECONDS
from server.protocol.kinds import Message, Nothing, Whole
from server.questions.answer import Answer, moment, passes_to

MOST = 500  # training examples that are evaluated
ROWS = 1000  # row numbers of a mini-batch that are told


class StandingAsked(Message):
    """How much of the data is evaluated."""

    most: Annotated[int, Whole("number of examples", 1, 10**6), "at most so many training examples"] = MOST


def standing(timeline: Source, t: int, asked: StandingAsked) -> Answer:
    """The numbers of a run at this moment: the ``training_step`` that leads to it, its ``loss`` and the norm of its
    gradient, ``gradient_norm``, both null until they are computed; the ``rows`` of the training examples in its
    mini-batch, at most 1000, null where drawings are among them; and ``training``, loss and accuracy as ``evaluate``
    has them.
    """
    found = passes_to(timeline, t)
    experiment, state = at(timeline, t)
    draw = found.experiment.draw(found.training_step)
    rows = draw.chosen_rows() if found.experiment.next_mini_batch else draw.rows()
    loss = found.value("loss")
    gradients = [found.value(name) for name in found.experiment.gradients.values()]
    known = [array for array in gradients if array is not None]
    with np.errstate(all="ignore"):
        squares = sum(float(np.sum(np.square(array, dtype=np.float64))) for array in known)
    return {
        "training_step": found.training_step,
        "loss": None if loss is None else float(loss),
        "gradient_norm": float(np.sqrt(squares)) if len(known) == len(gradients) else None,
        "rows": None if found.experiment.drawings else [int(row) for row in rows[:ROWS]],
        "training": evaluate(experiment, state, "training", asked.most, ASK_SECONDS / 4),
    }


def races(timeline: Source, t: int, asked: Nothing) -> Answer:
    """The ``races`` by their names: ``lanes``, experiments in plain form that differ in one thing; their ``pace``, what
    is the same for all at one time; the ``speed`` of playing; and ``steps``, the training steps of the first lane after
    which the race rests.
    """
    return {
        "races": {name: vars(race) | {"lanes": [_whole(each) for each in race.lanes]} for name, race in RACES.items()}
    }


def _whole(plain: dict[str, Any]) -> dict[str, Any]:
    """An experiment in plain form with all its defaults, as listings have it."""
    return Experiment.from_dict(plain).to_dict()


def ground(timeline: Source, t: int, asked: Nothing) -> Answer:
    """The ``ground`` that a small network's run stands on: solved, on its way (moving), or at rest on a plateau or in a
    local minimum, which its curvature tells apart: ``slope`` is the norm of the gradient over all training examples,
    ``smallest`` and ``largest`` are eigenvalues of the second derivatives of the loss.
    """
    moment(timeline, t)
    experiment, state = at(timeline, t)
    training = evaluate(experiment, state, "training", None, ASK_SECONDS / 4)
    return ground_of(experiment, timeline.segment_at(t).program, state, training)
