"""Conditions in their plain form and as a short text, read for an experiment.

The plain form of a condition is its name with its settings; ``{"any": [...]}`` and ``{"all": [...]}`` combine
conditions, nested at most two deep. A list is the same as ``any``. The text has the operators of Python:

    loss < 0.1 or dead(2)
    loss(held_out) > 3 and gradient_norm(0.001, 10)
    sign_changes(W1[0, 1]) or dead(layer=2, times=50)
"""

import ast
from collections.abc import Mapping
from typing import Any

from engine.base.refusal import Refusal, known, listed, one_of
from engine.experiment.experiment import Experiment
from engine.run.until import Combination, Condition, Until
from engine.until.kinds import CONDITIONS

MOST = 12  # conditions of one seek
DEEP = 2  # combinations within each other
TEXT = 2000  # letters of a text at most
COMPARED = {
    ("loss", ast.Lt): "loss_below",
    ("loss", ast.Gt): "loss_above",
    ("accuracy", ast.GtE): "accuracy_from",
}
JOINS = ("any", "all")


def until_of(plain: Any, experiment: Experiment, field: str = "until") -> Until:
    """Read a condition, a combination of them, or a list of which any may be true.

    Raises:
        Refusal: there is no such condition, a setting is missing, unknown or out of range, the condition can never be
            true in this experiment, or there are too many.
    """
    if isinstance(plain, list):
        found: Until = Combination(False, _parts(plain, experiment, field, DEEP))
    else:
        found = _part(plain, experiment, field, DEEP)
    if len(found.leaves) > MOST:
        raise Refusal(
            "invalid",
            field,
            "number of conditions",
            len(found.leaves),
            f"a list of at most {MOST}",
            "list_most",
            most=MOST,
        )
    return found


def _part(plain: Any, experiment: Experiment, field: str, deep: int) -> Until:
    join = next((name for name in JOINS if isinstance(plain, Mapping) and name in plain), None)
    if join is None:
        return condition_of(plain, experiment, field)
    known(field, plain, (join,))
    inside = f"{field}.{join}"
    if not deep:
        raise Refusal("invalid", inside, "until", plain, f"nested at most {DEEP} deep", "depth", depth=DEEP)
    return Combination(join == "all", _parts(plain[join], experiment, inside, deep - 1))


def _parts(plain: Any, experiment: Experiment, field: str, deep: int) -> tuple[Until, ...]:
    """The parts of a combination, at least one."""
    parts = listed(field, plain, MOST)
    if not parts:
        raise Refusal("invalid", field, "until", [], "at least one condition", "some_condition")
    return tuple(_part(each, experiment, f"{field}.{i}", deep) for i, each in enumerate(parts))


def condition_of(plain: Any, experiment: Experiment, field: str = "until") -> Condition:
    """Read one condition, such as ``{"name": "accuracy_from", "value": 0.95, "of": "held_out"}``.

    Raises:
        Refusal: see ``until_of``.
    """
    every = dict.fromkeys(each.name for kind in CONDITIONS.values() for each in kind.fields)
    known(field, plain, ("name", *every), required=("name",))
    kind = CONDITIONS[one_of(f"{field}.name", "condition", plain["name"], CONDITIONS)]
    required = [each.name for each in kind.fields if each.required]
    known(field, plain, ("name", *(each.name for each in kind.fields)), required=("name", *required))
    unfit = kind.suits(experiment)
    if unfit:
        raise Refusal("unfit", f"{field}.name", "condition", kind.name, unfit.why, unfit.form, **unfit.blanks)
    given: dict[str, Any] = {}
    for each in kind.fields:
        given[each.name] = each.read(plain.get(each.name), experiment, f"{field}.{each.name}", given)
    return Condition(kind, tuple(given.items()))


def plain_of(text: str, field: str = "until") -> Any:
    """The plain form of conditions that are written as a text.

    Raises:
        Refusal: it is no such text.
    """
    try:
        if len(text) > TEXT:
            raise ValueError
        return _plain(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        expected = "such as: loss < 0.1 or dead(2)"
        raise Refusal("invalid", field, "condition", text, expected, "condition") from None


def _plain(node: ast.expr) -> Any:
    if isinstance(node, ast.BoolOp):
        return {"all" if isinstance(node.op, ast.And) else "any": [_plain(each) for each in node.values]}
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        name, of = _compared(node.left)
        kind = COMPARED.get((name, type(node.ops[0])))
        if kind is None:
            raise ValueError
        return {"name": kind, "value": _value(node.comparators[0]), **of}
    if isinstance(node, ast.Name):
        return {"name": node.id}
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return {"name": node.func.id, **_settings(node)}
    raise ValueError


def _compared(node: ast.expr) -> tuple[str, dict[str, str]]:
    """The left side of a comparison: the name of the quantity, and as a setting the examples that it is of."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) == 1 and not node.keywords:
        return node.func.id, {"of": str(_value(node.args[0]))}
    if isinstance(node, ast.Name):
        return node.id, {}
    raise ValueError


def _settings(node: ast.Call) -> dict[str, Any]:
    """The settings of a call, in the order of the condition's fields or by their names."""
    assert isinstance(node.func, ast.Name)
    kind = CONDITIONS.get(node.func.id)
    names = [each.name for each in kind.fields] if kind else []
    values: list[Any] = []
    for each in node.args:
        if isinstance(each, ast.Subscript):
            values += [_value(each.value), _value(each.slice)]
        else:
            values.append(_value(each))
    if len(values) > len(names):
        raise ValueError
    found = dict(zip(names, values, strict=False)) | {
        each.arg: _value(each.value) for each in node.keywords if each.arg is not None
    }
    if isinstance(found.get("index"), int):
        found["index"] = [found["index"]]
    return found


def _value(node: ast.expr) -> Any:
    """A number, a name, a text, or a list of numbers."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Tuple | ast.List):
        return [_value(each) for each in node.elts]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand)
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float | str):
        return node.value
    raise ValueError
