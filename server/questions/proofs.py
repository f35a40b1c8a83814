"""The questions that prove gradients: elements nudged to both sides, and the true curve of the objective along one."""

from time import perf_counter
from typing import Any

from engine import Timeline
from engine.base.refusal import Refusal, index_in, known, listed, number, one_of, whole
from engine.base.tensors import shape_of
from engine.experiment.changes import LARGEST_VALUE
from engine.explain.passes import passes
from engine.explain.proof import Element, Proof, drawn, reached
from server.limits import ASK_SECONDS
from server.questions.answer import Answer, moment, passes_to

ELEMENTS = 50  # the most of one question
POINTS = 201  # the most of one curve ...
FEWEST = 9  # ... and where time is short, no fewer than these
SMALLEST_REACH = 1e-6
LARGEST_SEED = 2**32 - 1


def proof(timeline: Timeline, t: int, fields: dict[str, Any]) -> Answer:
    """Elements nudged to both sides: the ``elements`` that are named, and ``draw`` more, drawn by ``seed``.

    With ``reach`` and ``points`` the curve along the first named one is there too, from its value less the reach to
    its value and the reach. Where time is short, fewer are drawn and the curve has fewer points.
    """
    known("", fields, ("elements", "draw", "seed", "reach", "points"))
    began = perf_counter()
    for pair in (("draw", "seed"), ("reach", "points")):
        known("", fields, fields, required=pair if fields.keys() & {*pair} else ())
    known("", fields, fields, required=() if "draw" in fields and "reach" not in fields else ("elements",))
    named = _elements(timeline, t, fields["elements"]) if "elements" in fields else []
    count, seed = _draw(fields) if "draw" in fields else (0, 0)
    reach, points = _reach(fields) if "reach" in fields else (0.0, 0)
    found = _proof(timeline, t)
    rows = [found.row(*element) for element in named]
    curve = _curve(found, named[0], rows[0]["value"] - reach, rows[0]["value"] + reach, points) if points else None
    chosen = drawn(found.experiment, count, seed)
    more = [found.row(*element) for element in chosen if perf_counter() < began + ASK_SECONDS]
    about = {"training_step": found.training_step, "objective": found.objective}
    return {**about, "rows": rows, "drawn": more, "curve": curve}


def curve(timeline: Timeline, t: int, fields: dict[str, Any]) -> Answer:
    """The objective along one element, from ``low`` to ``high``."""
    names = ("tensor", "index", "low", "high", "points")
    known("", fields, names, required=names)
    element = _element(timeline, t, fields["tensor"], fields["index"], "tensor", "index")
    low, high = (number(name, "number", fields[name], -LARGEST_VALUE, LARGEST_VALUE) for name in ("low", "high"))
    if not low < high:
        raise Refusal("invalid", "high", "number", high, f"more than {low:g}", "more_than", low=f"{low:g}")
    return _curve(_proof(timeline, t), element, low, high, _points(fields["points"]))


def objective(timeline: Timeline, t: int, fields: dict[str, Any]) -> Answer:
    """The objective where one element has another ``value``, and all else is as it was."""
    names = ("tensor", "index", "value")
    known("", fields, names, required=names)
    tensor, index = _element(timeline, t, fields["tensor"], fields["index"], "tensor", "index")
    value = number("value", "value", fields["value"], -LARGEST_VALUE, LARGEST_VALUE)
    return {"value": value, "objective": _proof(timeline, t).along(tensor, index, [value])[0]}


def _proof(timeline: Timeline, t: int) -> Proof:
    """The proof at t, whose training step is reached in bounded time."""
    moment(timeline, reached(passes_to(timeline, t)))
    return Proof(timeline, t)


def _curve(found: Proof, element: Element, low: float, high: float, points: int) -> Answer:
    """The curve with so many points as there is time for, judged by how long the first takes."""
    began = perf_counter()
    found.along(*element, [low])
    fitting = int(ASK_SECONDS / 2 / (perf_counter() - began))
    return found.curve(*element, low, high, min(points, max(FEWEST, fitting)))


def _elements(timeline: Timeline, t: int, plain: Any) -> list[Element]:
    pairs = listed("elements", plain)
    if not 1 <= len(pairs) <= ELEMENTS or not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
        expected = f"1 to {ELEMENTS} pairs of a tensor and an index"
        raise Refusal("invalid", "elements", "elements", plain, expected, "pairs", high=ELEMENTS)
    return [_element(timeline, t, *pair, "elements", "elements") for pair in pairs]


def _element(timeline: Timeline, t: int, tensor: Any, index: Any, *fields: str) -> Element:
    experiment = passes(timeline, t).experiment
    name = one_of(fields[0], "tensor", tensor, experiment.parameters)
    return name, index_in(fields[1], index, shape_of(name, experiment.sizes, 0))


def _draw(fields: dict[str, Any]) -> tuple[int, int]:
    count = whole("draw", "number of elements", fields["draw"], 1, ELEMENTS)
    return count, whole("seed", "seed", fields["seed"], 0, LARGEST_SEED)


def _reach(fields: dict[str, Any]) -> tuple[float, int]:
    return number("reach", "number", fields["reach"], SMALLEST_REACH, LARGEST_VALUE), _points(fields["points"])


def _points(plain: Any) -> int:
    return whole("points", "number of points", plain, 2, POINTS)
