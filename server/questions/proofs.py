"""The questions that prove gradients: elements nudged to both sides, and the true curve of the objective along one."""

from time import perf_counter
from typing import Annotated, Any

from engine.base.refusal import Refusal, index_in, known, listed, one_of
from engine.base.tensors import shape_of
from engine.experiment.changes import LARGEST_VALUE
from engine.explain.passes import passes
from engine.explain.proof import Element, Proof, drawn, reached
from engine.run.source import Source
from server.limits import ASK_SECONDS
from server.protocol.kinds import INDEX, TENSOR, Given, Message, Number, Whole
from server.questions.answer import Answer, moment, passes_to

ELEMENTS = 50  # the most of one question
POINTS = 201  # the most of one curve ...
FEWEST = 5  # ... and where time is short, no fewer than these
SMALLEST_REACH = 1e-6
LARGEST_SEED = 2**32 - 1


class ProofAsked(Message):
    """Elements that are named, drawn, or both; and a curve along the first named one."""

    elements: Annotated[
        Any,
        Given(f"list of 1 to {ELEMENTS} pairs of a tensor and an index", "[string, number[]][]"),
        "those that are named",
    ] = None
    draw: Annotated[int, Whole("number of elements", 1, ELEMENTS), "so many more, with `seed`"] = 0
    seed: Annotated[int, Whole("seed", 0, LARGEST_SEED), "what they are drawn by"] = 0
    reach: Annotated[
        float,
        Number("number", SMALLEST_REACH, LARGEST_VALUE),
        "of the curve to both sides, with `points`",
    ] = 0
    points: Annotated[int, Whole("number of points", 2, POINTS), "of the curve"] = 0


def proof(timeline: Source, t: int, asked: ProofAsked) -> Answer:
    """Elements perturbed to both sides: the ``elements`` that are named, and ``draw`` more, drawn by ``seed``.

    With ``reach`` and ``points`` the curve along the first named one is there too, from its value less the reach to
    its value and the reach. Where time is short, there are fewer of the elements, the first named one at least, and the
    curve has fewer points.
    """
    began, given = perf_counter(), dict.fromkeys(asked.model_fields_set)
    for pair in (("draw", "seed"), ("reach", "points")):
        known("", given, given, required=pair if given.keys() & {*pair} else ())
    known("", given, given, required=() if "draw" in given and "reach" not in given else ("elements",))
    named = _elements(timeline, t, asked.elements) if "elements" in given else []
    reach, points = asked.reach, asked.points
    found = _proof(timeline, t)
    due = began + ASK_SECONDS
    rows = [found.row(*element) for place, element in enumerate(named) if place == 0 or perf_counter() < due]
    curve = _curve(found, named[0], rows[0]["value"] - reach, rows[0]["value"] + reach, points) if points else None
    chosen = drawn(found.experiment, asked.draw, asked.seed)
    more = [found.row(*element) for element in chosen if perf_counter() < due]
    about = {"training_step": found.training_step, "objective": found.objective}
    return {**about, "rows": rows, "drawn": more, "curve": curve}


class CurveAsked(Message):
    """An element and a stretch."""

    tensor: Annotated[Any, TENSOR, "a parameter"]
    index: Annotated[Any, INDEX, "an element of it"]
    low: Annotated[float, Number("number", -LARGEST_VALUE, LARGEST_VALUE), "where the curve begins"]
    high: Annotated[float, Number("number", -LARGEST_VALUE, LARGEST_VALUE), "where it ends"]
    points: Annotated[int, Whole("number of points", 2, POINTS), "of the curve"]


def curve(timeline: Source, t: int, asked: CurveAsked) -> Answer:
    """The objective along one element, from ``low`` to ``high``."""
    element = _element(timeline, t, asked.tensor, asked.index, "tensor", "index")
    low, high = asked.low, asked.high
    if not low < high:
        raise Refusal("invalid", "high", "number", high, f"more than {low:g}", "more_than", low=f"{low:g}")
    return _curve(_proof(timeline, t), element, low, high, asked.points)


class ObjectiveAsked(Message):
    """An element and its other value."""

    tensor: Annotated[Any, TENSOR, "a parameter"]
    index: Annotated[Any, INDEX, "an element of it"]
    value: Annotated[float, Number("value", -LARGEST_VALUE, LARGEST_VALUE), "in place of its own"]


def objective(timeline: Source, t: int, asked: ObjectiveAsked) -> Answer:
    """The objective where one element has another ``value``, and all else is as it was."""
    tensor, index = _element(timeline, t, asked.tensor, asked.index, "tensor", "index")
    return {"value": asked.value, "objective": _proof(timeline, t).along(tensor, index, [asked.value])[0]}


def _proof(timeline: Source, t: int) -> Proof:
    """The proof at t, whose training step is reached in bounded time."""
    moment(timeline, reached(passes_to(timeline, t)))
    return Proof(timeline, t)


def _curve(found: Proof, element: Element, low: float, high: float, points: int) -> Answer:
    """The curve with so many points as there is time for, judged by how long the first takes."""
    began = perf_counter()
    found.along(*element, [low])
    fitting = int(ASK_SECONDS / 2 / (perf_counter() - began))
    return found.curve(*element, low, high, min(points, max(FEWEST, fitting)))


def _elements(timeline: Source, t: int, plain: Any) -> list[Element]:
    pairs = listed("elements", plain)
    if not 1 <= len(pairs) <= ELEMENTS or not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
        expected = f"1 to {ELEMENTS} pairs of a tensor and an index"
        raise Refusal("invalid", "elements", "elements", plain, expected, "pairs", high=ELEMENTS)
    return [_element(timeline, t, *pair, "elements", "elements") for pair in pairs]


def _element(timeline: Source, t: int, tensor: Any, index: Any, *fields: str) -> Element:
    experiment = passes(timeline, t).experiment
    name = one_of(fields[0], "tensor", tensor, experiment.parameters)
    return name, index_in(fields[1], index, shape_of(name, experiment.sizes, 0))
