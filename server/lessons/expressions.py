"""The expressions of a lesson: numbers and comparisons of a moment's tensors, in a small part of Python's grammar."""

import ast
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import numpy as np

from engine import Refusal
from engine.base.tensors import LAYERED, SINGLE

LENGTH = 300  # letters of an expression at most,
NODES = 100  # parts of its syntax tree,
ELEMENTS = 10**7  # and elements of tensors that are read or computed for one question
TENSOR = re.compile(rf"(?:{'|'.join(sorted(LAYERED, key=len, reverse=True))})[1-9]\d{{0,3}}|a0|{'|'.join(SINGLE)}")

Value = float | bool | None  # None where a tensor has not been computed yet
Number = np.ndarray | np.float64


class Moment(Protocol):
    """What an expression may ask of a moment."""

    t: int

    def tensor(self, name: str) -> np.ndarray | None:
        """The tensor; None where it has not been computed yet.

        Raises:
            KeyError: the run has no such tensor.
        """

    def count(self, name: str) -> int:
        """One of ``COUNTS``."""

    def at(self, t: int) -> "Moment | None":
        """Another moment of the same run; None where it takes too long to get there."""


def _norm(values: np.ndarray) -> np.float64:
    return np.sqrt(np.sum(np.square(values)))


def _rms(values: np.ndarray) -> np.float64:
    return np.sqrt(np.mean(np.square(values)))


COUNTS = ("parameters", "layers", "examples", "training_step", "epoch")
ELEMENTWISE: Mapping[str, Callable[[Any], Any]] = {
    "abs": np.abs, "sqrt": np.sqrt, "exp": np.exp, "log": np.log, "sign": np.sign,
}  # fmt: skip
REDUCTIONS: Mapping[str, Callable[[Any], Any]] = {
    "max": np.max, "min": np.min, "sum": np.sum, "mean": np.mean, "argmax": np.argmax, "argmin": np.argmin,
    "norm": _norm, "rms": _rms,
}  # fmt: skip
FUNCTIONS = (*ELEMENTWISE, *REDUCTIONS, *COUNTS, "at")
ARITHMETIC: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Mod: np.mod,
    ast.Pow: np.power,
}
COMPARISONS: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.Eq: operator.eq, ast.NotEq: operator.ne,
}  # fmt: skip
TRUTHS = (ast.Compare, ast.BoolOp)


def no_tensor(name: str, field: str, noun: str, text: str) -> Refusal:
    """The refusal of a text that names a tensor which the run does not have."""
    return Refusal("unfit", field, noun, text, f"this run has no tensor {name}", "expression_tensor", tensor=name)


def no_element(name: str, shape: tuple[int, ...], field: str, noun: str, text: str) -> Refusal:
    """The refusal of a text that names an element outside a tensor's shape."""
    found = " x ".join(map(str, shape)) or "1"
    return Refusal("unfit", field, noun, text, f"{name} is {found}", "expression_index", tensor=name, found=found)


def _single(found: Number | bool, text: str, field: str) -> float:
    """The one number that an expression comes to.

    Raises:
        Refusal: it comes to several.
    """
    if np.ndim(found):
        expected = "a single number: one element, or max, sum or mean of them"
        raise Refusal("invalid", field, "expression", text, expected, "expression_single")
    return float(found)


class _NotComputed(Exception):
    """A tensor has no value at the moment."""


@dataclass(frozen=True)
class Expression:
    """An expression that has been read.

    Attributes:
        text: as it is written.
        tree: its syntax, which holds nothing but what the grammar allows.
        is_truth: whether it comes to true or false, and else to a number.
    """

    text: str
    tree: ast.expr
    is_truth: bool

    def value(self, moment: Moment, field: str = "expression", budget: "Budget | None" = None) -> Value:
        """The number, or the truth, at a moment; None where a tensor that it reads has not been computed yet.

        Raises:
            Refusal: the run has no such tensor or no such element, shapes differ, it is no single number, or too many
                elements take part.
        """
        try:
            with np.errstate(all="ignore"):
                found = _Calculation(self.text, field, budget or Budget()).value(self.tree, moment)
        except _NotComputed:
            return None
        if isinstance(found, bool):
            return found
        return _single(found, self.text, field)


