"""The order of matrices in a network: each takes as many inputs as the one before it has outputs."""

from collections.abc import Iterator, Sequence

STEPS = 1000  # of a search; it ends with the longest that it has found by then
MOST = 64  # matrices that are tried


def longest(sides: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """The longest ways to join matrices, at most two, as places in ``sides``; the first keeps their order most.

    Args:
        sides: of each matrix its inputs and outputs, in the order that is most likely.
    """
    sides = sides[:MOST]
    found: list[tuple[int, ...]] = []
    for chain in _chains(sides):
        if not found or len(chain) > len(found[0]):
            found = [chain]
        elif len(chain) == len(found[0]) and chain not in found:
            found.append(chain)
        if len(found) == 2 and len(chain) == len(sides):
            break
    return found[:2]


def _chains(sides: Sequence[tuple[int, ...]]) -> Iterator[tuple[int, ...]]:
    """Every chain that cannot go on, until the search has taken too many steps."""
    begun: list[tuple[int, ...]] = [(first,) for first in reversed(range(len(sides)))]
    for _ in range(STEPS):
        if not begun:
            return
        chain = begun.pop()
        after = [*range(chain[-1] + 1, len(sides)), *range(chain[-1])]
        following = [each for each in after if each not in chain and sides[each][0] == sides[chain[-1]][1]]
        if not following:
            yield chain
        begun += [(*chain, each) for each in reversed(following)]
