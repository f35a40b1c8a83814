"""Drawings that are no digits are rejected by their ink and by the outputs; real digits hardly ever are."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Experiment
from engine.data import load
from engine.digits.drawing import SIDE, box_of, centred, drawn
from engine.digits.rejection import APART, SURE, SURE_ENOUGH, rejection_by_ink, rejection_by_outputs
from engine.evaluate.evaluation import predict
from server.trained.shipped import SHIPPED, described
from tests.helpers.handwriting import DIGITS, OTHERS, Strokes, drawings, ink, written

PENS = (0.055, 0.085, 0.125)
SAMPLE = pytest.mark.parametrize("every", [3, pytest.param(1, marks=pytest.mark.long)])
places = st.tuples(st.floats(0.1, 0.9), st.floats(0.1, 0.9))


def reason(picture: np.ndarray) -> str | None:
    """The reason for which the ink of a pad is rejected, or None."""
    drawing = drawn(picture)
    assert drawing
    top, left, bottom, right = drawing.box
    found = rejection_by_ink(drawing.fitted, max(bottom - top, right - left) / len(picture))
    return found["reason"] if found else None


def dots(*points: tuple[float, float]) -> Strokes:
    return [[point] for point in points]


@settings(max_examples=60)
@given(places, st.sampled_from(PENS))
def test_a_dot_is_no_digit_wherever_it_is(place, width):
    assert reason(ink(dots(place), width)) == "dot"


@settings(max_examples=60)
@given(st.lists(places, min_size=2, max_size=9), st.sampled_from(PENS))
def test_dots_are_no_digit_however_they_are_scattered(points, width):
    far = max(np.hypot(x - u, y - v) for x, y in points for u, v in points)
    near = min([np.hypot(x - u, y - v) for i, (x, y) in enumerate(points) for u, v in points[:i]], default=1)
    if far > 3 * width and near > 1.5 * width:  # as few as two, but apart
        assert reason(ink(dots(*points), width)) == "pieces"


@pytest.mark.parametrize("width", PENS)
@pytest.mark.parametrize(
    ("name", "expected"),
    [("filled blob", {"blot"}), ("long line", {"flat"}), ("grid", {"loops", "blot"}), ("scribble", {"loops", "blot"})],
)
def test_blots_long_lines_grids_and_scribbles_are_no_digits(name, expected, width):
    assert reason(ink(OTHERS[name], width)) in expected


EYES = [[(0.37, 0.4)], [(0.63, 0.4)]]


@pytest.mark.parametrize("width", PENS[:2])
@pytest.mark.parametrize("inside", [EYES, EYES[:1], [[(0.4, 0.5), (0.6, 0.5)]], OTHERS["smiley"][1:]])
def test_what_has_ink_inside_a_loop_that_does_not_touch_it_is_no_digit(inside, width):
    around = [OTHERS["smiley"][0]]
    assert reason(ink(around, width)) is None
    assert reason(ink([*around, *inside], width)) == "inside"


def test_a_speck_inside_a_loop_may_be_dirt_and_ink_that_touches_the_loop_or_lies_beside_it_belongs_to_the_digit():
    zero = np.zeros((20, 14))
    zero[[0, -1], 3:-3] = zero[3:-3, [0, -1]] = 1
    for row, column in ((1, 2), (2, 1)):
        zero[[row, row, -1 - row, -1 - row], [column, -1 - column, column, -1 - column]] = 1
    for row, columns, expected in ((9, [7], None), (9, [7, 8], "inside"), (9, [*range(1, 8)], None)):
        picture = zero.copy()
        picture[row, columns] = 1
        found = rejection_by_ink(picture)
        assert (found and found["reason"]) == expected
    beside = np.pad(zero, ((0, 0), (0, 3)))
    beside[9:12, -1] = 1
    assert rejection_by_ink(beside) is None
    assert rejection_by_ink(zero) is None


@pytest.mark.parametrize("pens", [PENS[:1], pytest.param(PENS[1:], marks=pytest.mark.long)], ids=["thin", "others"])
@pytest.mark.parametrize("digit", DIGITS)
def test_digits_in_every_style_and_with_every_pen_are_not_rejected(digit, pens):
    for style in DIGITS[digit]:
        for width in pens:
            assert reason(ink(style, width)) is None


@pytest.mark.parametrize("count", [50, pytest.param(200, marks=pytest.mark.long)])
def test_digits_of_every_size_slant_and_place_are_not_rejected(count):
    assert {reason(picture) for _, picture in drawings(4, count)} == {None}


@cache
def held_out(every: int) -> tuple[np.ndarray, list[bool]]:
    """MNIST's held-out digits, or one in every so many, and whether each is rejected by its ink."""
    digits = load("digits", 0, None, None, 10).x_held_out[::every] / 255
    refused = []
    for digit in digits.reshape(-1, SIDE, SIDE):
        box = box_of(digit)
        assert box
        refused.append(rejection_by_ink(digit[box[0] : box[2], box[1] : box[3]]) is not None)
    return digits, refused


@SAMPLE
def test_of_the_held_out_digits_of_mnist_3_in_1000_are_rejected_by_their_ink(every):
    _, refused = held_out(every)
    assert sum(refused) / len(refused) == pytest.approx(0.003, abs=0.0005 if every == 1 else 0.002)


