"""A drawing is brought into MNIST's form, whatever its place and its size."""

import numpy as np
import pytest
from hypothesis import strategies as st

from engine.data import load
from engine.digits.drawing import BOX, SIDE, centred
from tests.helpers.drawn import drawn


def stroke(side: int = 140, scale: float = 1.0) -> np.ndarray:
    """A soft curved stroke in the middle of a pad, half as high as the pad where the scale is 1."""
    along = np.linspace(0, 1, 60)
    x = 0.5 + scale * 0.16 * np.sin(5 * along)
    y = 0.5 + scale * (0.5 * along - 0.25)
    down_the_side, across = (np.arange(side)[:, None] + 0.5) / side, (np.arange(side) + 0.5) / side
    distance = np.min(np.hypot(across[..., None] - x, down_the_side[..., None] - y), axis=-1)
    return np.clip((0.05 * scale - distance) * 100 / scale, 0, 1)


def extent(picture: np.ndarray) -> tuple[int, int]:
    inked = np.argwhere(picture > 0.02)
    height, width = inked.max(axis=0) - inked.min(axis=0) + 1
    return int(height), int(width)


def centre_of_mass(picture: np.ndarray) -> np.ndarray:
    places = np.indices(picture.shape) + 0.5
    return (places * picture).sum(axis=(1, 2)) / picture.sum()


def made(ink: np.ndarray) -> np.ndarray:
    picture = centred(ink)
    assert picture is not None
    assert picture.shape == (SIDE, SIDE)
    assert picture.min() >= 0
    assert picture.max() <= 1
    return picture


@pytest.mark.parametrize("ink", [np.zeros((280, 280)), np.full((28, 40), 0.05)])
def test_an_empty_pad_makes_no_picture(ink):
    assert centred(ink) is None


@drawn(st.integers(-40, 40), st.integers(-20, 20), few=8, many=25)
def test_a_drawing_moved_makes_the_same_picture(right, down):
    moved = np.roll(stroke(scale=0.7), (down, right), axis=(0, 1))
    assert np.array_equal(made(moved), made(stroke(scale=0.7)))


@drawn(st.floats(0.5, 1.3), st.sampled_from([112, 140, 280]), few=8, many=25)
def test_a_drawing_scaled_makes_almost_the_same_picture(scale, side):
    difference = np.abs(made(stroke(side, scale)) - made(stroke(side=280)))
    assert difference.mean() < 0.03  # a shift by one pixel makes 0.05


@drawn(st.floats(0.5, 1.3), st.sampled_from([60, 112, 280]), st.integers(0, 3), few=8, many=25)
def test_the_longer_side_is_20_and_the_centre_of_mass_in_the_middle_pixel(scale, side, turns):
    picture = made(np.rot90(stroke(side, scale), turns))
    assert max(extent(picture)) in (BOX - 1, BOX)
    assert ((centre_of_mass(picture) >= SIDE / 2) & (centre_of_mass(picture) < SIDE / 2 + 1)).all()


def test_proportions_are_kept():
    for ink in (np.ones((100, 40)), np.pad(np.ones((40, 100)), 30)):
        height, width = extent(made(ink))
        assert (height, width) == ((20, 8) if ink.shape == (100, 40) else (8, 20))


def test_a_pad_need_not_be_square():
    square = np.zeros((280, 280))
    square[60:160, 100:140] = 1
    assert np.array_equal(made(square[50:170]), made(square))
    assert np.array_equal(made(square[:, 90:150]), made(square))


def test_a_single_dot_becomes_a_full_square_in_the_middle():
    ink = np.zeros((280, 280))
    ink[7, 250] = 1
    picture = made(ink)
    assert picture == pytest.approx(np.pad(np.ones((20, 20)), 4))


def test_a_pad_that_is_full_becomes_a_full_square_in_the_middle_whatever_its_size():
    for side in (*range(1, 60), 280):
        assert made(np.ones((side, side))) == pytest.approx(np.pad(np.ones((20, 20)), 4))


def test_a_picture_whose_mass_lies_at_an_edge_is_not_cut_off():
    ink = np.zeros((200, 200))
    ink[0:10, :] = 1  # a heavy bar above a thin stem: the centre of mass lies near the top
    ink[10:200, 100] = 0.2
    picture = made(ink)
    assert picture.sum() == pytest.approx(ink.sum() / 100)
    assert centre_of_mass(picture)[0] < 12  # as near to the middle as it gets
    assert extent(picture) == (20, 20)


def test_grey_values_are_the_mean_of_the_ink_that_falls_on_them():
    ink = np.zeros((40, 40))
    ink[::2] = 1  # every second row
    ink[-1] = 1
    assert made(ink)[4:23, 4:24] == pytest.approx(np.full((19, 20), 0.5))


def test_digits_of_mnist_ten_times_as_large_come_back_as_they_were():
    digits = load("digits", 0, None, None, 10).x_held_out[:200].reshape(-1, SIDE, SIDE) / 255
    differences = [np.abs(made(np.kron(digit, np.ones((10, 10)))) - digit).mean() for digit in digits]
    assert np.median(differences) < 1e-12
    assert np.mean(np.array(differences) < 0.002) > 0.98  # a few end in pixels too faint to be told from an empty pad
