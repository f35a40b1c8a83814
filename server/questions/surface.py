"""The questions behind the loss surface: a plane through weight space, the loss over it, and the paths of runs."""

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from time import perf_counter
from typing import Annotated, Any

import numpy as np

from engine import Refusal
from engine.base.refusal import index_in, known, listed, number, one_of, whole
from engine.evaluate.evaluation import chosen_rows
from engine.experiment.changes import LARGEST_T, LARGEST_VALUE
from engine.experiment.experiment import Experiment
from engine.explain.passes import passes
from engine.run.source import Source
from engine.surface import path as paths_of_runs
from engine.surface.plane import (
    Layout,
    Plane,
    in_random_directions,
    layout_of,
    main_directions,
    of_two_weights,
    same_parameters,
)
from engine.surface.plane import through_moments as through
from engine.surface.surface import SIDE, Surface, grid
from server.limits import RUNS, SEEK_SECONDS
from server.protocol.kinds import Given, Message, OneOf, Whole
from server.questions.answer import Answer, Tensors, moment

EXAMPLES = 1000  # of the training split
PATH_SECONDS = 0.05  # to reach moments of paths that are not kept
KEPT = 16  # prepared surfaces of a process
LARGEST_SEED = 2**32 - 1
TRAINING, MINI_BATCH = "training", "mini_batch"
POINT, PATHS = "{run?: string | null, t: number}", "{run?: string | null, moments: number[]}[]"


@dataclass(frozen=True)
class Runs:
    """The run that a question is put to, and all runs on its line by their names."""

    own: Source
    others: Mapping[str, Source]

    def named(self, field: str, name: Any) -> Source:
        """The run of this name; where it is None, the one that the question is put to."""
        found: Source = self.own if name is None else self.others[one_of(field, "run", name, self.others)]
        return found


class SurfacePathsAsked(Message):
    """Which runs."""

    runs: Annotated[
        Any,
        Given(f"list of at most {RUNS} mappings: `t` and, of another run, `run`", f"{POINT}[]"),
        "the end of each path; without it, t of this run alone",
    ] = None


class SurfaceAsked(Message):
    """A plane, and the examples of the loss over it."""

    plane: Annotated[
        Any,
        Given(
            "mapping: `kind` is `moments` (with three `moments`, each a mapping of `t` and, of another run, `run`), "
            "`main_directions` (of `paths`), `weights` (with two `elements`, pairs of a tensor and an index) or "
            "`random` (with a `seed`)",
            f"{{kind: string, moments?: {POINT}[], elements?: [string, number[]][], seed?: number}}",
        ),
        "the plane",
    ]
    paths: Annotated[
        Any,
        Given(f"list of at most {RUNS} mappings: `moments` and, of another run, `run`", PATHS),
        "the paths whose main directions make the plane",
    ] = None
    examples: Annotated[
        str,
        OneOf("examples", (TRAINING, MINI_BATCH)),
        f"{EXAMPLES} of the training split, always the same ones, or those of the mini-batch",
    ] = TRAINING


class SurfaceLossesAsked(SurfaceAsked):
    """A plane, and a grid on it."""

    low: Annotated[Any, Given("list of two numbers", "number[]"), "the least coordinates of the grid"]
    high: Annotated[Any, Given("list of two numbers", "number[]"), "its largest ones"]
    start: Annotated[int, Whole("point", 0, SIDE * SIDE), "how many points are there already"] = 0


class SurfacePointsAsked(SurfaceAsked):
    """A plane, and moments of runs."""

    points: Annotated[
        Any, Given(f"list of at most {RUNS} mappings, as `paths`", PATHS), "the moments; without it those of the paths"
    ] = None
    start: Annotated[int, Whole("point", 0, RUNS * paths_of_runs.MOST), "how many of them are there already"] = 0


def surface_paths(runs: Runs, t: int, asked: SurfacePathsAsked) -> Answer:
    """The ``paths`` of runs, each with its ``run`` and its ``moments``: those whose parameters are kept, or are reached
    in no time; see engine.surface.path.
    """
    found = list[Answer]()
    experiment = runs.own.segment_at(t).experiment
    ends = [{"t": t}] if asked.runs is None else listed("runs", asked.runs, RUNS)
    for i, each in enumerate(ends):
        timeline, end = _moment(runs, each, f"runs.{i}", experiment)
        moment(timeline, end)
        moments = paths_of_runs.path(timeline, end, PATH_SECONDS / len(ends))
        found.append({"run": each.get("run"), "moments": moments})
    return {"paths": found}


