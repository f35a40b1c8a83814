"""The history of a timeline is bounded by bytes: old states go first, and checkpoints lie farther apart."""

from types import MappingProxyType

import numpy as np
import pytest

from engine.run.history import ENTRY, OVERHEAD, Checkpoints, Recent, State

KILO = 1000  # bytes of each array


def state(**arrays: np.ndarray) -> State:
    return MappingProxyType(arrays)


def array() -> np.ndarray:
    return np.zeros(KILO, np.uint8)


def test_a_kept_state_is_found_by_its_moment():
    recent = Recent(10 * KILO)
    kept = recent.keep(3, state(a=array()))
    assert recent.get(3) is kept
    assert recent.get(4) is None


def test_a_state_kept_twice_stays_the_first_one():
    recent = Recent(10 * KILO)
    first = recent.keep(3, state(a=array()))
    before = recent.bytes
    assert recent.keep(3, state(a=array())) is first
    assert recent.bytes == before


def test_the_nearest_kept_moment_is_the_latest_that_is_not_after():
    recent = Recent(100 * KILO)
    for t in (5, 1, 9):
        recent.keep(t, state(a=array()))
    assert [recent.nearest(t) for t in (0, 1, 4, 5, 8, 9, 99)] == [None, 1, 1, 5, 5, 9, 9]


def test_the_oldest_kept_goes_first_and_the_newest_stays_even_if_it_is_too_large():
    recent = Recent(3 * (KILO + OVERHEAD + ENTRY))
    for t in (4, 2, 8, 6):
        recent.keep(t, state(a=array()))
    assert [recent.get(t) is not None for t in (4, 2, 8, 6)] == [False, True, True, True]
    recent.keep(1, state(a=np.zeros(10 * KILO)))
    assert [t for t in range(9) if recent.get(t)] == [1]


def test_an_array_counts_once_for_as_long_as_any_state_holds_it():
    recent, shared = Recent(100 * KILO), array()
    recent.keep(0, state(shared=shared))
    recent.keep(1, state(shared=shared, own=array()))
    assert recent.bytes == 2 * (KILO + OVERHEAD) + 3 * ENTRY
    recent.drop_from(1)
    assert recent.bytes == KILO + OVERHEAD + ENTRY
    recent.drop_from(0)
    assert recent.bytes == 0


def test_arrays_that_outlive_the_state_that_brought_them_still_count():
    recent = Recent(10 * KILO)
    for place in range(0, 10_000, 100):  # many places, each visited for two moments that share a large array
        large = np.zeros(5 * KILO, np.uint8)
        recent.keep(place, state(large=large))
        recent.keep(place + 1, state(large=large, small=np.zeros(1)))
    held = {id(found["large"]) for t in range(10_000) if (found := recent.get(t))}
    assert 5 * KILO * len(held) <= 10 * KILO


def test_dropping_forgets_a_moment_and_all_after_it():
    recent = Recent(100 * KILO)
    for t in (5, 1, 9):
        recent.keep(t, state(a=array()))
    recent.drop_from(5)
    assert [t for t in range(10) if recent.get(t)] == [1]
    assert recent.nearest(9) == 1


def test_checkpoints_are_copies_at_every_sixteenth_training_step():
    checkpoints, carried = Checkpoints(100 * KILO), {"W1": np.zeros(3)}
    for step in range(40):
        carried["W1"][:] = step
        checkpoints.offer(step, carried)
    assert checkpoints.steps == [0, 16, 32]
    assert checkpoints.get(16)["W1"].tolist() == [16, 16, 16]
    assert [checkpoints.nearest(step) for step in (0, 15, 16, 99)] == [0, 0, 16, 32]


def test_when_checkpoints_outgrow_their_bytes_every_other_one_goes():
    limit = 10 * (KILO + OVERHEAD)
    checkpoints = Checkpoints(limit)
    for step in range(2000):
        checkpoints.offer(step, {"W1": array()})
        assert checkpoints.bytes <= limit
    spaces = set(np.diff(checkpoints.steps))
    assert spaces == {checkpoints.spacing}
    assert checkpoints.steps[0] == 0
    assert 5 <= len(checkpoints.steps) <= 10


def test_the_start_is_kept_even_if_it_is_larger_than_the_limit():
    checkpoints = Checkpoints(limit=1)
    for step in range(200):
        checkpoints.offer(step, {"W1": array()})
    assert checkpoints.steps == [0]


@pytest.mark.parametrize("limit", [1, 10 * (KILO + OVERHEAD)])
def test_an_adopted_checkpoint_stays_whatever_the_spacing_and_is_found(limit):
    checkpoints = Checkpoints(limit)
    checkpoints.offer(0, {"W1": array()})
    checkpoints.adopt(1001, {"W1": array()})
    for step in range(1001, 5000):
        checkpoints.offer(step, {"W1": array()})
    assert 1001 in checkpoints.steps
    assert len(checkpoints.steps) <= 11
    assert [checkpoints.first_from(step) for step in (0, 1, 1001)] == [0, 1001, 1001]
    assert checkpoints.first_from(5001) is None
    checkpoints.drop_from(1001)
    assert checkpoints.steps == [0]


def test_dropping_checkpoints_forgets_a_training_step_and_all_after_it():
    checkpoints = Checkpoints(100 * KILO)
    for step in range(0, 64, 16):
        checkpoints.offer(step, {"W1": array()})
    checkpoints.drop_from(32)
    assert checkpoints.steps == [0, 16]
    assert checkpoints.bytes == 2 * (KILO + OVERHEAD)
