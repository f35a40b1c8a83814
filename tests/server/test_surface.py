"""The questions of the loss surface: its losses and gaps are the engine's, part by part, and over several runs."""

import json
from time import perf_counter

import numpy as np
import pytest

from engine import Experiment, Timeline
from engine.evaluate.evaluation import chosen_rows
from engine.experiment.presets import PRESETS
from engine.surface.plane import layout_of, main_directions, through_moments
from engine.surface.surface import SIDE, Surface
from server.questions import surface as questions
from tests.helpers.networks import plain
from tests.helpers.session import XOR, look, reach, say, started

MAIN = {"kind": "main_directions"}
BATCH_NORM = [{"units": 3, "activation": "tanh", "batch_norm": True}, {"units": 1, "activation": "sigmoid"}]


def paths_of(session, t, *runs):
    named = {"runs": [{"run": name, "t": t} for name in runs]} if runs else {}
    return say(session, command="ask", question="surface_paths", t=t, **named)["answer"]["paths"]


def points_of(session, t, **fields):
    """All points of a question, part by part."""
    count = sum(len(path["moments"]) for path in fields.get("points", fields.get("paths", [])))
    tensors, metadata = look(session, command="ask", question="surface_points", t=t, **fields)
    parts, start, facts = [tensors], len(tensors["loss"]), metadata["facts"]
    while start < count:
        parts.append(look(session, command="ask", question="surface_points", t=t, start=start, **fields)[0])
        start += len(parts[-1]["loss"])
    losses = {name: np.concatenate([part[name] for part in parts]) for name in ("loss", "below")}
    return {"coordinates": tensors["coordinates"], **losses}, facts


def losses_of(session, t, **fields):
    """All losses of the grid, row by row, part by part; and how many parts it took."""
    found, start, parts = np.full((SIDE, SIDE), np.nan), 0, 0
    while start < SIDE * SIDE:
        tensors, _ = look(session, command="ask", question="surface_losses", t=t, start=start, **fields)
        found[tensors["row"].astype(int), tensors["column"].astype(int)] = tensors["losses"]
        start += len(tensors["losses"])
        parts += 1
    return found, parts


def engine_surface(form, moments, t):
    chosen, timeline = Experiment.from_dict(form), Timeline(Experiment.from_dict(form))
    layout = layout_of(chosen)
    vectors = [layout.vector(timeline.seek(each)) for each in moments]
    x, y = chosen.data.split("training")
    rows = chosen_rows(len(x), questions.EXAMPLES)
    plane = main_directions(layout, vectors)
    return vectors, Surface(chosen, plane, chosen.data.seen(x[rows], chosen.numpy_dtype), y[rows])


def test_the_losses_and_the_points_of_a_path_are_the_engines():
    session = started()
    reach(session, 400)
    paths = paths_of(session, 400)
    assert [path["run"] for path in paths] == [None]
    vectors, surface = engine_surface(XOR, paths[0]["moments"], 400)
    points, facts = points_of(session, 400, plane=MAIN, paths=paths)
    coordinates = np.array([surface.plane.coordinates(vector) for vector in vectors])
    assert np.allclose(points["coordinates"], coordinates, rtol=1e-5, atol=1e-6)
    assert np.allclose(points["below"], surface.losses([tuple(each) for each in coordinates]), rtol=1e-6)
    timeline = Timeline(Experiment.from_dict(XOR))
    true = [surface.true_loss(timeline.seek(t)) for t in paths[0]["moments"]]
    assert np.allclose(points["loss"], true, rtol=1e-6)
    centred = np.stack(vectors) - np.mean(vectors, axis=0, dtype=float)
    singular = np.square(np.linalg.svd(centred, compute_uv=False))
    assert json.loads(facts)["variance"] == pytest.approx(singular[:2].sum() / singular.sum(), rel=1e-5)
    low, high = coordinates.min(axis=0) - 1, coordinates.max(axis=0) + 1
    losses, _ = losses_of(session, 400, plane=MAIN, paths=paths, low=low.tolist(), high=high.tolist())
    along, across = (np.linspace(low[axis], high[axis], SIDE) for axis in (0, 1))
    expected = surface.losses([(a, b) for b in across for a in along]).reshape(SIDE, SIDE)
    assert np.allclose(losses, expected, rtol=1e-6)


