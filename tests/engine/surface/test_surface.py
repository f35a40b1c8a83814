"""The loss over a plane is what an independent computation says, point by point, from coarse to fine."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Timeline
from engine.experiment.experiment import Experiment
from engine.experiment.presets import PRESETS
from engine.surface.path import MOST, parameters_at, path
from engine.surface.plane import in_random_directions, layout_of, main_directions, through_moments
from engine.surface.surface import SIDE, Surface, grid
from tests.helpers.autodiff import mean_loss
from tests.helpers.experiments import MIXED
from tests.helpers.networks import experiment, table_experiments

DEEP = replace(experiment((6, "tanh"), (5, "relu"), (1, "sigmoid"), dataset="moons"), mini_batch_size=7)


def independent(chosen, parameters, x, y):
    """The mean loss in float64, without dropout and without a penalty."""
    bare = replace(chosen, layers=tuple(replace(layer, dropout=0.0) for layer in chosen.layers))
    return float(mean_loss({name: array.astype(float) for name, array in parameters.items()}, bare, {"a0": x, "y": y}))


@settings(max_examples=60)
@given(table_experiments(dtype="float64"), st.integers(1, 3), st.integers(0, 2**32 - 1))
def test_the_losses_of_a_plane_are_those_of_an_independent_computation(chosen, steps, seed):
    timeline = Timeline(chosen)
    t = timeline.t_of(steps)
    chosen = timeline.segment_at(t).experiment
    layout, rng = layout_of(chosen), np.random.default_rng(seed)
    here = layout.vector(timeline.seek(t)).astype(float)
    if not np.isfinite(here).all() or layout.size < 3 or np.abs(here).max() > 1e3:
        return
    plane = through_moments(layout, [here, *(here + rng.normal(size=(2, layout.size)))])
    x, y = chosen.data.x_train * chosen.data.scale, chosen.data.y_train.astype(float)
    surface = Surface(chosen, plane, x, y)
    points = [(0.0, 0.0), *((float(a), float(b)) for a, b in rng.normal(size=(6, 2)))]
    for (along, across), loss in zip(points, surface.losses(points), strict=True):
        parameters = layout.arrays(plane.point(along, across), np.dtype(float))
        with np.errstate(all="ignore"):
            assert loss == pytest.approx(independent(chosen, parameters, x, y), rel=1e-6, abs=1e-9, nan_ok=True)
            assert surface.true_loss(parameters) == pytest.approx(loss, rel=1e-6, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("form", [PRESETS["xor"], PRESETS["spirals"], MIXED])
def test_a_gap_is_the_distance_of_the_true_loss_from_the_surface_at_the_nearest_point(form):
    chosen = Experiment.from_dict(form)
    timeline = Timeline(chosen)
    moments = path(timeline, timeline.t_of(40))
    layout = layout_of(chosen)
    vectors = [layout.vector(parameters_at(timeline, t)) for t in moments]
    plane = main_directions(layout, vectors)
    x, y = chosen.data.x_train * chosen.data.scale, chosen.data.y_train.astype(float)
    surface = Surface(chosen, plane, x, y)
    for t, vector in [*zip(moments, vectors, strict=True)][::7]:
        near = plane.origin + plane.axes.T @ (plane.axes @ (vector - plane.origin))
        (below,) = surface.losses([(float(a), float(b)) for a, b in [plane.coordinates(vector)]])
        assert below == pytest.approx(independent(chosen, layout.arrays(near, np.dtype(float)), x, y), rel=1e-5)
        true = independent(chosen, layout.arrays(vector, np.dtype(float)), x, y)
        assert surface.true_loss(parameters_at(timeline, t)) == pytest.approx(true, rel=1e-5)


def test_the_loss_at_a_moment_is_the_loss_that_its_mini_batch_has():
    timeline = Timeline(experiment((4, "tanh", {"batch_norm": True}), (1, "sigmoid"), mini_batch_size=4))
    layout = layout_of(timeline.experiment)
    loss = next(place for place, step in enumerate(timeline.program, 1) if "loss" in step.writes)
    state = timeline.seek(timeline.t_of(20) + loss)
    plane = in_random_directions(layout, layout.vector(state), 5)
    surface = Surface(timeline.experiment, plane, state["a0"], state["y"])
    assert surface.losses([(0, 0)])[0] == pytest.approx(float(state["loss"]), rel=1e-6)


def test_the_grid_is_whole_at_eleven_and_twenty_one_and_forty_one_points_a_side():
    places = [(int(i), int(j)) for i, j in grid()]
    for side in (11, 21, 41):
        step = (SIDE - 1) // (side - 1)
        lines = range(0, SIDE, step)
        assert {*places[: side * side]} == {*product(lines, lines)}
    assert len(places) == len({*places})


def test_time_ends_a_part_after_one_point_at_least_and_parts_make_the_whole():
    layout = layout_of(DEEP)
    rng = np.random.default_rng(2)
    plane = through_moments(layout, [*rng.normal(size=(3, layout.size))])
    surface = Surface(DEEP, plane, DEEP.data.x_train, DEEP.data.y_train)
    points = [(float(a), float(b)) for a, b in rng.normal(size=(9, 2))]
    assert len(surface.losses(points, 0)) == 1
    parts = [float(surface.losses(points[start:], 0)[0]) for start in range(9)]
    assert parts == surface.losses(points).tolist()


@pytest.mark.parametrize("steps", [0, 2, 30, 3000])
def test_a_path_has_few_moments_with_the_parameters_of_the_run_and_ends_at_the_moment_that_is_asked_about(steps):
    chosen = Experiment.from_dict(PRESETS["xor"])
    timeline, other = Timeline(chosen), Timeline(chosen)
    t = timeline.t_of(steps) + 5
    timeline.seek(t)
    moments = path(timeline, t)
    assert moments[0] == 0
    assert moments[-1] == t
    assert moments == sorted({*moments})
    assert min(steps, 50) <= len(moments) <= MOST + 1
    for moment in moments:
        state, found = other.seek(moment), parameters_at(timeline, moment)
        assert all(np.array_equal(found[name], state[name]) for name in chosen.parameters)


def test_a_path_leaves_out_moments_of_another_network_and_those_that_are_not_finite():
    timeline = Timeline(experiment((3, "tanh"), (1, "sigmoid")))
    layers = [{"units": 3, "activation": "tanh", "batch_norm": True}, {"units": 1, "activation": "sigmoid"}]
    timeline.change(timeline.t_of(4), layers=layers)
    assert min(path(timeline, timeline.t_of(9))) == timeline.segments[1].t
    broken = Timeline(experiment((2, "identity"), (1, "identity"), dataset="sine", rate=1e6, loss="squared_error"))
    found = path(broken, broken.t_of(60))
    assert 0 < len(found) < 60
    assert all(np.isfinite(broken.seek(t)["W1"]).all() for t in found)
