"""Tests of drawn examples: of a few, and in their long form of many."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis.strategies import SearchStrategy

Test = Callable[..., None]


def drawn(*strategies: SearchStrategy[Any], few: int, many: int) -> Callable[[Test], Test]:
    """Make a test of what holds of each example that Hypothesis draws from these strategies."""

    def of(holds: Test) -> Test:
        def test(examples: int) -> None:
            settings(max_examples=examples)(given(*strategies)(holds))()

        test.__name__, test.__doc__ = holds.__name__, holds.__doc__
        long = pytest.param(many, marks=[pytest.mark.long, pytest.mark.timeout(3600)])
        return pytest.mark.parametrize("examples", [few, long])(test)

    return of
