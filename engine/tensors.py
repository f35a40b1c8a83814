"""The tensors' names: which axes each has, how it is written in a formula, and what to call it."""

import re

EXAMPLE = "example"
Axis = str | int  # "example", or the layer whose units the axis counts

# per name: the axes of layer l's tensor, as an offset from l; and how it is written for layer l
LAYERED: dict[str, tuple[tuple[Axis, ...], str]] = {
    "a": ((EXAMPLE, 0), "a^{[%s]}"),
    "z": ((EXAMPLE, 0), "z^{[%s]}"),
    "slope": ((EXAMPLE, 0), "f'(z^{[%s]})"),
    "da": ((EXAMPLE, 0), r"\frac{\partial C}{\partial a^{[%s]}}"),
    "delta": ((EXAMPLE, 0), r"\delta^{[%s]}"),
    "W": ((0, -1), "W^{[%s]}"),
    "b": ((0,), "b^{[%s]}"),
    "dW": ((0, -1), r"\frac{\partial C}{\partial W^{[%s]}}"),
    "db": ((0,), r"\frac{\partial C}{\partial b^{[%s]}}"),
}
SINGLE = {"y": "y", "loss": "C", "learning_rate": r"\eta"}


def split(name: str) -> tuple[str, int | None]:
    """The kind of a tensor and its layer: ``("dW", 2)`` for ``dW2``, ``("loss", None)`` for ``loss``."""
    match = re.fullmatch(r"(\D+?)(\d+)?", name)
    assert match, name
    return match[1], int(match[2]) if match[2] else None


def axes(name: str, depth: int) -> tuple[Axis, ...]:
    """What each axis of the tensor counts, in a network of ``depth`` layers: "example" or the number of a layer."""
    kind, layer = split(name)
    if layer is not None:
        return tuple(axis if isinstance(axis, str) else axis + layer for axis in LAYERED[kind][0])
    return (EXAMPLE, depth) if kind == "y" else ()


def shape_of(name: str, sizes: tuple[int, ...], examples: int) -> tuple[int, ...]:
    """The tensor's shape, given the units of each layer (the input first) and the examples of the mini-batch."""
    return tuple(examples if isinstance(axis, str) else sizes[axis] for axis in axes(name, len(sizes) - 1))


def symbol(name: str, superscript: str = "", subscript: str = "") -> str:
    """The tensor in LaTeX, marked with its name as a class: ``\\class{W1}{W^{[1]}}``."""
    kind, layer = split(name)
    text = LAYERED[kind][1] % f"{layer}" if layer is not None else SINGLE[kind]
    if superscript:
        text = text.replace("]}", f"]{superscript}}}") if "]}" in text else f"{text}^{{{superscript}}}"
    return rf"\class{{{name}}}{{{text}{subscript}}}"
