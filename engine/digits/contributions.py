"""Contributions: what each activation adds to the neurons above it, and which neurons the answer rests on."""

from collections.abc import Mapping, Sequence

import numpy as np

from engine.digits.saliency import reach
from engine.experiment.experiment import Experiment

Arrays = Mapping[str, np.ndarray]


def contributions(
    experiment: Experiment, parameters: Arrays, answer: Arrays, shown: Sequence[int]
) -> dict[str, np.ndarray]:
    """What goes from neuron to neuron when one example is predicted: each activation times its weight.

    Args:
        parameters: a state, or any mapping that holds the parameters and the running statistics.
        answer: what ``predict`` has computed for one example.
        shown: for each layer, the input first, how many neurons there is room for. Of more the input and the output
            are shown whole, and of hidden layers those that the largest output rests on the most.

    Returns:
        ``units1`` ..., (shown,): which neurons of each hidden layer; and ``c1`` ..., (shown above, shown below):
        a_k w_jk, what neuron k adds to the z of neuron j.
    """
    sizes, depth = experiment.sizes, len(experiment.layers)
    weight = _weight(experiment, parameters, answer)
    units = [np.arange(size) for size in sizes]
    for l in range(1, depth):
        units[l] = np.sort(np.argsort(-weight[l], kind="stable")[: shown[l]])
    with np.errstate(all="ignore"):
        found = {
            f"c{l}": parameters[f"W{l}"][np.ix_(units[l], units[l - 1])] * answer[f"a{l - 1}"][0, units[l - 1]]
            for l in range(1, depth + 1)
        }
    return found | {f"units{l}": units[l] for l in range(1, depth)}


def _weight(experiment: Experiment, parameters: Arrays, answer: Arrays) -> list[np.ndarray]:
    """How much the largest output rests on each neuron: |a dz/da|, layer by layer, the input first."""
    depth = len(experiment.layers)
    slopes = reach(experiment, parameters, answer, int(answer[f"a{depth}"][0].argmax()))
    with np.errstate(all="ignore"):
        return [np.abs(answer[f"a{l}"][0] * slopes[f"da{l}"][0]) for l in range(depth)]
