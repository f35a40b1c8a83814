"""Wishes: what one example asks of every neuron, from the output back. A wish is minus a derivative of that example's
loss, so it says where a number should go; those of all examples, averaged, are what the update follows.
"""

import numpy as np

from engine.explain.passes import Passes
from engine.methods import equations as eq
from engine.methods import normalization as norm

Arrays = dict[str, np.ndarray]


def wishes(seen: Passes, layer: int, example: int) -> Arrays:
    """What an example asks of the n units of a layer, and what each of the p neurons above asks of each of them.

    Args:
        layer: 0 for the inputs, which can only be wished for.
        example: a row of the mini-batch.

    Returns:
        as far as it has been computed: ``a`` (n,), the activations; ``y`` (n,), the targets of the output;
        ``above`` (p,), the wishes of the neurons above, ``W`` (p, n), the weights that these go back through, ``asked``
        (p, n), the products of the two; ``skip`` (n,), what comes back along a residual connection; ``total`` (n,),
        all that is asked of the activations: -dC/da; ``mask`` and ``slope`` (n,), which it is multiplied by;
        ``shift`` (n,), what that gives where batch normalization is still to be passed; ``wish`` (n,): -dC/dz.
    """
    found = {"a": _row(seen, f"a{layer}", example)}
    with np.errstate(all="ignore"):
        if layer == len(seen.experiment.layers):
            found |= {"y": _row(seen, "y", example), "total": _wish(seen, f"da{layer}", example)}
        else:
            found |= _asked(seen, layer, example)
        if layer:
            found |= {kind: _row(seen, f"{kind}{layer}", example) for kind in ("mask", "slope")}
            found |= {"shift": _wish(seen, f"dztilde{layer}", example), "wish": _wish(seen, f"delta{layer}", example)}
    return _there(found)


def ways(seen: Passes, layer: int, example: int, neuron: int) -> Arrays:
    """The three ways to give a neuron what is asked of it: its bias, its weights, and the n activations below.

    Returns:
        as far as it has been computed: ``bias`` (), its wish times 1; ``below`` (n,), the activations below, and
        ``weights`` (n,), its wish times these; ``w`` (n,), its weights, and ``activations`` (n,), its wish times these.
    """
    wish, below = _wish(seen, f"delta{layer}", example), _row(seen, f"a{layer - 1}", example)
    weights = _weights(seen, layer)
    if wish is None or below is None or weights is None:
        return {}
    own, w = wish[neuron], weights[neuron]
    with np.errstate(all="ignore"):
        return {"bias": own, "below": below, "weights": own * below, "w": w, "activations": own * w}


def followed(found: Arrays) -> int:
    """The neuron whose wish to follow where none is chosen: the right class, else the one that wishes the most."""
    y = found.get("y", np.zeros(0))
    if len(y) > 1 and np.count_nonzero(y) == 1:
        return int(y.argmax())
    return int(np.abs(found["wish"]).argmax())


def _asked(seen: Passes, layer: int, example: int) -> dict[str, np.ndarray | None]:
    """What the layer above asks, and along a skip the one above that."""
    above, weights = _wish(seen, f"delta{layer + 1}", example), _weights(seen, layer + 1)
    skips = seen.experiment.layers[layer].residual
    skip = _wish(seen, f"da{layer + 1}", example) if skips else None
    total = _wish(seen, f"da{layer}", example) if layer else _input_total(above, weights, skip)
    if total is None or above is None or weights is None:
        return {"above": above}
    return {"above": above, "W": weights, "asked": above[:, None] * weights, "skip": skip, "total": total}


def _input_total(above: np.ndarray | None, weights: np.ndarray | None, skip: np.ndarray | None) -> np.ndarray | None:
    """What is asked of the inputs: no program computes it, for inputs cannot change; the equation is the same."""
    if above is None or weights is None:
        return None
    if skip is None:
        return np.asarray(eq.pass_back(above[None], weights)[0])
    return np.asarray(norm.pass_back_with_skip(above[None], weights, skip[None])[0])


def _weights(seen: Passes, layer: int) -> np.ndarray | None:
    """The weights of a layer as its errors have gone back through them."""
    return seen.read(f"W{layer}", f"da{layer - 1}" if layer > 1 else "dW1")


def _row(seen: Passes, name: str, example: int) -> np.ndarray | None:
    array = seen.value(name)
    return None if array is None else array[example]


def _wish(seen: Passes, name: str, example: int) -> np.ndarray | None:
    error = _row(seen, name, example)
    return None if error is None else -error


def _there(found: dict[str, np.ndarray | None]) -> Arrays:
    return {name: array for name, array in found.items() if array is not None}