def test_the_mini_batch_of_a_moment_can_be_the_examples_also_before_it_is_drawn():
    session = started(plain((3, "tanh"), (1, "sigmoid"), dataset="moons", mini_batch_size=5))
    for t in (0, 7, 23):
        state, _ = reach(session, t)
        fields = {"plane": {"kind": "random", "seed": 4}, "examples": "mini_batch", "points": [{"moments": [t]}]}
        points, facts = points_of(session, t, **fields)
        assert '"examples": 5' in facts
        assert points["coordinates"][0] == pytest.approx([0, 0], abs=1e-6)
        if "loss" in state and t == 7:
            assert points["loss"][0] == pytest.approx(float(state["loss"]), rel=1e-6)


def test_a_plane_goes_through_moments_of_other_runs_and_each_run_has_its_path():
    session = started()
    reach(session, 200)
    for name, rate in (("fast", 2.0), ("slow", 0.01)):
        say(session, command="fork", t=40, **{"as": name})
        say(session, command="change", run=name, t=40, learning_rate=rate)
        reach(session, 200, run=name)
    plane = {"kind": "moments", "moments": [{"t": 200}, {"run": "fast", "t": 200}, {"run": "slow", "t": 200}]}
    ends = [{"moments": [200]}, {"run": "fast", "moments": [200]}, {"run": "slow", "moments": [200]}]
    points, _ = points_of(session, 200, plane=plane, points=ends)
    assert points["coordinates"][0] == pytest.approx([0, 0], abs=1e-6)
    assert np.allclose(points["loss"], points["below"], rtol=1e-5)
    paths = paths_of(session, 200, "first", "fast", "slow")
    assert [path["run"] for path in paths] == ["first", "fast", "slow"]
    assert all(path["moments"][-1] == 200 for path in paths)
    both, _ = points_of(session, 200, plane=MAIN, paths=paths)
    counts = [len(path["moments"]) for path in paths]
    lengths = np.linalg.norm(both["coordinates"][np.cumsum(counts) - 1] - both["coordinates"][0], axis=1)
    assert lengths[1] > lengths[0] > lengths[2]
    forms = [
        say(session, command="change", run=name, t=200, learning_rate=1.0)["listing"]["experiment"]
        for name in ("first", "fast", "slow")
    ]
    layout = layout_of(Experiment.from_dict(XOR))
    vectors = [layout.vector(Timeline(Experiment.from_dict(form)).seek(200)) for form in forms]
    expected = [through_moments(layout, vectors).coordinates(each) for each in vectors]
    assert np.allclose(points["coordinates"], expected, rtol=1e-4, atol=1e-5)


def test_the_coordinates_on_the_plane_of_two_weights_are_their_values():
    session = started()
    state, _ = reach(session, 90)
    plane = {"kind": "weights", "elements": [["W1", [2, 1]], ["b2", [0]]]}
    points, _ = points_of(session, 90, plane=plane, points=[{"moments": [90]}])
    assert points["coordinates"][0] == pytest.approx([state["W1"][2, 1], state["b2"][0]])
    assert points["loss"] == pytest.approx(points["below"])


def test_a_surface_of_the_digits_comes_in_parts_between_which_a_step_is_answered_at_once():
    session = started(PRESETS["digits_13002"])
    reach(session, 29 * 20)
    paths = paths_of(session, 29 * 20)
    points_of(session, 29 * 20, plane=MAIN, paths=paths)
    seconds, start = list[float](), 0
    while start < SIDE * SIDE:
        began = perf_counter()
        tensors, _ = look(
            session, command="ask", question="surface_losses", t=29 * 20, plane=MAIN, paths=paths,
            low=[-5, -5], high=[5, 5], start=start,
        )  # fmt: skip
        seconds.append(perf_counter() - began)
        start += len(tensors["losses"])
    assert len(seconds) > 1
    assert np.median(seconds) < 0.1  # a part is to take 30 ms, on a machine that may be busy


