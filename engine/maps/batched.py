"""An equation for many runs at once, which follows from its textbook lines and its index letters.

Arrays have one more axis, the last: the runs. Numbers of one run are then neighbours of those of the next, so that
each call of NumPy works on long rows; and since it is the last axis, all textbook lines that add, multiply or compare
hold as they stand. Four things are said otherwise: a product of matrices names its axes by the index letters, a sum
over everything leaves the runs apart, the larger of two numbers is found for each run, and so is the number of places
of an array.

A tensor that is the same in all runs has one place on that axis; without other axes it is a plain number.
"""

import ast
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

from engine.methods.equation import Equation

RUNS = "r"  # the letter of the axis of the runs
ELEMENTWISE = {"max": "np.maximum", "min": "np.minimum"}

Batched = Callable[[Mapping[str, Any], int], dict[str, Any]]


@cache
def batched(equation: Equation) -> Batched:
    """The equation for many runs: a function of its arguments and settings by their names, and of the number of
    examples, which its textbook lines call ``m`` where they mean no tensor. It gives the results that these lines name.
    """
    letters = {name.lstrip("*"): text for name, text in (*equation.writes, *equation.reads)}
    lines = ast.fix_missing_locations(_OfRuns(letters).visit(ast.parse(equation.textbook)))
    code, written = compile(lines, f"<{equation} of many runs>", "exec"), dict(equation.writes)

    def compute(named: Mapping[str, Any], examples: int) -> dict[str, Any]:
        names = {"m": examples, **named, "np": np, "product": product, "total": total, "places": places}
        exec(code, names)
        return {name: names[name] for name in written if name in names}

    return compute


def product(a: np.ndarray, b: np.ndarray, left: str, right: str, out: str) -> np.ndarray:
    """The products of matrices, run by run: summed over the letter that ``left`` and ``right`` share.

    Args:
        a: an array whose axes are the two letters ``left``, and the runs.
        b: an array whose axes are the two letters ``right``, and the runs.
        left: the index letters of a.
        right: those of b.
        out: those of the result.
    """
    if a.shape[-1] == 1 != b.shape[-1]:
        return _of_one_matrix(a[..., 0], b, left, right, out)
    if b.shape[-1] == 1 != a.shape[-1]:
        return _of_one_matrix(b[..., 0], a, right, left, out)
    found: np.ndarray = np.einsum(f"{left}{RUNS},{right}{RUNS}->{out}{RUNS}", a, b)
    return found


def _of_one_matrix(a: np.ndarray, b: np.ndarray, left: str, right: str, out: str) -> np.ndarray:
    """The same with one matrix for all runs, by NumPy's product of matrices, which is quicker."""
    (summed,), (mine,), (theirs,) = (set(x) & set(y) for x, y in ((left, right), (left, out), (right, out)))
    found = np.matmul(
        a.transpose(_places(left, mine + summed)), b.transpose(*_places(right, theirs + summed), len(right))
    )
    return found.transpose(*_places(theirs + mine, out), len(out))


def _places(letters: str, order: str) -> list[int]:
    return [letters.index(letter) for letter in order]


def total(terms: np.ndarray | list[np.ndarray]) -> np.ndarray:
    """The sum over all axes but that of the runs, of an array or of several of the same shape."""
    array = np.stack(np.broadcast_arrays(*terms)) if isinstance(terms, list) else terms
    return np.add.reduce(array, axis=tuple(range(array.ndim - 1)))


def places(array: np.ndarray) -> int:
    """The number of places of an array in each run."""
    return array[..., 0].size


class _OfRuns(ast.NodeTransformer):
    """Says textbook lines for many runs."""

    def __init__(self, letters: dict[str, str]) -> None:
        self._letters = letters

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        if not isinstance(node.op, ast.MatMult):
            return self.generic_visit(node)
        out = self._of(node.left)[0] + self._of(node.right)[1]
        sides = [_as_stored(side) for side in (node.left, node.right)]
        letters = [ast.Constant(each) for each in (*map(self._of, sides), out)]
        return ast.Call(ast.Name("product", ast.Load()), [*sides, *letters], [])

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        name = ast.unparse(node.func)
        if name in ELEMENTWISE:
            node.func = ast.parse(ELEMENTWISE[name], mode="eval").body
        elif name == "np.sum" and not node.keywords:
            node.func = ast.Name("total", ast.Load())
        elif name == "np.size":
            node.func = ast.Name("places", ast.Load())
        return node

    def _of(self, node: ast.expr) -> str:
        """The index letters of an expression that is a matrix, its transpose, or a multiple of one."""
        if isinstance(node, ast.Attribute):
            return self._of(node.value)[::-1]
        named = (each.id for each in ast.walk(node) if isinstance(each, ast.Name))
        return next(self._letters[name] for name in named if self._letters.get(name))


def _as_stored(node: ast.expr) -> ast.expr:
    """An expression without the transposition around it."""
    return node.value if isinstance(node, ast.Attribute) else node
