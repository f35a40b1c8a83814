"""The ink of a drawing, computed from its strokes: as much of each pixel as lies under the pen."""

from itertools import pairwise

import numpy as np
import pytest

from tests.helpers.node import call

SIDE = 40
FINE = 9  # samples of a pixel, each way


def covered(points: list[tuple[float, float]], width: float) -> np.ndarray:
    """The share of each pixel's samples that lie within the pen's radius of a densely sampled path."""
    path = [np.array(points[0])]
    middles = [(np.array(one) + other) / 2 for one, other in pairwise(points[1:])]
    for by, to in zip(points[1:-1], middles, strict=True):
        start = path[-1]
        for share in np.linspace(0, 1, 60)[1:]:
            path.append((1 - share) ** 2 * start + 2 * share * (1 - share) * np.array(by) + share**2 * to)
    path.append(np.array(points[-1]))
    dense = np.concatenate([np.array(path[:1]), *(np.linspace(one, other, 40) for one, other in pairwise(path))])
    fine = (np.arange(SIDE * FINE) + 0.5) / (SIDE * FINE)
    x, y = np.meshgrid(fine, fine)
    near = np.full(x.shape, np.inf)
    for point in dense:
        near = np.minimum(near, (x - point[0]) ** 2 + (y - point[1]) ** 2)
    inside = near <= (width / 2) ** 2
    return inside.reshape(SIDE, FINE, SIDE, FINE).mean(axis=(1, 3))


@pytest.mark.parametrize(
    "points",
    [
        [(0.5, 0.4)],
        [(0.2, 0.2), (0.8, 0.6)],
        [(0.2, 0.8), (0.3, 0.2), (0.7, 0.3), (0.8, 0.9)],
        [(-0.1, 0.5), (0.3, 0.5)],
    ],
    ids=["dot", "line", "curve", "over the edge"],
)
def test_a_stroke_inks_as_much_of_each_pixel_as_lies_under_its_pen(points):
    stroke = {"points": [{"x": x, "y": y} for x, y in points], "width": 0.125}
    (ink,) = call("pad/coverage.js", "inkOf", [[[stroke], SIDE]])
    found = np.array(ink).reshape(SIDE, SIDE) / 255
    assert np.abs(found - covered(points, 0.125)).max() < 0.13  # at the rim, of one pixel
    assert found.sum() == pytest.approx(covered(points, 0.125).sum(), rel=0.03)


def test_ink_lies_over_pictures_and_other_strokes():
    picture = [0] * 784
    picture[3 * 28 + 5], picture[20 * 28 + 9] = 128, 255
    stroke = {"points": [{"x": 5.5 / 28, "y": 3.5 / 28}], "width": 0.02}
    inks = call(
        "pad/coverage.js", "inkOf", [[[{"picture": picture}], 56], [[{"picture": picture}, stroke], 56], [[], 56]]
    )
    plain, over, none = (np.array(ink).reshape(56, 56) for ink in inks)
    assert plain[6:8, 10:12].tolist() == [[128] * 2] * 2
    assert plain[40:42, 18:20].tolist() == [[255] * 2] * 2
    assert plain.sum() == 4 * (128 + 255)
    assert (over[6:8, 10:12] > 128).all()
    assert not none.any()