@pytest.mark.parametrize(
    ("fields", "field", "form"),
    [
        ({"plane": MAIN}, "plane.paths", "path_moments"),
        ({"plane": MAIN, "paths": [{"moments": [0, 18]}]}, "plane.paths", "path_moments"),
        ({"plane": {"kind": "moments", "moments": [{"t": 18}] * 3}}, "plane.moments", "on_a_line"),
        ({"plane": {"kind": "moments", "moments": [{"t": 18}]}}, "plane.moments", "list_of"),
        ({"plane": {"kind": "moments", "moments": [{"t": -1}] * 3}}, "plane.moments.0.t", "range"),
        ({"plane": {"kind": "moments", "moments": [{"run": "none", "t": 1}] * 3}}, "plane.moments.0.run", "one_of"),
        ({"plane": {"kind": "weights", "elements": [["W1", [0, 0]]] * 2}}, "plane.elements", "two_different"),
        ({"plane": {"kind": "weights", "elements": [["W9", [0, 0]]] * 2}}, "plane.elements", "one_of"),
        ({"plane": {"kind": "weights", "elements": [["W1", [0, 9]]] * 2}}, "plane.elements", "range"),
        ({"plane": {"kind": "flat"}}, "plane.kind", "one_of"),
        ({"plane": {"kind": "random", "seed": -1}}, "plane.seed", "range"),
        ({"plane": 3}, "plane", "mapping"),
        ({"plane": {"kind": "random"}, "high": [-2, 1]}, "high", "more_than"),
        ({"plane": {"kind": "random"}, "low": [0]}, "low", "list_of"),
        ({"plane": {"kind": "random"}, "examples": "held_out"}, "examples", "one_of"),
        ({"plane": {"kind": "random"}, "start": 1682}, "start", "range"),
    ],
)
def test_what_makes_no_surface_is_refused_before_work_and_the_run_goes_on(fields, field, form):
    session = started()
    reach(session, 90)
    asked = {"low": [-1, -1], "high": [1, 1]} | fields
    refused = say(session, command="ask", question="surface_losses", t=90, **asked)
    assert (refused["field"], refused["details"]["form"]) == (field, form)
    reach(session, 91)


def test_a_large_network_and_one_with_other_parameters_are_refused():
    large = started(plain((200, "relu"), (10, "softmax"), dataset="digits", loss="cross_entropy"))
    for question in ("surface_paths", "surface_points"):
        fields = {} if question == "surface_paths" else {"plane": {"kind": "random"}}
        refused = say(large, command="ask", question=question, t=0, **fields)
        assert refused["details"]["form"] == "parameters"
    session = started()
    reach(session, 90)
    say(session, command="change", t=90, layers=BATCH_NORM)
    reach(session, 200)
    paths = [{"moments": [0, 18, 36]}]
    refused = say(session, command="ask", question="surface_points", t=200, plane=MAIN, paths=paths)
    assert refused["details"]["form"] == "same_parameters"


def test_surfaces_that_are_kept_never_serve_another_run_or_another_question():
    first, other = started(), started(XOR | {"seed": 5})
    plane = {"kind": "random", "seed": 1}
    found = []
    for session in (first, other, first):
        reach(session, 60)
        found.append(losses_of(session, 60, plane=plane, low=[-1, -1], high=[1, 1])[0])
    assert np.array_equal(found[0], found[2])
    assert not np.allclose(found[0], found[1])
    say(first, command="change", t=60, tensor="W1", index=[0, 0], value=3.0)
    reach(first, 60)
    assert not np.allclose(losses_of(first, 60, plane=plane, low=[-1, -1], high=[1, 1])[0], found[0])
    assert len(questions._kept) <= questions.KEPT
