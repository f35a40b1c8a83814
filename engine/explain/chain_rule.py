"""The chain rule term by term: an element of a gradient as a product of factors, which are elements of arrays.

    dC/dw_jk = a_k f'(z_j) sum_i w_ij delta_i        (one example; the gradient is the mean over the mini-batch)

The factors follow from the equations of the program, so they hold at every depth and for every kind of layer.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from engine.base.tensors import split, symbol
from engine.explain.passes import Passes
from engine.methods import equations as eq
from engine.methods import normalization as norm
from engine.methods import regularization as reg
from engine.methods.activations import ACTIVATIONS, Activation
from engine.methods.equation import Equation
from engine.methods.losses import LOSSES, Cancelled

Index = tuple[int, ...]
ERRORS = ("delta", "dztilde")  # the kinds of errors that have chain-rule terms, beside parameters
# For each kind of parameter, the error in its gradient, and the tensor that this error is multiplied by.
ENTRIES = {"W": ("delta", "a"), "b": ("delta", None), "gamma": ("dztilde", "zhat"), "beta": ("dztilde", None)}


@dataclass(frozen=True)
class Factor:
    """One factor of a chain-rule product.

    Attributes:
        kind: the kind of factor, such as "slope" or "input".
        formula: the factor in LaTeX.
        value: its value; None where it has not been computed yet.
        tensor: the tensor that holds it; None where no array does.
        index: its index in that tensor.
        due: the moment at which it will have been computed; None where it has been.
        rows: the terms of a factor that is a sum, the strongest first.
        near: the size of a factor of this kind that lets the error through, as a scale for this one's size.
    """

    kind: str
    formula: str
    value: float | None
    tensor: str | None = None
    index: Index | None = None
    due: int | None = None
    rows: "tuple[Row, ...]" = ()
    near: float = 1.0

    def to_dict(self) -> dict[str, Any]:
        """The plain form."""
        return {**vars(self), "index": self.index and list(self.index), "rows": [row.to_dict() for row in self.rows]}


@dataclass(frozen=True)
class Row:
    """One term of a sum, itself a product of factors.

    Attributes:
        kind: the kind of term, such as "path" or "skip".
        unit: the unit of another layer, or the class, that the term belongs to; None where there is none.
        factors: the factors of the term.
    """

    kind: str
    unit: int | None
    factors: tuple[Factor, ...]

    @property
    def value(self) -> float | None:
        """The product of the factors; None where one has not been computed yet."""
        return _product(self.factors)

    def to_dict(self) -> dict[str, Any]:
        """The plain form."""
        factors = [factor.to_dict() for factor in self.factors]
        return {"kind": self.kind, "unit": self.unit, "value": self.value, "factors": factors}


@dataclass(frozen=True)
class ChainRuleTerms:
    """The factors of one element of a gradient or an error, for one example.

    Attributes:
        tensor: the parameter or the error.
        index: the index of the element.
        example: the example, a row of the mini-batch.
        factors: the factors, from the element back to the loss.
    """

    tensor: str
    index: Index
    example: int
    factors: tuple[Factor, ...]

    @property
    def product(self) -> float | None:
        """The product of the factors; None where one has not been computed yet."""
        return _product(self.factors)

    def to_dict(self) -> dict[str, Any]:
        """The plain form."""
        return {
            "tensor": self.tensor,
            "index": list(self.index),
            "example": self.example,
            "product": self.product,
            "factors": [factor.to_dict() for factor in self.factors],
        }


def chain_rule_terms(passes: Passes, tensor: str, index: Index, example: int) -> ChainRuleTerms:
    """The chain-rule terms of a parameter's element, or of an error ``delta`` or ``dztilde`` at (example, unit).

    Args:
        passes: the passes of the training step.
        tensor: the name of the parameter or the error.
        index: the index of the element.
        example: the example, a row of the mini-batch; for an error the first number of its index.
    """
    terms = _Terms(passes, example)
    kind, layer = split(tensor)
    assert layer is not None
    if kind in ERRORS:
        return ChainRuleTerms(tensor, index, example, terms.error(tensor, index[1]))
    error, other = ENTRIES[kind]
    entry = terms.entry(kind, layer, other, index)
    return ChainRuleTerms(tensor, index, example, (entry, *terms.error(f"{error}{layer}", index[0])))


def _product(factors: tuple[Factor, ...]) -> float | None:
    values = [factor.value for factor in factors]
    return None if None in values else prod(value for value in values if value is not None)


class _Terms:
    """Makes the factors of one example from the passes of a training step."""

    def __init__(self, passes: Passes, example: int) -> None:
        self._passes, self._example = passes, example
        self._cost = LOSSES[passes.experiment.loss]
        self._handlers: dict[Equation | None, Callable[[str, tuple[str, ...], int], tuple[Factor, ...]]] = {
            **dict.fromkeys((each.backward for each in ACTIVATIONS.values()), self._row_at_once),
            eq.chain: self._chain,
            reg.drop_out_back: self._dropped,
            norm.normalize_back: self._normalized,
            eq.pass_back: self._paths,
            norm.pass_back_with_skip: self._paths,
            self._cost.delta: self._collapse,
            self._cost.gradient: self._loss,
        }

    def error(self, tensor: str, unit: int) -> tuple[Factor, ...]:
        """The factors of an error at a neuron, by the equation that writes the error."""
        step = self._passes.step(tensor)
        assert step is not None
        return self._handlers[step.equation](tensor, step.reads, unit)

    def entry(self, kind: str, layer: int, other: str | None, index: Index) -> Factor:
        """The factor of the error in a parameter's gradient: the forward pass multiplied the parameter by it too."""
        if other is None:
            return Factor("one", "1", 1.0)
        if kind == "gamma":
            return self._cell("zhat", f"zhat{layer}", index[0], "j")
        below = self._row(f"a{layer - 1}")
        near = 1.0 if below is None else float(np.abs(below).max())
        return self._cell("input", f"a{layer - 1}", index[1], "k", near=near)

    def _row(self, tensor: str) -> np.ndarray | None:
        array = self._passes.value(tensor)
        return None if array is None else array[self._example]

    def _cell(self, kind: str, tensor: str, unit: int, letter: str, **fields: Any) -> Factor:
        row, formula = self._row(tensor), _written(tensor, letter)
        value = None if row is None else float(row[unit])
        return Factor(kind, formula, value, tensor, (self._example, unit), self._passes.due(tensor), **fields)

    def _parameter(self, kind: str, tensor: str, index: Index, by: str, letters: str) -> Factor:
        array, formula = self._passes.read(tensor, by), _written(tensor, letters)
        return Factor(kind, formula, None if array is None else float(array[index]), tensor, index)

    def _chain(self, tensor: str, reads: tuple[str, ...], unit: int) -> tuple[Factor, ...]:
        arriving, slope = reads
        near = self._activation(split(tensor)[1] or 0).largest_slope
        return (self._cell("slope", slope, unit, "j", near=near), *self.error(arriving, unit))

    def _activation(self, layer: int) -> Activation:
        return ACTIVATIONS[self._passes.experiment.layers[layer - 1].activation]

    def _dropped(self, tensor: str, reads: tuple[str, ...], unit: int) -> tuple[Factor, ...]:
        arriving, mask = reads
        return (self._cell("mask", mask, unit, "j"), *self.error(arriving, unit))

    def _paths(self, tensor: str, reads: tuple[str, ...], unit: int) -> tuple[Factor, ...]:
        """The sum over the paths through the layer above, and along its residual connection."""
        delta, weights, *skip = reads
        above = self._passes.read(weights, tensor)
        rows = [
            Row(
                "path",
                i,
                (self._parameter("weight", weights, (i, unit), tensor, ""), self._cell("error", delta, i, "")),
            )
            for i in range(0 if above is None else len(above))
        ]
        rows += [Row("skip", unit, (self._cell("error", name, unit, "j"),)) for name in skip]
        formula = rf"\sum_{{i}} {symbol(weights, subscript='_{ij}')} {symbol(delta, subscript='_{i}')}"
        formula += "".join(f" + {symbol(name, subscript='_{j}')}" for name in skip)
        return (self._sum("paths", formula, tensor, unit, rows),)

    def _normalized(self, tensor: str, reads: tuple[str, ...], unit: int) -> tuple[Factor, ...]:
        """Back through batch normalization, which removes from the errors what is common to all examples."""
        error, zhat, gamma, var, dgamma, dbeta = reads
        variance, step = self._passes.value(var), self._passes.step(tensor)
        assert step is not None
        scale, shrunk = self._parameter("scale", gamma, (unit,), tensor, "j"), None
        if variance is not None and scale.value is not None:
            shrunk = scale.value / float(np.sqrt(variance[unit] + dict(step.settings)["epsilon"]))
        written = rf"\frac{{{scale.formula}}}{{\sqrt{{{symbol(var, subscript='_{j}')} + \epsilon}}}}"
        minus = Factor("minus", "-1", -1.0)
        rows = [
            Row("own", unit, (self._cell("error", error, unit, "j"),)),
            Row("mean", unit, (minus, self._mean(dbeta, unit))),
            Row("spread", unit, (minus, self._cell("zhat", zhat, unit, "j"), self._mean(dgamma, unit))),
        ]
        cells = [symbol(name, subscript="_{j}") for name in (error, dbeta, zhat, dgamma)]
        rest = rf"\bigl( {cells[0]} - {cells[1]} - {cells[2]} {cells[3]} \bigr)"
        values = [row.value for row in rows]
        total = None if None in values else sum(value for value in values if value is not None)
        batch = Factor("batch", rest, total, error, (self._example, unit), self._passes.due(dbeta), tuple(rows))
        return (Factor("scale", written, shrunk, gamma, (unit,), self._passes.due(var)), batch)

    def _mean(self, tensor: str, unit: int) -> Factor:
        array = self._passes.value(tensor)
        value, formula = None if array is None else float(array[unit]), symbol(tensor, subscript="_{j}")
        return Factor("mean", formula, value, tensor, (unit,), self._passes.due(tensor))

    def _loss(self, tensor: str, reads: tuple[str, ...], unit: int) -> tuple[Factor, ...]:
        a, y = reads
        step = self._passes.step(tensor)
        assert step is not None
        formula = step.equation.formula.split(" = ")[1]
        for argument, name in step.arguments:
            cell = symbol(name, subscript="_{j}").replace("\\", r"\\")
            formula = re.sub(rf"\\{argument}(?![A-Za-z])", cell, formula)
        return (self._off("loss", formula, tensor, a, y, unit, ()),)

    def _off(self, kind: str, formula: str, tensor: str, a: str, y: str, unit: int, rows: tuple[Row, ...]) -> Factor:
        """How far an output is off its target. Its rows are the output, the target and the given ones."""
        ends = (self._cell("output", a, unit, "j"), self._cell("target", y, unit, "j"))
        cell, cells = self._cell(kind, tensor, unit, "j"), (Row(end.kind, unit, (end,)) for end in ends)
        return Factor(kind, formula, cell.value, tensor, cell.index, cell.due, (*cells, *rows))

    def _collapse(self, tensor: str, reads: tuple[str, ...], unit: int) -> tuple[Factor, ...]:
        """The error a - y, to which loss and activation collapse; its rows are the two factors, from z in float64."""
        a, y = reads
        formula = f"{symbol(a, subscript='_{j}')} - {symbol(y, subscript='_{j}')}"
        z, target = self._row(f"z{split(tensor)[1]}"), self._row(y)
        activation, cancelled = self._activation(split(tensor)[1] or 0), self._cost.cancelled
        rows: tuple[Row, ...] = ()
        if z is not None and target is not None and cancelled is not None:
            rows = _cancelling(activation, cancelled, z.astype(np.float64), target.astype(np.float64), unit)
        return (self._off("collapse", formula, tensor, a, y, unit, rows),)

    def _row_at_once(self, tensor: str, reads: tuple[str, ...], unit: int) -> tuple[Factor, ...]:
        """Back through softmax: the sum over all outputs of an error times an element of the Jacobian."""
        a, da = (self._row(name) for name in reads)
        rows = [
            Row("class", c, (
                self._cell("error", reads[1], c, "c"),
                _jacobian(float(a[c]), float(a[unit]), c == unit),
            ))
            for c in range(0 if a is None or da is None else len(a))
            if a is not None
        ]  # fmt: skip
        formula = rf"\sum_{{c}} {symbol(reads[1], subscript='_{c}')} \frac{{\partial a_{{c}}}}{{\partial z_{{j}}}}"
        return (self._sum("outputs", formula, tensor, unit, rows),)

    def _sum(self, kind: str, formula: str, tensor: str, unit: int, rows: list[Row]) -> Factor:
        """A sum that is one element of an array, with its terms, the strongest first."""
        sizes = [0.0 if row.value is None else abs(row.value) for row in rows]
        order = sorted(range(len(rows)), key=lambda place: -sizes[place])
        cell = self._cell(kind, tensor, unit, "j")
        strongest = tuple(rows[place] for place in order)
        return Factor(kind, formula, cell.value, tensor, cell.index, cell.due, strongest, near=sum(sizes))


