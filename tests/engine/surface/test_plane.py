"""A plane through weight space has two axes of length 1 at right angles, and goes through what it is told to."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Refusal
from engine.surface import plane as planes
from engine.surface.plane import in_random_directions, layout_of, main_directions, of_two_weights, through_moments
from tests.helpers.networks import experiment

NETWORK = experiment((5, "tanh", {"batch_norm": True}), (3, "relu"), (1, "sigmoid"))
LAYOUT = layout_of(NETWORK)
SEEDS = st.integers(0, 2**32 - 1)


def points(seed, count, spread=1.0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=LAYOUT.size) * 3 + spread * rng.normal(size=(count, LAYOUT.size))


def right_angles(plane):
    return np.allclose(plane.axes @ plane.axes.T, np.eye(2), atol=1e-12)


@settings(max_examples=50)
@given(SEEDS, st.sampled_from([1e-3, 1.0, 1e3]))
def test_the_plane_of_three_moments_goes_through_all_three(seed, spread):
    three = points(seed, 3, spread)
    plane = through_moments(LAYOUT, three)
    assert right_angles(plane)
    assert np.array_equal(plane.origin, three[0])
    for vector in three:
        along, across = plane.coordinates(vector)
        assert np.allclose(plane.point(along, across), vector, rtol=1e-9, atol=1e-9 * spread)
    assert plane.coordinates(three[1])[1] == pytest.approx(0, abs=1e-9 * spread)


@settings(max_examples=50)
@given(SEEDS, st.integers(3, 40))
def test_the_main_directions_hold_as_much_variance_as_the_two_largest_singular_values(seed, count):
    path = points(seed, count).cumsum(axis=0)
    plane = main_directions(LAYOUT, path)
    centred = path - path.mean(axis=0)
    _, singular, directions = np.linalg.svd(centred, full_matrices=False)
    assert right_angles(plane)
    assert np.square(centred @ plane.axes.T).sum() == pytest.approx(np.square(singular[:2]).sum())
    assert np.allclose(np.abs(np.sum(plane.axes * directions[:2], axis=1)), 1)
    assert np.all(plane.coordinates(path[-1]) >= plane.coordinates(path[0]) - 1e-9)


@settings(max_examples=30)
@given(SEEDS, st.data())
def test_the_coordinates_of_the_plane_of_two_weights_are_their_values(seed, data):
    places = data.draw(st.lists(st.integers(0, LAYOUT.size - 1), min_size=2, max_size=2, unique=True))
    here, other = points(seed, 2)
    plane = of_two_weights(LAYOUT, here, (places[0], places[1]))
    assert right_angles(plane)
    assert np.array_equal(plane.coordinates(other), other[places])
    moved = here.copy()
    moved[places] = 7, -3
    assert np.array_equal(plane.point(7, -3), moved)


@settings(max_examples=30)
@given(SEEDS, SEEDS)
def test_random_directions_are_as_long_as_each_neurons_weights_and_follow_from_the_seed(seed, drawn):
    (here,) = points(seed, 1)
    plane = in_random_directions(LAYOUT, here, drawn)
    assert right_angles(plane)
    assert np.array_equal(plane.axes, in_random_directions(LAYOUT, here, drawn).axes)
    assert not np.allclose(plane.axes, in_random_directions(LAYOUT, here, drawn + 1).axes)
    weights = LAYOUT.arrays(here, np.dtype(float))
    for name, step in LAYOUT.arrays(plane.axes[0] * plane.reach, np.dtype(float)).items():
        length = np.linalg.norm(weights[name], axis=1) if name[0] == "W" else 0
        assert np.allclose(np.linalg.norm(np.atleast_2d(step.T).T, axis=1), length)


def test_a_vector_holds_each_element_at_its_place():
    shapes = dict(LAYOUT.shapes)
    vector = np.arange(LAYOUT.size, dtype=float)
    arrays = LAYOUT.arrays(vector, np.dtype(float))
    assert [*arrays] == [*NETWORK.parameters]
    assert np.array_equal(LAYOUT.vector(arrays), vector)
    for name, index in (("W1", (4, 1)), ("gamma1", (2,)), ("W3", (0, 2)), ("b3", (0,))):
        assert arrays[name][index] == vector[LAYOUT.place(name, index)]
        assert arrays[name].shape == shapes[name]


@pytest.mark.parametrize(
    ("made", "form"),
    [
        (lambda: through_moments(LAYOUT, points(1, 1).repeat(3, axis=0)), "on_a_line"),
        (lambda: through_moments(LAYOUT, [k * points(1, 1)[0] for k in (1, 2, 4)]), "on_a_line"),
        (lambda: main_directions(LAYOUT, points(1, 1).repeat(5, axis=0)), "on_a_line"),
        (lambda: main_directions(LAYOUT, [k * points(1, 1)[0] for k in range(1, 6)]), "on_a_line"),
        (lambda: main_directions(LAYOUT, points(1, 2)), "path_moments"),
        (lambda: of_two_weights(LAYOUT, points(1, 1)[0], (3, 3)), "two_different"),
        (lambda: in_random_directions(LAYOUT, np.zeros(LAYOUT.size), 0), "on_a_line"),
        (lambda: layout_of(experiment(*plain_layers(400), dataset="digits", loss="cross_entropy")), "parameters"),
    ],
)
def test_what_makes_no_plane_is_refused(made, form):
    with pytest.raises(Refusal) as refused:
        made()
    assert refused.value.details["form"] == form


def plain_layers(units):
    return (units, "relu"), (10, "softmax")


def test_the_largest_network_that_comes_along_has_a_plane():
    best = experiment((128, "relu"), (64, "relu"), (10, "softmax"), dataset="digits", loss="cross_entropy")
    assert layout_of(best).size <= planes.PARAMETERS
