"""The tests before and after: equal kinds, keys as they are pinned here, spread over the choices, and equally hard."""

from collections import Counter
from math import log

from engine.predictions.kinds import KINDS
from engine.predictions.paired_tests import TESTS
from engine.predictions.search import generate

KEYS = {
    "before": ["4", "W1[0, 0]", "up", "slope3[0, 0]", "down", "passes", "faint", "3", "follows", "3"],
    "after": ["2", "W1[1, 1]", "down", "slope2[0, 0]", "zero", "blocks", "strong", "2", "against", "1"],
}


def items(name: str) -> list:
    return [generate(kind, seed).found for kind, seed in TESTS[name]]


def test_both_have_the_same_ten_kinds_of_ten_concepts_in_the_same_order_and_other_seeds():
    before, after = TESTS["before"], TESTS["after"]
    assert TESTS.keys() == {"before", "after"}
    assert [kind for kind, _ in before] == [kind for kind, _ in after]
    assert len({KINDS[kind].concept for kind, _ in before}) == len(before) == 10
    assert all(one != other for one, other in zip(before, after, strict=True))


def test_the_keys_are_those_that_have_been_given_out():
    assert {name: [found.key for found in items(name)] for name in TESTS} == KEYS


def test_no_item_of_one_has_the_key_of_its_pair_in_the_other():
    assert all(one.key != other.key for one, other in zip(items("before"), items("after"), strict=True))


def test_keys_are_spread_over_the_choices():
    for name in TESTS:
        places: Counter[int] = Counter()
        for found in items(name):
            names = [choice.name for choice in found.choices]
            places[names.index(found.key)] += 1
        assert len(places) >= 3
        assert max(places.values()) <= 5


def test_both_are_equally_hard_by_their_choices_and_margins():
    logs = []
    for one, other in zip(items("before"), items("after"), strict=True):
        assert len(one.choices) == len(other.choices) >= 2
        logs.append(log(one.margin / other.margin))
    assert max(map(abs, logs)) < log(1.5)
    assert abs(sum(logs) / len(logs)) < log(1.1)