def _written(tensor: str, letters: str) -> str:
    """The element of a tensor in LaTeX; empty without letters, in a term of a sum, whose formula has them."""
    return symbol(tensor, subscript=f"_{{{letters}}}") if letters else ""


def _jacobian(a_c: float, a_j: float, same: bool) -> Factor:
    formula = r"\frac{\partial a_{c}}{\partial z_{j}} = a_{c} ( [c = j] - a_{j} )"
    return Factor("jacobian", formula, a_c * (same - a_j))


def _cancelling(
    activation: Activation, cancelled: Cancelled, z: np.ndarray, y: np.ndarray, unit: int
) -> tuple[Row, ...]:
    """The factors dC/da and the slope of the output, which cancel; for softmax a pair for each class in the target."""
    with np.errstate(all="ignore"):
        loss_slopes, slopes = cancelled.values(z, y)
    if activation.slope is None:
        formula = rf"\frac{{\partial C}}{{\partial a_{{c}}}} = {cancelled.loss_slope}"
        return tuple(
            Row("class", int(c), (
                Factor("loss_slope", formula, float(loss_slopes[c])),
                _jacobian(float(slopes[c]), float(slopes[unit]), c == unit),
            ))
            for c in np.flatnonzero(y)
        )  # fmt: skip
    formula = rf"\frac{{\partial C}}{{\partial a}} = {cancelled.loss_slope}"
    factors = (
        Factor("loss_slope", formula, float(loss_slopes[unit])),
        Factor("slope", f"f'(z) = {cancelled.slope}", float(slopes[unit]), near=activation.largest_slope),
    )
    return (Row("pair", unit, factors),)