def surface_points(runs: Runs, t: int, asked: SurfacePointsAsked) -> Tensors:
    """Where moments of runs lie over a plane: their true ``loss``, and the loss ``below`` them, at the nearest point of
    the plane: from ``start`` on, of as many as there is time for.

    Where the question has no ``start``, the ``coordinates`` of all of them come too, (points, 2), and these facts: how
    many ``examples`` the loss is over; the plane's ``reach``, a length over which the loss may be expected to change;
    and the ``variance``: the share of that of all these moments that lies in the plane, null where they do not differ.
    """
    surface = _prepared(runs, t, asked)
    plane, experiment = surface.plane, runs.own.segment_at(t).experiment
    moments = _moments(runs, asked.paths if asked.points is None else asked.points, "points", experiment)
    deadline, found = perf_counter() + SEEK_SECONDS, list[tuple[float, float]]()
    for each in moments[asked.start :]:
        parameters = _parameters(*each, "points")
        along, across = plane.coordinates(plane.layout.vector(parameters))
        (below,) = surface.losses([(along, across)])
        found.append((surface.true_loss(parameters), below))
        if perf_counter() > deadline:
            break
    loss, below = np.array(found).reshape(-1, 2).T
    if asked.start:
        return Tensors({"loss": loss, "below": below})
    vectors = [plane.layout.vector(_parameters(*each, "points")) for each in moments]
    coordinates = np.array([plane.coordinates(vector) for vector in vectors]).reshape(-1, 2)
    facts: Answer = {"examples": surface.examples, "reach": plane.reach, "variance": _variance(plane, vectors)}
    return Tensors({"coordinates": coordinates, "loss": loss, "below": below}, facts)


def surface_losses(runs: Runs, t: int, asked: SurfaceLossesAsked) -> Tensors:
    """The ``losses`` at the points of a square grid over a plane, from ``start`` on: of as many as there is time for.
    Of each its ``column`` and its ``row``; they come from coarse to fine, see engine.surface.surface.grid.
    """
    low, high = _corner("low", asked.low), _corner("high", asked.high)
    for place in (0, 1):
        if not low[place] < high[place]:
            expected = f"more than {low[place]:g}"
            raise Refusal("invalid", "high", "number", high[place], expected, "more_than", low=f"{low[place]:g}")
    surface = _prepared(runs, t, asked)
    places = grid()[asked.start :]
    lines = [np.linspace(low[place], high[place], SIDE) for place in (0, 1)]
    losses = (
        surface.losses([(lines[0][i], lines[1][j]) for i, j in places], SEEK_SECONDS) if len(places) else places[:, 0]
    )
    column, row = places[: len(losses)].T
    return Tensors({"losses": losses, "column": column, "row": row}, {"examples": surface.examples})


# A page asks for a surface a part at a time. What the parts have in common follows from the experiments, the moment and
# the question alone, and the last ones are kept.

_kept: OrderedDict[tuple[Any, ...], tuple[list[Any], Surface]] = OrderedDict()
_lock = Lock()


def _prepared(runs: Runs, t: int, asked: SurfaceAsked) -> Surface:
    experiments = [each.experiment for each in (runs.own, *runs.others.values())]
    names = (*runs.others,)
    key = (t, names, *map(id, experiments), asked.examples, json.dumps([asked.plane, asked.paths], sort_keys=True))
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key][1]
    surface = _surface(runs, t, asked)
    with _lock:
        _kept[key] = experiments, surface  # the experiments too, so that no other has the id of one of them
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return surface


def _surface(runs: Runs, t: int, asked: SurfaceAsked) -> Surface:
    timeline = runs.own
    moment(timeline, t)
    experiment = timeline.segment_at(t).experiment
    plane = _plane(runs, t, asked, experiment)
    if asked.examples == MINI_BATCH:
        found = passes(timeline, t)
        drawn = sum(1 for step in found.program if step.layer == 0 and step.phase == "forward")
        state = timeline.seek(found.begin + drawn)
        return Surface(experiment, plane, state["a0"], state["y"])
    x, y = experiment.data.split("training")
    rows = chosen_rows(len(x), EXAMPLES)
    return Surface(experiment, plane, experiment.data.seen(x[rows], experiment.numpy_dtype), y[rows])


