"""The troubles of a run at a moment, as a page asks for them."""

from typing import Any

from engine import Timeline
from engine.evaluate.evaluation import evaluate
from engine.health.diagnosis import at, diagnose
from engine.health.troubles import Moment, troubles


def moment(timeline: Timeline, training_step: int, losses: Any = ()) -> Moment:
    timeline.seek(t := timeline.t_of(training_step))
    chosen, state = at(timeline, t)
    training, held_out = (evaluate(chosen, state, split, 500) for split in ("training", "held_out"))
    return Moment(chosen, state, diagnose(chosen, state), training, held_out, losses)


def named(timeline: Timeline, training_step: int, losses: Any = ()) -> list[str]:
    """The names of the troubles at the beginning of a training step."""
    return [trouble["name"] for trouble in troubles(moment(timeline, training_step, losses))]
