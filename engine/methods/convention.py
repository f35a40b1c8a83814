"""The other convention: examples in columns, as many books have them, where Backscope has them in rows.

An array with one row an example is then written as its transpose, and a vector of a layer as one column; weights stay.
What this makes of a formula and of textbook code follows from the index letters of the equation: its letter i counts
examples, and of two letters that an array has, it changes places with the other one.
"""

import ast
import re

from engine.methods.equation import Equation

EXAMPLES = "i"  # the letter that counts examples
FACTOR = re.compile(r"\\(?P<name>[A-Za-z]+)(?P<turned>\^\\top)?(?![A-Za-z_^])")
BETWEEN = re.compile(r"(?:\\,|\s)*")


def turns(letters: str) -> bool:
    """Whether an array with these index letters is transposed in the other convention."""
    return len(letters) == 2 and EXAMPLES in letters


def formula_in_columns(equation: Equation) -> str:
    """The equation's formula in LaTeX, with ``\\argument`` for each tensor, for examples in columns."""
    letters = {name.lstrip("*"): text for name, text in (*equation.writes, *equation.reads)}
    matrices = {name for name, text in letters.items() if len(text) == 2}
    reverses = turns(equation.writes[0][1])
    text, made, place = equation.formula, "", 0
    while place < len(text):
        product = _product(text, place, matrices)
        if len(product) > 1:
            factors = [_factor(each, turns(letters[each["name"]]) != reverses) for each in product]
            made += r"\, ".join(reversed(factors) if reverses else factors)
            place = product[-1].end()
        else:
            made += text[place]
            place += 1
    made = re.sub(r"_\{([i-l])([i-l])\}", _swapped, made)
    made = made.replace(r"\mathbb{R}^{m \times n}", r"\mathbb{R}^{n \times m}")
    return re.sub(r"\\begin\{pmatrix\}.*?\\end\{pmatrix\}", lambda stack: stack[0].replace(r"\\", "&"), made)


def _product(text: str, place: int, matrices: set[str]) -> list[re.Match[str]]:
    """The matrices that are multiplied with each other from this place of a formula on."""
    found: list[re.Match[str]] = []
    while (factor := FACTOR.match(text, place)) and factor["name"] in matrices:
        found.append(factor)
        between = BETWEEN.match(text, factor.end())
        assert between
        place = between.end()
    return found


def _factor(factor: re.Match[str], toggled: bool) -> str:
    return rf"\{factor['name']}" + (r"^\top" if bool(factor["turned"]) != toggled else "")


def _swapped(subscript: re.Match[str]) -> str:
    first, second = subscript.groups()
    return f"_{{{second}{first}}}" if EXAMPLES in (first, second) else subscript[0]


def textbook_in_columns(equation: Equation) -> str:
    """The equation's textbook lines for examples in columns, as they are where nothing changes."""
    before = ast.unparse(ast.parse(equation.textbook))
    made = (_Drawn if equation.draws else _Columns)(equation).visit(ast.parse(equation.textbook))
    after = ast.unparse(ast.fix_missing_locations(made))
    return equation.textbook if after == before else after.replace("'", '"')


class _Turned(ast.NodeTransformer):
    """Knows which names of an equation's textbook lines are transposed in the other convention."""

    def __init__(self, equation: Equation) -> None:
        self._turned = {name for name, letters in (*equation.reads, *equation.writes) if turns(letters)}
        self._reverses = turns(equation.writes[0][1])

    def _turns(self, node: ast.AST) -> bool:
        return any(isinstance(each, ast.Name) and each.id in self._turned for each in ast.walk(node))


class _Columns(_Turned):
    """Turns products and sums over an axis."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        if not isinstance(node.op, ast.MatMult):
            return self.generic_visit(node)
        sides = [_transposed(side) if self._turns(side) != self._reverses else side for side in (node.left, node.right)]
        left, right = reversed(sides) if self._reverses else sides
        return ast.BinOp(left, node.op, right)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        for axis in [each for each in node.keywords if each.arg == "axis"]:
            assert isinstance(axis.value, ast.Constant)
            axis.value = ast.Constant(1 - int(str(axis.value.value)))
            if not any(each.arg == "keepdims" for each in node.keywords):
                node.keywords.append(ast.keyword("keepdims", ast.Constant(True)))
        return node


class _Drawn(_Turned):
    """Transposes what is drawn, so that the same numbers are, and what was drawn before."""

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        self.generic_visit(node)
        (target,) = node.targets
        if isinstance(target, ast.Name) and target.id in self._turned:
            node.value = _transposed(node.value)
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return _transposed(node) if isinstance(node.ctx, ast.Load) and node.id in self._turned else node


def _transposed(node: ast.expr) -> ast.expr:
    """The transpose of an expression; of a transpose, what it is the transpose of."""
    if isinstance(node, ast.Attribute) and node.attr == "T":
        return node.value
    return ast.Attribute(node, "T", ast.Load())
