"""Experiments and sessions beyond the limits are refused before any work begins."""

from functools import partial

import pytest

from engine import Refusal, Timeline
from server.capacity import Capacity, state_bytes
from server.limits import HISTORY_BYTES, LEAST_HISTORY_BYTES, SESSIONS, STATE_BYTES
from tests.helpers.networks import experiment

SMALL = experiment((4, "tanh"), (1, "sigmoid"))
TAKEN = 10 * state_bytes(SMALL) + LEAST_HISTORY_BYTES
HUGE = experiment((1024, "tanh"), (1024, "tanh"), (10, "softmax"), dataset="digits", mini_batch_size=60_000)


@pytest.mark.parametrize("chosen", [SMALL, experiment((5, "relu"), (2, "softmax"), dataset="moons", dtype="float64")])
def test_the_bytes_of_a_state_are_those_of_all_its_tensors(chosen):
    timeline = Timeline(chosen)
    state = timeline.seek(len(timeline.program))
    assert state_bytes(chosen) == sum(array.nbytes for array in state.values())


def test_there_is_room_for_so_many_sessions_and_no_more():
    capacity = Capacity(sessions=2)
    assert [capacity.enter(session) for session in (1, 2, 3)] == [True, True, False]
    assert capacity.sessions == 2
    capacity.leave(1)
    assert capacity.enter(3)
    assert Capacity().enter(1)
    assert SESSIONS >= 100


def test_an_experiment_too_large_for_one_session_is_refused_with_its_size():
    capacity = Capacity()
    capacity.enter(1)
    assert state_bytes(HUGE) > STATE_BYTES
    with pytest.raises(
        Refusal, match=r"^unfit mini-batch size: 60000 \(its tensors take 2\d\d\d MB, the limit is 384 MB\)$"
    ):
        capacity.reserve(1, HUGE)


def test_what_all_sessions_take_together_is_limited():
    capacity = Capacity(total=2 * TAKEN + 1)
    for session in (1, 2, 3):
        capacity.enter(session)
    capacity.reserve(1, SMALL)
    capacity.reserve(2, SMALL)
    with pytest.raises(Refusal, match=r"^unfit mini-batch size: 4 \(the server is busy with other pages; "):
        capacity.reserve(3, SMALL)
    capacity.leave(1)
    capacity.reserve(3, SMALL)


def test_a_session_that_starts_anew_gives_back_what_it_took():
    capacity = Capacity(total=TAKEN)
    capacity.enter(1)
    for _ in range(5):
        capacity.reserve(1, SMALL)


def test_histories_are_thinned_before_anybody_is_refused():
    capacity, thinned = Capacity(total=3 * TAKEN), list[int]()
    for session in (1, 2, 3):
        capacity.enter(session, partial(thinned.append, session))
        capacity.reserve(session, SMALL, history=lambda: 2 * TAKEN)
    assert LEAST_HISTORY_BYTES <= capacity.allowance < HISTORY_BYTES
    assert {*thinned} == {1, 2, 3}
    assert Capacity().allowance == HISTORY_BYTES


def test_what_runs_really_hold_is_what_counts():
    capacity = Capacity()
    timeline = Timeline(SMALL)
    capacity.reserve(1, SMALL, history=lambda: timeline.history_bytes)
    before, held = capacity.taken, timeline.history_bytes
    timeline.seek(5000)
    assert timeline.history_bytes > 10_000
    assert capacity.taken - before == timeline.history_bytes - held


def test_a_refused_experiment_takes_nothing():
    capacity = Capacity(total=TAKEN)
    capacity.enter(1)
    capacity.enter(2)
    with pytest.raises(Refusal):
        capacity.reserve(1, HUGE)
    capacity.reserve(2, SMALL)
    with pytest.raises(Refusal):
        capacity.reserve(1, SMALL)
    capacity.leave(2)
    capacity.reserve(1, SMALL)
