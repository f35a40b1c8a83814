"""Pushes: what each example of a mini-batch asks of one parameter. Their mean is the gradient.

With batch normalization an example's push goes through the mini-batch's own mean and variance: alone it would ask for
something else.
"""

import numpy as np

from engine.base.tensors import split
from engine.explain.chain_rule import ENTRIES, Index
from engine.explain.passes import Passes


def per_example_gradients(passes: Passes, tensor: str, index: Index) -> np.ndarray | None:
    """Each example's own dC_i/dw of a parameter's element, (m,); None where the errors have not been computed yet.

    W: delta_ij a_ik     b: delta_ij     gamma: dztilde_ij zhat_ij     beta: dztilde_ij
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


def interacting(passes: Passes, layer: int) -> bool:
    """Whether examples interact on the way back to a layer: through batch normalization, there or above."""
    return any(each.batch_norm for each in passes.experiment.layers[layer - 1 :])