def _plane(runs: Runs, t: int, asked: SurfaceAsked, experiment: Experiment) -> Plane:
    layout = layout_of(experiment)
    plain = known("plane", asked.plane, ("kind", "moments", "elements", "seed"), required=("kind",))
    kind = one_of("plane.kind", "plane", plain["kind"], ("moments", "main_directions", "weights", "random"))
    if kind == "main_directions":
        moments = _moments(runs, asked.paths, "paths", experiment)
        return main_directions(layout, [layout.vector(_parameters(*each, "paths")) for each in moments])
    if kind == "moments":
        known("plane", plain, plain, required=("moments",))
        given = _so_many("plane.moments", plain["moments"], 3)
        found = [_moment(runs, each, f"plane.moments.{i}", experiment) for i, each in enumerate(given)]
        return through(layout, [layout.vector(_parameters(*each, "plane.moments")) for each in found])
    origin = layout.vector(_parameters(runs.own, t, "plane"))
    if kind == "random":
        return in_random_directions(layout, origin, whole("plane.seed", "seed", plain.get("seed", 0), 0, LARGEST_SEED))
    known("plane", plain, plain, required=("elements",))
    first, second = (_element(layout, each) for each in _so_many("plane.elements", plain["elements"], 2))
    return of_two_weights(layout, origin, (first, second))


def _element(layout: Layout, plain: Any) -> int:
    """The place of an element, as [tensor, index], in a vector."""
    name, index = _so_many("plane.elements", plain, 2)
    tensor = one_of("plane.elements", "tensor", name, dict(layout.shapes))
    return layout.place(tensor, index_in("plane.elements", index, dict(layout.shapes)[tensor]))


def _moments(runs: Runs, plain: Any, field: str, experiment: Experiment) -> list[tuple[Source, int]]:
    """The moments of all paths, one after the other."""
    found = list[tuple[Source, int]]()
    for i, each in enumerate(listed(field, [] if plain is None else plain, RUNS)):
        known(f"{field}.{i}", each, ("run", "moments"), required=("moments",))
        for t in listed(f"{field}.{i}.moments", each["moments"], paths_of_runs.MOST + 1):
            found.append(_moment(runs, {**each, "t": t}, f"{field}.{i}", experiment))
    return found


def _moment(runs: Runs, plain: Any, field: str, experiment: Experiment) -> tuple[Source, int]:
    """A moment of a run whose network has the same parameters."""
    known(field, plain, ("run", "t", "moments"), required=("t",))
    timeline = runs.named(f"{field}.run", plain.get("run"))
    t = whole(f"{field}.t", "t", plain["t"], 0, LARGEST_T)
    if not same_parameters(timeline.segment_at(t).experiment, experiment):
        raise Refusal("unfit", f"{field}.t", "t", t, "a network with the same parameters", "same_parameters")
    return timeline, t


def _parameters(timeline: Source, t: int, field: str) -> Mapping[str, np.ndarray]:
    """The parameters at a moment, which is kept or has been sought."""
    state = timeline.carried_at(t) if paths_of_runs.is_kept(timeline, t) else moment(timeline, t)
    if not all(np.isfinite(state[name]).all() for name in timeline.segment_at(t).experiment.parameters):
        raise Refusal("unfit", field, "t", t, "its numbers are not finite", "finite")
    return state


def _variance(plane: Plane, vectors: list[np.ndarray]) -> float | None:
    """The share of the variance of points that lies in a plane."""
    mean = sum(vectors, np.zeros(plane.layout.size)) / max(len(vectors), 1)
    total = inside = 0.0
    for vector in vectors:
        apart = vector - mean
        total += float(apart @ apart)
        inside += float(np.square(plane.axes @ apart).sum())
    return inside / total if total else None


def _corner(field: str, plain: Any) -> list[float]:
    return [number(field, "number", each, -LARGEST_VALUE, LARGEST_VALUE) for each in _so_many(field, plain, 2)]


def _so_many(field: str, plain: Any, count: int) -> list[Any]:
    found = listed(field, plain)
    if len(found) != count:
        raise Refusal("invalid", field, field, plain, f"a list of {count}", "list_of", count=count)
    return found
