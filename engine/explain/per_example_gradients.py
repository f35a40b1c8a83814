"""Per-example gradients: the gradients of each example's own loss. Their mean over the mini-batch is the gradient.

With batch normalization an example's gradient depends on the mean and the variance of the whole mini-batch: for the
example alone it would be another.
"""

import numpy as np

from engine.base.tensors import EXAMPLE, axes, split
from engine.explain.chain_rule import ENTRIES, Index
from engine.explain.passes import Passes


def per_example_gradients(passes: Passes, tensor: str, index: Index) -> np.ndarray | None:
    """The gradients dC_i/dw of an element of a parameter, for each example i, (m,).

    W: delta_ij a_ik     b: delta_ij     gamma: dztilde_ij zhat_ij     beta: dztilde_ij

    Args:
        passes: the passes of the training step.
        tensor: the name of the parameter.
        index: the index of the element.

    Returns:
        The gradients, or None where the errors have not been computed yet.
    """
    kind, layer = split(tensor)
    assert layer is not None
    error_kind, other = ENTRIES[kind]
    error = passes.value(f"{error_kind}{layer}")
    if error is None:
        return None
    own = error[:, index[0]]
    if other is None:
        return own
    entry = passes.value(f"a{layer - 1}" if kind == "W" else f"{other}{layer}")
    return None if entry is None else own * entry[:, index[-1]]


def example_gradients(past: Passes, example: int) -> dict[str, np.ndarray]:
    """The gradients ``eW1``, ``eb1`` and so on of the loss of one example of the mini-batch, or of the last one where
    there are fewer; each has its parameter's shape. They are computed by the equations of the gradients, from the
    example's rows alone. Gradients that have not been computed yet are left out.
    """
    found = {}
    for name in past.experiment.parameters:
        step = past.step(f"d{name}")
        if step is None or past.value(f"d{name}") is None:
            continue
        found[f"e{name}"] = step.compute(*(_row(past, read, example) for read in step.reads))
    return found


def _row(past: Passes, name: str, example: int) -> np.ndarray:
    """The tensor, or where its rows are examples, the row of one of them, (1, n)."""
    array = past.value(name)
    assert array is not None
    if axes(name, len(past.experiment.layers))[:1] != (EXAMPLE,):
        return array
    place = min(example, len(array) - 1)
    return array[place : place + 1]


def interacting(passes: Passes, layer: int) -> bool:
    """Whether the errors of a layer depend on other examples: through batch normalization in it or above it."""
    return any(each.batch_norm for each in passes.experiment.layers[layer - 1 :])
