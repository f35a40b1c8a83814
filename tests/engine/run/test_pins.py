"""Today's experiments give the numbers that they gave before: every draw of a generator, and where training leads.

What follows from a generator's bits alone is held to the last bit. What goes through a function such as cos or log,
which differs in its last bits between machines, is held within 1e-12. Training is held in float64 only, within 1e-9:
the kernels of matrix products sum in orders of their own, so that float32 bits differ between machines, and no number
of a float32 run is the same everywhere. What is drawn in float32 is held within 1e-6.
"""

import json

import numpy as np
import pytest

from tests.helpers.pins import GOLDEN, GROUPS, Pin, digest, sums

WITHIN = {  # relative to each sum, and at least this much
    "data sets": 1e-12,
    "digits": 1e-12,
    "mini-batches": 0,
    "initial weights in float64": 1e-12,
    "initial weights in float32": 1e-6,
    "dropout masks": 0,
    "distortion in float64": 1e-9,
    "hands and scanners in float64": 1e-9,
    "noise in float64": 1e-12,
    "noise in float32": 1e-6,
    "trained parameters in float64": 1e-9,
    "predictions": 0,
}
KEPT = json.loads(GOLDEN.read_text(encoding="utf-8"))


def same(found: Pin, kept: Pin, within: float) -> bool:
    """Whether two pins are of the same numbers, but for differences of their sums."""
    if found | {"sums": None} != kept | {"sums": None}:
        return False
    one, other = found.get("sums"), kept.get("sums")
    if one is None or other is None:
        return one is other
    return bool(one == pytest.approx(other, rel=within, abs=within))


@pytest.mark.parametrize("group", GROUPS)
def test_the_numbers_are_those_of_the_golden_file(group):
    found, kept = dict(GROUPS[group]()), KEPT[group]
    assert found.keys() == kept.keys(), "what is new or gone is pinned anew by: python -m tests.helpers.pins"
    moved = {name: (pin, kept[name]) for name, pin in found.items() if not same(pin, kept[name], WITHIN[group])}
    assert moved == {}


def test_the_golden_file_has_every_group_and_no_other():
    assert list(KEPT) == list(GROUPS) == list(WITHIN)


def test_a_pin_tells_numbers_that_are_a_little_off_or_in_another_order_or_of_another_shape():
    array = np.random.default_rng(0).normal(0, 1, (8, 784))
    off, turned = array.copy(), array.copy()
    off[3, 5] += 1e-7
    turned[0, :2] = turned[0, 1::-1]
    for other in (off, turned, array.reshape(784, 8), np.full(array.shape, np.nan)):
        assert not same(sums(other), sums(array), 1e-9)
        assert not same(digest(other), digest(array), 0)
    assert same(sums(array * (1 + 1e-15)), sums(array), 1e-12)
    assert not same(digest(array * (1 + 1e-15)), digest(array), 0)