@SAMPLE
@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_the_shipped_networks_reject_at_most_2_in_100_held_out_digits(name, every):
    digits, refused = held_out(every)
    chosen = Experiment.from_dict(described(name).experiment, SHIPPED)
    answers = predict(chosen, SHIPPED[name].tensors, digits)[f"a{len(chosen.layers)}"]
    rejections = [rejection_by_outputs(output, chosen.layers[-1].activation, chosen.loss) for output in answers]
    unsure = [bool(found) or ink for found, ink in zip(rejections, refused, strict=True)]
    assert 0.005 < sum(unsure) / len(unsure) <= (0.0205 if every == 1 else 0.021)


@pytest.mark.parametrize("width", PENS)
def test_the_best_shipped_network_rejects_scribbles(width):
    rng = np.random.default_rng(1)
    chosen = Experiment.from_dict(described("digits_best").experiment, SHIPPED)
    scribbles = [ink([[(x, y) for x, y in rng.uniform(0.1, 0.9, (corners, 2))]], width) for corners in range(8, 28)]
    pictures = np.array([centred(scribble) for scribble in scribbles]).reshape(-1, SIDE * SIDE)
    answers = predict(chosen, SHIPPED["digits_best"].tensors, pictures)["a3"]
    rejections = [
        reason(scribble) or rejection_by_outputs(a, "softmax", "cross_entropy")
        for scribble, a in zip(scribbles, answers, strict=True)
    ]
    assert sum(map(bool, rejections)) >= 19  # of 20


def test_a_loop_that_stands_on_a_straight_base_is_no_digit():
    for name in ("house", "square", "triangle"):
        assert [reason(ink(OTHERS[name], width)) for width in PENS[:2]] == ["base"] * 2, name
    two = DIGITS[2][2]  # with a loop, and almost straight below
    assert reason(ink([[*two[0][:-3], (0.8, 0.85)]], PENS[0])) is None


NO_DIGITS = ("A", "E", "H", "K", "M", "R", "W", "cross", "smiley", "house", "house with a door")
LIKE_DIGITS = ("H", "R")  # an H looks like an open 4, an R like an 8


@cache
def rejected(name: str, count: int) -> float:
    """The share of drawings of this kind, with random place, size, slant and pen, that the best network rejects."""
    rng, chosen = np.random.default_rng(7), Experiment.from_dict(described("digits_best").experiment, SHIPPED)
    pads = [
        ink(written(OTHERS[name], rng, rng.uniform(0.6, 1), rng.uniform(-12, 12), 0.012), rng.uniform(0.04, 0.13))
        for _ in range(count)
    ]
    pictures = np.array([centred(pad) for pad in pads]).reshape(count, -1)
    answers = predict(chosen, SHIPPED["digits_best"].tensors, pictures)["a3"]
    found = [
        reason(pad) or rejection_by_outputs(a, "softmax", "cross_entropy") for pad, a in zip(pads, answers, strict=True)
    ]
    return sum(map(bool, found)) / count


@pytest.mark.parametrize("name", NO_DIGITS)
def test_letters_faces_and_houses_are_rejected_however_they_are_drawn(name):
    assert rejected(name, 20) >= (0.65 if name in LIKE_DIGITS else 0.9)


def test_of_all_letters_faces_and_houses_9_in_10_are_rejected():
    assert np.mean([rejected(name, 20) for name in NO_DIGITS]) >= 0.9


def outputs(best: float, other: float) -> np.ndarray:
    return np.array([0.01] * 7 + [best, 0.02, other])


def test_low_or_nearly_equal_outputs_are_rejected_with_their_numbers():
    low = rejection_by_outputs(outputs(SURE_ENOUGH - 0.01, 0.1), "sigmoid", "squared_error")
    assert low == {"reason": "low", "digit": 7, "value": pytest.approx(SURE_ENOUGH - 0.01)}
    close = rejection_by_outputs(outputs(0.9, 0.91 - APART), "sigmoid", "squared_error")
    assert close == {
        "reason": "close",
        "digit": 7,
        "value": 0.9,
        "other": 9,
        "other_value": pytest.approx(0.91 - APART),
    }
    assert rejection_by_outputs(outputs(0.9, 0.89 - APART), "sigmoid", "squared_error") is None
    assert rejection_by_outputs(outputs(SURE - 0.01, 0.1), "softmax", "cross_entropy")
    assert rejection_by_outputs(outputs(SURE + 0.01, 0.1), "softmax", "cross_entropy") is None
    assert rejection_by_outputs(np.zeros(10), "relu", "squared_error") == {"reason": "low", "digit": 9, "value": 0}


def test_outputs_that_are_not_finite_are_rejected():
    assert rejection_by_outputs(outputs(np.nan, 0.1), "softmax", "cross_entropy") == {"reason": "not_finite"}
    assert rejection_by_outputs(outputs(np.inf, 0.1), "relu", "squared_error") == {"reason": "not_finite"}


def test_outputs_of_a_hinge_loss_are_judged_on_the_scale_from_minus_1_to_1():
    scaled = [2 * outputs(best, 0.1) - 1 for best in (SURE_ENOUGH - 0.01, SURE_ENOUGH + 0.01)]
    low, sure = (rejection_by_outputs(each, "identity", "hinge") for each in scaled)
    assert low is not None
    assert low["reason"] == "low"
    assert sure is None
    close = rejection_by_outputs(2 * outputs(0.9, 0.91 - APART) - 1, "identity", "hinge")
    assert close is not None
    assert close["reason"] == "close"
