"""The names of parameters: their layers, and whether a mistake in weights or in biases is one in them."""

from engine.base.tensors import PARAMETERS, split

ORDER = [*PARAMETERS]


def layer_of(name: str) -> int:
    """The number of a parameter's layer: 2 for ``gamma2``."""
    return split(name)[1] or 0


def of_kinds(name: str, kinds: str) -> bool:
    """Whether a parameter is one of the weights (W), or one of the rest (b): biases, scale and shift of batch norm."""
    return ("W" if split(name)[0] == "W" else "b") in kinds


def backward(name: str) -> tuple[int, int]:
    """The place of a parameter in the order in which the backward pass reaches them: W2, b2, gamma2, beta2, W1."""
    kind, layer = split(name)
    return -(layer or 0), ORDER.index(kind)
