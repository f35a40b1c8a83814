"""Wishes: what one example asks of every neuron, from the output back to the inputs.

A wish is minus a derivative of the example's loss, and so the direction in which a number should change. The wishes for
a parameter, averaged over all examples, are minus its gradient.
"""

import numpy as np

from engine.explain.passes import Passes
from engine.methods import equations as eq
from engine.methods import normalization as norm

Arrays = dict[str, np.ndarray]


def wishes(seen: Passes, layer: int, example: int) -> Arrays:
    """The wishes of an example for the n units of a layer, and their parts from the p neurons of the layer above.

    Args:
        seen: the passes of the training step.
        layer: the number of the layer; 0 for the inputs, whose activations cannot change.
        example: the example, a row of the mini-batch.

    Returns:
        The following arrays, as far as they have been computed.

        ``a`` (n,): the activations; ``y`` (n,): the targets, for the output layer.
        ``above`` (p,): the wishes for the neurons above; ``W`` (p, n): the weights that lead to them; ``asked`` (p, n):
        the products of both; ``skip`` (n,): the part along a residual connection.
        ``total`` (n,): the wishes for the activations, -dC/da.
        ``mask`` and ``slope`` (n,): the factors between activation and pre-activation; ``shift`` (n,): the wishes for
        the output of batch normalization; ``wish`` (n,): the wishes for the pre-activations, -dC/dz.
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
    """The three ways to change a neuron's pre-activation: by its bias, its weights, and the n activations below it.

    Args:
        seen: the passes of the training step.
        layer: the number of the layer.
        example: the example, a row of the mini-batch.
        neuron: the number of the neuron in its layer.

    Returns:
        ``bias`` (): the neuron's wish; ``below`` (n,): the activations below, and ``weights`` (n,): the wish times
        these; ``w`` (n,): the weights, and ``activations`` (n,): the wish times these. Empty where the wish has not
        been computed yet.
    """
    wish, below = _wish(seen, f"delta{layer}", example), _row(seen, f"a{layer - 1}", example)
    weights = _weights(seen, layer)
    if wish is None or below is None or weights is None:
        return {}
    own, w = wish[neuron], weights[neuron]
    with np.errstate(all="ignore"):
        return {"bias": own, "below": below, "weights": own * below, "w": w, "activations": own * w}


def followed(found: Arrays) -> int:
    """The neuron to follow where none is chosen: that of the right class, else the one with the largest wish."""
    y = found.get("y", np.zeros(0))
    if len(y) > 1 and np.count_nonzero(y) == 1:
        return int(y.argmax())
    return int(np.abs(found["wish"]).argmax())


def _asked(seen: Passes, layer: int, example: int) -> dict[str, np.ndarray | None]:
    """The parts of the wishes that come from the layer above, and their sum."""
    above, weights = _wish(seen, f"delta{layer + 1}", example), _weights(seen, layer + 1)
    skips = seen.experiment.layers[layer].residual
    skip = _wish(seen, f"da{layer + 1}", example) if skips else None
    total = _wish(seen, f"da{layer}", example) if layer else _input_total(above, weights, skip)
    if total is None or above is None or weights is None:
        return {"above": above}
    return {"above": above, "W": weights, "asked": above[:, None] * weights, "skip": skip, "total": total}


def _input_total(above: np.ndarray | None, weights: np.ndarray | None, skip: np.ndarray | None) -> np.ndarray | None:
    """The wishes for the inputs. No program computes them, since inputs cannot change; the equations are the same."""
    if above is None or weights is None:
        return None
    if skip is None:
        return np.asarray(eq.pass_back(above[None], weights)[0])
    return np.asarray(norm.pass_back_with_skip(above[None], weights, skip[None])[0])


def _weights(seen: Passes, layer: int) -> np.ndarray | None:
    """The weights of a layer that the backward pass has used."""
    return seen.read(f"W{layer}", f"da{layer - 1}" if layer > 1 else "dW1")


def _row(seen: Passes, name: str, example: int) -> np.ndarray | None:
    array = seen.value(name)
    return None if array is None else array[example]


def _wish(seen: Passes, name: str, example: int) -> np.ndarray | None:
    error = _row(seen, name, example)
    return None if error is None else -error


def _there(found: dict[str, np.ndarray | None]) -> Arrays:
    return {name: array for name, array in found.items() if array is not None}
