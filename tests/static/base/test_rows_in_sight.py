"""Which rows of a long list are elements of the page, and how far it is scrolled so that one is in sight."""

import pytest

from tests.helpers.node import call

MODULE = "base/rows_in_sight.js"


def test_a_few_rows_beyond_those_in_sight_are_kept():
    kept = call(MODULE, "rowsKept", [[1000, 240, 0], [1000, 240, 2400], [1000, 240, 23760], [5, 240, 0]])
    assert kept == [
        {"first": 0, "last": 27, "needed": 27},
        {"first": 92, "last": 119, "needed": 27},
        {"first": 982, "last": 1000, "needed": 27},
        {"first": 0, "last": 5, "needed": 5},
    ]


def test_a_row_is_brought_into_sight_with_as_little_motion_as_is_needed():
    inside, above, below, top = call(
        MODULE, "revealed", [[12, 240, 240, False], [3, 240, 240, False], [30, 240, 240, False], [12, 240, 240, True]]
    )
    assert (inside, above, below, top) == (None, 72, 31 * 24 - 240, 288)


@pytest.mark.parametrize("count", [10_000, 12_000_000])
def test_scrolling_as_far_as_it_goes_shows_the_last_row_however_many_there_are(count: int):
    (high,) = call(MODULE, "heightOf", [[count]])
    assert high <= 8_000_000
    (scrolled,) = call(MODULE, "scrollTo", [[count, 480, 1e12]])
    assert scrolled == pytest.approx(high - 480)
    (above,) = call(MODULE, "topOf", [[count, 480, scrolled]])
    assert above == pytest.approx(count * 24 - 480)
