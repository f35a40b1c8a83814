"""The questions behind what a network has learned: how it answers a split, its data, and its history."""

from typing import Annotated, Any

from engine import Refusal
from engine.base.refusal import listed, whole
from engine.data.dataset import SPLITS
from engine.evaluate import histories
from engine.evaluate import predictions as predicted
from engine.evaluate.evaluation import grid_over
from engine.experiment.changes import LARGEST_T
from engine.run.source import Source
from server.limits import PART_SECONDS
from server.protocol.kinds import UNIT, Given, Message, Nothing, Number, OneOf, Whole
from server.questions.answer import Answer, Tensors, moment

SHOWN = 100  # examples whose inputs travel at once
MOMENTS = 16  # of a history of weights or answers
EVALUATED = 64  # moments of a history of evaluations
NEURONS = 24  # of a history of weights
POINTS = {1: 100, 2: 40}  # of the grid of a history of answers, on a side


class PredictionsAsked(Message):
    """Which examples."""

    split: Annotated[str, OneOf("split", SPLITS), "the training or the held-out examples"]
    start: Annotated[int, Whole("row", 0, 10**6), "the first example"] = 0
    count: Annotated[Annotated[int, Whole("number of examples", 1, 10**6)] | None, "at most so many from there"] = None
    most: Annotated[
        Annotated[int, Whole("number of examples", 1, 10**6)] | None, "a sample of so many of the whole split"
    ] = None
    output: Annotated[Any, UNIT, "the output whose values are told"] = 0


def predictions(timeline: Source, t: int, asked: PredictionsAsked) -> Tensors:
    """The answers to the examples of a ``split`` from ``start`` on: as many as there is time for, at most ``count``.
    See engine.evaluate.predictions; ``most`` makes it a sample, and ``output`` is the one whose values are told.
    """
    experiment = timeline.segment_at(t).experiment
    output = whole("output", "unit", asked.output, 0, experiment.sizes[-1] - 1)
    state = moment(timeline, t)
    part = asked.split, asked.start, asked.count, asked.most
    return Tensors(predicted.predictions(experiment, state, *part, PART_SECONDS, output))


class Inputs(Message):
    """Which examples."""

    split: Annotated[str, OneOf("split", SPLITS), "the training or the held-out examples"]
    rows: Annotated[Any, Given(f"list of 1 to {SHOWN} whole numbers", "number[]"), "examples of it"]


def inputs(timeline: Source, t: int, asked: Inputs) -> Tensors:
    """The inputs ``x`` of some ``rows`` of a ``split`` as the network sees them, and their targets ``y``."""
    data = timeline.experiment.data
    x, y = data.split(asked.split)
    rows = [whole("rows", "row", row, 0, len(x) - 1) for row in _few("rows", asked.rows, SHOWN)]
    return Tensors({"x": x[rows] * data.scale, "y": y[rows]})


def averages(timeline: Source, t: int, asked: Nothing) -> Tensors:
    """The mean of the training inputs of each class; nothing where targets are no classes."""
    data = timeline.experiment.data
    return Tensors(predicted.averages(data) if data.kind == "classes" else {})


class EvaluationHistoryAsked(Message):
    """Which moments."""

    before: Annotated[int, Whole("t", 0, LARGEST_T), "the moment before which they lie"]
    most: Annotated[int, Whole("number of moments", 2, EVALUATED), "at most so many moments in all"]
    examples: Annotated[int, Whole("number of examples", 1, 1000), "at most so many examples of each split"]


def evaluation_history(timeline: Source, t: int, asked: EvaluationHistoryAsked) -> Answer:
    """Loss and accuracy at kept moments up to t, from the latest one that lies ``before`` another: ``moments``, as many
    as there is time for, each with its ``t`` and what `evaluate` says of each split; and how many are ``left``.
    """
    moment(timeline, t)
    found, left = histories.evaluation_history(timeline, t, asked.before, asked.most, asked.examples, PART_SECONDS)
    return {"moments": found, "left": left}


class WeightsHistoryAsked(Message):
    """Which neurons."""

    units: Annotated[Any, Given(f"list of 1 to {NEURONS} units of layer 1", "number[]"), "whose weights"]
    most: Annotated[int, Whole("number of moments", 2, MOMENTS), "at most so many moments"]


def weights_history(timeline: Source, t: int, asked: WeightsHistoryAsked) -> Tensors:
    """The rows of W1 of some ``units`` at moments up to t, at most ``most`` of them."""
    highest = timeline.experiment.sizes[1] - 1
    units = [whole("units", "unit", unit, 0, highest) for unit in _few("units", asked.units, NEURONS)]
    moment(timeline, t)
    return Tensors(histories.weights_history(timeline, t, units, asked.most))


class ResponseHistoryAsked(Message):
    """An output and a grid."""

    unit: Annotated[Any, UNIT, "the output"]
    low: Annotated[float, Number("low", -1e6, 1e6), "where the grid begins"]
    high: Annotated[float, Number("high", -1e6, 1e6), "where it ends"]
    points: Annotated[Any, Given("whole number, 2 to 40; to 100 where there is one input", "number"), "on a side"]
    most: Annotated[int, Whole("number of moments", 2, MOMENTS), "at most so many moments"]


def response_history(timeline: Source, t: int, asked: ResponseHistoryAsked) -> Tensors:
    """What an output ``unit`` answers over a grid of inputs at moments up to t, at most ``most`` of them."""
    sizes = timeline.experiment.sizes
    if sizes[0] not in POINTS:
        expected = f"this network has {sizes[0]} inputs"
        raise Refusal("unfit", "question", "question", "response_history", expected, "inputs", count=sizes[0])
    unit = whole("unit", "unit", asked.unit, 0, sizes[-1] - 1)
    points = whole("points", "number of points", asked.points, 2, POINTS[sizes[0]])
    moment(timeline, t)
    found = histories.response_history(
        timeline, t, unit, grid_over(asked.low, asked.high, sizes[0], points), asked.most, PART_SECONDS
    )
    return Tensors({**found, "response": found["response"].reshape(-1, *(points,) * sizes[0])})


def _few(field: str, plain: Any, most: int) -> list[Any]:
    """A list of 1 to so many."""
    found = listed(field, plain)
    if not 1 <= len(found) <= most:
        raise Refusal("invalid", field, field, f"{len(found)}", f"1 to {most}", "range", low=1, high=most)
    return found
