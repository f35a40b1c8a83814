"""Batch norm among the arrays of a file: four arrays of one length, by their names, and the layer that they follow."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.weights.arrays import Arrays

AVERAGES = ("running_mean", "running_var")
LEARNED = {"gamma": "weights", "beta": "bias"}  # and what PyTorch calls them
BATCH_NORM = (*LEARNED, *AVERAGES)


@dataclass(frozen=True)
class Norm:
    """A normalization: its arrays by what they are, and what the names of the layer's have in common with theirs."""

    parts: dict[str, str]
    of: tuple[tuple[str, ...], tuple[int, ...]]
    length: int

    @property
    def is_whole(self) -> bool:
        """Whether it has running averages, and so is batch norm that can predict."""
        return all(name in self.parts for name in AVERAGES)


def norms_in(arrays: Arrays) -> list[Norm]:
    """The normalizations that the names of vectors tell of, in the order of their names."""
    matrices = {arrays.names[name].of for name in arrays.matrices([])}
    groups: dict[tuple[tuple[str, ...], tuple[int, ...]], dict[str, str]] = {}
    for name in arrays.vectors([]):
        said = arrays.names[name]
        if said.part in BATCH_NORM:
            groups.setdefault(said.of, {})[said.part] = name
    for name in arrays.vectors([]):
        said = arrays.names[name]
        for part, called in LEARNED.items():
            if said.part == called and said.of not in matrices and (said.of in groups or called == "weights"):
                groups.setdefault(said.of, {}).setdefault(part, name)
    found = []
    for of, parts in groups.items():
        lengths = {arrays.length(name) for name in parts.values()}
        if len(lengths) == 1:
            found.append(Norm(parts, of, *lengths))
    return sorted(found, key=lambda norm: (norm.of[1], norm.of[0]))


def placed(arrays: Arrays, norms: Sequence[Norm], weights: Sequence[str], outputs: Sequence[int]) -> dict[int, Norm]:
    """The hidden layers that batch norm belongs to: the one with its name, else the last before its numbers, else the
    first of its length.
    """
    found: dict[int, Norm] = {}
    for norm in norms:
        names = {place: arrays.names[weights[place]] for place in range(len(weights) - 1)}
        free = [place for place in names if place not in found and outputs[place] == norm.length]
        same = [place for place in free if names[place].of == norm.of]
        before = [place for place in free if names[place].numbers <= norm.of[1]]
        if norm.is_whole and free:
            found[(same or before[-1:] or free)[0]] = norm
    return found