@dataclass
class Budget:
    """How many elements may still be read or computed."""

    elements: int = ELEMENTS


def parse(text: Any, field: str = "expression") -> Expression:
    """Read an expression.

    Raises:
        Refusal: it is no text, too long, or not of the grammar; the refusal says from which place on.
    """
    if not isinstance(text, str):
        raise Refusal("invalid", field, "expression", text, "text", "text")
    if len(text) > LENGTH:
        raise Refusal("invalid", field, "expression", text, f"at most {LENGTH} letters", "letters", most=LENGTH)
    return _parse(text, field)


@lru_cache(maxsize=2048)
def _parse(text: str, field: str) -> Expression:
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        raise _unread(text, field, max(0, (error.offset or 1) - 1)) from None
    except (ValueError, RecursionError, MemoryError):
        raise _unread(text, field, 0) from None
    if sum(1 for _ in ast.walk(tree)) > NODES:
        raise Refusal("invalid", field, "expression", text, f"at most {NODES} parts", "parts", most=NODES)
    _check(tree, text, field)
    return Expression(text, tree, _is_truth(tree))


def _unread(text: str, field: str, place: int) -> Refusal:
    """The refusal of a text that the grammar does not allow from this place on."""
    rest = text.strip().encode()[place:].decode(errors="ignore") or text
    expected = f"not to be read from here on: {rest}"
    return Refusal("invalid", field, "expression", text, expected, "expression", found=rest)


def _is_truth(node: ast.expr) -> bool:
    if isinstance(node, ast.Call) and node.args and isinstance(node.func, ast.Name) and node.func.id == "at":
        return _is_truth(node.args[-1])
    return isinstance(node, TRUTHS) or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not))


def _check(node: ast.expr, text: str, field: str) -> None:
    """See that a syntax tree has nothing but what the grammar allows.

    Raises:
        Refusal: it has something else.
    """
    for each, truth in _parts(node, text, field):
        if truth is not None and _is_truth(each) != truth:
            raise _unread(text, field, each.col_offset)
        _check(each, text, field)


def _parts(node: ast.expr, text: str, field: str) -> list[tuple[ast.expr, bool | None]]:
    """The expressions that this one is made of, each with whether it is to be true or false; None for either."""
    match node:
        case ast.Constant(value=bool()):
            pass
        case ast.Constant(value=int() | float() as value) if value < float("1e300"):
            return []
        case ast.Name(id="t"):
            return []
        case ast.Name(id=name) if TENSOR.fullmatch(name):
            return []
        case ast.Subscript(value=ast.Name(id=name), slice=index) if TENSOR.fullmatch(name):
            if all(map(_is_place, _places(index))):
                return []
        case ast.BinOp(left=left, op=op, right=right) if type(op) in ARITHMETIC:
            return [(left, False), (right, False)]
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return [(operand, True)]
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            return [(operand, False)]
        case ast.BoolOp(values=values):
            return [(each, True) for each in values]
        case ast.Compare(left=left, ops=ops, comparators=others) if all(type(op) in COMPARISONS for op in ops):
            return [(each, False) for each in (left, *others)]
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            return _arguments(node, name, args, text, field)
    raise _unread(text, field, node.col_offset)


def _arguments(
    node: ast.Call, name: str, args: list[ast.expr], text: str, field: str
) -> list[tuple[ast.expr, bool | None]]:
    """The arguments of a function.

    Raises:
        Refusal: their number is wrong, or there is no such function.
    """
    if name in COUNTS and not args:
        return []
    if name == "at" and len(args) == 2 and _is_index(args[0]):
        return [(args[1], None)]
    if (name in ELEMENTWISE and len(args) == 1) or (name in REDUCTIONS and args):
        return [(each, False) for each in args]
    raise _unread(text, field, node.col_offset)


def _places(index: ast.expr) -> list[ast.expr]:
    return index.elts if isinstance(index, ast.Tuple) else [index]


