"""The code of a micro-step as HTML: highlighted, each argument marked with the tensor that is bound to it."""

from collections.abc import Iterator
from html import escape

from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, Token

from engine.run.micro_step import MicroStep

KINDS = ((Comment, "comment"), (Keyword, "keyword"), (Operator.Word, "keyword"), (Number, "literal"), (Token, ""))
Piece = tuple[str, str, str, str]  # the text, its kind, the tensors that it stands for, and the name of a comment


def highlighted(step: MicroStep) -> str:
    """The source as HTML: ``<span class="keyword">`` for what a reader of Python expects in colour, and
    ``<span data-tensor="W1">`` for a name that stands for a tensor (for several, their names with spaces between).

    The comments have their equation's name and a number as ``data-comment``, such as "affine.1".
    """
    return _html(step.equation.source, _tensors(step), step.equation.name)


def textbook(step: MicroStep, columns: bool = False) -> str:
    """The textbook lines as such HTML, for examples in rows or in columns."""
    code = step.textbook_in_columns if columns else step.textbook
    return _html(code, {name: name for name in (*step.reads, *step.writes)}, step.equation.name)


def _html(code: str, tensors: dict[str, str], comments: str) -> str:
    return "".join(_span(*piece) for piece in _pieces(code, tensors, comments))


def _pieces(code: str, tensors: dict[str, str], comments: str) -> Iterator[Piece]:
    tokens = list(PythonLexer(stripnl=False, ensurenl=False).get_tokens(code))
    texts, number = ["", *(text for _, text in tokens), ""], 0
    for (kind, text), before, after in zip(tokens, texts, texts[2:], strict=False):
        names = kind in Name and before != "." and after != "="  # neither an attribute nor the name of an argument
        number += kind in Comment
        comment = f"{comments}.{number}" if kind in Comment else ""
        yield text, next(name for each, name in KINDS if kind in each), tensors.get(text, "") if names else "", comment


def _tensors(step: MicroStep) -> dict[str, str]:
    """What each name of the source stands for: the arguments, and ``out`` for what is written into it."""
    found: dict[str, str] = {"out": step.writes[0]} if len(step.writes) == 1 else {}
    for argument, tensor in step.arguments:
        if tensor not in found.get(argument, "").split():
            found[argument] = f"{found.get(argument, '')} {tensor}".strip()
    return found


def _span(text: str, kind: str, tensors: str, comment: str) -> str:
    attributes = [f'class="{kind}"'] * bool(kind) + [f'data-tensor="{tensors}"'] * bool(tensors)
    attributes += [f'data-comment="{comment}"'] * bool(comment)
    return f"<span {' '.join(attributes)}>{escape(text)}</span>" if attributes else escape(text)
