"""Fair comparison on a busy machine: the contenders take turns, and the result is the median of the rounds' ratios."""

from collections.abc import Callable, Mapping
from statistics import median

Times = dict[str, list[float]]


def rounds(contenders: Mapping[str, Callable[[float], float]], count: int, seconds: float) -> Times:
    """The times of each contender in ``count`` rounds, after one turn to warm up. Rounds begin with each in turn."""
    names = list(contenders)
    for name in names:
        contenders[name](seconds)
    times: Times = {name: [] for name in names}
    for number in range(count):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            times[name].append(contenders[name](seconds))
    return times


def ratio(times: Times, above: str, below: str) -> float:
    """The median over the rounds of one contender's time divided by another's."""
    return median(one / other for one, other in zip(times[above], times[below], strict=True))
