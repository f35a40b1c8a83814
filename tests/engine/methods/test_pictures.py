"""Pictures are shifted, turned, resized, redrawn, bent and made coarser as by a plain loop over their pixels."""

from math import cos, exp, floor, pi, sin, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Timeline
from engine.methods.pictures import affine_maps, coarsened, displaced, moved, redrawn, smooth_fields
from tests.helpers.networks import experiment

SIDE = 28
RNG = np.random.default_rng(0)
PICTURES = RNG.random((3, 784))


def at(picture: np.ndarray, row: int, column: int) -> float:
    return picture[row * SIDE + column] if 0 <= row < SIDE and 0 <= column < SIDE else 0.0


def interpolated(picture: np.ndarray, row: float, column: float) -> float:
    """The grey value between four pixels."""
    top, left = floor(row), floor(column)
    down, right = row - top, column - left
    return (
        at(picture, top, left) * (1 - down) * (1 - right)
        + at(picture, top, left + 1) * (1 - down) * right
        + at(picture, top + 1, left) * down * (1 - right)
        + at(picture, top + 1, left + 1) * down * right
    )


def seen(picture: np.ndarray, down: float, right: float, degrees: float, factor: float) -> np.ndarray:
    """The picture resized and turned about its middle, then moved, by a loop over its pixels."""
    angle, middle, found = degrees * pi / 180, (SIDE - 1) / 2, np.zeros(784)
    for place in range(784):
        y, x = -(place // SIDE - middle - down), place % SIDE - middle - right  # y points up, from the middle
        came_x, came_y = x * cos(angle) + y * sin(angle), -x * sin(angle) + y * cos(angle)
        found[place] = interpolated(picture, middle - came_y / factor, middle + came_x / factor)
    return found


@settings(max_examples=15)
@given(st.floats(-9, 9), st.floats(-9, 9), st.floats(-180, 180), st.floats(0.3, 2))
def test_a_picture_is_resized_turned_and_moved_as_a_loop_over_its_pixels_does_it(down, right, degrees, factor):
    maps = affine_maps(np.array([down]), np.array([right]), np.array([degrees]), np.array([factor]))
    assert np.allclose(moved(PICTURES[:1], maps)[0], seen(PICTURES[0], down, right, degrees, factor), atol=1e-9)


def test_a_turn_of_90_degrees_goes_counterclockwise_and_whole_pixels_are_moved_exactly():
    still = np.zeros(1)
    turned = moved(PICTURES[:1], affine_maps(still, still, still + 90, still + 1))
    assert np.allclose(turned.reshape(SIDE, SIDE), np.rot90(PICTURES[0].reshape(SIDE, SIDE)))
    shifted = moved(PICTURES[:1], affine_maps(still + 3, still - 2, still, still + 1)).reshape(SIDE, SIDE)
    expected = np.zeros((SIDE, SIDE))
    expected[3:, :-2] = PICTURES[0].reshape(SIDE, SIDE)[:-3, 2:]
    assert np.allclose(shifted, expected)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_pictures_are_moved_each_by_its_own_map_in_their_own_dtype_and_into_a_buffer_with_the_same_bits(dtype):
    pictures = PICTURES.astype(dtype)
    down, right = RNG.uniform(-3, 3, (2, 3))
    maps = affine_maps(down, right, RNG.uniform(-20, 20, 3), RNG.uniform(0.8, 1.2, 3))
    found = moved(pictures, maps)
    assert found.dtype == dtype
    for i in range(3):
        assert np.allclose(found[i], moved(pictures[i : i + 1], maps[i : i + 1])[0], atol=1e-5)
    out = np.full_like(pictures, 7)
    assert moved(pictures, maps, out=out) is out
    assert out.tobytes() == found.tobytes()


@pytest.mark.parametrize("pen", [1.0, 0.4, 0.0, -0.4, -1.0])
def test_a_pen_takes_each_pixel_towards_the_darkest_or_lightest_around_it(pen):
    found = redrawn(PICTURES, np.full(3, pen))
    for place in range(784):
        row, column = divmod(place, SIDE)
        around = [(row, column), (row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)]
        values = [PICTURES[1][r * SIDE + c] for r, c in around if 0 <= r < SIDE and 0 <= c < SIDE]
        goal = max(values) if pen > 0 else min(values)
        assert found[1][place] == pytest.approx(PICTURES[1][place] + abs(pen) * (goal - PICTURES[1][place]))


def test_a_pen_may_be_another_one_for_each_pixel():
    pen = RNG.uniform(-1, 1, (3, 784))
    found = redrawn(PICTURES, pen)
    for place in range(0, 784, 7):
        assert found[2][place] == redrawn(PICTURES, np.full(3, pen[2][place]))[2][place]


def spread(noise: np.ndarray) -> np.ndarray:
    """The weighted sum of the numbers at 8 x 8 places at each pixel, over the root of the sum of squared weights."""
    found, places = np.zeros(784), [(k + 0.5) * SIDE / 8 - 0.5 for k in range(8)]
    for pixel in range(784):
        row, column = divmod(pixel, SIDE)
        squares = [(row - r) ** 2 + (column - c) ** 2 for r in places for c in places]
        weights = np.array([exp(-square / (2 * 4**2)) for square in squares])
        found[pixel] = weights @ noise.ravel() / sqrt(weights @ weights)
    return found


def test_a_smooth_field_spreads_by_a_gaussian_of_4_pixels_and_is_standard_normal_at_each_pixel():
    noise = np.random.default_rng(1).standard_normal((4000, 8, 8))
    found = smooth_fields(noise)
    assert np.allclose(found[0], spread(noise[0]), atol=1e-9)
    assert np.allclose(found.std(axis=0), 1, atol=0.07)  # at the edges too
    corner, middle = 0, 14 * SIDE + 14
    assert np.corrcoef(found[:, middle], found[:, middle + 4])[0, 1] == pytest.approx(exp(-1 / 4), abs=0.03)
    assert abs(np.corrcoef(found[:, corner], found[:, middle])[0, 1]) < 0.06
    assert smooth_fields(noise[:6].reshape(3, 2, 8, 8)).tobytes() == found[:6].tobytes()


def test_each_pixel_of_a_displaced_picture_is_interpolated_at_its_own_place():
    by = RNG.normal(0, 3, (3, 2, 784))
    found = displaced(PICTURES, by)
    for place in range(784):
        row, column = np.array(divmod(place, SIDE)) + by[1, :, place]
        assert found[1][place] == pytest.approx(interpolated(PICTURES[1], row, column), abs=1e-9)
    assert displaced(PICTURES, np.zeros_like(by)).tobytes() == PICTURES.tobytes()


def wide(line: list[float], cells: int) -> list[float]:
    """A line of 28 pixels averaged down to ``cells`` and interpolated back, in 28 * cells small parts."""
    parts = [line[part // cells] for part in range(SIDE * cells)]
    means = [sum(parts[SIDE * cell : SIDE * (cell + 1)]) / SIDE for cell in range(cells)]
    found = []
    for pixel in range(SIDE):
        at_cell = min(max((pixel + 0.5) * cells / SIDE - 0.5, 0), cells - 1)
        low = floor(at_cell)
        high = min(low + 1, cells - 1)
        found.append(means[low] + (at_cell - low) * (means[high] - means[low]))
    return found


@pytest.mark.parametrize(("pixel", "cells"), [(28, 1), (6, 5), (3.4, 8), (2, 14), (1.5, 19)])
def test_a_coarse_picture_is_averaged_over_wide_pixels_along_rows_and_columns_and_interpolated_back(pixel, cells):
    found = coarsened(PICTURES, np.array([1, pixel, 1.01]))
    rows = [wide(row, cells) for row in PICTURES[1].reshape(SIDE, SIDE).tolist()]
    columns = [wide([*column], cells) for column in zip(*rows, strict=True)]
    assert np.allclose(found[1].reshape(SIDE, SIDE), np.array(columns).T)
    assert found[[0, 2]].tobytes() == PICTURES[[0, 2]].tobytes()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    "change",
    [
        lambda x, **out: displaced(x, np.full((3, 2, 784), 0.3, x.dtype), **out),
        lambda x, **out: coarsened(x, np.array([2, 3, 4]), **out),
        lambda x, **out: redrawn(x, np.full(x.shape, 0.3), **out),
    ],
    ids=["displaced", "coarsened", "redrawn"],
)
def test_changed_pictures_have_their_own_dtype_and_the_same_bits_in_a_buffer(change, dtype):
    pictures = PICTURES.astype(dtype)
    found, out = change(pictures), np.full_like(pictures, 7)
    assert found.dtype == dtype
    assert change(pictures, out=out) is out
    assert out.tobytes() == found.tobytes()
    assert pictures.tobytes() == PICTURES.astype(dtype).tobytes()


AUGMENT = {"shift": 2, "rotation": 15, "scale": 0.2, "stroke": 0.5}


def distorted(augment: dict[str, float], seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The mini-batch of the third training step before and after distortion, and the network's input."""
    chosen = experiment((10, "softmax"), dataset="digits", mini_batch_size=16, seed=seed, augment=augment)
    timeline = Timeline(chosen)
    state = timeline.seek(timeline.t_of(2) + 3)
    return state["x"], state.get("distorted", state["a0"]), state["a0"]


def test_an_experiment_may_ask_for_pictures_that_come_different_each_time():
    x, after, a0 = distorted(AUGMENT)
    assert after is a0
    assert x.shape == a0.shape == (16, 784)
    assert not (x == a0).all(axis=1).any()
    assert 0 <= a0.min() <= a0.max() <= 1
    again, other = distorted(AUGMENT)[2], distorted(AUGMENT, seed=1)[2]
    assert again.tobytes() == a0.tobytes() != other.tobytes()


def test_noise_comes_on_top_of_the_distorted_picture():
    _, after, a0 = distorted({**AUGMENT, "noise": 0.1})
    assert np.allclose(after, distorted(AUGMENT)[2])
    assert (a0 - after).std() == pytest.approx(0.1, rel=0.1)


def centres(pictures: np.ndarray) -> np.ndarray:
    """The centres of mass, (n, 2)."""
    places = np.stack(np.divmod(np.arange(784), SIDE), axis=1)
    return pictures.astype(float) @ places / pictures.sum(axis=1, dtype=float)[:, None]


def test_a_shift_stays_within_its_bound_and_uses_all_of_it():
    x, _, a0 = distorted({"shift": 2})
    went = centres(a0) - centres(x)
    assert np.abs(went).max() <= 2.001
    assert (went.max(axis=0) - went.min(axis=0) > 2).all()


def redone(name: str, picture: np.ndarray, by: np.ndarray) -> np.ndarray:
    """The picture once for each number: turned, resized or redrawn by it."""
    same, none = np.tile(picture, (len(by), 1)), np.zeros(len(by))
    if name == "stroke":
        return redrawn(same, by)
    return moved(same, affine_maps(none, none, by if name == "rotation" else none, 1 + by * (name == "scale")))


@pytest.mark.parametrize("name", ["rotation", "scale", "stroke"])
def test_each_other_part_of_a_distortion_stays_within_its_bound_and_uses_all_of_it(name):
    bound, found = AUGMENT[name], []
    x, _, a0 = distorted({name: bound})
    scan = np.linspace(-1.5 * bound, 1.5 * bound, 61).clip(*((-1, 1) if name == "stroke" else (-99, 99)))
    for before, after in zip(x.astype(float), a0, strict=True):
        found.append(scan[np.abs(redone(name, before, scan) - after).mean(axis=1).argmin()])
    assert np.abs(found).max() <= 1.05 * bound
    assert max(found) - min(found) > bound


ALL: dict[str, float] = {**AUGMENT, "uneven": 0.4, "elastic": 1.2, "coarse": 2, "noise": 0.1}
STEP = 2


def stages(augment: dict[str, float], **fields: Any) -> dict[str, np.ndarray]:
    """The mini-batch and all that augmentation makes of it in the third training step, in float64."""
    chosen = experiment(
        (10, "softmax"), dataset="digits", mini_batch_size=8, dtype="float64", augment=augment, **fields
    )
    timeline = Timeline(chosen)
    state = timeline.seek(timeline.t_of(STEP) + 8)
    return {name: state[name] for name in ("x", "distorted", "penned", "bent", "coarse", "a0") if name in state}


def generator(purpose: str, seed: int = 0) -> np.random.Generator:
    """The generator of a purpose in the third training step."""
    return np.random.default_rng([seed, *purpose.encode(), 0, STEP])


def test_pictures_go_through_all_augmentations_in_order_each_by_random_numbers_of_its_own():
    found, noise = stages(ALL), {name: generator(name).standard_normal for name in ("uneven", "elastic")}
    assert [*found] == ["x", "distorted", "penned", "bent", "coarse", "a0"]
    assert found["distorted"].tobytes() == stages(AUGMENT)["a0"].tobytes()
    pen = np.clip(0.4 * smooth_fields(noise["uneven"]((8, 8, 8))), -1, 1)
    assert np.allclose(found["penned"], redrawn(found["distorted"], pen))
    by = 1.2 * smooth_fields(noise["elastic"]((8, 2, 8, 8)))
    assert by.std() == pytest.approx(1.2, rel=0.2)
    assert np.allclose(found["bent"], displaced(found["penned"], by))
    pixel = 1 + 2 * generator("coarse").random(8)
    assert np.allclose(found["coarse"], coarsened(found["bent"], pixel))
    assert np.allclose(found["a0"] - found["coarse"], 0.1 * generator("noise").standard_normal((8, 784)))


@pytest.mark.parametrize("name", ["uneven", "elastic", "coarse"])
def test_each_of_them_alone_changes_every_picture_and_is_left_out_where_its_setting_is_0(name):
    found = stages({name: ALL[name]})
    assert [*found] == ["x", "a0"]
    assert not (found["x"] == found["a0"]).all(axis=1).any()
    assert -1e-12 <= found["a0"].min() <= found["a0"].max() <= 1 + 1e-12
    assert stages({name: 0})["a0"].tobytes() == found["x"].tobytes()
    assert stages({name: ALL[name]}, seed=1)["a0"].tobytes() != found["a0"].tobytes()


def test_distorting_leaves_the_data_set_unchanged():
    chosen = experiment((10, "softmax"), dataset="digits", mini_batch_size=8, augment=AUGMENT)
    before = chosen.data.x_train[:200].copy()
    Timeline(chosen).seek(500)
    assert np.array_equal(chosen.data.x_train[:200], before)