def _is_index(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int and node.value < 2**53


def _is_place(node: ast.expr) -> bool:
    """Whether this is a whole number, or a colon for all."""
    return _is_index(node) or (isinstance(node, ast.Slice) and node.lower is node.upper is node.step is None)


class _Calculation:
    """The calculation of one expression."""

    def __init__(self, text: str, field: str, budget: Budget) -> None:
        self._text, self._field, self._budget = text, field, budget

    def value(self, node: ast.expr, moment: Moment) -> Number | bool:
        """The value of a part of the expression."""
        match node:
            case ast.Constant(value=value):
                return np.float64(value)  # type: ignore[arg-type]
            case ast.Name(id="t"):
                return np.float64(moment.t)
            case ast.Name(id=name):
                return self._tensor(name, moment)
            case ast.Subscript(value=ast.Name(id=name), slice=index):
                return self._element(name, _places(index), moment)
            case ast.BinOp(left=left, op=op, right=right):
                return self._both(ARITHMETIC[type(op)], self.value(left, moment), self.value(right, moment))
            case ast.UnaryOp(op=op, operand=operand):
                found = self.value(operand, moment)
                return (
                    not found if isinstance(op, ast.Not) else np.negative(found) if isinstance(op, ast.USub) else found
                )
            case ast.BoolOp(op=op, values=values):
                truths = [bool(self.value(each, moment)) for each in values]
                return all(truths) if isinstance(op, ast.And) else any(truths)
            case ast.Compare(left=left, ops=ops, comparators=others):
                numbers = [self._number(each, moment) for each in (left, *others)]
                pairs = zip(ops, numbers[:-1], numbers[1:], strict=True)
                return all(COMPARISONS[type(op)](one, other) for op, one, other in pairs)
            case ast.Call(func=ast.Name(id=name), args=args):
                return self._called(name, args, moment)
        raise AssertionError(ast.dump(node))  # the grammar has nothing else

    def _called(self, name: str, args: list[ast.expr], moment: Moment) -> Number | bool:
        if name in COUNTS:
            return np.float64(moment.count(name))
        if name == "at":
            there = moment.at(ast.literal_eval(args[0]))
            if there is None:
                raise _NotComputed
            return self.value(args[1], there)
        if len(args) > 1:
            return np.float64(REDUCTIONS[name](np.array([self._number(each, moment) for each in args])))
        found = np.asarray(self.value(args[0], moment))
        self._spend(found.size)
        return (ELEMENTWISE.get(name) or REDUCTIONS[name])(found)

    def _number(self, node: ast.expr, moment: Moment) -> float:
        return _single(self.value(node, moment), self._text, self._field)

    def _both(self, combine: Callable[[Any, Any], Any], one: Number | bool, other: Number | bool) -> Number:
        """Combine two tensors of one shape, or a tensor and a number."""
        if np.ndim(one) and np.ndim(other) and np.shape(one) != np.shape(other):
            expected = "tensors of one shape"
            raise Refusal("unfit", self._field, "expression", self._text, expected, "expression_shapes")
        self._spend(max(np.size(one), np.size(other)))
        found: Number = combine(one, other)
        return found

    def _tensor(self, name: str, moment: Moment) -> np.ndarray:
        try:
            found = moment.tensor(name)
        except KeyError:
            raise no_tensor(name, self._field, "expression", self._text) from None
        if found is None:
            raise _NotComputed
        return found if found.dtype == np.float64 else self._precise(found)

    def _precise(self, tensor: np.ndarray) -> np.ndarray:
        self._spend(tensor.size)
        return tensor.astype(np.float64)

    def _element(self, name: str, places: list[ast.expr], moment: Moment) -> np.ndarray:
        try:
            tensor = moment.tensor(name)
        except KeyError:
            return self._tensor(name, moment)  # which refuses it
        if tensor is None:
            raise _NotComputed
        index: list[Any] = [place.value if isinstance(place, ast.Constant) else slice(None) for place in places]
        fits = len(index) == tensor.ndim and all(
            isinstance(i, slice) or i < size for i, size in zip(index, tensor.shape, strict=True)
        )
        if not fits:
            raise no_element(name, tensor.shape, self._field, "expression", self._text)
        return self._precise(tensor[tuple(index)])

    def _spend(self, elements: int) -> None:
        self._budget.elements -= elements
        if self._budget.elements < 0:
            expected = f"at most {ELEMENTS} elements of tensors"
            raise Refusal("invalid", self._field, "expression", self._text, expected, "elements", most=ELEMENTS)
