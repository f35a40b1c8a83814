"""The questions behind what a network has learned: how it answers a split, its data, and its past."""

from typing import Any

from engine import Refusal, Timeline
from engine.base.refusal import known, listed, number, one_of, whole
from engine.data.dataset import SPLITS
from engine.evaluate import film, judging
from engine.evaluate.evaluation import grid_over
from server.limits import JUDGE_SECONDS
from server.questions.answer import Tensors, moment

SHOWN = 100  # examples whose inputs travel at once
STILLS = 16  # moments of a film
FILMED = 24  # neurons of a film
FILM_POINTS = {1: 100, 2: 40}  # of a grid, on a side


def judge(timeline: Timeline, t: int, fields: dict[str, Any]) -> Tensors:
    """The answers to the examples of a ``split`` from ``start`` on: as many as there is time for, at most ``count``.
    See engine.evaluate.judging; ``most`` makes it a sample, and ``output`` is the one whose values are told.
    """
    known("", fields, ("split", "start", "count", "most", "output"), required=("split",))
    experiment = timeline.segment_at(t).experiment
    split = one_of("split", "split", fields["split"], SPLITS)
    start = whole("start", "row", fields.get("start", 0), 0, 10**6)
    count, most = (_positive(name, fields.get(name)) for name in ("count", "most"))
    output = whole("output", "unit", fields.get("output", 0), 0, experiment.sizes[-1] - 1)
    state = moment(timeline, t)
    return Tensors(judging.judge(experiment, state, split, start, count, most, JUDGE_SECONDS, output))


def inputs(timeline: Timeline, t: int, fields: dict[str, Any]) -> Tensors:
    """The inputs ``x`` of some ``rows`` of a ``split`` as the network sees them, and their targets ``y``."""
    known("", fields, ("split", "rows"), required=("split", "rows"))
    data = timeline.experiment.data
    x, y = data.split(one_of("split", "split", fields["split"], SPLITS))
    rows = [whole("rows", "row", row, 0, len(x) - 1) for row in _few("rows", fields["rows"], SHOWN)]
    return Tensors({"x": x[rows] * data.scale, "y": y[rows]})


def averages(timeline: Timeline, t: int, fields: dict[str, Any]) -> Tensors:
    """The mean of the training inputs of each class; nothing where targets are no classes."""
    known("", fields, ())
    data = timeline.experiment.data
    return Tensors(judging.averages(data) if data.kind == "classes" else {})


def weights_film(timeline: Timeline, t: int, fields: dict[str, Any]) -> Tensors:
    """The rows of W1 of some ``units`` at moments up to t, at most ``most`` of them."""
    known("", fields, ("units", "most"), required=("units", "most"))
    highest = timeline.experiment.sizes[1] - 1
    units = [whole("units", "unit", unit, 0, highest) for unit in _few("units", fields["units"], FILMED)]
    most = whole("most", "number of moments", fields["most"], 2, STILLS)
    moment(timeline, t)
    return Tensors(film.weights(timeline, t, units, most))


def response_film(timeline: Timeline, t: int, fields: dict[str, Any]) -> Tensors:
    """What an output ``unit`` answers over a grid of inputs at moments up to t, at most ``most`` of them."""
    names = ("unit", "low", "high", "points", "most")
    known("", fields, names, required=names)
    sizes = timeline.experiment.sizes
    if sizes[0] not in FILM_POINTS:
        expected = f"this network has {sizes[0]} inputs"
        raise Refusal("unfit", "question", "question", "response_film", expected, "inputs", count=sizes[0])
    unit = whole("unit", "unit", fields["unit"], 0, sizes[-1] - 1)
    low, high = (number(name, name, fields[name], -1e6, 1e6) for name in ("low", "high"))
    points = whole("points", "number of points", fields["points"], 2, FILM_POINTS[sizes[0]])
    most = whole("most", "number of moments", fields["most"], 2, STILLS)
    moment(timeline, t)
    found = film.responses(timeline, t, unit, grid_over(low, high, sizes[0], points), most, JUDGE_SECONDS)
    return Tensors({**found, "response": found["response"].reshape(-1, *(points,) * sizes[0])})


def _positive(name: str, value: Any) -> int | None:
    return None if value is None else whole(name, "number of examples", value, 1, 10**6)


def _few(field: str, plain: Any, most: int) -> list[Any]:
    """A list of 1 to so many."""
    found = listed(field, plain)
    if not 1 <= len(found) <= most:
        raise Refusal("invalid", field, field, f"{len(found)}", f"1 to {most}", "range", low=1, high=most)
    return found
