"""The names of tensors: the axes, the shape, the dtype and the LaTeX symbol that belong to each name."""

import re
from math import prod

import numpy as np

EXAMPLE = "example"
Axis = str | int  # "example", or the number of the layer whose units the axis counts
Layered = tuple[tuple[Axis, ...], str]  # the axes of layer l's tensor, layers as offsets from l; its symbol in LaTeX

# The kinds of learned parameters, in the order in which a program updates them.
PARAMETERS: dict[str, Layered] = {
    "W": ((0, -1), "W^{[%s]}"),
    "b": ((0,), "b^{[%s]}"),
    "gamma": ((0,), r"\gamma^{[%s]}"),
    "beta": ((0,), r"\beta^{[%s]}"),
}

# The tensors that belong to a parameter and have its shape, by the letter that stands before the parameter's name.
COMPANIONS = {
    "d": r"\frac{\partial C}{\partial %s}",  # the gradient of the mean loss
    "g": r"\frac{\partial (C + R)}{\partial %s}",  # the gradient of loss plus penalty
    "c": r"g_{%s}",  # the clipped gradient
    "gtilde": r"\tilde{g}_{%s}",  # the gradient with coupled weight decay
    "m": r"m_{%s}",  # the running mean of gradients
    "v": r"v_{%s}",  # the velocity, or the running mean of squared gradients
    "mhat": r"\hat{m}_{%s}",  # both means, corrected for their beginning at 0
    "vhat": r"\hat{v}_{%s}",
    "e": r"\frac{\partial C_i}{\partial %s}",  # the gradient of one example's loss
    "u": r"\Delta %s",  # the update that is added to the parameter
}

LAYERED: dict[str, Layered] = {
    "a": ((EXAMPLE, 0), "a^{[%s]}"),
    "z": ((EXAMPLE, 0), "z^{[%s]}"),
    "slope": ((EXAMPLE, 0), "f'(z^{[%s]})"),
    "da": ((EXAMPLE, 0), r"\frac{\partial C}{\partial a^{[%s]}}"),
    "delta": ((EXAMPLE, 0), r"\delta^{[%s]}"),
    # dropout and residual connections: the activation's output before them, the mask, the output of dropout
    "f": ((EXAMPLE, 0), "f^{[%s]}"),
    "mask": ((EXAMPLE, 0), r"\mu^{[%s]}"),
    "kept": ((EXAMPLE, 0), "h^{[%s]}"),
    "df": ((EXAMPLE, 0), r"\frac{\partial C}{\partial f^{[%s]}}"),
    # batch normalization
    "mean": ((0,), r"\bar{z}^{[%s]}"),
    "var": ((0,), r"s^{2[%s]}"),
    "zhat": ((EXAMPLE, 0), r"\hat{z}^{[%s]}"),
    "ztilde": ((EXAMPLE, 0), r"\tilde{z}^{[%s]}"),
    "dztilde": ((EXAMPLE, 0), r"\tilde{\delta}^{[%s]}"),
    "running_mean": ((0,), r"\bar{z}_{\mathrm{run}}^{[%s]}"),
    "running_var": ((0,), r"s_{\mathrm{run}}^{2[%s]}"),
    "penalty": ((), "R^{[%s]}"),
    **PARAMETERS,
    **{
        letter + name: (axes, written % latex)
        for letter, written in COMPANIONS.items()
        for name, (axes, latex) in PARAMETERS.items()
    },
}
SINGLE: dict[str, str] = {
    "x": "x",
    "distorted": r"\tilde{x}",
    "penned": r"\hat{x}",
    "bent": r"\check{x}",
    "coarse": r"\bar{x}",
    "y": "y",
    "loss": "C",
    "penalty": "R",
    "norm": r"\lVert g \rVert",
    "learning_rate": r"\eta",
    "base_rate": r"\eta_{0}",
    "decayed_rate": r"\eta_{s}",
    "rate_step": "s",
    "updates": "k",
}

EXAMPLES = frozenset({"x", "distorted", "penned", "bent", "coarse"})  # the mini-batch, before and in augmentation

# The tensors in double precision, whatever the dtype of the run: counters, which are exact up to 2^53, and sums, which
# may be far larger or smaller than their terms.
PRECISE = frozenset({"loss", "norm", "penalty", "rate_step", "updates"})


def split(name: str) -> tuple[str, int | None]:
    """The kind of a tensor and its layer: ``("dW", 2)`` for ``dW2``, ``("loss", None)`` for ``loss``."""
    match = re.fullmatch(r"(\D+?)(\d+)?", name)
    assert match, name
    return match[1], int(match[2]) if match[2] else None


def parameter_of(name: str) -> str | None:
    """The parameter that a tensor is or belongs to: ``W1`` for ``W1``, ``dW1`` and ``mW1``; None for other tensors."""
    kind, layer = split(name)
    for parameter in PARAMETERS:
        if layer is not None and kind in (parameter, *(letter + parameter for letter in COMPANIONS)):
            return f"{parameter}{layer}"
    return None


def axes(name: str, depth: int) -> tuple[Axis, ...]:
    """The axes of a tensor in a network of ``depth`` layers: "example", or the layer whose units the axis counts."""
    kind, layer = split(name)
    if layer is not None:
        return tuple(axis if isinstance(axis, str) else axis + layer for axis in LAYERED[kind][0])
    return (EXAMPLE, depth) if kind == "y" else (EXAMPLE, 0) if kind in EXAMPLES else ()


def shape_of(name: str, sizes: tuple[int, ...], examples: int) -> tuple[int, ...]:
    """The shape of a tensor, given the units of each layer (the input first) and the number of examples."""
    return tuple(examples if isinstance(axis, str) else sizes[axis] for axis in axes(name, len(sizes) - 1))


def dtype_of(name: str, dtype: np.dtype) -> np.dtype:
    """The dtype of a tensor in a run of this dtype."""
    return np.dtype(float) if split(name)[0] in PRECISE else dtype


def bytes_of(name: str, sizes: tuple[int, ...], examples: int, dtype: np.dtype) -> int:
    """The bytes of a tensor in a run of this dtype."""
    return prod(shape_of(name, sizes, examples)) * dtype_of(name, dtype).itemsize


def symbol(name: str, superscript: str = "", subscript: str = "") -> str:
    """The symbol of a tensor in LaTeX, with the tensor's name as its class: ``\\class{W1}{W^{[1]}}``."""
    kind, layer = split(name)
    text = LAYERED[kind][1] % f"{layer}" if layer is not None else SINGLE[kind]
    if superscript:
        text = text.replace("]}", f"]{superscript}}}") if "]}" in text else f"{text}^{{{superscript}}}"
    return rf"\class{{{name}}}{{{text}{subscript}}}"
