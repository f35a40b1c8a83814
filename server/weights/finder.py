"""The layers of a network in arrays of any names: found by the shapes of the arrays, their order and their names."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.data import DATASETS
from server.weights import chains
from server.weights.arrays import Arrays
from server.weights.biases import biases_of
from server.weights.norms import BATCH_NORM, Norm, norms_in, placed
from server.weights.stored import Stored


@dataclass(frozen=True)
class FoundLayer:
    """A layer: the names of the arrays that it is made of.

    Attributes:
        weights: its matrix.
        transposed: whether that has a column a neuron, rather than a row.
        bias: its biases; None where it has none.
        batch_norm: the arrays of its batch norm by what they are, with None for those that there are not; None where it
            has no batch norm.
    """

    weights: str
    transposed: bool
    bias: str | None = None
    batch_norm: dict[str, str | None] | None = None

    @property
    def names(self) -> set[str | None]:
        """The names of all its arrays."""
        return {self.weights, self.bias, *(self.batch_norm or {}).values()}


@dataclass(frozen=True)
class Found:
    """What the arrays of a file have been taken for.

    Attributes:
        layers: the layers, the first one first.
        left_out: why each array that is in no layer is in none, by the names of the arrays.
        undecided: what the shapes leave open: "order", "transposed", "bias".
    """

    layers: tuple[FoundLayer, ...]
    left_out: dict[str, str]
    undecided: tuple[str, ...]


@dataclass(frozen=True)
class Attempt:
    """One way to understand the arrays: how much speaks for it, and what it leaves open.

    The last number of the score, whether a data set fits, decides what is suggested, but does not settle it.
    """

    layers: tuple[FoundLayer, ...]
    score: tuple[int, ...]
    transposed: bool
    undecided: tuple[str, ...]


def find(stored: Sequence[Stored], kept_order: bool) -> Found:
    """What the arrays of a file are.

    Args:
        stored: the arrays.
        kept_order: whether they have the order in which they were saved.
    """
    arrays = Arrays(stored, kept_order)
    attempts = [
        _attempt(arrays, rows, transposed)
        for transposed in (False, True)
        for rows in dict.fromkeys([(), tuple(arrays.rows(transposed))])
    ]
    best = max(attempts, key=lambda attempt: (attempt.score, not attempt.transposed))
    either = any(each.score[:-1] == best.score[:-1] and each.transposed != best.transposed for each in attempts)
    used = {name for layer in best.layers for name in layer.names}
    norms = {name for norm in norms_in(arrays) if not norm.is_whole for name in norm.parts.values()}
    unused = {name: "norm" if name in norms else "unplaced" for name in arrays.shapes if name not in used}
    return Found(best.layers, arrays.left_out | unused, (*best.undecided, *(["transposed"] if either else [])))


def _attempt(arrays: Arrays, rows: tuple[str, ...], transposed: bool) -> Attempt:
    """The layers where every matrix has a column a neuron, or a row, and some ``rows`` are biases."""
    matrices = arrays.matrices(rows)
    sides = [shape if transposed else shape[::-1] for shape in (arrays.shapes[name] for name in matrices)]
    chain, *others = chains.longest(sides) or [()]
    weights, outputs = [matrices[place] for place in chain], [sides[place][1] for place in chain]
    norms = norms_in(arrays)
    apart = {name for norm in norms for name in norm.parts.values()}
    biases = biases_of(arrays, weights, outputs, [name for name in arrays.vectors(rows) if name not in apart])
    batch_norms = placed(arrays, norms, weights, outputs)
    layers = tuple(
        FoundLayer(name, transposed, biases.of.get(place), _parts(batch_norms, place))
        for place, name in enumerate(weights)
    )
    ends = (sides[chain[0]][0], outputs[-1]) if chain else (0, 0)
    score = (
        len(weights) + len(biases.of),
        biases.sure,
        sum(arrays.names[name].by_columns in (transposed, None) for name in weights),
        len(batch_norms),
        chain == tuple(sorted(chain)),
        any(each.inputs == ends[0] and ends[1] in each.outputs for each in DATASETS.values()),
    )
    open_order = any(_keeps_ranks(arrays, [matrices[place] for place in other]) for other in others)
    told = arrays.kept_order or arrays.numbered(weights)
    undecided = ["order"] * (open_order and not told) + ["bias"] * biases.guessed
    return Attempt(layers, score, transposed, tuple(undecided))


def _keeps_ranks(arrays: Arrays, weights: Sequence[str]) -> bool:
    """Whether no word for a first or a last layer contradicts this order."""
    ranks = [arrays.names[name].rank[0] for name in weights]
    return ranks == sorted(ranks)


def _parts(norms: dict[int, Norm], place: int) -> dict[str, str | None] | None:
    return {part: norms[place].parts.get(part) for part in BATCH_NORM} if place in norms else None
