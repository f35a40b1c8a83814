"""How fast a run plays: what a speed means, and how full speed keeps to its frames."""

from itertools import pairwise

import pytest

from tests.helpers.node import answers, call

PACE = "transport/pace.js"


def test_speed_goes_from_one_unit_in_two_seconds_to_thousands_and_then_has_no_limit():
    paces = call(PACE, "pace", [[speed] for speed in range(101)])
    assert paces[0] == 0.5
    assert paces[99] == pytest.approx(4000)
    assert paces[100] == "Infinity"
    assert all(slower < faster for slower, faster in pairwise(paces[:100]))


def test_between_two_moments_lies_a_frame_or_the_time_of_one_unit():
    speeds = range(100)
    paces = call(PACE, "pace", [[speed] for speed in speeds])
    intervals = call(PACE, "intervalOf", [[speed] for speed in speeds])
    units = call(PACE, "unitsOf", [[speed] for speed in speeds])
    assert min(intervals) == pytest.approx(1000 / 60)
    for pace, interval, count in zip(paces, intervals, units, strict=True):
        assert count >= 1
        assert 1000 * count / interval == pytest.approx(pace, rel=0.34)  # units are whole


def test_full_speed_trains_longer_while_answers_are_early_and_shorter_while_they_are_late():
    """However fast the server is, answers come to be a frame apart, where that can be."""
    script = """
    import { FIRST_PART, partAfter } from "./transport/pace.js";
    function answer({ frame, overhead }) {
      let part = FIRST_PART;
      for (let i = 0; i < 2000; i++) part = partAfter(part, frame, part * frame + overhead);
      return part;
    }
    """
    frame = 20
    ahead, fits, behind = answers(script, [{"frame": frame, "overhead": each} for each in (0, 5, 15)])
    assert ahead == pytest.approx(0.92)
    assert fits * frame + 5 == pytest.approx(frame, abs=0.1)
    assert behind == pytest.approx(0.6)


def test_a_pause_tells_nothing_about_how_fast_answers_come():
    assert call(PACE, "partAfter", [[0.8, 20, 200], [0.8, 20, 5000]]) == [0.8, 0.8]


def test_the_faster_moments_are_shown_the_more_are_asked_for_at_once():
    assert call(PACE, "requestsFor", [[32], [46], [65]]) == [2, 3, 4]


def test_strides_grow_with_the_run():
    listing = {"segments": [{"t": 0, "training_step": 0, "program": [{}] * 10}], "steps_per_epoch": 4}
    found = call(PACE, "furtherThan", [[listing, t] for t in (0, 9, 100, 1000)])
    assert found == [10, 20, 130, 1210]
