"""The source of functions, of the functions that they call and of their constants, for a script of its own."""

import ast
import inspect
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

PACKAGE = "engine."
Place = tuple[str, int]  # a module by its name, and the number of a statement at its top level


def sources(functions: Iterable[Any]) -> str:
    """The statements that define functions, and those of this package that these use, in an order in which they run.

    Annotations, decorators and the underscores before private names are left out; NumPy is to be there as ``np``.

    Args:
        functions: functions at the top level of modules of this package.
    """
    found: dict[Place, ast.stmt] = {}
    for each in functions:
        _collect(each.__module__, each.__name__, found)
    text = "\n".join(_written(each) for each in found.values())
    return re.sub(r"\n{4,}", "\n\n\n", text).strip("\n")


def public(name: str) -> str:
    """A name without the underscores before private names; "_" alone stays."""
    return name.lstrip("_") or name


def _written(statement: ast.stmt) -> str:
    """A statement in plain form; two empty lines stand before and after a function."""
    text = ast.unparse(_Plain().visit(ast.parse(ast.unparse(statement)))).replace("'", '"')
    return f"\n\n{text}\n\n" if isinstance(statement, ast.FunctionDef) else text


def _collect(module: str, name: str, found: dict[Place, ast.stmt]) -> None:
    """Add the statements that bind or change a name of a module, each after those of the names that it uses."""
    for i, statement in enumerate(_body(module)):
        if isinstance(statement, ast.ImportFrom) and name in (each.name for each in statement.names):
            if str(statement.module).startswith(PACKAGE):
                _collect(str(statement.module), name, found)
        elif name in _bound(statement) and (module, i) not in found:
            for each in dict.fromkeys(_used(statement)):
                if each not in _bound(statement):
                    _collect(module, each, found)
            found[module, i] = statement


@cache
def _body(module: str) -> list[ast.stmt]:
    return ast.parse(inspect.getsource(sys.modules[module])).body


def _bound(statement: ast.stmt) -> set[str]:
    """The names that a definition or an assignment binds."""
    if isinstance(statement, ast.FunctionDef):
        return {statement.name}
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    if isinstance(statement, ast.AugAssign):
        targets = [statement.target]
    return {each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)}


def _used(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement uses, but for those of annotations and decorators."""
    left_out = [each.annotation for each in ast.walk(statement) if isinstance(each, ast.arg) and each.annotation]
    if isinstance(statement, ast.FunctionDef):
        left_out += [*statement.decorator_list, *([statement.returns] if statement.returns else [])]
    outside = {id(each) for part in left_out for each in ast.walk(part)}
    return (each.id for each in ast.walk(statement) if isinstance(each, ast.Name) and id(each) not in outside)


class _Plain(ast.NodeTransformer):
    """Leaves out annotations, decorators and the underscores of private names."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        node.name, node.decorator_list, node.returns = public(node.name), [], None
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return ast.arg(node.arg)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name(public(node.id), node.ctx)
